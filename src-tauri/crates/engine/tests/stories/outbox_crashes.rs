//! Whatever the provider does and wherever the process is killed: nothing is lost, nothing is sent twice, the
//! order of a conversation is kept.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use deskbell_domain::OutgoingId;
use deskbell_domain::outgoing::OutgoingState;
use deskbell_domain::time::SECOND;
use deskbell_store::Connection;
use deskbell_store::sync::{self, transit};
use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use crate::post::{Answer, Post, Treatment};
use crate::sender::{Sender, StillClock};

/// A future that dies after so many steps, as a process does that is killed.
struct Mortal<F> {
    life: F,
    steps: u32,
}

impl<F: Future + Unpin> Future for Mortal<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.steps == 0 {
            return Poll::Ready(None);
        }
        self.steps -= 1;
        Pin::new(&mut self.life).poll(context).map(Some)
    }
}

/// One life of the program.
fn live(directory: &Path, post: &Post, clock: &StillClock, story: impl AsyncFnOnce(&Sender)) {
    // A runtime of its own: dropped, nothing of this life goes on.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sender = Sender::open(directory, post, clock).await;
        story(&sender).await;
    });
}

fn treatment() -> impl Strategy<Value = Treatment> {
    prop_oneof![
        4 => Just(Treatment::Accept),
        1 => Just(Treatment::AcceptSome),
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
    /// The conversation of each message.
    messages: Vec<u8>,
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
        prop::collection::vec(0_u8..3, 1..7),
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
        for (n, thread) in day.messages.iter().enumerate() {
            ids.push(desk.queue(&format!("m{n}"), &format!("t{thread}")).await);
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
            clock.advance(20 * SECOND);
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
        if day.copies.is_some() && there {
            assert_eq!(post.sent().iter().filter(|token| **token == row.token).count(), 1);
        }
    }
    for thread in 0..3 {
        let order: Vec<usize> = post
            .delivered()
            .iter()
            .filter_map(|token| token.strip_prefix('m')?.split_once('@')?.0.parse().ok())
            .filter(|n: &usize| day.messages[*n] == thread)
            .collect();
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
    let mut delivered = post.delivered();
    let all = delivered.len();
    delivered.sort_unstable();
    delivered.dedup();
    assert_eq!(delivered.len(), all, "nothing is sent twice");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_is_sent_twice(day in day()) {
        play(&day);
    }
}
