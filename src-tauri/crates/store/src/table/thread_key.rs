//! `thread_key`: the index behind threading; every message id ever named, and the conversation it belongs to.

use rusqlite::{Connection, params};

use deskbell_domain::threading::{Join, ThreadKeys, join};
use deskbell_domain::{AccountId, ConversationId};

use crate::table::{conversation, snooze};
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE thread_key (
  account_id INTEGER NOT NULL, -- whose
  key INTEGER NOT NULL, -- digest of a message id that was written or referred to
  conversation_id INTEGER NOT NULL, -- where it belongs
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_key_conversation ON thread_key (conversation_id);
";

/// Finds or makes the conversation of a message, uniting conversations it shows to be one.
///
/// Conversations that were emptied by a union are returned; the caller refreshes them away.
pub(crate) fn place(
    w: &mut Write<'_>,
    account: AccountId,
    keys: &ThreadKeys,
) -> Result<(ConversationId, Vec<ConversationId>), StoreError> {
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    {
        let mut lookup = w.prepare_cached(
            "SELECT conversation_id FROM thread_key WHERE account_id = ?1 AND key = ?2",
        )?;
        for key in &keys.0 {
            let mut rows = lookup.query(params![account.0, key.0])?;
            match rows.next()? {
                Some(row) => found.push(ConversationId(row.get(0)?)),
                None => unknown.push(key),
            }
        }
    }
    let (conversation, emptied) = match join(found) {
        Join::Begin => (conversation::insert(w, account)?, Vec::new()),
        Join::Belong(only) => (only, Vec::new()),
        Join::Unite(oldest, rest) => {
            for other in &rest {
                unite(w, oldest, *other)?;
            }
            (oldest, rest)
        }
    };
    let mut insert = w.prepare_cached(
        "INSERT INTO thread_key (account_id, key, conversation_id) VALUES (?1, ?2, ?3)",
    )?;
    for key in unknown {
        insert.execute(params![account.0, key.0, conversation.0])?;
    }
    Ok((conversation, emptied))
}

fn unite(c: &Connection, into: ConversationId, from: ConversationId) -> Result<(), StoreError> {
    snooze::unite(c, into, from)?;
    for sql in [
        "UPDATE thread_key SET conversation_id = ?1 WHERE conversation_id = ?2",
        "UPDATE message SET conversation_id = ?1 WHERE conversation_id = ?2",
        "UPDATE outbox SET conversation_id = ?1 WHERE conversation_id = ?2",
        "INSERT OR IGNORE INTO conversation_identity (identity_id, conversation_id)
           SELECT identity_id, ?1 FROM conversation_identity WHERE conversation_id = ?2",
    ] {
        c.prepare_cached(sql)?.execute(params![into.0, from.0])?;
    }
    Ok(())
}
