//! Search: newest first, one hit a conversation.
//!
//! The index is read in its own order, newest first, and reading stops when the page is full; the cost
//! follows what is shown, not how much matches.

mod highlight;
mod parse;
mod pieces;
mod statement;
mod suggest;
mod walk;
mod way;

use rusqlite::Connection;

use deskbell_domain::AccountId;
use deskbell_domain::message::BodyState;

pub use highlight::Fragment;
pub use parse::{Filter, Query, parse};
#[cfg(test)]
pub(crate) use statement::{earlier, page as statement};

use self::walk::Walk;
use crate::sync::text;
use crate::table::conversation::{self, Conversation};
use crate::table::message::Message;
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
