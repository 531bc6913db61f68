//! Resend: sending over HTTP, by a key.
//!
//! Every message is handed over under its own token as idempotency key, which Resend keeps for a day: within
//! it, handing the same message over again can deliver it no second time. So a lost answer is asked for
//! again, also by another process, and only past that day may nobody be able to tell whether a message left. What
//! became of it is asked for afterwards: Resend's own reports go to servers, which a desktop is not.

mod again;
mod barred;
mod follow;
mod map;
#[cfg(test)]
mod tests;
mod watch;
mod wire;

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::{Found, OutgoingMessage, Progress, SendLimits, SendOutcome};
use deskbell_domain::port::{
    Capabilities, Departure, MessageSink, MessageSource, Parting, Provider, StateSink,
};
use deskbell_domain::secret::Secret;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use self::again::Note;
use self::map::{LARGEST, RECIPIENTS, rejected};
use self::watch::Standing;
use self::wire::{EmailList, Sent};
use crate::http::{Answer, Api, NoAnswer, PAGE};

/// Where Resend's API is.
const BASE: &str = "https://api.resend.com";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Pauses before a lost answer is asked for again.
const PAUSES: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// Messages a minute: three requests each of the ten a second that a team has (Resend's help on rate limits).
const PER_MINUTE: u32 = 200;

/// Where an account's API is; the key is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResendSettings {
    /// The address it sends from.
    pub address: String,
    /// Another place than the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The key was not told whether readers are watched there, when it was tried.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tracking_unknown: bool,
}

/// An account with Resend.
pub struct ResendProvider {
    api: Api,
    address: String,
    pauses: [Duration; 3],
    /// The key may look at suppressions; one that may only send is told so at the first look.
    may_look: AtomicBool,
    /// The domain, as it was seen last.
    looked: Mutex<Option<(Instant, Standing)>>,
    /// The list of addresses not written to, as it was read last.
    list: Mutex<Option<(Instant, barred::Read)>>,
    /// The key was not told whether readers are watched, when it was tried.
    untold: bool,
}

impl ResendProvider {
    /// An account that connects when it is first asked for something.
    pub fn new(settings: &ResendSettings, key: Secret) -> Result<Self, ProviderError> {
        let api = Api::new(settings.base_url.as_deref().unwrap_or(BASE), key)?;
        Ok(Self::with(api, settings, PAUSES))
    }

    fn with(api: Api, settings: &ResendSettings, pauses: [Duration; 3]) -> Self {
        Self {
            api,
            address: settings.address.clone(),
            pauses,
            may_look: AtomicBool::new(true),
            looked: Mutex::default(),
            list: Mutex::default(),
            untold: settings.tracking_unknown,
        }
    }

    /// Tries the key, and looks whether its address may send, and without being watched; `false` where a key that may
    /// only send is not told that.
    ///
    /// # Errors
    /// A key that is none, a domain that may not send, or one whose readers are watched.
    pub async fn check(&self) -> Result<bool, ProviderError> {
        match self.standing().await? {
            Standing::Fine => Ok(true),
            Standing::Untold => Ok(false),
            Standing::Unfit(message) | Standing::Watched(message) => {
                Err(ProviderError::Rejected { code: "settings.address".into(), message })
            }
        }
    }

    /// Hands the message over until somebody answers.
    async fn hand_over(&self, token: &str, body: &Bytes) -> Result<Answer, NoAnswer> {
        let mut pauses = self.pauses.iter();
        // Once an answer was lost, no later failure to connect can say that nothing has left.
        let mut lost = None;
        loop {
            let trouble = match self.api.post(&["emails"], body.clone(), Some(token)).await {
                Ok(answer) => match &lost {
                    // Put off now, it may have been taken before.
                    Some(before) if !is_verdict(&answer) => NoAnswer::Lost(String::clone(before)),
                    _ => return Ok(answer),
                },
                Err(NoAnswer::Lost(words)) => NoAnswer::Lost(lost.get_or_insert(words).clone()),
                Err(NoAnswer::NotSent(words)) => match &lost {
                    Some(before) => NoAnswer::Lost(String::clone(before)),
                    None => return Err(NoAnswer::NotSent(words)),
                },
            };
            match pauses.next() {
                Some(pause) => tokio::time::sleep(*pause).await,
                None => return Err(trouble),
            }
        }
    }
}

/// Whether it says what became of the message, and not only that now is no time to ask.
fn is_verdict(answer: &Answer) -> bool {
    answer.is_yes() || (!answer.is_page() && !matches!(answer.status, 409 | 429 | 500..))
}

impl ResendProvider {
    /// What every account there can send.
    pub const LIMITS: SendLimits = SendLimits {
        bytes: Some(LARGEST),
        recipients: Some(RECIPIENTS),
        per_minute: Some(PER_MINUTE),
        needs_to: true,
        ..SendLimits::NONE
    };
}

#[async_trait]
impl MessageSink for ResendProvider {
    fn limits(&self) -> SendLimits {
        let untold = match self.looked().as_ref() {
            Some((_, standing)) => *standing == Standing::Untold,
            None => self.untold,
        };
        SendLimits { tracking_unknown: untold, ..Self::LIMITS }
    }

    async fn send(&self, mail: &OutgoingMessage, departure: &dyn Departure) -> SendOutcome {
        if let Err(outcome) = self.watches().await {
            return outcome;
        }
        let refused = match self.barred(mail).await {
            Ok(refused) => refused,
            Err(outcome) => return outcome,
        };
        if let Some(first) = refused.first().filter(|_| refused.len() == mail.recipients.len()) {
            let message = first.reason.clone();
            return SendOutcome::Rejected { code: "suppressed".into(), message, refused };
        }
        let email = match map::email(mail, &refused) {
            Ok(email) => email,
            Err(outcome) => return outcome,
        };
        let Ok(body) = serde_json::to_vec(&email).map(Bytes::from) else {
            return rejected("message", "The message cannot be written down for Resend.".into());
        };
        if body.len() as u64 > LARGEST {
            return rejected(
                "too_large",
                "The message is larger than the 40 MB Resend takes; remove a file or send a link."
                    .into(),
            );
        }
        let known = Parting {
            note: Some(Note::of(&refused, &body)),
            refused: refused.clone(),
            later: Vec::new(),
        };
        if let Err(message) = departure.departs_with(&known).await {
            return SendOutcome::Retry { after: None, message };
        }
        match self.hand_over(&mail.token, &body).await {
            Ok(answer) if answer.is_yes() => SendOutcome::Accepted {
                remote_id: answer.json().map(|sent: Sent| sent.id),
                refused,
            },
            Ok(answer) if answer.is_page() && answer.status < 500 => {
                SendOutcome::Retry { after: answer.after, message: PAGE.into() }
            }
            Ok(answer) => map::refusal(&answer, &mail.sender.address),
            Err(NoAnswer::NotSent(message)) => SendOutcome::Retry { after: None, message },
            Err(NoAnswer::Lost(words)) => SendOutcome::Unknown(words),
        }
    }

    async fn find(&self, token: &str, _: Option<&str>) -> Result<Found, ProviderError> {
        let answer = self.api.get(&["emails"], &[("limit", "100")]).await?;
        if !answer.is_yes() {
            return match answer.status {
                429 | 500.. => Err(answer.refusal("")),
                _ => Ok(Found::CannotTell),
            };
        }
        let list = answer.json::<EmailList>().map(|list| list.data).unwrap_or_default();
        let same = |id: &str| id.trim_start_matches('<').trim_end_matches('>') == token;
        let one = list.into_iter().find(|one| one.message_id.as_deref().is_some_and(same));
        Ok(one.map_or(Found::CannotTell, |one| Found::Yes(Some(one.id))))
    }

    async fn repeat(
        &self,
        mail: &OutgoingMessage,
        note: &str,
        age: Duration,
    ) -> Result<Option<SendOutcome>, ProviderError> {
        self.again(mail, note, age).await
    }

    fn saves_sent(&self) -> Option<bool> {
        Some(false)
    }

    fn follows(&self) -> bool {
        true
    }

    async fn follow(
        &self,
        remote_id: &str,
        recipients: &[String],
    ) -> Result<Progress, ProviderError> {
        self.became(remote_id, recipients).await
    }
}

impl Provider for ResendProvider {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: false, writes_state: false, connections: 1 }
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        None
    }

    fn state(&self) -> Option<&dyn StateSink> {
        None
    }

    fn sink(&self) -> Option<&dyn MessageSink> {
        Some(self)
    }
}
