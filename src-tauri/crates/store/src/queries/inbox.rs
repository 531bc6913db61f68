//! Lists of conversations and their counters.

use rusqlite::{Connection, params};

use deskbell_domain::conversation::View;
use deskbell_domain::{AccountId, ConversationId, Millis};

use crate::StoreError;
use crate::table::conversation::{self, Conversation};

/// Where a page ends: the last row's place in the list's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The row's `last_at`.
    pub last_at: Millis,
    /// The row's id.
    pub id: ConversationId,
}

/// Conversations of one view: all, and those with something unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The view's code.
    pub view: View,
    /// Whose.
    pub account: AccountId,
    /// Conversations in the view.
    pub total: i64,
    /// Those with something unread.
    pub unread: i64,
}

/// The page of a view after `after`, newest first.
pub fn page(
    c: &Connection,
    view: View,
    account: Option<AccountId>,
    after: Option<Position>,
    limit: u32,
) -> Result<Vec<Conversation>, StoreError> {
    let after = after.unwrap_or(Position { last_at: i64::MAX, id: ConversationId(i64::MAX) });
    let columns = conversation::COLUMNS;
    let read = conversation::read;
    let rows = match account {
        Some(account) => c
            .prepare_cached(&account_sql(columns))?
            .query_map(params![view.code(), after.last_at, after.id.0, limit, account.0], read)?
            .collect::<Result<_, _>>(),
        None => c
            .prepare_cached(&all_sql(columns))?
            .query_map(params![view.code(), after.last_at, after.id.0, limit], read)?
            .collect::<Result<_, _>>(),
    };
    Ok(rows?)
}

pub(crate) fn all_sql(columns: &str) -> String {
    format!(
        "SELECT {columns} FROM listing l INDEXED BY listing_all CROSS JOIN conversation c ON c.id = l.conversation_id
         WHERE l.view = ?1 AND (l.last_at, l.conversation_id) < (?2, ?3)
         ORDER BY l.last_at DESC, l.conversation_id DESC LIMIT ?4"
    )
}

pub(crate) fn account_sql(columns: &str) -> String {
    format!(
        "SELECT {columns} FROM listing l CROSS JOIN conversation c ON c.id = l.conversation_id
         WHERE l.view = ?1 AND l.account_id = ?5 AND (l.last_at, l.conversation_id) < (?2, ?3)
         ORDER BY l.last_at DESC, l.conversation_id DESC LIMIT ?4"
    )
}

pub(crate) const COUNTERS: &str =
    "SELECT view, account_id, total, unread FROM counter ORDER BY view";

/// Every counter there is: one row a view and account.
pub fn counters(c: &Connection) -> Result<Vec<Counter>, StoreError> {
    let mut statement = c.prepare_cached(COUNTERS)?;
    let mut rows = statement.query([])?;
    let mut counters = Vec::new();
    while let Some(row) = rows.next()? {
        let code: i64 = row.get(0)?;
        if let Some(view) = View::EVERY.into_iter().find(|view| view.code() == code) {
            counters.push(Counter {
                view,
                account: AccountId(row.get(1)?),
                total: row.get(2)?,
                unread: row.get(3)?,
            });
        }
    }
    Ok(counters)
}
