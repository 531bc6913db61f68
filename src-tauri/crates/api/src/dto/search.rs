//! Search.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ConversationRow;

/// Arguments of `search`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchArgs {
    /// Words and operators: `from: to: subject: account: has:attachment is:unread is:starred in:VIEW
    /// before:DATE after:DATE "a phrase" -not prefix*`.
    pub query: String,
    /// Only this account.
    pub account_id: Option<String>,
    /// From the page before.
    pub cursor: Option<String>,
    /// Hits wanted, 1 to 200.
    pub limit: u32,
    /// The last word is still being typed: match its beginning.
    pub typing: bool,
}

/// Hits, newest first, one a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchPage {
    /// The hits.
    pub hits: Vec<SearchHit>,
    /// Cursor of the next page; `null` at the end.
    pub next: Option<String>,
    /// Another spelling that has hits, when there are none.
    pub suggestion: Option<String>,
    /// What could not be understood in the query, in words.
    pub problem: Option<String>,
    /// Messages whose text is not here yet and so was not searched.
    #[ts(type = "number")]
    pub not_searched: i64,
}

/// One conversation that matches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchHit {
    /// The conversation.
    pub row: ConversationRow,
    /// Its latest message that matches.
    pub message_id: String,
    /// When that message was written.
    #[ts(type = "number")]
    pub date: i64,
    /// It is ours.
    pub own: bool,
    /// Its author.
    pub from: Vec<Fragment>,
    /// Its subject.
    pub subject: Vec<Fragment>,
    /// Its words around the match.
    pub snippet: Vec<Fragment>,
}

/// A stretch of text that matches, or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Fragment {
    /// The text.
    pub text: String,
    /// Highlight it.
    pub hit: bool,
}
