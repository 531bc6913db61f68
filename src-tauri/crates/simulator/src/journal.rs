//! Every request, for assertions.

use serde::Serialize;
use serde_json::Value;

use crate::world::World;

/// One request and the status it got.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// When, ms UTC.
    pub at: i64,
    /// Method.
    pub method: String,
    /// Path.
    pub path: String,
    /// Query, as it came.
    pub query: String,
    /// Header names in lower case with their values; the key is left out.
    pub headers: Vec<(String, String)>,
    /// Body, where it was JSON.
    pub body: Value,
    /// The status it was given; `None` where the answer never came.
    pub status: Option<u16>,
    /// What was in its way on purpose.
    pub trouble: Vec<Trouble>,
}

/// What a fake did to whoever asked, as the real ones do at times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// A fault that was ordered struck.
    Fault,
    /// A position was not known any more.
    Evicted,
    /// Something was told that this round, or this page, had told before.
    Repeated,
    /// Of something that changed only that was told, and nothing else of it.
    Partial,
    /// Something was told to be gone from where it was, and lies elsewhere.
    Moved,
}

/// What a fake notes of its answer, for the journal: an extension of the response.
#[derive(Clone, Debug, Default)]
pub(crate) struct Troubles(pub(crate) Vec<Trouble>);

impl Entry {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Requests the journal holds at most; then the older half is forgotten.
const LONGEST: usize = 200_000;

impl World {
    /// Writes a request down; its number.
    pub(crate) fn note(&mut self, entry: Entry) -> usize {
        if self.journal.len() >= LONGEST {
            self.journal.drain(..LONGEST / 2);
            self.forgotten += LONGEST / 2;
        }
        self.journal.push(entry);
        self.forgotten + self.journal.len() - 1
    }

    /// Says what a request was answered, and what was in its way besides.
    pub(crate) fn answered(&mut self, number: usize, status: u16, trouble: Troubles) {
        let at = number.checked_sub(self.forgotten);
        if let Some(entry) = at.and_then(|at| self.journal.get_mut(at)) {
            entry.status = Some(status);
            entry.trouble.extend(trouble.0);
        }
    }
}
