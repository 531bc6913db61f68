//! Once a day everything is compared: a server that forgets to tell of a change is found out, and not asked more often.

use deskbell_domain::MailboxRole;
use deskbell_domain::time::{DAY, HOUR};

use crate::desk::Desk;
use crate::server::Server;

/// A server whose inbox has changed without a word: one message is gone, one was read, one came.
fn lies(server: &Server, gone: u32, read: u32, came: &str) {
    let told = server.changes("INBOX");
    server.expunge("INBOX", gone);
    server.set_seen("INBOX", read, true);
    server.deliver("INBOX", came);
    server.keep_silent("INBOX", told);
}

/// Whether a mailbox here is what it is there.
async fn agrees(desk: &Desk, key: &str) -> bool {
    let there = desk.server.holdings(key);
    let here = desk.holdings().await;
    let here: Vec<_> = here.into_iter().filter(|((mailbox, _), _)| mailbox == key).collect();
    here == there
}

#[tokio::test]
async fn what_a_delta_left_out_is_mended_within_a_day_and_looked_for_once_in_one() {
    let server = Server::with_mailboxes(&[("INBOX", MailboxRole::Inbox)]);
    server.fill("INBOX", 700);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    let before = desk.messages().await;
    lies(&desk.server, 7, 9, "unannounced");
    desk.clock.advance(23 * HOUR);
    desk.sync().await.expect("a sync");
    assert!(!agrees(&desk, "INBOX").await, "the delta is believed while the day lasts");

    desk.clock.advance(7 * HOUR);
    desk.server.take_calls();
    desk.sync().await.expect("a sync of the next day");
    assert!(agrees(&desk, "INBOX").await, "gone, read and new: all of it is found");
    let calls = desk.server.take_calls();
    let whole = calls.iter().filter(|call| call.ends_with("whole")).count();
    assert_eq!(whole, 1, "what the delta has, and after it headers alone: {calls:?}");
    let bodies: Vec<_> = calls.iter().filter(|call| call.starts_with("bodies")).collect();
    assert_eq!(bodies, ["bodies INBOX 1"], "and the body of what was missing");
    desk.sync().await.expect("one more, which lets go of what is gone");
    let after = desk.messages().await;
    assert_eq!(after.len(), 700);
    let kept = before.iter().filter(|row| after.contains(row)).count();
    assert_eq!(kept, 699, "no message was made anew");
    let run = desk.runs().await.into_iter().find(|run| run.tally.removed > 0);
    assert!(run.is_some_and(|run| run.outcome == "ok"), "it stands in the history");

    // Another lie; all engines of today are new, and none asks again.
    lies(&desk.server, 20, 21, "unannounced too");
    for _ in 0..3 {
        desk.sync().await.expect("a sync");
        desk.clock.advance(7 * HOUR);
    }
    assert!(!agrees(&desk, "INBOX").await, "once a day");
    desk.clock.advance(4 * HOUR);
    desk.sync().await.expect("a sync of the day after");
    assert!(agrees(&desk, "INBOX").await);
}

#[tokio::test]
async fn scopes_are_compared_one_in_a_pass_and_none_while_the_account_is_paused() {
    let boxes = [("INBOX", MailboxRole::Inbox), ("Archive", MailboxRole::Archive)];
    let server = Server::with_mailboxes(&boxes);
    server.fill("INBOX", 5);
    server.fill("Archive", 5);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    let listings = |calls: Vec<String>| {
        calls.iter().filter(|call| call.starts_with("pull") && call.ends_with("headers")).count()
    };
    desk.clock.advance(DAY + 7 * HOUR);
    desk.set_paused(true).await;
    desk.server.take_calls();
    desk.sync().await.expect_err("a paused account is not looked at");
    assert_eq!(desk.server.take_calls(), Vec::<String>::new());
    desk.set_paused(false).await;
    for pass in 1..=2 {
        desk.sync().await.expect("a sync");
        assert_eq!(listings(desk.server.take_calls()), 1, "pass {pass}: one of them");
    }
    desk.sync().await.expect("a sync");
    assert_eq!(listings(desk.server.take_calls()), 0, "both had their turn");
}
