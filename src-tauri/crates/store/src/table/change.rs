//! `change`: the log of committed writes, for another process that reads the same profile.

use rusqlite::{Connection, params};

use deskbell_domain::Millis;

use crate::StoreError;
use crate::store::{Change, Entity, Origin};

pub(crate) const V1: &str = "
CREATE TABLE change (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- order of commits
  at INTEGER NOT NULL, -- ms UTC
  origin TEXT NOT NULL, -- sync, local
  entity TEXT NOT NULL, -- account, scope, conversation, message
  row_id INTEGER NOT NULL, -- which row
  deleted INTEGER NOT NULL -- 1: it is gone
) STRICT;
";

/// Log rows kept; a reader that fell further behind looks at everything again.
const KEPT: i64 = 100_000;
/// The log is cut once in so many rows, not at every commit.
const CUT_EVERY: i64 = 4_096;
/// Rows a reader takes at once.
const BATCH: i64 = 10_000;

pub(crate) fn insert(
    c: &Connection,
    origin: Origin,
    now: Millis,
    changes: &[Change],
) -> rusqlite::Result<()> {
    let mut statement = c.prepare_cached(
        "INSERT INTO change (at, origin, entity, row_id, deleted) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut cut = None;
    for change in changes {
        statement.execute(params![
            now,
            origin.as_str(),
            change.entity.as_str(),
            change.id,
            change.deleted
        ])?;
        let id = c.last_insert_rowid();
        if id % CUT_EVERY == 0 {
            cut = Some(id - KEPT);
        }
    }
    if let Some(limit) = cut {
        c.execute("DELETE FROM change WHERE id <= ?1", [limit])?;
    }
    Ok(())
}

/// The last row's number.
pub(crate) fn last(c: &Connection) -> Result<i64, StoreError> {
    Ok(c.query_row("SELECT coalesce(max(id), 0) FROM change", [], |row| row.get(0))?)
}

/// What was logged after `since`, and the number to ask from next time.
pub(crate) fn since(c: &Connection, since: i64) -> Result<(i64, Vec<Change>), StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT id, entity, row_id, deleted FROM change WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut rows = statement.query(params![since, BATCH])?;
    let (mut last, mut changes) = (since, Vec::new());
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        if let Some(entity) = Entity::parse(&row.get::<_, String>(1)?) {
            changes.push(Change { entity, id: row.get(2)?, deleted: row.get(3)? });
        }
    }
    Ok((last, changes))
}
