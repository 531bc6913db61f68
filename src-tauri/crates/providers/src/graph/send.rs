//! Sending: a draft is made, and then sent, so that a lost answer can be looked into.
//!
//! Invariant: nothing leaves before the draft's `send`; whether a message whose answer was lost has left is
//! told by its draft, and a draft that is found unsent is taken away before anybody tries again.

use async_trait::async_trait;
use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::{Found, OutgoingMessage, SendLimits, SendOutcome};
use deskbell_domain::port::{Departure, MessageSink};
use reqwest::Method;

use super::attach::deposit;
use super::client::{Refusal, refused};
use super::copies::named;
use super::{GraphProvider, edit};
use crate::http::{Answer, Fault, NoAnswer};

/// Exchange's largest message with everything in it (service limits of Exchange Online).
const LARGEST: u64 = 150 * 1024 * 1024;
/// Recipients of one message (`microsoft.graph.message`).
const RECIPIENTS: u32 = 500;
/// Messages a minute (service limits of Exchange Online).
const PER_MINUTE: u32 = 30;

impl GraphProvider {
    /// What every account there can send.
    pub const LIMITS: SendLimits = SendLimits {
        bytes: Some(LARGEST),
        recipients: Some(RECIPIENTS),
        per_minute: Some(PER_MINUTE),
        ..SendLimits::NONE
    };
}

#[async_trait]
impl MessageSink for GraphProvider {
    fn limits(&self) -> SendLimits {
        Self::LIMITS
    }

    async fn send(&self, mail: &OutgoingMessage, departure: &dyn Departure) -> SendOutcome {
        let draft = match deposit(&self.graph, mail).await {
            Ok(draft) => draft,
            Err(error) => return unsent(error),
        };
        if let Err(message) = departure.departs().await {
            self.take_away(&draft.id).await;
            return SendOutcome::Retry { after: None, message };
        }
        let path = ["me", "messages", draft.id.as_str(), "send"];
        let ask = match self.graph.request(Method::POST, &path, &[]) {
            Ok(ask) => ask,
            Err(fault) => return unsent(fault.into()),
        };
        let outcome = match self.graph.ask(ask).await {
            Ok(answer) => verdict(&answer, &draft.id, &mail.sender.address),
            Err(Fault::None(NoAnswer::Lost(words))) => SendOutcome::Unknown(words),
            Err(Fault::Endless(..)) => SendOutcome::Unknown("the answer was endless".into()),
            Err(fault) => unsent(fault.into()),
        };
        if !matches!(outcome, SendOutcome::Accepted { .. } | SendOutcome::Unknown(_)) {
            self.take_away(&draft.id).await;
        }
        outcome
    }

    async fn find(&self, token: &str, _: Option<&str>) -> Result<Found, ProviderError> {
        let found = named(&self.graph, None, token).await?;
        if let Some(sent) = found.iter().find(|item| item.is_draft == Some(false)) {
            return Ok(Found::Yes(Some(sent.id.clone())));
        }
        if found.iter().any(|item| item.is_draft.is_none()) {
            return Ok(Found::CannotTell);
        }
        for draft in found {
            // What is taken away unsent cannot leave any more.
            edit::erase(&self.graph, &draft.id).await?;
        }
        Ok(Found::No)
    }

    fn saves_sent(&self) -> Option<bool> {
        Some(true)
    }
}

impl GraphProvider {
    /// Takes a draft away that will not be sent; where that fails it is found among the drafts.
    async fn take_away(&self, id: &str) {
        if let Err(error) = edit::erase(&self.graph, id).await {
            tracing::debug!(%error, "a draft of an unsent message stays behind");
        }
    }
}

/// What an error before the departure means: nothing has left.
fn unsent(error: ProviderError) -> SendOutcome {
    match error {
        ProviderError::Auth(words) => SendOutcome::SignIn(words),
        ProviderError::RateLimited { after } => {
            SendOutcome::Retry { after, message: "Microsoft wants a pause".into() }
        }
        ProviderError::Rejected { code, message } => {
            SendOutcome::Rejected { code, message, refused: Vec::new() }
        }
        other => SendOutcome::Retry { after: None, message: other.to_string() },
    }
}

/// What Graph said to the draft's `send`.
fn verdict(answer: &Answer, id: &str, sender: &str) -> SendOutcome {
    if answer.is_yes() {
        let remote_id = Some(id.to_owned());
        return SendOutcome::Accepted { remote_id, refused: Vec::new() };
    }
    if matches!(answer.status, 500 | 502 | 504) && answer.after.is_none() {
        // Somebody on the way gave up; the mailbox may not have.
        return SendOutcome::Unknown(format!("Microsoft answered {}", answer.status));
    }
    let Refusal { code, words, .. } = Refusal::of(answer);
    let rejected = |message: String| SendOutcome::Rejected {
        code: code.clone(),
        message,
        refused: Vec::new(),
    };
    match code.as_str() {
        "ErrorSendAsDenied" => rejected(format!(
            "Microsoft does not let this account send as {sender}; choose another sender ({words})"
        )),
        "ErrorInvalidRecipients" => {
            rejected(format!("Microsoft cannot send to one of the addresses; check them ({words})"))
        }
        "ErrorMessageSizeExceeded" => rejected(
            "The message is larger than this mailbox may send; remove a file or send a link".into(),
        ),
        "ErrorAccessDenied" => SendOutcome::SignIn(
            "Microsoft was not told that Deskbell may send for this mailbox; sign in again and allow it"
                .into(),
        ),
        _ => match refused(answer) {
            Ok(Some(refusal)) => unsent(refusal.into()),
            Ok(None) => SendOutcome::Unknown(words),
            Err(error) => unsent(error),
        },
    }
}
