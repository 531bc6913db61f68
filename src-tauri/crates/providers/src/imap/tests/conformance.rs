//! The conformance suite against Dovecot, on every rung of the ladder.

use deskbell_domain::MailboxRole;
use deskbell_domain::message::Flags;
use deskbell_testbed::{Capabilities, Dovecot, OtherClient};

use super::support::{account, dovecot, inbox, rungs, scope};
use crate::conformance::{Remote, Stage, sink_keeps_its_promises, source_keeps_its_promises};

/// The phone: another client on the same mailbox.
pub(super) struct Phone {
    pub(super) client: OtherClient,
}

impl Phone {
    pub(super) fn on(server: &Dovecot) -> Self {
        let mut client = server.other_client().expect("the phone signs in");
        client.command("SELECT INBOX").expect("the phone selects");
        Self { client }
    }

    /// Subject, read and starred of each message.
    pub(super) fn state(&mut self) -> Vec<(String, bool, bool)> {
        let there = self.subjects();
        let mut with = |flag: &str| -> Vec<u32> {
            let found = self.client.command(&format!("UID SEARCH {flag}")).expect("search");
            let line =
                found.iter().find(|line| line.starts_with("* SEARCH")).expect("a SEARCH answer");
            line.split(' ').filter_map(|uid| uid.parse().ok()).collect()
        };
        let (seen, starred) = (with("SEEN"), with("FLAGGED"));
        let state =
            |subject: String, uid: u32| (subject, seen.contains(&uid), starred.contains(&uid));
        there
            .into_iter()
            .map(|subject| {
                let uid = self.uid_of(&subject);
                state(subject, uid)
            })
            .collect()
    }

    pub(super) fn uid_of(&mut self, subject: &str) -> u32 {
        self.client.command("NOOP").expect("noop");
        let found = self
            .client
            .command(&format!("UID SEARCH HEADER SUBJECT \"{subject}\""))
            .expect("search");
        let line = found.iter().find(|line| line.starts_with("* SEARCH")).expect("a SEARCH answer");
        line.split(' ').next_back().and_then(|uid| uid.parse().ok()).expect("a UID")
    }
}

impl Remote for Phone {
    fn deliver(&mut self, subject: &str) {
        let raw = format!("From: a@b.example\r\nSubject: {subject}\r\n\r\nThis is {subject}.\r\n");
        self.client.append("INBOX", "", raw.as_bytes()).expect("append");
    }

    fn set_flags(&mut self, subject: &str, flags: Flags) -> bool {
        let uid = self.uid_of(subject);
        let words = [(flags.seen, "\\Seen"), (flags.starred, "\\Flagged")];
        let words: Vec<&str> =
            words.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect();
        self.client
            .command(&format!("UID STORE {uid} FLAGS ({})", words.join(" ")))
            .expect("store");
        true
    }

    fn remove(&mut self, subject: &str) -> bool {
        let uid = self.uid_of(subject);
        self.client.command(&format!("UID STORE {uid} +FLAGS (\\Deleted)")).expect("store");
        self.client.command(&format!("UID EXPUNGE {uid}")).expect("expunge");
        true
    }

    fn subjects(&mut self) -> Vec<String> {
        self.client.command("NOOP").expect("noop");
        let answers = self.client.command("UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])");
        let answers = answers.unwrap_or_default().join("\n");
        answers
            .lines()
            .filter_map(|line| line.strip_prefix("Subject: "))
            .map(str::to_owned)
            .collect()
    }
}

#[tokio::test]
async fn every_rung_keeps_the_promises_of_a_source() {
    for rung in rungs() {
        let Some(server) = dovecot(rung) else { return };
        let account = account(&server);
        let mut phone = Phone::on(&server);
        source_keeps_its_promises(Stage { provider: &account, scope: inbox(), remote: &mut phone })
            .await;
    }
}

#[tokio::test]
async fn every_rung_keeps_the_promises_of_a_sink() {
    let copying = Capabilities::Only("IMAP4rev1 UIDPLUS ENABLE CONDSTORE QRESYNC".into());
    for rung in rungs().into_iter().chain([copying]) {
        let Some(server) = dovecot(rung) else { return };
        let account = account(&server);
        let mut phone = Phone::on(&server);
        let archive = scope("Archive", MailboxRole::Archive);
        let stage = Stage { provider: &account, scope: inbox(), remote: &mut phone };
        sink_keeps_its_promises(stage, &archive).await;
    }
}
