//! The history window against Dovecot: what lies outside of it is not brought, and never told as gone.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use deskbell_domain::Millis;
use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::{PullOptions, RemoteSource};
use deskbell_domain::time::DAY;
use deskbell_testbed::{Dovecot, Filed};

use super::conformance::Phone;
use super::support::{ALL, Mirror, account, dovecot, inbox, mail, rungs};

/// Friday, 20 November 2026, midnight UTC.
const TODAY: Millis = 1_795_132_800_000;

fn at(instant: Millis) -> Option<SystemTime> {
    Some(UNIX_EPOCH + Duration::from_millis(instant.unsigned_abs()))
}

/// Only what came in the last so many days.
fn last(days: i64) -> PullOptions {
    PullOptions { since: Some(TODAY - days * DAY), known: false, ..ALL }
}

/// Ten mails: number n came n days ago at noon, number 9 is starred, number 8 a draft.
fn ten_days(server: &mut Dovecot) {
    let user = server.user().to_owned();
    let mails = (1..=10_u32).rev().map(|n| Filed {
        raw: mail(n),
        flags: match n {
            9 => "F",
            8 => "D",
            _ => "",
        },
        received: at(TODAY - i64::from(n) * DAY + DAY / 2),
    });
    server.fill_maildir(&user, "INBOX", mails).expect("mail");
}

fn numbers(mirror: &Mirror) -> Vec<u32> {
    let number = |subject: String| subject.strip_prefix("mail ")?.parse().ok();
    let mut numbers: Vec<u32> = mirror.subjects().into_iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn only_the_window_is_brought_and_what_is_starred_or_a_draft() {
    for rung in rungs() {
        let Some(mut server) = dovecot(rung.clone()) else { return };
        ten_days(&mut server);
        let account = account(&server);
        let mut mirror = Mirror::default();
        let page = account.pull(&inbox(), None, last(3)).await.expect("a page");
        assert_eq!(page.remote_total, Some(5), "{rung:?}: what the window holds is counted");
        mirror.apply(page);
        mirror.sync(&account, &inbox(), last(3)).await;
        assert_eq!(numbers(&mirror), [1, 2, 3, 8, 9], "{rung:?}");
        let quiet = account.pull(&inbox(), mirror.cursor.as_ref(), last(3)).await.expect("a page");
        assert!(!quiet.more, "{rung:?}: nothing is waiting");
    }
}

#[tokio::test]
async fn the_edge_is_an_instant_whatever_days_the_server_knows() {
    let Some(mut server) = dovecot(rungs()[0].clone()) else { return };
    let user = server.user().to_owned();
    let edge = TODAY - 5 * DAY;
    let mails = [(1, edge - 1_000), (2, edge), (3, edge + 1_000), (4, edge - 20 * 3_600_000)];
    let filed = mails.map(|(n, when)| Filed { raw: mail(n), flags: "", received: at(when) });
    server.fill_maildir(&user, "INBOX", filed).expect("mail");
    let account = account(&server);
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox(), last(5)).await;
    assert_eq!(numbers(&mirror), [2, 3], "the edge itself is inside");
}

#[tokio::test]
async fn two_clients_and_a_window_agree_on_all_that_lies_inside() {
    for rung in rungs() {
        let Some(mut server) = dovecot(rung.clone()) else { return };
        ten_days(&mut server);
        let account = account(&server);
        let mut mirror = Mirror::default();
        mirror.sync(&account, &inbox(), last(3)).await;
        let mut phone = Phone::on(&server);
        // Numbers 10 to 1 were filed in this order.
        let uid = |number: u32| 11 - number;
        let mut there = |command: String| phone.client.command(&command).expect("the phone acts");
        there(format!("UID STORE {},{} +FLAGS (\\Seen)", uid(2), uid(7)));
        there(format!("UID STORE {},{} +FLAGS (\\Deleted)", uid(3), uid(6)));
        there("EXPUNGE".into());
        there(format!("UID STORE {} +FLAGS (\\Flagged)", uid(10)));
        let user = server.user().to_owned();
        server.deliver(&user, &mail(11)).expect("new mail");
        mirror.sync(&account, &inbox(), last(3)).await;
        let mut expected = vec![1, 2, 8, 9, 11];
        let swept = matches!(rung, deskbell_testbed::Capabilities::NoCondstore);
        if !swept {
            // A server that tells changes tells of a star on older mail, too.
            expected.insert(4, 10);
        }
        assert_eq!(numbers(&mirror), expected, "{rung:?}");
        assert!(mirror.flags_of("mail 2").is_some_and(|flags| flags.seen), "{rung:?}: it is read");
        // Three days later the edge has moved: nothing is told as gone by that, and what is gone still is.
        let mut there = |command: String| phone.client.command(&command).expect("the phone acts");
        there(format!("UID STORE {} +FLAGS (\\Deleted)", uid(2)));
        there("EXPUNGE".into());
        mirror.sync(&account, &inbox(), last(0)).await;
        expected.retain(|number| *number != 2);
        assert_eq!(numbers(&mirror), expected, "{rung:?}: older mail that is here stays known");
    }
}

#[tokio::test]
async fn a_wider_window_brings_what_lies_between_newest_first_and_nothing_twice() {
    for rung in rungs() {
        let Some(mut server) = dovecot(rung.clone()) else { return };
        ten_days(&mut server);
        let mut mirror = Mirror::default();
        mirror.sync(&account(&server), &inbox(), last(2)).await;
        mirror.order.clear();
        let account = account(&server);
        let few = PullOptions { max_messages: 2, ..last(6) };
        mirror.sync(&account, &inbox(), few).await;
        assert_eq!(numbers(&mirror), [1, 2, 3, 4, 5, 6, 8, 9], "{rung:?}");
        let order: Vec<u32> = mirror.order.iter().filter_map(|key| key.to_uid()).collect();
        assert!(order.is_sorted_by(|a, b| a > b), "{rung:?}: newest first: {order:?}");
        assert!(order.len() <= 6, "{rung:?}: nothing far from the edge comes again: {order:?}");
        let all = PullOptions { since: None, ..few };
        mirror.sync(&account, &inbox(), all).await;
        assert_eq!(numbers(&mirror), (1..=10).collect::<Vec<_>>(), "{rung:?}: all of it");
        let page = account.pull(&inbox(), mirror.cursor.as_ref(), all).await.expect("a page");
        assert_eq!(page.remote_total, Some(10), "{rung:?}: everything is counted again");
    }
}

#[tokio::test]
async fn a_renumbered_mailbox_is_found_again_inside_its_window() {
    for rung in rungs() {
        let Some(mut server) = dovecot(rung.clone()) else { return };
        ten_days(&mut server);
        let mut mirror = Mirror::default();
        mirror.sync(&account(&server), &inbox(), last(3)).await;
        let user = server.user().to_owned();
        server.renumber(&user, "INBOX").expect("renumbered");
        mirror.sync(&account(&server), &inbox(), last(3)).await;
        assert_eq!(mirror.renumbered, 1, "{rung:?}");
        assert_eq!(numbers(&mirror), [1, 2, 3, 8, 9], "{rung:?}: starred and written ones too");
        let headers = |source: &RemoteSource| matches!(source, RemoteSource::Headers(_));
        assert!(mirror.held.values().all(|message| headers(&message.source)), "{rung:?}");
    }
}

#[tokio::test]
async fn a_lost_position_takes_nothing_away_that_lies_outside_of_the_window() {
    for rung in rungs() {
        let Some(mut server) = dovecot(rung.clone()) else { return };
        ten_days(&mut server);
        let mut mirror = Mirror::default();
        mirror.sync(&account(&server), &inbox(), ALL).await;
        let mut phone = Phone::on(&server);
        phone.client.command("UID STORE 4 +FLAGS (\\Deleted)").expect("deleted");
        phone.client.command("EXPUNGE").expect("expunged");
        mirror.cursor = None;
        let known = PullOptions { known: true, ..last(3) };
        mirror.sync(&account(&server), &inbox(), known).await;
        let left = [1, 2, 3, 4, 5, 6, 8, 9, 10];
        assert_eq!(numbers(&mirror), left, "{rung:?}: only what was expunged is gone");
    }
}
