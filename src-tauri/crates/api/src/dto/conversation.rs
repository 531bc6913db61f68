//! Lists, conversations and messages.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use deskbell_domain::conversation::ConversationEdit;

use super::{AttachmentInfo, Outgoing, Said};

/// Arguments of `inbox_page`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PageArgs {
    /// `inbox unread starred sent drafts archived spam trash all`.
    pub view: String,
    /// Only this account.
    pub account_id: Option<String>,
    /// From the page before; `null` for the newest.
    pub cursor: Option<String>,
    /// Rows wanted, 1 to 200.
    pub limit: u32,
}

/// A page of a list, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConversationPage {
    /// The rows.
    pub rows: Vec<ConversationRow>,
    /// Cursor of the next page; `null` at the end.
    pub next: Option<String>,
}

/// A conversation as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConversationRow {
    /// Row id.
    pub id: String,
    /// Whose.
    pub account_id: String,
    /// `email`.
    pub channel: String,
    /// Who takes part, latest first, without the person's own address unless alone with it: "Mara, Jonas".
    pub people: String,
    /// Subject without reply marks; empty where there is none.
    pub subject: String,
    /// First words of the latest message.
    pub preview: String,
    /// When the latest message came.
    #[ts(type = "number")]
    pub last_at: i64,
    /// Messages in it.
    #[ts(type = "number")]
    pub messages: i64,
    /// Unread messages in it.
    #[ts(type = "number")]
    pub unread: i64,
    /// One of them is starred.
    pub starred: bool,
    /// Attached files in it.
    #[ts(type = "number")]
    pub attachments: i64,
    /// The latest message is ours.
    pub last_is_own: bool,
    /// A message of it could not be read.
    pub quarantined: bool,
    /// Changes of it wait to be written back.
    pub pending: bool,
    /// The views it is in.
    pub views: Vec<String>,
    /// Ids of its labels, by name.
    pub labels: Vec<String>,
    /// It is put off.
    pub snoozed: bool,
    /// Until when it is put off; `null` for until somebody answers.
    #[ts(type = "number | null")]
    pub snoozed_until: Option<i64>,
    /// It was put off, came back, and nobody has looked at it since.
    pub back: bool,
}

/// Totals of every view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Counters {
    /// One entry a view and account; `account_id` null sums all accounts.
    pub counters: Vec<Counter>,
}

/// Conversations of one view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Counter {
    /// The view.
    pub view: String,
    /// The account; `null` for all.
    pub account_id: Option<String>,
    /// Conversations in it.
    #[ts(type = "number")]
    pub total: i64,
    /// Those with something unread.
    #[ts(type = "number")]
    pub unread: i64,
}

/// A conversation, opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Conversation {
    /// As in the list.
    pub row: ConversationRow,
    /// Its messages, oldest first; at most the 500 latest.
    pub messages: Vec<Message>,
    /// Messages older than those listed.
    #[ts(type = "number")]
    pub earlier: i64,
    /// Who takes part.
    pub participants: Vec<Participant>,
}

/// A person in a conversation, for the context pane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Participant {
    /// Name, or the address where there is none.
    pub name: String,
    /// Address.
    pub address: String,
    /// The account's own address.
    pub own: bool,
    /// Conversations with this address in all.
    #[ts(type = "number")]
    pub conversations: i64,
    /// The latest other conversations with this address, newest first, at most 5.
    pub recent: Vec<RecentConversation>,
}

/// Another conversation with the same person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecentConversation {
    /// Row id.
    pub id: String,
    /// Subject.
    pub subject: String,
    /// When its latest message came.
    #[ts(type = "number")]
    pub last_at: i64,
}

/// A mail address with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Person {
    /// Display name.
    pub name: Option<String>,
    /// Address.
    pub address: String,
}

/// A message without its body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Message {
    /// Row id.
    pub id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// Its account.
    pub account_id: String,
    /// Author.
    pub from: Option<Person>,
    /// To.
    pub to: Vec<Person>,
    /// Cc.
    pub cc: Vec<Person>,
    /// Bcc.
    pub bcc: Vec<Person>,
    /// Reply-To where it differs.
    pub reply_to: Vec<Person>,
    /// Subject as written.
    pub subject: String,
    /// When it says it was written.
    #[ts(type = "number")]
    pub date: i64,
    /// First words.
    pub preview: String,
    /// Read.
    pub seen: bool,
    /// Starred.
    pub starred: bool,
    /// Answered.
    pub answered: bool,
    /// A draft.
    pub draft: bool,
    /// Written by the account itself.
    pub own: bool,
    /// Sent by a list or machine.
    pub bulk: bool,
    /// `missing full quarantined too_large`.
    pub body: String,
    /// Why it could not be read.
    pub quarantine_reason: Option<String>,
    /// The same, for a window of another language.
    pub quarantine_said: Option<Said>,
    /// Size in bytes.
    #[ts(type = "number")]
    pub size: i64,
    /// Message-ID without brackets.
    pub message_id: Option<String>,
    /// The mailboxes it lies in, by name.
    pub mailboxes: Vec<String>,
    /// Its files.
    pub attachments: Vec<AttachmentInfo>,
    /// How far it has come on its way out; `null` for what was not written here.
    pub outgoing: Option<Outgoing>,
}

/// Arguments of `message_body`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BodyArgs {
    /// The message.
    pub id: String,
    /// Load the images that lie on other servers.
    pub remote_images: bool,
    /// `light` or `dark`.
    pub theme: String,
    /// Words the frame shows.
    pub words: FrameWords,
}

/// Words shown inside the frame, from the window's locale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FrameWords {
    /// Summary of folded quoted text.
    pub show_quoted: String,
    /// Note below a message that was cut.
    pub cut: String,
}

/// A body, ready for its sandboxed frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MessageBody {
    /// A complete HTML document for `srcdoc`; `null` while the body is not here yet.
    pub document: Option<String>,
    /// Images on other servers that were not loaded.
    pub blocked_images: u32,
    /// From how many servers.
    pub blocked_hosts: u32,
    /// Links whose text names another place than their target.
    pub suspicious_links: Vec<SuspiciousLink>,
    /// Why there is no document, in plain words.
    pub missing: Option<String>,
    /// The same, for a window of another language.
    pub missing_said: Option<Said>,
}

/// A link that pretends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SuspiciousLink {
    /// What it says.
    pub text: String,
    /// Where it goes.
    pub href: String,
}

/// What to do to conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Mark read.
    Read,
    /// Mark unread.
    Unread,
    /// Star.
    Star,
    /// Unstar.
    Unstar,
    /// Out of the inbox, kept.
    Archive,
    /// Back into the inbox.
    Inbox,
    /// To the trash.
    Trash,
    /// To spam.
    Spam,
}

impl From<Edit> for ConversationEdit {
    fn from(edit: Edit) -> Self {
        match edit {
            Edit::Read => Self::Read,
            Edit::Unread => Self::Unread,
            Edit::Star => Self::Star,
            Edit::Unstar => Self::Unstar,
            Edit::Archive => Self::Archive,
            Edit::Inbox => Self::Inbox,
            Edit::Trash => Self::Trash,
            Edit::Spam => Self::Spam,
        }
    }
}

/// Arguments of `conversations_edit`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct EditArgs {
    /// Conversations; up to 1,000.
    pub ids: Vec<String>,
    /// What to do.
    pub edit: Edit,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Edited {
    /// Conversations that changed.
    #[ts(type = "number")]
    pub changed: u64,
    /// Takes it back with `undo`; `null` when nothing changed.
    pub undo: Option<String>,
}

/// Arguments of `undo`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct UndoArgs {
    /// From [`Edited`].
    pub undo: String,
}
