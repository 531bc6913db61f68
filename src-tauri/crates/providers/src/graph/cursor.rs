//! How far a folder has been heard: the delta's link as it came, and what a round must remember.

use std::collections::BTreeMap;

use deskbell_domain::Millis;
use deskbell_domain::sync::Cursor;
use serde::{Deserialize, Serialize};

/// The position in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    /// `@odata.nextLink` or `@odata.deltaLink`, verbatim.
    pub(crate) link: String,
    /// Messages told so far of a first listing; `None` once it has ended.
    pub(crate) listed: Option<u64>,
    /// When the newest message heard of was received: a later one is new mail, whole at once.
    pub(crate) newest: Millis,
    /// Of a folder of drafts: the key of each, by its id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) drafts: BTreeMap<String, String>,
    /// The history window: only what was received from this instant on, ms UTC, and what is flagged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Millis>,
    /// Graph was asked for the window alone, and tells of nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) filtered: bool,
    /// The folder is listed once more: what is not told is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) again: bool,
    /// Messages came or went since it was last told how many there are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) uncounted: bool,
}

impl Position {
    /// Before the first page of a listing.
    pub(crate) fn start(since: Option<Millis>, filtered: bool) -> Self {
        Self { listed: Some(0), since, filtered, ..Self::default() }
    }

    pub(crate) fn read(cursor: &Cursor) -> Option<Self> {
        serde_json::from_str(&cursor.0).ok()
    }

    pub(crate) fn write(&self) -> Cursor {
        Cursor(serde_json::to_string(self).unwrap_or_default())
    }
}
