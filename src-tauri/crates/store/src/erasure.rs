//! A profile erased as a whole: marked while it is open, and erased before anything opens it again.
//!
//! Invariants: once the mark is on disk, nothing opens the profile before everything of it is gone, however often the
//! erasing is cut short; the mark goes last. Only what Deskbell made is erased: a person may have put a profile beside
//! files of their own.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::StoreError;
use crate::lock::ProfileLock;

/// The mark: this profile is to be erased.
const MARK: &str = "deskbell.erase";
/// Who holds it holds the profile; nothing is in it.
const LOCK: &str = "deskbell.lock";
/// The database, its copies and whatever lies beside them: files of these beginnings.
const DATABASE: &str = "deskbell.";
/// Other files in a profile, of all crates.
const FILES: [&str; 4] =
    ["passphrase.salt", "passphrase.unfinished", "window.json", "told-of-tray"];
/// Folders in a profile, of all crates.
const FOLDERS: [&str; 4] = ["blobs", "opened", "imported", "sample"];
/// A folder of many programs: only the files that begin as ours do are.
const LOGS: &str = "logs";
/// The process that marked the profile ends just now; it is waited for in so many steps.
const STEPS: u32 = 100;
const STEP: Duration = Duration::from_millis(100);

/// What of a person lies in a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// Accounts.
    pub accounts: i64,
    /// Messages, and the bytes they have.
    pub messages: i64,
    /// See there.
    pub bytes: i64,
    /// Attachments of messages.
    pub files: i64,
    /// Sealed passwords and sign-ins.
    pub secrets: i64,
    /// Drafts.
    pub drafts: i64,
    /// Messages given over to be sent that have not left, as far as is known.
    pub unsent: i64,
}

/// Counts what of a person lies in a profile; walks over all of its messages.
pub fn holds(c: &Connection) -> Result<Holds, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM account WHERE state <> 'erasing'), count(*), coalesce(sum(size), 0),
                 (SELECT count(*) FROM attachment), (SELECT count(*) FROM secret),
                 (SELECT count(*) FROM outgoing WHERE state = 'draft' AND discarded_at IS NULL),
                 (SELECT count(*) FROM outgoing WHERE state IN ('queued', 'sending', 'unknown', 'rejected'))
               FROM message";
    Ok(c.query_row(sql, [], |row| {
        Ok(Holds {
            accounts: row.get(0)?,
            messages: row.get(1)?,
            bytes: row.get(2)?,
            files: row.get(3)?,
            secrets: row.get(4)?,
            drafts: row.get(5)?,
            unsent: row.get(6)?,
        })
    })?)
}

/// Marks a profile to be erased before it is opened again; on return the mark is on disk.
pub fn mark(directory: &Path) -> Result<(), StoreError> {
    File::create(directory.join(MARK))?.sync_all()?;
    settle(directory);
    Ok(())
}

/// Whether a profile is to be erased.
pub fn is_marked(directory: &Path) -> bool {
    directory.join(MARK).exists()
}

/// Erases a profile that is marked; `forget_key` removes its key from wherever that lies, while the directory is there.
///
/// Nothing is erased while another process holds the profile: that is waited for, and then refused.
pub fn erase_marked(directory: &Path, forget_key: impl FnOnce()) -> Result<(), StoreError> {
    if !is_marked(directory) {
        return Ok(());
    }
    let _lock = locked(directory)?;
    forget_key();
    for folder in FOLDERS {
        there_or_not(fs::remove_dir_all(directory.join(folder)))?;
    }
    let logs = directory.join(LOGS);
    if logs.is_dir() {
        remove_files(&logs, |name| name.starts_with(DATABASE))?;
        // Others' files may be left in it.
        let _ = fs::remove_dir(&logs);
    }
    remove_files(directory, |name| {
        let ours = name.starts_with(DATABASE) || FILES.contains(&name);
        ours && name != MARK && name != LOCK
    })?;
    // What is erased must not come back after a power cut that the mark did not live through.
    settle(directory);
    there_or_not(fs::remove_file(directory.join(MARK)))?;
    settle(directory);
    Ok(())
}

fn locked(directory: &Path) -> Result<ProfileLock, StoreError> {
    for _ in 0..STEPS {
        if let Some(lock) = ProfileLock::take(directory)? {
            return Ok(lock);
        }
        std::thread::sleep(STEP);
    }
    Err(StoreError::ReadOnly)
}

/// Removes the files of a folder that are ours by their names.
fn remove_files(folder: &Path, ours: impl Fn(&str) -> bool) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if ours(&entry.file_name().to_string_lossy()) && !entry.file_type()?.is_dir() {
            there_or_not(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

fn there_or_not(removed: std::io::Result<()>) -> Result<(), StoreError> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Puts the names in a directory on disk, where the system can be asked to.
fn settle(directory: &Path) {
    // Windows keeps no handles to directories; there the file system orders its own changes.
    let settled = File::open(directory).and_then(|directory| directory.sync_all());
    if let Err(error) = settled {
        tracing::debug!(%error, "a directory could not be synced");
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::{OpenOptions, Store};

    /// A profile with something of each kind in it, closed.
    fn profile(directory: &Path) {
        drop(Store::open(directory, OpenOptions::default()).expect("a profile").store);
        drop(locked(directory).expect("the writer has ended"));
        for folder in FOLDERS {
            fs::create_dir_all(directory.join(folder).join("deep")).expect("made");
            fs::write(directory.join(folder).join("deep/file"), "words").expect("written");
        }
        let more =
            ["deskbell.before-update.db", "deskbell.damaged-1.db", "deskbell.damaged-1.db-wal"];
        for file in FILES.iter().chain(&more) {
            fs::write(directory.join(file), "words").expect("written");
        }
        fs::create_dir(directory.join(LOGS)).expect("made");
        fs::write(directory.join(LOGS).join("deskbell.2026-11-21.log"), "ours").expect("written");
        fs::write(directory.join("letter.odt"), "mine").expect("written");
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).expect("a directory");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<String> =
            entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_marked_profile_is_erased_and_what_is_not_ours_stays() {
        let directory = tempfile::tempdir().expect("a directory");
        profile(directory.path());
        let forgotten = Cell::new(0);
        let forget = || forgotten.set(forgotten.get() + 1);
        erase_marked(directory.path(), forget).expect("nothing is asked for");
        assert!(directory.path().join("deskbell.db").exists() && forgotten.get() == 0);
        mark(directory.path()).expect("is marked");
        erase_marked(directory.path(), forget).expect("is erased");
        assert_eq!(names(directory.path()), [LOCK, "letter.odt"]);
        assert_eq!(forgotten.get(), 1, "the key went with it");
    }

    #[test]
    fn logs_of_other_programs_stay() {
        let directory = tempfile::tempdir().expect("a directory");
        profile(directory.path());
        let (logs, theirs) = (directory.path().join(LOGS), "press.log");
        fs::write(logs.join(theirs), "mine").expect("written");
        mark(directory.path()).expect("is marked");
        erase_marked(directory.path(), || {}).expect("is erased");
        assert_eq!(names(&logs), [theirs]);
    }

    #[test]
    fn an_erasing_that_was_cut_short_anywhere_is_finished_by_the_next() {
        // A crash leaves a part of the files and the mark.
        for left in 0..8 {
            let directory = tempfile::tempdir().expect("a directory");
            profile(directory.path());
            mark(directory.path()).expect("is marked");
            let mut ours = names(directory.path());
            ours.retain(|name| name != MARK && name != "letter.odt");
            for name in ours.iter().take(ours.len() * left / 8) {
                let path = directory.path().join(name);
                let removed =
                    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
                removed.expect("goes");
            }
            erase_marked(directory.path(), || {}).expect("goes on");
            assert_eq!(names(directory.path()), [LOCK, "letter.odt"], "{left}");
            let fresh = Store::open(directory.path(), OpenOptions::default()).expect("a new one");
            assert_eq!(fresh.store.read_now(holds).expect("counts"), Holds::default());
        }
    }

    #[test]
    fn a_file_that_cannot_go_keeps_the_mark() {
        let directory = tempfile::tempdir().expect("a directory");
        profile(directory.path());
        mark(directory.path()).expect("is marked");
        // Whoever runs this, a file cannot be emptied as a folder.
        fs::remove_dir_all(directory.path().join("blobs")).expect("goes");
        fs::write(directory.path().join("blobs"), "in the way").expect("written");
        erase_marked(directory.path(), || {}).expect_err("it is no folder");
        assert!(is_marked(directory.path()), "the next start tries again");
    }
}
