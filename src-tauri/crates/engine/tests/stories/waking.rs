//! A machine that slept: what happened meanwhile is here as soon as it is awake.

use deskbell_domain::AccountState;
use deskbell_domain::time::MINUTE;

use crate::desk::{Desk, until};
use crate::first_sync::two_mailboxes;

/// A desk that is up to date and hears nothing more; a mail has come to the archive since.
async fn asleep(desk: &Desk) {
    until("the account is synced", || async { desk.row().await.state == AccountState::Ok }).await;
    until("it hears of news", || async {
        desk.server.deliver("INBOX", "settled");
        desk.copies("INBOX").await > 0
    })
    .await;
    desk.server.goes_quiet();
    desk.server.deliver("Archive", "while asleep");
    desk.server.take_calls();
}

async fn is_here(desk: &Desk) -> bool {
    desk.messages().await.iter().any(|(subject, _)| subject == "while asleep")
}

#[tokio::test]
async fn a_gap_in_the_clock_is_a_sync_before_its_time() {
    let desk = Desk::new(two_mailboxes()).await;
    desk.clock.is_watched();
    let engine = desk.started();
    asleep(&desk).await;
    let planned = engine.next_sync(desk.account).expect("the next sync is planned");
    let before = desk.clock.compared();
    until("the loop waits", || async { desk.clock.compared() > before + 20 }).await;
    assert!(!is_here(&desk).await, "nobody told of it");
    desk.clock.advance(5 * MINUTE);
    until("what came meanwhile is here", || is_here(&desk)).await;
    let now = deskbell_domain::time::Clock::now(&desk.clock);
    assert!(now < planned, "before the schedule says so");
    engine.stop().await;
}

#[tokio::test]
async fn a_connection_that_slept_is_a_look_at_everything() {
    let desk = Desk::new(two_mailboxes()).await;
    let engine = desk.started();
    asleep(&desk).await;
    desk.server.wakes();
    until("what came meanwhile is here", || is_here(&desk)).await;
    let calls = desk.server.take_calls();
    assert!(calls.contains(&"scopes".to_owned()), "all of it is looked at: {calls:?}");
    engine.stop().await;
}
