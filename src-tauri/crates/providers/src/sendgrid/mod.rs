//! SendGrid: sending over HTTP, by a key.
//!
//! SendGrid knows no idempotency key: once the request has begun, only its answer tells whether the message
//! was taken. A lost one leaves a message of unknown fate, which the list of messages can find where the
//! account has bought it; it lags behind, so that a message missing in it proves nothing. For the same reason nobody
//! is asked what became of a message: SendGrid tells that to servers and in that list alone.

mod barred;
mod map;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::{Found, OutgoingMessage, SendLimits, SendOutcome};
use deskbell_domain::port::{
    Capabilities, Departure, MessageSink, MessageSource, Parting, Provider, StateSink,
};
use deskbell_domain::secret::Secret;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use self::map::{LARGEST, RECIPIENTS, TOKEN, rejected};
use self::wire::{Messages, Refusal, Scopes};
use crate::http::{Answer, Api, NoAnswer, PAGE, shorten};

/// Where SendGrid's API is; in the EU it is `https://api.eu.sendgrid.com`.
const BASE: &str = "https://api.sendgrid.com";
/// The right a key needs.
const MAY_SEND: &str = "mail.send";
/// Messages a minute: with the questions before each of them, well below the 600 requests a minute that its other
/// places take (unconfirmed).
const PER_MINUTE: u32 = 100;

/// Where an account's API is; the key is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendGridSettings {
    /// The address it sends from.
    pub address: String,
    /// Another place than the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
}

/// An account with SendGrid.
pub struct SendGridProvider {
    api: Api,
    /// The key may look at suppressions; one that may only send is told so at the first look.
    may_look: AtomicBool,
    /// The lists of addresses not written to, as they were read last.
    lists: Mutex<Option<(Instant, barred::Read)>>,
}

impl SendGridProvider {
    /// An account that connects when it is first asked for something.
    pub fn new(settings: &SendGridSettings, key: Secret) -> Result<Self, ProviderError> {
        Ok(Self::with(Api::new(settings.base_url.as_deref().unwrap_or(BASE), key)?))
    }

    fn with(api: Api) -> Self {
        Self { api, may_look: AtomicBool::new(true), lists: Mutex::default() }
    }

    /// Tries the key, and looks whether it may send.
    pub async fn check(&self) -> Result<(), ProviderError> {
        let answer = self.api.get(&["v3", "scopes"], &[]).await?;
        if !answer.is_yes() {
            return Err(answer.refusal(&words(&answer)));
        }
        match answer.json::<Scopes>() {
            Some(list) if list.scopes.iter().any(|scope| scope == MAY_SEND) => Ok(()),
            Some(_) => Err(ProviderError::Rejected {
                code: "settings.key".into(),
                message: "this API key may not send; make one with the right “Mail Send”".into(),
            }),
            None => Err(ProviderError::Protocol("the rights of the key cannot be read".into())),
        }
    }
}

fn words(answer: &Answer) -> String {
    let reasons = answer.json::<Refusal>().unwrap_or_default().errors;
    shorten(&reasons.iter().map(|reason| reason.message.as_str()).collect::<Vec<_>>().join("; "))
}

impl SendGridProvider {
    /// What every account there can send.
    pub const LIMITS: SendLimits = SendLimits {
        bytes: Some(LARGEST),
        recipients: Some(RECIPIENTS),
        per_minute: Some(PER_MINUTE),
        no_empty_files: true,
        ..SendLimits::NONE
    };
}

#[async_trait]
impl MessageSink for SendGridProvider {
    fn limits(&self) -> SendLimits {
        Self::LIMITS
    }

    async fn send(&self, mail: &OutgoingMessage, departure: &dyn Departure) -> SendOutcome {
        let refused = match self.barred(mail).await {
            Ok(refused) => refused,
            Err(outcome) => return outcome,
        };
        if let Some(first) = refused.first().filter(|_| refused.len() == mail.recipients.len()) {
            let message = first.reason.clone();
            return SendOutcome::Rejected { code: "suppressed".into(), message, refused };
        }
        let body = match map::mail(mail, &refused) {
            Ok(body) => body,
            Err(outcome) => return outcome,
        };
        let Ok(body) = serde_json::to_vec(&body).map(Bytes::from) else {
            return rejected("message", "The message cannot be written down for SendGrid.".into());
        };
        if body.len() as u64 > LARGEST {
            return rejected(
                "too_large",
                "The message is larger than the 30 MB SendGrid takes; remove a file or send a link.".into(),
            );
        }
        let known = Parting { refused: refused.clone(), ..Parting::default() };
        if let Err(message) = departure.departs_with(&known).await {
            return SendOutcome::Retry { after: None, message };
        }
        match self.api.post(&["v3", "mail", "send"], body, None).await {
            Ok(answer) if answer.is_yes() => {
                SendOutcome::Accepted { remote_id: answer.message_id, refused }
            }
            Ok(answer) if answer.is_page() && answer.status < 500 => {
                SendOutcome::Retry { after: answer.after, message: PAGE.into() }
            }
            Ok(answer) => map::refusal(&answer, &mail.sender.address),
            Err(NoAnswer::NotSent(message)) => SendOutcome::Retry { after: None, message },
            Err(NoAnswer::Lost(words)) => SendOutcome::Unknown(words),
        }
    }

    async fn find(&self, token: &str, remote_id: Option<&str>) -> Result<Found, ProviderError> {
        let quoted = |text: &str| text.replace(['"', '\\'], "");
        let query = match remote_id {
            Some(id) => format!("msg_id LIKE \"{}%\"", quoted(id)),
            None => format!("(unique_args['{TOKEN}'] = \"{}\")", quoted(token)),
        };
        let path = ["v3", "messages"];
        let answer = self.api.get(&path, &[("query", &query), ("limit", "1")]).await?;
        if answer.is_yes() {
            let found = answer.json::<Messages>().and_then(|list| list.messages.into_iter().next());
            return Ok(found.map_or(Found::CannotTell, |one| Found::Yes(Some(one.msg_id))));
        }
        match answer.status {
            429 | 500.. => Err(answer.refusal(&words(&answer))),
            // The list of messages must be bought; without it nobody can tell.
            _ => Ok(Found::CannotTell),
        }
    }

    fn saves_sent(&self) -> Option<bool> {
        Some(false)
    }
}

impl Provider for SendGridProvider {
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
