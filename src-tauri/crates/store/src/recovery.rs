//! Damaged files: noticing one at open, setting it aside, carrying over what a person typed in.
//!
//! Messages come again from their providers; accounts and sealed passwords exist nowhere else, so they are
//! copied where the damaged file still gives them up.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::{StoreError, table};

/// A file left behind while a writer has the database open; finding it at start means it did not end well.
fn marker(file: &Path) -> PathBuf {
    file.with_extension("open")
}

/// Checks a file whose last writer did not close it, and marks it as open from now on.
///
/// A full check reads every page, so a file that was closed well is trusted.
pub(crate) fn check_if_suspect(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    // Reads the schema, which fails at once on a file that is no database.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let marker = marker(file);
    if marker.exists() {
        let answer: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if answer != "ok" {
            return Err(StoreError::Corrupt(answer));
        }
    }
    std::fs::write(marker, b"")?;
    Ok(())
}

/// Called when the writer closed the file in good order.
pub(crate) fn closed_well(file: &Path) {
    // Still there only costs one check at the next start.
    let _ = std::fs::remove_file(marker(file));
}

/// Moves the damaged file out of the way, opens a fresh one and carries the accounts over.
#[expect(clippy::disallowed_methods, reason = "the store is where databases are opened")]
pub(crate) fn set_aside(
    file: &Path,
    open: impl FnOnce(&Path) -> Result<Connection, StoreError>,
) -> Result<(PathBuf, Connection), StoreError> {
    let aside = free_name(file);
    for suffix in ["", "-wal", "-shm"] {
        let from = with_suffix(file, suffix);
        if from.exists() {
            std::fs::rename(from, with_suffix(&aside, suffix))?;
        }
    }
    closed_well(file);
    let fresh = open(file)?;
    match Connection::open(&aside) {
        Ok(damaged) => table::account::carry_over(&damaged, &fresh),
        Err(error) => tracing::warn!(%error, "nothing could be carried over"),
    }
    Ok((aside, fresh))
}

fn free_name(file: &Path) -> PathBuf {
    (1..)
        .map(|n| file.with_extension(format!("damaged-{n}.db")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| file.with_extension("damaged.db"))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
