//! Sending: from the click to the other person's change event, and a full outbox drained.
//!
//! The peer is a client that keeps a bare SMTP session open and one that does nothing but IDLE.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use deskbell_testbed::{Dovecot, DovecotOptions, Exim, ScriptedSmtp, SmtpOffers};
use serde_json::Value;

use super::bell::{Bell, PASSPHRASE};
use super::table::{Table, ratio, seconds};
use crate::shell;

/// Messages sent one after another.
const SENDS: usize = 200;
/// Messages in the outbox that is drained.
const QUEUED: usize = 10_000;
const ALICE: &str = "alice@a.example";
const BOB: &str = "bob@b.example";
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn measure(_: usize) -> anyhow::Result<Vec<Table>> {
    shell::say_and_run(
        shell::cargo()
            .args(["build", "--release", "--package", "deskbell-desk"])
            .args(["--example", "sending"]),
    )?;
    let bell = Bell::find()?;
    Ok(vec![arrive(&bell)?, drain(&bell)?])
}

fn arrive(bell: &Bell) -> anyhow::Result<Table> {
    let server = Dovecot::start(DovecotOptions::default())?;
    let exim = Exim::start(&server)?;
    let (alice, bob) = (tempfile::tempdir()?, tempfile::tempdir()?);
    bell.add_sending(alice.path(), ALICE, &server, exim.submission_port())?;
    bell.add_sending(bob.path(), BOB, &server, exim.submission_port())?;
    for profile in [&alice, &bob] {
        anyhow::ensure!(bell.on(profile.path()).arg("sync").output()?.status.success());
    }
    let count = SENDS.to_string();
    let measured =
        run(&[Path::new("arrive"), alice.path(), bob.path(), Path::new(BOB), Path::new(&count)])?;
    let (mut visible, mut arrived) =
        (times(&measured, "visible_ms")?, times(&measured, "arrived_ms")?);
    let mut bare = bare(&server, &exim)?;

    let mut table = Table::new(
        &format!(
            "{SENDS} messages from one person to another, one after the other, through Exim and Dovecot"
        ),
        &["what", "median", "p95", "must reach"],
    );
    for (name, times, goal) in [
        ("send click → shown in its conversation", &mut visible, "≤ 50 ms"),
        ("send click → the other's change event", &mut arrived, "p95 ≤ 1 s"),
        ("bare SMTP session → bare IDLE", &mut bare, ""),
    ] {
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
        table.row([name.to_owned(), seconds(at(50)), seconds(at(95)), goal.to_owned()]);
    }
    let sum = |times: &[Duration]| times.iter().sum::<Duration>();
    let share = ratio(sum(&arrived), sum(&bare));
    table.note(format!("Deskbell takes {share} of what the bare clients take."));
    Ok(table)
}

fn drain(bell: &Bell) -> anyhow::Result<Table> {
    let server = Dovecot::start(DovecotOptions::default())?;
    let offers = SmtpOffers { password: server.password().to_owned(), ..SmtpOffers::default() };
    let smtp = ScriptedSmtp::start(offers)?;
    let profile = tempfile::tempdir()?;
    bell.add_sending(profile.path(), ALICE, &server, smtp.port())?;
    anyhow::ensure!(bell.on(profile.path()).arg("sync").output()?.status.success());
    let count = QUEUED.to_string();
    let measured = run(&[Path::new("drain"), profile.path(), Path::new(BOB), Path::new(&count)])?;
    anyhow::ensure!(smtp.taken().len() == QUEUED, "{} messages were taken", smtp.taken().len());
    let number = |name: &str| measured.get(name).and_then(Value::as_f64).unwrap_or_default();
    let memory: Vec<u64> = measured
        .get("memory_kb")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(Value::as_u64).collect())
        .unwrap_or_default();
    // The first tenth opens connections and fills caches.
    let settled = memory.get(memory.len() / 10).copied().unwrap_or_default();
    let most = memory.iter().copied().max().unwrap_or_default();
    let mut table = Table::new(
        &format!("An outbox of {QUEUED} messages, to a server that takes everything at once"),
        &["what", "measured", "must reach"],
    );
    let queued = Duration::from_secs_f64(number("queued_ms") / 1e3);
    let drained = Duration::from_secs_f64(number("drained_ms") / 1e3);
    table.row(["written and queued".to_owned(), seconds(queued), String::new()]);
    table.row([
        "drained, each with a copy put into Sent".to_owned(),
        seconds(drained),
        String::new(),
    ]);
    table.row([
        "memory after a tenth, and at most".to_owned(),
        format!("{} MB, {} MB", settled / 1024, most / 1024),
        "no growth".to_owned(),
    ]);
    Ok(table)
}

fn run(arguments: &[&Path]) -> anyhow::Result<Value> {
    let program = shell::built("examples/sending", true)?;
    let output = Command::new(program)
        .args(arguments)
        .env(PASSPHRASE.0, PASSPHRASE.1)
        .stderr(std::process::Stdio::inherit())
        .output()?;
    anyhow::ensure!(output.status.success(), "sending could not be measured");
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn times(measured: &Value, name: &str) -> anyhow::Result<Vec<Duration>> {
    let list = measured.get(name).and_then(Value::as_array).context("times are missing")?;
    Ok(list.iter().filter_map(Value::as_f64).map(|ms| Duration::from_secs_f64(ms / 1e3)).collect())
}

/// The same way with nothing around it.
fn bare(server: &Dovecot, exim: &Exim) -> anyhow::Result<Vec<Duration>> {
    let mut client =
        deskbell_testbed::OtherClient::sign_in(server.imap_port(), BOB, server.password())?;
    client.command("SELECT INBOX")?;
    client.send_raw(b"idle IDLE\r\n")?;
    let writer = TcpStream::connect((Ipv4Addr::LOCALHOST, exim.submission_port()))?;
    writer.set_nodelay(true)?;
    writer.set_read_timeout(Some(PATIENCE))?;
    let mut session = Session { reader: BufReader::new(writer.try_clone()?), writer };
    session.expect("220")?;
    session.say("EHLO bench.example", "250")?;
    // "\0alice@a.example\0pencil"
    session.say("AUTH PLAIN AGFsaWNlQGEuZXhhbXBsZQBwZW5jaWw=", "235")?;
    let mut times = Vec::with_capacity(SENDS);
    for number in 0..SENDS + 3 {
        let began = Instant::now();
        session.say(&format!("MAIL FROM:<{ALICE}>"), "250")?;
        session.say(&format!("RCPT TO:<{BOB}>"), "250")?;
        session.say("DATA", "354")?;
        session.say(
            &format!("Message-ID: <bare-{number}@a.example>\r\nSubject: Appointment {number}\r\n\r\n10:30?\r\n."),
            "250",
        )?;
        while !client.next_untagged()?.contains("EXISTS") {}
        if number >= 3 {
            times.push(began.elapsed());
        }
    }
    Ok(times)
}

struct Session {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

impl Session {
    fn say(&mut self, line: &str, code: &str) -> anyhow::Result<()> {
        self.writer.write_all(format!("{line}\r\n").as_bytes())?;
        self.expect(code)
    }

    fn expect(&mut self, code: &str) -> anyhow::Result<()> {
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line)?;
            match line.strip_prefix(code) {
                Some(rest) if rest.starts_with('-') => {}
                Some(_) => return Ok(()),
                None => anyhow::bail!("the mail server said {line:?}"),
            }
        }
    }
}
