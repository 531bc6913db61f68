//! `scope`: units of sync with their cursors, and the counts that say whether everything is here.

use rusqlite::{Connection, OptionalExtension, Row, params};

use deskbell_domain::sync::{Cursor, RemoteScope};
use deskbell_domain::{AccountId, MailboxRole, Millis, ScopeId};

use crate::store::Entity;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE scope (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  account_id INTEGER NOT NULL REFERENCES account (id), -- whose
  key TEXT NOT NULL, -- the provider's own name
  name TEXT NOT NULL, -- the name a person reads
  role TEXT NOT NULL, -- inbox, sent, drafts, archive, trash, spam, all, other
  selectable INTEGER NOT NULL DEFAULT 1, -- 0: holds no messages itself
  cursor TEXT, -- the provider's opaque position; NULL before the first page
  remote_total INTEGER, -- messages there, as the provider counts
  local_total INTEGER NOT NULL DEFAULT 0, -- copies here; kept by triggers on location
  remaining INTEGER, -- messages of the first sync still to come
  synced_at INTEGER -- when it was last known to be up to date, ms UTC
) STRICT;
CREATE UNIQUE INDEX scope_once ON scope (account_id, key);
";

pub(crate) const V2: &str = "
ALTER TABLE scope ADD COLUMN names_labels INTEGER NOT NULL DEFAULT 0; -- 1: its provider tells labels by name, and so no keywords
";

pub(crate) const V3: &str = "
ALTER TABLE scope ADD COLUMN compare_at INTEGER; -- when all of it is next compared with the provider, ms UTC; NULL before its first listing ended
";

/// A scope row.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Row id.
    pub id: ScopeId,
    /// Whose.
    pub account: AccountId,
    /// As the provider describes it.
    pub remote: RemoteScope,
    /// The provider's position.
    pub cursor: Option<Cursor>,
    /// Messages there.
    pub remote_total: Option<i64>,
    /// Copies here.
    pub local_total: i64,
    /// Copies here whose bodies are still to come.
    pub bodies_missing: i64,
    /// Messages of the first sync still to come.
    pub remaining: Option<i64>,
    /// When it was last known to be up to date.
    pub synced_at: Option<Millis>,
    /// It holds what its provider does not: drafts, messages on their way out.
    pub local: bool,
    /// When all of it is next compared with the provider; `None` before its first listing ended.
    pub compare_at: Option<Millis>,
}

const COLUMNS: &str = "id, account_id, key, name, role, selectable, cursor, remote_total, local_total, remaining, synced_at, local, bodies_missing, compare_at";

fn read(row: &Row<'_>) -> rusqlite::Result<Scope> {
    Ok(Scope {
        id: ScopeId(row.get(0)?),
        account: AccountId(row.get(1)?),
        remote: RemoteScope {
            key: row.get(2)?,
            name: row.get(3)?,
            role: MailboxRole::parse(&row.get::<_, String>(4)?).unwrap_or(MailboxRole::Other),
            selectable: row.get(5)?,
        },
        cursor: row.get::<_, Option<String>>(6)?.map(Cursor),
        remote_total: row.get(7)?,
        local_total: row.get(8)?,
        remaining: row.get(9)?,
        synced_at: row.get(10)?,
        local: row.get(11)?,
        bodies_missing: row.get(12)?,
        compare_at: row.get(13)?,
    })
}

/// Takes over the provider's list: new scopes are made, known ones renamed. Scopes that are not in the list
/// are returned; the caller empties and deletes them.
pub fn adopt(
    w: &mut Write<'_>,
    account: AccountId,
    remote: &[RemoteScope],
) -> Result<Vec<Scope>, StoreError> {
    for scope in remote {
        let changed = w.execute(
            "INSERT INTO scope (account_id, key, name, role, selectable) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account_id, key) DO UPDATE SET name = excluded.name, role = excluded.role, selectable = excluded.selectable
             WHERE name IS NOT excluded.name OR role IS NOT excluded.role OR selectable IS NOT excluded.selectable",
            params![account.0, scope.key, scope.name, scope.role.as_str(), scope.selectable],
        )?;
        if changed > 0 {
            w.touched(Entity::Account, account.0);
        }
    }
    let mut known = list(w, account)?;
    known.retain(|row| !remote.iter().any(|scope| scope.key == row.remote.key));
    Ok(known)
}

/// The provider's scopes of an account: inbox first, then by role and name.
pub fn list(c: &Connection, account: AccountId) -> Result<Vec<Scope>, StoreError> {
    let mut statement = c.prepare_cached(&list_sql())?;
    let mut scopes = statement.query_map([account.0], read)?.collect::<Result<Vec<_>, _>>()?;
    scopes.sort_by_key(|scope| {
        let rank = MailboxRole::EVERY.iter().position(|role| *role == scope.remote.role);
        (rank, scope.remote.name.clone(), scope.id)
    });
    Ok(scopes)
}

pub(crate) fn list_sql() -> String {
    format!("SELECT {COLUMNS} FROM scope WHERE account_id = ?1 AND local = 0")
}

/// The key of the scope that holds what the provider does not; no provider's key holds a control character.
const LOCAL: &str = "\u{1}local";

/// The scope of an account that holds drafts and messages on their way out; made at its first use.
pub(crate) fn local(w: &Write<'_>, account: AccountId) -> Result<ScopeId, StoreError> {
    w.prepare_cached(
        "INSERT INTO scope (account_id, key, name, role, selectable, local) VALUES (?1, ?2, '', 'outbox', 0, 1)
         ON CONFLICT (account_id, key) DO NOTHING",
    )?
    .execute(params![account.0, LOCAL])?;
    Ok(w.prepare_cached("SELECT id FROM scope WHERE account_id = ?1 AND key = ?2")?
        .query_row(params![account.0, LOCAL], |row| row.get(0).map(ScopeId))?)
}

/// One scope.
pub fn get(c: &Connection, id: ScopeId) -> Result<Scope, StoreError> {
    c.prepare_cached(&format!("SELECT {COLUMNS} FROM scope WHERE id = ?1"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or(StoreError::NotFound("mailbox"))
}

/// The scope of an account with this key.
pub fn find(c: &Connection, account: AccountId, key: &str) -> Result<Option<Scope>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM scope WHERE account_id = ?1 AND key = ?2");
    Ok(c.prepare_cached(&sql)?.query_row(params![account.0, key], read).optional()?)
}

/// Moves the cursor and takes over the provider's counts.
pub(crate) fn advance(
    w: &mut Write<'_>,
    id: ScopeId,
    cursor: Option<&Cursor>,
    remote_total: Option<u64>,
    remaining: Option<u64>,
) -> Result<(), StoreError> {
    w.execute(
        "UPDATE scope SET cursor = coalesce(?2, cursor), remote_total = coalesce(?3, remote_total), remaining = ?4 WHERE id = ?1",
        params![
            id.0,
            cursor.map(|cursor| &cursor.0),
            remote_total.and_then(|n| i64::try_from(n).ok()),
            remaining.and_then(|n| i64::try_from(n).ok()),
        ],
    )?;
    Ok(())
}

/// Forgets how many messages the provider says there are.
pub(crate) fn forget_total(w: &Write<'_>, id: ScopeId) -> Result<(), StoreError> {
    w.prepare_cached(
        "UPDATE scope SET remote_total = NULL WHERE id = ?1 AND remote_total IS NOT NULL",
    )?
    .execute([id.0])?;
    Ok(())
}

/// Notes that a scope's provider tells labels by their names.
pub(crate) fn set_names_labels(w: &Write<'_>, id: ScopeId) -> Result<(), StoreError> {
    w.prepare_cached("UPDATE scope SET names_labels = 1 WHERE id = ?1 AND names_labels = 0")?
        .execute([id.0])?;
    Ok(())
}

/// Whether a scope's provider tells labels by their names.
pub(crate) fn names_labels(c: &Connection, id: ScopeId) -> Result<bool, StoreError> {
    Ok(c.prepare_cached("SELECT 1 FROM scope WHERE id = ?1 AND names_labels = 1")?
        .exists([id.0])?)
}

/// Notes that the scope is up to date.
pub fn set_synced(w: &mut Write<'_>, id: ScopeId) -> Result<(), StoreError> {
    w.execute(
        "UPDATE scope SET synced_at = ?2, remaining = NULL WHERE id = ?1",
        params![id.0, w.now()],
    )?;
    w.touched(Entity::Scope, id.0);
    Ok(())
}

/// Forgets the cursor, so that the next pull starts from nothing; no message is touched.
pub fn forget_cursor(w: &mut Write<'_>, id: ScopeId) -> Result<(), StoreError> {
    w.execute("UPDATE scope SET cursor = NULL WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Sets when all of a scope is next compared with its provider.
pub fn set_compare_at(w: &Write<'_>, id: ScopeId, at: Millis) -> Result<(), StoreError> {
    w.execute("UPDATE scope SET compare_at = ?2 WHERE id = ?1", params![id.0, at])?;
    Ok(())
}

/// Begins to compare all of a scope: from this position on, or by a listing from nothing; next time at `next`.
pub fn begin_comparison(
    w: &Write<'_>,
    id: ScopeId,
    from: Option<&Cursor>,
    next: Millis,
) -> Result<(), StoreError> {
    w.execute(
        "UPDATE scope SET cursor = ?2, compare_at = ?3 WHERE id = ?1",
        params![id.0, from.map(|cursor| &cursor.0), next],
    )?;
    Ok(())
}

/// Deletes an emptied scope.
pub(crate) fn delete(w: &mut Write<'_>, id: ScopeId) -> Result<(), StoreError> {
    w.execute("DELETE FROM scope WHERE id = ?1", [id.0])?;
    w.deleted(Entity::Scope, id.0);
    Ok(())
}
