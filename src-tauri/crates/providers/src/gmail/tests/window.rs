//! The history window: older mail is not listed, and what happens to it elsewhere is heard only where it is here.

use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::PullOptions;
use deskbell_domain::time::DAY;

use super::support::{DESK, Place, letter, scope};
use crate::conformance::mirror::{ALL, Mirror};

/// Ten letters: number n came n days ago; 9 is starred, 8 a draft. The instant it is.
fn ten_days(place: &Place) -> i64 {
    let mut world = place.simulator.world();
    let now = world.now;
    for n in (1..=10_i64).rev() {
        let labels: &[&str] = match n {
            9 => &["INBOX", "STARRED"],
            8 => &["DRAFT"],
            _ => &["INBOX", "UNREAD"],
        };
        world.google.mailbox(DESK).put(&letter(&format!("mail {n}")), labels, now - n * DAY);
    }
    now
}

fn window(now: i64, days: i64) -> PullOptions {
    // The clock is at a whole day in none of these stories; half a day keeps the letters apart.
    PullOptions { since: Some(now - days * DAY - DAY / 2), max_messages: 3, ..ALL }
}

fn numbers(mirror: &Mirror) -> Vec<u32> {
    let number = |subject: String| subject.strip_prefix("mail ")?.parse().ok();
    let mut numbers: Vec<u32> = mirror.subjects().into_iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

async fn total(place: &Place, mirror: &mut Mirror, options: PullOptions) -> Option<u64> {
    let mut told = None;
    loop {
        let page = place.account.pull(&scope(), mirror.cursor.as_ref(), options).await;
        let page = page.expect("a page");
        told = page.remote_total.or(told);
        if !mirror.apply(page) {
            return told;
        }
    }
}

#[tokio::test]
async fn only_the_window_is_listed_and_counted() {
    let place = Place::new();
    let now = ten_days(&place);
    let mut mirror = Mirror::default();
    let counted = total(&place, &mut mirror, window(now, 3)).await;
    assert_eq!(numbers(&mirror), [1, 2, 3, 8, 9], "and what is starred or a draft");
    assert_eq!(counted, Some(5));
    place.deliver("mail 11");
    place.sync(&mut mirror, window(now, 3)).await;
    assert!(numbers(&mirror).contains(&11), "what is new comes");
    assert_eq!(total(&place, &mut mirror, window(now, 2)).await, Some(5), "counted anew, once");
    assert_eq!(total(&place, &mut mirror, window(now, 2)).await, None, "not with every look");
}

#[tokio::test]
async fn a_wider_window_lists_what_lies_between() {
    let place = Place::new();
    let now = ten_days(&place);
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, window(now, 2)).await;
    mirror.order.clear();
    place.sync(&mut mirror, window(now, 6)).await;
    assert_eq!(numbers(&mirror), [1, 2, 3, 4, 5, 6, 8, 9]);
    assert!(mirror.order.len() <= 6, "little comes twice: {}", mirror.order.len());
    place.sync(&mut mirror, PullOptions { since: None, ..ALL }).await;
    assert_eq!(numbers(&mirror), (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn of_older_mail_a_star_is_heard_and_nothing_that_is_not_here() {
    let place = Place::new();
    let now = ten_days(&place);
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, window(now, 3)).await;
    let id = |subject: &str| {
        place.there(|mailbox| {
            let all = mailbox.all();
            let found = all.iter().find(|(_, m)| m.field("subject").as_deref() == Some(subject));
            found.map(|(id, _)| id.clone()).expect("the letter")
        })
    };
    let (ten, seven, nine) = (id("mail 10"), id("mail 7"), id("mail 9"));
    place.there(|mailbox| mailbox.relabel(&ten, &["STARRED"], &[]));
    place.there(|mailbox| mailbox.relabel(&seven, &[], &["UNREAD"]));
    place.there(|mailbox| mailbox.relabel(&nine, &[], &["STARRED"]));
    place.sync(&mut mirror, window(now, 3)).await;
    assert_eq!(numbers(&mirror), [1, 2, 3, 8, 9, 10]);
    let flags = mirror.flags_of("mail 9").expect("it is here");
    assert!(!flags.starred, "the star is gone from what is here");
}

#[tokio::test]
async fn a_forgotten_history_takes_nothing_starred_away() {
    let place = Place::new();
    let now = ten_days(&place);
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, window(now, 3)).await;
    place.there(|mailbox| mailbox.forget_history());
    place.deliver("mail 11");
    let lost = place.account.pull(&scope(), mirror.cursor.as_ref(), window(now, 3)).await;
    assert!(lost.is_err(), "the position is lost");
    mirror.relist(&place.account, &scope(), window(now, 3)).await;
    assert_eq!(numbers(&mirror), [1, 2, 3, 8, 9, 11]);
}
