//! The files of messages: what they are, what opening them could do, and what the window shows of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Person;

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AttachmentInfo {
    /// Part number, for the attachment commands.
    pub part: u32,
    /// File name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size in bytes.
    #[ts(type = "number")]
    pub size: i64,
    /// Shown inside the text.
    pub inline: bool,
    /// How it can be shown.
    pub kind: FileKind,
    /// What opening it could do; `null` for a document like any other.
    pub risk: Option<Risk>,
}

/// How the window can show a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture, served by `attachment:`.
    Picture,
    /// Plain text, by `attachment_text`.
    Text,
    /// A mail within the mail, by `attachment_text`.
    Mail,
    /// A calendar part, by `attachment_invitation`.
    Invitation,
    /// Only in a program of its own.
    Other,
}

/// What opening a file could do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// It is a program, or starts one.
    Program,
    /// It is a document with macros.
    Macros,
    /// It is a page for a browser.
    Page,
    /// Nobody knows its kind.
    Unknown,
}

/// Arguments of the attachment commands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AttachmentArgs {
    /// The message.
    pub message_id: String,
    /// The part.
    pub part: u32,
}

/// Arguments of `attachment_open`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AttachmentOpenArgs {
    /// The message.
    pub message_id: String,
    /// The part.
    pub part: u32,
    /// The person was warned and wants it opened all the same.
    pub despite_risk: bool,
}

/// Something outside the store, by the token the window holds for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TokenArgs {
    /// The token.
    pub token: String,
}

/// What became of `attachment_open`: it was opened, or the person must be warned first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AttachmentOpened {
    /// The system's program for it was started.
    pub opened: bool,
    /// Why not: what opening it could do.
    pub risk: Option<Risk>,
}

/// Where a file was saved; `null` when the person cancelled the dialog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Saved {
    /// The path, to show.
    pub path: Option<String>,
}

/// A file read as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FileText {
    /// The text, lines ended by `\n`.
    pub text: String,
    /// It goes on; the whole is in the file.
    pub cut: bool,
    /// For a mail within the mail: its head.
    pub mail: Option<MailHead>,
}

/// Who wrote a mail, to whom, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MailHead {
    /// Author.
    pub from: Option<Person>,
    /// To.
    pub to: Vec<Person>,
    /// Subject.
    pub subject: String,
    /// When it says it was written.
    #[ts(type = "number | null")]
    pub date: Option<i64>,
}

/// What a calendar part says; `null` where it cannot be read, and is then a file like any other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct InvitationRead {
    /// The card.
    pub invitation: Option<Invitation>,
}

/// A calendar part, for a card that only shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Invitation {
    /// `request reply cancel counter publish`.
    pub method: String,
    /// The event is called off.
    pub cancelled: bool,
    /// What.
    pub summary: String,
    /// Where.
    pub location: String,
    /// From when.
    pub start: When,
    /// Until when; of days, the last one. `null` where it is a moment or a single day.
    pub end: Option<When>,
    /// The zone it was written in, as it names it.
    pub zone: Option<String>,
    /// Who asks.
    pub organiser: Option<Person>,
    /// `daily weekly monthly yearly often`; `null` for once.
    pub repeats: Option<String>,
    /// Further events in the same part.
    pub more: u32,
}

/// A time as far as it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum When {
    /// A moment everywhere.
    Instant {
        /// ms UTC.
        #[ts(type = "number")]
        at: i64,
    },
    /// A day everywhere.
    Day {
        /// `2026-11-24`.
        date: String,
    },
    /// A wall clock in a zone nobody knows here.
    Floating {
        /// `2026-11-24T18:00`.
        clock: String,
    },
}
