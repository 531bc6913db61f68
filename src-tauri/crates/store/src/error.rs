//! Why the store could not do what was asked.

use rusqlite::ErrorCode;

/// A failure of the store. Callers decide by the variant; the text is for a person.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full; the transaction was rolled back whole.
    #[error("the disk is full; free some space and Deskbell goes on by itself")]
    DiskFull,
    /// The file was written by a newer Deskbell.
    #[error(
        "this profile was used by a newer Deskbell (its data version is {found}, this one knows {known}); update Deskbell to open it"
    )]
    Newer {
        /// The version in the file.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// The file is damaged.
    #[error(
        "the database file is damaged ({0}); end every Deskbell and start it again: it sets the file aside and fetches your mail anew"
    )]
    Corrupt(String),
    /// Another process holds the profile.
    #[error("another Deskbell has this profile open; close it first, or only read")]
    ReadOnly,
    /// The row is not there (any more).
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// What was asked for no longer fits what is there.
    #[error("{0}")]
    Conflict(String),
    /// A stored body cannot be unpacked.
    #[error("a stored message cannot be read back: {0}")]
    Body(String),
    /// The profile directory cannot be used.
    #[error("the profile directory cannot be used: {0}")]
    Directory(std::io::Error),
    /// The writer is gone: the store was closed.
    #[error("the store is closed")]
    Closed,
    /// Any other answer of SQLite.
    #[error("the database refused: {0}")]
    Sqlite(rusqlite::Error),
    /// A migration failed; the backup made before it is untouched.
    #[error("the database could not be brought up to date: {0}")]
    Migration(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt(error.to_string())
            }
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            Self::DiskFull
        } else {
            Self::Directory(error)
        }
    }
}
