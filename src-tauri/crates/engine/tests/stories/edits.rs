//! What a person does, on its way to the provider.

use deskbell_domain::AccountState;
use deskbell_domain::conversation::ConversationEdit::{Archive, Read, Star};
use deskbell_domain::message::Flags;

use crate::desk::Desk;
use crate::first_sync::two_mailboxes;
use crate::server::EDITS;

#[tokio::test]
async fn edits_made_offline_are_seen_at_once_and_sent_later() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.server.set_offline(true);
    desk.edit("inbox-0", Read).await;
    desk.edit("inbox-1", Read).await;
    desk.edit("inbox-1", Archive).await;
    desk.sync().await.expect_err("nobody answers");
    assert_eq!(desk.row().await.state, AccountState::Offline);
    assert!(desk.is_read("inbox-0").await, "the person sees it at once");
    assert_eq!(desk.number("SELECT count(*) FROM outbox WHERE state = 'queued'").await, 3);
    desk.server.set_offline(false);
    desk.server.take_calls();
    let summary = desk.sync().await.expect("the line is back");
    assert_eq!((summary.edits, summary.edits_waiting), (3, 0), "all three were sent");
    let sent: Vec<String> =
        desk.server.take_calls().into_iter().filter(|call| call.starts_with("apply")).collect();
    assert_eq!(
        sent,
        ["apply INBOX 2 Seen { value: true }", "apply INBOX 1 Move { to: Archive }"],
        "the same edit of two messages is one command, and flags go before moves"
    );
    assert!(desk.server.flags("INBOX", 1).expect("it stayed").seen);
    assert!(desk.server.flags("Archive", 1).expect("it moved").seen);
    assert_eq!((desk.copies("INBOX").await, desk.copies("Archive").await), (2, 1));
    assert_eq!(desk.row().await.state, AccountState::Ok);
    assert_eq!(desk.messages().await.len(), 3, "the move made no second message");
}

#[tokio::test]
async fn a_refused_edit_is_taken_back_and_says_why_without_harming_its_neighbours() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    server.refuse_edit(2);
    let desk = Desk::new(server).await;
    let engine = desk.started();
    crate::desk::until("the first sync ends", || async {
        desk.row().await.state == AccountState::Ok
    })
    .await;
    for subject in ["inbox-0", "inbox-1", "inbox-2"] {
        desk.edit(subject, Read).await;
    }
    crate::desk::until("the outbox empties", || async {
        desk.number("SELECT count(*) FROM outbox").await == 0
    })
    .await;
    assert!(desk.server.flags("INBOX", 1).expect("there").seen);
    assert!(!desk.server.flags("INBOX", 2).expect("there").seen);
    assert!(desk.server.flags("INBOX", 3).expect("there").seen);
    assert!(!desk.is_read("inbox-1").await, "the person sees that it did not happen");
    let detail = desk.row().await.detail.unwrap_or_default();
    assert!(detail.contains("this message is locked"), "and why: {detail}");
    engine.stop().await;
}

#[tokio::test]
async fn an_edit_of_a_copy_that_is_gone_is_settled() {
    let server = two_mailboxes();
    server.fill("INBOX", 2);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.edit("inbox-0", Star).await;
    desk.server.expunge("INBOX", 1);
    let summary = desk.sync().await.expect("a sync");
    assert_eq!(summary.edits_waiting, 0, "nothing waits for a message nobody has");
    assert_eq!(desk.copies("INBOX").await, 1);
}

#[tokio::test]
async fn a_mark_follows_a_copy_that_another_client_has_moved() {
    let server = two_mailboxes();
    server.fill("INBOX", 2);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.edit("inbox-0", Star).await;
    let there = desk.server.carry("INBOX", 1, "Archive");
    let summary = desk.sync().await.expect("a sync");
    assert_eq!(summary.edits_waiting, 0, "it went out in the same sync");
    assert!(desk.server.flags("Archive", there).expect("it moved").starred);
    desk.sync().await.expect("one more");
    assert_eq!(desk.number("SELECT count(*) FROM outbox").await, 0, "nothing waits");
}

/// The server had moved it, and we were killed before we had heard that.
#[tokio::test]
async fn a_mark_made_after_a_move_that_was_cut_off_at_its_end_is_kept() {
    let server = two_mailboxes();
    server.fill("INBOX", 1);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.edit("inbox-0", Archive).await;
    desk.mark_sending().await;
    let there = desk.server.carry("INBOX", 1, "Archive");
    desk.edit("inbox-0", Star).await;
    desk.sync().await.expect("the next start");
    assert!(desk.server.flags("Archive", there).expect("it stays there").starred);
    assert_eq!((desk.copies("INBOX").await, desk.copies("Archive").await), (0, 1));
    desk.sync().await.expect("one more");
    assert_eq!(desk.number("SELECT count(*) FROM outbox").await, 0, "nothing waits");
    assert_eq!(desk.messages().await.len(), 1, "one message");
}

#[tokio::test]
async fn an_undo_of_a_move_that_was_cut_off_at_its_end_takes_it_back() {
    let server = two_mailboxes();
    server.fill("INBOX", 1);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.edit("inbox-0", Archive).await;
    desk.mark_sending().await;
    desk.server.carry("INBOX", 1, "Archive");
    desk.undo().await;
    desk.sync().await.expect("the next start");
    desk.sync().await.expect("and looks again");
    assert_eq!((desk.copies("INBOX").await, desk.copies("Archive").await), (1, 0));
    assert_eq!(desk.server.uids("INBOX").len(), 1, "it is back there too");
    assert_eq!(desk.number("SELECT count(*) FROM outbox").await, 0, "nothing waits");
}

/// Archived, taken back while that was under way, and archived again.
#[tokio::test]
async fn a_move_to_where_the_copy_lies_already_leaves_it_there() {
    let server = two_mailboxes();
    server.fill("INBOX", 1);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.edit("inbox-0", Archive).await;
    desk.mark_sending().await;
    desk.undo().await;
    desk.edit("inbox-0", Archive).await;
    for _ in 0..3 {
        desk.sync().await.expect("a sync");
    }
    assert_eq!((desk.copies("INBOX").await, desk.copies("Archive").await), (0, 1));
    assert_eq!(desk.server.uids("Archive").len(), 1);
    assert_eq!(desk.number("SELECT count(*) FROM outbox").await, 0, "nothing waits");
}

#[tokio::test]
async fn an_edit_under_way_when_the_process_ended_is_sent_again() {
    let server = two_mailboxes();
    server.fill("INBOX", 1);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.edit("inbox-0", Read).await;
    desk.mark_sending().await;
    let summary = desk.sync().await.expect("the next start");
    assert_eq!((summary.edits, summary.edits_waiting), (1, 0));
    assert!(desk.server.flags("INBOX", 1).expect("there").seen);
}

#[tokio::test]
async fn an_undo_made_while_the_move_was_under_way_survives_the_end_of_the_process() {
    let server = two_mailboxes();
    server.fill("INBOX", 1);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.edit("inbox-0", Archive).await;
    desk.mark_sending().await;
    desk.undo().await;
    desk.sync().await.expect("the next start sends both, in their order");
    desk.sync().await.expect("and looks again");
    assert!(desk.server.flags("Archive", 1).is_none(), "the message did not stay in the archive");
    assert_eq!((desk.copies("INBOX").await, desk.copies("Archive").await), (1, 0));
    assert_eq!(desk.number("SELECT count(*) FROM outbox").await, 0, "nothing waits");
}

#[tokio::test]
async fn an_edit_taken_back_before_its_turn_is_never_sent() {
    let server = two_mailboxes();
    server.fill("INBOX", 2);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.edit("inbox-0", Read).await;
    desk.edit("inbox-1", Archive).await;
    let gate = desk.server.gate(EDITS);
    desk.server.take_calls();
    let sync = desk.sync();
    let person = async {
        crate::desk::until("the first edit is on its way", || async {
            desk.number("SELECT count(*) FROM outbox WHERE state = 'sending'").await == 1
        })
        .await;
        desk.undo().await;
        gate.add_permits(10);
    };
    let (summary, ()) = tokio::join!(sync, person);
    assert_eq!(summary.expect("a sync").edits, 1, "only what the person still wants is sent");
    assert!(desk.server.flags("Archive", 1).is_none(), "the archive stays empty");
    assert_eq!((desk.copies("INBOX").await, desk.copies("Archive").await), (2, 0));
}

#[tokio::test]
async fn a_message_another_client_marked_as_deleted_is_shown_nowhere_until_the_mark_goes() {
    let server = two_mailboxes();
    server.fill("INBOX", 2);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    let shown = "SELECT count(*) FROM listing WHERE view = 1";
    let marked = |deleted| Flags { deleted, ..Flags::default() };
    desk.server.set_flags("INBOX", 1, marked(true));
    desk.sync().await.expect("the mark comes");
    assert_eq!(desk.number(shown).await, 1, "it is not in the inbox any more");
    assert_eq!(desk.copies("INBOX").await, 2, "its provider still holds it, and the counts agree");
    desk.server.set_flags("INBOX", 1, marked(false));
    desk.sync().await.expect("the mark goes");
    assert_eq!(desk.number(shown).await, 2, "it is back, without being fetched again");
}
