//! Brings a database file up to date: backs it up, then runs what is new.
//!
//! Each migration stands beside its table; its place in [`MIGRATIONS`] is its version, so the list only ever
//! grows at its end.

use std::path::Path;

use refinery::{Migration, Runner};
use rusqlite::{Connection, OptionalExtension};

use crate::StoreError;
use crate::table;

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
];

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

/// Runs what is missing; `backup` names the copy made first if the file already holds data.
pub(crate) fn migrate(connection: &mut Connection, backup: &Path) -> Result<(), StoreError> {
    let found = version(connection)?;
    let known = known_version();
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        connection.backup("main", backup, None::<fn(rusqlite::backup::Progress)>)?;
    }
    let mut migrations = Vec::with_capacity(MIGRATIONS.len());
    for (index, (name, sql)) in MIGRATIONS.iter().enumerate() {
        let migration = Migration::unapplied(&format!("V{}__{name}", index + 1), sql)
            .map_err(|error| StoreError::Migration(error.to_string()))?;
        migrations.push(migration);
    }
    Runner::new(&migrations)
        .set_grouped(true)
        .run(connection)
        .map_err(|error| StoreError::Migration(error.to_string()))?;
    Ok(())
}
