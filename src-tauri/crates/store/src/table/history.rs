//! The history window of an account: how far back its mail is kept on this machine.
//!
//! Columns of `account`. A person decides the days; the edge, an instant, follows them day by day. Invariant:
//! below the edge in force nothing is fetched, and below `history_forgotten` nothing is left that may go.

use rusqlite::{Connection, OptionalExtension, params};

use deskbell_domain::{AccountId, Millis};

use crate::store::Entity;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
ALTER TABLE account ADD COLUMN history_days INTEGER; -- how many days of mail are kept here; NULL: all of it
ALTER TABLE account ADD COLUMN history_since INTEGER; -- the edge in force: what was received before is not fetched, ms UTC; NULL: everything is
ALTER TABLE account ADD COLUMN history_forgotten INTEGER; -- the edge below which everything was forgotten that may be, ms UTC
ALTER TABLE account ADD COLUMN history_latest INTEGER NOT NULL DEFAULT 0; -- the latest edge that was ever in force: older mail that comes is history to rules, ms UTC
";

/// The window of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// How many days of mail a person wants here; `None` for all of it.
    pub days: Option<u32>,
    /// The edge in force; `None` where everything is fetched.
    pub since: Option<Millis>,
    /// The edge below which everything was forgotten that may be.
    pub forgotten: Option<Millis>,
}

impl History {
    /// Whether something that lies below the edge may still be here.
    pub fn is_to_forget(&self) -> bool {
        self.since.is_some_and(|since| self.forgotten.is_none_or(|forgotten| forgotten < since))
    }
}

/// The window of an account.
pub fn get(c: &Connection, id: AccountId) -> Result<History, StoreError> {
    let sql = "SELECT history_days, history_since, history_forgotten FROM account WHERE id = ?1";
    c.prepare_cached(sql)?
        .query_row([id.0], |row| {
            Ok(History { days: row.get(0)?, since: row.get(1)?, forgotten: row.get(2)? })
        })
        .optional()?
        .ok_or(StoreError::NotFound("account"))
}

/// Says how many days of mail are kept here; the next full sync makes it so.
pub fn set_days(w: &mut Write<'_>, id: AccountId, days: Option<u32>) -> Result<(), StoreError> {
    w.execute("UPDATE account SET history_days = ?2 WHERE id = ?1", params![id.0, days])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Moves the edge. What its servers hold inside of it is to be counted anew.
pub fn move_edge(
    w: &mut Write<'_>,
    id: AccountId,
    since: Option<Millis>,
) -> Result<History, StoreError> {
    let before = get(w, id)?;
    let wider = before.since.is_some_and(|edge| since.is_none_or(|since| since < edge));
    let forgotten = if wider { since } else { before.forgotten };
    w.execute(
        "UPDATE account SET history_since = ?2, history_forgotten = ?3, history_latest = max(history_latest, coalesce(?2, 0)) WHERE id = ?1",
        params![id.0, since, forgotten],
    )?;
    w.execute("UPDATE scope SET remote_total = NULL WHERE account_id = ?1", [id.0])?;
    w.touched(Entity::Account, id.0);
    Ok(History { since, forgotten, ..before })
}

/// Notes that below the edge in force nothing is left that may go.
pub(crate) fn set_forgotten(w: &Write<'_>, id: AccountId) -> Result<(), StoreError> {
    w.execute("UPDATE account SET history_forgotten = history_since WHERE id = ?1", [id.0])?;
    Ok(())
}

/// From when on mail that comes is news to rules: when the account was made, or the latest edge.
pub(crate) fn news_since(c: &Connection, id: AccountId) -> Result<Millis, StoreError> {
    let sql = "SELECT max(created_at, history_latest) FROM account WHERE id = ?1";
    Ok(c.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))?)
}
