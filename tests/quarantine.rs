//! A mail that no parser can read is kept as it came, named with its reason wherever one looks, and can be taken out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use deskbell_testbed::{Dovecot, DovecotOptions, Filed, unless_missing};
use serde_json::Value;

use support::bell::Bell;
use support::{mail, mbox};

/// A mail without a single header field.
const GARBAGE: &[u8] = b"this is no mail at all\r\njust two lines of words\r\n";

/// What `bell` says of the mails it could not read: stats, then Health as the window gets it, then the doctor.
#[track_caller]
fn assert_seen_everywhere(bell: &Bell, account: &str, count: usize) -> Vec<String> {
    let stats = bell.json(&["stats"]);
    let listed = stats["quarantined"].as_array().unwrap().clone();
    assert_eq!(listed.len(), count, "stats lists each of them: {stats:#}");
    for row in &listed {
        assert_eq!(row["account_id"], account, "{row:#}");
        assert!(row["reason"].as_str().unwrap().contains("no header"), "with its reason: {row:#}");
    }
    let told = bell.run(&["stats"]).done().text();
    assert!(told.contains("COULD NOT BE READ"), "a person is told as well: {told}");

    let health = bell.json(&["account", "show", account]);
    let in_health = health["quarantined"].as_array().unwrap();
    let ids = |rows: &[Value]| -> Vec<String> {
        rows.iter().map(|row| row["message_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(in_health), ids(&listed), "Health lists the same: {health:#}");
    assert!(in_health.iter().all(|row| row["reason_said"]["key"].is_string()), "{health:#}");

    let doctor = bell.run(&["doctor"]);
    let told = doctor.text();
    let noun = if count == 1 { "message" } else { "messages" };
    assert!(told.contains(&format!("{count} {noun} could not be read")), "{told}");
    assert!(told.contains("no header"), "the doctor names the reason: {told}");
    assert!(told.contains(&format!("message {}", listed[0]["message_id"].as_str().unwrap())));
    ids(&listed)
}

#[test]
fn a_mail_from_a_server_that_cannot_be_read_is_named_and_its_source_taken_out() {
    let Some(mut server) = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap()
    else {
        return;
    };
    let user = server.user().to_owned();
    let mails =
        [mail("before", "before", "words"), GARBAGE.to_vec(), mail("after", "after", "words")];
    server.fill_maildir(&user, "INBOX", mails.map(Filed::from)).unwrap();
    let bell = Bell::new();
    let account = bell.add(&server);
    assert_eq!(bell.sync()["added"], 3, "it stops nothing");
    let unread = assert_seen_everywhere(&bell, &account, 1);

    let raw = bell.run(&["message", &unread[0], "--raw"]).done().out;
    assert_eq!(raw, GARBAGE, "its source is given back as it came");
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    bell.run(&["export", out.to_str().unwrap()]).done();
    let exported = mbox::exported(&out);
    let sources: Vec<&[u8]> =
        exported["INBOX"].iter().map(|entry| entry.source.as_slice()).collect();
    let lines = GARBAGE.to_vec().into_iter().filter(|byte| *byte != b'\r').collect::<Vec<_>>();
    assert!(sources.contains(&lines.as_slice()), "and it is in the export: {exported:?}");
    assert_eq!(sources.len(), 3);
    bell.assert_whole();
}

#[test]
fn a_mail_of_an_archive_that_cannot_be_read_is_named_and_its_source_taken_out() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.mbox");
    let mut text = Vec::new();
    let garbage: Vec<u8> = vec![0; 5_000];
    for raw in [mail("one", "one", "words"), garbage.clone(), mail("two", "two", "words")] {
        text.extend_from_slice(b"From mara@client.example Fri Nov 20 10:00:00 2026\n");
        text.extend_from_slice(&raw);
        text.extend_from_slice(b"\n\n");
    }
    std::fs::write(&path, text).unwrap();
    let bell = Bell::new();
    let account = bell.json(&["account", "add", "archive", "--path", path.to_str().unwrap()]);
    let account = account["id"].as_str().unwrap().to_owned();
    assert_eq!(bell.sync()["added"], 3, "it stops nothing");
    let unread = assert_seen_everywhere(&bell, &account, 1);
    let raw = bell.run(&["message", &unread[0], "--raw"]).done().out;
    assert!(raw.starts_with(&garbage), "its source is given back as it came");
    assert_eq!(bell.sync()["added"], 0, "and it is not taken for another one later");
    bell.assert_whole();
}
