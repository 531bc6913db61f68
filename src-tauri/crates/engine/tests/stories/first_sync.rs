//! The first sync, and syncs after it.

use deskbell_domain::sync::RemoteKey;
use deskbell_domain::time::HOUR;
use deskbell_domain::{AccountState, MailboxRole, ProviderError, ScopeId};
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, until};
use crate::server::{Op, Server};

pub fn two_mailboxes() -> Server {
    Server::with_mailboxes(&[("INBOX", MailboxRole::Inbox), ("Archive", MailboxRole::Archive)])
}

#[tokio::test]
async fn the_inbox_can_be_read_before_the_rest_arrives() {
    let server = two_mailboxes();
    server.fill("INBOX", 300);
    server.fill("Archive", 250);
    let desk = Desk::new(server).await;
    let summary = desk.sync().await.expect("a sync");
    assert_eq!(summary.tally.added, 550, "every message once");
    assert_eq!(
        desk.server.take_calls(),
        [
            "scopes",
            "pull INBOX headers",
            "bodies INBOX 200",
            "pull Archive headers",
            "bodies Archive 200",
            "pull INBOX whole",
            "pull Archive whole",
        ],
        "headers and bodies of the newest of every mailbox first, then the rest"
    );
    assert_eq!(desk.number("SELECT count(*) FROM message WHERE body_state = 1").await, 550);
    assert_eq!(desk.row().await.state, AccountState::Ok);
    let runs = desk.runs().await;
    assert_eq!((runs[0].outcome.as_str(), runs[0].tally.added), ("ok", 550), "the history says so");
}

#[tokio::test]
async fn a_later_sync_asks_each_mailbox_once_and_brings_only_what_is_new() {
    let server = two_mailboxes();
    server.fill("INBOX", 20);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.server.take_calls();
    desk.server.deliver("INBOX", "new");
    let summary = desk.sync().await.expect("a sync");
    assert_eq!(summary.tally.added, 1);
    assert_eq!(desk.server.take_calls(), ["scopes", "pull INBOX whole", "pull Archive whole"]);
    let summary = desk.sync().await.expect("a sync");
    assert_eq!(summary.tally, Default::default(), "nothing new, nothing changed");
}

#[tokio::test]
async fn a_sync_stopped_between_any_two_pages_loses_and_doubles_nothing() {
    for pulls in 1..=5 {
        let server = two_mailboxes();
        server.fill("INBOX", 1_300);
        server.fill("Archive", 250);
        let desk = Desk::new(server).await;
        let token = CancellationToken::new();
        desk.server.stop_after_pulls(pulls, token.clone());
        let stopped = desk.idle().sync_once(desk.account, &token).await;
        assert!(stopped.is_err(), "the sync was stopped at pull {pulls}");
        desk.server.deliver("INBOX", "meanwhile");
        desk.server.expunge("INBOX", 1_300);
        desk.sync().await.expect("the sync after it");
        assert_eq!(desk.copies("INBOX").await, 1_300, "inbox, stopped at pull {pulls}");
        assert_eq!(desk.copies("Archive").await, 250, "archive, stopped at pull {pulls}");
        let missing =
            desk.number("SELECT count(*) FROM message WHERE body_state <> 1 AND places <> 0");
        assert_eq!(missing.await, 0, "every body is here, stopped at pull {pulls}");
        desk.sync().await.expect("one more");
        assert_eq!(desk.number("SELECT count(*) FROM message").await, 1_550);
    }
}

#[tokio::test]
async fn a_renumbered_mailbox_keeps_its_messages() {
    let server = two_mailboxes();
    server.fill("INBOX", 300);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    let before = desk.messages().await;
    desk.server.expunge("INBOX", 7);
    desk.server.renumber("INBOX");
    desk.sync().await.expect("the sync after it");
    desk.sync().await.expect("one more, which lets go of what is gone");
    let kept: Vec<_> = before.into_iter().filter(|(subject, _)| subject != "inbox-6").collect();
    assert_eq!(desk.messages().await, kept, "the same rows, but for the one that was deleted");
    assert_eq!(desk.copies("INBOX").await, 299);
}

#[tokio::test]
async fn a_lost_cursor_lists_again_and_sweeps_afterwards() {
    let server = two_mailboxes();
    server.fill("INBOX", 700);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    let before = desk.messages().await;
    desk.server.expunge("INBOX", 3);
    desk.server.fail(Op::Pull, ProviderError::CursorLost("INBOX".into()));
    desk.sync().await.expect("the sync lists again by itself");
    assert_eq!(desk.copies("INBOX").await, 699, "what was not seen again is gone");
    desk.sync().await.expect("one more");
    let after = desk.messages().await;
    assert_eq!(after.len(), 699);
    assert!(after.iter().all(|row| before.contains(row)), "no message was made anew");
}

#[tokio::test]
async fn a_mailbox_that_is_deleted_takes_only_its_own_copies_along() {
    let server = two_mailboxes();
    server.fill("INBOX", 5);
    server.fill("Archive", 4);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.server.remove_mailbox("Archive");
    desk.sync().await.expect("a sync");
    desk.sync().await.expect("one more, which lets go of what is gone");
    assert_eq!(desk.messages().await.len(), 5, "the inbox is whole");
    assert_eq!(desk.number("SELECT count(*) FROM scope").await, 1);
}

#[tokio::test]
async fn a_body_the_server_cannot_give_stops_nobody_and_can_be_asked_for_later() {
    let server = two_mailboxes();
    server.fill("INBOX", 10);
    server.refuse_body(Some(4));
    let desk = Desk::new(server).await;
    let engine = desk.idle();
    let token = CancellationToken::new();
    engine.sync_once(desk.account, &token).await.expect("the others are read all the same");
    assert_eq!(desk.number("SELECT count(*) FROM message WHERE body_state = 1").await, 9);
    desk.server.take_calls();
    engine.sync_once(desk.account, &token).await.expect("a sync");
    let asked = |calls: Vec<String>| calls.iter().any(|call| call.starts_with("bodies"));
    assert!(asked(desk.server.take_calls()), "a person's sync asks for it again");
    assert_eq!(desk.number("SELECT bodies_missing FROM scope WHERE key = 'INBOX'").await, 1);
    desk.server.refuse_body(None);
    let message = desk.message("inbox-3").await;
    engine.fetch_body(message).await.expect("a person opens it, and it is there now");
    assert_eq!(desk.number("SELECT count(*) FROM message WHERE body_state = 1").await, 10);
}

#[tokio::test]
async fn a_body_that_was_refused_counts_as_missing_rests_for_hours_and_comes_by_itself() {
    let server = two_mailboxes();
    server.fill("INBOX", 10);
    server.refuse_body(Some(4));
    let desk = Desk::new(server).await;
    let engine = desk.started();
    let synced = "SELECT count(*) FROM sync_run WHERE outcome = 'ok'";
    until("the first sync ends", || async { desk.number(synced).await == 1 }).await;
    let missing = "SELECT bodies_missing FROM scope WHERE key = 'INBOX'";
    assert_eq!(desk.number(missing).await, 1, "no screen says that all is here");
    desk.server.refuse_body(None);
    desk.server.take_calls();
    desk.clock.advance(2 * HOUR);
    engine.stop().await;
    drop(engine);
    let engine = desk.started();
    until("the next start asks for it", || async { desk.number(missing).await == 0 }).await;
    assert_eq!(desk.number("SELECT count(*) FROM message WHERE body_state = 1").await, 10);
    engine.stop().await;
}

#[tokio::test]
async fn a_body_an_earlier_version_gave_up_is_asked_for_again() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    server.refuse_body(Some(2));
    server.deliver_large("INBOX", "film", Some(700 * 1024 * 1024));
    let desk = Desk::new(server).await;
    desk.sync().await.expect("a sync");
    let inbox = ScopeId(desk.number("SELECT id FROM scope WHERE key = 'INBOX'").await);
    let give_up = move |w: &mut deskbell_store::Write<'_>| {
        deskbell_store::sync::body_unavailable(w, inbox, &RemoteKey::from_uid(2))
    };
    desk.store.write(deskbell_store::Origin::Sync, 1, give_up).await.expect("is noted");
    assert_eq!(desk.number("SELECT count(*) FROM message WHERE body_state = 3").await, 2);
    desk.server.refuse_body(None);
    desk.sync().await.expect("a sync");
    assert_eq!(desk.number("SELECT count(*) FROM message WHERE body_state = 1").await, 3);
    let large = "SELECT count(*) FROM message WHERE body_state = 3 AND subject = 'film'";
    assert_eq!(desk.number(large).await, 1, "what is too large still waits for a person");
}

#[tokio::test]
async fn a_huge_message_is_fetched_when_a_person_opens_it_and_not_before() {
    let server = two_mailboxes();
    server.fill("INBOX", 2);
    server.deliver_large("INBOX", "film", Some(700 * 1024 * 1024));
    let desk = Desk::new(server).await;
    let engine = desk.idle();
    engine.sync_once(desk.account, &CancellationToken::new()).await.expect("a sync");
    assert_eq!(
        desk.server.take_calls(),
        [
            "scopes",
            "pull INBOX headers",
            "bodies INBOX 2",
            "pull Archive headers",
            "pull INBOX whole",
            "pull Archive whole"
        ],
        "the small ones alone"
    );
    let film = desk.message("film").await;
    assert_eq!(desk.number("SELECT body_state FROM message WHERE subject = 'film'").await, 3);
    engine.fetch_body(film).await.expect("opened");
    assert_eq!(desk.number("SELECT body_state FROM message WHERE subject = 'film'").await, 1);
    desk.server.expunge("INBOX", 3);
    let error = engine.fetch_body(film).await.expect_err("it is gone there");
    assert!(matches!(error, deskbell_engine::RoundError::BodyGone), "{error}");
}
