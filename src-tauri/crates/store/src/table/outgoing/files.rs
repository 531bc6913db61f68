//! `outgoing_file`, `draft_version`: the files of what is written here, and the versions of a draft that were set aside.
//!
//! Invariant: a blob is held by whoever lists it, at every instant of a transaction.

use rusqlite::{Connection, params};

use deskbell_domain::outgoing::{Composition, OutgoingFile};
use deskbell_domain::{Millis, OutgoingId};

use crate::table::outbox::encode;
use crate::{StoreError, Write};

/// Its files, in their order.
pub fn files(c: &Connection, id: OutgoingId) -> Result<Vec<OutgoingFile>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT blob, name, media_type, size, content_id FROM outgoing_file WHERE outgoing_id = ?1 ORDER BY position",
    )?;
    let rows = statement.query_map([id.0], |row| {
        Ok(OutgoingFile {
            blob: row.get(0)?,
            name: row.get(1)?,
            media_type: row.get(2)?,
            size: row.get::<_, i64>(3)?.unsigned_abs(),
            content_id: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Replaces its files. Their bytes must be in the store already.
pub(crate) fn set_files(
    w: &Write<'_>,
    id: OutgoingId,
    files: &[OutgoingFile],
) -> Result<(), StoreError> {
    // New ones first, so that a file that stays is never without a holder.
    w.prepare_cached("UPDATE outgoing_file SET position = -1 - position WHERE outgoing_id = ?1")?
        .execute([id.0])?;
    for (position, file) in files.iter().enumerate() {
        let size = i64::try_from(file.size).unwrap_or(i64::MAX);
        w.prepare_cached("INSERT OR IGNORE INTO blob (hash, size, used) VALUES (?1, ?2, 0)")?
            .execute(params![file.blob.as_slice(), size])?;
        w.prepare_cached(
            "INSERT INTO outgoing_file (outgoing_id, position, blob, name, media_type, size, content_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            id.0,
            i64::try_from(position).unwrap_or(i64::MAX),
            file.blob.as_slice(),
            file.name,
            file.media_type,
            size,
            file.content_id
        ])?;
    }
    w.prepare_cached("DELETE FROM outgoing_file WHERE outgoing_id = ?1 AND position < 0")?
        .execute([id.0])?;
    Ok(())
}

/// A version of a draft that was set aside.
#[derive(Clone, Debug)]
pub struct DraftVersion {
    /// When.
    pub saved_at: Millis,
    /// What it said.
    pub composition: Composition,
    /// `here` or `elsewhere`.
    pub origin: String,
    /// Its files, in their order.
    pub files: Vec<OutgoingFile>,
}

/// Sets a version aside, with its files. Their bytes must be in the store already.
pub(crate) fn keep_version(
    w: &Write<'_>,
    id: OutgoingId,
    composition: &Composition,
    files: &[OutgoingFile],
    origin: &str,
) -> Result<(), StoreError> {
    // Of two within a millisecond each is kept.
    let latest: Option<Millis> = w
        .prepare_cached("SELECT max(saved_at) FROM draft_version WHERE outgoing_id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    let at = latest.map_or(w.now(), |latest| w.now().max(latest + 1));
    w.prepare_cached(
        "INSERT INTO draft_version (outgoing_id, saved_at, composition, origin) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![id.0, at, encode(composition)?, origin])?;
    for (position, file) in files.iter().enumerate() {
        let size = i64::try_from(file.size).unwrap_or(i64::MAX);
        w.prepare_cached("INSERT OR IGNORE INTO blob (hash, size, used) VALUES (?1, ?2, 0)")?
            .execute(params![file.blob.as_slice(), size])?;
        w.prepare_cached(
            "INSERT INTO draft_version_file (outgoing_id, saved_at, position, blob, name, media_type, size, content_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            id.0,
            at,
            i64::try_from(position).unwrap_or(i64::MAX),
            file.blob.as_slice(),
            file.name,
            file.media_type,
            size,
            file.content_id
        ])?;
    }
    Ok(())
}

fn version_files(
    c: &Connection,
    id: OutgoingId,
    saved_at: Millis,
) -> Result<Vec<OutgoingFile>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT blob, name, media_type, size, content_id FROM draft_version_file
         WHERE outgoing_id = ?1 AND saved_at = ?2 ORDER BY position",
    )?;
    let rows = statement.query_map(params![id.0, saved_at], |row| {
        Ok(OutgoingFile {
            blob: row.get(0)?,
            name: row.get(1)?,
            media_type: row.get(2)?,
            size: row.get::<_, i64>(3)?.unsigned_abs(),
            content_id: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The versions set aside, newest first.
pub fn versions(c: &Connection, id: OutgoingId) -> Result<Vec<DraftVersion>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT saved_at, composition, origin FROM draft_version WHERE outgoing_id = ?1 ORDER BY saved_at DESC",
    )?;
    let rows = statement.query_map([id.0], |row| {
        let text: String = row.get(1)?;
        Ok(DraftVersion {
            saved_at: row.get(0)?,
            composition: serde_json::from_str(&text).unwrap_or_default(),
            origin: row.get(2)?,
            files: Vec::new(),
        })
    })?;
    let mut versions: Vec<DraftVersion> = rows.collect::<Result<_, _>>()?;
    for version in &mut versions {
        version.files = version_files(c, id, version.saved_at)?;
    }
    Ok(versions)
}

/// Hands the versions set aside of one draft on to another.
pub(crate) fn hand_on_versions(
    w: &Write<'_>,
    from: OutgoingId,
    to: OutgoingId,
) -> Result<(), StoreError> {
    for sql in [
        "INSERT INTO draft_version (outgoing_id, saved_at, composition, origin)
         SELECT ?2, saved_at, composition, origin FROM draft_version WHERE outgoing_id = ?1",
        "UPDATE draft_version_file SET outgoing_id = ?2 WHERE outgoing_id = ?1",
    ] {
        w.prepare_cached(sql)?.execute([from.0, to.0])?;
    }
    w.prepare_cached("DELETE FROM draft_version WHERE outgoing_id = ?1")?.execute([from.0])?;
    Ok(())
}
