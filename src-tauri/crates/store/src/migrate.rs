//! Brings a database file up to date: backs it up, then runs what is new.
//!
//! Each migration stands beside its table; its place in [`MIGRATIONS`] is its version, so the list only ever
//! grows at its end.

use std::path::Path;
use std::time::Duration;

use refinery::error::Kind;
use refinery::{Migration, Runner};
use rusqlite::backup::{Backup, Progress, StepResult};
use rusqlite::{Connection, ErrorCode, OptionalExtension};

use crate::StoreError;
use crate::table;

#[cfg(test)]
mod tests;

/// Name and SQL of every migration; the first is version 1.
const MIGRATIONS: &[(&str, &str)] = &[
    ("account", table::account::V1),
    ("secret", table::secret::V1),
    ("scope", table::scope::V1),
    ("conversation", table::conversation::V1),
    ("listing", table::listing::V1),
    ("message", table::message::V1),
    ("location", table::location::V1),
    ("body", table::body::V1),
    ("attachment", table::attachment::V1),
    ("thread_key", table::thread_key::V1),
    ("identity", table::identity::V1),
    ("search", table::search::V1),
    ("outbox", table::outbox::V1),
    ("sync_run", table::sync_run::V1),
    ("change", table::change::V1),
    ("outgoing", table::outgoing::V1),
    ("departure", table::outgoing::V2),
    ("label", table::label::V1),
    ("snooze", table::snooze::V1),
    ("rule", table::rule::V1),
    ("sender", table::sender::V1),
    ("template", table::template::V1),
    ("identity_use", table::identity::V2),
    ("account_owner", table::account::V2),
    ("remote_thread", table::conversation::V2),
    ("label_remote_name", table::label::V2),
    ("scope_names_labels", table::scope::V2),
    ("setting", table::setting::V1),
    ("outbox_step", table::outbox::V2),
    ("oauth_client", table::oauth_client::V1),
    ("outbox_copy_key", table::outbox::V3),
    ("outgoing_rest", table::outgoing::V3),
    ("outgoing_reports", table::outgoing::V4),
    ("oauth_client_page", table::oauth_client::PAGE),
    ("oauth_client_redirect", table::oauth_client::REDIRECT),
    ("outgoing_follow", table::outgoing::V5),
    ("account_history", table::history::V1),
    ("dictionary_retired", table::body::V2),
    ("held", table::held::V1),
    ("outgoing_repeat", table::outgoing::V6),
    ("outgoing_order", table::outgoing::V7),
    ("message_unread", table::message::V2),
    ("scope_compare_at", table::scope::V3),
    ("outgoing_own_copy", table::outgoing::V8),
    ("outgoing_departed", table::outgoing::V9),
    ("outgoing_draft_made", table::outgoing::V10),
];

/// The copy made before an update, beside the file.
const BACKUP: &str = "deskbell.before-update.db";
/// Pages copied between two words about the progress: 8 MB.
const PAGES_AT_ONCE: i32 = 2_000;
/// How long the copy waits where another process holds the file.
const BUSY: Duration = Duration::from_millis(50);

/// Hears how much of a long opening is done, from 0 to 1; never called where there is nothing long to do.
pub(crate) type Told<'a> = &'a dyn Fn(f64);

/// The version this program writes.
pub(crate) fn known_version() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// The version of an open file; 0 for an empty one.
pub(crate) fn version(connection: &Connection) -> Result<u32, StoreError> {
    let stamped = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'", [], |_| {
            Ok(())
        })
        .optional()?;
    if stamped.is_none() {
        return Ok(0);
    }
    Ok(connection.query_row(
        "SELECT coalesce(max(version), 0) FROM refinery_schema_history",
        [],
        |row| row.get(0),
    )?)
}

/// Runs what is missing, after a copy was made in `directory` if the file already holds data.
///
/// Everything that is new runs in one transaction: a file that cannot be brought up to date is as it was, and so
/// is one whose process is killed meanwhile.
pub(crate) fn migrate(
    connection: &mut Connection,
    directory: &Path,
    told: Told<'_>,
) -> Result<(), StoreError> {
    run(connection, &directory.join(BACKUP), MIGRATIONS, told)
}

/// Deletes the copy that an update left: it holds what is erased.
pub(crate) fn forget_backup(directory: &Path) {
    let backup = directory.join(BACKUP);
    for file in [backup.with_extension("partial"), backup] {
        match std::fs::remove_file(file) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "the copy of before an update stays"),
        }
    }
}

fn run(
    connection: &mut Connection,
    backup: &Path,
    known: &[(&str, &str)],
    told: Told<'_>,
) -> Result<(), StoreError> {
    let found = version(connection)?;
    let newest = u32::try_from(known.len()).unwrap_or(u32::MAX);
    if found > newest {
        return Err(StoreError::Newer { found, known: newest });
    }
    if found == newest {
        return Ok(());
    }
    if found > 0 {
        back_up(connection, backup, told)?;
    }
    let mut migrations = Vec::with_capacity(known.len());
    for (index, (name, sql)) in known.iter().enumerate() {
        let migration = Migration::unapplied(&format!("V{}__{name}", index + 1), sql)
            .map_err(|error| StoreError::Migration(error.to_string()))?;
        migrations.push(migration);
    }
    match Runner::new(&migrations).set_grouped(true).run(connection) {
        Ok(_) => Ok(()),
        Err(error) => Err(why(&error, found, backup)),
    }
}

/// Makes a copy of the file under a name of its own; one that was begun and cut off never bears that name.
#[expect(clippy::disallowed_methods, reason = "the store is where databases are opened")]
fn back_up(connection: &Connection, backup: &Path, told: Told<'_>) -> Result<(), StoreError> {
    let partial = backup.with_extension("partial");
    // One that was cut off is no database to write into.
    let _ = std::fs::remove_file(&partial);
    let mut copy = Connection::open(&partial)?;
    // Nobody reads it before it is whole, so it needs no journal, and reaches the disk at once, at the end.
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    let copying = Backup::new(connection, &mut copy)?;
    told(0.0);
    loop {
        let step = copying.step(PAGES_AT_ONCE)?;
        let Progress { remaining, pagecount } = copying.progress();
        told(1.0 - f64::from(remaining) / f64::from(pagecount.max(1)));
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            _ => std::thread::sleep(BUSY),
        }
    }
    drop(copying);
    copy.close().map_err(|(_, error)| error)?;
    std::fs::OpenOptions::new().write(true).open(&partial)?.sync_all()?;
    std::fs::rename(&partial, backup)?;
    Ok(())
}

/// What a person can do about a file that is still of an older version.
fn why(error: &refinery::Error, found: u32, backup: &Path) -> StoreError {
    let cause = match error.kind() {
        Kind::Connection(_, cause) => cause.downcast_ref::<rusqlite::Error>(),
        _ => None,
    };
    if cause.and_then(rusqlite::Error::sqlite_error_code) == Some(ErrorCode::DiskFull) {
        return StoreError::DiskFull;
    }
    let reason = cause.map_or_else(|| error.to_string(), ToString::to_string);
    if found == 0 {
        return StoreError::Migration(reason);
    }
    let copy = backup.file_name().unwrap_or_default().to_string_lossy();
    StoreError::Migration(format!(
        "{reason}. Nothing in it was changed, and a copy lies beside it as {copy}; go on with the Deskbell you had \
         before, and report this"
    ))
}
