//! Mail from files: imported once however often, also across a kill, and out again as it came.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use std::path::{Path, PathBuf};

use support::bell::Bell;
use support::{mail, mbox, wait_until};

/// What a mailbox of the story holds: name, read, starred.
fn contents(count: usize) -> Vec<(String, bool, bool)> {
    (0..count).map(|n| (format!("kept-{n}"), n % 2 == 0, n % 3 == 0)).collect()
}

/// An mbox as other programs write it, with lines that look like separators.
fn write_mbox(path: &Path, count: usize) {
    let mut text = Vec::new();
    for (name, seen, starred) in contents(count) {
        text.extend_from_slice(b"From mara@client.example Fri Nov 20 10:00:00 2026\n");
        text.extend_from_slice(if seen { b"Status: RO\n" } else { b"Status: O\n" });
        if starred {
            text.extend_from_slice(b"X-Status: F\n");
        }
        let raw = String::from_utf8(mail(&name, &format!("About {name}"), BODY)).unwrap();
        let quoted = raw.replace("\r\n", "\n").replace("\nFrom here", "\n>From here");
        text.extend_from_slice(quoted.as_bytes());
        text.push(b'\n');
    }
    std::fs::write(path, text).unwrap();
}

const BODY: &str = "Dear studio,\r\nFrom here on I come on Fridays.\r\nMara";

fn write_maildir(path: &Path, count: usize) {
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(path.join(part)).unwrap();
    }
    for (name, seen, starred) in contents(count) {
        let letters = format!("{}{}", if starred { "F" } else { "" }, if seen { "S" } else { "" });
        let file = path.join("cur").join(format!("1700000000.{name}.desk:2,{letters}"));
        std::fs::write(file, mail(&name, &format!("About {name}"), BODY)).unwrap();
    }
}

fn write_eml(path: &Path, count: usize) {
    std::fs::create_dir_all(path).unwrap();
    for (name, _, _) in contents(count) {
        let raw = mail(&name, &format!("About {name}"), BODY);
        std::fs::write(path.join(format!("{name}.eml")), raw).unwrap();
    }
}

fn import(bell: &Bell, path: &Path) {
    bell.run(&["account", "add", "archive", "--path", path.to_str().unwrap()]).done();
}

/// Everything that `bell export` writes, in one sorted list.
fn exported(bell: &Bell, target: &Path) -> Vec<mbox::Entry> {
    bell.json(&["export", target.to_str().unwrap()]);
    let mut all: Vec<mbox::Entry> = mbox::exported(target).into_values().flatten().collect();
    all.sort();
    all
}

fn heads(entries: &[mbox::Entry]) -> Vec<(String, bool, bool)> {
    entries
        .iter()
        .map(|entry| {
            let name = entry.id.trim_end_matches("@stories.example").to_owned();
            (name, entry.seen, entry.starred)
        })
        .collect()
}

/// What was written, sorted as an export is.
fn expected(count: usize) -> Vec<(String, bool, bool)> {
    let mut all = contents(count);
    all.sort_by_key(|(name, _, _)| format!("{name}@stories.example"));
    all
}

fn written(kind: &str, directory: &Path) -> PathBuf {
    let path = directory.join(format!("old-{kind}"));
    match kind {
        "mbox" => write_mbox(&path, 40),
        "maildir" => write_maildir(&path, 40),
        _ => write_eml(&path, 40),
    }
    path
}

#[test]
fn an_archive_of_any_kind_is_read_once_and_comes_out_as_it_went_in() {
    for kind in ["mbox", "maildir", "eml"] {
        let directory = tempfile::tempdir().unwrap();
        let path = written(kind, directory.path());
        let bell = Bell::new();
        import(&bell, &path);
        assert_eq!(bell.sync()["added"], 40, "{kind}");
        assert_eq!(bell.sync()["added"], 0, "{kind}: a second look adds nothing");
        let again =
            bell.run(&["--json", "account", "add", "archive", "--path", path.to_str().unwrap()]);
        assert_eq!(again.code, Some(2), "{kind}: {again:?}");
        assert_eq!(again.json()["error"]["fields"][0]["field"], "path", "{again:?}");

        let first = exported(&bell, &directory.path().join("out"));
        let mut wanted = expected(40);
        if kind == "eml" {
            // Such a file says nothing about read and starred.
            let found = heads(&first);
            wanted.iter_mut().zip(&found).for_each(|(w, f)| (w.1, w.2) = (f.1, f.2));
        }
        assert_eq!(heads(&first), wanted, "{kind}");
        let text = BODY.replace("\r\n", "\n");
        for entry in &first {
            let source = String::from_utf8_lossy(&entry.source);
            assert!(source.contains(&text), "{kind}: {} kept every line: {source}", entry.id);
        }

        let other = Bell::new();
        import(&other, &mbox_of(&directory.path().join("out")));
        assert_eq!(other.sync()["added"], 40, "{kind}");
        let second = exported(&other, &directory.path().join("out-again"));
        assert_eq!(second, first, "{kind}: out, in and out again is the same");
        bell.assert_whole();
    }
}

/// The mbox of an export that holds mail.
fn mbox_of(export: &Path) -> PathBuf {
    let account = mbox::only(export);
    let files = std::fs::read_dir(account).unwrap().map(|entry| entry.unwrap().path());
    let mut filled = files.filter(|path| {
        path.extension().is_some_and(|kind| kind == "mbox") && path.metadata().unwrap().len() > 0
    });
    let first = filled.next().unwrap();
    assert!(filled.next().is_none(), "all mail of the story is in one mailbox");
    first
}

#[test]
fn what_a_person_does_to_imported_mail_is_exported_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.mbox");
    write_mbox(&path, 4);
    let bell = Bell::new();
    import(&bell, &path);
    bell.sync();
    let rows = bell.json(&["inbox", "--view", "all", "--limit", "200"]);
    for row in rows["rows"].as_array().unwrap() {
        bell.json(&["mark", row["id"].as_str().unwrap(), "starred"]);
        bell.json(&["mark", row["id"].as_str().unwrap(), "read"]);
        let said = bell.run(&["mark", row["id"].as_str().unwrap(), "archived"]).done().text();
        assert!(!said.contains("bell sync"), "there is no provider to tell: {said}");
    }
    bell.sync();
    let out = exported(&bell, &directory.path().join("out"));
    assert_eq!(out.len(), 4);
    assert!(out.iter().all(|entry| entry.seen && entry.starred), "{:?}", heads(&out));
}

#[test]
fn mail_that_its_file_lost_stays_and_health_finds_nothing_wrong_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mail.mbox");
    write_mbox(&path, 6);
    let bell = Bell::new();
    import(&bell, &path);
    bell.sync();
    write_mbox(&path, 2);
    bell.sync();
    let accounts = bell.json(&["account", "list"]);
    let id = accounts["accounts"][0]["id"].as_str().unwrap();
    let scopes = bell.json(&["account", "show", id])["scopes"].clone();
    let counted: Vec<(i64, i64)> = scopes
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| (scope["local"].as_i64().unwrap(), scope["remote"].as_i64().unwrap()))
        .collect();
    assert_eq!(counted, [(6, 6)], "all is kept, and nothing is too much: {scopes:#}");
    bell.run(&["doctor"]).done();
}

#[test]
fn an_import_that_was_killed_goes_on_where_it_was() {
    const COUNT: usize = 4_000;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.mbox");
    write_mbox(&path, COUNT);
    let bell = Bell::new();
    import(&bell, &path);
    let mut kept = 0;
    for _ in 0..3 {
        let mut child = bell.start(&["sync"]);
        wait_until("some mail to be written, or the import to end", 240, || {
            let over = child.try_wait().unwrap().is_some();
            let now = bell.json(&["stats"])["messages"].as_u64().unwrap();
            (over || now > kept).then_some(())
        });
        child.kill().unwrap();
        child.wait().unwrap();
        let now = bell.json(&["stats"])["messages"].as_u64().unwrap();
        assert!(now >= kept, "nothing that was written is lost: {now} after {kept}");
        kept = now;
        bell.assert_whole();
    }
    bell.sync();
    assert_eq!(bell.sync()["added"], 0);
    let out = exported(&bell, &directory.path().join("out"));
    assert_eq!(heads(&out), expected(COUNT), "every message once");
}

/// From and To of every conversation: who takes part, and whether it is the person at the desk.
fn own_in(bell: &Bell, conversation: &str) -> Vec<(String, bool)> {
    let opened = bell.json(&["conversation", conversation]);
    let people = opened["participants"].as_array().unwrap().iter();
    people
        .map(|one| (one["address"].as_str().unwrap().to_owned(), one["own"].as_bool().unwrap()))
        .collect()
}

#[test]
fn the_person_whose_mail_it_is_is_found_and_can_be_put_right() {
    let bell = Bell::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.mbox");
    let letter = |from: &str, to: &str, id: &str| {
        format!(
            "From - Fri Nov 20 10:00:00 2026\nFrom: {from}\nTo: {to}\nSubject: {id}\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n\
             Message-ID: <{id}@stories.example>\n\nWords.\n\n"
        )
    };
    let text = [
        letter("mara@client.example", "studio@inkwell.example", "first"),
        letter("jonas@client.example", "Studio <studio@inkwell.example>", "second"),
        letter("studio@inkwell.example", "aylin@client.example", "third"),
    ];
    std::fs::write(&path, text.concat()).unwrap();
    let added = bell.json(&["account", "add", "archive", "--path", path.to_str().unwrap()]);
    assert_eq!(added["own_address"], "studio@inkwell.example", "it takes part in everything");
    bell.run(&["sync"]).done();
    let rows = bell.json(&["inbox", "--view", "all"]);
    let row = |subject: &str| {
        let found = rows["rows"].as_array().unwrap().iter().find(|row| row["subject"] == subject);
        found.unwrap_or_else(|| panic!("{subject} is in {rows}")).clone()
    };
    let (first, third) = (row("first"), row("third"));
    assert_eq!(third["last_is_own"], true, "what the studio wrote is its own");
    let id = first["id"].as_str().unwrap().to_owned();
    assert!(own_in(&bell, &id).contains(&("studio@inkwell.example".into(), true)));

    let account = added["id"].as_str().unwrap();
    let wrong = bell.run(&["account", "own-address", account, "mara"]);
    assert_eq!(wrong.code, Some(2), "an address is asked for: {wrong:?}");
    bell.run(&["account", "own-address", account, "mara@client.example"]).done();
    let people = own_in(&bell, &id);
    assert!(people.contains(&("mara@client.example".into(), true)), "{people:?}");
    assert!(people.contains(&("studio@inkwell.example".into(), false)), "{people:?}");
    let rows = bell.json(&["inbox", "--view", "all"]);
    for row in rows["rows"].as_array().unwrap() {
        assert_eq!(row["last_is_own"], row["subject"] == "first", "{row}");
    }
    let other = folder.path().join("other.mbox");
    std::fs::copy(&path, &other).unwrap();
    let nobody = bell.json(&[
        "account",
        "add",
        "archive",
        "--path",
        other.to_str().unwrap(),
        "--address",
        "",
    ]);
    assert!(nobody["own_address"].is_null(), "nobody's, since it was said so");
}

#[test]
fn an_export_that_was_killed_begins_anew_in_its_own_directory() {
    const COUNT: usize = 3_000;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.mbox");
    write_mbox(&path, COUNT);
    let bell = Bell::new();
    import(&bell, &path);
    bell.sync();
    let begun = |target: &Path| {
        let folders = std::fs::read_dir(target).into_iter().flatten().flatten();
        let mut files = folders.filter_map(|one| one.path().read_dir().ok()).flatten().flatten();
        files.any(|file| file.metadata().is_ok_and(|file| file.len() > 0))
    };
    // An export may be over before it is killed; that one proves nothing.
    let interrupted = (0..10).find_map(|attempt| {
        let target = directory.path().join(format!("out-{attempt}"));
        let mut child = bell.start(&["export", target.to_str().unwrap()]);
        wait_until("some mail to be written", 240, || begun(&target).then_some(()));
        child.kill().unwrap();
        (!child.wait().unwrap().success()).then_some(target)
    });
    let target = interrupted.unwrap();
    let out = exported(&bell, &target);
    assert_eq!(heads(&out), expected(COUNT), "every message once");
    let again = bell.run(&["--json", "export", target.to_str().unwrap()]);
    assert_eq!(again.code, Some(2), "what is whole is not written over: {again:?}");
    assert_eq!(again.json()["error"]["fields"][0]["field"], "directory", "{again:?}");
}
