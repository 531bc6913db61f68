//! Health: completeness, quarantine, sizes.

use rusqlite::Connection;

use deskbell_domain::message::BodyState;
use deskbell_domain::{AccountId, ConversationId, MessageId, Millis};

use crate::StoreError;
use crate::table::held;

/// Messages whose bodies are still to come, of all accounts.
pub fn not_searchable(c: &Connection) -> Result<i64, StoreError> {
    held::in_state(c, BodyState::Missing)
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

pub(crate) const QUARANTINED: &str =
    "SELECT id, conversation_id, coalesce(quarantine_reason, ''), internal_date FROM message
     WHERE account_id = ?1 AND body_state = 2 ORDER BY id DESC LIMIT 200";

/// The messages of an account that could not be read, those that came last first; at most 200.
pub fn quarantined(c: &Connection, account: AccountId) -> Result<Vec<Quarantined>, StoreError> {
    let mut statement = c.prepare_cached(QUARANTINED)?;
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
    /// Those that could not be read.
    pub quarantined: i64,
    /// Conversations that are neither spam nor deleted.
    pub conversations: i64,
}

pub(crate) const LISTED: &str = "SELECT coalesce(sum(total), 0) FROM counter WHERE view = ?1";

/// Measures the store.
pub fn sizes(c: &Connection) -> Result<Sizes, StoreError> {
    let pages: i64 = c.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let page: i64 = c.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let view = deskbell_domain::conversation::View::All.code();
    Ok(Sizes {
        database_bytes: pages.saturating_mul(page).unsigned_abs(),
        blob_bytes: held::blob_bytes(c)?.unsigned_abs(),
        messages: held::messages(c)?,
        quarantined: held::in_state(c, BodyState::Quarantined)?,
        conversations: c.prepare_cached(LISTED)?.query_row([view], |row| row.get(0))?,
    })
}

const SEARCHES: [&str; 2] = [
    "SELECT 1 FROM message_text WHERE message_text MATCH 'a'",
    "SELECT 1 FROM identity_search WHERE identity_search MATCH 'a'",
];

/// Checks the file and its search index; one line a fault, empty when everything is whole.
pub fn integrity(c: &Connection) -> Result<Vec<String>, StoreError> {
    // A search looks again at where an index lies; a check does not, and takes what was merged since for damage.
    for search in SEARCHES {
        c.prepare_cached(search)?.exists([])?;
    }
    let mut statement = c.prepare("PRAGMA quick_check(20)")?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut faults: Vec<String> = lines.collect::<Result<_, _>>()?;
    faults.retain(|line| line != "ok");
    for what in held::miscounted(c)? {
        faults.push(format!("the counter of {what} differs from what it counts"));
    }
    Ok(faults)
}
