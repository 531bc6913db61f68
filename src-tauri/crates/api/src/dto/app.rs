//! The app itself: version, profile, and the answers that carry nothing else.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Said;

/// Arguments of a command that takes none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NoArgs {}

/// The answer of a command that only has to succeed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Done {}

/// A row named by its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ById {
    /// The row's id.
    pub id: String,
}

/// What the window needs to know at start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AppInfo {
    /// Deskbell's version.
    pub version: String,
    /// Directory of the profile, shown in Settings.
    pub profile: String,
    /// Another process holds this profile: everything can be read, nothing changed.
    pub read_only: bool,
    /// True when something the person must know happened at start (a damaged file was set aside, …), in words.
    pub notice: Option<String>,
    /// The same, for a window of another language.
    pub notice_said: Option<Said>,
    /// New versions can be asked for; else nothing is said of them anywhere.
    pub updates: bool,
}

/// What of a person lies in the profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProfileHolds {
    /// Accounts.
    #[ts(type = "number")]
    pub accounts: i64,
    /// Messages, those written here included.
    #[ts(type = "number")]
    pub messages: i64,
    /// What they have in bytes.
    #[ts(type = "number")]
    pub bytes: i64,
    /// Attachments of messages.
    #[ts(type = "number")]
    pub files: i64,
    /// Passwords, keys and sign-ins of accounts.
    #[ts(type = "number")]
    pub secrets: i64,
    /// Drafts.
    #[ts(type = "number")]
    pub drafts: i64,
    /// Messages given over to be sent that have not left.
    #[ts(type = "number")]
    pub unsent: i64,
    /// Messages that were imported one by one and lie in the profile alone.
    #[ts(type = "number")]
    pub only_here: i64,
}

/// The answer of the commands about mail links.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MailLinkState {
    /// Who gets them.
    pub links: MailLinks,
}

/// Who gets the mail links that are pressed in other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailLinks {
    /// Deskbell.
    Ours,
    /// Another program, or none; Deskbell can be chosen.
    Others,
    /// Only the system's own settings know, and only there it is chosen.
    InSettings,
    /// It cannot be told, and not chosen from here.
    Unknown,
}

/// What there is that is newer than this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct UpdateLook {
    /// The newer version; `null` where this is the newest.
    pub found: Option<NewVersion>,
}

/// A version newer than this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NewVersion {
    /// Such as `1.2.0`.
    pub version: String,
    /// What is new in it, as those who made it say; plain text, may be empty.
    pub notes: String,
}

/// Arguments of `link_open`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LinkArgs {
    /// The whole URL: http, https, mailto or tel.
    pub href: String,
}
