//! Every request, for assertions.

use serde_json::Value;

/// One request and the status it got.
#[derive(Clone, Debug, PartialEq)]
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
}

impl Entry {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
