//! What an account may send in a minute, counted across the ends and beginnings of processes.

use deskbell_domain::outgoing::OutgoingState::{Accepted, Queued};
use deskbell_domain::time::{DAY, MINUTE, SECOND};

use crate::post::{Post, Treatment};
use crate::sender::{Sender, StillClock};

/// A process begins, sends what is due, and ends.
async fn process(directory: &tempfile::TempDir, post: &Post, clock: &StillClock) {
    let desk = Sender::open(directory.path(), post, clock).await;
    desk.send(&desk.idle()).await;
}

async fn ten_wait(post: &Post, clock: &StillClock) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let desk = Sender::open(directory.path(), post, clock).await;
    for n in 0..10 {
        desk.queue(&format!("m{n}"), &format!("t{n}")).await;
    }
    directory
}

#[tokio::test]
async fn a_process_that_begins_within_the_minute_counts_what_left_before_it() {
    let (post, clock) = (Post::default(), Sender::clock());
    post.limit(4);
    let directory = ten_wait(&post, &clock).await;
    let mut sent = Vec::new();
    for _ in 0..12 {
        process(&directory, &post, &clock).await;
        sent.push(post.delivered().len());
        clock.advance(10 * SECOND);
    }
    assert_eq!(sent, [4, 4, 4, 4, 4, 4, 8, 8, 8, 8, 8, 8], "four a minute, by whichever process");
    process(&directory, &post, &clock).await;
    assert_eq!(post.delivered().len(), 10);
}

#[tokio::test]
async fn a_clock_set_back_between_two_processes_holds_nothing_up() {
    let (post, clock) = (Post::default(), Sender::clock());
    post.limit(4);
    let directory = ten_wait(&post, &clock).await;
    process(&directory, &post, &clock).await;
    clock.advance(-2 * DAY);
    process(&directory, &post, &clock).await;
    clock.advance(MINUTE);
    process(&directory, &post, &clock).await;
    assert_eq!(
        post.delivered().len(),
        10,
        "what is said to have left in the future does not count"
    );
}

#[tokio::test]
async fn the_rest_that_a_process_before_sent_has_its_place_in_the_minute() {
    let (post, clock) = (Post::default(), Sender::clock());
    let directory = tempfile::tempdir().expect("a directory");
    post.limit(1);
    post.treat(&[Treatment::AcceptFirst]);
    let desk = Sender::open(directory.path(), &post, &clock).await;
    desk.queue_to("m", &["a@y.example", "b@y.example"]).await;
    drop(desk);
    process(&directory, &post, &clock).await;
    clock.advance(5 * MINUTE);
    process(&directory, &post, &clock).await;
    assert_eq!(post.envelopes().len(), 2, "the rest has it");
    let desk = Sender::open(directory.path(), &post, &clock).await;
    let next = desk.queue("n", "u").await;
    let engine = desk.idle();
    desk.send(&engine).await;
    assert_eq!(desk.state(next).await, Queued, "the rest had the one place of this minute");
    clock.advance(MINUTE);
    desk.send(&engine).await;
    assert_eq!(desk.state(next).await, Accepted);
}
