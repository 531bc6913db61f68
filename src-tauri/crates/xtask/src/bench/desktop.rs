//! The desktop: from the change event of new mail to the notification, and to the number on the tray's icon.
//!
//! The change event is the instant at which the shell hears of the new message, by its own log; what comes after it is
//! heard on the session bus, as a desktop does.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

use anyhow::Context as _;
use deskbell_testbed::{Desktop, Dovecot, DovecotOptions, Leashed, Notifications, TrayHost};

use super::bell::{Bell, PASSPHRASE};
use super::table::{Table, seconds};
use crate::shell;

/// Mails, one after another.
const MAILS: usize = 50;
/// How long one may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the shell's log says of the change event.
const TOLD: &str = "the window is told of messages";

pub(super) fn measure(_: usize) -> anyhow::Result<Vec<Table>> {
    measure_of(true)
}

fn measure_of(release: bool) -> anyhow::Result<Vec<Table>> {
    let bell = Bell::built(release)?;
    let server = Dovecot::start(DovecotOptions::default())?;
    let profile = tempfile::tempdir()?;
    bell.add_account(profile.path(), &server)?;
    server.deliver(server.user(), &mail(0))?;
    anyhow::ensure!(bell.on(profile.path()).arg("sync").stdout(Stdio::null()).status()?.success());

    let desktop = Desktop::start(1280, 800)?;
    let notifications = Notifications::start(&desktop)?;
    let tray = TrayHost::start(&desktop)?;
    let _app = start(&desktop, &shell::built("deskbell", release)?, profile.path())?;
    tray.menu_with("1 conversation unread")?;
    let repaints = tray.repaints()?;

    let mut notified = Vec::with_capacity(MAILS);
    let mut painted = Vec::with_capacity(MAILS);
    for number in 1..=MAILS {
        while repaints.try_recv().is_ok() {}
        let shown = notifications.all().len();
        let events = events(profile.path())?.len();
        server.deliver(server.user(), &mail(number))?;
        let notice = wait("no notification came", || {
            anyhow::Ok(notifications.all().get(shown).map(|one| one.at))
        })?;
        let repaint = repaints.recv_timeout(PATIENCE).context("the icon was not painted")?;
        // The log is written by a thread of its own.
        let event = wait("no change event was logged", || {
            anyhow::Ok(self::events(profile.path())?.get(events).copied())
        })?;
        notified.push(since(event, notice)?);
        painted.push(since(event, repaint)?);
    }

    let mut table = Table::new(
        &format!("New mail on the desktop, {MAILS} mails one after another: change event → seen"),
        &["what", "median", "p95", "must reach"],
    );
    for (name, times) in [
        ("the notification service is called", &mut notified),
        ("the icon in the tray has its new number", &mut painted),
    ] {
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
        let (median, p95) = (seconds(at(50)), seconds(at(95)));
        table.row([name.to_owned(), median, p95, "≤ 200 ms".to_owned()]);
    }
    table.note(
        "The tray gathers changes for 60 ms, so that a burst repaints it once. Both are heard on the session bus by a \
         notification service and a StatusNotifier host of the benchmark's own.",
    );
    Ok(vec![table])
}

/// The window, once its first list is painted.
fn start(desktop: &Desktop, program: &Path, profile: &Path) -> anyhow::Result<Leashed> {
    let ready = profile.join("ready");
    let app = Leashed::spawn(
        Command::new(program)
            .arg("--profile")
            .arg(profile)
            .envs(desktop.environment())
            .env("DESKBELL_READY_FILE", &ready)
            .env("DESKBELL_LOG", "info,deskbell_shell=debug")
            .env("LC_ALL", "en_US.UTF-8")
            .env(PASSPHRASE.0, PASSPHRASE.1)
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )?;
    wait("no list was painted", || Ok(ready.exists().then_some(())))?;
    Ok(app)
}

fn wait<T>(what: &str, mut look: impl FnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        anyhow::ensure!(Instant::now() < end, "{what} within {} s", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// When the shell heard of messages, since 1970, by its log.
fn events(profile: &Path) -> anyhow::Result<Vec<Duration>> {
    let mut lines = Vec::new();
    for file in std::fs::read_dir(profile.join("logs"))? {
        let text = std::fs::read_to_string(file?.path())?;
        lines.extend(text.lines().filter(|line| line.contains(TOLD)).map(str::to_owned));
    }
    lines.sort_unstable();
    lines.iter().map(|line| instant(line)).collect()
}

/// `2026-11-21T13:05:00.123456Z …` as a time since 1970.
fn instant(line: &str) -> anyhow::Result<Duration> {
    let stamp = line.split_whitespace().next().context("an empty line")?;
    let at: jiff::Timestamp = stamp.parse().with_context(|| format!("no time: {stamp}"))?;
    Ok(Duration::from_nanos(u64::try_from(at.as_nanosecond())?))
}

/// How long after an event of the log something was heard here.
fn since(event: Duration, heard: Instant) -> anyhow::Result<Duration> {
    let now = UNIX_EPOCH.elapsed().context("the clock stands before 1970")?;
    Ok((now - heard.elapsed()).saturating_sub(event))
}

fn mail(number: usize) -> Vec<u8> {
    format!(
        "From: Client {number} <c{number}@voss.example>\r\nTo: studio@inkwell.example\r\nSubject: Desk {number}\r\n\
         Message-ID: <desk-{number}@voss.example>\r\nDate: Fri, 20 Nov 2026 09:05:00 +0100\r\n\r\nHello {number}\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_log_is_an_instant() {
        let line = "2026-11-21T08:00:00.250000Z DEBUG deskbell_shell::bridge: told";
        assert_eq!(instant(line).unwrap(), Duration::from_millis(1_795_248_000_250));
    }

    /// Whether it measures at all; its figures are those of an unoptimised build.
    #[test]
    #[ignore = "needs both programs built and a minute"]
    fn an_unoptimised_build_can_be_measured() {
        let tables = measure_of(false).unwrap();
        println!("{}", tables[0].markdown());
    }
}
