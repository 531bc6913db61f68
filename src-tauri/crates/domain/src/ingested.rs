//! A message after parsing, ready to be stored: what `ingest` makes and the store writes.

use crate::fingerprint::Fingerprint;
use crate::message::{BodyState, Flags};
use crate::outgoing::Report;
use crate::sync::{Cursor, RemoteKey};
use crate::threading::ThreadKeys;
use crate::{Address, MailboxRole, Millis};

/// A page after parsing: applied to the store in one transaction, cursor included.
#[derive(Debug, Default)]
pub struct IngestedPage {
    /// In the order they must be applied.
    pub changes: Vec<IngestedChange>,
    /// The scope's position after them; `None` leaves it where it is.
    pub cursor: Option<Cursor>,
    /// The provider's own count of the scope.
    pub remote_total: Option<u64>,
    /// How many messages of the first sync are still to come.
    pub remaining: Option<u64>,
}

/// [`crate::sync::RemoteChange`] with its message parsed.
#[derive(Debug)]
pub enum IngestedChange {
    /// A message, new or seen again.
    Message(Box<IngestedMessage>),
    /// The flags of a copy.
    Flags {
        /// Which copy.
        key: RemoteKey,
        /// All of its flags.
        flags: Flags,
    },
    /// See [`crate::sync::RemoteChange::Keywords`].
    Keywords {
        /// Which copy.
        key: RemoteKey,
        /// Its keywords.
        keywords: Vec<String>,
    },
    /// See [`crate::sync::RemoteChange::Labels`].
    Labels {
        /// Which copy.
        key: RemoteKey,
        /// Names of its labels.
        labels: Vec<String>,
    },
    /// See [`crate::sync::RemoteChange::Placed`].
    Placed {
        /// Which copy.
        key: RemoteKey,
        /// The mailbox it lies in.
        role: MailboxRole,
    },
    /// A copy is gone.
    Gone(RemoteKey),
    /// See [`crate::sync::RemoteChange::Present`].
    Present {
        /// First key of the window.
        low: RemoteKey,
        /// Last key of the window.
        high: RemoteKey,
        /// What is still there, ascending.
        present: Vec<(RemoteKey, Option<Flags>)>,
    },
    /// See [`crate::sync::RemoteChange::Renumbered`].
    Renumbered,
    /// See [`crate::sync::RemoteChange::ListingBegan`].
    ListingBegan,
    /// See [`crate::sync::RemoteChange::ListingEnded`].
    ListingEnded,
}

impl IngestedChange {
    /// Whether there may be more or fewer messages after it than before.
    pub fn counts(&self) -> bool {
        matches!(self, Self::Message(_) | Self::Gone(_) | Self::ListingEnded)
    }
}

/// One parsed message.
#[derive(Clone, Debug)]
pub struct IngestedMessage {
    /// The copy it came from.
    pub key: RemoteKey,
    /// The copy's flags.
    pub flags: Flags,
    /// The mailbox role of this copy where it differs from its scope's.
    pub role: Option<MailboxRole>,
    /// When the provider received it.
    pub internal_date: Millis,
    /// When it says it was written; [`Self::internal_date`] where the header is missing or absurd.
    pub date: Millis,
    /// Size of the source in bytes as the provider counts it.
    pub size: u64,
    /// Recognises the message under another key, where its provider has no name for it.
    pub fingerprint: Fingerprint,
    /// See [`crate::sync::RemoteMessage::known_by`]; counts for more than [`Self::fingerprint`].
    pub known_by: Option<Fingerprint>,
    /// `Message-ID` without brackets.
    pub message_id: Option<String>,
    /// What joins it to its conversation.
    pub thread: ThreadKeys,
    /// The provider's own name for its conversation, which counts for more than [`Self::thread`].
    pub remote_thread: Option<String>,
    /// Decoded subject, folded to one line.
    pub subject: String,
    /// The author.
    pub from: Option<Address>,
    /// Recipients of the To header.
    pub to: Vec<Address>,
    /// Recipients of the Cc header.
    pub cc: Vec<Address>,
    /// Recipients of the Bcc header.
    pub bcc: Vec<Address>,
    /// Where answers should go, where it differs from the author.
    pub reply_to: Vec<Address>,
    /// Sent by a list or a machine (List-Id, Precedence, Auto-Submitted: RFC 2919, RFC 3834).
    pub bulk: bool,
    /// How much is here.
    pub body_state: BodyState,
    /// Why it could not be read, for [`BodyState::Quarantined`].
    pub quarantine_reason: Option<String>,
    /// The source and what was read from it; `None` while only headers are here.
    pub body: Option<IngestedBody>,
}

/// The part of a message that needs its body.
#[derive(Clone, Debug, Default)]
pub struct IngestedBody {
    /// The source as received.
    pub source: bytes::Bytes,
    /// Plain text for search and preview, HTML already turned into text.
    pub text: String,
    /// The first words of what the author wrote, one line, at most 200 characters.
    pub preview: String,
    /// Attachments, in the order of the parts.
    pub attachments: Vec<Attachment>,
    /// What it reports of a message that was sent, if it is such a report.
    pub report: Option<Report>,
}

/// An attachment as the message describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Index of the part in the parser's flat list of parts; stable for one source.
    pub part: u32,
    /// File name without any path; a made-up one where the message gives none.
    pub name: String,
    /// Media type, lower case.
    pub media_type: String,
    /// Decoded size in bytes.
    pub size: u64,
    /// Content-ID without brackets, for parts shown inside the HTML.
    pub content_id: Option<String>,
    /// Shown inside the text rather than listed below it.
    pub inline: bool,
}
