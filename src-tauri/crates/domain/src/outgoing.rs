//! A message on its way out: what a person writes, the states it passes through, what a provider says of it.
//!
//! Invariant: a message carries its own Message-ID from its first draft on, so that whatever happens on the
//! way, a copy of it can be recognised anywhere.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{Address, Millis};

/// How far a message on its way out has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutgoingState {
    /// Being written; nothing leaves.
    Draft,
    /// To be sent, not before its time.
    Queued,
    /// Handed to the provider just now: from here on it may have left.
    Sending,
    /// The provider's answer was lost. It is looked for before anything else happens to it.
    Unknown,
    /// The provider took it over.
    Accepted,
    /// It is in the provider's list of sent messages.
    Sent,
    /// It reached the recipient's mailbox or device.
    Delivered,
    /// The recipient has read it.
    Read,
    /// The provider refused it; only a person can do something about it.
    Rejected,
}

impl OutgoingState {
    /// Every state, in the order a message passes through them.
    pub const EVERY: [Self; 9] = [
        Self::Draft,
        Self::Queued,
        Self::Sending,
        Self::Unknown,
        Self::Accepted,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Rejected,
    ];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Rejected => "rejected",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether it has certainly not left yet, so that it can be taken back and written on.
    pub fn is_here(self) -> bool {
        matches!(self, Self::Draft | Self::Queued | Self::Rejected)
    }

    /// Whether the provider has it.
    pub fn is_gone(self) -> bool {
        matches!(self, Self::Accepted | Self::Sent | Self::Delivered | Self::Read)
    }

    /// Whether a message may go from this state to another one. `Unknown` back to `Queued` only after the
    /// provider was asked and does not have it, or because a person says so.
    pub fn may_become(self, next: Self) -> bool {
        use OutgoingState::{
            Accepted, Delivered, Draft, Queued, Read, Rejected, Sending, Sent, Unknown,
        };
        match self {
            Draft => next == Queued,
            Queued => matches!(next, Draft | Sending | Rejected),
            Sending => matches!(next, Queued | Unknown | Accepted | Rejected),
            Unknown => matches!(next, Queued | Accepted | Rejected | Draft),
            Accepted => matches!(next, Sent | Delivered | Read | Rejected),
            Sent => matches!(next, Delivered | Read | Rejected),
            Delivered => next == Read,
            Read => false,
            Rejected => matches!(next, Draft | Queued),
        }
    }
}

/// Why a message is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComposeKind {
    /// Out of the blue.
    #[default]
    New,
    /// An answer to the author.
    Reply,
    /// An answer to everyone.
    ReplyAll,
    /// Handed on, quoted in the text.
    Forward,
    /// Handed on whole, as a file.
    ForwardAttached,
    /// An answer a rule gives (RFC 3834).
    AutoReply,
}

impl ComposeKind {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reply => "reply",
            Self::ReplyAll => "reply_all",
            Self::Forward => "forward",
            Self::ForwardAttached => "forward_attached",
            Self::AutoReply => "auto_reply",
        }
    }

    /// Reads the word; an unknown one is a message out of the blue.
    pub fn parse(word: &str) -> Self {
        [Self::Reply, Self::ReplyAll, Self::Forward, Self::ForwardAttached, Self::AutoReply]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .unwrap_or(Self::New)
    }
}

/// What a person writes, without its files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Composition {
    /// The author; `None` lets the account's first sender speak.
    pub from: Option<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc; never in what leaves.
    pub bcc: Vec<Address>,
    /// Where answers should go, where not to the author.
    pub reply_to: Vec<Address>,
    /// One line.
    pub subject: String,
    /// The text as HTML of our own making (no scripts, no foreign styles); `None` for plain text.
    pub html: Option<String>,
    /// The text; what `html` says, where there is one.
    pub text: String,
    /// Message-ID of the message answered, without brackets.
    pub in_reply_to: Option<String>,
    /// Message-IDs of the thread, oldest first, without brackets.
    pub references: Vec<String>,
}

impl Composition {
    /// To, Cc and Bcc, in that order.
    pub fn recipients(&self) -> impl Iterator<Item = &Address> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }

    /// Whether nothing was written that would be missed.
    pub fn is_empty(&self) -> bool {
        self.subject.trim().is_empty() && self.text.trim().is_empty() && self.html.is_none()
    }
}

/// A file that goes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingFile {
    /// BLAKE3 of its bytes; the store holds them under this name.
    pub blob: [u8; 32],
    /// File name without any path.
    pub name: String,
    /// Media type, lower case.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Content-ID without brackets, for an image inside the text.
    pub content_id: Option<String>,
}

/// A message as a provider is to send it.
#[derive(Clone, Debug)]
pub struct OutgoingMessage {
    /// Its own Message-ID without brackets: the token it is recognised by.
    pub token: String,
    /// Who it is from, for the envelope.
    pub sender: Address,
    /// Every address it goes to, each once.
    pub recipients: Vec<String>,
    /// The whole message, RFC 5322, lines ended by CRLF, without Bcc.
    pub source: Bytes,
    /// The same in parts, for providers that build the message themselves.
    pub composition: Composition,
    /// The bytes of its files.
    pub files: Vec<(OutgoingFile, Bytes)>,
    /// When it is given to the provider.
    pub date: Millis,
    /// Written by a rule (RFC 3834).
    pub automatic: bool,
}

/// A recipient the provider refused while it took the message for the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRecipient {
    /// Which.
    pub address: String,
    /// The provider's words.
    pub reason: String,
}

/// What became of a message at one recipient, by a report that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It waits on its way.
    Delayed,
    /// It will never get there.
    Failed,
    /// It lies in the recipient's mailbox.
    Delivered,
    /// The recipient's program says that it was shown.
    Read,
}

impl Fate {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delayed => "delayed",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }

    /// Whether a later report takes the place of an earlier one: what was read stays read, and what got somewhere or
    /// came back no longer waits.
    pub fn gives_way_to(self, next: Self) -> bool {
        self != Self::Read && next != Self::Delayed
    }
}

/// What a report says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Which.
    pub address: String,
    /// What became of it.
    pub fate: Fate,
    /// Why, in the words of the server that says so.
    pub reason: String,
}

/// A report on a message that was sent (RFC 3464, RFC 8098).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The Message-ID it is about, without brackets.
    pub token: String,
    /// What it says of whom.
    pub told: Vec<Told>,
}

/// What a provider tells, asked about a message it took over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// It has handed the message on.
    pub sent: bool,
    /// What became of it at whom, as far as that is known.
    pub told: Vec<Told>,
    /// Nothing more will become known.
    pub over: bool,
}

/// What a provider said to a message it was to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// It took the message over.
    Accepted {
        /// Its name for the message, where it gives one.
        remote_id: Option<String>,
        /// Recipients it refused; never all of them.
        refused: Vec<RefusedRecipient>,
    },
    /// It took the message over for some of its recipients, and takes it for others only later.
    Partly {
        /// Its name for the message, where it gives one.
        remote_id: Option<String>,
        /// Recipients it refused for good.
        refused: Vec<RefusedRecipient>,
        /// Recipients it refused for the moment; the message is to be sent again to these alone.
        later: Vec<RefusedRecipient>,
    },
    /// It said no, for good; nothing left.
    Rejected {
        /// Its own code: `550 5.1.1`, `validation_error`.
        code: String,
        /// Plain words, with what to do where we know.
        message: String,
        /// Recipients it refused, where that is the reason.
        refused: Vec<RefusedRecipient>,
    },
    /// Nothing left; worth another try.
    Retry {
        /// How long it wants to be left alone, where it says so.
        after: Option<Duration>,
        /// Why.
        message: String,
    },
    /// It answers well and takes this message only later: greylisting, a full queue. Nothing left.
    Later {
        /// Why.
        message: String,
    },
    /// The sign-in was refused; nothing left, and trying again cannot help.
    SignIn(String),
    /// The message may have left: the answer to its last byte was lost.
    Unknown(String),
}

/// Whether a provider has a message that may have left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It has it, under this name where it gives one.
    Yes(Option<String>),
    /// It would have it, had it left: it does not.
    No,
    /// It keeps no record that could tell.
    CannotTell,
}

/// What a provider can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendLimits {
    /// Largest message in bytes, encoded; `None` where the provider does not say.
    pub bytes: Option<u64>,
    /// Most recipients of one message.
    pub recipients: Option<u32>,
    /// Messages a minute that it takes, or that are usual there; `None` where nobody counts.
    pub per_minute: Option<u32>,
    /// Somebody must stand under To; blind copies alone are not enough.
    pub needs_to: bool,
    /// It refuses files without a byte.
    pub no_empty_files: bool,
    /// Its key is not told whether the provider is set to watch who reads.
    pub tracking_unknown: bool,
}

impl SendLimits {
    /// Nothing is known that could not be sent.
    pub const NONE: Self = Self {
        bytes: None,
        recipients: None,
        per_minute: None,
        needs_to: false,
        no_empty_files: false,
        tracking_unknown: false,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_left_is_never_queued_by_itself() {
        for state in OutgoingState::EVERY {
            assert_eq!(OutgoingState::parse(state.as_str()), Some(state));
            assert!(!state.is_gone() || !state.may_become(OutgoingState::Queued), "{state:?}");
            assert!(!state.is_gone() || !state.is_here(), "{state:?} is one or the other");
        }
        assert!(!OutgoingState::Unknown.is_here(), "an unknown fate cannot be written on");
    }
}
