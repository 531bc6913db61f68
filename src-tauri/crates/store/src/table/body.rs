//! `body`, `body_blob`, `blob`, `dictionary`: sources and texts of messages, packed. See [`crate::body`].

use rusqlite::{Connection, OptionalExtension, params};

use deskbell_domain::{AccountId, MessageId};

use crate::body::PackedBody;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE dictionary (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- number written before each packed value
  bytes BLOB NOT NULL, -- zstd dictionary trained on this profile's mail
  created_at INTEGER NOT NULL -- ms UTC
) STRICT;
CREATE TABLE body (
  message_id INTEGER PRIMARY KEY REFERENCES message (id), -- of what
  source BLOB NOT NULL, -- packed source without the attachments that are kept as blobs
  layout TEXT, -- JSON: where those attachments go; NULL when there are none
  text BLOB NOT NULL -- packed plain text: what search indexed
) STRICT;
CREATE TABLE blob (
  hash BLOB PRIMARY KEY, -- BLAKE3 of the bytes; the file's name under blobs/ in hex
  size INTEGER NOT NULL, -- bytes
  used INTEGER NOT NULL -- messages that hold it
) STRICT, WITHOUT ROWID;
CREATE TABLE body_blob (
  message_id INTEGER NOT NULL, -- of what
  hash BLOB NOT NULL REFERENCES blob (hash), -- which attachment
  PRIMARY KEY (message_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_unused ON blob (hash) WHERE used = 0;
CREATE TRIGGER body_blob_added AFTER INSERT ON body_blob BEGIN
  UPDATE blob SET used = used + 1 WHERE hash = new.hash;
END;
CREATE TRIGGER body_blob_removed AFTER DELETE ON body_blob BEGIN
  UPDATE blob SET used = used - 1 WHERE hash = old.hash;
END;
";

pub(crate) const V2: &str = "
ALTER TABLE dictionary ADD COLUMN retired INTEGER NOT NULL DEFAULT 0; -- 1: mail it may have been trained on is erased; what it packed is being packed anew
";

/// A stored dictionary.
#[derive(Debug)]
pub(crate) struct StoredDictionary {
    /// Written before each value it packed.
    pub(crate) number: i64,
    pub(crate) bytes: Vec<u8>,
    /// Nothing more is packed with it.
    pub(crate) retired: bool,
}

/// Stores a packed body; one that is there already stays, since a message never changes.
pub(crate) fn insert(
    w: &Write<'_>,
    message: MessageId,
    packed: &PackedBody,
) -> Result<(), StoreError> {
    w.prepare_cached(
        "INSERT OR IGNORE INTO body (message_id, source, layout, text) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![message.0, packed.source, packed.layout, packed.text])?;
    for (hash, size) in &packed.blobs {
        w.prepare_cached("INSERT OR IGNORE INTO blob (hash, size, used) VALUES (?1, ?2, 0)")?
            .execute(params![hash.as_slice(), size])?;
        w.prepare_cached("INSERT OR IGNORE INTO body_blob (message_id, hash) VALUES (?1, ?2)")?
            .execute(params![message.0, hash.as_slice()])?;
    }
    Ok(())
}

/// A packed source, and its layout where attachments were taken out of it.
pub(crate) type PackedSource = (Vec<u8>, Option<String>);

/// The packed source and layout of a message.
pub(crate) fn source(
    c: &Connection,
    message: MessageId,
) -> Result<Option<PackedSource>, StoreError> {
    Ok(c.prepare_cached("SELECT source, layout FROM body WHERE message_id = ?1")?
        .query_row([message.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// The packed text of a message.
pub(crate) fn text(c: &Connection, message: MessageId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(c.prepare_cached("SELECT text FROM body WHERE message_id = ?1")?
        .query_row([message.0], |row| row.get(0))
        .optional()?)
}

/// Erases the body of a message; blobs nobody holds are removed by [`crate::sync::sweep_blobs`].
pub(crate) fn delete(c: &Connection, message: MessageId) -> Result<(), StoreError> {
    c.prepare_cached("DELETE FROM body_blob WHERE message_id = ?1")?.execute([message.0])?;
    c.prepare_cached("DELETE FROM body WHERE message_id = ?1")?.execute([message.0])?;
    Ok(())
}

/// Takes the blobs nobody holds out of the table; their hashes.
pub(crate) fn take_unused_blobs(c: &Connection) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut statement = c.prepare_cached("DELETE FROM blob WHERE used = 0 RETURNING hash")?;
    let hashes = statement.query_map([], |row| row.get(0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

/// All dictionaries, oldest first.
pub(crate) fn dictionaries(c: &Connection) -> Result<Vec<StoredDictionary>, StoreError> {
    let mut statement = c.prepare("SELECT id, bytes, retired FROM dictionary ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        Ok(StoredDictionary { number: row.get(0)?, bytes: row.get(1)?, retired: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Retires every dictionary in use; their numbers.
pub(crate) fn retire_dictionaries(c: &Connection) -> Result<Vec<i64>, StoreError> {
    let mut statement =
        c.prepare("UPDATE dictionary SET retired = 1 WHERE retired = 0 RETURNING id")?;
    let numbers = statement.query_map([], |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

/// Whether a dictionary in use was trained since an account was added: it may hold pieces of its mail.
pub(crate) fn may_hold(c: &Connection, account: AccountId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM dictionary WHERE retired = 0
               AND created_at >= (SELECT created_at FROM account WHERE id = ?1)";
    Ok(c.prepare_cached(sql)?.exists([account.0])?)
}

/// The numbers of retired dictionaries.
pub(crate) fn retired_dictionaries(c: &Connection) -> Result<Vec<i64>, StoreError> {
    let mut statement = c.prepare_cached("SELECT id FROM dictionary WHERE retired = 1")?;
    let numbers = statement.query_map([], |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

/// Erases dictionaries; nothing may be packed with them any more.
pub(crate) fn delete_dictionaries(c: &Connection, numbers: &[i64]) -> Result<(), StoreError> {
    for number in numbers {
        c.prepare_cached("DELETE FROM dictionary WHERE id = ?1")?.execute([number])?;
    }
    Ok(())
}

/// Packed sources of the newest messages of accounts that stay.
pub(crate) fn newest_sources(c: &Connection, limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = "SELECT b.source FROM body AS b JOIN message AS m ON m.id = b.message_id
               JOIN account AS a ON a.id = m.account_id
               WHERE a.state <> 'erasing' ORDER BY b.message_id DESC LIMIT ?1";
    let mut statement = c.prepare(sql)?;
    let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A packed body on its way to be packed anew: its message, source and text.
pub(crate) type Packed = (i64, Vec<u8>, Vec<u8>);

/// The next bodies behind a message, of which the first byte of source or text names one of these dictionaries;
/// also the last message looked at, `None` at the end.
pub(crate) fn packed_with(
    c: &Connection,
    numbers: &[i64],
    after: i64,
    looked_at: i64,
) -> Result<(Vec<i64>, Option<i64>), StoreError> {
    let sql = "SELECT message_id, substr(source, 1, 1), substr(text, 1, 1) FROM body
               WHERE message_id > ?1 ORDER BY message_id LIMIT ?2";
    let mut statement = c.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, looked_at])?;
    let (mut found, mut last) = (Vec::new(), None);
    let names = |head: Vec<u8>| head.first().is_some_and(|n| numbers.contains(&i64::from(*n)));
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        last = Some(id);
        if names(row.get(1)?) || names(row.get(2)?) {
            found.push(id);
        }
    }
    Ok((found, last))
}

/// The packed source and text of a message.
pub(crate) fn packed(c: &Connection, message: i64) -> Result<Option<Packed>, StoreError> {
    Ok(c.prepare_cached("SELECT message_id, source, text FROM body WHERE message_id = ?1")?
        .query_row([message], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?)
}

/// Puts a body that was packed anew into its place.
pub(crate) fn replace_packed(c: &Connection, body: &Packed) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE body SET source = ?2, text = ?3 WHERE message_id = ?1")?
        .execute(params![body.0, body.1, body.2])?;
    Ok(())
}

/// The hashes among these that no row names.
pub(crate) fn unnamed_blobs(
    c: &Connection,
    hashes: Vec<[u8; 32]>,
) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut named = c.prepare_cached("SELECT 1 FROM blob WHERE hash = ?1")?;
    let mut unnamed = Vec::new();
    for hash in hashes {
        if !named.exists([hash.as_slice()])? {
            unnamed.push(hash);
        }
    }
    Ok(unnamed)
}

/// Stores a dictionary; its number.
pub(crate) fn insert_dictionary(w: &Write<'_>, bytes: &[u8]) -> Result<i64, StoreError> {
    w.execute(
        "INSERT INTO dictionary (bytes, created_at) VALUES (?1, ?2)",
        params![bytes, w.now()],
    )?;
    Ok(w.last_insert_rowid())
}
