//! Search: newest first, one hit a conversation.
//!
//! The index is read in its own order, newest first, and reading stops when the page is full; the cost
//! follows what is shown, not how much matches.

mod highlight;
mod parse;
mod pieces;
mod suggest;
mod walk;

use rusqlite::Connection;
use rusqlite::types::Value;

use deskbell_domain::message::BodyState;
use deskbell_domain::{AccountId, ConversationId};

pub use highlight::Fragment;
pub use parse::{Filter, Query, parse};

use self::walk::Walk;
use crate::sync::text;
use crate::table::conversation::{self, Conversation};
use crate::table::message::{self, Message};
use crate::{Packer, StoreError};

impl Query {
    /// Whether one author's mail is all that is asked for.
    fn has_author(&self) -> bool {
        self.filters.iter().any(|filter| matches!(filter, Filter::Author(_, true)))
    }
}

/// What is searched for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The words and operators, parsed.
    pub query: Query,
    /// Only this account.
    pub account: Option<AccountId>,
    /// Continue below this message's sort key.
    pub below: Option<i64>,
    /// Hits wanted.
    pub limit: usize,
}

/// One conversation that matches.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The conversation.
    pub conversation: Conversation,
    /// Its latest message that matches.
    pub message: Message,
    /// Author, highlighted.
    pub from: Vec<Fragment>,
    /// Subject, highlighted.
    pub subject: Vec<Fragment>,
    /// Words around the match, highlighted.
    pub snippet: Vec<Fragment>,
}

/// A page of hits.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The hits.
    pub hits: Vec<Hit>,
    /// Continue here; `None` at the end.
    pub next: Option<i64>,
    /// Another spelling that has hits, when there are none.
    pub suggestion: Option<String>,
}

/// Runs a search.
pub fn run(c: &Connection, packer: &Packer, request: &Request) -> Result<Page, StoreError> {
    if let Some(open) = &request.query.open {
        let mut beside = request.clone();
        beside.query.expression = open.rest.clone();
        let walk = Walk { c, packer, request: &beside, open: Some(open) };
        if let Some(page) = walk.page()? {
            return Ok(page);
        }
    }
    let walk = Walk { c, packer, request, open: None };
    let mut page = walk.page()?.unwrap_or_default();
    if page.hits.is_empty() && request.below.is_none() {
        page.suggestion = suggest::suggest(c, &request.query)?;
    }
    Ok(page)
}

fn body(c: &Connection, packer: &Packer, message: &Message) -> Option<String> {
    if message.body_state != BodyState::Full {
        return None;
    }
    // A damaged body is said where it is opened; the search shows what else is known of it.
    text(c, packer, message.id).unwrap_or_else(|error| {
        tracing::warn!(%error, message = message.id.0, "a text cannot be searched or shown");
        None
    })
}

fn present(
    c: &Connection,
    query: &Query,
    hit: Message,
    body: Option<String>,
) -> Result<Hit, StoreError> {
    let marks = &query.marks;
    let snippet = body
        .and_then(|body| highlight::snippet(&body, marks))
        .unwrap_or_else(|| highlight::mark(&hit.preview, marks));
    let author = if hit.from_name.is_empty() { &hit.from_address } else { &hit.from_name };
    Ok(Hit {
        conversation: conversation::get(c, hit.conversation)?,
        from: highlight::mark(author, marks),
        subject: highlight::mark(&hit.subject, marks),
        snippet,
        message: hit,
    })
}

/// The statement of a search; with text it walks the index, without it walks the messages by date.
pub(crate) fn statement(request: &Request) -> (String, Vec<Value>) {
    select(request, Extent::Page)
}

/// The statement that looks for a match of a conversation on the pages before this one.
pub(crate) fn earlier_statement(
    request: &Request,
    conversation: ConversationId,
    from: i64,
) -> (String, Vec<Value>) {
    select(request, Extent::Earlier { conversation, from })
}

/// What a statement looks at.
#[derive(Clone, Copy)]
enum Extent {
    /// Everything below where the page begins.
    Page,
    /// One conversation, from where the page begins upwards.
    Earlier { conversation: ConversationId, from: i64 },
}

fn select(request: &Request, extent: Extent) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let mut wheres: Vec<String> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    if let Some(expression) = &request.query.expression {
        wheres.push(format!("message_text MATCH {}", bind(expression.clone().into())));
    }
    let (from, key) = match (&request.query.expression, extent) {
        (Some(_), Extent::Page) => {
            ("message_text t CROSS JOIN message m ON m.sort_key = t.rowid", "t.rowid")
        }
        (None, Extent::Page) if request.query.has_author() => {
            ("message m INDEXED BY message_author", "m.sort_key")
        }
        (None, Extent::Page) => ("message m INDEXED BY message_order", "m.sort_key"),
        (Some(_), Extent::Earlier { .. }) => (
            "message m INDEXED BY message_conversation CROSS JOIN message_text t ON t.rowid = m.sort_key",
            "m.sort_key",
        ),
        (None, Extent::Earlier { .. }) => {
            ("message m INDEXED BY message_conversation", "m.sort_key")
        }
    };
    let order = match extent {
        Extent::Page => {
            if let Some(below) = request.below {
                wheres.push(format!("{key} < {}", bind(below.into())));
            }
            if request.query.expression.is_none() && request.query.has_author() {
                // The index's own order; only letters of one millisecond are put in order beside it.
                " ORDER BY m.date DESC, m.sort_key DESC".to_owned()
            } else {
                format!(" ORDER BY {key} DESC")
            }
        }
        Extent::Earlier { conversation, from } => {
            wheres.push(format!("m.conversation_id = {}", bind(conversation.0.into())));
            wheres.push(format!("{key} >= {}", bind(from.into())));
            String::new()
        }
    };
    if let Some(account) = request.account {
        wheres.push(format!("m.account_id = {}", bind(account.0.into())));
    }
    wheres.push("m.places <> 0".into());
    for filter in &request.query.filters {
        wheres.push(filter.condition(key, &mut bind));
    }
    if !request.query.filters.iter().any(Filter::names_a_place) {
        // Spam and trash are searched only when asked for.
        wheres.push(format!("m.places & ~{} <> 0", bind(parse::discarded().into())));
    }
    let sql =
        format!("SELECT {} FROM {from} WHERE {}{order}", message::COLUMNS, wheres.join(" AND "));
    (sql, values)
}
