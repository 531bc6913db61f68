//! Folders and their names: what a name says of a mailbox's role, and walking a tree with care.

use std::collections::VecDeque;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use deskbell_domain::{MailboxRole, Millis};

/// How deep a tree is walked, and how many entries of it are looked at.
const MAX_DEPTH: usize = 24;
const MAX_ENTRIES: usize = 1_000_000;

/// A file or folder below the archive's root.
pub(super) struct Entry {
    /// From the root, levels separated by `/`; `.` for the root itself.
    pub key: String,
    pub path: PathBuf,
}

/// Every folder of a tree, the root first, in order of their keys. Links are not followed: they may lead
/// in circles or out of the archive.
pub(super) fn folders(root: &Path) -> io::Result<Vec<Entry>> {
    let mut found = vec![Entry { key: ".".to_owned(), path: root.to_path_buf() }];
    let mut waiting = vec![(root.to_path_buf(), String::new(), 0)];
    let mut seen = 0;
    while let Some((path, prefix, depth)) = waiting.pop() {
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(error),
            // A folder one may not read hides its mail, not that of the others.
            Err(_) => continue,
        };
        for entry in entries.flatten() {
            seen += 1;
            if seen > MAX_ENTRIES {
                break;
            }
            if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                continue;
            }
            let key = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if depth < MAX_DEPTH {
                waiting.push((entry.path(), format!("{key}/"), depth + 1));
            }
            found.push(Entry { key, path: entry.path() });
        }
    }
    found.get_mut(1..).unwrap_or_default().sort_by(|a, b| a.key.cmp(&b.key));
    Ok(found)
}

/// The files right in a folder for which `wanted` holds, with their names, in order.
pub(super) fn files(
    folder: &Path,
    wanted: impl Fn(&str) -> bool,
) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if wanted(&name) && entry.file_type().is_ok_and(|kind| !kind.is_dir()) {
            files.push((name, entry.path()));
        }
    }
    files.sort();
    Ok(files)
}

/// What is left of a round through a scope, kept from one pull to the next: reading the names of a hundred
/// thousand files anew for each page would take longer than reading the mail.
pub(super) struct Rest<T> {
    scope: String,
    after: String,
    left: VecDeque<T>,
    total: u64,
}

impl<T> Rest<T> {
    /// The files of a round in the order they are to be read; `total` is what the scope holds.
    pub(super) fn new(files: impl Iterator<Item = T>, total: u64) -> Self {
        Self { scope: String::new(), after: String::new(), left: files.collect(), total }
    }

    /// Keeps it for the pull that goes on after this file; nothing, if nothing is left.
    pub(super) fn keep(mut self, scope: &str, after: Option<&String>) -> Option<Self> {
        self.after.clone_from(after?);
        scope.clone_into(&mut self.scope);
        Some(self)
    }

    /// Takes it up again, if it is of this scope and this place in it.
    pub(super) fn resume(kept: Option<Self>, scope: &str, after: Option<&String>) -> Option<Self> {
        kept.filter(|rest| rest.scope == scope && Some(&rest.after) == after)
    }

    /// The next file.
    pub(super) fn next(&mut self) -> Option<T> {
        self.left.pop_front()
    }

    pub(super) fn len(&self) -> u64 {
        self.left.len() as u64
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }
}

/// When a file was last written.
pub(super) fn modified(metadata: &Metadata) -> Millis {
    let since = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| Millis::try_from(since.as_millis()).ok()).unwrap_or_default()
}

/// The role a mailbox's name stands for, in the languages mail programs name them in.
pub(super) fn role(name: &str) -> Option<MailboxRole> {
    let roles: [(MailboxRole, &[&str]); 7] = [
        (MailboxRole::Inbox, &["inbox", "posteingang", "in"]),
        (
            MailboxRole::Sent,
            &[
                "sent",
                "sent items",
                "sent messages",
                "sent mail",
                "sent-mail",
                "outbox sent",
                "gesendet",
                "gesendete elemente",
                "gesendete objekte",
                "envoyés",
                "enviados",
                "out",
            ],
        ),
        (MailboxRole::Drafts, &["drafts", "draft", "entwürfe", "brouillons", "borradores"]),
        (
            MailboxRole::Trash,
            &[
                "trash",
                "bin",
                "deleted",
                "deleted items",
                "deleted messages",
                "papierkorb",
                "gelöschte elemente",
                "corbeille",
                "papelera",
            ],
        ),
        (
            MailboxRole::Spam,
            &["spam", "junk", "junk e-mail", "junk mail", "bulk mail", "indésirables"],
        ),
        (MailboxRole::Archive, &["archive", "archives", "archiv", "archived"]),
        (MailboxRole::All, &["all mail", "all mail including spam and trash", "alle nachrichten"]),
    ];
    let last = name.rsplit('/').next().unwrap_or(name).trim().to_lowercase();
    roles.into_iter().find(|(_, names)| names.contains(&last.as_str())).map(|(role, _)| role)
}

/// Decodes modified UTF-7 (RFC 3501, section 5.1.3), in which Maildir++ names its folders.
///
/// A name that is not well-formed stays as it is: it may be plain UTF-8.
pub(super) fn from_utf7(name: &str) -> String {
    decode_utf7(name).unwrap_or_else(|| name.to_owned())
}

fn decode_utf7(name: &str) -> Option<String> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::IMAP_MUTF7, config);
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((plain, shifted)) = rest.split_once('&') {
        text.push_str(plain);
        let (code, after) = shifted.split_once('-')?;
        if code.is_empty() {
            text.push('&');
        } else {
            let bytes = engine.decode(code).ok()?;
            let units = bytes
                .chunks_exact(2)
                .map(|pair| pair.iter().fold(0_u16, |unit, byte| unit << 8 | u16::from(*byte)));
            text.push_str(&char::decode_utf16(units).collect::<Result<String, _>>().ok()?);
        }
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_roles_in_several_languages() {
        assert_eq!(role("Mail/Sent Items"), Some(MailboxRole::Sent));
        assert_eq!(role("Posteingang"), Some(MailboxRole::Inbox));
        assert_eq!(role("Kundinnen"), None);
    }

    #[test]
    fn folder_names_are_decoded() {
        assert_eq!(from_utf7("Entw&APw-rfe"), "Entwürfe");
        assert_eq!(from_utf7("A &- B"), "A & B");
        assert_eq!(from_utf7("&U,BTFw-"), "台北");
        assert_eq!(from_utf7("R&D"), "R&D", "not encoded at all");
    }
}
