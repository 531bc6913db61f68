//! An mbox as a scope: pages by byte offset, and what to do when the file changed.
//!
//! A message's key is a digest of its bytes, so that reading twice, or a file put together from others,
//! adds nothing double. Three cases are told apart on each pull: the file is as it was (answered from its size
//! and time), it only grew (read on from where it ended), or it changed inside (read anew). What the file lost since
//! is not taken back: an import is a copy, and may be the last one.
//! Messages come in the file's order, as finding the newest first would take reading it twice.
//! `remaining` is an estimate by bytes until the end is reached; `remote_total` is given, exactly, at the end.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteBody, RemoteChange, RemoteKey, RemoteMessage, RemoteScope,
};
use deskbell_domain::{MailboxRole, Millis, ProviderError};
use serde::{Deserialize, Serialize};

use super::folder::{self, Entry};
use super::reader::{self, RawMessage, Reader};
use super::{detect, facts, position_of, source_of, unreadable};

/// How many bytes before the position, and at the head of the file, must be as they were.
const GUARD: u64 = 4096;

/// What the cursor holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Position {
    /// Where the next message begins, or the file ended.
    offset: u64,
    /// The file's size and time when it was last looked at.
    size: u64,
    modified: Millis,
    /// Digest of the bytes that show whether the file is still the same up to `offset`.
    guard: String,
    /// Separator offset and key of the last message, which may have been cut short.
    last: Option<(u64, RemoteKey)>,
    /// How many messages there are before `offset`, each counted once.
    count: u64,
    /// The whole file is being read.
    listing: bool,
}

/// The messages seen before an offset, kept between pulls.
pub(super) struct Scan {
    scope: String,
    offset: u64,
    /// As in [`Position`]: a pull that was given up may end after the file was rewritten.
    guard: String,
    seen: HashSet<RemoteKey>,
}

impl Scan {
    fn new(scope: &RemoteScope, offset: u64, guard: &str) -> Self {
        let (scope, guard) = (scope.key.clone(), guard.to_owned());
        Self { scope, offset, guard, seen: HashSet::new() }
    }
}

fn failed(error: &io::Error) -> ProviderError {
    unreadable("The mbox file", error)
}

/// The mbox files right in a folder.
pub(super) fn files_in(folder: &Entry) -> Vec<Entry> {
    let prefix = if folder.key == "." { String::new() } else { format!("{}/", folder.key) };
    let files = folder::files(&folder.path, |name| !name.starts_with('.')).unwrap_or_default();
    let mbox = |path: &PathBuf| {
        detect::first_bytes(path).is_ok_and(|start| detect::looks_like_mbox(&start))
    };
    let files = files.into_iter().filter(|(_, path)| mbox(path));
    files.map(|(name, path)| Entry { key: format!("{prefix}{name}"), path }).collect()
}

pub(super) fn scopes(root: &Path) -> Result<Vec<RemoteScope>, ProviderError> {
    let metadata = fs::metadata(root).map_err(|error| failed(&error))?;
    let files = if metadata.is_dir() {
        let folders = folder::folders(root).map_err(|error| failed(&error))?;
        folders.iter().flat_map(files_in).map(|file| file.key).collect()
    } else {
        vec![root.file_name().unwrap_or_default().to_string_lossy().into_owned()]
    };
    let scope = |key: String| {
        let name = mailbox_name(&key);
        let role = folder::role(&name).unwrap_or(MailboxRole::Archive);
        RemoteScope { key, name, role, selectable: true }
    };
    Ok(files.into_iter().map(scope).collect())
}

/// `Local Folders/Inbox.sbd/Clients` and `Clients.mbox/mbox` as a person knows them.
fn mailbox_name(key: &str) -> String {
    let key = key.strip_suffix(".mbox/mbox").unwrap_or(key);
    let bare = |part: &str| {
        let known = [".sbd", ".mbox", ".mbx"];
        known.iter().find_map(|ending| part.strip_suffix(ending)).unwrap_or(part).to_owned()
    };
    key.split('/').map(bare).collect::<Vec<_>>().join("/")
}

/// The file of a scope; only files that are scopes can be had.
pub(super) fn file(root: &Path, scope: &RemoteScope) -> Result<PathBuf, ProviderError> {
    if !fs::metadata(root).map_err(|error| failed(&error))?.is_dir() {
        return Ok(root.to_path_buf());
    }
    let folders = folder::folders(root).map_err(|error| failed(&error))?;
    let found = folders.iter().flat_map(files_in).find(|file| file.key == scope.key);
    found.map(|file| file.path).ok_or_else(|| ProviderError::ScopeGone(scope.name.clone()))
}

pub(super) fn stamp(file: &Path) -> Result<String, ProviderError> {
    let metadata = fs::metadata(file).map_err(|error| failed(&error))?;
    Ok(format!("{} {}", metadata.len(), folder::modified(&metadata)))
}

/// The next page; `known` carries what was seen from one pull to the next.
pub(super) fn pull(
    file: &Path,
    scope: &RemoteScope,
    cursor: Option<&Cursor>,
    options: PullOptions,
    known: &mut Option<Scan>,
) -> Result<Page, ProviderError> {
    let position = position_of(cursor, scope)?;
    read_page(file, scope, position, options, known).map_err(|error| failed(&error))
}

fn read_page(
    file: &Path,
    scope: &RemoteScope,
    position: Option<Position>,
    options: PullOptions,
    known: &mut Option<Scan>,
) -> io::Result<Page> {
    let metadata = fs::metadata(file)?;
    let (size, modified) = (metadata.len(), folder::modified(&metadata));
    let position = match position {
        Some(position) if position.fits(file, size, modified)? => Some(position),
        _ => None,
    };
    let mut changes = Vec::new();
    let mut position = match position {
        Some(same) if same.offset == size && !same.listing => {
            return Ok(same.page(changes, false));
        }
        Some(mut grown) => {
            // Whoever wrote the file may have been in the middle of its last message.
            if let Some((start, key)) = grown.last.clone()
                && !grown.listing
                && !begins_message(file, grown.offset)?
            {
                changes.push(RemoteChange::Gone(key));
                grown.offset = start;
                grown.count = grown.count.saturating_sub(1);
            }
            grown
        }
        None => {
            let guard = guard(file, 0)?;
            *known = Some(Scan::new(scope, 0, &guard));
            Position { offset: 0, size, modified, guard, last: None, count: 0, listing: true }
        }
    };
    (position.size, position.modified) = (size, modified);

    let mut scan = match known.take() {
        Some(scan)
            if scan.scope == scope.key
                && scan.offset == position.offset
                && scan.guard == position.guard =>
        {
            scan
        }
        _ => rescan(file, scope, &position)?,
    };
    let mut reader = Reader::open(file, position.offset)?;
    let (mut messages, mut bytes) = (0, 0);
    let mut ended = false;
    while messages < options.max_messages.max(1) && bytes < options.max_bytes.max(1) {
        let Some(raw) = reader.next()? else {
            ended = true;
            break;
        };
        (position.offset, messages) = (raw.end, messages + 1);
        bytes += raw.bytes.len() as u64;
        let start = raw.start;
        if let Some(message) = message(raw, modified) {
            position.last = Some((start, message.key.clone()));
            if scan.seen.insert(message.key.clone()) {
                changes.push(RemoteChange::Message(message));
            }
        }
    }
    if ended {
        // What follows the last message, or an mbox without any, is read too.
        position.offset = size;
        position.listing = false;
    }
    position.count = scan.seen.len() as u64;
    position.guard = guard(file, position.offset)?;
    (scan.offset, scan.guard) = (position.offset, position.guard.clone());
    *known = Some(scan);
    Ok(position.page(changes, !ended))
}

impl Position {
    /// Whether the file up to the position is the one it was taken from.
    fn fits(&self, file: &Path, size: u64, modified: Millis) -> io::Result<bool> {
        if size < self.offset || (size == self.size && modified != self.modified) {
            return Ok(false);
        }
        // The bytes need not be read where size and time say that nothing happened.
        let untouched = size == self.size && modified == self.modified;
        Ok(untouched || guard(file, self.offset)? == self.guard)
    }

    fn page(self, changes: Vec<RemoteChange>, more: bool) -> Page {
        let left = self.size.saturating_sub(self.offset);
        let estimate = if self.count == 0 {
            u64::from(left > 0)
        } else {
            left * self.count / self.offset.max(1)
        };
        Page {
            changes,
            more,
            remote_total: (!more).then_some(self.count),
            remaining: Some(if more { estimate.max(1) } else { 0 }),
            next: Cursor(serde_json::to_string(&self).unwrap_or_default()),
        }
    }
}

/// A message as the port wants it; `None` for one that is deleted but not cleared away.
fn message(raw: RawMessage, modified: Millis) -> Option<RemoteMessage> {
    let (facts, bytes) = facts::read(&raw.bytes);
    (!facts.expunged).then(|| RemoteMessage {
        key: facts::key(&bytes),
        flags: facts.flags,
        internal_date: raw.date.or(facts.date).unwrap_or(modified),
        size: bytes.len() as u64 + raw.left_out,
        role: facts.role,
        thread: None,
        known_by: None,
        source: source_of(bytes, raw.left_out),
    })
}

/// Reads the file up to a position again, for the keys of its messages alone.
fn rescan(file: &Path, scope: &RemoteScope, position: &Position) -> io::Result<Scan> {
    let mut scan = Scan::new(scope, position.offset, &position.guard);
    let mut reader = Reader::open(file, 0)?;
    while let Some(raw) = reader.next()?.filter(|raw| raw.start < position.offset) {
        scan.seen.extend(message(raw, 0).map(|message| message.key));
    }
    Ok(scan)
}

/// Whether a message, and not the rest of one, begins at an offset.
fn begins_message(file: &Path, offset: u64) -> io::Result<bool> {
    let mut start = Vec::new();
    let mut file = File::open(file)?;
    file.seek(SeekFrom::Start(offset))?;
    file.take(GUARD).read_to_end(&mut start)?;
    let start = start.trim_ascii_start();
    let end = start.iter().position(|byte| *byte == b'\n').map_or(start.len(), |end| end + 1);
    Ok(start.is_empty() || start.get(..end).is_some_and(reader::is_separator))
}

/// Digest of the head of the file and of the bytes before an offset.
fn guard(file: &Path, offset: u64) -> io::Result<String> {
    let mut file = File::open(file)?;
    let mut hasher = blake3::Hasher::new();
    let mut bytes = Vec::new();
    for start in [0, offset.saturating_sub(GUARD)] {
        bytes.clear();
        file.seek(SeekFrom::Start(start))?;
        (&mut file).take(GUARD.min(offset - start)).read_to_end(&mut bytes)?;
        hasher.update(&bytes);
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Whole messages by key: one pass over the file.
pub(super) fn bodies(file: &Path, keys: &[RemoteKey]) -> Result<Vec<RemoteBody>, ProviderError> {
    let mut wanted: HashSet<&RemoteKey> = keys.iter().collect();
    let mut bodies = Vec::new();
    let mut reader = Reader::open(file, 0).map_err(|error| failed(&error))?;
    while !wanted.is_empty() {
        let Some(raw) = reader.next().map_err(|error| failed(&error))? else { break };
        let (_, bytes) = facts::read(&raw.bytes);
        let key = facts::key(&bytes);
        if wanted.remove(&key) {
            bodies.push(RemoteBody { key, source: Bytes::from(bytes) });
        }
    }
    Ok(bodies)
}
