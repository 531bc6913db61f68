//! Who may write: a lock on a file beside the database, held for the life of the process.
//!
//! The operating system releases it when the process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::StoreError;

/// The held lock; dropping it lets another process write.
#[derive(Debug)]
pub(crate) struct ProfileLock(#[expect(dead_code, reason = "held, never read")] File);

impl ProfileLock {
    /// Takes the lock, or `None` when another process has it.
    pub(crate) fn take(directory: &Path) -> Result<Option<Self>, StoreError> {
        let path = directory.join("deskbell.lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
