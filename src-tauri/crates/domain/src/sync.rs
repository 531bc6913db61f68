//! What a provider says and how far we have heard it: scopes, cursors, pages of changes.
//!
//! Invariant: a page's cursor is stored in the same transaction as its changes, so repeating a page is
//! harmless and losing one is impossible.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::message::Flags;
use crate::{MailboxRole, Millis};

/// A unit of sync as its provider describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteScope {
    /// The provider's own name, never shown: IMAP's encoded mailbox name, an archive's path.
    pub key: String,
    /// The name a person reads, decoded, levels separated by `/`.
    pub name: String,
    /// What it is for.
    pub role: MailboxRole,
    /// False for a folder that can hold no messages (`\Noselect`).
    pub selectable: bool,
}

/// The provider's opaque position in a scope; only the provider that made it can read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// The provider's name for one copy of a message inside its scope.
///
/// Keys of one scope compare like numbers where the provider numbers its messages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteKey(pub String);

impl RemoteKey {
    /// The key of an IMAP UID: ten digits, so that text order is number order.
    pub fn from_uid(uid: u32) -> Self {
        Self(format!("{uid:010}"))
    }

    /// The IMAP UID, if the key is one.
    pub fn to_uid(&self) -> Option<u32> {
        self.0.parse().ok()
    }
}

/// How much a pull should bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullOptions {
    /// At most this many messages in the page.
    pub max_messages: u32,
    /// Stop the page after the message that passes this many bytes.
    pub max_bytes: u64,
    /// Bring whole messages, or only their headers (bodies are then asked for one by one).
    pub bodies: bool,
    /// Bring only what was received at this instant or later, ms UTC, and beside it what is starred or a draft;
    /// `None` for everything.
    ///
    /// It may differ from pull to pull: an earlier instant than before asks for what lies between as well, and a
    /// later one never tells that anything is gone. Older messages that are known keep being told about.
    pub since: Option<Millis>,
    /// Copies of this scope are here already: a listing from nothing must name every one that is still there,
    /// also outside of `since`.
    pub known: bool,
}

/// A copy as listings alone tell of it: nothing of it was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Which copy.
    pub key: RemoteKey,
    /// Whether it is read, starred, a draft; nothing else is told.
    pub flags: Flags,
    /// The mailbox it lies in.
    pub role: MailboxRole,
    /// The names of its labels; a system's own left out.
    pub labels: Vec<String>,
}

/// One answer to a pull.
#[derive(Clone, Debug)]
pub struct Page {
    /// In the order they must be applied.
    pub changes: Vec<RemoteChange>,
    /// The position after these changes.
    pub next: Cursor,
    /// More is waiting: pull again at once.
    pub more: bool,
    /// How many messages the provider says the scope holds, where it says so.
    pub remote_total: Option<u64>,
    /// How many messages of the first sync are still to come, where known.
    pub remaining: Option<u64>,
}

/// One change in a scope.
#[derive(Clone, Debug)]
pub enum RemoteChange {
    /// A message that is new, or seen again.
    Message(RemoteMessage),
    /// The flags of a message, complete.
    Flags {
        /// Which copy.
        key: RemoteKey,
        /// All of its flags.
        flags: Flags,
    },
    /// The keywords of a copy, complete, beside the flags the same page tells of it. A copy whose flags a
    /// page tells, and whose keywords it does not, has none.
    Keywords {
        /// Which copy.
        key: RemoteKey,
        /// Its keywords, those of systems left out.
        keywords: Vec<String>,
    },
    /// The labels of a copy by the names a person reads, complete. A scope that tells labels tells no
    /// keywords; a copy keeps its labels until it is told others.
    Labels {
        /// Which copy.
        key: RemoteKey,
        /// Their names, any characters; a system's own labels left out.
        labels: Vec<String>,
    },
    /// A copy now lies in another mailbox of a scope that holds several.
    Placed {
        /// Which copy.
        key: RemoteKey,
        /// The mailbox it lies in.
        role: MailboxRole,
    },
    /// A copy is no longer in the scope.
    Gone(RemoteKey),
    /// Every copy whose key lies in `low..=high` and is not in `present` (ascending) is gone.
    Present {
        /// First key of the window.
        low: RemoteKey,
        /// Last key of the window.
        high: RemoteKey,
        /// The keys the provider still has, ascending, with flags where they were asked for.
        present: Vec<(RemoteKey, Option<Flags>)>,
    },
    /// All keys of the scope became invalid (UIDVALIDITY changed): its copies are set aside until the
    /// same messages are seen under their new keys.
    Renumbered,
    /// A full listing began: copies not seen before `ListingEnded` are gone.
    ListingBegan,
    /// A full listing ended; what was set aside and not seen again is gone.
    ListingEnded,
}

/// A copy of a message as a provider hands it over.
#[derive(Clone, Debug)]
pub struct RemoteMessage {
    /// The copy's key.
    pub key: RemoteKey,
    /// The copy's flags.
    pub flags: Flags,
    /// When the provider received it (INTERNALDATE).
    pub internal_date: Millis,
    /// Size of the whole message in bytes as the provider counts it; 0 where it tells none that stays.
    pub size: u64,
    /// Where it lies, if one scope holds messages of several mailboxes (an archive file); else the scope's role.
    pub role: Option<MailboxRole>,
    /// The provider's own name for its conversation, where it has one: copies of one account with the same
    /// name are one conversation, and copies with different names never are, whatever they refer to.
    pub thread: Option<String>,
    /// What it is known again by, where its provider names messages for good ([`Fingerprint::named`]): copies of one
    /// account with the same are one message, and copies with different ones never are.
    pub known_by: Option<Fingerprint>,
    /// The source, or as much of it as was asked for.
    pub source: RemoteSource,
}

/// A message's source, RFC 5322.
#[derive(Clone, Debug)]
pub enum RemoteSource {
    /// The header block only.
    Headers(Bytes),
    /// The whole message.
    Full(Bytes),
    /// The beginning of a message that is too long to be held, as far as it was read.
    Cut(Bytes),
}

/// The body of a message fetched after its headers.
#[derive(Clone, Debug)]
pub struct RemoteBody {
    /// Which copy.
    pub key: RemoteKey,
    /// The whole message.
    pub source: Bytes,
}

/// A change a person made here that the provider must learn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum StateEdit {
    /// Mark read or unread.
    Seen {
        /// True for read.
        value: bool,
    },
    /// Star or unstar.
    Starred {
        /// True for starred.
        value: bool,
    },
    /// Mark answered, or not.
    Answered {
        /// True for answered.
        value: bool,
    },
    /// Move to the mailbox with this role; it is made if the provider has none.
    Move {
        /// Where to.
        to: MailboxRole,
    },
    /// Put a label on, or take it away.
    Label {
        /// The keyword that stands for it, an IMAP atom.
        keyword: String,
        /// Its name, for providers that keep labels by name; empty in edits that an older version queued.
        #[serde(default)]
        name: String,
        /// True to put it on.
        value: bool,
    },
    /// Erase for good.
    Erase,
}

/// What became of one [`StateEdit`] on one copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditOutcome {
    /// The copy that was edited.
    pub key: RemoteKey,
    /// For a move: where the copy is now (scope key and copy key), if the provider says so.
    pub moved_to: Option<(String, RemoteKey)>,
}
