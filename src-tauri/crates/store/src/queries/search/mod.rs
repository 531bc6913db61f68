//! Search: newest first, one hit a conversation.
//!
//! The index is read in its own order, newest first, and reading stops when the page is full; the cost
//! follows what is shown, not how much matches.

mod highlight;
mod parse;
mod suggest;

use std::collections::HashSet;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use deskbell_domain::message::BodyState;
use deskbell_domain::{AccountId, ConversationId};

pub use highlight::Fragment;
pub use parse::{Filter, Query, parse};

use crate::sync::text;
use crate::table::conversation::{self, Conversation};
use crate::table::message::{self, Message};
use crate::{Packer, StoreError};

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

/// Messages looked at for one page; a thread of thousands of matching messages fills no page.
const LOOKED_AT: usize = 5_000;

/// Runs a search.
pub fn run(c: &Connection, packer: &Packer, request: &Request) -> Result<Page, StoreError> {
    let (sql, values) = statement(request);
    let mut page = Page::default();
    let mut seen: HashSet<ConversationId> = HashSet::new();
    let mut looked_at = 0;
    let mut last = None;
    let mut statement = c.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        let hit = message::read(row)?;
        if page.hits.len() == request.limit || looked_at == LOOKED_AT {
            page.next = last;
            break;
        }
        looked_at += 1;
        last = Some(hit.sort_key);
        if !seen.insert(hit.conversation) || is_on_an_earlier_page(c, request, hit.conversation)? {
            continue;
        }
        page.hits.push(present(c, packer, &request.query, hit)?);
    }
    if page.hits.is_empty() && request.below.is_none() {
        page.suggestion = suggest::suggest(c, &request.query)?;
    }
    Ok(page)
}

/// Whether a newer message of the conversation matches too, so that a page before this one shows it.
fn is_on_an_earlier_page(
    c: &Connection,
    request: &Request,
    conversation: ConversationId,
) -> Result<bool, StoreError> {
    let Some(below) = request.below else { return Ok(false) };
    let newer = "SELECT 1 FROM message WHERE conversation_id = ?1 AND sort_key >= ?2";
    if !c.prepare_cached(newer)?.exists([conversation.0, below])? {
        return Ok(false);
    }
    let (sql, values) = earlier_statement(request, conversation, below);
    Ok(c.prepare_cached(&sql)?.exists(params_from_iter(values))?)
}

fn present(
    c: &Connection,
    packer: &Packer,
    query: &Query,
    hit: Message,
) -> Result<Hit, StoreError> {
    let marks = &query.marks;
    let body = if hit.body_state == BodyState::Full && !marks.is_empty() {
        // A damaged body is said where it is opened; the search shows what else is known of it.
        text(c, packer, hit.id).unwrap_or_else(|error| {
            tracing::warn!(%error, message = hit.id.0, "no words around a match can be shown");
            None
        })
    } else {
        None
    };
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
            format!(" ORDER BY {key} DESC")
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
