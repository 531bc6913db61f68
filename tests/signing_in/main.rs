//! Signing in in the browser, with a real OpenID Connect server, a real Dovecot that asks it about every token, and
//! `bell`: the token expires, rotates, is taken back; the person signs in again; no message is lost or doubled.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Stdio};

use deskbell_testbed::{Decision, Dovecot, DovecotOptions, Oidc, unless_missing};
use serde_json::Value;
use support::bell::{Bell, Said};

const STUDIO: &str = "studio@testbed.example";
const OTHER: &str = "other@testbed.example";

struct Town {
    oidc: Oidc,
    dovecot: Dovecot,
    bell: Bell,
    delivered: usize,
}

impl Town {
    fn new() -> Option<Self> {
        let oidc = unless_missing(Oidc::start()).expect("the sign-in server starts")?;
        let options = DovecotOptions {
            introspection: Some(oidc.introspection()),
            users: vec![(STUDIO.into(), "pencil".into()), (OTHER.into(), "pencil".into())],
            ..DovecotOptions::default()
        };
        let dovecot = unless_missing(Dovecot::start(options)).expect("Dovecot starts")?;
        Some(Self { oidc, dovecot, bell: Bell::new(), delivered: 0 })
    }

    fn deliver(&mut self, count: usize) {
        for _ in 0..count {
            self.delivered += 1;
            let number = self.delivered;
            let mail = format!(
                "From: mara@client.example\r\nTo: {STUDIO}\r\nSubject: mail {number}\r\n\
                 Message-ID: <{number}@client.example>\r\n\r\nThe body of {number}.\r\n"
            );
            self.dovecot.deliver(STUDIO, mail.as_bytes()).expect("delivered");
        }
    }

    /// Starts `bell`, and reads the page it names.
    fn begin(&self, arguments: &[&str]) -> (Child, String, impl std::io::Read + use<>) {
        let mut command = self.bell.command(&[&["--json"], arguments].concat());
        let mut child = command.stdin(Stdio::piped()).spawn().expect("bell starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped"));
        let mut page = String::new();
        while !page.starts_with("http") {
            page.clear();
            let read = lines.read_line(&mut page).expect("bell speaks");
            if read == 0 {
                let ended = child.wait_with_output().expect("ended");
                panic!("bell names no page: {}", String::from_utf8_lossy(&ended.stdout));
            }
        }
        (child, page.trim().to_owned(), lines)
    }

    /// Signs in with a name in a browser on this machine.
    fn sign_in(&self, arguments: &[&str], name: &str, decision: Decision) -> Said {
        let (child, page, _said) = self.begin(arguments);
        let shown = self.oidc.browse(&page, name, decision).expect("the browser goes through");
        assert_eq!(shown, "shown 200", "the browser is told that it may be closed");
        child.wait_with_output().expect("bell ends").into()
    }

    fn add(&self) -> Vec<String> {
        let port = self.dovecot.imap_port().to_string();
        let issuer = self.oidc.issuer();
        let words = [
            "account",
            "add",
            "oidc",
            "--issuer",
            &issuer,
            "--client-id",
            self.oidc.client_id(),
            "--host",
            "127.0.0.1",
            "--port",
            &port,
            "--security",
            "none",
        ];
        words.map(str::to_owned).to_vec()
    }

    #[track_caller]
    fn assert_everything_once(&self) {
        let page = self.bell.json(&["inbox", "--limit", "200"]);
        let mut subjects: Vec<&str> = page["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| row["subject"].as_str().expect("a subject"))
            .collect();
        subjects.sort_by_key(|subject| subject.len());
        let wanted: Vec<String> = (1..=self.delivered).map(|n| format!("mail {n}")).collect();
        let mut wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        subjects.sort_unstable();
        assert_eq!(subjects, wanted, "no message is lost or doubled");
    }

    fn account(&self) -> Value {
        self.bell.json(&["account", "list"])["accounts"][0].clone()
    }
}

fn strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

#[test]
fn a_sign_in_lives_through_expiry_rotation_and_loss() {
    let Some(mut town) = Town::new() else { return };
    town.deliver(3);

    let added = town.sign_in(&strs(&town.add()), STUDIO, Decision::Agree).done().json();
    assert_eq!(added["address"], STUDIO, "the mailbox is the one that signed in");
    assert_eq!(added["oauth"], "custom");
    town.bell.sync();
    town.assert_everything_once();
    assert_eq!(town.oidc.grants().unwrap().refreshes, 0, "the first token lasts");

    // The token ends: the refresh token is exchanged for another one, and that one again.
    for round in 1..=2 {
        town.oidc.expire_access().unwrap();
        town.deliver(1);
        town.bell.sync();
        town.assert_everything_once();
        assert_eq!(town.oidc.grants().unwrap().refreshes, round, "one refresh a token");
    }

    // Everything is taken back: the account waits for the person, and keeps what it has.
    town.oidc.revoke_all().unwrap();
    town.deliver(1);
    let refused = town.bell.run(&["--json", "sync"]);
    assert_eq!(refused.code, Some(3), "sign-in needed: {refused:?}");
    assert_eq!(town.account()["state"], "sign_in_needed");
    town.delivered -= 1;
    town.assert_everything_once();
    town.delivered += 1;

    // Somebody else's sign-in is not taken for it.
    let id = town.account()["id"].as_str().unwrap().to_owned();
    let again = ["account", "sign-in", &id, "--client-id", town.oidc.client_id()];
    let wrong = town.sign_in(&again, OTHER, Decision::Agree);
    assert_eq!(wrong.code, Some(3), "{wrong:?}");
    let words = wrong.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(words.contains(OTHER) && words.contains(STUDIO), "{words}");
    assert_eq!(town.account()["state"], "sign_in_needed", "and nothing changed");

    // The right one is, and everything goes on.
    town.sign_in(&again, STUDIO, Decision::Agree).done();
    town.bell.sync();
    town.assert_everything_once();
    assert_eq!(town.account()["state"], "ok");
    town.bell.assert_whole();
}

#[test]
fn who_says_no_or_is_here_already_is_told_so_and_nothing_is_added() {
    let Some(town) = Town::new() else { return };
    let denied = town.sign_in(&strs(&town.add()), STUDIO, Decision::Deny);
    assert_eq!(denied.code, Some(3), "{denied:?}");
    assert!(denied.text().contains("nothing was signed in"), "{denied:?}");
    let list = town.bell.json(&["account", "list"]);
    assert_eq!(list["accounts"].as_array().map(Vec::len), Some(0), "{list}");

    let by_password = town.bell.add(&town.dovecot);
    let twice = town.sign_in(&strs(&town.add()), STUDIO, Decision::Agree);
    let error = &twice.json()["error"];
    assert_eq!(error["code"], "duplicate", "the same mailbox by two routes: {twice:?}");
    let list = town.bell.json(&["account", "list"]);
    assert_eq!(list["accounts"].as_array().map(Vec::len), Some(1), "{list}");
    assert_eq!(list["accounts"][0]["id"], by_password.as_str());
}

#[test]
fn an_answer_can_be_handed_back_from_a_browser_elsewhere() {
    let Some(mut town) = Town::new() else { return };
    town.deliver(1);
    let mut arguments = town.add();
    arguments.push("--hand-back".into());
    let (mut child, page, _said) = town.begin(&strs(&arguments));
    // A browser on another machine ends on an address that answers nothing; a page that is none stands for it.
    let ended_on = town.oidc.browse_to(&page, STUDIO, "http://127.0.0.1:").expect("sent back");
    child.stdin.take().unwrap().write_all(format!("{ended_on}\n").as_bytes()).unwrap();
    let added = Said::from(child.wait_with_output().unwrap()).done().json();
    assert_eq!(added["address"], STUDIO);
    town.bell.sync();
    town.assert_everything_once();
}

#[test]
fn removing_an_account_says_what_was_erased() {
    let Some(mut town) = Town::new() else { return };
    town.deliver(2);
    let added = town.sign_in(&strs(&town.add()), STUDIO, Decision::Agree).done().json();
    town.bell.sync();
    let removed = town.bell.json(&["account", "remove", added["id"].as_str().unwrap()]);
    assert_eq!(removed["messages"], 2);
    assert_eq!(removed["secrets"], 1, "its sign-in");
    assert!(removed["bytes"].as_i64().unwrap() > 200, "{removed}");
    let database = std::fs::read(town.bell.profile().join("deskbell.db")).unwrap();
    let found = database.windows(14).any(|window| window == b"client.example");
    assert!(!found, "nothing of its mail is left in the file");
}
