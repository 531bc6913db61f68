//! A Maildir: folders of one file a message, whose names carry the flags.
//!
//! A key is the unique part of the name, which a message keeps while its flags change. After the first listing,
//! new and renamed files are found by the time their entry last changed, which a move and a rename set
//! though the content's own time stays; what is gone, by comparing all names.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use deskbell_domain::message::Flags;
use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteBody, RemoteChange, RemoteKey, RemoteMessage, RemoteScope,
};
use deskbell_domain::{MailboxRole, ProviderError};
use serde::{Deserialize, Serialize};

use super::folder::Rest;
use super::{eml, facts, folder, position_of, source_of, unreadable};

/// What the cursor holds.
#[derive(Debug, Serialize, Deserialize)]
struct Position {
    /// Digest of all names when this round began.
    names: String,
    /// The latest change of an entry when this round began.
    changed: i64,
    /// Only entries changed since then are handed over; `None` in a full listing.
    since: Option<i64>,
    /// The last key handed over in this round; `None` once all were.
    after: Option<String>,
}

/// A file of a Maildir.
pub(super) struct Entry {
    key: String,
    flags: Flags,
    role: Option<MailboxRole>,
    /// File name, with its flags and the folder it lies in.
    name: String,
    path: PathBuf,
    changed: i64,
}

fn failed(error: &io::Error) -> ProviderError {
    unreadable("The Maildir", error)
}

/// Whether a folder is one: mail is delivered to `new` and kept in `cur`.
pub(super) fn is_maildir(path: &Path) -> bool {
    path.join("cur").is_dir() && path.join("new").is_dir()
}

fn maildirs(root: &Path) -> Result<Vec<folder::Entry>, ProviderError> {
    let folders = folder::folders(root).map_err(|error| failed(&error))?;
    Ok(folders.into_iter().filter(|entry| is_maildir(&entry.path)).collect())
}

pub(super) fn scopes(root: &Path) -> Result<Vec<RemoteScope>, ProviderError> {
    let scope = |entry: folder::Entry| {
        if entry.key == "." {
            let (name, role) = ("INBOX".to_owned(), MailboxRole::Inbox);
            return RemoteScope { key: entry.key, name, role, selectable: true };
        }
        // Maildir++ writes levels as dots, the other layout as folders.
        let name = match entry.key.strip_prefix('.') {
            Some(dotted) => dotted.replace('.', "/"),
            None => entry.key.clone(),
        };
        let name = folder::from_utf7(&name);
        let role = folder::role(&name).unwrap_or(MailboxRole::Other);
        RemoteScope { key: entry.key, name, role, selectable: true }
    };
    Ok(maildirs(root)?.into_iter().map(scope).collect())
}

/// The messages of a scope, newest first as far as their names tell.
fn list(root: &Path, scope: &RemoteScope) -> Result<Vec<Entry>, ProviderError> {
    let found = maildirs(root)?.into_iter().find(|entry| entry.key == scope.key);
    let found = found.ok_or_else(|| ProviderError::ScopeGone(scope.name.clone()))?;
    let mut entries = Vec::new();
    for sub in ["cur", "new"] {
        let files = folder::files(&found.path.join(sub), |name| !name.starts_with('.'));
        for (name, path) in files.map_err(|error| failed(&error))? {
            // Moved or deleted since the folder was read: the next pull sees what became of it.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            if metadata.is_file() {
                entries.push(entry(sub, &name, path, &metadata));
            }
        }
    }
    // A message caught on its way from new to cur counts once, as it is in cur.
    entries.sort_by(|a, b| b.key.cmp(&a.key).then_with(|| a.name.cmp(&b.name)));
    entries.dedup_by(|a, b| a.key == b.key);
    Ok(entries)
}

fn entry(sub: &str, name: &str, path: PathBuf, metadata: &Metadata) -> Entry {
    // A semicolon or exclamation mark stands for the colon where file names cannot have one.
    let (key, info) =
        [":2,", ";2,", "!2,"].iter().find_map(|mark| name.split_once(mark)).unwrap_or((name, ""));
    let has = |letter: char| info.contains(letter);
    Entry {
        key: key.to_owned(),
        flags: Flags {
            seen: has('S'),
            starred: has('F'),
            answered: has('R'),
            draft: has('D'),
            deleted: false,
        },
        role: has('T').then_some(MailboxRole::Trash),
        name: format!("{sub}/{name}"),
        path,
        changed: entry_changed(metadata),
    }
}

/// When the entry, not only the content, last changed, in nanoseconds.
#[cfg(unix)]
fn entry_changed(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

/// Without such a time, the later of creation and change stands in for it.
#[cfg(not(unix))]
fn entry_changed(metadata: &Metadata) -> i64 {
    let created =
        metadata.created().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let created = created.and_then(|at| i64::try_from(at.as_millis()).ok()).unwrap_or_default();
    created.max(folder::modified(metadata)).saturating_mul(1_000_000)
}

pub(super) fn stamp(root: &Path, scope: &RemoteScope) -> Result<String, ProviderError> {
    Ok(names(&list(root, scope)?))
}

fn names(entries: &[Entry]) -> String {
    let mut hasher = blake3::Hasher::new();
    for entry in entries {
        hasher.update(entry.name.as_bytes()).update(b"\0");
    }
    hasher.finalize().to_hex().to_string()
}

pub(super) fn pull(
    root: &Path,
    scope: &RemoteScope,
    cursor: Option<&Cursor>,
    options: PullOptions,
    kept: &mut Option<Rest<Entry>>,
) -> Result<Page, ProviderError> {
    let position = position_of::<Position>(cursor, scope)?;
    let mut changes = Vec::new();
    let after = position.as_ref().and_then(|position| position.after.as_ref());
    let (mut position, mut rest) = match (Rest::resume(kept.take(), &scope.key, after), position) {
        (Some(rest), Some(position)) => (position, rest),
        (_, position) => {
            let entries = list(root, scope)?;
            match begin(position, &entries, &mut changes) {
                Ok(position) => {
                    let rest = waiting(&position, entries);
                    (position, rest)
                }
                Err(unchanged) => return Ok(page(unchanged, changes, entries.len() as u64, 0)),
            }
        }
    };
    let (mut messages, mut bytes) = (0, 0);
    let mut last = None;
    while messages < options.max_messages.max(1) && bytes < options.max_bytes.max(1) {
        let Some(entry) = rest.next() else { break };
        last = Some(entry.key.clone());
        match eml::read(&entry.path) {
            Ok(eml::Lying { source, left_out, modified }) => {
                (messages, bytes) = (messages + 1, bytes + source.len() as u64);
                let date = facts::read(&source).0.date;
                changes.push(RemoteChange::Message(RemoteMessage {
                    key: RemoteKey(entry.key),
                    flags: entry.flags,
                    internal_date: date.unwrap_or(modified),
                    size: source.len() as u64 + left_out,
                    role: entry.role,
                    thread: None,
                    known_by: None,
                    source: source_of(source, left_out),
                }));
            }
            // Renamed or deleted since it was listed: the next round sees what became of it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable("A message in the Maildir", &error)),
        }
    }
    let (left, total) = (rest.len(), rest.total());
    position.after = if left > 0 { last } else { None };
    if position.after.is_none() && position.since.is_none() {
        changes.push(RemoteChange::ListingEnded);
    }
    *kept = rest.keep(&scope.key, position.after.as_ref());
    Ok(page(position, changes, total, left))
}

/// Begins a round, or goes on in one; `Err` with the position as it is where nothing happened.
fn begin(
    position: Option<Position>,
    entries: &[Entry],
    changes: &mut Vec<RemoteChange>,
) -> Result<Position, Position> {
    let names = names(entries);
    let changed = entries.iter().map(|entry| entry.changed).max().unwrap_or_default();
    match position {
        Some(done) if done.after.is_none() && done.names == names => Err(done),
        Some(done) if done.after.is_none() => {
            changes.push(present(entries));
            let changed = changed.max(done.changed);
            Ok(Position { names, changed, since: Some(done.changed), after: None })
        }
        Some(under_way) => Ok(under_way),
        None => {
            changes.push(RemoteChange::ListingBegan);
            Ok(Position { names, changed, since: None, after: None })
        }
    }
}

/// The entries a round still has to hand over.
fn waiting(position: &Position, entries: Vec<Entry>) -> Rest<Entry> {
    let total = entries.len() as u64;
    let waiting = entries.into_iter().filter(|entry| {
        position.after.as_ref().is_none_or(|after| entry.key < *after)
            && position.since.is_none_or(|since| entry.changed >= since)
    });
    Rest::new(waiting, total)
}

/// What is there, over all keys, with flags.
fn present(entries: &[Entry]) -> RemoteChange {
    let there = |entry: &Entry| (RemoteKey(entry.key.clone()), Some(entry.flags));
    RemoteChange::Present {
        low: RemoteKey(String::new()),
        high: RemoteKey(char::MAX.to_string()),
        present: entries.iter().rev().map(there).collect(),
    }
}

fn page(position: Position, changes: Vec<RemoteChange>, total: u64, left: u64) -> Page {
    Page {
        changes,
        more: position.after.is_some(),
        remote_total: Some(total),
        remaining: Some(left),
        next: Cursor(serde_json::to_string(&position).unwrap_or_default()),
    }
}

pub(super) fn bodies(
    root: &Path,
    scope: &RemoteScope,
    keys: &[RemoteKey],
) -> Result<Vec<RemoteBody>, ProviderError> {
    let entries = list(root, scope)?;
    let mut bodies = Vec::new();
    for key in keys {
        let Ok(found) = entries.binary_search_by(|entry| key.0.cmp(&entry.key)) else { continue };
        if let Some(Ok(eml::Lying { source, .. })) =
            entries.get(found).map(|entry| eml::read(&entry.path))
        {
            bodies.push(RemoteBody { key: key.clone(), source: Bytes::from(source) });
        }
    }
    Ok(bodies)
}
