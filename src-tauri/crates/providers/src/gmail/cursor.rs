//! The position in the one scope: how far the history was heard, and how far a listing has come.

use std::collections::BTreeMap;

use deskbell_domain::sync::Cursor;
use deskbell_domain::{Millis, ProviderError};
use serde::{Deserialize, Serialize};

/// Where a pull goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// The history was heard up to here.
    pub(super) history: u64,
    /// The next page of what came after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) page: Option<String>,
    /// A listing is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) listing: Option<Listing>,
    /// The names of labels as they were last told, by id: the history says nothing of a label renamed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) names: BTreeMap<String, String>,
    /// Labels that were renamed, whose messages are still to be told anew; the last one's next page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) renamed: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) renamed_page: Option<String>,
    /// The history window: only what was received from this instant on, ms UTC, and what is starred or a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Millis>,
    /// How many messages there are, in the window if there is one, is still to be counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) uncounted: bool,
}

/// How far a listing has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listing {
    /// The next page; none before the first one, or where the last token was turned away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) page: Option<String>,
    /// Only what came before this second, UTC: where a token is too old, the listing goes on by date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<i64>,
    /// The oldest date listed, ms UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) oldest: Option<i64>,
    /// Messages listed.
    pub(super) seen: u64,
    /// Messages there were when it began; of a window, as Gmail guesses.
    pub(super) total: u64,
    /// Most of it is here already: headers are enough to find it again.
    pub(super) again: bool,
}

impl Listing {
    /// Without its page: from the oldest date listed on.
    pub(super) fn go_on_by_date(&mut self) {
        self.page = None;
        // The second itself may hold more of them.
        self.before = self.oldest.map(|ms| ms.div_euclid(1_000) + 1).or(self.before);
    }
}

impl Position {
    /// Takes over the window of this pull: what it reaches further back is to be listed.
    pub(super) fn adopt(&mut self, since: Option<Millis>) {
        let before = std::mem::replace(&mut self.since, since);
        if before == since {
            return;
        }
        self.uncounted = since.is_some();
        match &mut self.listing {
            // A page belongs to its search; the listing goes on by date.
            Some(listing) => listing.go_on_by_date(),
            None => {
                let wider = before.filter(|edge| since.is_none_or(|since| since < *edge));
                self.listing = wider.map(|edge| Listing {
                    before: Some(edge.div_euclid(1_000) + 1),
                    ..Listing::default()
                });
            }
        }
    }

    pub(super) fn read(cursor: &Cursor, scope: &str) -> Result<Self, ProviderError> {
        serde_json::from_str(&cursor.0).map_err(|_| ProviderError::CursorLost(scope.into()))
    }

    pub(super) fn write(&self) -> Cursor {
        Cursor(serde_json::to_string(self).unwrap_or_default())
    }
}
