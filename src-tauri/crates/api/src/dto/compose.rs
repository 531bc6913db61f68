//! Writing, sending, and what is on its way out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::dto::{Person, Said};

/// Arguments of `draft_new`: what is to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NewDraftArgs {
    /// `new reply reply_all forward forward_attached`.
    pub kind: String,
    /// The account to write with; `null` for that of the message answered, or the first that sends.
    pub account_id: Option<String>,
    /// The message answered or handed on; `null` for a new one.
    pub message_id: Option<String>,
    /// Whom to begin with: addresses as typed, for a new message.
    pub to: Vec<String>,
    /// Cc and Bcc to begin with, as typed.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub cc: Vec<String>,
    /// See `cc`.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub bcc: Vec<String>,
    /// A subject to begin with.
    pub subject: Option<String>,
    /// Plain text to begin with.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub text: Option<String>,
    /// Words put around quoted text, from the window's locale: `{name}`, `{date}` are filled in.
    pub words: QuoteWords,
}

/// Words of quoted text, from the window's locale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QuoteWords {
    /// "On {date}, {name} wrote:".
    pub wrote: String,
    /// "Forwarded message".
    pub forwarded: String,
    /// "From", "Date", "Subject", "To", "Cc", in this order.
    pub fields: Vec<String>,
    /// When the quoted message was written, as the locale writes it; without it, by numbers.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub date: Option<String>,
}

/// A draft, opened in the composer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Row id.
    pub id: String,
    /// Its account.
    pub account_id: String,
    /// The message lists show it as.
    pub message_id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// `new reply reply_all forward forward_attached auto_reply`.
    pub kind: String,
    /// Grows with every save; given back with `draft_save`.
    #[ts(type = "number")]
    pub revision: i64,
    /// What stands in it.
    pub content: DraftContent,
    /// Its files.
    pub files: Vec<DraftFile>,
    /// Largest message the account can send, in bytes on the wire, where a file grows by a third.
    #[ts(type = "number")]
    pub limit: u64,
    /// Bytes of files that fit beside the text, as they lie on a disk.
    #[ts(type = "number")]
    pub room: u64,
    /// What does not go along with a message handed on; only right after it was begun.
    pub left_out: Option<LeftOut>,
    /// When it was last saved.
    #[ts(type = "number")]
    pub saved_at: i64,
    /// Versions set aside because it was written on elsewhere, newest first.
    pub versions: Vec<DraftVersion>,
}

/// Files of a message handed on that do not go along, and what helps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LeftOut {
    /// Them.
    pub files: Vec<LeftOutFile>,
    /// Largest message the account can send, in bytes on the wire.
    #[ts(type = "number")]
    pub limit: u64,
    /// The message as a whole would fit, handed on as a file.
    pub as_file: bool,
    /// The message they are of, to save them from.
    pub message_id: String,
}

/// A file that does not go along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LeftOutFile {
    /// Its place in the message.
    pub part: u32,
    /// File name.
    pub name: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// `too_large` or `unreadable`.
    pub reason: String,
}

/// What is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct DraftContent {
    /// The author: one of `senders`; `null` for the account's first.
    pub from: Option<Person>,
    /// To.
    pub to: Vec<Person>,
    /// Cc.
    pub cc: Vec<Person>,
    /// Bcc.
    pub bcc: Vec<Person>,
    /// One line.
    pub subject: String,
    /// Rich text as HTML; `null` for plain text.
    pub html: Option<String>,
    /// Plain text; ignored where `html` stands.
    pub text: String,
}

/// A file of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DraftFile {
    /// Names it in `draft_save`.
    pub blob: String,
    /// File name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// For an image inside the text: `<img src="cid:…">` names it.
    pub content_id: Option<String>,
    /// It is of a kind that mail systems refuse or recipients are warned of.
    pub dangerous: bool,
    /// Its bytes are not here any more: it is to be attached again, or left out.
    pub missing: bool,
}

/// A version of a draft that was set aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DraftVersion {
    /// When.
    #[ts(type = "number")]
    pub saved_at: i64,
    /// `here` or `elsewhere`.
    pub origin: String,
    /// What it said.
    pub content: DraftContent,
    /// Its files.
    pub files: Vec<DraftFile>,
}

/// Arguments of `draft_save`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SaveArgs {
    /// The draft.
    pub id: String,
    /// The revision the composer saw.
    #[ts(type = "number")]
    pub revision: i64,
    /// The account to send with.
    pub account_id: String,
    /// What stands in it now.
    pub content: DraftContent,
    /// Its files now, by `blob`.
    pub files: Vec<DraftFile>,
}

/// A saved draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DraftSaved {
    /// The draft's id: another one where it went to another account.
    pub id: String,
    /// The revision it has now.
    #[ts(type = "number")]
    pub revision: i64,
    /// When.
    #[ts(type = "number")]
    pub saved_at: i64,
}

/// Arguments of `draft_attach`: lets the person pick files in the system's dialog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AttachArgs {
    /// The draft.
    pub id: String,
    /// Pick images to stand inside the text.
    pub inline: bool,
}

/// Arguments of `draft_attach_bytes`: a file pasted or dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AttachBytesArgs {
    /// The draft.
    pub id: String,
    /// File name.
    pub name: String,
    /// Media type the webview knows, or empty.
    pub media_type: String,
    /// The bytes in base64.
    pub base64: String,
    /// An image to stand inside the text.
    pub inline: bool,
}

/// Files that are in the store now; the composer lists them with its next save.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Attached {
    /// Empty when the person cancelled.
    pub files: Vec<DraftFile>,
}

/// Arguments of `draft_send`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SendArgs {
    /// The draft, saved.
    pub id: String,
    /// Send at this instant; `null` for now, after the account's undo delay.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
    /// Warnings the person has seen and wants to send all the same; what differs in anything is asked again.
    pub confirmed: Vec<Warning>,
}

/// Arguments of `outbox_reschedule`: another instant for a message that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RescheduleArgs {
    /// The message.
    pub id: String,
    /// Send at this instant; `null` for now, after the account's undo delay.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
}

/// What became of `draft_send`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SendResult {
    /// On its way; `null` where `warnings` must be answered first.
    pub outgoing: Option<Outgoing>,
    /// What a person should look at before it leaves.
    pub warnings: Vec<Warning>,
}

/// Something to look at before sending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Warning {
    /// `forgotten_attachment no_subject many_recipients dangerous_file empty not_for_stand_in`.
    pub kind: String,
    /// What it is about: the word found, the number of people, the name of the file or of the account that stands in.
    pub detail: String,
}

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Outgoing {
    /// Row id; the draft's.
    pub id: String,
    /// Its account.
    pub account_id: String,
    /// The account that transmits it, where it is another one.
    pub via_account_id: Option<String>,
    /// The message lists show it as.
    pub message_id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// `draft queued sending unknown accepted sent delivered read rejected`.
    pub state: String,
    /// To, Cc and Bcc.
    pub recipients: Vec<Person>,
    /// Subject.
    pub subject: String,
    /// First words.
    pub preview: String,
    /// Earliest instant it leaves.
    #[ts(type = "number")]
    pub not_before: i64,
    /// A person chose that instant (send later).
    pub scheduled: bool,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried or looked for next; `null` when nothing happens by itself.
    #[ts(type = "number | null")]
    pub next_try: Option<i64>,
    /// What went wrong, in plain words.
    pub error: Option<String>,
    /// The same, for a window of another language.
    pub error_said: Option<Said>,
    /// The provider's code of it.
    pub error_code: Option<String>,
    /// Recipients the provider refused.
    pub refused: Vec<Refused>,
    /// Recipients the provider takes it for only later, after it has left for the others; it is sent to them again by
    /// itself.
    pub rest: Vec<Refused>,
    /// When it is sent to them next; `null` where nobody waits.
    pub rest_next: Option<i64>,
    /// Recipients of whom nobody knows whether it reached them: the answer was lost while it was sent to them again.
    pub lost: Vec<Refused>,
    /// What reports that came back say, by recipient.
    pub reports: Vec<Reported>,
    /// When the provider took it over.
    #[ts(type = "number | null")]
    pub left_at: Option<i64>,
}

/// What a report that came back says of one recipient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Reported {
    /// Address.
    pub address: String,
    /// `delayed`, `failed`, `delivered` or `read`.
    pub fate: String,
    /// Why, in the words of the server that says so; may be empty.
    pub reason: String,
}

/// A recipient the provider refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Refused {
    /// Address.
    pub address: String,
    /// Its words.
    pub reason: String,
    /// The same, for a window of another language.
    pub said: Option<Said>,
}

/// Arguments of `outbox`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OutboxArgs {
    /// Only this account.
    pub account_id: Option<String>,
    /// Only these states: `queued sending unknown rejected`. Empty for everything that has not arrived, with what has
    /// left for some of its recipients and still waits for the rest.
    pub states: Vec<String>,
    /// Rows wanted, 1 to 200.
    pub limit: u32,
}

/// What is on its way out, the next to leave first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OutboxList {
    /// The rows.
    pub items: Vec<Outgoing>,
}

/// Arguments of `contact_complete`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CompleteArgs {
    /// What was typed so far.
    pub prefix: String,
    /// Suggestions wanted, 1 to 20.
    pub limit: u32,
}

/// People whose name or address begins so, the most used first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Completions {
    /// Them.
    pub people: Vec<Person>,
}
