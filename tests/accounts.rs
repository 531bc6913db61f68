//! The life of accounts, as `bell` leads it: what they are called, their order, when they are looked at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use deskbell_testbed::{Dovecot, DovecotOptions, unless_missing};
use support::bell::Bell;

fn add(bell: &Bell, server: &Dovecot, address: &str) -> support::bell::Said {
    let port = server.imap_port().to_string();
    let words = ["--json", "account", "add", "imap", "--address", address, "--host", "127.0.0.1"];
    let more = ["--port", &port, "--security", "none", "--password-stdin"];
    bell.fed(&[&words[..], &more].concat(), server.password())
}

#[test]
fn accounts_keep_the_name_the_order_and_the_schedule_a_person_gives_them() {
    let Some(server) = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap() else {
        return;
    };
    let bell = Bell::new();
    for name in ["one@testbed.example", "two@testbed.example", "three@testbed.example"] {
        add(&bell, &server, name).done();
    }
    let names = || -> Vec<String> {
        let list = bell.json(&["account", "list"]);
        let rows = list["accounts"].as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    bell.json(&["account", "order", "3", "1"]);
    assert_eq!(
        names(),
        ["three@testbed.example", "one@testbed.example", "two@testbed.example"],
        "those not named come behind"
    );
    let change =
        ["account", "set", "2", "--name", "Front desk", "--color", "5", "--schedule", "0 9 * * *"];
    let changed = bell.json(&change);
    assert_eq!(
        (&changed["name"], &changed["color"], &changed["schedule"]),
        (&"Front desk".into(), &5.into(), &"0 9 * * *".into())
    );

    for (field, value) in
        [("--schedule", "whenever"), ("--color", "8"), ("--name", " "), ("--sender", "99")]
    {
        let refused = bell.run(&["--json", "account", "set", "2", "--name", "Other", field, value]);
        assert_ne!(refused.code, Some(0), "{field} {value}: {refused:?}");
    }
    assert_eq!(bell.run(&["account", "order", "1", "1"]).code, Some(2), "each once");
    assert_eq!(names()[2], "Front desk", "what was refused changed nothing");
    let usual = bell.json(&["account", "set", "2", "--schedule", ""]);
    assert_eq!(usual["schedule"], "*/15 * * * *", "an empty one is the usual");
}

#[test]
fn a_mailbox_is_added_once_and_its_removal_is_told_in_numbers() {
    let Some(server) = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap() else {
        return;
    };
    let bell = Bell::new();
    let id = bell.add(&server);
    let twice = add(&bell, &server, &server.user().to_uppercase());
    assert_eq!(twice.code, Some(2), "{twice:?}");
    let error = &twice.json()["error"];
    assert_eq!(error["code"], "duplicate");
    assert_eq!(error["fields"][1]["message"], id.as_str(), "and which one it is");

    server.deliver(server.user(), &support::mail("one", "Ink", "Black ink, please.")).unwrap();
    bell.sync();
    let removed = bell.json(&["account", "remove", &id]);
    assert_eq!((&removed["messages"], &removed["secrets"]), (&1.into(), &1.into()));
    assert_eq!(removed["keychain"], false, "a passphrase lies in no keychain");
    let left = bell.json(&["account", "list"]);
    assert_eq!(left["accounts"].as_array().map(Vec::len), Some(0));
}
