//! Sending by a sign-in of the browser: a real server takes the token, asks who it belongs to, and relays.

use deskbell_testbed::{Decision, Exim, OtherClient, unless_missing};

use crate::support::{server, wait_until};
use crate::town::{OTHER, STUDIO, Town, strs};

struct Post {
    town: Town,
    exim: Exim,
    account: String,
}

impl Post {
    fn open() -> Option<Self> {
        let mut town = Town::new()?;
        let exim = unless_missing(Exim::start(&town.dovecot)).expect("Exim starts")?;
        let port = unless_missing(town.dovecot.open_submission(&exim)).expect("it opens")?;
        let mut arguments = town.add();
        let port = port.to_string();
        let smtp = ["--smtp-host", "127.0.0.1", "--smtp-port", &port, "--smtp-security", "none"];
        arguments.extend(smtp.map(str::to_owned));
        let added = town.sign_in(&strs(&arguments), STUDIO, Decision::Agree).done().json();
        assert_eq!(added["sends"], true, "the token was tried for sending, too: {added:#}");
        let account = added["id"].as_str().expect("an id").to_owned();
        town.bell.sync();
        Some(Self { town, exim, account })
    }

    fn queue(&self, subject: &str) {
        let arguments = [
            "--json",
            "send",
            "--account",
            &self.account,
            "--to",
            OTHER,
            "--subject",
            subject,
            "--body-stdin",
        ];
        self.town.bell.fed(&arguments, "See you.").done();
    }

    /// Subjects of what lies in the other's inbox.
    fn arrived(&self) -> Vec<String> {
        let port = self.town.dovecot.imap_port();
        let Ok(mut phone) = OtherClient::sign_in(port, OTHER, "pencil") else {
            return Vec::new();
        };
        phone.command("SELECT INBOX").expect("selected");
        let fetch = "UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])";
        let answers = phone.command(fetch).expect("fetched");
        let subjects = answers.iter().filter_map(|line| {
            let (_, rest) = line.split_once("Subject: ")?;
            rest.split(['\r', '\n']).next().map(|subject| subject.trim().to_owned())
        });
        subjects.collect()
    }

    /// Syncs until nothing waits any more, neither here nor on the way.
    fn drain(&self) {
        wait_until("an outbox with nothing left to do", 240, || {
            self.town.bell.run(&["sync"]);
            let list = self.town.bell.json(&["outbox", "list"]);
            let waits = list["items"].as_array().expect("items").iter().any(|item| {
                matches!(item["state"].as_str(), Some("queued" | "sending" | "unknown"))
            });
            (!waits && self.exim.is_idle()).then_some(())
        });
    }
}

#[test]
fn a_mail_sent_by_a_sign_in_of_the_browser_arrives_once() {
    let Some(mut post) = Post::open() else { return };
    post.queue("By token");
    post.drain();
    assert_eq!(post.arrived(), ["By token"], "{}", post.exim.log());
    assert_eq!(post.town.oidc.grants().unwrap().refreshes, 0, "the first token was good enough");

    // The token ends between two messages: reading and sending are both turned away.
    post.town.oidc.expire_access().unwrap();
    post.town.deliver(1);
    post.queue("By the next one");
    post.drain();
    assert_eq!(post.arrived(), ["By token", "By the next one"], "each once: {}", post.exim.log());
    let grants = post.town.oidc.grants().unwrap();
    assert_eq!((grants.refreshes, grants.refused), (1, 0), "one refresh heals it, whoever asks");
    let page = post.town.bell.json(&["inbox", "--limit", "50"]);
    let rows = page["rows"].as_array().expect("rows").iter();
    assert_eq!(rows.filter(|row| row["subject"] == "mail 1").count(), 1, "{page:#}");
    let sent = || {
        let mut phone = post.town.dovecot.other_client().unwrap();
        server::copies(&mut phone, "Sent").len()
    };
    wait_until("both among the sent ones", 240, || {
        post.town.bell.sync();
        (sent() >= 2).then_some(())
    });
    post.town.bell.sync();
    assert_eq!(sent(), 2, "each lies once among the sent ones");
}

#[test]
fn a_sign_in_taken_back_keeps_what_waits_to_be_sent() {
    let Some(post) = Post::open() else { return };
    post.town.oidc.revoke_all().unwrap();
    post.queue("Kept");
    let refused = post.town.bell.run(&["--json", "sync"]);
    assert_eq!(refused.code, Some(3), "the person is asked to sign in: {refused:?}");
    assert!(post.arrived().is_empty(), "nothing left without a sign-in");
    let again = ["account", "sign-in", &post.account];
    post.town.sign_in(&again, STUDIO, Decision::Agree).done();
    post.drain();
    assert_eq!(post.arrived(), ["Kept"], "what waited leaves, once: {}", post.exim.log());
}
