//! A message as Graph keeps it: properties, and the source they were read from.

use super::{mime, present};

/// Somebody with an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// May be empty.
    pub name: String,
    /// Mail address.
    pub address: String,
}

/// A file of a message.
#[derive(Clone, Debug)]
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
    pub bytes: Vec<u8>,
}

/// A message.
#[derive(Clone, Debug)]
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
    pub(crate) mime: Option<Vec<u8>>,
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
        let (fields, body) = mime::split(source);
        let text = |name: &str| mime::field(&fields, name).map(str::to_owned);
        let list = |name: &str| mime::field(&fields, name).map(mime::people).unwrap_or_default();
        Self {
            serial: 0,
            moves: 0,
            folder: String::new(),
            subject: text("subject").unwrap_or_default(),
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
            body: String::from_utf8_lossy(body).into_owned(),
            html: text("content-type").is_some_and(|kind| kind.contains("html")),
            in_reply_to: text("in-reply-to"),
            references: text("references"),
            attachments: Vec::new(),
            mime: Some(source.to_vec()),
            arrived: false,
            received: now,
            sent: now,
            created: now,
            modified: now,
            version: 0,
        }
    }
}
