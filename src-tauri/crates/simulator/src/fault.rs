//! What goes wrong: with which request, and how.

use std::time::Duration;

/// A fault waiting for its request.
#[derive(Clone, Debug)]
pub struct Fault {
    /// It strikes a request whose method and path begin so, whoever's it is (`POST /emails`), or one provider's
    /// alone (`google POST /token`).
    pub at: String,
    /// The request is carried out all the same: only its answer is affected.
    pub carried_out: bool,
    /// What happens.
    pub strike: Strike,
}

/// What happens to an answer.
#[derive(Clone, Debug)]
pub enum Strike {
    /// This comes instead.
    Answer {
        /// Status.
        status: u16,
        /// Headers.
        headers: Vec<(String, String)>,
        /// Body.
        body: String,
    },
    /// It ends after so many bytes of its body, and the connection with it.
    Cut(usize),
    /// It comes late, and then as this has it, where there is more to it: refused, say, or cut.
    Late(Duration, Option<Box<Strike>>),
    /// It never comes.
    Never,
    /// Just before, everybody's sign-in is taken back with this provider: in the middle of a sync, say. The request is
    /// then carried out, and answered as one whose token is good for nothing.
    Revoked,
}

impl Strike {
    /// Whether the request is carried out whatever the fault says: nothing stands in for its answer.
    pub(crate) fn only_delays(&self) -> bool {
        matches!(self, Self::Late(_, None))
    }

    /// Whether it takes sign-ins back, now or after a while.
    pub(crate) fn revokes(&self) -> bool {
        match self {
            Self::Revoked => true,
            Self::Late(_, Some(then)) => then.revokes(),
            _ => false,
        }
    }
}

impl Fault {
    /// The request is carried out, and its answer comes late.
    pub fn late(at: &str, by: Duration) -> Self {
        Self { at: at.into(), carried_out: true, strike: Strike::Late(by, None) }
    }

    /// What happens, happens only after a while.
    #[must_use]
    pub fn after(mut self, by: Duration) -> Self {
        self.strike = Strike::Late(by, Some(Box::new(self.strike)));
        self
    }

    /// The request is carried out, and its answer ends in the middle.
    pub fn lost(at: &str) -> Self {
        Self { at: at.into(), carried_out: true, strike: Strike::Cut(1) }
    }

    /// The request is not carried out, and its answer ends in the middle.
    pub fn swallowed(at: &str) -> Self {
        Self { at: at.into(), carried_out: false, strike: Strike::Cut(1) }
    }

    /// The request is not carried out; this comes instead.
    pub fn refused(at: &str, status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let strike = Strike::Answer { status, headers: headers.collect(), body: body.into() };
        Self { at: at.into(), carried_out: false, strike }
    }

    /// Everybody's sign-in is taken back just before the request.
    pub fn revoked(at: &str) -> Self {
        Self { at: at.into(), carried_out: true, strike: Strike::Revoked }
    }

    pub(crate) fn fits(&self, provider: &str, method: &str, path: &str) -> bool {
        let asked = format!("{provider} {method} {path}");
        let of_any = asked.get(provider.len() + 1..).unwrap_or_default();
        asked.starts_with(&self.at) || of_any.starts_with(&self.at)
    }
}
