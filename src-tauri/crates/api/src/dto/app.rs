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
}

/// Arguments of `link_open`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LinkArgs {
    /// The whole URL: http, https, mailto or tel.
    pub href: String,
}
