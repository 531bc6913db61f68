//! The mail benchmark: first sync, first rows, resync and search, each beside its peer in the same run.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use deskbell_testbed::{Capabilities, Dovecot, DovecotOptions};

use super::bell::Bell;
use super::clock::{middle, timed};
use super::peers;
use super::table::{Table, ratio, seconds};
use crate::shell;

/// Short measurements are made so often; the middle one counts.
const RUNS: usize = 7;
/// How long the first rows may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// A common word, a rarer one, a phrase.
const SEARCHES: [(&str, &str, &str); 3] = [
    ("common word", "free", "free"),
    ("rarer word", "penguin", "penguin"),
    ("phrase", "\"operating system\"", "\"operating system\""),
];

pub(super) fn measure(messages: usize) -> anyhow::Result<Vec<Table>> {
    let bell = Bell::find()?;
    let server = peers::mailbox(messages)?;
    let place = tempfile::tempdir()?;
    let mut tables = vec![first_sync(&bell, &server, messages, place.path())?];
    tables.push(search(&bell, place.path())?);
    tables.push(resync(&bell, messages)?);
    Ok(tables)
}

fn first_sync(
    bell: &Bell,
    server: &Dovecot,
    messages: usize,
    place: &Path,
) -> anyhow::Result<Table> {
    let (bare, bytes) = peers::bare_fetch(server)?;
    let profile = place.join("profile");
    bell.add_account(&profile, server)?;
    let (rows, synced) = sync_and_watch(bell, &profile)?;
    let copied = peers::mbsync(server, place)?;
    let indexed = peers::notmuch_new(place)?;
    let peers = copied + indexed;
    let stored = folder_bytes(&profile)?;

    let title = format!("First sync and index of {messages} mails ({} MB)", bytes / 1_000_000);
    let mut table = Table::new(
        &title,
        &["what", "result", "of mbsync + notmuch", "of bare FETCH", "must reach"],
    );
    let row = |name: &str, time: Duration, goal: &str| {
        [name.to_owned(), seconds(time), ratio(time, peers), ratio(time, bare), goal.to_owned()]
    };
    table.row(row("bare FETCH of all bytes", bare, ""));
    table.row(row("mbsync + notmuch new", peers, ""));
    table.row(row("Deskbell, all mail searchable", synced, "≤ 0.20 and ≤ 6"));
    table.row(row("Deskbell, first 50 conversations listed", rows, "≤ 1.5 s"));
    let share = format!("{:.2} × the raw mail", stored as f64 / bytes as f64);
    table.row(["profile on disk".into(), share, String::new(), String::new(), "≤ 1.3".into()]);
    table.note("The first conversations are asked for by `bell inbox`, again and again while `bell sync` runs.");
    Ok(table)
}

/// Syncs a profile while asking for its first rows, as a window would; when they came, and when all was done.
fn sync_and_watch(bell: &Bell, profile: &Path) -> anyhow::Result<(Duration, Duration)> {
    let start = Instant::now();
    let mut sync = bell.on(profile).args(["--json", "sync"]).stdout(Stdio::null()).spawn()?;
    let rows = loop {
        let listed = shell::output(bell.on(profile).args(["--json", "inbox", "--limit", "50"]));
        let count = listed.map_or(0, |json| json.matches("\"last_at\"").count());
        if count >= 50 {
            break start.elapsed();
        }
        anyhow::ensure!(start.elapsed() < PATIENCE, "no rows came within {PATIENCE:?}");
    };
    anyhow::ensure!(sync.wait()?.success(), "the sync failed");
    Ok((rows, start.elapsed()))
}

fn search(bell: &Bell, place: &Path) -> anyhow::Result<Table> {
    let profile = place.join("profile");
    let mut table = Table::new(
        "Search, first 50 hits, whole process",
        &["query", "Deskbell", "notmuch", "ratio", "must reach"],
    );
    for (name, ours, theirs) in SEARCHES {
        let ours = middle(RUNS, || {
            timed(bell.on(&profile).args(["--json", "search", "--limit", "50", ours]))
        })?;
        let theirs = middle(RUNS, || {
            timed(
                Command::new("notmuch")
                    .args(["search", "--limit=50", "--sort=newest-first", theirs])
                    .env("NOTMUCH_CONFIG", place.join("notmuch-config")),
            )
        })?;
        table.row([
            name.into(),
            seconds(ours),
            seconds(theirs),
            ratio(ours, theirs),
            "≤ 0.5".into(),
        ]);
    }
    Ok(table)
}

fn resync(bell: &Bell, messages: usize) -> anyhow::Result<Table> {
    let title = format!("Nothing changed: looking at {messages} mails again, whole process");
    let mut table = Table::new(&title, &["server offers", "Deskbell", "must reach"]);
    for (name, capabilities, goal) in [
        ("QRESYNC", Capabilities::Full, "≤ 0.1 s"),
        ("CONDSTORE", Capabilities::NoQresync, "≤ 0.3 s"),
        ("neither", Capabilities::NoCondstore, "≤ 3 s"),
    ] {
        let server = peers::mailbox_with(
            messages,
            DovecotOptions { capabilities, ..DovecotOptions::default() },
        )?;
        let profile = tempfile::tempdir()?;
        bell.add_account(profile.path(), &server)?;
        timed(bell.on(profile.path()).arg("sync"))?;
        let looked = middle(RUNS, || timed(bell.on(profile.path()).arg("sync")))?;
        table.row([name.into(), seconds(looked), goal.into()]);
    }
    let empty = tempfile::tempdir()?;
    let nothing = middle(RUNS, || timed(bell.on(empty.path()).arg("sync")))?;
    table.note(format!("Of each, {} is starting and ending the process.", seconds(nothing)));
    Ok(table)
}

fn folder_bytes(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        bytes += if meta.is_dir() { folder_bytes(&entry.path())? } else { meta.len() };
    }
    Ok(bytes)
}
