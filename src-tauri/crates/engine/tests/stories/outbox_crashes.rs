//! Whatever the provider does and wherever the process is killed: no recipient is forgotten, none gets a message
//! twice, the order of a conversation is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use deskbell_domain::OutgoingId;
use deskbell_domain::outgoing::{OutgoingState, RefusedRecipient};
use deskbell_domain::time::{MINUTE, SECOND};
use deskbell_store::Connection;
use deskbell_store::sync::{self, transit};
use deskbell_store::table::outgoing::Outgoing;
use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use crate::mortal::{Mortal, live};
use crate::post::{Answer, Post, Treatment};
use crate::sender::Sender;

const PEOPLE: [&str; 4] = ["a@y.example", "b@y.example", "c@y.example", "d@y.example"];

fn treatment() -> impl Strategy<Value = Treatment> {
    prop_oneof![
        4 => Just(Treatment::Accept),
        1 => Just(Treatment::AcceptSome),
        2 => Just(Treatment::AcceptFirst),
        1 => Just(Treatment::FirstThenLost),
        1 => Just(Treatment::FirstThenHang),
        1 => Just(Treatment::RefuseLast),
        1 => Just(Treatment::RefuseLastThenLost),
        2 => Just(Treatment::Mixed),
        1 => Just(Treatment::Later),
        1 => Just(Treatment::Refuse),
        1 => Just(Treatment::RefuseLate),
        2 => Just(Treatment::RetryEarly),
        2 => Just(Treatment::RetryLate),
        1 => Just(Treatment::Pause(40)),
        1 => Just(Treatment::SignIn),
        2 => Just(Treatment::LostBefore),
        2 => Just(Treatment::LostAfter),
        1 => Just(Treatment::HangBefore),
        2 => Just(Treatment::HangBetween),
        2 => Just(Treatment::HangAfter),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => Just(Answer::Truth),
        1 => Just(Answer::CannotTell),
        1 => Just(Answer::Offline),
        1 => Just(Answer::Lost),
    ]
}

/// What a bad day is made of.
#[derive(Clone, Debug)]
struct Day {
    /// The conversation of each message, and to how many it goes.
    messages: Vec<(u8, usize)>,
    treatments: Vec<Treatment>,
    finds: Vec<Answer>,
    copying: Vec<Answer>,
    /// After how many steps each life ends.
    lives: Vec<u32>,
    copies: Option<(Option<bool>, bool)>,
}

fn day() -> impl Strategy<Value = Day> {
    // What a provider says of keeping copies may be nothing, but it is never a lie.
    let copies = prop_oneof![
        Just(None),
        Just(Some((None, true))),
        Just(Some((None, false))),
        Just(Some((Some(true), true))),
        Just(Some((Some(false), false))),
    ];
    (
        prop::collection::vec((0_u8..3, 1_usize..5), 1..7),
        prop::collection::vec(treatment(), 0..16),
        prop::collection::vec(answer(), 0..8),
        prop::collection::vec(answer(), 0..5),
        prop::collection::vec(1_u32..60, 0..6),
        copies,
    )
        .prop_map(|(messages, treatments, finds, copying, lives, copies)| Day {
            messages,
            treatments,
            finds,
            copying,
            lives,
            copies,
        })
}

fn play(day: &Day) {
    let directory = tempfile::tempdir().expect("a directory");
    let (post, clock) = (Post::default(), Sender::clock());
    if let Some((says, does)) = day.copies {
        post.keep_copies(says, does);
    }
    let mut ids = Vec::new();
    live(directory.path(), &post, &clock, async |desk| {
        for (n, (thread, people)) in day.messages.iter().enumerate() {
            ids.push(
                desk.queue_in(&format!("m{n}"), &format!("t{thread}"), &PEOPLE[..*people]).await,
            );
        }
    });
    post.treat(&day.treatments);
    post.answer(&day.finds, &day.copying);
    for steps in &day.lives {
        live(directory.path(), &post, &clock, async |desk| {
            let engine = desk.idle();
            let token = CancellationToken::new();
            let work = Box::pin(engine.send_once(desk.account, &token, Duration::ZERO));
            // What hangs for ever ends with the process that waits for it.
            let life = Box::pin(async {
                tokio::select! {
                    ended = work => ended.expect("the store works"),
                    () = post.one_hangs() => {}
                }
            });
            Mortal { life, steps: *steps }.await;
        });
        once_each(&post);
        clock.advance(7 * SECOND);
    }
    post.calm_down();
    let mut states = BTreeMap::new();
    live(directory.path(), &post, &clock, async |desk| {
        let engine = desk.idle();
        for _ in 0..60 {
            desk.send(&engine).await;
            clock.advance(20 * MINUTE);
            decide(desk, &post, &ids).await;
        }
        for id in &ids {
            states.insert(*id, desk.row(*id).await);
            let row = &states[id];
            if let Some(delivered) = post.delivered_source(&row.token) {
                let (packer, message) = (desk.store.packer(), row.message);
                let read = move |c: &Connection| sync::source(c, &packer, message);
                let kept = desk.store.read(read).await.expect("a source");
                assert_eq!(kept, Some(delivered), "kept is what left, byte for byte");
            }
        }
    });
    once_each(&post);
    for row in states.values() {
        let there = post.delivered().contains(&row.token);
        assert!(row.state.is_gone() || row.state == OutgoingState::Rejected, "{row:?}");
        assert_eq!(row.state.is_gone(), there, "it says what happened: {row:?}");
        everyone_has_an_answer(&post, row);
        if day.copies.is_some() && there {
            assert_eq!(post.sent().iter().filter(|token| **token == row.token).count(), 1);
        }
    }
    for thread in 0..3 {
        let mut order: Vec<usize> = post
            .delivered()
            .iter()
            .filter_map(|token| token.strip_prefix('m')?.split_once('@')?.0.parse().ok())
            .filter(|n: &usize| day.messages[*n].0 == thread)
            .collect();
        // Whom it is for later gets it when the server takes it; its turn was when it left first.
        let mut begun = BTreeSet::new();
        order.retain(|n| begun.insert(*n));
        assert!(order.is_sorted(), "a conversation is sent in order: {order:?}");
    }
}

/// A person who knows what arrived decides what nobody else can.
async fn decide(desk: &Sender, post: &Post, ids: &[OutgoingId]) {
    for id in ids.iter().copied() {
        let row = desk.row(id).await;
        if row.state == OutgoingState::Unknown && row.next_try == transit::NEVER {
            let there = post.delivered().contains(&row.token);
            let settled =
                desk.write(
                    move |w| if there { transit::confirm(w, id) } else { transit::retry(w, id) },
                );
            settled.await.expect("a decision");
        }
    }
}

fn once_each(post: &Post) {
    let mut reached = post.reached();
    let all = reached.len();
    reached.sort_unstable();
    reached.dedup();
    assert_eq!(reached.len(), all, "nobody gets a message twice");
}

/// Of each recipient of what left it is known: has it, was refused, or nobody can tell.
fn everyone_has_an_answer(post: &Post, row: &Outgoing) {
    if !row.state.is_gone() {
        return;
    }
    assert!(row.rest.is_empty(), "nobody waits any more: {row:?}");
    let reached = post.reached();
    for person in row.composition.recipients() {
        let has = |list: &[RefusedRecipient]| list.iter().any(|one| one.address == person.address);
        let got = reached.contains(&(row.token.clone(), person.address.clone()));
        assert!(
            got || has(&row.refused) || has(&row.lost),
            "{} is forgotten: {row:?}",
            person.address
        );
        assert!(!(got && has(&row.refused)), "{} was not refused: {row:?}", person.address);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_is_sent_twice(day in day()) {
        play(&day);
    }
}
