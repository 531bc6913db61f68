//! New mail: from the moment LMTP accepted it to the change event, beside a bare IDLE on the same mailbox.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use deskbell_testbed::{Dovecot, DovecotOptions};

use super::bell::Bell;
use super::table::{Table, ratio, seconds};

/// Messages delivered, one after another.
const DELIVERIES: usize = 100;
/// How long one may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn measure(_: usize) -> anyhow::Result<Vec<Table>> {
    let bell = Bell::find()?;
    let server = Dovecot::start(DovecotOptions::default())?;
    let profile = tempfile::tempdir()?;
    bell.add_account(profile.path(), &server)?;
    server.deliver(server.user(), &mail(0))?;
    anyhow::ensure!(bell.on(profile.path()).arg("sync").stdout(Stdio::null()).status()?.success());

    // One after the other: a client that reads makes the server tell the other one sooner.
    let idle = idle(&server)?;
    let mut bare = deliver(&server, &idle, 1)?;
    drop(idle);
    let (mut watching, events) = watch(&bell, profile.path())?;
    let ours = deliver(&server, &events, 1 + DELIVERIES);
    watching.kill()?;
    watching.wait()?;
    let mut ours = ours?;

    let mut table = Table::new(
        &format!(
            "New mail, {DELIVERIES} deliveries one after another: LMTP accepted → change event"
        ),
        &["what", "median", "p95", "must reach"],
    );
    for (name, times, goal) in [
        ("bare IDLE hears EXISTS", &mut bare, ""),
        ("Deskbell's change event", &mut ours, "p95 ≤ 100 ms"),
    ] {
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
        table.row([name.to_owned(), seconds(at(50)), seconds(at(95)), goal.to_owned()]);
    }
    let sum = |times: &[Duration]| times.iter().sum::<Duration>();
    table.note(format!(
        "Deskbell takes {} of what the bare IDLE takes.",
        ratio(sum(&ours), sum(&bare))
    ));
    table.note(
        "Measured one after the other. Dovecot 2.3 gathers changes for half a second before it tells an idling \
         client, which is nearly all of both.",
    );
    Ok(vec![table])
}

/// Delivers one mail after another from this number on, and how long after each the listener heard of it.
fn deliver(
    server: &Dovecot,
    heard: &Receiver<Instant>,
    first: usize,
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(DELIVERIES);
    for number in first..first + DELIVERIES {
        while heard.try_recv().is_ok() {}
        server.deliver(server.user(), &mail(number))?;
        let accepted = Instant::now();
        let told = heard.recv_timeout(PATIENCE).context("nothing was heard of a delivery")?;
        times.push(told.saturating_duration_since(accepted));
    }
    Ok(times)
}

/// `bell sync --watch`, and when it printed each change of a message.
fn watch(bell: &Bell, profile: &std::path::Path) -> anyhow::Result<(Child, Receiver<Instant>)> {
    let mut child = bell
        .on(profile)
        .args(["sync", "--watch"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let lines = BufReader::new(child.stdout.take().context("no standard output")?);
    let (told, heard) = mpsc::channel();
    let (ready, is_ready) = mpsc::channel();
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            if line.contains("\"idle\"") {
                let _ = ready.send(());
            }
            if line.contains("\"message\"") && told.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    is_ready.recv_timeout(PATIENCE).context("the first round did not end")?;
    Ok((child, heard))
}

/// A client that does nothing but IDLE, and when it heard of each arrival.
fn idle(server: &Dovecot) -> anyhow::Result<Receiver<Instant>> {
    let mut client = server.other_client()?;
    client.command("SELECT INBOX")?;
    client.send_raw(b"idle IDLE\r\n")?;
    let (told, heard) = mpsc::channel();
    std::thread::spawn(move || {
        while let Ok(line) = client.next_untagged() {
            if line.contains("EXISTS") && told.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    Ok(heard)
}

fn mail(number: usize) -> Vec<u8> {
    format!(
        "From: Mara Voss <mara@voss.example>\r\nTo: studio@inkwell.example\r\nSubject: Arrival {number}\r\n\
         Message-ID: <arrival-{number}@voss.example>\r\nDate: Fri, 20 Nov 2026 09:05:00 +0100\r\n\r\nHello {number}\r\n"
    )
    .into_bytes()
}
