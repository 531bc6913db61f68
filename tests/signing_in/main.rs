//! Signing in in the browser, with a real OpenID Connect server, a real Dovecot that asks it about every token, and
//! `bell`: the token expires, rotates, is taken back; the person signs in again; no message is lost or doubled.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod bad_input;
mod bad_input_calls;
mod browser;
mod remedies;
mod sending;
#[path = "../support/mod.rs"]
mod support;
mod town;

use std::io::Write as _;

use deskbell_testbed::Decision;
use support::bell::Said;
use town::{OTHER, STUDIO, Town, strs};

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
    // It knows by which client and which server: what was entered for another server is not used for it.
    let elsewhere =
        ["--client-id", "desk-elsewhere", "--issuer", "https://login.elsewhere.example"];
    town.bell.run(&[&["oauth-client", "set", "custom"][..], &elsewhere].concat()).done();
    let without = town
        .add()
        .into_iter()
        .filter(|word| word != "--client-id" && word != town.oidc.client_id());
    let unknown = town.bell.run(&strs(&without.collect::<Vec<_>>()));
    assert_eq!(unknown.code, Some(2), "another server's client is not shown: {unknown:?}");
    assert!(format!("{unknown:?}").contains("without a client id"), "{unknown:?}");
    let again = ["account", "sign-in", &id];
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
fn removing_an_account_says_what_was_erased_and_gives_its_sign_in_back() {
    let Some(mut town) = Town::new() else { return };
    town.deliver(2);
    let added = town.sign_in(&strs(&town.add()), STUDIO, Decision::Agree).done().json();
    town.bell.sync();
    assert_eq!(town.oidc.grants().unwrap().lasting, 1, "it could go on for ever");
    let removed = town.bell.json(&["account", "remove", added["id"].as_str().unwrap()]);
    assert_eq!(removed["messages"], 2);
    assert_eq!(removed["secrets"], 1, "its sign-in");
    assert_eq!(removed["sign_in"], "revoked", "{removed}");
    assert_eq!(town.oidc.grants().unwrap().lasting, 0, "nothing is left that it could go on with");
    assert!(removed["bytes"].as_i64().unwrap() > 200, "{removed}");
    let database = std::fs::read(town.bell.profile().join("deskbell.db")).unwrap();
    let found = database.windows(14).any(|window| window == b"client.example");
    assert!(!found, "nothing of its mail is left in the file");
}

#[test]
fn a_sign_in_that_cannot_be_given_back_keeps_nobody_from_removing_the_account() {
    let Some(mut town) = Town::new() else { return };
    town.deliver(1);
    let added = town.sign_in(&strs(&town.add()), STUDIO, Decision::Agree).done().json();
    town.bell.sync();
    let bell = &town.bell;
    drop(town.oidc);
    let said = bell.run(&["account", "remove", added["id"].as_str().unwrap()]).done();
    assert!(said.text().contains("could not be taken back"), "the person is told: {said:?}");
    let list = bell.json(&["account", "list"]);
    assert_eq!(list["accounts"].as_array().map(Vec::len), Some(0), "{list}");
    bell.assert_whole();
}
