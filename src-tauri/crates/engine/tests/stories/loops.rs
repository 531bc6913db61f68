//! The loops: woken, hinted at, broken, paused, stopped.

use deskbell_domain::time::{MINUTE, SECOND};
use deskbell_domain::{AccountState, MailboxRole};
use deskbell_engine::EngineEvent;

use crate::desk::{Desk, until};
use crate::first_sync::two_mailboxes;
use crate::server::Server;

async fn synced(desk: &Desk) {
    until("the account is synced", || async { desk.row().await.state == AccountState::Ok }).await;
}

#[tokio::test]
async fn new_mail_arrives_by_a_hint_that_looks_at_its_mailbox_alone() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    server.fill("Archive", 2);
    let desk = Desk::new(server).await;
    let engine = desk.started();
    synced(&desk).await;
    until("the first hints are served", || async {
        desk.server.deliver("INBOX", "settled");
        desk.copies("INBOX").await > 3
    })
    .await;
    let calls = desk.server.take_calls();
    assert_eq!(calls.iter().filter(|call| *call == "scopes").count(), 1, "one full sync");
    desk.server.deliver("INBOX", "fresh");
    until("the mail is here", || async {
        desk.messages().await.iter().any(|(subject, _)| subject == "fresh")
    })
    .await;
    let others: Vec<String> =
        desk.server.take_calls().into_iter().filter(|call| call != "pull INBOX whole").collect();
    assert_eq!(others, [""; 0], "no other mailbox is asked, and no list of them");
    engine.stop().await;
}

#[tokio::test]
async fn mail_that_arrives_during_a_long_first_sync_comes_first() {
    let boxes = [("INBOX", MailboxRole::Inbox), ("Old", MailboxRole::Other)];
    let server = Server::with_mailboxes(&boxes);
    server.fill("INBOX", 5);
    server.fill("Old", 2_500);
    let gate = server.gate("Old");
    let desk = Desk::new(server).await;
    let engine = desk.started();
    // The glimpse and one whole page of the old mail.
    gate.add_permits(2);
    until("the old mail is being read", || async {
        desk.server.calls().iter().filter(|call| *call == "pull Old whole").count() >= 2
    })
    .await;
    desk.server.deliver("INBOX", "urgent");
    // The sync looks for hints between two pages, and this is the last page that the gate lets through.
    until("the watch has hinted at it", || async { desk.server.is_heard() }).await;
    // The page that is on its way may end; the next must wait for the inbox.
    gate.add_permits(1);
    until("the urgent mail is here", || async {
        desk.messages().await.iter().any(|(subject, _)| subject == "urgent")
    })
    .await;
    assert!(desk.copies("Old").await < 2_500, "although the old mail is still on its way");
    desk.server.open_gate();
    gate.add_permits(100);
    synced(&desk).await;
    until("everything is here", || async { desk.copies("Old").await == 2_500 }).await;
    engine.stop().await;
}

#[tokio::test]
async fn a_loop_that_panics_is_started_again() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    server.panic_at_next_call();
    let desk = Desk::new(server).await;
    let engine = desk.started();
    until("the sync was tried again after the panic", || async {
        desk.row().await.state == AccountState::Ok
    })
    .await;
    assert_eq!(desk.copies("INBOX").await, 3);
    let calls = desk.server.take_calls();
    assert_eq!(calls[..2], ["scopes", "scopes"], "the first call panicked, the second did not");
    engine.stop().await;
}

#[tokio::test]
async fn a_hundred_wishes_during_a_sync_are_one_more_sync() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    let gate = server.gate("INBOX");
    let desk = Desk::new(server).await;
    let engine = desk.started();
    until("the sync has begun", || async {
        desk.server.calls().contains(&"pull INBOX headers".to_owned())
    })
    .await;
    let mut events = engine.events();
    for _ in 0..100 {
        engine.sync_now(Some(desk.account));
    }
    desk.server.open_gate();
    gate.add_permits(100);
    for _ in 0..2 {
        while events.recv().await.expect("events") != EngineEvent::Idle(desk.account) {}
    }
    until("the second sync is written down", || async { desk.runs().await[0].outcome == "ok" })
        .await;
    engine.stop().await;
    let full = desk.server.take_calls().iter().filter(|call| *call == "scopes").count();
    assert_eq!(full, 2, "the one under way, and one for all wishes together");
}

#[tokio::test]
async fn a_full_disk_stops_nothing_for_good() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    let desk = Desk::new(server).await;
    desk.clock.is_watched();
    let engine = desk.started();
    synced(&desk).await;
    desk.limit_disk(Some(20)).await;
    desk.server.fill("Archive", 3_000);
    engine.sync_now(Some(desk.account));
    until("it says that the disk is full", || async {
        desk.row().await.state == AccountState::StorageFull
    })
    .await;
    assert!(desk.copies("Archive").await < 3_000, "there was no room for it");
    desk.limit_disk(None).await;
    // Nobody does anything: it looks again after a while.
    until("everything is here", || async {
        desk.clock.advance(SECOND);
        desk.row().await.state == AccountState::Ok && desk.copies("Archive").await == 3_000
    })
    .await;
    engine.stop().await;
}

#[tokio::test]
async fn asking_by_hand_leaves_no_second_provider_behind() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    let desk = Desk::new(server).await;
    let engine = desk.started();
    synced(&desk).await;
    let mut events = engine.events();
    for _ in 0..5 {
        engine.sync_now(Some(desk.account));
        while events.recv().await.expect("events") != EngineEvent::Idle(desk.account) {}
    }
    engine.send_now(desk.account).await;
    until("one provider is left", || async { desk.server.visitors() == 1 }).await;
    assert_eq!(desk.server.most_visitors(), 1, "the watch let go before another was opened");
    assert!(desk.server.retired() > 0, "what rests there is closed at once");
    desk.server.deliver("INBOX", "fresh");
    until("and it is watched", || async {
        desk.messages().await.iter().any(|(subject, _)| subject == "fresh")
    })
    .await;
    engine.stop().await;
}

#[tokio::test]
async fn a_provider_opened_anew_hears_that_a_person_looks() {
    let desk = Desk::new(two_mailboxes()).await;
    let engine = desk.started();
    engine.attend(&[desk.account]);
    synced(&desk).await;
    assert_eq!(desk.server.attention(), [true], "whoever looked before it was opened is known");
    engine.sync_now(Some(desk.account));
    until("another was opened", || async { desk.server.attention().len() > 1 }).await;
    until("and is used", || async { desk.server.visitors() == 1 }).await;
    let told = desk.server.attention();
    assert!(told.iter().all(|looked_at| *looked_at), "it hears it, too: {told:?}");
    engine.attend(&[]);
    assert_eq!(desk.server.attention(), [told, vec![false]].concat(), "it is told at once");
    let before = desk.server.attention().len();
    engine.sync_now(Some(desk.account));
    until("a third was opened", || async { desk.server.attention().len() > before }).await;
    assert_eq!(desk.server.attention().last(), Some(&false), "nobody looks");
    engine.stop().await;
}

#[tokio::test]
async fn a_person_looks_at_some_accounts_and_not_at_others() {
    let desk = Desk::new(two_mailboxes()).await;
    let engine = desk.idle();
    let token = tokio_util::sync::CancellationToken::new();
    engine.sync_once(desk.account, &token).await.expect("a sync");
    assert_eq!(desk.server.attention(), [false], "nobody looks where nothing was said");
    let elsewhere = desk.add_account("second@shop.example").await;
    engine.attend(&[elsewhere]);
    assert_eq!(desk.server.attention().last(), Some(&false), "it is another that is looked at");
    engine.attend(&[elsewhere, desk.account]);
    assert_eq!(desk.server.attention().last(), Some(&true), "both are");
    let said = desk.server.attention().len();
    engine.attend(&[desk.account]);
    let again = desk.server.attention();
    assert!(
        again[said..].iter().all(|looked_at| *looked_at),
        "not for a moment is it not: {again:?}"
    );
}

#[tokio::test]
async fn a_refused_sign_in_is_not_tried_again_until_a_person_asks() {
    let server = two_mailboxes();
    server.fill("INBOX", 1);
    let desk = Desk::new(server).await;
    desk.change_password("crayon");
    desk.clock.is_watched();
    let engine = desk.started();
    until("the sign-in was refused", || async {
        desk.row().await.state == AccountState::SignInNeeded
    })
    .await;
    until("nothing is planned", || async { engine.next_sync(desk.account).is_none() }).await;
    let runs = desk.runs().await.len();
    desk.change_password("pencil");
    let before = desk.clock.compared();
    desk.clock.advance(60 * MINUTE);
    // The loop has seen an hour pass, and then some.
    until("the loop has looked at the clock", || async { desk.clock.compared() > before + 20 })
        .await;
    assert_eq!(desk.runs().await.len(), runs, "no try of its own");
    engine.sync_now(Some(desk.account));
    synced(&desk).await;
    until("the next sync is planned", || async { engine.next_sync(desk.account).is_some() }).await;
    engine.stop().await;
}

#[tokio::test]
async fn a_paused_account_is_left_alone_and_goes_on_when_resumed() {
    let server = two_mailboxes();
    let desk = Desk::new(server).await;
    let engine = desk.started();
    synced(&desk).await;
    desk.set_paused(true).await;
    until("it says so", || async { desk.row().await.state == AccountState::Paused }).await;
    desk.server.take_calls();
    desk.server.deliver("INBOX", "later");
    engine.sync_now(Some(desk.account));
    let token = tokio_util::sync::CancellationToken::new();
    engine.sync_once(desk.account, &token).await.expect_err("paused means paused");
    assert_eq!(desk.server.calls(), [""; 0], "the provider hears nothing");
    desk.set_paused(false).await;
    until("the mail is here", || async { desk.copies("INBOX").await == 1 }).await;
    synced(&desk).await;
    engine.stop().await;
}

#[tokio::test]
async fn an_account_added_later_is_looked_after_and_a_removed_one_is_not() {
    let server = two_mailboxes();
    server.fill("INBOX", 2);
    let desk = Desk::new(server).await;
    let engine = desk.started();
    synced(&desk).await;
    let now = deskbell_domain::time::Clock::now(&desk.clock);
    deskbell_store::sync::erase(&desk.store, desk.account, now, &|_| {}).await.expect("erased");
    until("its loops are gone", || async { engine.next_sync(desk.account).is_none() }).await;
    desk.server.take_calls();
    let second = desk.add_account("second@shop.example").await;
    until("the new account is synced", || async { desk.messages().await.len() == 2 }).await;
    until("it is planned", || async { engine.next_sync(second).is_some() }).await;
    engine.stop().await;
}

#[tokio::test]
async fn a_removal_cut_short_shows_nothing_and_is_ended_at_the_next_start() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.leave_half_removed().await;
    let accounts = desk.store.read(deskbell_store::table::account::list).await.expect("a list");
    assert!(accounts.is_empty(), "an account being removed is shown nowhere");
    let again = desk.sync().await.expect_err("nor synced");
    assert!(again.to_string().contains("no such account"), "{again}");
    desk.server.take_calls();
    desk.add_account("desk@shop.example").await;
    let engine = desk.started();
    until("only the new account is here", || async {
        desk.number("SELECT count(*) FROM account").await == 1
    })
    .await;
    until("and its mail", || async { desk.messages().await.len() == 3 }).await;
    let old = "SELECT count(*) FROM message WHERE account_id = 1";
    assert_eq!(desk.number(old).await, 0, "nothing is left of the old one");
    engine.stop().await;
}

#[tokio::test]
async fn stop_ends_a_sync_that_hangs() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    let _closed = server.gate("INBOX");
    let desk = Desk::new(server).await;
    let engine = desk.started();
    until("the sync hangs", || async {
        desk.server.calls().contains(&"pull INBOX headers".to_owned())
    })
    .await;
    engine.stop().await;
    let runs = desk.runs().await;
    assert_eq!(runs[0].outcome, "stopped", "and the history says so");
}
