//! A folder of .eml files: each folder of the tree that holds some is a scope, each file a message.
//!
//! A key is the file's path and a digest of its content, so a file that was replaced is another message. Any
//! change in a folder leads to a new listing of that folder. What vanished from it is not taken back: an import is a
//! copy, and may be the last one.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteBody, RemoteChange, RemoteKey, RemoteMessage, RemoteScope,
};
use deskbell_domain::{MailboxRole, Millis, ProviderError};
use serde::{Deserialize, Serialize};

use super::folder::Rest;
use super::{MAX_MESSAGE, facts, folder, position_of, source_of, unreadable};

/// What the cursor holds.
#[derive(Debug, Serialize, Deserialize)]
struct Position {
    /// The folder's [`stamp`] when its listing began.
    stamp: String,
    /// The last file handed over; `None` once all were.
    after: Option<String>,
}

fn failed(error: &io::Error) -> ProviderError {
    unreadable("The folder of .eml files", error)
}

/// Whether a file's name is that of a message.
pub(super) fn is_eml(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("eml")) && !name.starts_with("._")
}

pub(super) fn scopes(root: &Path) -> Result<Vec<RemoteScope>, ProviderError> {
    let folders = folder::folders(root).map_err(|error| failed(&error))?;
    let holds_mail = |entry: &folder::Entry| {
        folder::files(&entry.path, is_eml).is_ok_and(|files| !files.is_empty())
    };
    let scope = |entry: folder::Entry| {
        let own = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (name, fallback) = match entry.key.as_str() {
            "." => (own, MailboxRole::Archive),
            key => (key.to_owned(), MailboxRole::Other),
        };
        let role = folder::role(&name).unwrap_or(fallback);
        RemoteScope { key: entry.key, name, role, selectable: true }
    };
    Ok(folders.into_iter().filter(holds_mail).map(scope).collect())
}

/// The messages of a scope by name.
fn list(root: &Path, scope: &RemoteScope) -> Result<Vec<(String, PathBuf)>, ProviderError> {
    let folders = folder::folders(root).map_err(|error| failed(&error))?;
    let folder = folders.into_iter().find(|entry| entry.key == scope.key);
    let folder = folder.ok_or_else(|| ProviderError::ScopeGone(scope.name.clone()))?;
    folder::files(&folder.path, is_eml).map_err(|error| failed(&error))
}

pub(super) fn stamp(root: &Path, scope: &RemoteScope) -> Result<String, ProviderError> {
    Ok(stamp_of(&list(root, scope)?))
}

/// Digest of the names, sizes and times of files.
fn stamp_of(files: &[(String, PathBuf)]) -> String {
    let mut hasher = blake3::Hasher::new();
    for (name, path) in files {
        let facts = fs::metadata(path).map(|m| (m.len(), folder::modified(&m))).unwrap_or_default();
        hasher.update(name.as_bytes()).update(b"\0");
        hasher.update(&facts.0.to_le_bytes()).update(&facts.1.to_le_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

pub(super) fn pull(
    root: &Path,
    scope: &RemoteScope,
    cursor: Option<&Cursor>,
    options: PullOptions,
    kept: &mut Option<Rest<(String, PathBuf)>>,
) -> Result<Page, ProviderError> {
    let position: Option<Position> = position_of(cursor, scope)?;
    let mut changes = Vec::new();
    let after = position.as_ref().and_then(|position| position.after.as_ref());
    let (stamp, mut rest) = match (Rest::resume(kept.take(), &scope.key, after), position) {
        (Some(rest), Some(position)) => (position.stamp, rest),
        (_, position) => {
            let files = list(root, scope)?;
            let total = files.len() as u64;
            let now = stamp_of(&files);
            let (stamp, after) = match position {
                Some(Position { stamp, after: None }) if stamp == now => {
                    return Ok(page(Position { stamp, after: None }, changes, total, 0));
                }
                Some(Position { stamp, after: Some(after) }) => (stamp, Some(after)),
                _ => (now, None),
            };
            let waiting = files.into_iter().filter(|(name, _)| Some(name) > after.as_ref());
            (stamp, Rest::new(waiting, total))
        }
    };
    let (mut messages, mut bytes) = (0, 0);
    let mut last = None;
    while messages < options.max_messages.max(1) && bytes < options.max_bytes.max(1) {
        let Some((name, path)) = rest.next() else { break };
        match read(&path) {
            Ok(lying) => {
                (messages, bytes) = (messages + 1, bytes + lying.source.len() as u64);
                changes.push(RemoteChange::Message(message(scope, &name, lying)));
            }
            // Deleted since it was listed; the next listing will not have it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable("A message in the folder of .eml files", &error)),
        }
        last = Some(name);
    }
    let (left, total) = (rest.len(), rest.total());
    let after = if left > 0 { last } else { None };
    *kept = rest.keep(&scope.key, after.as_ref());
    Ok(page(Position { stamp, after }, changes, total, left))
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

/// A file that is a message.
pub(super) struct Lying {
    /// Its bytes, cut where no mail is as long.
    pub(super) source: Vec<u8>,
    /// How many were cut off.
    pub(super) left_out: u64,
    /// When it was written.
    pub(super) modified: Millis,
}

pub(super) fn read(path: &Path) -> io::Result<Lying> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    let mut source =
        Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0).min(MAX_MESSAGE));
    file.take(MAX_MESSAGE as u64).read_to_end(&mut source)?;
    // Cut only where it is too long: it may be growing just now.
    let left_out = if source.len() < MAX_MESSAGE {
        0
    } else {
        metadata.len().saturating_sub(MAX_MESSAGE as u64)
    };
    Ok(Lying { source, left_out, modified: folder::modified(&metadata) })
}

fn key(scope: &RemoteScope, name: &str, source: &[u8]) -> RemoteKey {
    let digest = facts::key(source);
    let digest = digest.0.get(..16).unwrap_or_default();
    match scope.key.as_str() {
        "." => RemoteKey(format!("{name}#{digest}")),
        folder => RemoteKey(format!("{folder}/{name}#{digest}")),
    }
}

fn message(scope: &RemoteScope, name: &str, lying: Lying) -> RemoteMessage {
    let Lying { source, left_out, modified } = lying;
    let (facts, _) = facts::read(&source);
    RemoteMessage {
        key: key(scope, name, &source),
        flags: facts.flags,
        internal_date: facts.date.unwrap_or(modified),
        size: source.len() as u64 + left_out,
        role: facts.role,
        thread: None,
        known_by: None,
        source: source_of(source, left_out),
    }
}

pub(super) fn bodies(
    root: &Path,
    scope: &RemoteScope,
    keys: &[RemoteKey],
) -> Result<Vec<RemoteBody>, ProviderError> {
    let mut bodies = Vec::new();
    let files = list(root, scope)?;
    for wanted in keys {
        let path = wanted.0.rsplit_once('#').map_or(wanted.0.as_str(), |(path, _)| path);
        let name = path.rsplit('/').next().unwrap_or(path);
        let Ok(found) = files.binary_search_by(|(there, _)| there.as_str().cmp(name)) else {
            continue;
        };
        let Some(Ok(Lying { source, .. })) = files.get(found).map(|(_, path)| read(path)) else {
            continue;
        };
        if key(scope, name, &source) == *wanted {
            bodies.push(RemoteBody { key: wanted.clone(), source: Bytes::from(source) });
        }
    }
    Ok(bodies)
}
