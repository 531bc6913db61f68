//! What the stories share: servers, accounts, mail.

use std::time::Duration;

use deskbell_domain::MailboxRole;
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::RemoteScope;
use deskbell_testbed::{
    Capabilities, Dovecot, DovecotOptions, Script, ScriptedServer, unless_missing,
};

pub(super) use crate::conformance::mirror::{ALL, Mirror};
use crate::imap::pace::Pace;
use crate::imap::{ImapProvider, ImapSettings, Security};

/// Every rung of the ladder.
pub(super) fn rungs() -> [Capabilities; 3] {
    [Capabilities::Full, Capabilities::NoQresync, Capabilities::NoCondstore]
}

pub(super) fn dovecot(capabilities: Capabilities) -> Option<Dovecot> {
    unless_missing(Dovecot::start(DovecotOptions { capabilities, ..Default::default() }))
        .expect("Dovecot starts")
}

/// Longer than any answer takes, also where the machine is busy with other tests.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn quick() -> Pace {
    let status_poll = Duration::from_millis(50);
    Pace { greeting: PATIENCE, silence: PATIENCE, status_poll, ..Pace::default() }
}

/// Gives a port up soon that says nothing, for those that never will.
pub(super) fn hasty() -> Pace {
    Pace { greeting: Duration::from_millis(400), ..quick() }
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

pub(super) fn scripted(server: &ScriptedServer) -> ImapProvider {
    ImapProvider::with_pace(settings(server.port(), Security::None), Secret::new("pencil"), quick())
}

/// The first lines of every script: a server with these capabilities lets everybody in.
pub(super) fn signed_in(capabilities: &str) -> Script {
    greeting(capabilities).expect("LOGIN").send(format!("{{tag}} OK {} in\r\n", code(capabilities)))
}

/// A greeting that tells these capabilities.
pub(super) fn greeting(capabilities: &str) -> Script {
    Script::new().send(format!("* OK {} hello\r\n", code(capabilities)))
}

fn code(capabilities: &str) -> String {
    format!("[{}]", format!("CAPABILITY IMAP4rev1 {capabilities}").trim_end())
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

pub(super) fn with_pace(server: &Dovecot, pace: Pace) -> ImapProvider {
    let settings = settings(server.imap_port(), Security::None);
    ImapProvider::with_pace(settings, Secret::new(server.password()), pace)
}
