//! What a person sends, on its way out.

use std::time::Duration;

use deskbell_domain::AccountState;
use deskbell_domain::outgoing::OutgoingState::{Accepted, Draft, Queued, Rejected, Sent, Unknown};
use deskbell_domain::time::{Clock, HOUR, MINUTE, SECOND};
use deskbell_store::sync::outgoing as written;
use deskbell_store::sync::transit;
use deskbell_store::table::account;

use crate::desk::{add_account, until};
use crate::post::{Answer, Post, Treatment};
use crate::sender::Sender;

async fn sender() -> (Sender, tempfile::TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    let sender = Sender::open(directory.path(), &Post::default(), &Sender::clock()).await;
    (sender, directory)
}

#[tokio::test]
async fn what_is_queued_leaves_when_its_undo_time_is_over_and_not_before() {
    let (desk, _directory) = sender().await;
    let engine = desk.started();
    let (id, later) = (desk.draft("undo", "a").await, desk.clock.now() + 10 * SECOND);
    desk.write(move |w| written::queue(w, id, later, false)).await.expect("is queued");
    let now = desk.queue("now", "b").await;
    until("what has no delay leaves at once", || async { desk.state(now).await == Accepted }).await;
    assert_eq!(desk.state(id).await, Queued, "the other can still be taken back");
    desk.clock.advance(10 * SECOND);
    engine.send_now(desk.account).await;
    until("then it leaves", || async { desk.state(id).await == Accepted }).await;
    engine.stop().await;
}

#[tokio::test]
async fn a_conversation_is_sent_in_order_and_others_beside_it() {
    let (desk, _directory) = sender().await;
    desk.post.treat_one("a0", Treatment::RetryEarly);
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(desk.queue(&format!("a{n}"), "a").await);
    }
    let other = desk.queue("b0", "b").await;
    let engine = desk.idle();
    desk.send(&engine).await;
    assert_eq!(desk.state(other).await, Accepted, "another conversation does not wait");
    assert_eq!(desk.post.delivered(), ["b0@shop.example"]);
    let row = desk.row(ids[0]).await;
    assert_eq!((row.state, row.attempts), (Queued, 1));
    assert_eq!(row.error.as_deref(), Some("try again"), "the person sees why it waits");
    desk.clock.advance(3 * SECOND);
    desk.send(&engine).await;
    let expected = ["b0", "a0", "a1", "a2", "a3"].map(|name| format!("{name}@shop.example"));
    assert_eq!(desk.post.delivered(), expected);
}

/// As it was given over, and not as it was begun.
#[tokio::test]
async fn what_was_given_over_first_goes_first_whenever_it_was_begun() {
    let (desk, _directory) = sender().await;
    let begun = desk.draft("begun", "a").await;
    let sent = desk.queue("sent", "a").await;
    desk.clock.advance(SECOND);
    let now = desk.clock.now();
    desk.write(move |w| written::queue(w, begun, now, false)).await.expect("is queued");
    let engine = desk.idle();
    desk.send(&engine).await;
    assert_eq!(desk.state(sent).await, Accepted);
    let expected = ["sent", "begun"].map(|name| format!("{name}@shop.example"));
    assert_eq!(desk.post.delivered(), expected);
}

#[tokio::test]
async fn at_most_three_messages_are_sent_at_once() {
    let (desk, _directory) = sender().await;
    desk.post.always(Some(Treatment::HangBefore));
    for n in 0..10 {
        desk.queue(&format!("m{n}"), &format!("t{n}")).await;
    }
    let engine = desk.started();
    for _ in 0..3 {
        desk.post.one_hangs().await;
    }
    desk.post.release(10);
    until("all leave", || async { desk.post.delivered().len() == 10 }).await;
    assert_eq!(desk.post.most_at_once(), 3);
    engine.stop().await;
}

#[tokio::test]
async fn taken_back_at_the_last_instant_it_does_not_leave() {
    let (desk, _directory) = sender().await;
    desk.post.treat(&[Treatment::HangBefore, Treatment::HangBetween]);
    let id = desk.queue("m", "t").await;
    let engine = desk.started();
    desk.post.one_hangs().await;
    desk.write(move |w| written::take_back(w, id)).await.expect("it has not left");
    desk.post.release(1);
    until("the first try ends", || async { desk.post.is_idle() }).await;
    let now = desk.clock.now();
    desk.write(move |w| written::queue(w, id, now, false)).await.expect("sent again");
    desk.post.one_hangs().await;
    assert!(desk.post.delivered().is_empty(), "the first try did not leave");
    let late = desk.write(move |w| written::take_back(w, id)).await;
    let words = late.expect_err("it has left").to_string();
    assert!(words.contains("leaving right now"), "{words}");
    desk.post.release(1);
    until("the second did", || async { desk.state(id).await == Accepted }).await;
    assert_eq!(desk.post.delivered().len(), 1);
    engine.stop().await;
}

#[tokio::test]
async fn a_stop_lets_what_is_leaving_arrive() {
    let (desk, _directory) = sender().await;
    desk.post.treat(&[Treatment::HangAfter]);
    let id = desk.queue("m", "t").await;
    let engine = desk.started();
    desk.post.one_hangs().await;
    let (stopping, release) = (engine.stop(), async {
        tokio::task::yield_now().await;
        desk.post.release(1);
    });
    tokio::join!(stopping, release);
    assert_eq!(desk.state(id).await, Accepted, "nobody has to look for it");
}

#[tokio::test]
async fn a_refused_sign_in_holds_everything_until_a_person_acts() {
    let (desk, _directory) = sender().await;
    desk.post.always(Some(Treatment::SignIn));
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(desk.queue(&format!("m{n}"), &format!("t{n}")).await);
    }
    let engine = desk.idle();
    desk.send(&engine).await;
    let tries = desk.post.take_calls().len();
    assert!(tries <= 3, "those under way at once, and none after: {tries}");
    desk.clock.advance(HOUR);
    desk.send(&engine).await;
    assert!(desk.post.take_calls().is_empty(), "a refused sign-in is not repeated");
    let account = desk.account().await;
    assert_eq!(account.state, AccountState::SignInNeeded);
    assert!(account.detail.is_some_and(|words| words.contains("wrong password")));
    let token = tokio_util::sync::CancellationToken::new();
    engine.sync_once(desk.account, &token).await.expect("receiving is another sign-in");
    assert_eq!(desk.account().await.state, AccountState::SignInNeeded, "which proves nothing here");
    desk.post.always(None);
    engine.send_now(desk.account).await;
    desk.send(&engine).await;
    for id in ids {
        assert_eq!(desk.state(id).await, Accepted);
    }
    engine.sync_once(desk.account, &token).await.expect("a sync");
    assert_eq!(desk.account().await.state, AccountState::Ok, "all is well again");
}

#[tokio::test]
async fn an_account_that_only_sends_is_well() {
    let (desk, _directory) = sender().await;
    let id = desk.queue("m", "t").await;
    let engine = desk.idle();
    let token = tokio_util::sync::CancellationToken::new();
    engine.sync_once(desk.account, &token).await.expect("there is nothing to look at");
    assert_eq!(desk.state(id).await, Accepted, "a sync sends what waits");
    let account = desk.account().await;
    assert_eq!((account.state, account.detail), (AccountState::Ok, None));
}

#[tokio::test]
async fn a_clock_set_back_by_a_month_holds_nothing_up() {
    let (desk, _directory) = sender().await;
    desk.post.treat_one("retried", Treatment::RetryEarly);
    let retried = desk.queue("retried", "a").await;
    let engine = desk.idle();
    desk.send(&engine).await;
    let (undo, soon) = (desk.draft("undo", "b").await, desk.clock.now() + 10 * SECOND);
    desk.write(move |w| written::queue(w, undo, soon, false)).await.expect("is queued");
    desk.clock.advance(-30 * 24 * HOUR);
    desk.send(&engine).await;
    assert_eq!((desk.state(retried).await, desk.state(undo).await), (Accepted, Accepted));
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_and_sent_again_only_when_it_is_certainly_not_there() {
    let (desk, _directory) = sender().await;
    desk.post.treat_one("there", Treatment::LostAfter);
    desk.post.treat_one("missing", Treatment::LostBefore);
    let (there, missing) = (desk.queue("there", "a").await, desk.queue("missing", "b").await);
    let next = desk.queue("next", "b").await;
    let engine = desk.idle();
    desk.send(&engine).await;
    assert_eq!((desk.state(there).await, desk.state(missing).await), (Unknown, Unknown));
    let mut looked = Vec::new();
    for _ in 0..20 {
        desk.clock.advance(4 * SECOND);
        desk.send(&engine).await;
        looked.push(desk.state(missing).await);
    }
    assert_eq!(desk.state(there).await, Accepted, "found, it was sent");
    assert!(
        looked.iter().take(10).all(|state| *state == Unknown),
        "for most of a minute: {looked:?}"
    );
    assert_eq!((desk.state(missing).await, desk.state(next).await), (Accepted, Accepted));
    let delivered = desk.post.delivered();
    assert_eq!(delivered, ["there", "missing", "next"].map(|name| format!("{name}@shop.example")));
}

#[tokio::test]
async fn where_nobody_can_tell_a_person_decides() {
    let (desk, _directory) = sender().await;
    desk.post.treat_one("first", Treatment::LostAfter);
    desk.post.treat_one("second", Treatment::LostBefore);
    desk.post.answer(&[Answer::CannotTell; 10], &[]);
    let (first, second) = (desk.queue("first", "a").await, desk.queue("second", "b").await);
    let engine = desk.idle();
    for _ in 0..40 {
        desk.clock.advance(5 * SECOND);
        desk.send(&engine).await;
    }
    assert_eq!((desk.state(first).await, desk.state(second).await), (Unknown, Unknown));
    desk.post.take_calls();
    desk.clock.advance(24 * HOUR);
    desk.send(&engine).await;
    assert!(desk.post.take_calls().is_empty(), "nothing happens by itself any more");
    desk.write(move |w| transit::confirm(w, first)).await.expect("the person knows");
    desk.write(move |w| transit::retry(w, second)).await.expect("the person knows");
    desk.send(&engine).await;
    assert_eq!((desk.state(first).await, desk.state(second).await), (Accepted, Accepted));
    assert_eq!(desk.post.delivered().len(), 2, "each once");
}

#[tokio::test]
async fn the_fallback_sends_while_the_account_itself_cannot_and_the_author_stays() {
    let (desk, _directory) = sender().await;
    let second = add_account(&desk.store, "second@shop.example").await;
    let own = desk.account;
    desk.write(move |w| account::set_sending(w, own, Some(second), 0)).await.expect("chosen");
    desk.post.always(Some(Treatment::RetryEarly));
    let id = desk.queue("m", "t").await;
    let engine = desk.idle();
    for _ in 0..6 {
        desk.send(&engine).await;
        desk.clock.advance(10 * SECOND);
    }
    let row = desk.row(id).await;
    assert_eq!((row.state, row.via), (Accepted, Some(second)), "the breaker of the first is open");
    assert_eq!(desk.other.authors(), ["desk@shop.example"]);
    desk.post.always(None);
    desk.clock.advance(MINUTE);
    let next = desk.queue("n", "t").await;
    desk.send(&engine).await;
    assert_eq!(desk.row(next).await.via, None, "the first is tried again, and works");
    assert_eq!(desk.post.delivered(), ["n@shop.example"]);
}

#[tokio::test]
async fn what_another_account_was_sending_is_looked_for_there() {
    let (desk, _directory) = sender().await;
    let second = add_account(&desk.store, "second@shop.example").await;
    let own = desk.account;
    desk.write(move |w| {
        account::set_sends(w, own, false)?;
        account::set_sending(w, own, Some(second), 0)
    })
    .await
    .expect("chosen");
    desk.other.treat(&[Treatment::LostAfter]);
    let id = desk.queue("m", "t").await;
    let engine = desk.idle();
    desk.send(&engine).await;
    desk.clock.advance(5 * SECOND);
    desk.send(&engine).await;
    let row = desk.row(id).await;
    assert_eq!((row.state, row.via), (Accepted, Some(second)));
    assert_eq!(desk.other.take_calls(), ["send m@shop.example", "find m@shop.example"]);
    assert!(desk.post.take_calls().iter().all(|call| !call.starts_with("find")));
}

#[tokio::test]
async fn no_minute_holds_more_messages_than_the_provider_takes() {
    let (desk, _directory) = sender().await;
    desk.post.limit(4);
    for n in 0..10 {
        desk.queue(&format!("m{n}"), &format!("t{n}")).await;
    }
    let engine = desk.idle();
    let mut sent = Vec::new();
    for _ in 0..3 {
        desk.send(&engine).await;
        sent.push(desk.post.delivered().len());
        desk.clock.advance(MINUTE);
    }
    assert_eq!(sent, [4, 8, 10]);
}

#[tokio::test]
async fn a_rate_a_person_chose_holds_instead_of_the_usual_one() {
    let (desk, _directory) = sender().await;
    desk.post.limit(1);
    let own = desk.account;
    desk.write(move |w| account::set_per_minute(w, own, Some(3))).await.expect("chosen");
    for n in 0..5 {
        desk.queue(&format!("m{n}"), &format!("t{n}")).await;
    }
    let engine = desk.idle();
    desk.send(&engine).await;
    assert_eq!(desk.post.delivered().len(), 3, "as many as were chosen");
    desk.write(move |w| account::set_per_minute(w, own, None)).await.expect("as usual again");
    desk.clock.advance(MINUTE);
    desk.send(&engine).await;
    assert_eq!(desk.post.delivered().len(), 4, "as many as are usual there");
}

#[tokio::test]
async fn a_pause_the_provider_asks_for_is_kept() {
    let (desk, _directory) = sender().await;
    desk.post.treat(&[Treatment::Pause(120)]);
    let id = desk.queue("m", "t").await;
    let engine = desk.idle();
    desk.send(&engine).await;
    desk.clock.advance(119 * SECOND);
    desk.send(&engine).await;
    assert_eq!((desk.state(id).await, desk.post.take_calls().len()), (Queued, 1));
    desk.clock.advance(2 * SECOND);
    desk.send(&engine).await;
    assert_eq!(desk.state(id).await, Accepted);
}

#[tokio::test]
async fn a_refusal_waits_for_a_person_with_the_words_of_the_provider() {
    let (desk, _directory) = sender().await;
    desk.post.treat_one("early", Treatment::Refuse);
    desk.post.treat_one("late", Treatment::RefuseLate);
    desk.post.treat_one("some", Treatment::AcceptSome);
    let (early, late) = (desk.queue("early", "a").await, desk.queue("late", "b").await);
    let some = desk.queue("some", "c").await;
    let engine = desk.idle();
    desk.send(&engine).await;
    for id in [early, late] {
        let row = desk.row(id).await;
        assert_eq!(row.state, Rejected);
        assert_eq!(row.error.as_deref(), Some("no such mailbox"));
        assert_eq!(row.error_code.as_deref(), Some("550"));
    }
    let row = desk.row(some).await;
    assert_eq!((row.state, row.refused.len()), (Accepted, 1), "the others have it");
    desk.write(move |w| written::take_back(w, early)).await.expect("to be written on");
    assert_eq!(desk.state(early).await, Draft);
}

#[tokio::test]
async fn what_a_server_keeps_by_itself_is_learnt_and_never_doubled() {
    let (desk, _directory) = sender().await;
    desk.post.keep_copies(None, true);
    let engine = desk.idle();
    let first = desk.queue("first", "a").await;
    desk.send(&engine).await;
    assert_eq!(desk.state(first).await, Accepted, "the server is given time to make its copy");
    desk.clock.advance(5 * SECOND);
    desk.send(&engine).await;
    assert_eq!(desk.state(first).await, Sent);
    assert_eq!(desk.account().await.saves_sent, Some(true));
    desk.post.take_calls();
    desk.queue("second", "b").await;
    desk.send(&engine).await;
    desk.clock.advance(MINUTE);
    desk.send(&engine).await;
    assert_eq!(desk.post.take_calls(), ["send second@shop.example"], "the sync will see it");
    assert_eq!(desk.post.sent(), ["first@shop.example", "second@shop.example"]);
}

#[tokio::test]
async fn a_server_that_keeps_nothing_is_given_one_copy_of_each() {
    let (desk, _directory) = sender().await;
    desk.post.keep_copies(None, false);
    desk.post.answer(&[], &[Answer::Offline, Answer::Lost]);
    let engine = desk.idle();
    let first = desk.queue("first", "a").await;
    for _ in 0..10 {
        desk.send(&engine).await;
        desk.clock.advance(10 * SECOND);
    }
    let row = desk.row(first).await;
    assert_eq!((row.state, row.copy_wanted), (Sent, false));
    assert_eq!(desk.post.sent(), ["first@shop.example"], "a lost answer made no second copy");
    let second = desk.queue("second", "b").await;
    desk.send(&engine).await;
    assert_eq!(desk.state(second).await, Accepted, "not certain yet what the server does");
    desk.clock.advance(5 * SECOND);
    desk.send(&engine).await;
    assert_eq!(desk.account().await.saves_sent, Some(false), "the first clean answer tells");
    let third = desk.queue("third", "c").await;
    desk.send(&engine).await;
    assert_eq!(desk.state(third).await, Sent, "at once, now that it is known");
    assert_eq!(desk.post.sent().len(), 3);
}

#[tokio::test]
async fn an_account_without_a_way_to_send_says_so() {
    let (desk, _directory) = sender().await;
    let id = desk.queue("m", "t").await;
    let own = desk.account;
    desk.write(move |w| account::set_sends(w, own, false)).await.expect("taken away");
    let engine = desk.idle();
    desk.send(&engine).await;
    let row = desk.row(id).await;
    assert_eq!((row.state, row.error_code.as_deref()), (Rejected, Some("no_sender")));
    assert!(row.error.is_some_and(|words| words.contains("outgoing mail server")));
}

#[tokio::test]
async fn what_becomes_due_within_the_patience_of_a_single_run_is_sent_by_it() {
    let (desk, _directory) = sender().await;
    desk.post.treat(&[Treatment::RetryEarly]);
    let id = desk.queue("m", "t").await;
    let engine = desk.idle();
    let clock = desk.clock.clone();
    let token = tokio_util::sync::CancellationToken::new();
    let run = engine.send_once(desk.account, &token, Duration::from_secs(120));
    let pass = async {
        until("the first try failed", || async { desk.row(id).await.attempts == 1 }).await;
        clock.advance(2 * SECOND);
    };
    let (ran, ()) = tokio::join!(run, pass);
    ran.expect("the store works");
    assert_eq!(desk.state(id).await, Accepted);
}
