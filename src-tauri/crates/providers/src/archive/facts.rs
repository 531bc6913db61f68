//! What a file says of a message besides the message: flags, mailbox, date of arrival.
//!
//! Mail programs write these into the header of each message of an mbox and change them there. They are
//! taken out before the message is named or handed on, so that reading a mail does not make it another.

use deskbell_domain::message::Flags;
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{MailboxRole, Millis};

use super::date;

/// Fields that belong to the mailbox rather than to the message.
const BOOKKEEPING: [&str; 12] = [
    "status",
    "x-status",
    "x-mozilla-status",
    "x-mozilla-status2",
    "x-mozilla-keys",
    "x-keywords",
    "x-uid",
    "x-imap",
    "x-imapbase",
    "content-length",
    "x-gmail-labels",
    "x-deskbell-mailbox",
];

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub flags: Flags,
    pub role: Option<MailboxRole>,
    /// From `Received`, else from `Date`.
    pub date: Option<Millis>,
    /// Deleted, but not yet cleared away (Mozilla).
    pub expunged: bool,
}

/// Reads the facts of a header, and gives the message without the fields that state them.
pub(super) fn read(message: &[u8]) -> (Facts, Vec<u8>) {
    let mut kept = Vec::with_capacity(message.len());
    let mut found = Found::default();
    let mut rest = message;
    while let Some((field, after)) = next_field(rest) {
        let (name, value) = split(field);
        let lower = name.to_ascii_lowercase();
        found.take(&lower, value);
        if !BOOKKEEPING.contains(&lower.as_str()) {
            kept.extend_from_slice(field);
        }
        rest = after;
    }
    kept.extend_from_slice(rest);
    (found.facts(), kept)
}

/// The name of a message whose bytes are all it is known by.
pub(super) fn key(message: &[u8]) -> RemoteKey {
    let hash = blake3::hash(message).to_hex();
    RemoteKey(hash.as_str().get(..32).unwrap_or_default().to_owned())
}

/// A header field with its folds, and what follows; `None` at the end of the header.
fn next_field(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        rest.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| at + end + 1)
    };
    let first = text.get(..line(0)).filter(|line| !line.trim_ascii().is_empty())?;
    let mut end = first.len();
    while matches!(text.get(end), Some(b' ' | b'\t')) {
        let next = line(end);
        if text.get(end..next).is_some_and(|fold| fold.trim_ascii().is_empty()) {
            break;
        }
        end = next;
    }
    text.split_at_checked(end)
}

fn split(field: &[u8]) -> (String, String) {
    let colon = field.iter().position(|byte| *byte == b':').unwrap_or(field.len());
    let (name, value) = field.split_at(colon);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
    (text(name), text(value.get(1..).unwrap_or_default()))
}

#[derive(Default)]
struct Found {
    /// Letters of Status and X-Status.
    status: Option<String>,
    mozilla: Option<u32>,
    labels: Option<Vec<String>>,
    mailbox: Option<MailboxRole>,
    /// `X-Unsent: 1`, as Outlook marks drafts it saves as .eml.
    unsent: bool,
    received: Option<Millis>,
    date: Option<Millis>,
}

impl Found {
    fn take(&mut self, name: &str, value: String) {
        match name {
            "status" | "x-status" => {
                self.status.get_or_insert_default().push_str(&value.to_ascii_uppercase());
            }
            "x-mozilla-status" => self.mozilla = u32::from_str_radix(&value, 16).ok(),
            "x-gmail-labels" => {
                let labels = value.split(',').map(|label| label.trim().to_lowercase());
                self.labels = Some(labels.collect());
            }
            "x-deskbell-mailbox" => self.mailbox = MailboxRole::parse(&value.to_lowercase()),
            "x-unsent" => self.unsent = value == "1",
            "received" if self.received.is_none() => {
                self.received = value.rsplit(';').next().and_then(date::parse);
            }
            "date" if self.date.is_none() => self.date = date::parse(&value),
            _ => {}
        }
    }

    fn facts(self) -> Facts {
        let label = |names: &[&str]| {
            self.labels.iter().flatten().any(|label| names.contains(&label.as_str()))
        };
        let letter = |letter: char| self.status.as_ref().is_some_and(|s| s.contains(letter));
        let bit = |bit: u32| self.mozilla.is_some_and(|bits| bits & bit != 0);
        let stated = self.status.is_some()
            || self.mozilla.is_some()
            || self.labels.is_some()
            || self.mailbox.is_some();
        let read_label =
            self.labels.is_some() && !label(&["unread", "ungelesen", "non lus", "no leídos"]);
        let role = self
            .mailbox
            .or_else(|| gmail_role(&label))
            .or(letter('D').then_some(MailboxRole::Trash));
        let draft = letter('T') || self.unsent || role == Some(MailboxRole::Drafts);
        Facts {
            flags: Flags {
                // Mail nobody says anything about is old mail: thousands of unread would bury the new.
                seen: !stated || letter('R') || bit(0x1) || read_label,
                starred: letter('F')
                    || bit(0x4)
                    || label(&["starred", "markiert", "suivis", "destacados"]),
                answered: letter('A') || bit(0x2),
                draft,
                deleted: false,
            },
            role,
            date: self.received.or(self.date),
            expunged: bit(0x8),
        }
    }
}

/// The mailbox Google Takeout's labels stand for; they come in the account's language.
fn gmail_role(label: &dyn Fn(&[&str]) -> bool) -> Option<MailboxRole> {
    let roles: [(MailboxRole, &[&str]); 6] = [
        (MailboxRole::Trash, &["trash", "papierkorb", "bin", "corbeille", "papelera"]),
        (MailboxRole::Spam, &["spam"]),
        (MailboxRole::Drafts, &["drafts", "draft", "entwürfe", "brouillons", "borradores"]),
        (MailboxRole::Inbox, &["inbox", "posteingang", "boîte de réception", "recibidos"]),
        (MailboxRole::Sent, &["sent", "gesendet", "messages envoyés", "enviados"]),
        (MailboxRole::Archive, &["archived", "archiviert", "archivés", "archivados"]),
    ];
    roles.into_iter().find(|(_, names)| label(names)).map(|(role, _)| role)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(header: &str) -> Facts {
        read(format!("{header}\n\nbody").as_bytes()).0
    }

    #[test]
    fn flags_are_read_in_every_programs_spelling() {
        let seen = |header: &str| facts(header).flags.seen;
        assert!(seen("Status: RO"), "mutt: read");
        assert!(!seen("Status: O"), "mutt: old, but not read");
        assert!(seen("X-Mozilla-Status: 0001"), "Thunderbird: read");
        assert!(!seen("X-Mozilla-Status: 0000"), "Thunderbird: new");
        assert!(seen("X-Gmail-Labels: Inbox,Opened"), "Takeout: read");
        assert!(!seen("X-Gmail-Labels: Inbox,Unread"), "Takeout: new");
        assert!(seen("Subject: x"), "old mail of which nothing is known");
        let all = facts("Status: R\nX-Status: AFT").flags;
        assert_eq!(all.bits(), 15, "answered, flagged and draft beside read");
        assert!(facts("X-Mozilla-Status: 0009").expunged, "deleted, not yet compacted");
    }

    #[test]
    fn a_message_says_in_which_mailbox_it_lies() {
        assert_eq!(facts("X-Deskbell-Mailbox: sent").role, Some(MailboxRole::Sent));
        assert_eq!(facts("X-Gmail-Labels: Starred, Spam").role, Some(MailboxRole::Spam));
        assert_eq!(facts("X-Status: D").role, Some(MailboxRole::Trash));
        assert_eq!(facts("X-Deskbell-Mailbox: attic").role, None);
    }

    #[test]
    fn reading_a_mail_does_not_rename_it() {
        let (_, new) = read(b"Subject: x\nStatus: O\n\nbody\nStatus: O");
        let (_, old) = read(b"Subject: x\nStatus: RO\nX-Status: A\n\nbody\nStatus: O");
        assert_eq!(new, b"Subject: x\n\nbody\nStatus: O", "only the header is touched");
        assert_eq!(key(&new), key(&old));
    }

    #[test]
    fn arrival_is_what_the_last_server_wrote() {
        let header = "Received: from a by b;\n Thu, 28 May 2026 10:00:00 +0200\n\
            Received: from c; Thu, 28 May 2020 10:00:00 +0200\nDate: Wed, 27 May 2026 10:00:00 +0200";
        assert_eq!(facts(header).date, Some(1_779_955_200_000));
    }
}
