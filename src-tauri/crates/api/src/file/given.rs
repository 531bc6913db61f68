//! A message that lies in a file, in the form of any other.

use bytes::Bytes;

use deskbell_domain::Address;
use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::sync::{RemoteKey, RemoteMessage, RemoteSource};
use deskbell_engine::ingest;

use super::shown;
use crate::dto::{Message, Person};
use crate::{present, words};

/// Reads it; `at` is when the file was last written, ms UTC, for a message that tells no date.
///
/// Its id is the token; it belongs to no conversation and no account, and nobody has to read it.
pub(crate) fn given(token: String, source: Vec<u8>, at: i64) -> Message {
    let size = i64::try_from(source.len()).unwrap_or(i64::MAX);
    let read = ingest::message(RemoteMessage {
        key: RemoteKey(String::new()),
        flags: Flags { seen: true, ..Flags::default() },
        internal_date: at,
        size: source.len() as u64,
        role: None,
        thread: None,
        known_by: None,
        source: RemoteSource::Full(Bytes::from(source)),
    });
    let people = |all: Vec<Address>| all.into_iter().map(present::person).collect::<Vec<Person>>();
    let body = read.body.unwrap_or_default();
    Message {
        id: token,
        conversation_id: String::new(),
        account_id: String::new(),
        from: read.from.map(present::person),
        to: people(read.to),
        cc: people(read.cc),
        bcc: people(read.bcc),
        reply_to: people(read.reply_to),
        subject: read.subject,
        date: read.date,
        preview: body.preview,
        seen: true,
        starred: false,
        answered: false,
        draft: false,
        own: false,
        bulk: read.bulk,
        body: if read.body_state == BodyState::Quarantined { "quarantined" } else { "full" }.into(),
        quarantine_said: words::said_of(read.quarantine_reason.as_deref()),
        quarantine_reason: read.quarantine_reason,
        size,
        message_id: read.message_id,
        mailboxes: Vec::new(),
        attachments: body.attachments.into_iter().map(shown).collect(),
        outgoing: None,
    }
}
