//! `blobs/`: attachments as files, named by the BLAKE3 of their bytes, stored once.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

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
        if is_there(&path, bytes.len() as u64) {
            return Ok(hash);
        }
        let parent = path.parent().unwrap_or(&self.directory);
        fs::create_dir_all(parent)?;
        // A name of its own for every write: two mails with the same logo are packed at the same time.
        let mut unfinished = NamedTempFile::new_in(parent)?;
        unfinished.write_all(bytes)?;
        unfinished.as_file().sync_data()?;
        unfinished.persist(&path).map_err(|failed| failed.error)?;
        Ok(hash)
    }

    /// As [`Self::put`], and replaces a file of the same length that holds other bytes: who attaches a file again because
    /// the one kept was damaged is to have it.
    pub(crate) fn put_whole(&self, bytes: &[u8]) -> Result<[u8; 32], StoreError> {
        let hash = *blake3::hash(bytes).as_bytes();
        if self.get(&hash).is_err() {
            self.remove(&hash);
        }
        self.put(bytes)
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

    /// Whether the bytes are there, by their length.
    pub(crate) fn has(&self, hash: &[u8; 32], size: i64) -> bool {
        u64::try_from(size).is_ok_and(|size| is_there(&self.path(hash), size))
    }

    /// The names of all files. Those a killed process left unfinished are deleted on the way.
    pub(crate) fn files(&self) -> Vec<[u8; 32]> {
        let inside = |folder: &Path| {
            fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
        };
        let mut hashes = Vec::new();
        for path in inside(&self.directory).flat_map(|folder| inside(&folder).collect::<Vec<_>>()) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            match blake3::Hash::from_hex(name) {
                Ok(hash) => hashes.push(*hash.as_bytes()),
                Err(_) if is_abandoned(&path) => {
                    // Space at worst, as with every file here.
                    let _ = fs::remove_file(&path);
                }
                Err(_) => {}
            }
        }
        hashes
    }

    pub(crate) fn remove(&self, hash: &[u8; 32]) {
        // A file that stays behind costs space, nothing else.
        let _ = fs::remove_file(self.path(hash));
    }
}

fn is_there(path: &Path, size: u64) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.len() == size)
}

/// How long nobody has written to a file that is being written, before it is taken for a dead process's.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

fn is_abandoned(path: &Path) -> bool {
    let age = fs::metadata(path).and_then(|meta| meta.modified()).map(|at| at.elapsed());
    matches!(age, Ok(Ok(age)) if age > ABANDONED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_logo_in_many_mails_at_once_is_stored_once_and_whole() {
        let directory = tempfile::tempdir().expect("a directory");
        let blobs = Blobs::new(directory.path());
        let logo = vec![7_u8; 300_000];
        std::thread::scope(|scope| {
            let writers: Vec<_> =
                (0..8).map(|_| scope.spawn(|| blobs.put(&logo).expect("is written"))).collect();
            for writer in writers {
                let hash = writer.join().expect("no panic");
                assert_eq!(blobs.get(&hash).expect("is whole"), logo);
            }
        });
        let folders = std::fs::read_dir(directory.path()).expect("a directory").count();
        assert_eq!(folders, 1, "one file in one folder");
    }
}
