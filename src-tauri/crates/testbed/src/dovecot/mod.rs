//! A real Dovecot 2.3 with a configuration, certificates and mail of its own in a temporary directory.
//!
//! Invariant: ports stay the same for the life of the value, also over `stop` and `restart`, so a
//! client sees one server that comes and goes.

mod account;
mod config;
mod maildir;
mod rest;
#[cfg(test)]
mod tests;

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;

pub use crate::certificates::Certificate;
use crate::certificates::{self, Issued};
use crate::exim::Exim;
use crate::imap_client::OtherClient;
use crate::missing::MissingPeer;
use crate::process::{Leashed, Port, find_program, free_port, wait_for};
use account::Accounts;
pub use maildir::Filed;

/// How long Dovecot may take to greet; it needs about a tenth of a second where the machine is not busy.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// Free ports can be taken between asking and binding; then another set is tried.
const START_ATTEMPTS: usize = 4;

/// Where packages put Dovecot's services.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/dovecot",
    "/usr/libexec/dovecot",
    "/usr/local/libexec/dovecot",
    "/opt/homebrew/libexec/dovecot",
];

/// The plugin that offers COMPRESS, among its services.
const ZLIB: &str = "modules/lib30_imap_zlib_plugin.so";

/// A Unix socket's path may have 104 bytes on macOS; Dovecot adds up to 40 to ours.
const LONGEST_BASE: usize = 60;

/// Which rungs of the sync ladder the server admits to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Capabilities {
    /// All that Dovecot can, QRESYNC included.
    #[default]
    Full,
    /// CONDSTORE, but no QRESYNC.
    NoQresync,
    /// Neither CONDSTORE nor QRESYNC.
    NoCondstore,
    /// Exactly these words, `IMAP4rev1` included.
    Only(String),
}

/// How the server is set up.
#[derive(Clone, Debug)]
pub struct DovecotOptions {
    /// What the server says that it can do.
    pub capabilities: Capabilities,
    /// What is wrong with its certificate.
    pub certificate: Certificate,
    /// Users and their passwords; when empty, every user exists and has `password`.
    pub users: Vec<(String, String)>,
    /// The password of every user, where `users` is empty.
    pub password: String,
    /// Messages larger than this are refused, over LMTP and APPEND alike.
    pub max_message_bytes: Option<u64>,
    /// Where access tokens are looked up, with name and password: XOAUTH2 is then offered beside passwords
    /// ([`crate::Oidc::introspection`]).
    pub introspection: Option<String>,
    /// COMPRESS=DEFLATE is offered after sign-in, by Dovecot's own plugin; with [`Capabilities::Full`] only.
    pub compression: bool,
}

impl Default for DovecotOptions {
    fn default() -> Self {
        Self {
            capabilities: Capabilities::Full,
            certificate: Certificate::Valid,
            users: Vec::new(),
            password: "pencil".to_owned(),
            max_message_bytes: None,
            introspection: None,
            compression: false,
        }
    }
}

#[derive(Debug)]
struct Ports {
    imap: Port,
    imaps: Port,
    lmtp: Port,
    passage: Option<Passage>,
}

impl Ports {
    fn free() -> anyhow::Result<Self> {
        let (imap, imaps, lmtp) = (free_port()?, free_port()?, free_port()?);
        Ok(Self { imap, imaps, lmtp, passage: None })
    }
}

/// How mail is handed in: the submission service's port, and that of the server it relays to.
#[derive(Debug)]
struct Passage {
    port: Port,
    relay: u16,
}

/// A running server; it ends when dropped.
#[derive(Debug)]
pub struct Dovecot {
    // Declared before `dir`: the process must end before its files go.
    process: Option<Leashed>,
    dir: TempDir,
    program: PathBuf,
    options: DovecotOptions,
    ports: Ports,
    accounts: Accounts,
    issued: Issued,
    user: String,
    password: String,
    serial: u64,
}

impl Dovecot {
    /// Starts a server and waits until it greets.
    pub fn start(options: DovecotOptions) -> anyhow::Result<Self> {
        let program = find_program("dovecot", "dovecot-imapd dovecot-lmtpd")?;
        if options.compression && !LIBRARIES.iter().any(|dir| Path::new(dir).join(ZLIB).exists()) {
            let program = "Dovecot's plugin for compression".to_owned();
            return Err(MissingPeer { program, package: "dovecot-core" }.into());
        }
        let accounts = Accounts::of_this_machine()?;
        let dir = short_temp_dir()?;
        let issued = certificates::issue(dir.path(), options.certificate)?;
        let mail = dir.path().join("mail");
        std::fs::create_dir(&mail)?;
        accounts.give(&mail)?;
        let users: String = options
            .users
            .iter()
            .map(|(user, password)| format!("{user}:{{PLAIN}}{password}\n"))
            .collect();
        std::fs::write(dir.path().join("users"), users)?;
        let (user, password) = options
            .users
            .first()
            .cloned()
            .unwrap_or_else(|| ("studio@testbed.example".to_owned(), options.password.clone()));
        if let Some(url) = &options.introspection {
            std::fs::write(dir.path().join("oauth2.conf"), config::oauth2(url))?;
        }
        let mut server = Self {
            process: None,
            dir,
            program,
            options,
            ports: Ports::free()?,
            accounts,
            issued,
            user,
            password,
            serial: 0,
        };
        let mut attempt = 1;
        loop {
            server.configure()?;
            match server.launch() {
                Ok(()) => return Ok(server),
                Err(error) if attempt == START_ATTEMPTS => return Err(error),
                Err(_) => attempt += 1,
            }
            server.ports = Ports::free()?;
        }
    }

    /// Lets who signs in here hand mail in, too, by password or token; it goes on through `relay`. Restarts the
    /// server. Answers the port for plain text and STARTTLS.
    pub fn open_submission(&mut self, relay: &Exim) -> anyhow::Result<u16> {
        anyhow::ensure!(self.ports.passage.is_none(), "it is open already");
        if !LIBRARIES.iter().any(|dir| Path::new(dir).join("submission-login").exists()) {
            let program = "Dovecot's submission service".to_owned();
            return Err(MissingPeer { program, package: "dovecot-submissiond" }.into());
        }
        self.stop();
        let relay = relay.submission_port();
        let mut attempt = 1;
        loop {
            let port = free_port()?;
            let number = port.number;
            self.ports.passage = Some(Passage { port, relay });
            self.configure()?;
            match self.launch() {
                Ok(()) => break Ok(number),
                Err(error) if attempt == START_ATTEMPTS => break Err(error),
                Err(_) => attempt += 1,
            }
        }
    }

    fn configure(&self) -> anyhow::Result<()> {
        let Self { options, ports, accounts, issued, .. } = self;
        let text = config::render(self.dir.path(), options, ports, accounts, issued);
        Ok(std::fs::write(self.dir.path().join("dovecot.conf"), text)?)
    }

    /// The port for plain text and STARTTLS.
    pub fn imap_port(&self) -> u16 {
        self.ports.imap.number
    }

    /// The port for TLS from the first byte.
    pub fn imaps_port(&self) -> u16 {
        self.ports.imaps.number
    }

    /// The port for LMTP.
    pub fn lmtp_port(&self) -> u16 {
        self.ports.lmtp.number
    }

    /// The authority to trust, as `SSL_CERT_FILE` wants it.
    pub fn ca_pem_path(&self) -> &Path {
        &self.issued.ca
    }

    /// The first user, or one of the many that exist by default.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The password of [`Dovecot::user`].
    pub fn password(&self) -> &str {
        &self.password
    }

    /// What the server has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("dovecot.log")).unwrap_or_default()
    }

    /// Delivers to a user's INBOX over LMTP; on return the server has accepted it.
    pub fn deliver(&self, user: &str, raw: &[u8]) -> anyhow::Result<()> {
        crate::lmtp::deliver(self.ports.lmtp.number, user, raw)
    }

    /// A way to deliver from another thread, for as long as the server runs.
    pub fn letterbox(&self) -> Letterbox {
        Letterbox(self.ports.lmtp.number)
    }

    /// Gives the first user another password; on return the server takes it, and no longer the old one.
    ///
    /// Only where the users were named. Dovecot looks at its users again once a second at most.
    pub fn change_password(&mut self, password: &str) -> anyhow::Result<()> {
        let users = format!("{}:{{PLAIN}}{password}\n", self.user);
        std::fs::write(self.dir.path().join("users"), users)?;
        self.password = password.to_owned();
        wait_for("the new password to be taken", START_DEADLINE, || Ok(self.other_client().ok()))?;
        Ok(())
    }

    /// Signs the first user in with a second, independent client.
    pub fn other_client(&self) -> anyhow::Result<OtherClient> {
        OtherClient::sign_in(self.ports.imap.number, &self.user, &self.password)
    }

    /// A user's Maildir; it exists after the first delivery, sign-in or fill.
    pub fn maildir(&self, user: &str) -> PathBuf {
        self.dir.path().join("mail").join(user).join("Maildir")
    }

    /// Writes messages as files into a mailbox and returns how many.
    ///
    /// Far faster than delivery. A bare message becomes one by `Filed::from`. `mailbox` is `INBOX` or an ASCII path such as `Clients/2026`; with
    /// its first fill before any client has selected it, UIDs follow the order of the messages.
    pub fn fill_maildir<R: AsRef<[u8]>>(
        &mut self,
        user: &str,
        mailbox: &str,
        messages: impl IntoIterator<Item = Filed<R>>,
    ) -> anyhow::Result<u64> {
        let folder = maildir::folder(&self.maildir(user), mailbox);
        maildir::fill(&folder, &self.accounts, &mut self.serial, messages)
    }

    /// Ends the server and every connection to it; its mail and its ports stay.
    pub fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            process.end();
            let Ports { imap, imaps, lmtp, passage } = &self.ports;
            let passage = passage.as_ref().map(|passage| &passage.port);
            [imap, imaps, lmtp].into_iter().chain(passage).for_each(Port::wait_until_left);
        }
    }

    /// Starts a stopped server again on the same ports.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.stop();
        self.launch()
    }

    /// Gives a mailbox a new UIDVALIDITY and new UIDs, and keeps its messages and flags.
    ///
    /// The mailbox must have been selected once. Restarts the server, so all connections drop.
    pub fn renumber(&mut self, user: &str, mailbox: &str) -> anyhow::Result<u32> {
        let folder = maildir::folder(&self.maildir(user), mailbox);
        self.stop();
        let next = maildir::uid_validity(&folder)?.wrapping_add(1);
        maildir::forget_uids(&folder, next)?;
        self.launch()?;
        Ok(next)
    }

    fn launch(&mut self) -> anyhow::Result<()> {
        let mut process = Leashed::spawn(
            Command::new(&self.program)
                .arg("-F")
                .arg("-c")
                .arg(self.dir.path().join("dovecot.conf"))
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let imap = (self.ports.imap.number, "* OK [CAPABILITY");
        let submission = self.ports.passage.as_ref().map(|passage| (passage.port.number, "220 "));
        let greeted = wait_for("Dovecot's greeting", START_DEADLINE, || {
            process.still_runs()?;
            let mut doors = std::iter::once(imap).chain(submission);
            Ok(doors.all(|(port, words)| greets(port, words)).then_some(()))
        });
        greeted.with_context(|| format!("Dovecot did not come up; its log:\n{}", self.log()))?;
        self.process = Some(process);
        Ok(())
    }
}

/// Where mail for a server's users is put in.
#[derive(Clone, Copy, Debug)]
pub struct Letterbox(u16);

impl Letterbox {
    /// As [`Dovecot::deliver`].
    pub fn deliver(self, user: &str, raw: &[u8]) -> anyhow::Result<()> {
        crate::lmtp::deliver(self.0, user, raw)
    }
}

/// Whether the server greets as one that is ready; before its auth process is up it says "Waiting".
fn greets(port: u16, words: &str) -> bool {
    let Ok(stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
        return false;
    };
    if stream.set_read_timeout(Some(START_DEADLINE)).is_err() {
        return false;
    }
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with(words)
}

/// A temporary directory that other users may enter, with a path short enough for sockets.
fn short_temp_dir() -> anyhow::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("bell-");
    let usual = std::env::temp_dir();
    let base = if usual.as_os_str().len() > LONGEST_BASE { PathBuf::from("/tmp") } else { usual };
    let dir = builder.tempdir_in(base).context("creating a directory for Dovecot")?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(dir)
}
