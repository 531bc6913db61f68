//! The history window: a filter of the first round, a cut of every other.

use deskbell_domain::MailboxRole;
use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::{PullOptions, RemoteScope};
use deskbell_domain::time::DAY;
use deskbell_simulator::{Loss, Simulator};

use super::support::{account, elsewhere, letter, scope, simulator};
use crate::conformance::mirror::{ALL, Mirror};
use crate::graph::GraphProvider;

/// Ten letters: number n came n days ago; 9 is flagged. The instant it is.
fn ten_days(simulator: &Simulator) -> i64 {
    elsewhere(simulator, |mailbox, now| {
        for n in (1..=10_i64).rev() {
            mailbox.deliver("inbox", &letter(&format!("mail {n}")), now - n * DAY);
        }
        mailbox.mark("mail 9", false, true, now);
        now
    })
}

fn window(now: i64, days: i64) -> PullOptions {
    let since = Some(now - days * DAY - DAY / 2);
    PullOptions { since, known: false, max_messages: 3, ..ALL }
}

fn numbers(mirror: &Mirror) -> Vec<u32> {
    let number = |subject: String| subject.strip_prefix("mail ")?.parse().ok();
    let mut numbers: Vec<u32> = mirror.subjects().into_iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

/// Syncs to the end; how many messages Graph is said to hold.
async fn total(
    account: &GraphProvider,
    inbox: &RemoteScope,
    mirror: &mut Mirror,
    options: PullOptions,
) -> Option<u64> {
    let mut told = None;
    loop {
        let page = account.pull(inbox, mirror.cursor.as_ref(), options).await.expect("a page");
        told = page.remote_total.or(told);
        if !mirror.apply(page) {
            return told;
        }
    }
}

#[tokio::test]
async fn a_first_round_asks_for_the_window_alone() {
    let simulator = simulator();
    let now = ten_days(&simulator);
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let before = simulator.world().journal.len();
    let mut mirror = Mirror::default();
    let counted = total(&account, &inbox, &mut mirror, window(now, 3)).await;
    assert_eq!(numbers(&mirror), [1, 2, 3]);
    assert_eq!(counted, Some(3));
    let asked = simulator.world().journal.len() - before;
    assert!(asked <= 4, "nobody leafs through the years for that: {asked} requests");
    elsewhere(&simulator, |mailbox, now| {
        mailbox.deliver("inbox", &letter("mail 11"), now);
        mailbox.mark("mail 2", true, false, now);
        mailbox.erase("mail 3");
        mailbox.erase("mail 7");
    });
    mirror.sync(&account, &inbox, window(now, 3)).await;
    assert_eq!(numbers(&mirror), [1, 2, 11]);
    assert!(mirror.flags_of("mail 2").is_some_and(|flags| flags.seen));
}

#[tokio::test]
async fn a_wider_window_lists_what_lies_between_and_keeps_what_is_flagged() {
    let simulator = simulator();
    let now = ten_days(&simulator);
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, window(now, 2)).await;
    let counted = total(&account, &inbox, &mut mirror, window(now, 6)).await;
    assert_eq!(numbers(&mirror), [1, 2, 3, 4, 5, 6, 9]);
    assert_eq!(counted, Some(7));
    mirror.sync(&account, &inbox, PullOptions { since: None, ..ALL }).await;
    assert_eq!(numbers(&mirror), (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_lost_position_takes_nothing_away_that_lies_outside_of_the_window() {
    let simulator = simulator();
    let now = ten_days(&simulator);
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, ALL).await;
    elsewhere(&simulator, |mailbox, now| {
        mailbox.erase("mail 7");
        mailbox.mark("mail 9", true, false, now);
        mailbox.mark("mail 10", true, true, now);
        mailbox.evict(Loss::Gone);
    });
    let known = PullOptions { known: true, ..window(now, 3) };
    let lost = account.pull(&inbox, mirror.cursor.as_ref(), known).await;
    assert!(lost.is_err(), "the position is lost");
    mirror.relist(&account, &inbox, known).await;
    assert_eq!(numbers(&mirror), [1, 2, 3, 4, 5, 6, 8, 9, 10], "only what was erased is gone");
    let starred = |subject: &str| mirror.flags_of(subject).is_some_and(|flags| flags.starred);
    assert!(!starred("mail 9") && starred("mail 10"), "and what happened meanwhile is known");
}

#[tokio::test]
async fn a_window_of_more_than_a_filter_tells_is_listed_without_one() {
    let simulator = simulator();
    let now = elsewhere(&simulator, |mailbox, now| {
        for n in 1..=5_003_i64 {
            mailbox.deliver("inbox", &letter(&format!("mail {n}")), now - n * 1_000);
        }
        mailbox.deliver("inbox", &letter("mail 9999"), now - 90 * DAY);
        now
    });
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    let options = PullOptions { max_messages: 200, bodies: false, ..window(now, 30) };
    mirror.sync(&account, &inbox, options).await;
    assert_eq!(
        mirror.held.len(),
        5_003,
        "Graph tells 5,000 by a filter, and not that there are more"
    );
}
