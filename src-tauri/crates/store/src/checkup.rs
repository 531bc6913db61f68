//! Checking a large file while it is in use: after an end that was not orderly, reading every page would hold
//! up the start, and a killed process is no reason to expect damage.
//!
//! The check begins a while after the first question was answered, looks at one table after another, and ends
//! at once when the store is closed; an unfinished one is begun again at the next start. Damage it finds stops
//! every write, and has the file set aside at the next start.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::open::open_reader;
use crate::{StoreError, recovery};

/// What the check found, for those who write, and whether it has yet to end.
#[derive(Debug, Default)]
pub(crate) struct Health {
    damage: OnceLock<String>,
    unchecked: AtomicBool,
}

impl Health {
    /// Of a file that still has to be checked, or not.
    pub(crate) fn new(unchecked: bool) -> Arc<Self> {
        Arc::new(Self { unchecked: AtomicBool::new(unchecked), ..Self::default() })
    }

    /// Fails once damage was found: nothing more may be written into a damaged file.
    pub(crate) fn sound(&self) -> Result<(), StoreError> {
        self.damage.get().map_or(Ok(()), |reason| Err(StoreError::Corrupt(reason.clone())))
    }

    /// The file was not looked at to its end.
    pub(crate) fn is_unchecked(&self) -> bool {
        self.unchecked.load(Ordering::Acquire)
    }
}

/// The thread that checks; dropping it ends the check.
pub(crate) struct Checkup {
    signal: Arc<Signal>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Signal {
    answered: Mutex<bool>,
    changed: Condvar,
    stop: AtomicBool,
}

impl Signal {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    /// Waits until the first question was answered and `rest` has passed since, or the store is closed.
    fn wait(&self, rest: Duration) {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |answered: &mut bool| !*answered;
        let answered =
            self.changed.wait_while(answered, waiting).unwrap_or_else(PoisonError::into_inner);
        // Nobody signals but the end of the store.
        let _unused = self.changed.wait_timeout_while(answered, rest, |_| !self.stopped());
    }
}

impl Checkup {
    /// Waits for [`Self::begin`], then for `rest`, then checks.
    pub(crate) fn new(file: PathBuf, health: Arc<Health>, rest: Duration) -> Self {
        let signal = Arc::new(Signal::default());
        let heard = Arc::clone(&signal);
        let thread = std::thread::Builder::new()
            .name("store-checkup".into())
            .spawn(move || run(&file, &health, &heard, rest))
            .ok();
        Self { signal, thread }
    }

    /// A question was answered.
    pub(crate) fn begin(&self) {
        let mut answered = self.signal.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if !*answered {
            *answered = true;
            self.signal.changed.notify_all();
        }
    }
}

impl Drop for Checkup {
    fn drop(&mut self) {
        {
            // Under the lock, so that a thread about to wait does not miss it.
            let mut answered = self.signal.answered.lock().unwrap_or_else(PoisonError::into_inner);
            *answered = true;
            self.signal.stop.store(true, Ordering::Release);
        }
        self.signal.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // What went wrong in it was logged there.
            let _ = thread.join();
        }
    }
}

fn run(file: &Path, health: &Health, signal: &Arc<Signal>, rest: Duration) {
    signal.wait(rest);
    if signal.stopped() {
        return;
    }
    match check(file, signal) {
        Ok(None) => health.unchecked.store(false, Ordering::Release),
        Ok(Some(reason)) | Err(StoreError::Corrupt(reason)) => {
            tracing::error!(reason, "the database is damaged; nothing more is written into it");
            recovery::suspect(file);
            // It can be found once only.
            let _ = health.damage.set(reason);
        }
        Err(error) if signal.stopped() => {
            tracing::debug!(%error, "the check of the database waits for the next start");
        }
        Err(error) => tracing::warn!(%error, "the database could not be checked"),
    }
}

/// Instructions of SQLite between two looks at whether to stop.
const STEPS: i32 = 10_000;

/// The first fault of a file, if it has one.
fn check(file: &Path, signal: &Arc<Signal>) -> Result<Option<String>, StoreError> {
    let mut connection = open_reader(file)?;
    let heard = Arc::clone(signal);
    connection.progress_handler(STEPS, Some(move || heard.stopped()))?;
    // One table at a time, so that the write-ahead log can be emptied in between. Virtual tables are left
    // out: checking the search index by its own rules takes minutes and cannot be interrupted.
    for table in tables(&connection)? {
        let fault: Option<String> = {
            let quoted = table.replace('\'', "''");
            let mut statement = connection.prepare(&format!("PRAGMA quick_check('{quoted}')"))?;
            let mut rows = statement.query([])?;
            rows.next()?.map(|row| row.get(0)).transpose()?
        };
        if let Some(fault) = fault.filter(|fault| fault != "ok") {
            return Ok(Some(fault));
        }
    }
    Ok(None)
}

fn tables(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use std::io::{Seek as _, SeekFrom, Write as _};

    use super::*;
    use crate::{Notice, OpenOptions, Origin, Store};

    const NEVER: Duration = Duration::from_secs(3_600);

    impl Checkup {
        /// Lets the check come to its end.
        fn finish(mut self) {
            self.begin();
            self.thread.take().expect("a thread").join().expect("no panic");
        }
    }

    /// A profile whose process was killed; its file counts as a large one.
    fn killed() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().expect("a directory");
        drop(Store::open(directory.path(), OpenOptions::default()).expect("opens"));
        let file = directory.path().join("deskbell.db");
        std::fs::write(file.with_extension("open"), b"").expect("the mark of a killed process");
        (directory, file)
    }

    /// Every file counts as a long one.
    fn late(after: Duration) -> crate::open::Check {
        crate::open::Check { at_once: 0, after }
    }

    fn opened(directory: &Path) -> crate::Opened {
        Store::open_and_check(directory, OpenOptions::default(), late(NEVER), &|_| {})
            .expect("opens at once")
    }

    #[test]
    fn a_large_file_is_used_at_once_and_trusted_once_it_was_checked() {
        let (directory, file) = killed();
        let marker = file.with_extension("open");
        drop(opened(directory.path()));
        assert!(marker.exists(), "a check that was not made is made after the next start");

        let health = Health::new(true);
        Checkup::new(file, Arc::clone(&health), Duration::ZERO).finish();
        assert!(!health.is_unchecked() && health.sound().is_ok(), "the file is whole");
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "looks at the file from outside")]
    async fn damage_found_while_the_file_is_in_use_stops_writing_and_sets_it_aside_later() {
        let (directory, file) = killed();
        let root: i64 = Connection::open(&file)
            .and_then(|c| {
                let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'undo_group'";
                c.query_row(sql, [], |row| row.get(0))
            })
            .expect("a table nobody reads at start");
        let mut raw = std::fs::OpenOptions::new().write(true).open(&file).expect("opens");
        raw.seek(SeekFrom::Start(root.unsigned_abs().saturating_sub(1) * 4_096)).expect("seeks");
        raw.write_all(&[0xa5; 4_096]).expect("writes");
        drop(raw);

        let store = Store::open_and_check(
            directory.path(),
            OpenOptions::default(),
            late(Duration::ZERO),
            &|_| {},
        )
        .expect("opens at once")
        .store;
        store.read_now(|c| Ok(crate::table::account::list(c)?.len())).expect("a first question");
        let deadline = std::time::Instant::now() + Duration::from_secs(60);
        let refused = loop {
            match store.write(Origin::Local, 1, |_| Ok(())).await {
                Ok(()) => assert!(std::time::Instant::now() < deadline, "the damage is found"),
                Err(refused) => break refused,
            }
        };
        assert!(matches!(refused, StoreError::Corrupt(_)), "{refused}");
        drop(store);
        let opened = Store::open(directory.path(), OpenOptions::default()).expect("opens anew");
        assert!(matches!(opened.notice, Some(Notice::SetAside { .. })), "it is set aside");
    }
}
