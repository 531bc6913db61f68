//! A server that makes its own copy of a sent message only after it was given ours.

use std::time::Duration;

use deskbell_domain::outgoing::OutgoingState::Sent;
use deskbell_domain::time::{DAY, HOUR, MINUTE, SECOND};
use tokio_util::sync::CancellationToken;

use crate::mortal::{Mortal, live};
use crate::post::{Answer, Post};
use crate::sender::{Sender, StillClock};

const FIRST: &str = "first@shop.example";

async fn sender() -> (Sender, tempfile::TempDir, StillClock) {
    let directory = tempfile::tempdir().expect("a directory");
    let clock = Sender::clock();
    let desk = Sender::open(directory.path(), &Post::default(), &clock).await;
    desk.post.save_late();
    (desk, directory, clock)
}

/// Sends a message to a server that is given our copy before it makes its own.
async fn doubled(desk: &Sender) -> deskbell_domain::OutgoingId {
    let engine = desk.idle();
    let id = desk.queue("first", "a").await;
    desk.send(&engine).await;
    desk.clock.advance(5 * SECOND);
    desk.send(&engine).await;
    assert_eq!(desk.state(id).await, Sent);
    assert_eq!(
        desk.account().await.saves_sent,
        Some(false),
        "it was taken for one that makes none"
    );
    desk.post.saves_now();
    assert_eq!(desk.post.sent(), [FIRST; 2], "and makes it after all");
    id
}

#[tokio::test]
async fn a_server_that_makes_its_copy_late_is_left_with_its_own_and_given_no_more() {
    for hides_names in [false, true] {
        let (desk, _directory, _clock) = sender().await;
        if hides_names {
            desk.post.hide_names();
        }
        let id = doubled(&desk).await;
        let engine = desk.idle();
        desk.clock.advance(MINUTE);
        desk.send(&engine).await;
        assert_eq!(desk.post.sent_names(), [2], "its own stays, ours goes");
        assert_eq!(desk.account().await.saves_sent, Some(true));
        let row = desk.row(id).await;
        assert_eq!((row.state, row.own_copy, row.copy_look), (Sent, None, 0));
        desk.post.take_calls();
        desk.queue("second", "b").await;
        desk.send(&engine).await;
        desk.clock.advance(DAY);
        desk.send(&engine).await;
        assert_eq!(desk.post.take_calls(), ["send second@shop.example"], "it makes its own");
    }
}

#[tokio::test]
async fn what_was_put_there_before_it_was_found_out_is_looked_at_too() {
    let (desk, _directory, _clock) = sender().await;
    doubled(&desk).await;
    let engine = desk.idle();
    for n in 0..5 {
        desk.queue(&format!("m{n}"), &format!("t{n}")).await;
    }
    desk.send(&engine).await;
    desk.post.saves_now();
    assert_eq!(desk.post.sent().len(), 12, "each twice");
    desk.clock.advance(MINUTE);
    desk.send(&engine).await;
    let mut sent = desk.post.sent();
    sent.sort();
    sent.dedup();
    assert_eq!((sent.len(), desk.post.sent().len()), (6, 6), "each once");
}

#[tokio::test]
async fn a_server_that_makes_none_is_asked_twice_and_keeps_ours() {
    let (desk, _directory, _clock) = sender().await;
    let engine = desk.idle();
    let id = desk.queue("first", "a").await;
    for _ in 0..10 {
        desk.send(&engine).await;
        desk.clock.advance(10 * MINUTE);
    }
    assert_eq!(desk.row(id).await.copy_look, 0, "that is the end of it");
    assert_eq!(desk.post.sent(), [FIRST]);
    assert_eq!(desk.account().await.saves_sent, Some(false));
    desk.post.take_calls();
    for n in 0..20 {
        desk.queue(&format!("m{n}"), &format!("t{n}")).await;
    }
    desk.send(&engine).await;
    desk.post.take_calls();
    desk.clock.advance(HOUR);
    desk.send(&engine).await;
    assert_eq!(desk.post.take_calls().len(), 1, "of many messages one is looked at");
}

#[tokio::test]
async fn the_only_copy_is_never_erased() {
    let (desk, _directory, _clock) = sender().await;
    doubled(&desk).await;
    let engine = desk.idle();
    desk.post.erase_copies(FIRST);
    desk.post.take_calls();
    desk.clock.advance(MINUTE);
    desk.send(&engine).await;
    assert_eq!(desk.post.take_calls(), [format!("look {FIRST}")], "nothing is erased");
    assert_eq!(desk.account().await.saves_sent, Some(false), "and nothing is learnt");
}

#[tokio::test]
async fn a_copy_whose_making_nobody_confirmed_is_not_taken_for_ours() {
    let (desk, _directory, _clock) = sender().await;
    desk.post.answer(&[], &[Answer::Lost]);
    let engine = desk.idle();
    let id = desk.queue("first", "a").await;
    for _ in 0..3 {
        desk.send(&engine).await;
        desk.clock.advance(10 * SECOND);
    }
    assert_eq!(desk.state(id).await, Sent);
    desk.post.saves_now();
    desk.clock.advance(HOUR);
    desk.send(&engine).await;
    assert_eq!(desk.post.sent(), [FIRST; 2], "nobody knows which of them is ours");
}

#[tokio::test]
async fn an_erasing_that_fails_is_taken_up_again() {
    for answer in [Answer::Offline, Answer::Lost] {
        let (desk, _directory, _clock) = sender().await;
        doubled(&desk).await;
        desk.post.answer_forgetting(&[answer]);
        let engine = desk.idle();
        desk.clock.advance(MINUTE);
        desk.send(&engine).await;
        assert_eq!(
            desk.account().await.saves_sent,
            Some(true),
            "what was seen is written down first"
        );
        desk.clock.advance(5 * MINUTE);
        desk.send(&engine).await;
        assert_eq!(desk.post.sent_names(), [2], "after {answer:?}");
    }
}

/// Killed after any step of the look.
#[test]
fn wherever_the_program_ends_one_copy_is_left_and_the_server_is_known() {
    for steps in 1..30 {
        let directory = tempfile::tempdir().expect("a directory");
        let (post, clock) = (Post::default(), Sender::clock());
        post.save_late();
        live(directory.path(), &post, &clock, async |desk| {
            doubled(desk).await;
        });
        clock.advance(MINUTE);
        live(directory.path(), &post, &clock, async |desk| {
            let (engine, token) = (desk.idle(), CancellationToken::new());
            let life = Box::pin(engine.send_once(desk.account, &token, Duration::ZERO));
            Mortal { life, steps }.await;
        });
        assert!(post.sent_names().contains(&2), "the server's own stays: {steps}");
        live(directory.path(), &post, &clock, async |desk| {
            desk.send(&desk.idle()).await;
            assert_eq!(post.sent_names(), [2], "killed after {steps} steps");
            assert_eq!(desk.account().await.saves_sent, Some(true));
        });
    }
}
