//! `body`, `body_blob`, `blob`, `dictionary`: sources and texts of messages, packed. See [`crate::body`].

use rusqlite::{Connection, OptionalExtension, params};

use deskbell_domain::MessageId;

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

/// Bytes of all blobs.
pub fn blob_bytes(c: &Connection) -> Result<i64, StoreError> {
    Ok(c.query_row("SELECT coalesce(sum(size), 0) FROM blob", [], |row| row.get(0))?)
}

/// All dictionaries, oldest first.
pub(crate) fn dictionaries(c: &Connection) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    let mut statement = c.prepare("SELECT id, bytes FROM dictionary ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Erases the dictionaries if nothing is packed with them any more; true if there were any.
///
/// They hold pieces of the mail they were trained on.
pub(crate) fn delete_idle_dictionaries(c: &Connection) -> Result<bool, StoreError> {
    let sql = "DELETE FROM dictionary WHERE NOT EXISTS (SELECT 1 FROM body)";
    Ok(c.execute(sql, [])? > 0)
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
