//! Health: completeness, quarantine, sizes.

use std::collections::HashMap;

use rusqlite::Connection;

use deskbell_domain::{AccountId, ConversationId, MessageId, Millis, ScopeId};

use crate::StoreError;

/// How many bodies of each scope are still to come.
pub fn bodies_missing(
    c: &Connection,
    account: AccountId,
) -> Result<HashMap<ScopeId, i64>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT l.scope_id, count(*) FROM message m INDEXED BY message_body_missing JOIN location l ON l.message_id = m.id
         WHERE m.account_id = ?1 AND m.body_state = 0 GROUP BY l.scope_id",
    )?;
    let rows = statement.query_map([account.0], |row| Ok((ScopeId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Messages whose bodies are still to come, of all accounts.
pub fn not_searchable(c: &Connection) -> Result<i64, StoreError> {
    let accounts = crate::table::account::list(c)?;
    let mut missing = 0;
    for account in accounts {
        missing += c
            .prepare_cached(
                "SELECT count(*) FROM message WHERE account_id = ?1 AND body_state = 0",
            )?
            .query_row([account.id.0], |row| row.get::<_, i64>(0))?;
    }
    Ok(missing)
}

/// A message that could not be read.
#[derive(Clone, Debug)]
pub struct Quarantined {
    /// Which.
    pub message: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// Why.
    pub reason: String,
    /// When it came.
    pub at: Millis,
}

/// The messages of an account that could not be read; at most 200.
pub fn quarantined(c: &Connection, account: AccountId) -> Result<Vec<Quarantined>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT id, conversation_id, coalesce(quarantine_reason, ''), internal_date FROM message
         WHERE account_id = ?1 AND body_state = 2 LIMIT 200",
    )?;
    let rows = statement.query_map([account.0], |row| {
        Ok(Quarantined {
            message: MessageId(row.get(0)?),
            conversation: ConversationId(row.get(1)?),
            reason: row.get(2)?,
            at: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sizes of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes of the database.
    pub database_bytes: u64,
    /// Bytes of the attachments.
    pub blob_bytes: u64,
    /// Messages.
    pub messages: i64,
    /// Conversations that are neither spam nor deleted.
    pub conversations: i64,
}

/// Measures the store.
pub fn sizes(c: &Connection) -> Result<Sizes, StoreError> {
    let pages: i64 = c.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let page: i64 = c.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let view = deskbell_domain::conversation::View::All.code();
    Ok(Sizes {
        database_bytes: pages.saturating_mul(page).unsigned_abs(),
        blob_bytes: crate::table::body::blob_bytes(c)?.unsigned_abs(),
        messages: c.query_row("SELECT count(*) FROM message", [], |row| row.get(0))?,
        conversations: c.query_row(
            "SELECT coalesce(sum(total), 0) FROM counter WHERE view = ?1",
            [view],
            |row| row.get(0),
        )?,
    })
}

/// Checks the file and its search index; one line a fault, empty when everything is whole.
pub fn integrity(c: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = c.prepare("PRAGMA quick_check(20)")?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut faults: Vec<String> = lines.collect::<Result<_, _>>()?;
    faults.retain(|line| line != "ok");
    let miscounted: i64 = c.query_row(
        "SELECT count(*) FROM (
           SELECT view, account_id, count(*) AS total, sum(unread) AS unread FROM listing GROUP BY view, account_id)
         l FULL JOIN counter r USING (view, account_id)
         WHERE coalesce(l.total, 0) <> coalesce(r.total, 0) OR coalesce(l.unread, 0) <> coalesce(r.unread, 0)",
        [],
        |row| row.get(0),
    )?;
    if miscounted > 0 {
        faults.push(format!("{miscounted} counters differ from what they count"));
    }
    Ok(faults)
}
