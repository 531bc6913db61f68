//! A profile that is to be erased goes before anything of it is opened: its key, then its files.

use std::path::Path;

use deskbell_store::erasure;

use crate::key;
use crate::open::OpenError;

/// Erases a profile that a person had erased in the window; the end of what a crash or a power cut interrupted, too.
///
/// Every program calls it before it opens anything in the directory, its logs included. Waits for the process that
/// marked the profile.
///
/// # Errors
/// What could not be removed: the profile stays marked and must not be opened.
pub fn finish_erasing(directory: &Path) -> Result<(), OpenError> {
    if !erasure::is_marked(directory) {
        return Ok(());
    }
    erasure::erase_marked(directory, || {
        // Where no keychain answers, what the key opened is gone all the same.
        key::forget(directory);
    })?;
    tracing::info!("the profile was erased, as a person asked for");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use deskbell_api::NoHost;
    use deskbell_store::erasure::mark;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_profile_marked_to_be_erased_is_opened_as_a_new_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let open = || crate::open(path, Arc::new(NoHost), false, false);
        drop(open().unwrap());
        std::fs::create_dir_all(path.join("imported/1")).unwrap();
        std::fs::write(path.join("passphrase.salt"), "salt").unwrap();
        mark(path).unwrap();
        // It must not matter who opens it next.
        let profile = open().unwrap();
        assert!(!path.join("imported").exists() && !path.join("passphrase.salt").exists());
        assert!(!erasure::is_marked(path), "it is done");
        assert!(!profile.desk.store.is_read_only(), "and can be written");
    }
}
