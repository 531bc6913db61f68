//! `sync_run`: the history of syncs, kept for Health.

use rusqlite::{Connection, params};

use deskbell_domain::{AccountId, Millis};

use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE sync_run (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- whose
  started_at INTEGER NOT NULL, -- ms UTC
  finished_at INTEGER, -- ms UTC; NULL while it runs
  outcome TEXT NOT NULL DEFAULT 'running', -- running, ok, offline, sign_in_needed, stopped, error
  error TEXT, -- what went wrong, in plain words
  added INTEGER NOT NULL DEFAULT 0, -- messages new
  changed INTEGER NOT NULL DEFAULT 0, -- copies whose flags changed
  removed INTEGER NOT NULL DEFAULT 0 -- copies gone
) STRICT;
CREATE INDEX sync_run_account ON sync_run (account_id, id);
";

/// Runs kept per account.
const KEPT: i64 = 200;

/// A run row.
#[derive(Clone, Debug)]
pub struct SyncRun {
    /// Row id.
    pub id: i64,
    /// When it began.
    pub started_at: Millis,
    /// When it ended.
    pub finished_at: Option<Millis>,
    /// How it ended.
    pub outcome: String,
    /// What went wrong.
    pub error: Option<String>,
    /// What it brought.
    pub tally: Tally,
}

/// What a run brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages new.
    pub added: i64,
    /// Copies whose flags changed.
    pub changed: i64,
    /// Copies gone.
    pub removed: i64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.removed += other.removed;
    }
}

/// Closes the runs of a process that was killed: nobody is running them.
pub(crate) fn close_interrupted(c: &Connection) -> Result<(), StoreError> {
    c.execute(
        "UPDATE sync_run SET outcome = 'stopped', finished_at = started_at WHERE finished_at IS NULL",
        [],
    )?;
    Ok(())
}

/// Begins a run.
pub fn begin(w: &mut Write<'_>, account: AccountId) -> Result<i64, StoreError> {
    w.execute(
        "INSERT INTO sync_run (account_id, started_at) VALUES (?1, ?2)",
        params![account.0, w.now()],
    )?;
    let id = w.last_insert_rowid();
    w.execute(
        "DELETE FROM sync_run WHERE account_id = ?1 AND id <= (
           SELECT id FROM sync_run WHERE account_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        params![account.0, KEPT],
    )?;
    Ok(id)
}

/// Ends a run. One that looked, found nothing and succeeded right after another such replaces it, so that
/// a night of polling does not push out what is worth reading.
pub fn finish(
    w: &mut Write<'_>,
    id: i64,
    outcome: &str,
    error: Option<&str>,
    tally: Tally,
) -> Result<(), StoreError> {
    w.execute(
        "UPDATE sync_run SET finished_at = ?2, outcome = ?3, error = ?4, added = ?5, changed = ?6, removed = ?7 WHERE id = ?1",
        params![id, w.now(), outcome, error, tally.added, tally.changed, tally.removed],
    )?;
    if tally == Tally::default() && outcome == "ok" {
        w.execute(
            "DELETE FROM sync_run WHERE id = (
               SELECT b.id FROM sync_run a JOIN sync_run b ON b.account_id = a.account_id AND b.id < a.id
               WHERE a.id = ?1 ORDER BY b.id DESC LIMIT 1)
             AND outcome = 'ok' AND added = 0 AND changed = 0 AND removed = 0",
            [id],
        )?;
    }
    Ok(())
}

pub(crate) const LATEST: &str =
    "SELECT id, started_at, finished_at, outcome, error, added, changed, removed FROM sync_run
     WHERE account_id = ?1 ORDER BY id DESC LIMIT ?2";

/// The latest runs of an account, newest first.
pub fn latest(c: &Connection, account: AccountId, limit: u32) -> Result<Vec<SyncRun>, StoreError> {
    let mut statement = c.prepare_cached(LATEST)?;
    let rows = statement.query_map(params![account.0, limit], |row| {
        Ok(SyncRun {
            id: row.get(0)?,
            started_at: row.get(1)?,
            finished_at: row.get(2)?,
            outcome: row.get(3)?,
            error: row.get(4)?,
            tally: Tally { added: row.get(5)?, changed: row.get(6)?, removed: row.get(7)? },
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
