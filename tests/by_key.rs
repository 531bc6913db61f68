//! Accounts that send by a key: the whole way from `bell` to the provider, also when it asks for a pause, is down, or
//! `bell` is killed while it waits for the answer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use std::process::Stdio;

use deskbell_simulator::{Fault, ResendKey, ResendReader, Simulator, Strike};
use serde_json::Value;

use support::bell::{Bell, Said};
use support::wait_until;

const KEY: &str = "a_key_for_stories";
const OWN: &str = "ada@studio.example";
const MARA: &str = "mara@client.example";
const EMAILS: &str = "POST /emails";

/// A desk whose account sends through one of the providers.
struct Counter {
    simulator: Simulator,
    bell: Bell,
}

fn counter(provider: &str) -> Counter {
    let simulator = Simulator::start().unwrap();
    {
        let mut world = simulator.world();
        world.resend.keys.insert(KEY.into(), ResendKey::Full);
        world.resend.domains.insert("studio.example".into(), (true, false));
        let scopes = ["mail.send", "suppression.read", "messages.read"].map(str::to_owned);
        world.sendgrid.keys.insert(KEY.into(), scopes.to_vec());
        world.sendgrid.senders.insert(OWN.into());
    }
    let bell = Bell::new();
    let base = simulator.base_url(provider);
    let add = [
        "--json",
        "account",
        "add",
        provider,
        "--address",
        OWN,
        "--base-url",
        &base,
        "--key-stdin",
    ];
    bell.fed(&add, KEY).done();
    Counter { simulator, bell }
}

const LETTER: [&str; 6] = ["--json", "send", "--to", MARA, "--subject", "Friday"];

impl Counter {
    fn send(&self, more: &[&str]) -> Said {
        let words = [&LETTER[..], &["--body-stdin"], more].concat();
        self.bell.fed(&words, "Is Friday still free?\n")
    }

    fn state(&self, id: &str) -> Value {
        self.bell.json(&["outbox", "show", id])
    }

    /// Who got a message with this id, as often as somebody did.
    fn delivered(&self) -> usize {
        self.simulator.world().delivered.iter().filter(|one| one.to == [MARA]).count()
    }

    /// Syncs until the provider has said that it took the message.
    fn until_taken(&self, id: &str) {
        wait_until("the provider's word", 240, || {
            self.bell.run(&["sync"]);
            let state = self.state(id);
            ["accepted", "sent", "delivered"]
                .contains(&state["state"].as_str().unwrap())
                .then_some(())
        });
        assert_eq!(self.delivered(), 1, "once");
    }
}

#[test]
fn a_message_goes_from_the_terminal_to_its_reader() {
    for provider in ["resend", "sendgrid"] {
        let counter = counter(provider);
        let sent = counter.send(&["--wait"]).done().json();
        assert!(["accepted", "sent"].contains(&sent["state"].as_str().unwrap()), "{sent:#}");
        assert_eq!(counter.delivered(), 1, "{provider}");
        let page = counter.bell.json(&["inbox", "--view", "sent"]);
        assert_eq!(page["rows"][0]["subject"], "Friday", "{provider}: it lies among the sent ones");
        counter.bell.assert_whole();
    }
}

#[test]
fn a_provider_that_wants_a_pause_or_is_down_gets_it_later_and_once() {
    let pause = Fault::refused(EMAILS, 429, &[("retry-after", "1")], "{}");
    let down = Fault::refused(EMAILS, 503, &[], "{}");
    for (fault, what) in [(pause, "a pause"), (down, "an outage")] {
        let counter = counter("resend");
        // More often than one try asks.
        (0..4).for_each(|_| counter.simulator.fault(fault.clone()));
        let sent = counter.send(&[]).done().json();
        let id = sent["id"].as_str().unwrap();
        counter.until_taken(id);
        let asked = {
            let world = counter.simulator.world();
            world.journal.iter().filter(|entry| entry.method == "POST").count()
        };
        assert!(asked > 4, "{what}: it was offered again until it was taken: {asked} times");
        counter.bell.assert_whole();
    }
}

#[test]
fn a_message_whose_sender_was_killed_waiting_for_the_answer_arrives_once() {
    for carried_out in [true, false] {
        let counter = counter("resend");
        let fault = Fault { at: EMAILS.into(), carried_out, strike: Strike::Never };
        counter.simulator.fault(fault);
        let sent = counter.send(&[]).done().json();
        let id = sent["id"].as_str().unwrap();
        let mut sync = counter.bell.command(&["sync"]).stdout(Stdio::null()).spawn().unwrap();
        wait_until("the provider to be asked", 60, || {
            let world = counter.simulator.world();
            world.journal.iter().any(|entry| entry.method == "POST").then_some(())
        });
        sync.kill().unwrap();
        sync.wait().unwrap();
        let state = counter.state(id);
        assert_eq!(state["state"], "sending", "it was on its way: {state:#}");
        // Under the same key it is one message, however often it is handed over: nobody has to decide.
        counter.until_taken(id);
        let keys: Vec<String> = {
            let world = counter.simulator.world();
            let posts = world.journal.iter().filter(|entry| entry.method == "POST");
            posts.filter_map(|entry| entry.header("idempotency-key").map(str::to_owned)).collect()
        };
        assert!(keys.iter().all(|key| *key == keys[0]), "one key for every try: {keys:?}");
        let bodies: Vec<Value> = {
            let world = counter.simulator.world();
            let posts = world.journal.iter().filter(|entry| entry.method == "POST");
            posts.map(|entry| entry.body.clone()).collect()
        };
        assert!(
            bodies.len() > 1 && bodies.iter().all(|body| *body == bodies[0]),
            "and one request"
        );
        counter.bell.assert_whole();
    }
}

#[test]
fn what_a_killed_process_was_sending_is_settled_although_its_recipient_is_barred_by_now() {
    let counter = counter("resend");
    counter.simulator.world().resend.readers.insert(GONE.into(), ResendReader::Bounces);
    counter.simulator.fault(Fault { at: EMAILS.into(), carried_out: true, strike: Strike::Never });
    let words = ["--json", "send", "--to", GONE, "--subject", "Friday", "--body-stdin"];
    let sent = counter.bell.fed(&words, "Is Friday still free?\n").done().json();
    let id = sent["id"].as_str().unwrap();
    let mut sync = counter.bell.command(&["sync"]).stdout(Stdio::null()).spawn().unwrap();
    wait_until("the provider to be asked", 60, || {
        let world = counter.simulator.world();
        world.journal.iter().any(|entry| entry.method == "POST").then_some(())
    });
    sync.kill().unwrap();
    sync.wait().unwrap();
    // It came back meanwhile, and Resend writes to this address no more: a message made anew would be another one.
    counter.simulator.advance(60_000);
    wait_until("what became of it", 240, || {
        counter.bell.run(&["sync"]);
        let state = counter.state(id);
        (state["reports"][0]["fate"] == "failed").then_some(())
    });
    assert_eq!(counter.simulator.world().delivered.len(), 1, "exactly one message");
    counter.bell.assert_whole();
}

#[test]
fn what_was_refused_goes_once_its_reason_is_mended() {
    let counter = counter("resend");
    counter.simulator.world().resend.domains.insert("studio.example".into(), (true, true));
    let refused = counter.send(&["--wait"]);
    assert_eq!(refused.code, Some(1), "refused: {refused:?}");
    let sent = refused.json();
    assert!(sent["error"].as_str().unwrap().contains("watch who opens"), "{sent:#}");
    assert_eq!(counter.delivered(), 0, "nobody is watched");
    let id = sent["id"].as_str().unwrap();
    counter.simulator.world().resend.domains.insert("studio.example".into(), (true, false));
    counter.bell.json(&["outbox", "retry", id]);
    counter.until_taken(id);
    counter.bell.assert_whole();
}

#[test]
fn a_key_that_may_only_send_says_that_tracking_cannot_be_seen() {
    let counter = counter("resend");
    let list = counter.bell.json(&["account", "list"]);
    assert_eq!(list["accounts"][0]["tracking_unknown"], false, "a full key is told: {list:#}");
    counter.simulator.world().resend.keys.insert("re_send_only".into(), ResendKey::Sending);
    let base = counter.simulator.base_url("resend");
    let add = ["account", "add", "resend", "--address", "desk@studio.example", "--base-url", &base];
    let said = counter.bell.fed(&[&add[..], &["--key-stdin"]].concat(), "re_send_only").done();
    assert!(said.text().contains("click tracking are off"), "{}", said.text());
    let list = counter.bell.json(&["account", "list"]);
    assert_eq!(list["accounts"][1]["tracking_unknown"], true, "and it stays said: {list:#}");
}

#[test]
fn no_minute_holds_more_than_a_person_chose() {
    let counter = counter("resend");
    let account = counter.bell.json(&["account", "list"])["accounts"][0].clone();
    let id = account["id"].as_str().unwrap();
    assert_eq!(account["usual_per_minute"], 200, "{account:#}");
    let chosen = counter.bell.json(&["account", "sending", id, "--per-minute", "1"]);
    assert_eq!(chosen["per_minute"], 1, "{chosen:#}");
    let wrong = counter.bell.run(&["account", "sending", id, "--per-minute", "10001"]);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    counter.send(&[]).done();
    counter.send(&[]).done();
    counter.bell.run(&["sync"]);
    assert_eq!(counter.delivered(), 1, "the other waits for the next minute");
    let usual = counter.bell.json(&["account", "sending", id, "--per-minute", "0"]);
    assert_eq!(usual["per_minute"], Value::Null, "{usual:#}");
    wait_until("the other", 240, || {
        counter.bell.run(&["sync"]);
        (counter.delivered() == 2).then_some(())
    });
}

/// The window asks; a terminal cannot, so it stops and says what there is to look at.
#[test]
fn bell_sends_nothing_that_the_window_would_ask_about_unless_told_to() {
    let counter = counter("resend");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("aftercare.exe");
    std::fs::write(&file, b"MZ").unwrap();
    let words = ["--json", "send", "--to", MARA, "--subject", "", "--body-stdin"];
    let words = [&words[..], &["--attach", file.to_str().unwrap()]].concat();
    let said = counter.bell.fed(&words, "Please run this.\n");
    assert_eq!(said.code, Some(2), "{said:?}");
    let error = &said.json()["error"];
    let named: Vec<&str> = error["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert_eq!(named, ["no_subject", "dangerous_file"], "each is named: {error:#}");
    assert!(error["fields"][1]["message"].as_str().unwrap().contains("aftercare.exe"), "{error:#}");
    assert!(error["message"].as_str().unwrap().contains("--yes"), "and what to do: {error:#}");
    counter.bell.run(&["sync"]);
    assert_eq!(counter.delivered(), 0, "nothing left");
    let drafts = counter.bell.json(&["inbox", "--view", "drafts"]);
    assert_eq!(drafts["rows"].as_array().unwrap().len(), 1, "it is kept: {drafts:#}");

    counter.bell.fed(&[&words[..], &["--yes", "--wait"]].concat(), "Please run this.\n").done();
    assert_eq!(counter.delivered(), 1, "somebody has looked");
}

const GONE: &str = "gone@client.example";

#[test]
fn what_became_of_a_message_is_asked_and_told_by_recipient() {
    let counter = counter("resend");
    counter.simulator.world().resend.readers.insert(GONE.into(), ResendReader::Bounces);
    let arrives = counter.send(&["--wait"]).done().json();
    let words = ["--json", "send", "--to", GONE, "--subject", "Friday", "--body-stdin", "--wait"];
    let returns = counter.bell.fed(&words, "Is Friday still free?\n").done().json();
    let (arrives, returns) = (arrives["id"].as_str().unwrap(), returns["id"].as_str().unwrap());
    assert_eq!(counter.state(arrives)["state"], "accepted", "nobody has said more yet");
    // A minute at Resend: the one is delivered, the other comes back.
    counter.simulator.advance(60_000);
    wait_until("what became of both", 240, || {
        counter.bell.run(&["sync"]);
        let told = |id: &str| !counter.state(id)["reports"].as_array().unwrap().is_empty();
        (told(arrives) && told(returns)).then_some(())
    });
    let (arrived, returned) = (counter.state(arrives), counter.state(returns));
    assert_eq!(arrived["state"], "delivered", "{arrived:#}");
    assert_eq!(arrived["reports"][0]["fate"], "delivered", "{arrived:#}");
    assert_eq!(returned["reports"][0]["fate"], "failed", "{returned:#}");
    assert_eq!(returned["refused"][0]["address"], GONE, "{returned:#}");
    let why = returned["refused"][0]["reason"].as_str().unwrap();
    assert!(why.contains("sent it back"), "in plain words: {why}");
    // Nothing is asked again before it is due, hours later.
    let asked = || {
        let world = counter.simulator.world();
        let about = world.journal.iter().filter(|entry| entry.path.contains("/emails/"));
        about.count()
    };
    let before = asked();
    counter.bell.run(&["sync"]);
    assert_eq!(asked(), before, "a provider is not pressed");
    assert!(before <= 6, "each was asked about a few times: {before}");
    counter.bell.assert_whole();
}

#[test]
fn a_key_that_may_only_send_is_asked_once_what_became_of_a_message() {
    let counter = counter("resend");
    counter.simulator.world().resend.keys.insert(KEY.into(), ResendKey::Sending);
    let sent = counter.send(&["--wait"]).done().json();
    let id = sent["id"].as_str().unwrap();
    let asked = || {
        let world = counter.simulator.world();
        world.journal.iter().filter(|entry| entry.path.contains("/emails/")).count()
    };
    wait_until("the question", 240, || {
        counter.bell.run(&["sync"]);
        (asked() > 0).then_some(())
    });
    counter.bell.run(&["sync"]);
    assert_eq!(asked(), 1, "the answer will be the same");
    assert_eq!(counter.state(id)["state"], "accepted", "nothing is guessed");
    let accounts = counter.bell.json(&["account", "list"]);
    assert_eq!(accounts["accounts"][0]["state"], "ok", "it sends, and is well: {accounts:#}");
}
