//! The world the fakes share: the time, what was delivered, what goes wrong next, what was asked.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;

use crate::answers::Answers;
use crate::fault::Fault;
use crate::journal::Entry;
use crate::{GoogleWorld, MicrosoftWorld, ResendWorld, SendGridWorld};

/// 2026-11-21T07:00:00Z, in milliseconds.
const BEGINNING: i64 = 1_795_244_400_000;

/// Everything the fakes know.
#[derive(Debug)]
pub struct World {
    /// The instant it is, ms UTC; it moves only when told to.
    pub now: i64,
    /// Messages that reached somebody's mailbox, in order.
    pub delivered: Vec<Delivery>,
    /// What goes wrong, in this order, with the next requests that fit.
    pub faults: VecDeque<Fault>,
    /// Every request so far.
    pub journal: Vec<Entry>,
    /// Microsoft Graph's part.
    pub microsoft: MicrosoftWorld,
    /// Google's part.
    pub google: GoogleWorld,
    /// Resend's part.
    pub resend: ResendWorld,
    /// SendGrid's part.
    pub sendgrid: SendGridWorld,
    /// Whether people write back who have no mailbox here.
    pub answers: Answers,
    /// Where requests and answers are otherwise than the specifications say; empty without the feature `specs`.
    pub complaints: Vec<String>,
    /// Requests that are no longer in the journal.
    pub(crate) forgotten: usize,
    pub(crate) made: u64,
}

/// A message that reached somebody.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delivery {
    /// `gmail`, `microsoft`, `resend` or `sendgrid`.
    pub provider: &'static str,
    /// The provider's name for the message.
    pub id: String,
    /// Its own Message-ID without brackets, where it has one.
    pub message_id: Option<String>,
    /// Who got it, in every role.
    pub to: Vec<String>,
    /// The request, as it was handed in.
    pub message: Value,
    /// When, ms UTC.
    pub at: i64,
}

impl Default for World {
    fn default() -> Self {
        Self {
            now: BEGINNING,
            delivered: Vec::new(),
            faults: VecDeque::new(),
            journal: Vec::new(),
            microsoft: MicrosoftWorld::default(),
            google: GoogleWorld::default(),
            resend: ResendWorld::default(),
            sendgrid: SendGridWorld::default(),
            answers: Answers::default(),
            complaints: Vec::new(),
            forgotten: 0,
            made: 0,
        }
    }
}

impl World {
    /// A world that begins at an instant, ms UTC.
    pub fn at(now: i64) -> Self {
        Self { now, ..Self::default() }
    }

    /// A name no other thing here has; the same in every run.
    pub(crate) fn fresh_id(&mut self) -> String {
        self.made += 1;
        format!("{:08x}-5a1e-4000-8000-000000000000", self.made)
    }

    /// The whole seconds of the clock.
    pub(crate) fn seconds(&self) -> i64 {
        self.now.div_euclid(1_000)
    }
}

/// A Message-ID out of a JSON object of headers, without brackets.
pub(crate) fn message_id(message: &Value) -> Option<String> {
    let headers = message.get("headers")?.as_object()?;
    let (_, id) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("message-id"))?;
    Some(id.as_str()?.trim_start_matches('<').trim_end_matches('>').to_owned())
}
