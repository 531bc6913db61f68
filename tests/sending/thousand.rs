//! A thousand messages through servers that fail in every way, sent by a program that is killed again and again.
//!
//! Two accounts: the server of the one saves what it sends by itself, for the other the program makes the copies.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use deskbell_testbed::{Dovecot, DovecotOptions, unless_missing};

use crate::mailroom::BOB;
use crate::studio::{self, CONVERSATIONS, OF_EACH, Side, marks};
use crate::support::bell::Bell;
use crate::support::dice::Dice;
use crate::support::{server, wait_until};

/// Of each account.
const MESSAGES: usize = CONVERSATIONS * OF_EACH;
/// Kills at moments nobody chose; later ones only let a person decide.
const KILLS: usize = 12;
/// How long all of it may take before the story has failed.
const DEADLINE: Duration = Duration::from_secs(600);

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_messages_arrive_once_each_whatever_happens() {
    let Some(server) = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap() else {
        return;
    };
    let bell = Bell::new();
    let sides = [
        Side::open(&server, "saved@testbed.example", true, 20_261_121),
        Side::open(&server, "kept@testbed.example", false, 20_261_122),
    ];
    studio::add(&bell, &server, &sides);
    studio::write(&bell).await;
    send(&bell, &sides).await;

    for side in &sides {
        let taken = side.smtp.taken();
        let ids: Vec<String> = taken.iter().map(|mail| mail.message_id().unwrap()).collect();
        let distinct: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(distinct.len(), MESSAGES, "{}: nothing is lost", side.user);
        assert_eq!(ids.len(), distinct.len(), "{}: nothing is sent twice", side.user);
        let mut order: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for mail in &taken {
            let (conversation, number) = marks(&String::from_utf8_lossy(&mail.source));
            order.entry(conversation).or_default().push(number);
        }
        for (conversation, numbers) in order {
            let wanted: Vec<usize> = (0..OF_EACH).collect();
            assert_eq!(numbers, wanted, "conversation {conversation} left in its order");
        }
    }
    let arrived = server::copies(&mut studio::phone(&server, BOB), "INBOX");
    let distinct: BTreeSet<&String> = arrived.iter().map(|copy| &copy.id).collect();
    assert_eq!(distinct.len(), 2 * MESSAGES, "all of them are in bob's inbox");
    assert_eq!(arrived.len(), distinct.len(), "and none of them twice");

    bell.json(&["sync"]);
    for side in &sides {
        let sent = server::copies(&mut studio::phone(&server, &side.user), "Sent");
        let distinct: BTreeSet<&String> = sent.iter().map(|copy| &copy.id).collect();
        assert_eq!(
            (sent.len(), distinct.len()),
            (MESSAGES, MESSAGES),
            "{}: one copy of each among the sent ones",
            side.user
        );
    }
    let stats = bell.json(&["stats"]);
    assert_eq!(stats["conversations"], 2 * CONVERSATIONS, "{stats:#}");
    bell.assert_whole();
}

/// Lets the program send, kills it wherever it happens to be, lets a person decide what nobody else can, and starts
/// it again, until nothing is left.
async fn send(bell: &Bell, sides: &[Side]) {
    let mut dice = Dice::new(20_261_121);
    let ends = Instant::now() + DEADLINE;
    for kill in 0.. {
        let mut sending = bell.start(&["sync", "--watch"]);
        let longest = if kill < KILLS { 2_600 } else { 6_000 };
        std::thread::sleep(Duration::from_millis(400 + dice.below(longest) as u64));
        sending.kill().unwrap();
        sending.wait().unwrap();
        // What the servers were given they have by now, or never will.
        wait_until("servers at rest", 60, || {
            sides.iter().all(|side| side.smtp.is_idle()).then_some(())
        });
        let left = studio::decide(bell, sides).await;
        if left == 0 && kill >= KILLS {
            return;
        }
        assert!(Instant::now() < ends, "{left} messages never leave");
    }
}
