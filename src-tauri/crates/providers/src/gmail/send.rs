//! Sending: the message as it was made, into its thread, and looking for it where the answer was lost.
//!
//! Invariant: the request that sends is made once; whatever comes after its first byte and is no answer is
//! an unknown fate. Gmail keeps the Message-ID a message is looked for by, and puts a copy among the sent.

use async_trait::async_trait;
use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::{Found, OutgoingMessage, SendLimits, SendOutcome};
use deskbell_domain::port::{Departure, MessageSink};
use serde_json::{Map, Value};

use super::batch::{self, Format};
use super::line::{read, refusal};
use super::meter::{For, price};
use super::wire::{MessageList, Named};
use super::{GmailProvider, map};
use crate::http::{Fault, NoAnswer, PAGE};

/// Largest message in bytes (35 MB by the API's upload limit).
const LARGEST: u64 = 36_700_160;
/// Most recipients of one message sent over the API (Gmail sending limits; Workspace allows more).
const RECIPIENTS: u32 = 500;
/// Messages a minute: half of the units that an account has (100 of 6,000 for each), so that reading goes on.
const SENT_PER_MINUTE: u32 = 30;
/// The newest sent messages that are looked through, where the search does not know a message yet.
const LOOKED_THROUGH: &str = "10";

impl GmailProvider {
    /// Messages with this Message-ID, wherever they lie.
    pub(super) async fn named(
        &self,
        message_id: &str,
        labels: &[&str],
        whom: For,
    ) -> Result<Vec<Named>, ProviderError> {
        let query = format!("rfc822msgid:{message_id}");
        let mut asked = vec![("q", query.as_str()), ("includeSpamTrash", "true")];
        asked.extend(labels.iter().map(|label| ("labelIds", *label)));
        let list: MessageList = self.line.get(&["messages"], &asked, price::LIST, whom).await?;
        Ok(list.messages)
    }

    /// The thread of the message that is answered.
    pub(super) async fn thread_of(&self, answered: &str) -> Result<Option<String>, ProviderError> {
        // What could end the word of the search names no message.
        if answered.is_empty() || answered.contains(char::is_whitespace) {
            return Ok(None);
        }
        let found = self.named(answered, &[], For::Person).await?;
        Ok(found.into_iter().map(|named| named.thread_id).find(|thread| !thread.is_empty()))
    }

    /// Looks among the newest sent messages, by their headers: the search may learn of a message later.
    async fn sent_lately(&self, token: &str) -> Result<Option<String>, ProviderError> {
        let asked = [("labelIds", "SENT"), ("maxResults", LOOKED_THROUGH)];
        let list: MessageList =
            self.line.get(&["messages"], &asked, price::LIST, For::Person).await?;
        let wanted: Vec<(&str, Format)> =
            list.messages.iter().map(|named| (named.id.as_str(), Format::Metadata)).collect();
        let fetched = batch::fetch(&self.line, &wanted, For::Person).await?;
        let own = |message: &super::wire::Message| {
            let headers = message.payload.iter().flat_map(|payload| &payload.headers);
            let mut ids = headers.filter(|header| header.name.eq_ignore_ascii_case("message-id"));
            ids.any(|header| header.value.trim().trim_matches(['<', '>']) == token)
        };
        Ok(fetched.into_iter().find(own).map(|message| message.id))
    }
}

/// The words beside a message: its thread, where it has one.
pub(super) fn words(thread: Option<String>) -> Map<String, Value> {
    thread.into_iter().map(|thread| ("threadId".to_owned(), Value::String(thread))).collect()
}

/// The source with its blind recipients, which Gmail reads off the header and takes off what it sends.
fn with_blind(mail: &OutgoingMessage) -> Vec<u8> {
    let open = mail.composition.to.iter().chain(&mail.composition.cc);
    let open: Vec<String> = open.map(|person| person.address.to_lowercase()).collect();
    let blind: Vec<&str> = mail
        .recipients
        .iter()
        .filter(|address| !open.contains(&address.to_lowercase()))
        .map(String::as_str)
        .filter(|address| !address.contains(['\r', '\n', ',']))
        .collect();
    if blind.is_empty() {
        return mail.source.to_vec();
    }
    // One on a line: a header line has an end.
    let field = format!("Bcc: {}\r\n", blind.join(",\r\n "));
    [field.as_bytes(), &mail.source].concat()
}

impl GmailProvider {
    /// What every account there can send.
    pub const LIMITS: SendLimits = SendLimits {
        bytes: Some(LARGEST),
        recipients: Some(RECIPIENTS),
        per_minute: Some(SENT_PER_MINUTE),
        ..SendLimits::NONE
    };
}

#[async_trait]
impl MessageSink for GmailProvider {
    fn limits(&self) -> SendLimits {
        Self::LIMITS
    }

    async fn send(&self, mail: &OutgoingMessage, departure: &dyn Departure) -> SendOutcome {
        let source = with_blind(mail);
        if source.len() as u64 > LARGEST {
            return SendOutcome::Rejected {
                code: "too_large".into(),
                message: "The message is larger than the 35 MB Gmail takes; remove a file or send a link."
                    .into(),
                refused: Vec::new(),
            };
        }
        let thread = match &mail.composition.in_reply_to {
            Some(answered) => match self.thread_of(answered).await {
                Ok(thread) => thread,
                Err(error) => return not_sent(error),
            },
            None => None,
        };
        self.line.meter.take(price::SEND, For::Person).await;
        if let Err(message) = departure.departs().await {
            return SendOutcome::Retry { after: None, message };
        }
        let words = Value::Object(words(thread));
        match self.line.hand_over(&["messages", "send"], &words, &source).await {
            Ok(answer) if answer.is_yes() => {
                let remote_id = read::<Named>(&answer).ok().map(|named| named.id);
                SendOutcome::Accepted { remote_id, refused: Vec::new() }
            }
            Ok(answer) if answer.is_page() && answer.status < 500 => {
                SendOutcome::Retry { after: answer.after, message: PAGE.into() }
            }
            // Trouble of their own may come after the message was taken.
            Ok(answer) if answer.status >= 500 => {
                SendOutcome::Unknown(refusal(&answer).to_string())
            }
            Ok(answer) => not_sent(refusal(&answer)),
            Err(Fault::Token(error)) => not_sent(error),
            Err(Fault::None(NoAnswer::NotSent(message))) => {
                SendOutcome::Retry { after: None, message }
            }
            Err(fault @ (Fault::None(NoAnswer::Lost(_)) | Fault::Endless(..))) => {
                SendOutcome::Unknown(fault.to_string())
            }
        }
    }

    async fn find(&self, token: &str, _: Option<&str>) -> Result<Found, ProviderError> {
        if let Some(found) = self.named(token, &["SENT"], For::Person).await?.into_iter().next() {
            return Ok(Found::Yes(Some(found.id)));
        }
        let lately = self.sent_lately(token).await?;
        Ok(lately.map_or(Found::No, |id| Found::Yes(Some(id))))
    }

    fn saves_sent(&self) -> Option<bool> {
        Some(true)
    }
}

/// What an error means before anything has left.
fn not_sent(error: ProviderError) -> SendOutcome {
    match error {
        ProviderError::Auth(words) => SendOutcome::SignIn(words),
        ProviderError::RateLimited { after } => {
            SendOutcome::Retry { after, message: error.to_string() }
        }
        ProviderError::Rejected { code, message } => {
            let message = format!("Gmail refused the message: {message}");
            SendOutcome::Rejected { code, message, refused: Vec::new() }
        }
        other => SendOutcome::Retry { after: None, message: other.to_string() },
    }
}

/// The thread a source belongs to, by the message it answers.
pub(super) fn answered(source: &[u8]) -> Option<String> {
    let value = map::field(source, "in-reply-to")?;
    let id = value.split_whitespace().next()?.trim_matches(['<', '>']);
    (!id.is_empty()).then(|| id.to_owned())
}
