//! What is looked at before a message leaves: who is barred, and whether readers are watched.

use deskbell_domain::outgoing::SendOutcome;
use deskbell_domain::port::MessageSink as _;
use deskbell_simulator::{Fault, ResendKey};

use super::{KEY, account, id_of, send, simulator};
use crate::http::support::{Gate, mail};

#[tokio::test]
async fn nothing_leaves_while_readers_of_the_domain_are_watched() {
    let simulator = simulator();
    let account = account(&simulator);
    simulator.world().resend.domains.insert("studio.example".into(), (true, true));
    let watched = send(&account, "one@x").await;
    let SendOutcome::Rejected { code, message, .. } = &watched else { panic!("{watched:?}") };
    assert_eq!(code, "tracking");
    assert!(message.contains("switch off open and click tracking"), "{message}");
    assert!(simulator.world().delivered.is_empty(), "nothing left");
    simulator.world().resend.domains.insert("studio.example".into(), (true, false));
    assert!(id_of(&send(&account, "one@x").await).is_some(), "switched off, it goes at once");
    send(&account, "two@x").await;
    let asked = |world: &deskbell_simulator::World| {
        world.journal.iter().filter(|entry| entry.path == "/domains").count()
    };
    assert_eq!(asked(&simulator.world()), 2, "for some minutes the answer holds");
    assert!(!account.limits().tracking_unknown, "it was told");
}

#[tokio::test]
async fn a_key_that_may_only_send_says_that_it_cannot_tell_who_is_watched() {
    let simulator = simulator();
    simulator.world().resend.keys.insert(KEY.into(), ResendKey::Sending);
    let account = account(&simulator);
    assert!(!account.check().await.expect("a good key"), "it is not told");
    assert!(id_of(&send(&account, "one@x").await).is_some(), "it sends");
    assert!(account.limits().tracking_unknown, "and says so");
}

#[tokio::test]
async fn of_many_recipients_none_is_unseen() {
    let simulator = simulator();
    {
        let mut world = simulator.world();
        for number in 0..250 {
            world.resend.suppressed.insert(format!("n{number}@old.example"), "bounce".into());
        }
        world.resend.suppressed.insert("zoe@client.example".into(), "complaint".into());
    }
    let people: Vec<String> = (0..20).map(|n| format!("p{n}@client.example")).collect();
    let mut to: Vec<&str> = people.iter().map(String::as_str).collect();
    to.push("zoe@client.example");
    let account = account(&simulator);
    for token in ["one@x", "two@x"] {
        let outcome = account.send(&mail(token, &to), &Gate::default()).await;
        let SendOutcome::Accepted { refused, .. } = &outcome else { panic!("{outcome:?}") };
        let named: Vec<&str> = refused.iter().map(|one| one.address.as_str()).collect();
        assert_eq!(named, ["zoe@client.example"], "the one on the last page of the list");
    }
    let looks = {
        let world = simulator.world();
        world.journal.iter().filter(|one| one.path.starts_with("/suppressions")).count()
    };
    assert_eq!(looks, 3, "the list is read once, page by page");
    simulator.fault(Fault::refused("GET /suppressions", 429, &[("retry-after", "3")], "{}"));
    let fresh = self::account(&simulator);
    let paused = fresh.send(&mail("three@x", &to), &Gate::default()).await;
    assert!(matches!(paused, SendOutcome::Retry { .. }), "not unseen but later: {paused:?}");
}
