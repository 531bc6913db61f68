//! Whatever is typed, served or sent: a clear error that says what to do, or a safe showing, and the profile stays whole.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use std::net::{Ipv4Addr, TcpListener, TcpStream};

use deskbell_testbed::{Certificate, Dovecot, DovecotOptions, Filed, unless_missing};
use serde_json::Value;

use support::bell::{Bell, Said};
use support::mail;

/// What a person may get wrong about a mailbox.
struct Typed<'a> {
    host: &'a str,
    port: u16,
    security: &'a str,
    password: &'a str,
}

fn add(bell: &Bell, typed: &Typed<'_>) -> Said {
    let port = typed.port.to_string();
    let arguments = [
        "--json",
        "account",
        "add",
        "imap",
        "--address",
        "studio@testbed.example",
        "--host",
        typed.host,
        "--port",
        &port,
        "--security",
        typed.security,
        "--password-stdin",
    ];
    bell.fed(&arguments, typed.password)
}

/// The error names its field and says something; nothing was kept.
#[track_caller]
fn assert_refused(bell: &Bell, said: &Said, exit: i32, code: &str, field: &str) -> String {
    assert_eq!(said.code, Some(exit), "{said:?}");
    let error = &said.json()["error"];
    assert_eq!(error["code"], code, "{error:#}");
    assert_eq!(error["fields"][0]["field"], field, "{error:#}");
    let message = error["message"].as_str().unwrap().to_owned();
    assert!(
        message.len() > 20 && message.ends_with(['.', '!', '?']),
        "a whole sentence: {message}"
    );
    assert_eq!(
        bell.json(&["account", "list"])["accounts"],
        Value::Array(Vec::new()),
        "nothing was kept"
    );
    bell.assert_whole();
    message
}

fn server() -> Option<Dovecot> {
    unless_missing(Dovecot::start(DovecotOptions::default())).unwrap()
}

#[test]
fn reading_a_profile_that_was_never_opened_finds_nothing_rather_than_fail() {
    for command in [&["inbox"][..], &["stats"], &["account", "list"], &["search", "anything"]] {
        let bell = Bell::new();
        let said = bell.run(command);
        assert_eq!(said.code, Some(0), "{command:?}: {said:?}");
    }
}

#[test]
fn a_wrong_password_asks_for_the_right_one() {
    let Some(server) = server() else { return };
    let bell = Bell::new();
    let typed =
        Typed { host: "127.0.0.1", port: server.imap_port(), security: "none", password: "wrong" };
    let said = add(&bell, &typed);
    let message = assert_refused(&bell, &said, 3, "sign_in", "password");
    assert!(message.contains("password"), "{message}");
    assert!(!message.contains("wrong"), "the password itself is not repeated: {message}");
}

#[test]
fn a_password_that_is_changed_elsewhere_is_asked_for_at_the_next_sync() {
    let options = |password: &str| DovecotOptions {
        users: vec![("studio@testbed.example".into(), password.into())],
        ..Default::default()
    };
    let Some(mut server) = unless_missing(Dovecot::start(options("pencil"))).unwrap() else {
        return;
    };
    let bell = Bell::new();
    bell.add(&server);
    server.change_password("other").unwrap();
    let said = bell.run(&["--json", "sync"]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert_eq!(said.json()["accounts"][0]["error"]["code"], "sign_in", "{said:?}");
    let doctor = bell.run(&["--json", "doctor"]);
    assert_eq!(doctor.code, Some(4), "the doctor sees it too: {doctor:?}");
    bell.assert_whole();
}

#[test]
fn a_wrong_port_and_an_unknown_host_are_told_apart() {
    // The near end of a connection: nobody listens there, and nobody else comes to listen there meanwhile.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let free = near.local_addr().unwrap().port();
    let bell = Bell::new();
    let typed = Typed { host: "127.0.0.1", port: free, security: "none", password: "pencil" };
    let port = assert_refused(&bell, &add(&bell, &typed), 1, "offline", "port");
    assert!(port.contains("port") || port.contains(&free.to_string()), "{port}");
    let typed = Typed { host: "imap.invalid", port: 993, security: "tls", password: "pencil" };
    let host = assert_refused(&bell, &add(&bell, &typed), 1, "offline", "host");
    assert!(host.contains("imap.invalid"), "{host}");
}

#[test]
fn plain_text_to_a_public_host_is_refused_before_anything_is_sent() {
    let bell = Bell::new();
    let typed = Typed { host: "192.0.2.1", port: 143, security: "none", password: "pencil" };
    let message = assert_refused(&bell, &add(&bell, &typed), 2, "invalid", "security");
    assert!(message.contains("TLS"), "{message}");
}

#[test]
fn an_address_with_a_line_break_in_it_is_refused_at_the_address() {
    let bell = Bell::new();
    for (option, field, text) in [
        ("--address", "address", "studio@testbed.example\r\nBcc: everybody@testbed.example"),
        ("--address", "address", "studio\u{7}@testbed.example"),
        ("--user", "user", "studio\nA1 LOGOUT"),
        ("--name", "name", "Studio\u{1b}[2J"),
    ] {
        let mut arguments = vec!["--json", "account", "add", "imap", option, text];
        if option != "--address" {
            arguments.extend(["--address", "studio@testbed.example"]);
        }
        arguments.extend(["--host", "127.0.0.1", "--port", "9", "--security", "none"]);
        arguments.push("--password-stdin");
        let said = bell.fed(&arguments, "pencil");
        let message = assert_refused(&bell, &said, 2, "invalid", field);
        assert!(message.contains("control characters"), "{option}: {message}");
    }
}

#[test]
fn a_profile_that_cannot_be_one_is_wrong_usage() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "no directory").unwrap();
    let below = file.join("profile");
    for profile in [file.to_str().unwrap(), below.to_str().unwrap(), ""] {
        for command in [&["inbox"][..], &["--json", "sync"]] {
            let program = Bell::bare().command(&[]).get_program().to_owned();
            let mut bell = std::process::Command::new(program);
            let said: Said =
                bell.args(["--profile", profile]).args(command).output().unwrap().into();
            assert_eq!(said.code, Some(2), "{profile}: {said:?}");
            let told = format!("{}{}", said.text(), said.err);
            assert!(told.contains("--profile"), "{profile}: what to type is said: {told}");
        }
    }
    assert_eq!(std::fs::read(&file).unwrap(), b"no directory", "and nothing was touched");
}

#[test]
fn the_doctor_sees_that_a_passphrase_opens_nothing() {
    let Some(server) = server() else { return };
    let bell = Bell::new();
    bell.add(&server);
    bell.assert_whole();
    let said: Said = bell
        .command(&["--json", "doctor"])
        .env("DESKBELL_PASSPHRASE", "not the one")
        .output()
        .unwrap()
        .into();
    assert_eq!(said.code, Some(4), "{said:?}");
    let checks = said.json();
    let keychain =
        checks["checks"].as_array().unwrap().iter().find(|row| row["what"] == "keychain");
    assert_eq!(keychain.unwrap()["ok"], false, "{checks:#}");
    let detail = keychain.unwrap()["detail"].as_str().unwrap();
    assert!(detail.contains("does not open"), "{detail}");
    bell.assert_whole();
}

#[test]
fn a_certificate_that_cannot_be_trusted_is_named_and_nothing_is_sent() {
    let kinds =
        [Certificate::Expired, Certificate::WrongName, Certificate::SelfSigned, Certificate::Valid];
    for kind in kinds {
        let options = DovecotOptions { certificate: kind, ..Default::default() };
        let Some(server) = unless_missing(Dovecot::start(options)).unwrap() else { return };
        let trusted = kind != Certificate::SelfSigned;
        let bell = Bell::new();
        let bell = if trusted { bell.with("SSL_CERT_FILE", server.ca_pem_path()) } else { bell };
        for (port, security) in [(server.imaps_port(), "tls"), (server.imap_port(), "starttls")] {
            let typed = Typed { host: "localhost", port, security, password: "pencil" };
            let said = add(&bell, &typed);
            if kind == Certificate::Valid {
                let id = said.done().json()["id"].as_str().unwrap().to_owned();
                bell.json(&["account", "remove", &id]);
                continue;
            }
            let message = assert_refused(&bell, &said, 1, "certificate", "pin_certificate");
            assert!(message.contains("certificate"), "{kind:?}: {message}");
            assert!(!server.log().contains("Login: user"), "{kind:?}: no password left");
        }
    }
}

#[test]
fn an_archive_that_cannot_be_read_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let picture = directory.path().join("picture.mbox");
    std::fs::write(&picture, [0x89, b'P', b'N', b'G', 0, 1, 2, 3].repeat(100)).unwrap();
    let bell = Bell::new();
    for path in [directory.path().join("nowhere"), empty, picture] {
        let said =
            bell.run(&["--json", "account", "add", "archive", "--path", path.to_str().unwrap()]);
        let message = assert_refused(&bell, &said, 2, "invalid", "path");
        assert!(message.contains("path") || message.contains("mbox"), "{message}");
    }
}

#[test]
fn a_truncated_mbox_gives_what_there_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cut.mbox");
    let mut text = Vec::new();
    for name in ["one", "two", "three"] {
        text.extend_from_slice(b"From mara@client.example Fri Nov 20 10:00:00 2026\n");
        text.extend_from_slice(&mail(name, name, "Until Friday then"));
        text.push(b'\n');
    }
    text.truncate(text.len() - 12);
    std::fs::write(&path, text).unwrap();
    let bell = Bell::new();
    bell.json(&["account", "add", "archive", "--path", path.to_str().unwrap()]);
    assert_eq!(bell.sync()["added"], 3);
    assert_eq!(bell.json(&["search", "three"])["hits"].as_array().unwrap().len(), 1);
    bell.assert_whole();
}

/// A mail whose parts are nested as deep as asked for.
fn nested(depth: usize) -> Vec<u8> {
    let mut raw =
        b"From: a@b.example\r\nSubject: nested\r\nMessage-ID: <nested@stories.example>\r\n"
            .to_vec();
    for level in 0..depth {
        let head =
            format!("Content-Type: multipart/mixed; boundary=\"b{level}\"\r\n\r\n--b{level}\r\n");
        raw.extend_from_slice(head.as_bytes());
    }
    raw.extend_from_slice(b"Content-Type: text/plain\r\n\r\nat the bottom\r\n");
    raw
}

/// Mails that no program should have sent.
fn monsters() -> Vec<(&'static str, Vec<u8>)> {
    let mut broken = b"From: \xff\xfe\x80 <\xc3\x28@client.example>\r\nSubject: \xf0\x28\x8c\xbc broken \xe2\x82\r\n\
        Message-ID: <broken@stories.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n".to_vec();
    broken.extend((0..20_000u32).map(|n| (n % 251) as u8 | 0x80));
    let huge = format!("large {}\r\n", "x".repeat(70)).repeat(60 * 1024 * 1024 / 78);
    let long = format!(
        "From: a@b.example\r\nSubject: {}\r\nMessage-ID: <long@stories.example>\r\n\r\nlong head\r\n",
        "subject ".repeat(128 * 1024)
    );
    let hostile = "From: a@b.example\r\nSubject: hostile\r\nMessage-ID: <hostile@stories.example>\r\n\
        Content-Type: text/html\r\n\r\n<p>Harmless words</p><script>alert(1)</script><svg onload=alert(2)>\
        <img src=x onerror=alert(3)><meta http-equiv=refresh content='0;url=//evil.example'><base href=//evil.example>\
        <form action=//evil.example><input></form><a href='javascript:alert(4)'>a</a><a href='data:text/html,x'>b</a>\
        <style>@import '//evil.example/x.css'; p{background:url(//evil.example/y)}</style>\
        <math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(5)&gt;'></table>";
    vec![
        ("broken", broken),
        ("huge", mail("huge", "huge", &huge)),
        ("long", long.into_bytes()),
        ("nested", nested(10_000)),
        ("hostile", hostile.into()),
        ("empty", b"\r\n".to_vec()),
        ("zeros", vec![0; 5_000]),
    ]
}

#[test]
fn monstrous_mails_neither_stop_a_sync_nor_harm_what_is_around_them() {
    let Some(mut server) = server() else { return };
    let user = server.user().to_owned();
    let monsters = monsters();
    let count = monsters.len() + 2;
    let mails = monsters.into_iter().map(|(_, raw)| raw);
    let all = [mail("before", "before", "plain words")].into_iter().chain(mails);
    let all = all.chain([mail("after", "after", "plain words")]);
    server.fill_maildir(&user, "INBOX", all.map(Filed::from)).unwrap();
    let bell = Bell::new();
    bell.add(&server);
    bell.sync();
    assert_eq!(bell.sync()["added"], 0);
    assert_eq!(bell.json(&["stats"])["messages"], count, "each is here, and once");

    let rows = bell.json(&["inbox", "--limit", "200"]);
    let mut seen = Vec::new();
    for row in rows["rows"].as_array().unwrap() {
        let opened = bell.json(&["conversation", row["id"].as_str().unwrap()]);
        for message in opened["messages"].as_array().unwrap() {
            let id = message["id"].as_str().unwrap();
            let text = bell.run(&["message", id]).done();
            let html = bell.run(&["message", id, "--html"]).done();
            bell.run(&["message", id, "--raw"]).done();
            assert_safe(&html.text());
            seen.push((message["message_id"].as_str().unwrap_or("").to_owned(), text.text()));
        }
    }
    assert_eq!(seen.len(), count, "every mail can be opened");
    // Its Message-ID stands behind a megabyte of subject, where nobody looks for it.
    assert!(seen.iter().any(|(_, text)| text.contains("long head")), "the long one is there");
    for (name, words) in [
        ("before", "plain words"),
        ("after", "plain words"),
        ("hostile", "Harmless words"),
        ("huge", "large xxx"),
    ] {
        let id = format!("{name}@stories.example");
        let found = seen.iter().find(|(own, _)| *own == id);
        let (_, text) = found.unwrap_or_else(|| panic!("{name} is not listed"));
        assert!(text.contains(words), "{name}: {}", text.chars().take(2_000).collect::<String>());
    }
    // An empty mail and one of zeros have no header: both are kept, and named with their reason.
    let stats = bell.json(&["stats"]);
    let kept = stats["quarantined"].as_array().unwrap().iter().map(|row| {
        assert!(row["reason"].as_str().unwrap().contains("no header"), "{row:#}");
        bell.run(&["message", row["message_id"].as_str().unwrap(), "--raw"]).done().out.len()
    });
    assert_eq!(kept.collect::<std::collections::BTreeSet<_>>(), [2, 5_000].into(), "{stats:#}");
    bell.assert_whole();
}

/// Nothing in a document for the frame can run or call home.
fn assert_safe(document: &str) {
    let lower = document.to_lowercase();
    for bad in [
        "<script",
        "onload=",
        "onerror=",
        "<base",
        "<form",
        "javascript:",
        "evil.example",
        "<iframe",
        "@import",
    ] {
        // Where the text itself speaks of such a thing it is escaped.
        let at = lower.find(bad);
        let around =
            at.map(|at| document.chars().skip(at.saturating_sub(80)).take(200).collect::<String>());
        assert!(at.is_none(), "{bad} in {around:?}");
    }
}

#[test]
fn a_damaged_database_is_set_aside_and_said_plainly() {
    let Some(server) = server() else { return };
    server.deliver(server.user(), &mail("one", "one", "plain words")).unwrap();
    let bell = Bell::new();
    bell.add(&server);
    bell.sync();
    let path = bell.profile().join("deskbell.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle..middle + 40_000].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    let _ = std::fs::remove_file(bell.profile().join("deskbell.db-wal"));
    let said = [bell.run(&["sync"]), bell.run(&["sync"]), bell.run(&["sync"])];
    assert!(said.iter().any(|one| one.err.contains("set aside as")), "{said:?}");
    assert_eq!(said[2].code, Some(0), "{said:?}");
    // What lay where the damage is may be the account; what was said then is to add it again.
    if bell.json(&["account", "list"])["accounts"].as_array().is_some_and(Vec::is_empty) {
        bell.add(&server);
    }
    bell.sync();
    let found = bell.json(&["search", "plain"]);
    assert!(
        found["hits"].as_array().is_some_and(|hits| hits.len() == 1),
        "the mail is fetched again: {found}"
    );
    bell.assert_whole();
}
