//! Opening a profile: the lock, the file, its health, its version, its connections.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::body::Packer;
use crate::cache::Cache;
use crate::checkup::{Checkup, Health};
use crate::lock::ProfileLock;
use crate::migrate::Told;
use crate::pool::Readers;
use crate::recovery::Kept;
use crate::store::Hands;
use crate::{Store, StoreError, migrate, recovery, table};

/// Statements kept prepared per connection.
const STATEMENTS: usize = 128;
/// Page cache of each reader; how large the writer's is says [`Cache`]. Readers do not map the file: it would count as
/// memory of the process, once for each of them, and is no faster.
const READER_CACHE_KIB: i32 = 16 * 1024;

/// When a large file that was not closed well is checked: not while the first list is being painted.
const CHECKED_AFTER: Duration = Duration::from_secs(20);

/// When a file is checked whose last writer did not close it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Check {
    /// Before it is used, if it is no longer than so many bytes.
    pub(crate) at_once: u64,
    /// Else so long after the first question.
    pub(crate) after: Duration,
}

/// How a profile is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenOptions {
    /// Only read, even if nobody else writes.
    pub read_only: bool,
}

/// Something the person must be told after opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The database was damaged and set aside; everything is fetched again.
    SetAside {
        /// Where it lies now.
        path: PathBuf,
        /// What could be carried over, and what could not.
        kept: Kept,
    },
    /// Another process holds the profile; this one can only read.
    ReadOnly,
}

/// An opened profile.
pub struct Opened {
    /// The store.
    pub store: Store,
    /// What the person must be told.
    pub notice: Option<Notice>,
}

impl Store {
    /// Opens the profile in `directory`, making what is missing.
    ///
    /// A damaged file is set aside with its write-ahead log, and its accounts are carried over where they
    /// can still be read. A file of a newer Deskbell is refused and left as it is.
    pub fn open(directory: &Path, options: OpenOptions) -> Result<Opened, StoreError> {
        Self::open_telling(directory, options, &|_| {})
    }

    /// [`Self::open`]; where the file has to be copied first, because it is of an older version, `told` hears how
    /// much of it is, from 0 to 1. A process killed meanwhile leaves the file as it was.
    pub fn open_telling(
        directory: &Path,
        options: OpenOptions,
        told: &dyn Fn(f64),
    ) -> Result<Opened, StoreError> {
        let check = Check { at_once: recovery::CHECKED_AT_ONCE, after: CHECKED_AFTER };
        Self::open_and_check(directory, options, check, told)
    }

    /// Whether the next opening has to bring a file of an older version up to date, which takes its time.
    pub fn is_outdated(directory: &Path) -> bool {
        let file = directory.join("deskbell.db");
        let version = || migrate::version(&open_reader(&file)?);
        file.exists() && version().is_ok_and(|found| (1..migrate::known_version()).contains(&found))
    }

    /// [`Self::open_telling`], checking an unclean file as told.
    pub(crate) fn open_and_check(
        directory: &Path,
        options: OpenOptions,
        check: Check,
        told: Told<'_>,
    ) -> Result<Opened, StoreError> {
        std::fs::create_dir_all(directory)?;
        let file = directory.join("deskbell.db");
        // There is nothing to read in a profile that does not exist yet; it is made.
        let read_only = options.read_only && file.exists();
        let lock = if read_only { None } else { ProfileLock::take(directory)? };
        let blobs = directory.join("blobs");
        if lock.is_none() {
            return open_to_read(directory, &file, &blobs, !read_only);
        }
        std::fs::create_dir_all(&blobs)?;
        let mut aside = None;
        let (writer, unchecked) = match open_writer(&file, directory, check.at_once, told) {
            Err(StoreError::Corrupt(reason)) => {
                tracing::error!(reason, "the database is damaged and is set aside");
                let fresh =
                    |fresh: &Path| Ok(open_writer(fresh, directory, check.at_once, told)?.0);
                let (damaged, writer) = recovery::set_aside(&file, fresh)?;
                aside = Some(damaged);
                (writer, false)
            }
            other => other?,
        };
        let packer = Arc::new(Packer::load(&writer, &blobs)?);
        let notice = aside.map(|aside| {
            let (path, kept) = aside.carry_over_mail(&writer, &packer);
            Notice::SetAside { path, kept }
        });
        let seen = table::change::last(&writer)?;
        let readers = Readers::new(&file, open_reader(&file)?);
        let health = Health::new(unchecked);
        let checkup = unchecked.then(|| Checkup::new(file, Arc::clone(&health), check.after));
        let hands = Hands { writer, health, checkup, lock };
        let store = Self::new(directory.to_owned(), readers, packer, seen, Some(hands));
        Ok(Opened { store, notice })
    }
}

fn open_to_read(
    directory: &Path,
    file: &Path,
    blobs: &Path,
    refused: bool,
) -> Result<Opened, StoreError> {
    let first = open_reader(file)?;
    let (found, known) = (migrate::version(&first)?, migrate::known_version());
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found < known {
        return Err(StoreError::Migration(
            "it is of an older version and can only be updated by a Deskbell that may write".into(),
        ));
    }
    let packer = Arc::new(Packer::load(&first, blobs)?);
    let seen = table::change::last(&first)?;
    let readers = Readers::new(file, first);
    let store = Store::new(directory.to_owned(), readers, packer, seen, None);
    Ok(Opened { store, notice: refused.then_some(Notice::ReadOnly) })
}

#[expect(clippy::disallowed_methods, reason = "the store is where databases are opened")]
fn open_writer(
    file: &Path,
    directory: &Path,
    at_once: u64,
    told: Told<'_>,
) -> Result<(Connection, bool), StoreError> {
    let mut connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON; PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;",
    )?;
    settle_plans(&connection)?;
    Cache::begin(&connection)?;
    let unchecked = recovery::check_if_suspect(&connection, file, at_once)?;
    migrate::migrate(&mut connection, directory, told)?;
    table::sync_run::close_interrupted(&connection)?;
    Ok((connection, unchecked))
}

#[expect(clippy::disallowed_methods, reason = "the store is where databases are opened")]
pub(crate) fn open_reader(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.execute_batch(
        "PRAGMA query_only = ON; PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY;",
    )?;
    settle_plans(&connection)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    Ok(connection)
}

/// Keeps statements prepared, and their plans independent of the values bound: a statement whose plan looks
/// at values is prepared again for every new one.
fn settle_plans(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
