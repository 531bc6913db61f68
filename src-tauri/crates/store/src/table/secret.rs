//! `secret`: passwords and tokens, sealed with the profile's key. The key itself is never in this file.

use rusqlite::{Connection, OptionalExtension, params};

use deskbell_domain::AccountId;

use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE secret (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- whose
  name TEXT NOT NULL, -- password
  sealed BLOB NOT NULL, -- nonce and ciphertext (XChaCha20-Poly1305)
  PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;
";

/// Stores a sealed secret, replacing the one before.
pub fn put(
    w: &mut Write<'_>,
    account: AccountId,
    name: &str,
    sealed: &[u8],
) -> Result<(), StoreError> {
    w.execute(
        "INSERT INTO secret (account_id, name, sealed) VALUES (?1, ?2, ?3)
         ON CONFLICT (account_id, name) DO UPDATE SET sealed = excluded.sealed",
        params![account.0, name, sealed],
    )?;
    Ok(())
}

/// Reads a sealed secret.
pub fn get(c: &Connection, account: AccountId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(c.prepare_cached("SELECT sealed FROM secret WHERE account_id = ?1 AND name = ?2")?
        .query_row(params![account.0, name], |row| row.get(0))
        .optional()?)
}

/// Everything that is sealed with the profile's key, and for which account; for account 0 what is nobody's.
pub fn all(c: &Connection) -> Result<Vec<(AccountId, Vec<u8>)>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT account_id, sealed FROM secret UNION ALL SELECT 0, secret FROM oauth_client WHERE secret IS NOT NULL",
    )?;
    let rows = statement.query_map([], |row| Ok((AccountId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether anything is sealed with the profile's key.
pub fn any(c: &Connection) -> Result<bool, StoreError> {
    Ok(c.query_row("SELECT EXISTS (SELECT 1 FROM secret) OR EXISTS (SELECT 1 FROM oauth_client WHERE secret IS NOT NULL)", [], |row| row.get(0))?)
}
