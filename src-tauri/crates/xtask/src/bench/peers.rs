//! The peers that mail benchmarks are held against: a bare FETCH, `mbsync`, and `notmuch new`.
//!
//! They run beside Deskbell on the same mailbox, so that a slow machine or a changed server shows.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use deskbell_testbed::{Corpus, Dovecot, DovecotOptions};

use crate::shell;

/// A tag that no message holds.
const LAST_TAG: &str = "bare-fetch-a7d1";

/// A server whose INBOX holds so many messages of the corpus.
pub(super) fn mailbox(messages: usize) -> anyhow::Result<Dovecot> {
    mailbox_with(messages, DovecotOptions::default())
}

/// [`mailbox`] on a server of another kind.
pub(super) fn mailbox_with(messages: usize, options: DovecotOptions) -> anyhow::Result<Dovecot> {
    let corpus = Corpus::load()?;
    let mut server = Dovecot::start(options)?;
    let user = server.user().to_owned();
    server.fill_maildir(&user, "INBOX", corpus.multiply(messages))?;
    // Dovecot takes stock of new files at the first SELECT; that is no peer's work.
    server.other_client()?.command("SELECT INBOX")?;
    Ok(server)
}

/// Reads every byte of INBOX and keeps none: the floor under any sync. Returns the bytes read.
pub(super) fn bare_fetch(server: &Dovecot) -> anyhow::Result<(Duration, usize)> {
    let start = Instant::now();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.imap_port()))?;
    let script = format!(
        "a LOGIN \"{}\" \"{}\"\r\nb SELECT INBOX\r\n\
         {LAST_TAG} UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])\r\n",
        server.user(),
        server.password()
    );
    stream.write_all(script.as_bytes())?;
    let last = format!("\r\n{LAST_TAG} OK").into_bytes();
    let mut buffer = vec![0; 256 * 1024];
    let (mut kept, mut total) = (0, 0);
    loop {
        let read = stream.read(buffer.get_mut(kept..).unwrap_or_default())?;
        anyhow::ensure!(read > 0, "Dovecot closed the connection; its log:\n{}", server.log());
        total += read;
        let filled = buffer.get(..kept + read).unwrap_or_default();
        let tail = filled.get(filled.len().saturating_sub(512)..).unwrap_or_default();
        if tail.windows(last.len()).any(|window| window == last) {
            return Ok((start.elapsed(), total));
        }
        // The tag may fall on the border of two reads.
        let border = filled.len().saturating_sub(last.len());
        kept = filled.len() - border;
        buffer.copy_within(border..border + kept, 0);
    }
}

/// Copies INBOX into a Maildir under `place`, as a person with a mail cron job would.
pub(super) fn mbsync(server: &Dovecot, place: &Path) -> anyhow::Result<Duration> {
    let maildir = place.join("mail");
    fs::create_dir_all(&maildir)?;
    let config = place.join("mbsyncrc");
    let text = format!(
        "IMAPAccount bench\nHost 127.0.0.1\nPort {}\nUser {}\nPass {}\nSSLType None\nAuthMechs PLAIN\n\n\
         IMAPStore far\nAccount bench\n\n\
         MaildirStore near\nPath {}/\nInbox {}/INBOX\nSubFolders Verbatim\n\n\
         Channel bench\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\nSync Pull\nSyncState *\n",
        server.imap_port(),
        server.user(),
        server.password(),
        maildir.display(),
        maildir.display()
    );
    fs::write(&config, text)?;
    timed(Command::new("mbsync").arg("--quiet").arg("--config").arg(&config).arg("bench"))
}

/// Indexes the Maildir that [`mbsync`] made.
pub(super) fn notmuch_new(place: &Path) -> anyhow::Result<Duration> {
    let config = place.join("notmuch-config");
    let text = format!(
        "[database]\npath={}\n[user]\nname=Bench\nprimary_email=bench@testbed.example\n[new]\ntags=unread;inbox\n",
        place.join("mail").display()
    );
    fs::write(&config, text)?;
    timed(Command::new("notmuch").args(["new", "--quiet"]).env("NOTMUCH_CONFIG", config))
}

fn timed(command: &mut Command) -> anyhow::Result<Duration> {
    let start = Instant::now();
    shell::say_and_run(command)?;
    Ok(start.elapsed())
}
