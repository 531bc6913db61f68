//! Google and Microsoft accounts through the whole program: `bell`, its vault and its engine on this side, the played
//! provider on the other, a browser in between. Each `bell` is a start of its own: tokens and mail live in the profile.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod shop;

use std::path::Path;

use deskbell_simulator::{Consent, Fault};
use deskbell_testbed::{Desktop, unless_missing};
use serde_json::json;

use shop::{MARA, OTHER, OWN, Shop, There, Vendor};
use support::bell::Bell;

#[test]
fn a_mailbox_is_signed_in_to_in_the_browser_and_used_all_day() {
    for vendor in Vendor::BOTH {
        let mut shop = Shop::new(vendor);
        let waiting = shop.begin_adding();
        assert_eq!(waiting.browse().status, 200, "{vendor:?}: the browser may be closed");
        let added = waiting.end().done().json();
        assert_eq!(added["address"], OWN, "{added:#}");
        assert_eq!(added["oauth"], vendor.word(), "{added:#}");
        let spent = shop.asked().1;
        assert_eq!(spent, 1, "{vendor:?}: the code was exchanged once");

        shop.bell.sync();
        shop.assert_everything_once(&[]);
        shop.mark("mail 1", "read");
        shop.mark("mail 2", "archived");
        shop.mark("mail 3", "starred");
        shop.deliver(2);
        shop.bell.sync();
        shop.assert_everything_once(&[]);
        let there = |read, starred, in_inbox| There { read, starred, in_inbox };
        assert_eq!(shop.there("mail 1"), there(true, false, true), "{vendor:?}: read");
        assert!(!shop.there("mail 2").in_inbox, "{vendor:?}: archived");
        assert!(shop.there("mail 3").starred, "{vendor:?}: starred");

        let words =
            ["--json", "send", "--to", MARA, "--subject", "Friday", "--body-stdin", "--wait"];
        let sent = shop.bell.fed(&words, "Is Friday still free?\n").done().json();
        assert!(["accepted", "sent"].contains(&sent["state"].as_str().unwrap()), "{sent:#}");
        assert_eq!(shop.left_for_mara(), 1, "{vendor:?}: it left once");
        shop.bell.sync();
        let row = shop.conversation("Friday");
        assert_eq!(row["messages"], 1, "{vendor:?}: the provider's copy and ours are one: {row:#}");
        assert_eq!(shop.asked().1, spent, "{vendor:?}: the first token lasts over every start");
        shop.bell.assert_whole();
    }
}

#[test]
fn what_comes_and_what_is_erased_is_counted_alike_here_and_there() {
    for vendor in Vendor::BOTH {
        let mut shop = Shop::new(vendor);
        shop.add().done();
        shop.bell.sync();
        shop.assert_counted(3);
        shop.deliver(1);
        shop.bell.sync();
        shop.assert_counted(4);
        for subject in ["mail 1", "mail 2"] {
            shop.erase(subject);
        }
        shop.bell.sync();
        shop.assert_counted(2);
        let said = shop.bell.run(&["doctor"]);
        assert!(!said.text().contains("still to come"), "{vendor:?}: {said:?}");
    }
}

#[test]
fn tokens_end_and_rotate_and_nobody_notices() {
    for vendor in Vendor::BOTH {
        let mut shop = Shop::new(vendor);
        shop.add().done();
        shop.bell.sync();
        for round in 1..=3 {
            let before = shop.asked().1;
            shop.sign_ins(|oauth| oauth.expire_access());
            shop.deliver(1);
            shop.bell.sync();
            shop.assert_everything_once(&[]);
            assert_eq!(shop.asked().1, before + 1, "{vendor:?}, {round}: renewed once");
            shop.sign_ins(|oauth| assert_eq!(oauth.refresh_tokens(), 1, "the last one is used up"));
        }
        // A token whose end is told beforehand is not tried out first.
        shop.sign_ins(|oauth| {
            oauth.expire_access();
            oauth.access_lives = 1;
        });
        shop.bell.sync();
        shop.sign_ins(|oauth| oauth.access_lives = 3_600_000);
        let turned_away = |shop: &Shop| {
            let world = shop.simulator.world();
            world.journal.iter().filter(|entry| entry.status == Some(401)).count()
        };
        let before = turned_away(&shop);
        shop.deliver(1);
        shop.bell.sync();
        shop.assert_everything_once(&[]);
        assert_eq!(turned_away(&shop), before, "{vendor:?}: nobody shows a token that has ended");
    }
}

#[test]
fn a_sign_in_that_was_taken_back_keeps_everything_and_heals_by_signing_in_again() {
    for vendor in Vendor::BOTH {
        let mut shop = Shop::new(vendor);
        shop.add().done();
        shop.bell.sync();
        shop.sign_ins(|oauth| oauth.revoke_user(OWN));
        shop.deliver(1);

        let (asked, tokens) = shop.asked();
        let refused = shop.bell.run(&["--json", "sync"]);
        assert_eq!(refused.code, Some(3), "{vendor:?}: sign-in needed: {refused:?}");
        let (now, renewals) = shop.asked();
        assert_eq!(renewals, tokens + 1, "{vendor:?}: the refresh token is tried once");
        // At most three requests are under way when the first is turned away.
        assert!(now - asked <= 4, "{vendor:?}: and nothing goes on: {} requests", now - asked);
        let account = shop.account();
        assert_eq!(account["state"], "sign_in_needed", "{account:#}");
        let words = account["detail"].as_str().unwrap();
        assert!(words.contains("Sign in again") && !words.contains("password again"), "{words}");

        // What is here can be read, and what is done meanwhile waits.
        shop.assert_everything_once(&["mail 4"]);
        shop.mark("mail 1", "starred");
        assert!(!shop.there("mail 1").starred);

        // Somebody else's sign-in is not taken for it.
        shop.sign_ins(|oauth| oauth.user = OTHER.into());
        let wrong = shop.sign_in_again();
        assert_eq!(wrong.code, Some(3), "{wrong:?}");
        let words = wrong.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(words.contains(OTHER) && words.contains(OWN), "{words}");
        assert_eq!(shop.account()["state"], "sign_in_needed", "and nothing changed");

        shop.sign_ins(|oauth| oauth.user = OWN.into());
        shop.sign_in_again().done();
        shop.bell.sync();
        shop.assert_everything_once(&[]);
        assert!(shop.there("mail 1").starred, "{vendor:?}: the provider learns it now");
        assert_eq!(shop.account()["state"], "ok");
        assert_eq!(shop.accounts().len(), 1);
        shop.bell.assert_whole();
    }
}

#[test]
fn the_last_page_in_the_browser_speaks_the_language_that_was_chosen() {
    let shop = Shop::new(Vendor::Google);
    shop.bell.run(&["setting", "set", "language", "de"]).done();
    shop.sign_ins(|oauth| oauth.consent = Consent::Denies);
    let waiting = shop.begin_adding();
    let shown = waiting.browse();
    assert_eq!(waiting.end().code, Some(3), "and it was heard");
    let german = "Deskbell hat die Antwort. Sie können diese Seite schließen.";
    assert!(shown.text.contains("<html lang=\"de\">") && shown.text.contains(german), "{shown:?}");
    shop.bell.run(&["setting", "set", "language", "en"]).done();
    let waiting = shop.begin_adding();
    let forged = format!("{}x", support::browser::open(&waiting.page).location.unwrap());
    let shown = support::browser::open(&forged.replace("state=", "state=x"));
    assert_eq!(waiting.end().code, Some(3));
    assert_eq!(shown.status, 400, "an answer of somebody else");
    assert!(shown.text.contains("Sign in again from Deskbell."), "{shown:?}");
}

/// What the API says of a token that signed in as one, and opens the mailbox of another.
fn opens(vendor: Vendor, address: &str) -> Fault {
    let (at, answer) = match vendor {
        Vendor::Google => (
            "GET /gmail/v1/users/me/profile",
            json!({ "emailAddress": address, "messagesTotal": 0, "threadsTotal": 0, "historyId": "1" }),
        ),
        Vendor::Microsoft => {
            ("GET /v1.0/me", json!({ "mail": address, "userPrincipalName": address }))
        }
    };
    Fault::refused(at, 200, &[("content-type", "application/json")], &answer.to_string())
}

#[test]
fn the_mailbox_that_a_token_opens_counts_and_not_the_name_of_who_signed_in() {
    for vendor in Vendor::BOTH {
        let shop = Shop::new(vendor);
        shop.sign_ins(|oauth| oauth.user = "ada.lovelace@sign-in.example".into());
        shop.simulator.fault(opens(vendor, OWN));
        let added = shop.add().done().json();
        assert_eq!(added["address"], OWN, "{vendor:?}: mail is read and sent as the mailbox");

        shop.sign_ins(|oauth| oauth.user = OWN.into());
        shop.simulator.fault(opens(vendor, OTHER));
        let wrong = shop.sign_in_again();
        assert_eq!(wrong.code, Some(3), "{vendor:?}: {wrong:?}");
        let words = wrong.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(words.contains(OTHER) && words.contains("nothing was changed"), "{words}");

        shop.sign_in_again().done();
        shop.bell.sync();
        shop.assert_everything_once(&[]);
    }
}

#[test]
fn who_may_not_or_will_not_sign_in_is_told_why_and_nothing_is_added() {
    let barred = |words: &str| Consent::Barred("access_denied".into(), words.into());
    let unconsented =
        "AADSTS65001: The user or administrator has not consented to use the application.";
    for (vendor, consent, said) in [
        (Vendor::Google, Consent::Denies, "nothing was signed in"),
        (Vendor::Microsoft, Consent::Denies, "nothing was signed in"),
        (Vendor::Microsoft, barred(unconsented), "adminconsent?client_id=5a1e0000"),
        (
            Vendor::Google,
            Consent::Barred("admin_policy_enforced".into(), "x".into()),
            "only its administrator",
        ),
        (Vendor::Google, Consent::Only(vec!["openid".into(), "email".into()]), "gmail.modify"),
        (
            Vendor::Microsoft,
            Consent::Only(
                ["openid", "email", "offline_access", "User.Read"].map(str::to_owned).into(),
            ),
            "Mail.ReadWrite, Mail.Send",
        ),
        (
            Vendor::Microsoft,
            Consent::Only(
                ["openid", "User.Read", "Mail.ReadWrite", "Mail.Send"].map(str::to_owned).into(),
            ),
            "no lasting sign-in",
        ),
    ] {
        let shop = Shop::new(vendor);
        shop.sign_ins(|oauth| oauth.consent = consent.clone());
        let refused = shop.add();
        assert_eq!(refused.code, Some(3), "{consent:?}: {refused:?}");
        let words = refused.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(words.contains(said), "{consent:?}: {words}");
        assert_eq!(shop.accounts().len(), 0, "{consent:?}: nothing is added");
        shop.sign_ins(|oauth| oauth.consent = Consent::Grants);
        shop.add().done();
        shop.bell.sync();
        shop.assert_everything_once(&[]);
    }
}

#[test]
fn the_answer_can_come_by_a_page_of_ones_own() {
    let page = "https://studio.example/signed-in";
    for vendor in Vendor::BOTH {
        let shop = Shop::new(vendor);
        shop.register(page);
        let back = |waiting: &support::browser::Waiting| {
            let to = support::browser::open(&waiting.page).location.unwrap();
            assert!(to.starts_with(&format!("{page}?")), "{vendor:?}: {to}");
            to
        };
        let mut stale = shop.begin_adding();
        let theirs = back(&stale);
        stale.paste("the page was empty");
        assert_eq!(stale.end().code, Some(2), "{vendor:?}: that is no answer");
        // The answer of another attempt is none either, whichever page shows it.
        let mut foreign = shop.begin_adding();
        foreign.paste(&theirs);
        let refused = foreign.end();
        assert_eq!(refused.code, Some(2), "{vendor:?}: {refused:?}");
        assert!(refused.text().contains("does not belong to this sign-in"), "{refused:?}");
        assert_eq!(shop.asked().1, 0, "{vendor:?}: no code was spent");
        let mut other = shop.begin_adding();
        let to = back(&other);
        let (_, query) = to.split_once('?').unwrap();
        other.paste(query);
        let added = other.end().done().json();
        assert_eq!(added["address"], OWN, "{vendor:?}");
        shop.bell.sync();
        shop.assert_everything_once(&[]);
    }
}

/// Whether there is a code or a token of the played provider: its kind, a full stop, 43 signs of base64.
fn holds_a_token(bytes: &[u8]) -> bool {
    ["access.", "refresh.", "code."].iter().any(|kind| {
        let places = bytes.windows(kind.len()).enumerate();
        let mut found = places.filter(|(_, window)| *window == kind.as_bytes());
        found.any(|(at, _)| {
            let rest = &bytes[at + kind.len()..];
            let sign = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
            rest.iter().take_while(sign).count() >= 43
        })
    })
}

/// Every file below a directory that holds one.
fn files_with_tokens(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with_tokens(&path));
        } else if holds_a_token(&std::fs::read(&path).unwrap()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_sign_in_is_sealed_under_the_keychains_key_and_shows_nowhere() {
    assert!(holds_a_token(format!("x refresh.{} y", "a".repeat(43)).as_bytes()), "it is found");
    let Some(desktop) = unless_missing(Desktop::start(320, 200)).unwrap() else { return };
    let bell = desktop
        .environment()
        .fold(Bell::bare(), |bell, (name, value)| bell.with(name, value))
        .with("DESKBELL_LOG", "trace");
    let shop = Shop::with(Vendor::Microsoft, bell);
    let mut said = vec![shop.add().done(), shop.bell.run(&["sync"]).done()];
    shop.sign_ins(|oauth| oauth.expire_access());
    said.push(shop.bell.run(&["sync"]).done());
    shop.sign_ins(|oauth| oauth.revoke_user(OWN));
    said.push(shop.bell.run(&["sync"]));
    said.push(shop.sign_in_again().done());
    said.push(shop.bell.run(&["sync"]).done());
    shop.assert_everything_once(&[]);
    assert!(said.iter().any(|one| one.err.contains("deskbell_")), "the log was on");
    for one in &said {
        let line = one.err.lines().find(|line| holds_a_token(line.as_bytes()));
        assert!(line.is_none(), "said: {line:?}");
        assert!(!holds_a_token(&one.out), "answered: {}", one.text());
    }
    assert_eq!(files_with_tokens(shop.bell.profile()), [""; 0], "nothing lies about unsealed");
    assert!(!shop.bell.profile().join("passphrase.salt").exists(), "no passphrase was needed");
    drop(desktop);
    let locked = shop.bell.run(&["--json", "sync"]);
    assert_eq!(locked.code, Some(3), "without the keychain nobody gets in: {}", locked.text());
    let account = shop.account();
    assert_eq!(account["state"], "sign_in_needed", "{account:#}");
}
