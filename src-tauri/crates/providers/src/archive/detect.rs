//! What kind of archive a path is, told by content; names lie or are missing.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use deskbell_domain::ProviderError;

use super::{eml, folder, maildir, mbox, reader, unreadable};

/// The kinds of archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// One mbox file.
    Mbox,
    /// A folder with mbox files in it, as Thunderbird keeps them.
    MboxFolder,
    Maildir,
    /// A folder with .eml files in it, at any depth.
    Eml,
}

/// Finds out, or says why it cannot be imported.
pub(super) fn layout(path: &Path) -> Result<Layout, ProviderError> {
    let metadata = fs::metadata(path).map_err(|error| unreadable("The path to import", &error))?;
    if metadata.is_dir() {
        return folder_layout(path);
    }
    if !metadata.is_file() {
        return Err(refused("The path to import is neither a file nor a folder."));
    }
    let start = first_bytes(path).map_err(|error| unreadable("The file to import", &error))?;
    match start.as_slice() {
        [] => Err(refused("The file to import is empty. Choose one that holds mail.")),
        [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..] | [0x37, 0x7a, 0xbc, 0xaf, ..] => Err(refused(
            "The file to import is compressed. Unpack it first, then import what is in it.",
        )),
        _ if looks_like_mbox(&start) => Ok(Layout::Mbox),
        _ if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml")) => {
            Err(refused("The file to import is a single message. Choose the folder that holds it."))
        }
        _ => Err(refused(
            "The file to import is not an mbox: it does not begin with a line \"From …\". \
             Choose an mbox file, a Maildir, or a folder of .eml files.",
        )),
    }
}

fn folder_layout(path: &Path) -> Result<Layout, ProviderError> {
    let failed = |error| unreadable("The folder to import", &error);
    let folders = folder::folders(path).map_err(failed)?;
    if folders.iter().any(|folder| maildir::is_maildir(&folder.path)) {
        return Ok(Layout::Maildir);
    }
    let has_eml = |folder: &folder::Entry| {
        folder::files(&folder.path, eml::is_eml).is_ok_and(|files| !files.is_empty())
    };
    if folders.iter().any(has_eml) {
        return Ok(Layout::Eml);
    }
    if folders.iter().any(|folder| !mbox::files_in(folder).is_empty()) {
        return Ok(Layout::MboxFolder);
    }
    Err(refused(
        "The folder to import holds no mail: no Maildir (cur and new), no .eml file and no mbox is in it. \
         Choose the folder that directly holds the mail.",
    ))
}

/// Whether a file begins like an mbox, empty lines at its head aside.
pub(super) fn looks_like_mbox(start: &[u8]) -> bool {
    let start = start.trim_ascii_start();
    let end = start.iter().position(|byte| *byte == b'\n').map_or(start.len(), |end| end + 1);
    start.get(..end).is_some_and(reader::is_separator)
}

/// The first bytes of a file, enough to tell its kind.
pub(super) fn first_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(path)?.take(1024).read_to_end(&mut start)?;
    Ok(start)
}

fn refused(sentence: &str) -> ProviderError {
    ProviderError::File(sentence.to_owned())
}
