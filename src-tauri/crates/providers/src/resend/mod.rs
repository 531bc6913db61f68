//! Resend: sending over HTTP, by a key.
//!
//! Every message is handed over under its own token as idempotency key, which Resend keeps for a day: within
//! it, handing the same message over again can deliver it no second time. So a lost answer is asked for
//! again, and only when nobody answers for long is a message's fate unknown. What became of it is asked for
//! afterwards: Resend's own reports go to servers, which a desktop is not.

mod follow;
mod map;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::{
    Found, OutgoingMessage, Progress, RefusedRecipient, SendLimits, SendOutcome,
};
use deskbell_domain::port::{
    Capabilities, Departure, MessageSink, MessageSource, Provider, StateSink,
};
use deskbell_domain::secret::Secret;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use self::map::{LARGEST, RECIPIENTS, rejected};
use self::wire::{DomainList, EmailList, Refusal, Sent, Suppression};
use crate::http::{Answer, Api, NoAnswer, PAGE, shorten};

/// Where Resend's API is.
const BASE: &str = "https://api.resend.com";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// For how long a key is relied on: an hour less than Resend keeps it.
const KEPT: Duration = Duration::from_secs(23 * 60 * 60);
/// Pauses before a lost answer is asked for again.
const PAUSES: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// Messages of unknown fate that are remembered, to ask for them again.
const REMEMBERED: usize = 4;
/// Messages a minute: ten a second for a team (Resend's help on rate limits).
const PER_MINUTE: u32 = 600;
/// Suppressions are looked up for messages to at most so many.
const LOOKED_UP: usize = 10;

/// Where an account's API is; the key is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResendSettings {
    /// The address it sends from.
    pub address: String,
    /// Another place than the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
}

/// An account with Resend.
pub struct ResendProvider {
    api: Api,
    address: String,
    pauses: [Duration; 3],
    /// The key may look at suppressions; one that may only send is told so at the first look.
    may_look: AtomicBool,
    /// Messages whose answers were lost, the oldest first.
    lost: Mutex<VecDeque<Lost>>,
}

struct Lost {
    token: String,
    body: Bytes,
    since: Instant,
}

impl ResendProvider {
    /// An account that connects when it is first asked for something.
    pub fn new(settings: &ResendSettings, key: Secret) -> Result<Self, ProviderError> {
        let api = Api::new(settings.base_url.as_deref().unwrap_or(BASE), key)?;
        Ok(Self::with(api, settings, PAUSES))
    }

    fn with(api: Api, settings: &ResendSettings, pauses: [Duration; 3]) -> Self {
        let address = settings.address.clone();
        Self { api, address, pauses, may_look: AtomicBool::new(true), lost: Mutex::default() }
    }

    /// Tries the key, and looks whether its address may send, and without being watched.
    pub async fn check(&self) -> Result<(), ProviderError> {
        let answer = self.api.get(&["domains"], &[]).await?;
        if !answer.is_yes() {
            let refusal: Refusal = answer.json().unwrap_or_default();
            // A key that may only send is a good key.
            return if refusal.name == "restricted_api_key" {
                Ok(())
            } else {
                Err(answer.refusal(&shorten(&refusal.message)))
            };
        }
        let Some(list) = answer.json::<DomainList>() else {
            return Err(ProviderError::Protocol("the list of domains cannot be read".into()));
        };
        let own = self.address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let domain = list.data.iter().find(|domain| domain.name.eq_ignore_ascii_case(own));
        let wrong = |message: String| {
            Err(ProviderError::Rejected { code: "settings.address".into(), message })
        };
        match domain {
            // Resend's own domain for first steps.
            _ if own.eq_ignore_ascii_case("resend.dev") => Ok(()),
            None => wrong(format!(
                "the domain {own} is not set up in this Resend account; add it there first"
            )),
            Some(domain) if domain.status != "verified" => {
                wrong(format!("the domain {own} is not verified yet; finish its set-up in Resend"))
            }
            Some(domain) if domain.open_tracking || domain.click_tracking => wrong(format!(
                "Resend is set to watch who opens mail from {own}; switch off open and click tracking for it there"
            )),
            Some(_) => Ok(()),
        }
    }

    fn lost(&self) -> std::sync::MutexGuard<'_, VecDeque<Lost>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands the message over until somebody answers.
    async fn hand_over(&self, token: &str, body: &Bytes) -> Result<Answer, NoAnswer> {
        let mut pauses = self.pauses.iter();
        // Once an answer was lost, no later failure to connect can say that nothing has left.
        let mut lost = None;
        loop {
            let trouble = match self.api.post(&["emails"], body.clone(), Some(token)).await {
                Ok(answer) => return Ok(answer),
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

    /// The recipients Resend will not deliver to, because they bounced or complained before.
    async fn suppressed(&self, mail: &OutgoingMessage) -> Vec<RefusedRecipient> {
        let mut refused = Vec::new();
        if mail.recipients.len() > LOOKED_UP {
            return refused;
        }
        for address in &mail.recipients {
            if !self.may_look.load(Ordering::Relaxed) {
                break;
            }
            let key = deskbell_domain::address::identity_key(address);
            // Whatever goes wrong here: the message itself will tell.
            let Ok(answer) = self.api.get(&["suppressions", &key], &[]).await else { break };
            match answer.status {
                200 => {
                    let origin = answer.json().map(|found: Suppression| found.origin);
                    let why = match origin.as_deref() {
                        Some("bounce") => "mail to it came back before",
                        Some("complaint") => "its owner called mail from you spam",
                        _ => "it is on Resend's list of addresses not to write to",
                    };
                    refused.push(RefusedRecipient {
                        address: address.clone(),
                        reason: format!("Resend does not deliver to {address}: {why}"),
                    });
                }
                401 | 403 => self.may_look.store(false, Ordering::Relaxed),
                _ => {}
            }
        }
        refused
    }
}

impl ResendProvider {
    /// What every account there can send.
    pub const LIMITS: SendLimits = SendLimits {
        bytes: Some(LARGEST),
        recipients: Some(RECIPIENTS),
        per_minute: Some(PER_MINUTE),
    };
}

#[async_trait]
impl MessageSink for ResendProvider {
    fn limits(&self) -> SendLimits {
        Self::LIMITS
    }

    async fn send(&self, mail: &OutgoingMessage, departure: &dyn Departure) -> SendOutcome {
        let refused = self.suppressed(mail).await;
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
        if let Err(message) = departure.departs().await {
            return SendOutcome::Retry { after: None, message };
        }
        match self.hand_over(&mail.token, &body).await {
            Ok(answer) if answer.is_yes() => SendOutcome::Accepted {
                remote_id: answer.json().map(|sent: Sent| sent.id),
                refused,
            },
            Ok(answer) if answer.is_page() => {
                SendOutcome::Retry { after: answer.after, message: PAGE.into() }
            }
            Ok(answer) => map::refusal(&answer, &mail.sender.address),
            Err(NoAnswer::NotSent(message)) => SendOutcome::Retry { after: None, message },
            Err(NoAnswer::Lost(words)) => {
                let mut lost = self.lost();
                if lost.len() == REMEMBERED {
                    lost.pop_front();
                }
                lost.push_back(Lost { token: mail.token.clone(), body, since: Instant::now() });
                SendOutcome::Unknown(words)
            }
        }
    }

    async fn find(&self, token: &str, _: Option<&str>) -> Result<Found, ProviderError> {
        let again = {
            let mut lost = self.lost();
            lost.retain(|one| one.since.elapsed() < KEPT);
            lost.iter().find(|one| one.token == token).map(|one| one.body.clone())
        };
        if let Some(body) = again {
            // Under the same key this delivers what did not arrive, and nothing twice.
            let answer = self.api.post(&["emails"], body, Some(token)).await?;
            let found = match answer.status {
                _ if answer.is_yes() => Found::Yes(answer.json().map(|sent: Sent| sent.id)),
                _ if answer.is_page() => return Err(crate::http::page()),
                409 | 429 => return Err(ProviderError::RateLimited { after: answer.after }),
                500.. => return Err(answer.refusal("")),
                // Had it been taken, the same key would have brought the same yes.
                _ => Found::No,
            };
            self.lost().retain(|one| one.token != token);
            return Ok(found);
        }
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
