//! The threads around SQLite: one writer that runs transactions in turn, and a pool of readers.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{broadcast, oneshot};

use deskbell_domain::Millis;

use crate::body::Packer;
use crate::cache::Cache;
use crate::checkup::Health;
use crate::open::open_reader;
use crate::store::{ChangeBatch, Origin};
use crate::{StoreError, Write, checkpoint, recovery};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// What a commit outlives once it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The end of the process; a power cut may take the latest commits back, whole.
    Process,
    /// A power cut as well: the log is synced to disk before the answer.
    Power,
}

impl Kept {
    fn begin(self, connection: &Connection) -> Result<(), StoreError> {
        match self {
            Self::Process => Ok(()),
            Self::Power => Ok(connection.pragma_update(None, "synchronous", "FULL")?),
        }
    }

    fn end(self, connection: &Connection) {
        if self == Self::Power
            && let Err(error) = connection.pragma_update(None, "synchronous", "NORMAL")
        {
            // Every commit is synced from now on: slower, never less safe.
            tracing::warn!(%error, "the store stays at its safest setting");
        }
    }
}

/// The one thread that writes.
pub(crate) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    packer: Arc<Packer>,
    announcements: broadcast::Sender<Arc<ChangeBatch>>,
    health: Arc<Health>,
    cache: Arc<Mutex<Cache>>,
}

impl Writer {
    pub(crate) fn start(
        connection: Connection,
        packer: Arc<Packer>,
        announcements: broadcast::Sender<Arc<ChangeBatch>>,
        health: Arc<Health>,
    ) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let known = Arc::clone(&health);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || drain(connection, &queue, &known))
            .ok();
        let cache = Arc::default();
        Self { jobs: Some(jobs), thread, packer, announcements, health, cache }
    }

    /// Runs one transaction; a panic in `job` rolls back and is reported as a closed store.
    pub(crate) async fn run<T, F>(
        &self,
        origin: Origin,
        now: Millis,
        kept: Kept,
        job: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.health.sound()?;
        let (answer, answered) = oneshot::channel();
        let packer = Arc::clone(&self.packer);
        let announcements = self.announcements.clone();
        let cache = Arc::clone(&self.cache);
        let boxed: Job = Box::new(move |connection| {
            let outcome = kept
                .begin(connection)
                .and_then(|()| transact(connection, &packer, origin, now, job));
            kept.end(connection);
            if let (Err(StoreError::Corrupt(_)), Some(file)) = (&outcome, connection.path()) {
                recovery::suspect(Path::new(file));
            }
            let outcome = outcome.map(|(value, batch)| {
                let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
                cache.committed(connection, batch.changes.len());
                drop(cache);
                if !batch.changes.is_empty() {
                    // Nobody listening is no failure.
                    let _ = announcements.send(Arc::new(batch));
                }
                value
            });
            // The caller may have gone away; the transaction stands all the same.
            let _ = answer.send(outcome);
        });
        self.jobs
            .as_ref()
            .ok_or(StoreError::Closed)?
            .send(boxed)
            .map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Writes the file anew, so that nothing is left in it of what was deleted: `secure_delete` clears freed pages
    /// and cells, and not what a page held before its rows were moved together.
    pub(crate) async fn compact(&self) -> Result<(), StoreError> {
        // The copy may be as large as the file: it does not belong in memory.
        let sql = "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY";
        self.health.sound()?;
        let done = self.lend(move |connection| -> Result<(), StoreError> {
            let done = connection.execute_batch(sql);
            if done.is_err() {
                connection.execute_batch("PRAGMA temp_store = MEMORY")?;
            }
            Ok(done?)
        });
        done.await?
    }

    /// Empties the write-ahead log. Readers that are at work are waited for, as long as for any other lock;
    /// what they keep from being emptied goes with the end of the process.
    pub(crate) async fn empty_log(&self) -> Result<(), StoreError> {
        self.health.sound()?;
        let busy = self.lend(|connection| -> Result<bool, StoreError> {
            checkpoint::end(connection)?;
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            let busy = connection.query_row(sql, [], |row| row.get(0));
            checkpoint::begin(connection)?;
            Ok(busy?)
        });
        let busy = busy.await??;
        if busy {
            tracing::info!("the write-ahead log is emptied later: somebody reads from it");
        }
        Ok(())
    }

    /// Lends the connection to a job; see [`crate::seam`].
    pub(crate) async fn lend<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> T + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let boxed: Job = Box::new(move |connection| {
            // The caller may have gone away.
            let _ = answer.send(job(connection));
        });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(boxed).map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)
    }
}

impl Drop for Writer {
    /// Lets what was asked for finish, so that no acknowledged write is lost.
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panicked writer was reported to its caller already.
            let _ = thread.join();
        }
    }
}

fn drain(mut connection: Connection, queue: &Receiver<Job>, health: &Health) {
    if let Err(error) = checkpoint::begin(&mut connection) {
        tracing::warn!(%error, "commits wait for the log to be written back");
    }
    while let Ok(job) = queue.recv() {
        let guarded = std::panic::AssertUnwindSafe(|| job(&mut connection));
        if std::panic::catch_unwind(guarded).is_err() {
            tracing::error!("a write panicked and was rolled back");
        }
    }
    // Best effort: a leaner file for the next start.
    let _ = checkpoint::end(&mut connection);
    let _ = connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);");
    // A file that has yet to be checked stays marked, so that the next start checks it.
    if let Some(file) = connection.path().filter(|_| !health.is_unchecked()) {
        recovery::closed_well(Path::new(file));
    }
}

fn transact<T>(
    connection: &mut Connection,
    packer: &Arc<Packer>,
    origin: Origin,
    now: Millis,
    job: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError>,
) -> Result<(T, ChangeBatch), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut write = Write::new(&transaction, packer, origin, now);
    let value = job(&mut write)?;
    let changes = write.log()?;
    let after_commit = write.take_after_commit();
    drop(write);
    transaction.commit()?;
    for job in after_commit {
        job();
    }
    Ok((value, ChangeBatch { origin, changes }))
}

/// How many queries may run at once beside the writer.
const READERS: usize = 4;

/// Connections that can only read, handed out one at a time; opened when they are first needed.
pub(crate) struct Readers {
    file: PathBuf,
    shelf: Mutex<Shelf>,
    returned: Condvar,
}

struct Shelf {
    idle: Vec<Connection>,
    opened: usize,
}

impl Readers {
    /// A pool that has one open connection to begin with.
    pub(crate) fn new(file: &Path, first: Connection) -> Self {
        let shelf = Shelf { idle: vec![first], opened: 1 };
        Self { file: file.to_owned(), shelf: Mutex::new(shelf), returned: Condvar::new() }
    }

    /// Waits for a free connection and runs `query` inside one read transaction.
    pub(crate) fn with<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let loan = self.borrow()?;
        let Some(connection) = loan.connection.as_ref() else { return Err(StoreError::Closed) };
        let answer =
            connection.unchecked_transaction().map_err(StoreError::from).and_then(|t| query(&t));
        if let Err(StoreError::Corrupt(_)) = &answer {
            recovery::suspect(&self.file);
        }
        answer
    }

    fn borrow(&self) -> Result<Loan<'_>, StoreError> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = shelf.idle.pop() {
                return Ok(Loan { readers: self, connection: Some(connection) });
            }
            if shelf.opened < READERS {
                let connection = open_reader(&self.file)?;
                shelf.opened += 1;
                return Ok(Loan { readers: self, connection: Some(connection) });
            }
            shelf = self.returned.wait(shelf).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Gives the connection back even when a query panics.
struct Loan<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let mut shelf = self.readers.shelf.lock().unwrap_or_else(PoisonError::into_inner);
            shelf.idle.push(connection);
            self.readers.returned.notify_one();
        }
    }
}
