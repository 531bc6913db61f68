//! What a provider takes only later: the message itself, or the message for some of its recipients.

use deskbell_domain::outgoing::OutgoingState::{Accepted, Queued, Rejected, Unknown};
use deskbell_domain::time::{Clock as _, DAY, HOUR, MINUTE, SECOND};
use deskbell_store::Connection;
use deskbell_store::queries::outgoing;
use deskbell_store::table::account;

use crate::desk::add_account;
use crate::post::{Post, Treatment};
use crate::sender::{Sender, StillClock};

const THREE: [&str; 3] = ["a@y.example", "b@y.example", "c@y.example"];

async fn sender() -> (Sender, tempfile::TempDir, StillClock) {
    let directory = tempfile::tempdir().expect("a directory");
    let clock = Sender::clock();
    let sender = Sender::open(directory.path(), &Post::default(), &clock).await;
    (sender, directory, clock)
}

fn names(list: &[deskbell_domain::outgoing::RefusedRecipient]) -> Vec<&str> {
    list.iter().map(|one| one.address.as_str()).collect()
}

#[tokio::test]
async fn recipients_put_off_get_the_same_message_later_and_nobody_gets_it_twice() {
    let (desk, _directory, _clock) = sender().await;
    desk.post.treat(&[Treatment::AcceptFirst, Treatment::AcceptFirst]);
    let id = desk.queue_to("m", &THREE).await;
    let engine = desk.idle();
    desk.send(&engine).await;
    let row = desk.row(id).await;
    assert_eq!(row.state, Accepted, "it has left, and cannot be written on any more");
    assert_eq!(names(&row.rest), THREE[1..], "the person sees who is still to get it");
    assert!(row.refused.is_empty(), "nobody was refused");
    let outbox = async || {
        let page = |c: &Connection| outgoing::page(c, None, &[], None, 10);
        desk.store
            .read(page)
            .await
            .expect("reads")
            .into_iter()
            .map(|row| row.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(outbox().await, [id], "while some of them wait, the outbox lists it");
    desk.clock.advance(10 * SECOND);
    desk.send(&engine).await;
    assert_eq!(desk.post.envelopes().len(), 1, "a server that wants it later is not pressed");
    for _ in 0..2 {
        desk.clock.advance(5 * MINUTE);
        desk.send(&engine).await;
    }
    let row = desk.row(id).await;
    assert_eq!((row.rest.len(), row.refused.len()), (0, 0), "everyone has it");
    assert!(outbox().await.is_empty(), "and the outbox no longer lists it");
    assert_eq!(desk.post.envelopes(), [&THREE[..], &THREE[1..], &THREE[2..]]);
    assert_eq!(desk.post.delivered(), ["m@shop.example"; 3], "under one Message-ID");
    let first = desk.post.delivered_source("m@shop.example");
    assert!(desk.post.sources().iter().all(|source| Some(source) == first.as_ref()), "unchanged");
    desk.clock.advance(DAY);
    desk.send(&engine).await;
    assert_eq!(desk.post.envelopes().len(), 3, "and that is the end of it");
}

#[tokio::test]
async fn those_put_off_are_not_forgotten_where_the_answer_is_lost() {
    let (desk, _directory, _clock) = sender().await;
    desk.post.treat(&[Treatment::FirstThenLost]);
    let id = desk.queue_to("m", &THREE).await;
    let engine = desk.idle();
    desk.send(&engine).await;
    assert_eq!(desk.state(id).await, Unknown, "nobody knows yet whether it left");
    for _ in 0..20 {
        desk.clock.advance(MINUTE);
        desk.send(&engine).await;
    }
    let row = desk.row(id).await;
    assert_eq!((row.state, row.rest.len()), (Accepted, 0), "it was found, and the rest has it too");
    assert_eq!(desk.post.envelopes(), [&THREE[..], &THREE[1..]], "nobody twice");
}

#[tokio::test]
async fn those_put_off_are_not_forgotten_where_the_program_ends() {
    let (desk, directory, clock) = sender().await;
    desk.post.treat(&[Treatment::FirstThenLost]);
    let id = desk.queue_to("m", &THREE).await;
    let post = desk.post.clone();
    let engine = desk.idle();
    desk.send(&engine).await;
    drop((engine, desk));
    let desk = Sender::open(directory.path(), &post, &clock).await;
    desk.write(move |w| deskbell_store::sync::transit::confirm(w, id)).await.expect("by hand");
    assert_eq!(names(&desk.row(id).await.rest), THREE[1..], "who is still to get it is known");
    let engine = desk.idle();
    desk.clock.advance(5 * MINUTE);
    desk.send(&engine).await;
    assert_eq!(post.envelopes(), [&THREE[..], &THREE[1..]]);
}

#[tokio::test]
async fn a_broken_connection_says_nothing_of_the_rest_who_are_tried_again_soon() {
    let (desk, _directory, _clock) = sender().await;
    desk.post.treat(&[Treatment::AcceptFirst, Treatment::RetryLate]);
    let id = desk.queue_to("m", &THREE).await;
    let engine = desk.idle();
    for wait in [0, 5 * MINUTE, 10 * SECOND] {
        desk.clock.advance(wait);
        desk.send(&engine).await;
    }
    let row = desk.row(id).await;
    assert_eq!((row.rest.len(), row.refused.len(), row.lost.len()), (0, 0, 0), "they have it");
    assert_eq!(desk.post.delivered(), ["m@shop.example"; 2]);
}

#[tokio::test]
async fn a_lost_answer_for_the_rest_is_told_and_not_tried_again() {
    let (desk, _directory, _clock) = sender().await;
    desk.post.treat(&[Treatment::AcceptFirst, Treatment::LostAfter]);
    let id = desk.queue_to("m", &THREE).await;
    let engine = desk.idle();
    for _ in 0..20 {
        desk.send(&engine).await;
        desk.clock.advance(HOUR);
    }
    let row = desk.row(id).await;
    assert_eq!((row.state, row.rest.len()), (Accepted, 0));
    assert_eq!(names(&row.lost), THREE[1..], "it is told of each");
    assert!(row.refused.is_empty(), "nobody refused it: {:?}", row.refused);
    assert!(row.lost[0].reason.contains("Nobody knows"), "{:?}", row.lost);
    assert_eq!(desk.post.envelopes().len(), 2, "sending once more could give it to them twice");
}

#[tokio::test]
async fn a_program_that_ends_while_the_rest_is_sent_does_not_send_to_them_again() {
    let (desk, directory, clock) = sender().await;
    desk.post.treat(&[Treatment::AcceptFirst, Treatment::HangBetween]);
    let id = desk.queue_to("m", &THREE).await;
    let post = desk.post.clone();
    let engine = desk.idle();
    desk.send(&engine).await;
    desk.clock.advance(5 * MINUTE);
    // Dropped half-way, as by a process that is killed: nothing is left but what is on disk.
    tokio::select! {
        () = desk.send(&engine) => panic!("it hangs"),
        () = post.one_hangs() => {}
    }
    drop((engine, desk));
    let desk = Sender::open(directory.path(), &post, &clock).await;
    let engine = desk.idle();
    desk.send(&engine).await;
    let row = desk.row(id).await;
    assert_eq!((row.state, row.rest.len()), (Accepted, 0));
    assert_eq!(names(&row.lost), THREE[1..], "nobody knows of these");
    assert!(row.refused.is_empty(), "and nobody refused it: {:?}", row.refused);
    desk.clock.advance(DAY);
    desk.send(&engine).await;
    assert_eq!(post.envelopes().len(), 2);
}

#[tokio::test]
async fn the_rest_takes_a_place_in_the_minute_as_every_message_does() {
    let (desk, _directory, _clock) = sender().await;
    desk.post.limit(1);
    desk.post.treat(&[Treatment::AcceptFirst]);
    desk.queue_to("m", &THREE).await;
    let engine = desk.idle();
    desk.send(&engine).await;
    desk.clock.advance(5 * MINUTE);
    desk.send(&engine).await;
    assert_eq!(desk.post.envelopes(), [&THREE[..], &THREE[1..]]);
    let next = desk.queue_to("n", &THREE[..1]).await;
    desk.send(&engine).await;
    assert_eq!(desk.state(next).await, Queued, "the rest had the one place of this minute");
    desk.clock.advance(MINUTE);
    desk.send(&engine).await;
    assert_eq!(desk.state(next).await, Accepted);
}

#[tokio::test]
async fn the_rest_waits_while_the_minute_is_full_and_loses_no_try_by_it() {
    let (desk, _directory, _clock) = sender().await;
    desk.post.limit(1);
    desk.post.treat(&[Treatment::AcceptFirst, Treatment::AcceptFirst]);
    let id = desk.queue_to("m", &THREE).await;
    let engine = desk.idle();
    desk.send(&engine).await;
    desk.clock.advance(5 * MINUTE);
    desk.send(&engine).await;
    let row = desk.row(id).await;
    assert_eq!(names(&row.rest), THREE[2..]);
    desk.clock.advance(row.rest_next - desk.clock.now() - SECOND);
    desk.queue_to("n", &THREE[..1]).await;
    desk.send(&engine).await;
    desk.clock.advance(SECOND);
    desk.send(&engine).await;
    assert_eq!(desk.post.envelopes().len(), 3, "the minute is full");
    let waits = desk.row(id).await;
    assert_eq!(names(&waits.rest), THREE[2..]);
    assert_eq!(waits.rest_attempts, row.rest_attempts, "which says nothing of them");
    desk.clock.advance(MINUTE);
    desk.send(&engine).await;
    assert_eq!(
        desk.post.envelopes().last().map(Vec::as_slice),
        Some(&THREE.map(String::from)[2..])
    );
}

#[tokio::test]
async fn greylisting_opens_no_breaker_and_calls_no_fallback() {
    let (desk, _directory, _clock) = sender().await;
    let second = add_account(&desk.store, "second@shop.example").await;
    let own = desk.account;
    desk.write(move |w| account::set_sending(w, own, Some(second), 0)).await.expect("chosen");
    desk.write(move |w| account::set_fallback_after(w, own, 0)).await.expect("at once");
    desk.post.treat(&[Treatment::Later; 4]);
    let id = desk.queue("m", "t").await;
    let engine = desk.idle();
    for _ in 0..4 {
        desk.send(&engine).await;
        let row = desk.row(id).await;
        assert_eq!((row.state, row.error.as_deref()), (Queued, Some("greylisted")));
        desk.clock.advance(10 * MINUTE);
    }
    let other = desk.queue("n", "u").await;
    desk.send(&engine).await;
    assert_eq!((desk.state(id).await, desk.state(other).await), (Accepted, Accepted));
    assert_eq!(desk.row(id).await.via, None, "the account itself sends: it was never down");
    assert!(desk.other.envelopes().is_empty(), "nobody else was asked");
}

#[tokio::test]
async fn what_nobody_takes_for_five_days_is_given_back_to_the_person() {
    for treatment in [Treatment::Later, Treatment::RetryEarly] {
        let (desk, _directory, _clock) = sender().await;
        desk.post.always(Some(treatment));
        let id = desk.queue("m", "t").await;
        let engine = desk.idle();
        for _ in 0..4 * 24 {
            desk.send(&engine).await;
            desk.clock.advance(HOUR);
        }
        assert_eq!(desk.state(id).await, Queued, "{treatment:?}: four days are none too many");
        for _ in 0..2 * 24 {
            desk.send(&engine).await;
            desk.clock.advance(HOUR);
        }
        let row = desk.row(id).await;
        assert_eq!(row.state, Rejected, "{treatment:?}");
        assert_eq!(row.error_code.as_deref(), Some("expired"));
        let words = row.error.unwrap_or_default();
        assert!(words.contains("five days") && words.contains("Last it was said"), "{words}");
        let tries = desk.post.envelopes().len();
        desk.clock.advance(DAY);
        desk.send(&engine).await;
        assert_eq!(desk.post.envelopes().len(), tries, "{treatment:?}: it is over");
        desk.post.calm_down();
        desk.write(move |w| deskbell_store::sync::transit::retry(w, id)).await.expect("kept");
        desk.send(&engine).await;
        assert_eq!(desk.state(id).await, Accepted, "the message was kept, and can be sent again");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_gives_nobody_up() {
    for treatment in [Treatment::Later, Treatment::RetryEarly] {
        let (desk, _directory, _clock) = sender().await;
        desk.post.always(Some(treatment));
        let id = desk.queue("m", "t").await;
        let engine = desk.idle();
        for _ in 0..12 {
            desk.send(&engine).await;
            desk.clock.advance(HOUR);
        }
        assert!(
            desk.row(id).await.attempts >= 8,
            "{treatment:?}: often enough, not for long enough"
        );
        desk.clock.advance(6 * DAY);
        desk.send(&engine).await;
        assert_eq!(desk.state(id).await, Queued, "{treatment:?}: nobody tried for these six days");
        desk.post.calm_down();
        desk.clock.advance(HOUR);
        desk.send(&engine).await;
        assert_eq!(desk.state(id).await, Accepted, "{treatment:?}");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_gives_none_of_the_rest_up() {
    let (desk, _directory, _clock) = sender().await;
    desk.post.treat(&[Treatment::AcceptFirst]);
    desk.post.always(Some(Treatment::Later));
    let id = desk.queue_to("m", &THREE).await;
    let engine = desk.idle();
    for _ in 0..12 {
        desk.send(&engine).await;
        desk.clock.advance(HOUR);
    }
    assert!(desk.row(id).await.rest_attempts >= 8, "often enough, not for long enough");
    desk.clock.advance(6 * DAY);
    desk.send(&engine).await;
    let row = desk.row(id).await;
    assert_eq!((names(&row.rest), row.refused.len()), (THREE[1..].to_vec(), 0));
    for _ in 0..6 * 24 {
        desk.clock.advance(HOUR);
        desk.send(&engine).await;
    }
    let row = desk.row(id).await;
    assert_eq!(
        (row.rest.len(), names(&row.refused)),
        (0, THREE[1..].to_vec()),
        "five days of tries"
    );
}
