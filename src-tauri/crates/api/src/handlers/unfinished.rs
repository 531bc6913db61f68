//! The mark of an export under way: whoever finds it knows that the directory is ours and not whole.
//!
//! Invariant: what is removed for a new beginning was written down here before it was made, and nothing else is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::path::{Component, Path, PathBuf};

use crate::dto::ApiError;
use crate::handlers::export::refused;

/// Stands in the directory until the export is whole; names the folders made so far, one a line.
const MARK: &str = "unfinished-export.txt";
/// Its first line, for whoever opens it.
const HEAD: &str = "This export was interrupted. Export into this directory again: the folders named here are then made anew.";

/// An export under way; the mark stays if it is dropped before its end.
pub(super) struct Unfinished {
    path: PathBuf,
    mark: File,
    /// The directory was not there before.
    made: bool,
}

impl Unfinished {
    /// Begins in an empty or new directory, or clears up after an export that did not come to its end.
    pub(super) fn begin(directory: &Path) -> Result<Self, ApiError> {
        let path = directory.join(MARK);
        let occupied = directory.read_dir().is_ok_and(|mut entries| entries.next().is_some());
        if occupied && !path.is_file() {
            return Err(ApiError::field(
                "directory",
                format!("{} is not empty; choose a new directory.", directory.display()),
            ));
        }
        let made = !directory.exists();
        std::fs::create_dir_all(directory).map_err(|error| refused(directory, &error))?;
        let opened = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let mark = opened.map_err(|error| refused(&path, &error))?;
        match mark.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ApiError::field(
                    "directory",
                    format!(
                        "Another export is writing into {}; wait for its end, or choose a new directory.",
                        directory.display()
                    ),
                ));
            }
            Err(TryLockError::Error(error)) => return Err(refused(&path, &error)),
        }
        let mut unfinished = Self { path, mark, made };
        unfinished.clear(directory)?;
        unfinished.say(HEAD)?;
        Ok(unfinished)
    }

    /// Whether an export was begun in this directory and did not come to its end.
    pub(super) fn lies_in(directory: &Path) -> bool {
        directory.join(MARK).is_file()
    }

    /// Removes what an interrupted export made.
    fn clear(&mut self, directory: &Path) -> Result<(), ApiError> {
        let mut text = String::new();
        self.mark.read_to_string(&mut text).map_err(|error| refused(&self.path, &error))?;
        for name in text.lines().filter(|line| *line != HEAD && is_plain(line)) {
            let folder = directory.join(name);
            let removed = if folder.is_file() {
                std::fs::remove_file(&folder)
            } else {
                std::fs::remove_dir_all(&folder)
            };
            match removed {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(refused(&folder, &error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        self.mark.set_len(0).map_err(|error| refused(&self.path, &error))
    }

    /// Writes down that this folder or file is about to be made.
    pub(super) fn will_make(&mut self, name: &str) -> Result<(), ApiError> {
        self.say(name)
    }

    fn say(&mut self, line: &str) -> Result<(), ApiError> {
        writeln!(self.mark, "{line}").map_err(|error| refused(&self.path, &error))
    }

    /// The export is not wanted any more: what it made is removed, and the directory if it made that too.
    pub(super) fn abandon(mut self, directory: &Path) -> Result<(), ApiError> {
        self.mark.rewind().map_err(|error| refused(&self.path, &error))?;
        self.clear(directory)?;
        let made = self.made;
        self.end()?;
        if made && let Err(error) = std::fs::remove_dir(directory) {
            // Somebody put something of their own into it meanwhile.
            tracing::info!(%error, "the folder of a cancelled export stays");
        }
        Ok(())
    }

    /// The export is whole.
    pub(super) fn end(self) -> Result<(), ApiError> {
        drop(self.mark);
        std::fs::remove_file(&self.path).map_err(|error| refused(&self.path, &error))
    }
}

/// Whether the name is that of something directly in the directory.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_export_begins_anew_and_leaves_what_is_not_its_own() {
        let directory = tempfile::tempdir().expect("a directory");
        let outside = tempfile::tempdir().expect("another");
        let target = directory.path().join("export");
        let mut first = Unfinished::begin(&target).expect("a new directory");
        first.will_make("1-studio").expect("written");
        std::fs::create_dir(target.join("1-studio")).expect("made");
        std::fs::write(target.join("1-studio/INBOX.mbox"), "half a ma").expect("written");
        std::fs::write(target.join("notes.txt"), "mine").expect("written");
        first.will_make(&outside.path().display().to_string()).expect("written");
        first.will_make("..").expect("written");

        let twice = Unfinished::begin(&target).map(drop).expect_err("the first is still at it");
        assert!(twice.message.contains("Another export"), "{twice}");
        // As a kill does it.
        drop(first);

        let again = Unfinished::begin(&target).expect("it is ours to begin anew");
        assert!(!target.join("1-studio").exists(), "half of a mailbox is nobody's");
        assert!(target.join("notes.txt").exists() && outside.path().exists());
        again.end().expect("whole");
        let whole = Unfinished::begin(&target).map(drop).expect_err("whole, and not empty");
        assert!(whole.message.contains("is not empty"), "{whole}");
    }
    #[test]
    fn a_cancelled_export_takes_away_what_it_made_and_nothing_else() {
        let directory = tempfile::tempdir().expect("a directory");
        let own = directory.path().join("own");
        std::fs::create_dir(&own).expect("made");
        for target in [directory.path().join("export"), own.clone()] {
            let mut export = Unfinished::begin(&target).expect("begun");
            export.will_make("labels.json").expect("written");
            std::fs::write(target.join("labels.json"), "[]").expect("written");
            export.will_make("1-studio").expect("written");
            std::fs::create_dir(target.join("1-studio")).expect("made");
            std::fs::write(target.join("1-studio/INBOX.mbox"), "half a ma").expect("written");
            export.abandon(&target).expect("taken away");
        }
        assert!(!directory.path().join("export").exists(), "its own folder goes too");
        let left = own.read_dir().expect("a folder of the person's own stays").count();
        assert_eq!(left, 0, "and nothing stays in it");
    }
}
