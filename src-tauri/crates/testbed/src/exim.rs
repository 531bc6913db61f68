//! A real Exim 4 that takes mail on loopback and hands all of it to one Dovecot over LMTP.
//!
//! It is the mail exchanger of every domain there is: what `alice@…` sends through it, `bob@…` finds in Dovecot.
//! Addresses with a telling local part are refused as mail servers do: see [`REFUSED`] and [`GREYLISTED`].

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::certificates::{self, Certificate, Issued};
use crate::dovecot::Dovecot;
use crate::process::{Leashed, Port, find_program, free_port, wait_for};

/// A recipient with this local part is refused for good: 550 5.1.1.
pub const REFUSED: &str = "nobody-here";
/// A recipient with this local part is put off: 451 4.7.1.
pub const GREYLISTED: &str = "try-later";

/// How long Exim may take to greet.
const START_DEADLINE: Duration = Duration::from_secs(60);
/// Free ports can be taken between asking and binding; then another pair is tried.
const START_ATTEMPTS: usize = 4;
/// Largest message it takes, in bytes; told to clients as SIZE.
pub const MESSAGE_LIMIT: u64 = 20_000_000;

/// A running mail server; it ends when dropped.
#[derive(Debug)]
pub struct Exim {
    // Declared before `dir`: the process must end before its files go.
    process: Option<Leashed>,
    dir: TempDir,
    program: PathBuf,
    issued: Issued,
    submission: Port,
    submissions: Port,
    lmtp: u16,
    password: String,
}

impl Exim {
    /// Starts a server in front of `mailboxes` and waits until it greets.
    ///
    /// Everyone signs in with their mail address and the password of Dovecot's users.
    pub fn start(mailboxes: &Dovecot) -> anyhow::Result<Self> {
        let program = find_program("exim4", "exim4-daemon-light")?;
        let dir = tempfile::Builder::new().prefix("bell-mx-").tempdir()?;
        let issued = certificates::issue(dir.path(), Certificate::Valid)?;
        let mut server = Self {
            process: None,
            dir,
            program,
            issued,
            submission: free_port()?,
            submissions: free_port()?,
            lmtp: mailboxes.lmtp_port(),
            password: mailboxes.password().to_owned(),
        };
        let user = User::of_this_machine()?;
        for folder in ["spool", "log"] {
            let path = server.dir.path().join(folder);
            std::fs::create_dir(&path)?;
            user.give(&path)?;
        }
        user.give(server.dir.path())?;
        user.give(&server.issued.certificate)?;
        user.give(&server.issued.key)?;
        let mut attempt = 1;
        loop {
            std::fs::write(server.configuration(), server.render(&user))?;
            match server.launch() {
                Ok(()) => return Ok(server),
                Err(error) if attempt == START_ATTEMPTS => return Err(error),
                Err(_) => attempt += 1,
            }
            (server.submission, server.submissions) = (free_port()?, free_port()?);
        }
    }

    /// The port for plain text and STARTTLS.
    pub fn submission_port(&self) -> u16 {
        self.submission.number
    }

    /// The port for TLS from the first byte.
    pub fn submissions_port(&self) -> u16 {
        self.submissions.number
    }

    /// The authority to trust, as `SSL_CERT_FILE` wants it.
    pub fn ca_pem_path(&self) -> &Path {
        &self.issued.ca
    }

    /// Whether it has handed on everything it took.
    pub fn is_idle(&self) -> bool {
        let input = self.dir.path().join("spool/input");
        std::fs::read_dir(input).map_or(true, |mut entries| entries.next().is_none())
    }

    /// What the server has logged so far.
    pub fn log(&self) -> String {
        ["main.log", "panic.log", "reject.log"]
            .map(|name| {
                std::fs::read_to_string(self.dir.path().join("log").join(name)).unwrap_or_default()
            })
            .concat()
    }

    /// Ends the server and every connection to it; its queue and its ports stay.
    pub fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            process.end();
            [&self.submission, &self.submissions].into_iter().for_each(Port::wait_until_left);
        }
    }

    /// Starts a stopped server again on the same ports.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.stop();
        self.launch()
    }

    fn configuration(&self) -> PathBuf {
        self.dir.path().join("exim.conf")
    }

    fn launch(&mut self) -> anyhow::Result<()> {
        let mut process = Leashed::spawn(
            Command::new(&self.program)
                .arg("-C")
                .arg(self.configuration())
                .arg("-bdf")
                .arg("-q10s")
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let port = self.submission.number;
        let greeted = wait_for("Exim's greeting", START_DEADLINE, || {
            process.still_runs()?;
            Ok(greets(port).then_some(()))
        });
        greeted.with_context(|| format!("Exim did not come up; its log:\n{}", self.log()))?;
        self.process = Some(process);
        Ok(())
    }

    fn render(&self, user: &User) -> String {
        let dir = self.dir.path().display();
        let Self { submission, submissions, lmtp, password, .. } = self;
        let (certificate, key) = (self.issued.certificate.display(), self.issued.key.display());
        let User { name, group, .. } = user;
        format!(
            r#"primary_hostname = mx.testbed.example
exim_user = {name}
exim_group = {group}
never_users =
spool_directory = {dir}/spool
log_file_path = {dir}/log/%s.log
pid_file_path = {dir}/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {submission} : {submissions}
tls_on_connect_ports = {submissions}
tls_advertise_hosts = *
tls_certificate = {certificate}
tls_privatekey = {key}
smtputf8_advertise_hosts = *
message_size_limit = {MESSAGE_LIMIT}
smtp_accept_max = 200
smtp_accept_max_per_connection = 10000
smtp_accept_queue_per_connection = 0
remote_max_parallel = 8
host_lookup =
rfc1413_hosts =
keep_environment =
timezone = UTC
retry_interval_max = 10s
acl_smtp_rcpt = rcpt

begin acl
rcpt:
  deny    local_parts = {REFUSED}
          message = 5.1.1 There is no mailbox $local_part here
  defer   local_parts = {GREYLISTED}
          message = 4.7.1 Greylisted, come again
  accept  authenticated = *
  deny    message = 5.7.1 Sign in before sending

begin routers
everyone:
  driver = manualroute
  domains = *
  route_list = * 127.0.0.1 byname
  self = send
  transport = dovecot

begin transports
dovecot:
  driver = smtp
  protocol = lmtp
  port = {lmtp}
  allow_localhost
  hosts_try_fastopen =
  connection_max_messages = 100
  utf8_downconvert = 0

begin retry
* * F,1d,10s

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{{password}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if eq{{$auth2}}{{{password}}}}}
  server_set_id = $auth1
"#
        )
    }
}

/// Whether the server greets.
fn greets(port: u16) -> bool {
    let Ok(stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return false };
    if stream.set_read_timeout(Some(START_DEADLINE)).is_err() {
        return false;
    }
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with("220 ")
}

/// As whom Exim works: root hands over to the distribution's own user, anyone else is themselves.
#[derive(Debug)]
struct User {
    name: String,
    group: String,
    ids: Option<(u32, u32)>,
}

impl User {
    fn of_this_machine() -> anyhow::Result<Self> {
        let root = id(&["-u"])? == "0";
        let name = if root { "Debian-exim".to_owned() } else { id(&["-un"])? };
        let group = id(&["-gn", &name])?;
        let ids = if root {
            Some((id(&["-u", &name])?.parse()?, id(&["-g", &name])?.parse()?))
        } else {
            None
        };
        Ok(Self { name, group, ids })
    }

    fn give(&self, path: &Path) -> anyhow::Result<()> {
        #[cfg(unix)]
        if let Some((user, group)) = self.ids {
            std::os::unix::fs::chown(path, Some(user), Some(group))
                .with_context(|| format!("giving {} to {}", path.display(), self.name))?;
        }
        #[cfg(not(unix))]
        let _ = (path, self.ids);
        Ok(())
    }
}

fn id(arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("id").args(arguments).output().context("running id")?;
    anyhow::ensure!(output.status.success(), "id {}", arguments.join(" "));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::{DovecotOptions, OtherClient, unless_missing};

    struct Session {
        reader: BufReader<TcpStream>,
        writer: TcpStream,
    }

    impl Session {
        fn open(port: u16) -> Self {
            let writer = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("connects");
            writer.set_read_timeout(Some(START_DEADLINE)).expect("is set");
            let reader = BufReader::new(writer.try_clone().expect("clones"));
            let mut session = Self { reader, writer };
            assert!(session.answer().starts_with("220 "));
            session
        }

        fn answer(&mut self) -> String {
            loop {
                let mut line = String::new();
                self.reader.read_line(&mut line).expect("reads");
                if line.as_bytes().get(3) != Some(&b'-') {
                    return line;
                }
            }
        }

        fn say(&mut self, line: &str) -> String {
            self.writer.write_all(format!("{line}\r\n").as_bytes()).expect("writes");
            self.answer()
        }
    }

    #[test]
    fn what_alice_hands_in_bob_finds_in_dovecot() {
        let Some(dovecot) =
            unless_missing(Dovecot::start(DovecotOptions::default())).expect("starts")
        else {
            return;
        };
        let Some(exim) = unless_missing(Exim::start(&dovecot)).expect("starts") else { return };
        let mut session = Session::open(exim.submission_port());
        assert!(session.say("EHLO desk.example").starts_with("250"));
        let refused = session.say("MAIL FROM:<alice@a.example>");
        assert!(refused.starts_with("250"), "{refused}");
        assert!(session.say("RCPT TO:<bob@b.example>").starts_with("550"), "not signed in");
        assert!(session.say("RSET").starts_with("250"));
        // "\0alice@a.example\0pencil"
        let signed = session.say("AUTH PLAIN AGFsaWNlQGEuZXhhbXBsZQBwZW5jaWw=");
        assert!(signed.starts_with("235"), "{signed}");
        assert!(session.say("MAIL FROM:<alice@a.example>").starts_with("250"));
        assert!(session.say(&format!("RCPT TO:<{REFUSED}@b.example>")).starts_with("550"));
        assert!(session.say(&format!("RCPT TO:<{GREYLISTED}@b.example>")).starts_with("451"));
        assert!(session.say("RCPT TO:<bob@b.example>").starts_with("250"));
        assert!(session.say("DATA").starts_with("354"));
        let accepted =
            session.say("Message-ID: <one@a.example>\r\nSubject: Hello\r\n\r\nBob!\r\n.");
        assert!(accepted.starts_with("250"), "{accepted}");
        let (port, password) = (dovecot.imap_port(), dovecot.password());
        let mut bob = OtherClient::sign_in(port, "bob@b.example", password).expect("signs in");
        let arrived = wait_for("bob's mail", START_DEADLINE, || {
            let answer = bob.command("SELECT INBOX")?;
            Ok(answer.iter().any(|line| line.starts_with("* 1 EXISTS")).then_some(()))
        });
        arrived.unwrap_or_else(|error| panic!("{error}; {}", exim.log()));
    }
}
