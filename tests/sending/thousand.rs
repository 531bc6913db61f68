//! A thousand messages through servers that fail in every way, sent by a program that is killed again and again.
//!
//! Two accounts: the server of the one saves what it sends by itself, for the other the program makes the copies. What
//! goes wrong with the one is the same in every run, with the other it is what nobody chose; `DESKBELL_SEED=n` plays
//! that one again.
//!
//! A server stays silent until the program is killed: how long it waits by itself is shown where its patience is short.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use deskbell_testbed::{Dovecot, DovecotOptions, unless_missing};

use crate::mailroom::BOB;
use crate::studio::{self, CONVERSATIONS, NEVER_SAID, OF_EACH, RUTH, Side, Written, marks};
use crate::support::bell::Bell;
use crate::support::dice::{Dice, fresh_seed};
use crate::support::{server, wait_until};

/// Of each account.
const MESSAGES: usize = CONVERSATIONS * OF_EACH;
/// Kills at moments nobody chose; later ones only let a person decide.
const KILLS: usize = 12;
/// How long all of it may take before the story has failed.
const DEADLINE: Duration = Duration::from_secs(1_800);

/// What goes wrong with the first account.
const SEED: u64 = 20_261_121;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_messages_arrive_once_each_whatever_happens() {
    let Some(server) = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap() else {
        return;
    };
    let asked = std::env::var("DESKBELL_SEED").ok().map(|seed| seed.parse().unwrap());
    let seed = asked.unwrap_or_else(fresh_seed);
    eprintln!("a thousand messages: DESKBELL_SEED={seed}");
    let bell = Bell::new();
    let sides = [
        Side::open(&server, "saved@testbed.example", true, SEED),
        Side::open(&server, "kept@testbed.example", false, seed),
    ];
    studio::add(&bell, &server, &sides);
    let written = studio::write(&bell, seed).await;
    let rejected = send(&bell, &server, &sides, seed).await;

    for side in &sides {
        order(side, &rejected);
    }
    everyone(&bell, &server, &sides, &written).await;

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

/// All of them left, each conversation in its order. A message that was rejected waits for a person, and those behind
/// it do not.
fn order(side: &Side, rejected: &BTreeSet<(usize, usize)>) {
    let mut gone = BTreeSet::new();
    let mut order: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for mail in side.smtp.taken() {
        let mark = marks(&String::from_utf8_lossy(&mail.source));
        // Once more for the rest of its recipients.
        if gone.insert(mark) && !rejected.contains(&mark) {
            order.entry(mark.0).or_default().push(mark.1);
        }
    }
    assert_eq!(gone.len(), MESSAGES, "{}: nothing is lost", side.user);
    for (conversation, numbers) in order {
        assert!(numbers.is_sorted(), "conversation {conversation} left in its order: {numbers:?}");
    }
}

/// Everyone has every message once, but for those of whom a person was told why not.
async fn everyone(bell: &Bell, server: &Dovecot, sides: &[Side], written: &[Written]) {
    let mut taken: BTreeMap<((usize, usize), String), Vec<String>> = BTreeMap::new();
    for mail in sides.iter().flat_map(|side| side.smtp.taken()) {
        let mark = marks(&String::from_utf8_lossy(&mail.source));
        for recipient in &mail.to {
            let ids = taken.entry((mark, recipient.clone())).or_default();
            ids.push(mail.message_id().unwrap());
        }
    }
    let (mut refused, mut lost) = (0, 0);
    for (mail, [no, nobody_knows]) in written.iter().zip(studio::told(bell, written).await) {
        for recipient in &mail.to {
            let mark = mail.mark;
            let times = taken.get(&(mark, (*recipient).to_owned())).map_or(0, Vec::len);
            if let Some(why) = no.get(*recipient) {
                assert_eq!(times, 0, "{mark:?} did not reach {recipient}: {why}");
                assert!(why.contains(NEVER_SAID), "{mark:?}, {recipient}: {why}");
                refused += 1;
            } else if nobody_knows.contains_key(*recipient) {
                assert!(times <= 1, "{mark:?} reached {recipient} {times} times");
                lost += 1;
            } else {
                assert_eq!(times, 1, "{mark:?} reached {recipient} once");
            }
        }
    }
    let rests = sides.iter().map(|side| side.smtp.taken().len()).sum::<usize>() - 2 * MESSAGES;
    eprintln!("{refused} refused, {lost} of whom nobody knows, {rests} messages to the rest");
    assert!(refused > 0 && rests > 0, "some were refused, some got it later");

    for person in [BOB, RUTH] {
        let wanted: BTreeSet<&String> =
            taken.iter().filter(|((_, to), _)| to == person).flat_map(|(_, ids)| ids).collect();
        let arrived = server::copies(&mut studio::phone(server, person), "INBOX");
        let distinct: BTreeSet<&String> = arrived.iter().map(|copy| &copy.id).collect();
        assert_eq!(distinct, wanted, "all of them are in the inbox of {person}");
        assert_eq!(arrived.len(), distinct.len(), "and none of them twice");
    }
    let distinct: BTreeSet<&String> = taken.values().flatten().collect();
    assert_eq!(distinct.len(), 2 * MESSAGES, "a thousand different messages arrived");
}

/// Lets the program send, kills it wherever it happens to be, lets a person decide what nobody else can, and starts
/// it again, until nothing is left. Answers what was rejected meanwhile.
async fn send(
    bell: &Bell,
    server: &Dovecot,
    sides: &[Side],
    seed: u64,
) -> BTreeSet<(usize, usize)> {
    let mut dice = Dice::new(seed);
    let mut rejected = BTreeSet::new();
    let ends = Instant::now() + DEADLINE;
    for kill in 0.. {
        let mut sending = bell.start(&["sync", "--watch"]);
        let longest = if kill < KILLS { 2_600 } else { 6_000 };
        std::thread::sleep(Duration::from_millis(400 + dice.below(longest) as u64));
        sending.kill().unwrap();
        sending.wait().unwrap();
        // What the servers were given they have by now, or never will.
        wait_until("servers at rest", 240, || {
            sides.iter().all(|side| side.smtp.is_idle()).then_some(())
        });
        // A copy that is still on its way into the mailbox would be made once more.
        server.rest().unwrap();
        let left = studio::decide(bell, sides, &mut rejected).await;
        if left == 0 && kill >= KILLS {
            break;
        }
        assert!(Instant::now() < ends, "{left} messages never leave");
    }
    assert!(!rejected.is_empty(), "some were rejected");
    rejected
}
