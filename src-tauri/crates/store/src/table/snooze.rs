//! `snooze`, `snooze_undo`: conversations put off, and those that came back.
//!
//! Invariant: a row with no `returned_at` keeps its conversation out of the inbox; everything else a row
//! says only colours the conversation's place in lists.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use deskbell_domain::{ConversationId, Millis};

use crate::table::outbox::encode;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE snooze (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id), -- what is put off
  until INTEGER, -- when it comes back, ms UTC; NULL: when somebody answers
  set_at INTEGER NOT NULL, -- when it was put off, ms UTC
  after_id INTEGER NOT NULL, -- a message with a higher id is an answer
  after_at INTEGER NOT NULL, -- unless the provider received it before this, ms UTC
  from_inbox INTEGER NOT NULL, -- 1: it lay in the inbox
  returned_at INTEGER, -- when it came back, ms UTC; NULL while it is put off
  fresh INTEGER NOT NULL DEFAULT 0 -- 1: it came back and nobody has looked at it since
) STRICT;
CREATE INDEX snooze_due ON snooze (until) WHERE returned_at IS NULL;
CREATE TABLE snooze_undo (
  undo_group TEXT NOT NULL, -- the token a face holds
  conversation_id INTEGER NOT NULL, -- what was put off, or brought back
  prior TEXT NOT NULL, -- JSON: the row before; null for none
  created_at INTEGER NOT NULL, -- ms UTC
  PRIMARY KEY (undo_group, conversation_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE conversation ADD COLUMN snoozed INTEGER NOT NULL DEFAULT 0; -- 1: put off
ALTER TABLE conversation ADD COLUMN snoozed_until INTEGER; -- until when, ms UTC; NULL: until somebody answers
ALTER TABLE conversation ADD COLUMN back INTEGER NOT NULL DEFAULT 0; -- 1: came back and nobody has looked since
";

/// A conversation put off, or come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// When it comes back; `None` for when somebody answers.
    pub until: Option<Millis>,
    /// When it was put off.
    pub set_at: Millis,
    pub(crate) after_id: i64,
    pub(crate) after_at: Millis,
    pub(crate) from_inbox: bool,
    /// When it came back; `None` while it is put off.
    pub returned_at: Option<Millis>,
    /// It came back and nobody has looked since.
    pub fresh: bool,
}

impl Snooze {
    /// Whether it is put off now.
    pub fn is_asleep(&self) -> bool {
        self.returned_at.is_none()
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Snooze> {
    Ok(Snooze {
        until: row.get(0)?,
        set_at: row.get(1)?,
        after_id: row.get(2)?,
        after_at: row.get(3)?,
        from_inbox: row.get(4)?,
        returned_at: row.get(5)?,
        fresh: row.get(6)?,
    })
}

/// What is known of a conversation being put off.
pub fn of(c: &Connection, id: ConversationId) -> Result<Option<Snooze>, StoreError> {
    Ok(c.prepare_cached(
        "SELECT until, set_at, after_id, after_at, from_inbox, returned_at, fresh FROM snooze WHERE conversation_id = ?1",
    )?
    .query_row([id.0], read)
    .optional()?)
}

/// Replaces what is known, or forgets it.
pub(crate) fn put(
    w: &Write<'_>,
    id: ConversationId,
    snooze: Option<&Snooze>,
) -> Result<(), StoreError> {
    let Some(s) = snooze else {
        w.prepare_cached("DELETE FROM snooze WHERE conversation_id = ?1")?.execute([id.0])?;
        return Ok(());
    };
    w.prepare_cached(
        "INSERT INTO snooze (conversation_id, until, set_at, after_id, after_at, from_inbox, returned_at, fresh)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (conversation_id) DO UPDATE SET until = excluded.until, set_at = excluded.set_at, after_id = excluded.after_id,
           after_at = excluded.after_at, from_inbox = excluded.from_inbox, returned_at = excluded.returned_at, fresh = excluded.fresh",
    )?
    .execute(params![
        id.0,
        s.until,
        s.set_at,
        s.after_id,
        s.after_at,
        s.from_inbox,
        s.returned_at,
        s.fresh
    ])?;
    Ok(())
}

/// Conversations whose time has come.
pub fn due(c: &Connection, now: Millis) -> Result<Vec<ConversationId>, StoreError> {
    let mut statement = c.prepare_cached(DUE)?;
    let rows = statement.query_map([now], |row| row.get(0).map(ConversationId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) const DUE: &str = "SELECT conversation_id FROM snooze INDEXED BY snooze_due WHERE returned_at IS NULL AND until <= ?1 ORDER BY until";

/// When the next conversation comes back by itself.
pub fn next_due(c: &Connection) -> Result<Option<Millis>, StoreError> {
    Ok(c.prepare_cached(
        "SELECT until FROM snooze INDEXED BY snooze_due WHERE returned_at IS NULL AND until IS NOT NULL ORDER BY until LIMIT 1",
    )?
    .query_row([], |row| row.get(0))
    .optional()?)
}

/// Hands what is known over to the conversation another one was united with.
pub(crate) fn unite(
    c: &Connection,
    into: ConversationId,
    from: ConversationId,
) -> Result<(), StoreError> {
    c.prepare_cached(
        "UPDATE OR IGNORE snooze SET conversation_id = ?1 WHERE conversation_id = ?2",
    )?
    .execute([into.0, from.0])?;
    c.prepare_cached("DELETE FROM snooze WHERE conversation_id = ?1")?.execute([from.0])?;
    Ok(())
}

/// Remembers how it was before an edit.
pub(crate) fn remember(
    w: &Write<'_>,
    group: &str,
    id: ConversationId,
    prior: Option<&Snooze>,
) -> Result<(), StoreError> {
    w.prepare_cached(
        "INSERT OR IGNORE INTO snooze_undo (undo_group, conversation_id, prior, created_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![group, id.0, encode(&prior)?, w.now()])?;
    Ok(())
}

/// How conversations were before an edit; each is told once.
pub(crate) fn recall(
    w: &Write<'_>,
    group: &str,
) -> Result<Vec<(ConversationId, Option<Snooze>)>, StoreError> {
    let mut statement = w.prepare_cached(
        "DELETE FROM snooze_undo WHERE undo_group = ?1 RETURNING conversation_id, prior",
    )?;
    let rows = statement.query_map([group], |row| {
        let prior: String = row.get(1)?;
        Ok((ConversationId(row.get(0)?), serde_json::from_str(&prior).unwrap_or_default()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
