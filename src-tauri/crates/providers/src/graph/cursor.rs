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
}

impl Position {
    pub(crate) fn read(cursor: &Cursor) -> Option<Self> {
        serde_json::from_str(&cursor.0).ok()
    }

    pub(crate) fn write(&self) -> Cursor {
        Cursor(serde_json::to_string(self).unwrap_or_default())
    }
}
