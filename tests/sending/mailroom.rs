//! Both ends of the wire: a studio that writes with `bell`, a mail server, and the mailbox of the one it writes to.

use std::path::PathBuf;

use deskbell_testbed::{Dovecot, DovecotOptions, Exim, OtherClient, unless_missing};
use tempfile::TempDir;

use crate::support::bell::Bell;
use crate::support::{server, wait_until};

/// Whom the studio writes to.
pub const BOB: &str = "bob@b.example";

/// A studio with an account that sends.
pub struct Mailroom {
    pub bell: Bell,
    pub exim: Exim,
    pub server: Dovecot,
    pub account: String,
    files: TempDir,
}

impl Mailroom {
    /// Starts the servers and adds the studio's account.
    pub fn open() -> Option<Self> {
        let server = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap()?;
        let exim = unless_missing(Exim::start(&server)).unwrap()?;
        let bell = Bell::new();
        let (imap, smtp) = (server.imap_port().to_string(), exim.submission_port().to_string());
        let added = bell.fed(
            &[
                "--json",
                "account",
                "add",
                "imap",
                "--address",
                server.user(),
                "--host",
                "127.0.0.1",
                "--port",
                &imap,
                "--security",
                "none",
                "--smtp-host",
                "127.0.0.1",
                "--smtp-port",
                &smtp,
                "--smtp-security",
                "none",
                "--password-stdin",
            ],
            server.password(),
        );
        let account = added.done().json();
        assert_eq!(account["sends"], true, "{account:#}");
        let account = account["id"].as_str().unwrap().to_owned();
        bell.sync();
        Some(Self { bell, exim, server, account, files: tempfile::tempdir().unwrap() })
    }

    /// Writes and queues a message without delay; answers its id in the outbox.
    #[track_caller]
    pub fn send(&self, subject: &str, body: &str, more: &[&str]) -> String {
        let mut arguments = vec!["--json", "send", "--account", &self.account, "--body-stdin"];
        if !subject.is_empty() {
            arguments.extend(["--subject", subject]);
        }
        arguments.extend(more);
        let sent = self.bell.fed(&arguments, body).done().json();
        sent["id"].as_str().unwrap().to_owned()
    }

    /// Syncs until nothing more leaves, and the mail server has handed everything on.
    pub fn drain(&self) {
        wait_until("an outbox with nothing left to do", 240, || {
            self.bell.run(&["sync"]);
            let list = self.bell.json(&["outbox", "list"]);
            let waits = list["items"].as_array().unwrap().iter().any(|item| {
                matches!(item["state"].as_str(), Some("queued" | "sending" | "unknown"))
            });
            (!waits && self.exim.is_idle()).then_some(())
        });
    }

    /// A second client of anyone's.
    pub fn phone(&self, user: &str) -> OtherClient {
        OtherClient::sign_in(self.server.imap_port(), user, self.server.password()).unwrap()
    }

    /// The sources of what lies in bob's inbox.
    pub fn of_bob(&self) -> Vec<String> {
        let mut phone = self.phone(BOB);
        let copies = server::copies(&mut phone, "INBOX");
        copies
            .iter()
            .map(|copy| {
                phone.command(&format!("UID FETCH {} BODY.PEEK[]", copy.uid)).unwrap().join("\n")
            })
            .collect()
    }

    /// What the studio's server holds among the sent messages.
    pub fn in_sent(&self) -> Vec<server::Copy> {
        server::copies(&mut self.phone(self.server.user()), "Sent")
    }

    /// A file to attach.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}
