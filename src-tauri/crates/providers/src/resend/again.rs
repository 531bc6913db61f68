//! A message handed over once more after its answer was lost: the same request under the same key, also by another
//! process than the one that lost it.
//!
//! Invariant: only a request that is byte for byte the first one goes out again, and only while Resend certainly
//! still keeps its key; what cannot be told apart from another message is left to be looked for.

use std::time::Duration;

use bytes::Bytes;
use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::{OutgoingMessage, RefusedRecipient, SendOutcome};
use serde::{Deserialize, Serialize};

use super::wire::Sent;
use super::{ResendProvider, map};

/// For how long a key is relied on: an hour less than Resend keeps it.
const KEPT: Duration = Duration::from_secs(23 * 60 * 60);

/// What has to be known to make the same request again: the rest of it lies in the message.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Note {
    /// Whom it was not made for: what is suppressed by now may be so because of this very message.
    refused: Vec<RefusedRecipient>,
    /// BLAKE3 of the request's body: a later version of the program may write it differently.
    body: String,
}

impl Note {
    /// Of a request that is about to go, as it is written down.
    pub(super) fn of(refused: &[RefusedRecipient], body: &Bytes) -> String {
        let note = Self { refused: refused.to_vec(), body: hash(body) };
        serde_json::to_string(&note).unwrap_or_default()
    }
}

fn hash(body: &[u8]) -> String {
    blake3::hash(body).to_hex().to_string()
}

impl ResendProvider {
    /// Hands a message over once more; `None` where it cannot be the same request any more.
    pub(super) async fn again(
        &self,
        mail: &OutgoingMessage,
        note: &str,
        age: Duration,
    ) -> Result<Option<SendOutcome>, ProviderError> {
        let note: Option<Note> = serde_json::from_str(note).ok();
        let Some(note) = note.filter(|_| age < KEPT) else { return Ok(None) };
        let body = map::email(mail, &note.refused).ok();
        let body = body.and_then(|email| serde_json::to_vec(&email).ok()).map(Bytes::from);
        let Some(body) = body.filter(|body| hash(body) == note.body) else { return Ok(None) };
        // Under the same key this delivers what did not arrive, and nothing twice.
        let answer = self.api.post(&["emails"], body, Some(&mail.token)).await?;
        if answer.is_yes() {
            let remote_id = answer.json().map(|sent: Sent| sent.id);
            return Ok(Some(SendOutcome::Accepted { remote_id, refused: note.refused }));
        }
        if answer.is_page() {
            return Err(crate::http::page());
        }
        match map::refusal(&answer, &mail.sender.address) {
            // The key is known with another body: nobody can say what became of this one.
            SendOutcome::Rejected { code, .. } if code == map::OTHER_BODY => Ok(None),
            // Had it been taken, the same key would have brought the same yes.
            refused @ SendOutcome::Rejected { .. } => Ok(Some(refused)),
            SendOutcome::SignIn(words) => Err(ProviderError::Auth(words)),
            SendOutcome::Retry { after: after @ Some(_), .. } => {
                Err(ProviderError::RateLimited { after })
            }
            _ => Err(answer.refusal("")),
        }
    }
}
