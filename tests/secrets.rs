//! Planted secrets: a password, a person's address and the words of a mail turn up nowhere they should not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use deskbell_testbed::{Desktop, Dovecot, DovecotOptions, unless_missing};

use support::bell::{Bell, PASSPHRASE, Said};

const PASSWORD: &str = "korrekt-Pferd-7Batterie";
const USER: &str = "wilhelmina.ostertag";
const CLIENT: &str = "cornelius.habersack";
const WORDS: &str = "the porcelain elephant sings at dawn";

fn server() -> Option<Dovecot> {
    let options = DovecotOptions {
        users: vec![(format!("{USER}@testbed.example"), PASSWORD.into())],
        ..Default::default()
    };
    let server = unless_missing(Dovecot::start(options)).unwrap()?;
    let raw = format!(
        "From: Cornelius <{CLIENT}@client.example>\r\nTo: {USER}@testbed.example\r\nSubject: {WORDS} (subject)\r\n\
         Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <planted@stories.example>\r\n\r\n{WORDS}\r\n"
    );
    server.deliver(server.user(), raw.as_bytes()).unwrap();
    Some(server)
}

/// What `bell` says while it works, at its most talkative.
fn work(bell: &Bell, server: &mut Dovecot) -> Vec<Said> {
    let mut said = Vec::new();
    let port = server.imap_port().to_string();
    let address = server.user().to_owned();
    let add = |password: &str| {
        let arguments = [
            "account",
            "add",
            "imap",
            "--address",
            &address,
            "--host",
            "127.0.0.1",
            "--port",
            &port,
            "--security",
            "none",
            "--password-stdin",
        ];
        bell.fed(&arguments, password)
    };
    let wrong = add(&format!("{PASSWORD}-but-wrong"));
    assert_eq!(wrong.code, Some(3), "{}", wrong.err);
    said.push(wrong);
    said.push(add(PASSWORD).done());
    said.push(bell.run(&["sync"]).done());
    said.push(bell.run(&["mark", "1", "starred"]).done());
    said.push(bell.run(&["mark", "1", "archived"]).done());
    server.stop();
    let offline = bell.run(&["sync"]);
    assert_eq!(offline.code, Some(1), "{}", offline.err);
    said.push(offline);
    server.restart().unwrap();
    said.push(bell.run(&["sync"]).done());
    said.push(bell.run(&["doctor"]).done());
    said
}

/// Every file below a directory, with its bytes.
fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
}

/// The password is in no file; logs and what is said on the way hold nothing personal.
fn assert_nothing_shows(bell: &Bell, said: &[Said]) {
    for one in said {
        for secret in [PASSWORD, CLIENT, WORDS, USER, PASSPHRASE] {
            let line = one.err.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "“{secret}” was said: {line:?}");
        }
        assert!(!holds(&one.out, PASSWORD), "the password was answered: {}", one.text());
    }
    assert!(said.iter().any(|one| one.err.contains("deskbell_")), "the log was on");
    for (name, bytes) in files(bell.profile()) {
        for secret in [PASSWORD, PASSPHRASE] {
            assert!(!holds(&bytes, secret), "“{secret}” stands in {name}");
        }
        let log = name.contains("/logs/");
        for secret in [CLIENT, WORDS, USER] {
            assert!(!(log && holds(&bytes, secret)), "“{secret}” stands in {name}");
        }
    }
}

#[test]
fn nothing_secret_or_personal_shows_under_a_passphrase() {
    let Some(mut server) = server() else { return };
    let bell = Bell::new().with("DESKBELL_LOG", "trace");
    let said = work(&bell, &mut server);
    assert_nothing_shows(&bell, &said);
    assert!(bell.profile().join("passphrase.salt").is_file(), "the key comes from the passphrase");
}

#[test]
fn the_keychain_is_used_where_there_is_one() {
    let Some(desktop) = unless_missing(Desktop::start(320, 200)).unwrap() else { return };
    let Some(mut server) = server() else { return };
    let bell = desktop
        .environment()
        .fold(Bell::bare(), |bell, (name, value)| bell.with(name, value))
        .with("DESKBELL_LOG", "trace");
    let said = work(&bell, &mut server);
    assert_nothing_shows(&bell, &said);
    assert!(!bell.profile().join("passphrase.salt").exists(), "no passphrase was needed");
    drop(desktop);
    let locked = bell.run(&["--json", "sync"]);
    assert_eq!(locked.code, Some(3), "without the keychain nobody gets in: {}", locked.text());
}

/// How many entries of ours the keychain of this desktop holds.
fn kept_in_keychain(desktop: &Desktop) -> usize {
    let said = std::process::Command::new("dbus-send")
        .envs(desktop.environment())
        .args(["--session", "--print-reply=literal", "--dest=org.freedesktop.secrets"])
        .args(["/org/freedesktop/secrets", "org.freedesktop.Secret.Service.SearchItems"])
        .arg("dict:string:string:service,app.deskbell.desktop")
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8_lossy(&said.stdout).matches("/org/freedesktop/secrets/collection/").count()
}

#[test]
fn the_key_leaves_the_keychain_with_the_last_account() {
    let Some(desktop) = unless_missing(Desktop::start(320, 200)).unwrap() else { return };
    let Some(server) = server() else { return };
    let bell =
        desktop.environment().fold(Bell::bare(), |bell, (name, value)| bell.with(name, value));
    assert_eq!(kept_in_keychain(&desktop), 0, "a new desktop");
    let id = bell.add(&server);
    assert_eq!(kept_in_keychain(&desktop), 1, "the profile's key");
    let removed = bell.json(&["account", "remove", &id]);
    assert_eq!(removed["keychain"], true, "it is said: {removed:#}");
    assert_eq!(kept_in_keychain(&desktop), 0, "and done");
    bell.add(&server);
    bell.sync();
    assert_eq!(kept_in_keychain(&desktop), 1, "the next account gets a key of its own");
}

#[test]
fn without_a_keychain_or_a_passphrase_no_password_is_taken() {
    let Some(server) = server() else { return };
    let bell = Bell::bare();
    let port = server.imap_port().to_string();
    let arguments = [
        "--json",
        "account",
        "add",
        "imap",
        "--address",
        server.user(),
        "--host",
        "127.0.0.1",
        "--port",
        &port,
        "--security",
        "none",
        "--password-stdin",
    ];
    let said = bell.fed(&arguments, PASSWORD);
    assert_eq!(said.code, Some(1), "{}", said.text());
    let message = said.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("DESKBELL_PASSPHRASE") && message.contains("keychain"), "{message}");
    assert_eq!(bell.json(&["account", "list"])["accounts"].as_array().unwrap().len(), 0);
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_breaks_nothing() {
    let Some(server) = server() else { return };
    let right = Bell::new();
    right.add(&server);
    let mut wrong = right.command(&["--json", "sync"]);
    let said = Said::from(wrong.env("DESKBELL_PASSPHRASE", "not it").output().unwrap());
    assert_eq!(said.code, Some(3), "{}", said.text());
    assert!(said.text().contains("passphrase"), "{}", said.text());
    assert_eq!(right.sync()["added"], 1, "the right one still opens it");
    // Nor does a typo put another account under a key of its own, or the keychain get one.
    for passphrase in [Some("not it"), None] {
        let mut command = right.command(&["account", "sign-in", "1"]);
        match passphrase {
            Some(passphrase) => command.env("DESKBELL_PASSPHRASE", passphrase),
            None => command.env_remove("DESKBELL_PASSPHRASE"),
        };
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may end without reading: what it said tells why.
        let _ = child.stdin.take().unwrap().write_all(PASSWORD.as_bytes());
        let said = Said::from(child.wait_with_output().unwrap());
        assert_ne!(said.code, Some(0), "{passphrase:?}: {}", said.err);
        assert!(said.err.contains("passphrase"), "{passphrase:?}: {}", said.err);
    }
    assert_eq!(right.sync()["added"], 0, "and the right one still opens what was there");
}
