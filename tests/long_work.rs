//! `bell sync` while it takes long: stopped half-way, watched by a person, read by a program, over huge mails.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use std::process::{Child, Command, Stdio};

use deskbell_testbed::{Dovecot, DovecotOptions, Filed, unless_missing};

use support::bell::{Bell, Said};
use support::{mail, wait_until};

/// Enough that a sync of them can be watched and stopped half-way.
const MANY: usize = 4_000;

/// A server whose inbox holds these mails.
fn server(mails: impl Iterator<Item = Vec<u8>>) -> Option<Dovecot> {
    let mut server = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap()?;
    let user = server.user().to_owned();
    let filed: Vec<_> = mails.map(|raw| Filed { raw, flags: "", received: None }).collect();
    server.fill_maildir(&user, "INBOX", filed).unwrap();
    Some(server)
}

fn small(count: usize) -> impl Iterator<Item = Vec<u8>> {
    (0..count).map(|n| mail(&n.to_string(), &format!("mail {n}"), "Is Friday still free?"))
}

fn messages(bell: &Bell) -> u64 {
    let said = bell.run(&["--json", "stats"]);
    let stats: Option<serde_json::Value> = serde_json::from_slice(&said.out).ok();
    stats.and_then(|stats| stats["messages"].as_u64()).unwrap_or(0)
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success(), "{name} is sent");
}

#[test]
fn a_sync_that_is_asked_to_stop_keeps_what_it_has_and_ends_as_partly_done() {
    let Some(server) = server(small(MANY)) else { return };
    for name in ["-INT", "-TERM"] {
        // A sync may be over before it hears of it; that one proves nothing.
        let stopped = (0..10).find_map(|_| {
            let bell = Bell::new();
            bell.add(&server);
            let child = bell.command(&["--json", "sync"]).spawn().unwrap();
            let before =
                wait_until("the first mails", 240, || Some(messages(&bell)).filter(|n| *n > 0));
            signal(&child, name);
            let said = Said::from(child.wait_with_output().unwrap());
            (said.code != Some(0)).then_some((bell, before, said))
        });
        let (bell, before, said) = stopped.expect("one of ten syncs is stopped half-way");
        assert!(before < MANY as u64, "it was stopped half-way, with {before} of {MANY}");
        assert_eq!(said.code, Some(4), "{name}: part of the work is done: {said:?}");
        let account = &said.json()["accounts"][0];
        let why = account["error"]["message"].as_str().unwrap();
        assert!(why.contains("stopped"), "{name}: it says why: {why}");
        bell.assert_whole();
        let kept = messages(&bell);
        assert!(kept >= before && kept < MANY as u64, "{name}: what was there stays: {kept}");
        let brought = bell.sync();
        assert_eq!(messages(&bell), MANY as u64, "{name}: the next sync brings the rest, once");
        assert_eq!(brought["added"].as_u64().unwrap(), MANY as u64 - kept, "{name}: and only that");
    }
}

#[test]
fn a_watcher_that_is_asked_to_stop_has_done_its_work() {
    let Some(server) = server(small(3)) else { return };
    for name in ["-INT", "-TERM"] {
        let bell = Bell::new();
        bell.add(&server);
        let child = bell.command(&["sync", "--watch"]).spawn().unwrap();
        wait_until("the mails", 240, || (messages(&bell) == 3).then_some(()));
        signal(&child, name);
        let said = Said::from(child.wait_with_output().unwrap());
        assert_eq!(said.code, Some(0), "{name}: watching ends when it is asked to: {said:?}");
        bell.assert_whole();
    }
}

/// What a person at the keyboard sees: `script` gives it a terminal.
#[cfg(target_os = "linux")]
fn at_a_terminal(bell: &Bell, arguments: &[&str]) -> Said {
    let bell = bell.command(arguments);
    let words: Vec<String> = std::iter::once(bell.get_program())
        .chain(bell.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &words.join(" "), "/dev/null"]);
    for (name, value) in bell.get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    Said::from(script.stdin(Stdio::null()).output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_person_sees_a_bar_and_a_pipe_gets_none() {
    let Some(server) = server(small(1_500)) else { return };
    let piped = Bell::new();
    piped.add(&server);
    let said = piped.run(&["sync"]).done();
    assert_eq!(said.err, "", "nothing but the answer is said to a program");
    assert!(!said.text().contains('\r') && !said.text().contains('\u{1b}'), "{:?}", said.text());
    assert_eq!(said.text().lines().count(), 1, "one line for one account: {:?}", said.text());

    let watched = Bell::new();
    watched.add(&server);
    let said = at_a_terminal(&watched, &["sync"]).done();
    let shown = said.text();
    assert!(shown.contains("/1500"), "the bar counts: {shown:?}");
    let last = shown.lines().rfind(|line| !line.trim().is_empty()).unwrap();
    assert!(last.contains("1500 new"), "and gives way to the answer: {last:?}");
}

/// An archive of so many mails, in a new profile.
fn archive(directory: &std::path::Path, count: usize) -> std::path::PathBuf {
    let path = directory.join("old.mbox");
    let mut text = Vec::new();
    for mail in small(count) {
        text.extend_from_slice(b"From mara@client.example Fri Nov 20 10:00:00 2026\n");
        text.extend_from_slice(&mail);
        text.push(b'\n');
    }
    std::fs::write(&path, text).unwrap();
    path
}

#[cfg(target_os = "linux")]
#[test]
fn long_work_on_what_is_here_shows_itself_to_a_person_alone() {
    const COUNT: usize = 1_500;
    let directory = tempfile::tempdir().unwrap();
    let path = archive(directory.path(), COUNT);
    let path = path.to_str().unwrap();
    let [seen, unseen] =
        ["seen", "unseen"].map(|name| directory.path().join(name).to_str().unwrap().to_owned());
    let counted = format!("/{COUNT}");
    let add = ["account", "add", "archive", "--path", path];
    let steps: [(&[&str], &[&str], &str); 4] = [
        (&add, &add, "Looking through"),
        (&["export", &seen], &["export", &unseen], &counted),
        (&["doctor"], &["doctor"], "Checking"),
        (&["account", "remove", "1"], &["erase", "--account", "1"], "Erasing"),
    ];
    let (watched, piped) = (Bell::new(), Bell::new());
    for (by_a_person, by_a_program, words) in steps {
        let shown = at_a_terminal(&watched, by_a_person).done().text();
        assert!(shown.contains(words), "{by_a_person:?} shows “{words}”: {shown:?}");
        let said = piped.run(by_a_program).done();
        assert_eq!(said.err, "", "{by_a_program:?}: nothing but the answer is said to a program");
        assert!(!said.text().contains(['\r', '\u{1b}']), "{by_a_program:?}: {:?}", said.text());
        for bell in [&watched, &piped] {
            bell.run(&["sync"]).done();
        }
    }
}

#[test]
fn an_export_that_is_asked_to_stop_says_what_is_missing() {
    const COUNT: usize = 6_000;
    let directory = tempfile::tempdir().unwrap();
    let path = archive(directory.path(), COUNT);
    let bell = Bell::new();
    bell.json(&["account", "add", "archive", "--path", path.to_str().unwrap()]);
    bell.sync();
    let begun = |target: &std::path::Path| {
        let folders = std::fs::read_dir(target).into_iter().flatten().flatten();
        let mut files = folders.filter_map(|one| one.path().read_dir().ok()).flatten().flatten();
        files.any(|file| file.metadata().is_ok_and(|file| file.len() > 0))
    };
    for name in ["-INT", "-TERM"] {
        // An export may be over before it hears of it; that one proves nothing.
        let stopped = (0..20).find_map(|attempt| {
            let target = directory.path().join(format!("out{name}-{attempt}"));
            let child = bell.command(&["--json", "export", target.to_str().unwrap()]);
            let mut child = { child }.spawn().unwrap();
            wait_until("some mail to be written", 240, || {
                (begun(&target) || child.try_wait().unwrap().is_some()).then_some(())
            });
            if child.try_wait().unwrap().is_none() {
                signal(&child, name);
            }
            let said = Said::from(child.wait_with_output().unwrap());
            (said.code != Some(0)).then_some((target, said))
        });
        let (target, said) = stopped.expect("one of twenty exports is stopped half-way");
        assert_eq!(said.code, Some(4), "{name}: stopped half-way: {said:?}");
        let told = said.json();
        let (written, missing) =
            (told["messages"].as_u64().unwrap(), told["missing"].as_u64().unwrap());
        assert_eq!(told["stopped"], true, "{told:#}");
        assert!(missing > 0 && written + missing == COUNT as u64, "what is missing: {told:#}");
        let whole = bell.json(&["export", target.to_str().unwrap()]);
        assert_eq!(whole["messages"], COUNT, "the same folder takes a whole one: {whole:#}");
        bell.assert_whole();
    }
}

/// What is in memory of a mailbox: pages of at most 8 MiB of mail, three of them at once (one arriving, one being
/// parsed and packed, one being written), each as it came, taken apart and packed.
#[cfg(target_os = "linux")]
#[test]
fn a_sync_holds_a_few_pages_in_memory_and_never_the_mailbox() {
    const MIB: u64 = 1024 * 1024;
    const PAGE: u64 = 8 * MIB;
    const PAGES: u64 = 3;
    const FORMS: u64 = 4;
    /// The writer's page cache, and a program that has done nothing yet.
    const RESTING: u64 = (64 + 48) * MIB;
    const MAILS: u64 = 48;
    const SIZE: u64 = 5 * MIB;
    let Some(server) = server((0..MAILS).map(|n| huge(n, SIZE))) else { return };
    let bell = Bell::new();
    bell.add(&server);
    let mut child = bell.start(&["sync"]);
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = wait_until("the sync to end", 300, || {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or(0) * 1024);
        child.try_wait().unwrap()
    });
    assert!(ended.success(), "{ended}");
    assert_eq!(messages(&bell), MAILS, "all of it is here");
    let bound = RESTING + PAGES * PAGE * FORMS;
    assert!(bound < MAILS * SIZE, "the mailbox is larger than what may be held of it");
    eprintln!("peak {} MiB of at most {} MiB", peak / MIB, bound / MIB);
    assert!(peak > 0 && peak < bound, "{} MiB at its peak, at most {}", peak / MIB, bound / MIB);
}

/// A mail with a file of about so many bytes that no compression shrinks.
fn huge(number: u64, size: u64) -> Vec<u8> {
    let mut state = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[(state >> 58) as usize]
    };
    let mut raw = format!(
        "From: Mara Voss <mara@client.example>\r\nTo: Studio <studio@testbed.example>\r\n\
         Subject: picture {number}\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\
         Message-ID: <huge-{number}@stories.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: application/octet-stream; name=\"picture.bin\"\r\n\
         Content-Disposition: attachment; filename=\"picture.bin\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n"
    )
    .into_bytes();
    for _ in 0..size / 78 {
        raw.extend((0..76).map(|_| letter()));
        raw.extend_from_slice(b"\r\n");
    }
    raw
}

/// Even root may be told no: without the capabilities that let it pass by.
#[cfg(target_os = "linux")]
#[test]
fn an_archive_one_may_not_read_says_so_and_adds_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.mbox");
    std::fs::write(&path, b"From a@b Fri Nov 20 10:00:00 2026\nSubject: x\n\ny\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o0)).unwrap();
    let bell = Bell::new();
    let arguments = ["--json", "account", "add", "archive", "--path", path.to_str().unwrap()];
    let plain = bell.command(&arguments);
    // For an ordinary user the file's mode is enough.
    let bound = std::fs::File::open(&path).is_err();
    let mut command = Command::new(if bound { plain.get_program() } else { "setpriv".as_ref() });
    if !bound {
        command.arg("--bounding-set=-dac_override,-dac_read_search").arg(plain.get_program());
    }
    command.args(plain.get_args());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let said = Said::from(command.stdin(Stdio::null()).output().unwrap());
    assert_eq!(said.code, Some(2), "the path that was typed is wrong: {said:?}");
    let error = &said.json()["error"];
    assert_eq!(error["fields"][0]["field"], "path", "{error:#}");
    let words = error["message"].as_str().unwrap();
    assert!(words.contains("permission") && words.contains("copy it"), "what to do: {words}");
    assert_eq!(bell.json(&["account", "list"])["accounts"], serde_json::json!([]), "nothing kept");
    bell.assert_whole();
}
