//! Writes straight into a Maildir, for mailboxes too large to deliver one by one.
//!
//! Invariant: a file is complete before it appears in `cur`, and names carry `S=` and `W=`, so
//! that Dovecot need not read every file to learn its sizes.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Context as _;

use super::account::Accounts;

/// A message as it lies in a mailbox.
#[derive(Clone, Debug)]
pub struct Filed<R> {
    /// The message's bytes, with either line end.
    pub raw: R,
    /// Maildir flag letters in ASCII order: D draft, F flagged, R answered, S seen, T deleted.
    pub flags: &'static str,
    /// Becomes INTERNALDATE; `None` is now.
    pub received: Option<SystemTime>,
}

impl<R> From<R> for Filed<R> {
    fn from(raw: R) -> Self {
        Self { raw, flags: "", received: None }
    }
}

/// The folder of a mailbox inside a user's Maildir (Maildir++: subfolders start with a dot).
pub(super) fn folder(maildir: &Path, mailbox: &str) -> PathBuf {
    if mailbox.eq_ignore_ascii_case("INBOX") {
        maildir.to_owned()
    } else {
        maildir.join(format!(".{}", mailbox.replace('/', ".")))
    }
}

pub(super) fn fill<R: AsRef<[u8]>>(
    folder: &Path,
    accounts: &Accounts,
    serial: &mut u64,
    messages: impl IntoIterator<Item = Filed<R>>,
) -> anyhow::Result<u64> {
    for part in ["", "cur", "new", "tmp"] {
        let path = folder.join(part);
        let mut missing: Vec<&Path> = path.ancestors().take_while(|dir| !dir.exists()).collect();
        missing.reverse();
        for dir in missing {
            fs::create_dir(dir).with_context(|| format!("creating {}", dir.display()))?;
            accounts.give(dir)?;
        }
    }
    let (tmp, cur) = (folder.join("tmp"), folder.join("cur"));
    let mut written = 0;
    for message in messages {
        let raw = message.raw.as_ref();
        *serial += 1;
        let bare = raw.iter().enumerate().filter(|(at, byte)| {
            **byte == b'\n' && at.checked_sub(1).and_then(|at| raw.get(at)) != Some(&b'\r')
        });
        let (size, virtual_size) = (raw.len(), raw.len() + bare.count());
        let name = format!(
            "{:010}.M{serial}P1.testbed,S={size},W={virtual_size}",
            1_700_000_000 + *serial
        );
        let draft = tmp.join(&name);
        let mut file = File::create(&draft).context("writing a message into the Maildir")?;
        file.write_all(raw)?;
        if let Some(received) = message.received {
            file.set_modified(received)?;
        }
        accounts.give(&draft)?;
        fs::rename(&draft, cur.join(format!("{name}:2,{}", message.flags)))?;
        written += 1;
    }
    Ok(written)
}

/// Removes all that remembers UIDs and UIDVALIDITY, leaving the messages and their flags.
pub(super) fn forget_uids(folder: &Path, uid_validity: u32) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("dovecot.index") {
            fs::remove_file(entry.path())?;
        }
    }
    let list = folder.join("dovecot-uidlist");
    let known = fs::read_to_string(&list).with_context(|| format!("reading {}", list.display()))?;
    let guid = known
        .lines()
        .next()
        .and_then(|header| header.split(' ').find(|field| field.starts_with('G')))
        .unwrap_or_default();
    // A header alone: version 3, the new UIDVALIDITY, the next UID, the mailbox's GUID.
    fs::write(&list, format!("3 V{uid_validity} N1 {guid}\n"))?;
    Ok(())
}

/// The UIDVALIDITY in a mailbox's `dovecot-uidlist`.
pub(super) fn uid_validity(folder: &Path) -> anyhow::Result<u32> {
    let list = folder.join("dovecot-uidlist");
    let known = fs::read_to_string(&list).with_context(|| {
        format!("{} is not there yet: select the mailbox first", list.display())
    })?;
    known
        .lines()
        .next()
        .and_then(|header| header.split(' ').find_map(|field| field.strip_prefix('V')))
        .and_then(|value| value.parse().ok())
        .context("the uidlist has no UIDVALIDITY")
}
