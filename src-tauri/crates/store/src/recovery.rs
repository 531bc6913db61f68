//! Damaged files: noticing one at open, setting it aside, carrying over what a person typed in.
//!
//! Messages come again from their providers; what a person chose, wrote, filed or put off here may exist nowhere
//! else, so it is copied where the damaged file still gives it up.

mod carry_over;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use crate::StoreError;
use crate::body::Packer;
pub use carry_over::Kept;

/// A file left behind while a writer has the database open; finding it at start means it did not end well.
fn marker(file: &Path) -> PathBuf {
    file.with_extension("open")
}

/// Files up to this many bytes are checked before they are used; it takes a fraction of a second.
pub(crate) const CHECKED_AT_ONCE: u64 = 64 * 1024 * 1024;

/// Checks a file whose last writer did not close it, and marks it as open from now on. True where the file
/// is longer than `at_once` and has yet to be checked, by [`crate::checkup`].
///
/// A full check reads every page, so a file that was closed well is trusted; one in which damage was met is
/// checked however long it takes.
pub(crate) fn check_if_suspect(
    connection: &Connection,
    file: &Path,
    at_once: u64,
) -> Result<bool, StoreError> {
    // Reads the schema, which fails at once on a file that is no database.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let marker = marker(file);
    if marker.exists() {
        if !was_damaged(&marker) && std::fs::metadata(file)?.len() > at_once {
            return Ok(true);
        }
        let answer: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if answer != "ok" {
            return Err(StoreError::Corrupt(answer));
        }
        if was_damaged(&marker) {
            // Pages may be whole and the search index in them still not be.
            connection.execute_batch(
                "INSERT INTO message_text (message_text) VALUES ('integrity-check')",
            )?;
        }
    }
    std::fs::write(marker, b"")?;
    Ok(false)
}

/// What the marker of a file holds in which damage was met.
const DAMAGED: &[u8] = b"damaged";

/// Called when damage is met while working: the next start checks the file, however this one ends.
pub(crate) fn suspect(file: &Path) {
    // Where the marker cannot be written, the damage will be met again.
    let _ = std::fs::write(marker(file), DAMAGED);
}

/// Called when the writer closed the file in good order.
pub(crate) fn closed_well(file: &Path) {
    let marker = marker(file);
    if was_damaged(&marker) {
        return;
    }
    // Still there only costs one check at the next start.
    let _ = std::fs::remove_file(marker);
}

fn was_damaged(marker: &Path) -> bool {
    std::fs::read(marker).is_ok_and(|held| held == DAMAGED)
}

/// A damaged file that was moved out of the way, and what has come along from it so far.
pub(crate) struct Aside {
    path: PathBuf,
    damaged: Option<Connection>,
    kept: Kept,
}

/// Moves the damaged file out of the way, opens a fresh one and carries over what a person chose.
#[expect(clippy::disallowed_methods, reason = "the store is where databases are opened")]
pub(crate) fn set_aside(
    file: &Path,
    open: impl FnOnce(&Path) -> Result<Connection, StoreError>,
) -> Result<(Aside, Connection), StoreError> {
    let path = free_name(file);
    for suffix in ["", "-wal", "-shm"] {
        let from = with_suffix(file, suffix);
        if from.exists() {
            std::fs::rename(from, with_suffix(&path, suffix))?;
        }
    }
    // A marker of the damaged file says nothing of the fresh one.
    let _ = std::fs::remove_file(marker(file));
    let fresh = open(file)?;
    let lost = Kept {
        lost_choices: true,
        lost_writing: true,
        lost_filing: true,
        lost_imports: true,
        ..Kept::default()
    };
    let aside = match Connection::open(&path) {
        Ok(damaged) => {
            let kept = carry_over::carry_over(&damaged, &fresh);
            Aside { path, damaged: Some(damaged), kept }
        }
        Err(error) => {
            tracing::warn!(%error, "nothing could be carried over");
            Aside { path, damaged: None, kept: lost }
        }
    };
    Ok((aside, fresh))
}

impl Aside {
    /// Carries over what a person wrote, filed, put off or imported; where the damaged file lies, and what came along in all.
    pub(crate) fn carry_over_mail(
        self,
        fresh: &Connection,
        packer: &Arc<Packer>,
    ) -> (PathBuf, Kept) {
        let Self { path, damaged, mut kept } = self;
        if let Some(damaged) = damaged
            && let Err(error) = carry_over::carry_over_mail(&damaged, fresh, packer, &mut kept)
        {
            tracing::warn!(%error, "what was written and filed could not be carried over");
            kept = Kept {
                taken_back: 0,
                lost_writing: true,
                lost_filing: true,
                lost_imports: true,
                ..kept
            };
        }
        (path, kept)
    }
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

#[cfg(test)]
mod tests {
    use std::io::{Seek as _, SeekFrom, Write as _};

    use deskbell_domain::Channel;

    use crate::table::account::{self, NewAccount};
    use crate::{Notice, OpenOptions, Origin, Store, StoreError};

    fn account() -> NewAccount {
        NewAccount {
            provider: "imap".into(),
            channel: Channel::Email,
            address: "studio@inkwell.example".into(),
            name: "Studio".into(),
            settings: "{}".into(),
            schedule: "*/15 * * * *".into(),
            writes_back: true,
            sends: true,
        }
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "looks at the file from outside")]
    async fn damage_in_a_file_that_was_closed_well_is_met_once_and_then_set_aside() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("deskbell.db");
        let opened = Store::open(directory.path(), OpenOptions::default()).expect("opens");
        opened
            .store
            .write(Origin::Local, 1, |w| account::insert(w, &account()))
            .await
            .expect("writes");
        drop(opened);

        // A table nobody reads at start.
        let root: i64 = rusqlite::Connection::open(&file)
            .and_then(|c| {
                let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'undo_group'";
                c.query_row(sql, [], |row| row.get(0))
            })
            .expect("the table has a page");
        let mut raw = std::fs::OpenOptions::new().write(true).open(&file).expect("opens");
        raw.seek(SeekFrom::Start(root.unsigned_abs().saturating_sub(1) * 4_096)).expect("seeks");
        raw.write_all(&[0xa5; 4_096]).expect("writes");
        drop(raw);

        let opened = Store::open(directory.path(), OpenOptions::default()).expect("opens unaware");
        assert_eq!(opened.notice, None, "a file closed well is trusted");
        let runs = |c: &rusqlite::Connection| {
            Ok(c.query_row("SELECT count(*) FROM undo_group", [], |row| row.get::<_, i64>(0))?)
        };
        let met = opened.store.read(runs).await;
        assert!(matches!(met, Err(StoreError::Corrupt(_))), "the damage is met: {met:?}");
        drop(opened);

        let opened = Store::open(directory.path(), OpenOptions::default()).expect("opens anew");
        assert!(
            matches!(&opened.notice, Some(Notice::SetAside { kept, .. }) if kept.accounts == 1),
            "the file is set aside"
        );
        let kept = opened.store.read(account::list).await.expect("reads");
        assert_eq!(kept.len(), 1, "the account is carried over");
    }
}
