//! Writing the write-ahead log back into the file, on a thread beside the writer: no commit waits for a disk that syncs.
//!
//! Invariants: SQLite alone decides what may be written back; the log stays bounded, because the writer does the work
//! itself where the thread falls behind; once [`end`] returns, nobody but the writer is at the log.

use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use crate::open::open_reader;

/// Pages by which the log grows between two checkpoints.
const EVERY: i32 = 4_000;
/// Pages at which the writer writes back what is left: a log that is never empty when a write begins only grows.
const LONGEST: i32 = 4 * EVERY;

/// Has the log of the writer's connection written back from now on; the thread begins when there is something to do.
pub(crate) fn begin(connection: &mut Connection) -> rusqlite::Result<()> {
    // A database without a file has no log either.
    let Some(file) = connection.path().map(PathBuf::from) else { return Ok(()) };
    let mut beside = Beside { file, asked: 0, thread: None };
    connection.wal_hook(Some(move |log: &mut Wal, pages| {
        if pages < LONGEST {
            beside.grown(pages);
            return Ok(());
        }
        beside.rest();
        if let Err(error) = log.checkpoint() {
            tracing::debug!(%error, pages, "the log is written back later");
        }
        Ok(())
    }))
}

/// Waits for a checkpoint that is under way, and has no more made.
pub(crate) fn end(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.wal_hook(None::<fn(&mut Wal, i32) -> rusqlite::Result<()>>)
}

struct Beside {
    file: PathBuf,
    /// The length of the log at the last checkpoint that was asked for.
    asked: i32,
    thread: Option<(SyncSender<()>, JoinHandle<()>)>,
}

impl Beside {
    /// Takes note of how long the log is after a commit.
    fn grown(&mut self, pages: i32) {
        if pages < self.asked {
            // It was begun anew.
            self.asked = 0;
        }
        if pages - self.asked < EVERY {
            return;
        }
        self.asked = pages;
        if self.thread.is_none() {
            self.thread = work(self.file.clone());
        }
        if let Some((bell, _)) = &self.thread {
            // One that waits is as good as two.
            let _ = bell.try_send(());
        }
    }

    /// Waits for what is under way; the thread begins again when the log has grown again.
    fn rest(&mut self) {
        if let Some((bell, thread)) = self.thread.take() {
            drop(bell);
            // A panic there harmed nobody: the writer writes back at the latest.
            let _ = thread.join();
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.rest();
    }
}

/// `None` where there is no thread to be had, so that the writer does the work.
fn work(file: PathBuf) -> Option<(SyncSender<()>, JoinHandle<()>)> {
    let (bell, rung) = sync_channel(1);
    let thread = std::thread::Builder::new().name("store-checkpoint".into()).spawn(move || {
        let connection = match open_reader(&file) {
            Ok(connection) => connection,
            Err(error) => return tracing::warn!(%error, "the log is written back by the writer"),
        };
        while rung.recv().is_ok() {
            // Who reads meanwhile keeps some of it from being written back; the next time takes it along.
            let sql = "PRAGMA wal_checkpoint(PASSIVE)";
            if let Err(error) = connection.query_row(sql, [], |_| Ok(())) {
                tracing::debug!(%error, "the log is written back later");
            }
        }
    });
    Some((bell, thread.ok()?))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use super::*;

    const PAGE: u64 = 4_096;
    /// Pages of one commit.
    const COMMIT: u64 = 100;

    #[expect(clippy::disallowed_methods, reason = "a file that is no store")]
    fn log(directory: &Path) -> Connection {
        let file = Connection::open(directory.join("some.db")).expect("opens");
        file.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE some (bytes BLOB)",
        )
        .expect("begins");
        file
    }

    fn commit(connection: &Connection) {
        let sql = format!("INSERT INTO some VALUES (zeroblob({}))", PAGE * COMMIT);
        connection.execute_batch(&sql).expect("is committed");
    }

    fn length(directory: &Path, name: &str) -> u64 {
        std::fs::metadata(directory.join(name)).expect("is there").len()
    }

    #[test]
    fn the_log_is_written_back_while_the_writer_goes_on() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut connection = log(directory.path());
        begin(&mut connection).expect("begins");
        let pages = u64::from(EVERY.unsigned_abs());
        for _ in 0..=pages / COMMIT {
            commit(&connection);
        }
        let started = Instant::now();
        while length(directory.path(), "some.db") < pages * PAGE {
            assert!(started.elapsed() < Duration::from_mins(1), "nobody writes it back");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_writer_that_never_pauses_keeps_the_log_bounded() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut connection = log(directory.path());
        begin(&mut connection).expect("begins");
        let longest = u64::from(LONGEST.unsigned_abs());
        for _ in 0..4 * longest / COMMIT {
            commit(&connection);
        }
        let left = length(directory.path(), "some.db-wal");
        assert!(
            left < (longest + 2 * COMMIT) * (PAGE + 24),
            "{left} bytes after {} pages",
            4 * longest
        );
    }

    #[test]
    fn once_it_has_ended_the_log_can_be_emptied() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut connection = log(directory.path());
        for _ in 0..3 {
            begin(&mut connection).expect("begins");
            for _ in 0..=u64::from(EVERY.unsigned_abs()) / COMMIT {
                commit(&connection);
            }
            // A checkpoint is under way, or is about to be.
            end(&mut connection).expect("ends");
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            let busy: bool = connection.query_row(sql, [], |row| row.get(0)).expect("answers");
            assert!(!busy, "nobody else is at it");
            assert_eq!(length(directory.path(), "some.db-wal"), 0);
        }
    }
}
