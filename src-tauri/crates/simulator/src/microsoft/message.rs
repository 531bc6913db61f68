//! A message as Graph keeps it: properties, and the source they were read from.

use serde::{Deserialize, Serialize};

use super::{mime, present};
use crate::kept::{bytes, maybe_bytes};

/// Somebody with an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// May be empty.
    pub name: String,
    /// Mail address.
    pub address: String,
}

/// A file of a message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id.
    pub id: String,
    /// File name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Shown inside the text.
    pub inline: bool,
    /// Content-ID without brackets.
    pub content_id: Option<String>,
    /// Bytes.
    #[serde(with = "bytes")]
    pub bytes: Vec<u8>,
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    pub(crate) serial: u64,
    /// How often it moved: part of the id that does not stay.
    pub(crate) moves: u32,
    /// The id of its folder.
    pub folder: String,
    /// Subject.
    pub subject: String,
    /// `isRead`.
    pub read: bool,
    /// `flag.flagStatus` is `flagged`.
    pub flagged: bool,
    /// `isDraft`.
    pub draft: bool,
    /// Names of categories.
    pub categories: Vec<String>,
    /// The last verb executed (MAPI 0x1081): 102 replied, 103 replied to all, 104 forwarded.
    pub verb: Option<u32>,
    /// Message-ID in brackets.
    pub message_id: String,
    /// `conversationId`.
    pub conversation: String,
    /// Author.
    pub from: Person,
    /// To.
    pub to: Vec<Person>,
    /// Cc.
    pub cc: Vec<Person>,
    /// Bcc.
    pub bcc: Vec<Person>,
    /// Text.
    pub body: String,
    pub(crate) html: bool,
    pub(crate) in_reply_to: Option<String>,
    pub(crate) references: Option<String>,
    /// Files that were added one by one.
    pub attachments: Vec<Attachment>,
    #[serde(with = "maybe_bytes")]
    pub(crate) mime: Option<Vec<u8>>,
    /// The source holds files.
    pub(crate) files: bool,
    /// It came by the post: it has transport headers.
    pub(crate) arrived: bool,
    pub(crate) received: i64,
    pub(crate) sent: i64,
    pub(crate) created: i64,
    pub(crate) modified: i64,
    pub(crate) version: u64,
}

impl Message {
    /// The message as it would be sent, RFC 5322.
    pub fn source(&self) -> Vec<u8> {
        mime::source(self)
    }

    /// The id that stays when the message moves.
    pub fn immutable_id(&self) -> String {
        present::id(self, true)
    }

    /// A message of an RFC 5322 source, read.
    pub(crate) fn read(source: &[u8], now: i64) -> Self {
        let (fields, _) = mime::split(source);
        let text = |name: &str| mime::field(&fields, name).map(str::to_owned);
        let list = |name: &str| mime::field(&fields, name).map(mime::people).unwrap_or_default();
        let written = mime::written(source);
        Self {
            serial: 0,
            moves: 0,
            folder: String::new(),
            subject: written.subject,
            read: false,
            flagged: false,
            draft: false,
            categories: Vec::new(),
            verb: None,
            message_id: text("message-id").unwrap_or_default(),
            conversation: String::new(),
            from: list("from").into_iter().next().unwrap_or_default(),
            to: list("to"),
            cc: list("cc"),
            bcc: list("bcc"),
            body: written.text,
            html: written.html,
            in_reply_to: text("in-reply-to"),
            references: text("references"),
            attachments: Vec::new(),
            mime: Some(source.to_vec()),
            files: written.files,
            arrived: false,
            received: now,
            sent: now,
            created: now,
            modified: now,
            version: 0,
        }
    }
}
