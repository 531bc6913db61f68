//! What the stories share: servers, accounts, and a mirror that applies pages as a store would.

use std::collections::BTreeMap;
use std::time::Duration;

use deskbell_domain::MailboxRole;
use deskbell_domain::message::Flags;
use deskbell_domain::port::MessageSource;
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteChange, RemoteKey, RemoteMessage, RemoteScope, RemoteSource,
};
use deskbell_testbed::{Capabilities, Dovecot, DovecotOptions, Script, ScriptedServer, unless_missing};

use crate::imap::pace::Pace;
use crate::imap::{ImapProvider, ImapSettings, Security};

/// Everything a page may hold.
pub(super) const ALL: PullOptions = PullOptions { max_messages: 500, max_bytes: 1 << 30, bodies: true };

/// Every rung of the ladder.
pub(super) fn rungs() -> [Capabilities; 3] {
    [Capabilities::Full, Capabilities::NoQresync, Capabilities::NoCondstore]
}

pub(super) fn dovecot(capabilities: Capabilities) -> Option<Dovecot> {
    unless_missing(Dovecot::start(DovecotOptions { capabilities, ..Default::default() })).expect("Dovecot starts")
}

pub(super) fn quick() -> Pace {
    Pace {
        greeting: Duration::from_millis(400),
        silence: Duration::from_millis(400),
        status_poll: Duration::from_millis(50),
        ..Pace::default()
    }
}

pub(super) fn settings(port: u16, security: Security) -> ImapSettings {
    ImapSettings {
        address: "studio@testbed.example".into(),
        user: "studio@testbed.example".into(),
        host: "127.0.0.1".into(),
        port,
        security,
        pinned_certificate: None,
    }
}

pub(super) fn account(server: &Dovecot) -> ImapProvider {
    ImapProvider::new(settings(server.imap_port(), Security::None), Secret::new(server.password()))
}

pub(super) fn impatient(server: &ScriptedServer) -> ImapProvider {
    ImapProvider::with_pace(settings(server.port(), Security::None), Secret::new("pencil"), quick())
}

/// The first lines of every script: a server with these capabilities lets everybody in.
pub(super) fn signed_in(capabilities: &str) -> Script {
    Script::new()
        .send(format!("* OK [CAPABILITY IMAP4rev1 {capabilities}] hello\r\n"))
        .expect("LOGIN")
        .send(format!("{{tag}} OK [CAPABILITY IMAP4rev1 {capabilities}] in\r\n"))
}

pub(super) fn inbox() -> RemoteScope {
    scope("INBOX", MailboxRole::Inbox)
}

pub(super) fn scope(key: &str, role: MailboxRole) -> RemoteScope {
    RemoteScope { key: key.into(), name: key.into(), role, selectable: true }
}

pub(super) fn mail(number: u32) -> Vec<u8> {
    format!(
        "From: mara@client.example\r\nTo: studio@testbed.example\r\nSubject: mail {number}\r\n\
         Message-ID: <{number}@client.example>\r\n\r\nThe body of {number}.\r\n"
    )
    .into_bytes()
}

/// A mailbox as a store would hold it after applying pages.
#[derive(Debug, Default)]
pub(super) struct Mirror {
    pub(super) held: BTreeMap<RemoteKey, RemoteMessage>,
    pub(super) cursor: Option<Cursor>,
    /// Message keys in the order they came.
    pub(super) order: Vec<RemoteKey>,
    unseen_in_listing: Option<Vec<RemoteKey>>,
    pub(super) renumbered: u32,
}

impl Mirror {
    /// Pulls until nothing is waiting; the number of pages.
    pub(super) async fn sync(&mut self, source: &ImapProvider, scope: &RemoteScope, options: PullOptions) -> usize {
        for count in 1.. {
            let page = source.pull(scope, self.cursor.as_ref(), options).await.expect("a page");
            if !self.apply(page) {
                return count;
            }
            assert!(count < 10_000, "the pull must come to an end");
        }
        0
    }

    /// Applies a page and tells whether more is waiting.
    pub(super) fn apply(&mut self, page: Page) -> bool {
        for change in page.changes {
            match change {
                RemoteChange::Message(message) => {
                    if let Some(unseen) = &mut self.unseen_in_listing {
                        unseen.retain(|key| *key != message.key);
                    }
                    self.order.push(message.key.clone());
                    self.held.insert(message.key.clone(), message);
                }
                RemoteChange::Flags { key, flags } => {
                    if let Some(message) = self.held.get_mut(&key) {
                        message.flags = flags;
                    }
                }
                RemoteChange::Gone(key) => {
                    self.held.remove(&key);
                }
                RemoteChange::Present { low, high, present } => {
                    let there: BTreeMap<_, _> = present.into_iter().collect();
                    self.held.retain(|key, message| {
                        if let Some(Some(flags)) = there.get(key) {
                            message.flags = *flags;
                        }
                        key < &low || key > &high || there.contains_key(key)
                    });
                }
                RemoteChange::Renumbered => {
                    self.renumbered += 1;
                    self.held.clear();
                }
                RemoteChange::ListingBegan => {
                    self.unseen_in_listing = Some(self.held.keys().cloned().collect());
                }
                RemoteChange::ListingEnded => {
                    for key in self.unseen_in_listing.take().expect("a listing began before it ended") {
                        self.held.remove(&key);
                    }
                }
            }
        }
        self.cursor = Some(page.next);
        page.more
    }

    pub(super) fn subjects(&self) -> Vec<String> {
        self.held.values().map(|message| subject(&message.source)).collect()
    }

    pub(super) fn flags_of(&self, subject_wanted: &str) -> Option<Flags> {
        self.held.values().find(|m| subject(&m.source) == subject_wanted).map(|message| message.flags)
    }

    pub(super) fn key_of(&self, subject_wanted: &str) -> RemoteKey {
        let found = self.held.values().find(|m| subject(&m.source) == subject_wanted);
        found.expect("the message is held").key.clone()
    }
}

pub(super) fn subject(source: &RemoteSource) -> String {
    let (RemoteSource::Full(bytes) | RemoteSource::Headers(bytes)) = source;
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find_map(|line| line.strip_prefix("Subject: "));
    line.unwrap_or_default().to_owned()
}
