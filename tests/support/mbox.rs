//! Reads what `bell export` wrote, with eyes of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One message of an mbox.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Message-ID without brackets; empty if it has none.
    pub id: String,
    /// `Status: RO`.
    pub seen: bool,
    /// `X-Status: F`.
    pub starred: bool,
    /// Everything behind the added status lines, unquoted.
    pub source: Vec<u8>,
}

/// All mailboxes of an export with one account, by file name without `.mbox`.
pub fn exported(directory: &Path) -> BTreeMap<String, Vec<Entry>> {
    let account = only(directory);
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(&account).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "mbox") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            found.insert(name, read(&path));
        }
    }
    found
}

/// The one thing in a directory.
pub fn only(directory: &Path) -> PathBuf {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    // Beside the accounts lies what a person made and wrote here.
    let mut entries = entries.filter(|path| path.is_dir() && !path.ends_with("draft-files"));
    let first = entries.next().unwrap();
    assert!(entries.next().is_none(), "{} holds more than one account", directory.display());
    first
}

/// The messages of an mboxrd file.
pub fn read(path: &Path) -> Vec<Entry> {
    let text = std::fs::read(path).unwrap();
    let mut entries = Vec::new();
    let mut current: Option<Vec<&[u8]>> = None;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b"From ") {
            entries.extend(current.replace(Vec::new()).map(|lines| entry(&lines)));
        } else if let Some(lines) = &mut current {
            lines.push(line);
        }
    }
    entries.extend(current.map(|lines| entry(&lines)));
    entries
}

fn entry(lines: &[&[u8]]) -> Entry {
    let mut rest = lines;
    let mut status = |name: &[u8]| -> Vec<u8> {
        match rest.split_first() {
            Some((first, after)) if first.starts_with(name) => {
                rest = after;
                first[name.len()..].to_vec()
            }
            _ => Vec::new(),
        }
    };
    let (seen, marks) = (status(b"Status: "), status(b"X-Status: "));
    let mut source = Vec::new();
    for line in rest.strip_suffix(&[b"\n".as_slice()]).unwrap_or(rest) {
        let quotes = line.iter().take_while(|byte| **byte == b'>').count();
        let quoted = quotes > 0 && line[quotes..].starts_with(b"From ");
        source.extend_from_slice(&line[usize::from(quoted)..]);
    }
    Entry {
        id: message_id(&source),
        seen: seen.contains(&b'R'),
        starred: marks.contains(&b'F'),
        source,
    }
}

/// The Message-ID of a source, without brackets.
pub fn message_id(source: &[u8]) -> String {
    let text = String::from_utf8_lossy(source);
    let line = text
        .lines()
        .take_while(|line| !line.is_empty())
        .find(|line| line.to_ascii_lowercase().starts_with("message-id:"));
    line.and_then(|line| line.split(['<', '>']).nth(1)).unwrap_or_default().to_owned()
}
