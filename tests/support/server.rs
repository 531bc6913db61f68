//! What lies on a server, as the other client sees it.

use std::collections::BTreeMap;

use deskbell_testbed::{Dovecot, OtherClient};

/// The mailboxes the stories look at.
pub const MAILBOXES: [&str; 6] = ["INBOX", "Archive", "Trash", "Sent", "Drafts", "Junk"];

/// One copy on the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    /// Message-ID without brackets.
    pub id: String,
    /// `\Seen`.
    pub seen: bool,
    /// `\Flagged`.
    pub starred: bool,
    /// Its UID.
    pub uid: u32,
}

/// The copies in a mailbox, in the order of their UIDs.
pub fn copies(phone: &mut OtherClient, mailbox: &str) -> Vec<Copy> {
    phone.command(&format!("SELECT \"{mailbox}\"")).unwrap();
    let fetch = "UID FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])";
    let answers = phone.command(fetch).unwrap();
    answers
        .iter()
        .filter(|line| line.contains(" FETCH (") && line.contains("HEADER.FIELDS"))
        .map(|line| copy(line))
        .collect()
}

fn copy(line: &str) -> Copy {
    let uid = line.split("UID ").nth(1).unwrap();
    Copy {
        id: line.split(['<', '>']).nth(1).unwrap_or_default().to_owned(),
        seen: line.contains("\\Seen"),
        starred: line.contains("\\Flagged"),
        uid: uid.split([' ', ')']).next().unwrap().parse().unwrap(),
    }
}

/// Everything on the server: mailbox → copies.
pub fn holdings(server: &Dovecot) -> BTreeMap<&'static str, Vec<Copy>> {
    let mut phone = server.other_client().unwrap();
    MAILBOXES.map(|mailbox| (mailbox, copies(&mut phone, mailbox))).into()
}
