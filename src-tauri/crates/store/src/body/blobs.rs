//! `blobs/`: attachments as files, named by the BLAKE3 of their bytes, stored once.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::StoreError;

/// The directory of blobs.
#[derive(Debug)]
pub(crate) struct Blobs {
    directory: PathBuf,
}

impl Blobs {
    pub(crate) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    fn path(&self, hash: &[u8; 32]) -> PathBuf {
        let hex = blake3::Hash::from_bytes(*hash).to_hex();
        let (folder, _) = hex.split_at_checked(2).unwrap_or(("", ""));
        self.directory.join(folder).join(hex.as_str())
    }

    /// Writes the bytes unless they are there; complete under their name, or not at all.
    pub(crate) fn put(&self, bytes: &[u8]) -> Result<[u8; 32], StoreError> {
        let hash = *blake3::hash(bytes).as_bytes();
        let path = self.path(&hash);
        if fs::metadata(&path).is_ok_and(|meta| meta.len() == bytes.len() as u64) {
            return Ok(hash);
        }
        let parent = path.parent().unwrap_or(&self.directory);
        fs::create_dir_all(parent)?;
        let unfinished = path.with_extension(format!("{}.tmp", std::process::id()));
        let mut file = fs::File::create(&unfinished)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_data());
        if let Err(error) = written.and_then(|()| fs::rename(&unfinished, &path)) {
            // What is left of a failed write is of no use to anyone.
            let _ = fs::remove_file(&unfinished);
            return Err(error.into());
        }
        Ok(hash)
    }

    /// Reads the bytes back, checked against their name.
    pub(crate) fn get(&self, hash: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        let bytes = fs::read(self.path(hash))
            .map_err(|error| StoreError::Body(format!("an attachment file is missing: {error}")))?;
        if blake3::hash(&bytes).as_bytes() != hash {
            return Err(StoreError::Body("an attachment file was changed or damaged".into()));
        }
        Ok(bytes)
    }

    pub(crate) fn remove(&self, hash: &[u8; 32]) {
        // A file that stays behind costs space, nothing else.
        let _ = fs::remove_file(self.path(hash));
    }
}
