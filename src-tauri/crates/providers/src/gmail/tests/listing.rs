//! Listing and hearing: whatever Gmail forgets meanwhile, nothing is missed.

use deskbell_domain::MailboxRole;
use deskbell_domain::ProviderError;
use deskbell_domain::message::Flags;
use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::{PullOptions, RemoteSource};

use super::support::{DESK, Place, hinted, letter, scope};
use crate::conformance::mirror::{ALL, Mirror};

const FEW: PullOptions = PullOptions { max_messages: 3, ..ALL };

#[tokio::test]
async fn a_listing_goes_on_where_its_page_was_forgotten() {
    let place = Place::new();
    for number in 0..10 {
        place.deliver(&format!("letter {number}"));
    }
    place.simulator.world().google.page_tokens_live = Some(60_000);
    let mut mirror = Mirror::default();
    for _ in 0..2 {
        let page = place.account.pull(&scope(), mirror.cursor.as_ref(), FEW).await.expect("a page");
        assert!(mirror.apply(page));
    }
    place.simulator.advance(120_000);
    let place = place.again();
    place.sync(&mut mirror, FEW).await;
    assert_eq!(mirror.held.len(), 10, "all of it: {:?}", mirror.subjects());
    let again = mirror.order.len() - mirror.held.len();
    assert!(again <= 2, "and hardly anything twice: {again}");
}

#[tokio::test]
async fn what_is_new_does_not_wait_for_the_end_of_a_listing() {
    let place = Place::new();
    for number in 0..10 {
        place.deliver(&format!("letter {number}"));
    }
    let mut mirror = Mirror::default();
    let page = place.account.pull(&scope(), None, FEW).await.expect("a page");
    mirror.apply(page);
    place.deliver("urgent");
    let oldest = place.there(|mailbox| mailbox.all().keys().next().cloned()).expect("a letter");
    place.there(|mailbox| mailbox.relabel(&oldest, &["STARRED"], &["UNREAD"]));
    let page = place.account.pull(&scope(), mirror.cursor.as_ref(), FEW).await.expect("a page");
    assert!(mirror.apply(page), "the listing is not at its end");
    assert!(mirror.subjects().contains(&"urgent".to_owned()), "but what is new is here");
    place.sync(&mut mirror, FEW).await;
    let flags = Flags { seen: true, starred: true, ..Flags::default() };
    assert_eq!(mirror.flags_of("letter 0"), Some(flags), "what changed before it was listed");
    assert_eq!(mirror.held.len(), 11);
}

#[tokio::test]
async fn a_history_that_was_forgotten_is_a_lost_position_and_listed_by_headers() {
    let place = Place::new();
    for number in 0..4 {
        place.deliver(&format!("letter {number}"));
    }
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    place.deliver("missed");
    place.there(|mailbox| mailbox.forget_history());
    let lost = place.account.pull(&scope(), mirror.cursor.as_ref(), ALL).await;
    assert!(matches!(lost, Err(ProviderError::CursorLost(key)) if key == "all"));
    let mut anew = Mirror::default();
    place.sync(&mut anew, ALL).await;
    assert_eq!(anew.held.len(), 5);
    let bare = anew.held.values().all(|m| matches!(m.source, RemoteSource::Headers(_)));
    assert!(bare, "what is here already is not fetched again");
    let sizes = |mirror: &Mirror| mirror.held.get(&mirror.key_of("letter 1")).map(|m| m.size);
    assert_eq!(sizes(&anew), sizes(&mirror), "and is known again by its size");
}

#[tokio::test]
async fn what_is_compared_as_a_whole_is_listed_by_headers_to_its_end() {
    let place = Place::new();
    for number in 0..10 {
        place.deliver(&format!("letter {number}"));
    }
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, FEW).await;
    let whole =
        |m: &Mirror| m.held.values().filter(|m| matches!(m.source, RemoteSource::Full(_))).count();
    assert_eq!(whole(&mirror), 10);
    let before: Vec<_> = mirror.held.values().map(|m| m.known_by).collect();
    assert!(before.iter().all(Option::is_some), "Gmail names its messages");
    assert!(place.account.lists(), "most of the time its ids tell enough");
    mirror.relist(&place.account, &scope(), PullOptions { bodies: false, ..FEW }).await;
    assert_eq!((mirror.held.len(), whole(&mirror)), (10, 0), "not one body, on no page");
    let after: Vec<_> = mirror.held.values().map(|m| m.known_by).collect();
    assert_eq!(after, before, "and each is known again by its name");
}

#[tokio::test]
async fn a_message_gone_between_two_answers_is_gone_and_no_error() {
    let place = Place::new();
    place.deliver("stays");
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    let ids: Vec<String> = (0..3).map(|n| place.deliver(&format!("short-lived {n}"))).collect();
    place.there(|mailbox| {
        mailbox.relabel(&ids[0], &["STARRED"], &[]);
        mailbox.erase(&ids[0]);
        mailbox.erase(&ids[2]);
    });
    place.sync(&mut mirror, PullOptions { max_messages: 2, ..ALL }).await;
    let mut subjects = mirror.subjects();
    subjects.sort();
    assert_eq!(subjects, ["short-lived 1", "stays"]);
}

#[tokio::test]
async fn large_messages_are_listed_and_fetched_alone() {
    let place = Place::new();
    let mut large = letter("large");
    large.extend(std::iter::repeat_n(b'x', 700_000));
    let now = place.simulator.world().now;
    place.there(|mailbox| mailbox.deliver(&large, now));
    place.deliver("small");
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    let is_whole = |subject: &str| {
        let message = mirror.held.get(&mirror.key_of(subject)).expect("held");
        matches!(message.source, RemoteSource::Full(_))
    };
    assert!(is_whole("small") && !is_whole("large"));
    let key = mirror.key_of("large");
    let bodies = place.account.bodies(&scope(), None, &[key]).await.expect("a body");
    assert_eq!(bodies.first().map(|body| body.source.len()), Some(large.len()));
}

#[tokio::test]
async fn places_threads_and_labels_come_with_a_message_and_change_after_it() {
    let place = Place::new();
    let vip = place.there(|mailbox| mailbox.label("Clients/VIP ★"));
    let first = place.deliver("Your visit");
    place.there(|mailbox| mailbox.relabel(&first, &[&vip, "IMPORTANT"], &[]));
    let answer = b"Message-ID: <answer@studio.example>\r\nIn-Reply-To: <Your-visit@client.example>\r\nFrom: desk@studio.example\r\nTo: mara@client.example\r\nSubject: Re: Your visit\r\n\r\nYes.\r\n";
    let now = place.simulator.world().now;
    place.there(|mailbox| {
        mailbox.put(answer, &["SENT"], now);
        mailbox.put(&letter("draft"), &["DRAFT"], now);
        mailbox.put(&letter("spam"), &["SPAM", "UNREAD"], now);
        mailbox.put(&letter("done"), &[], now);
        mailbox.put(&letter("chat"), &["CHAT"], now);
    });
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.labels_of("Your visit"), ["Clients/VIP ★"], "a person's labels alone");
    for (subject, role) in [
        ("Your visit", MailboxRole::Inbox),
        ("Re: Your visit", MailboxRole::Sent),
        ("draft", MailboxRole::Drafts),
        ("spam", MailboxRole::Spam),
        ("done", MailboxRole::Archive),
    ] {
        assert_eq!(mirror.role_of(subject), Some(role), "{subject}");
    }
    assert!(!mirror.subjects().contains(&"chat".to_owned()), "a chat is no mail");
    assert!(mirror.flags_of("draft").expect("held").draft);
    let thread =
        |subject: &str| mirror.held.get(&mirror.key_of(subject)).and_then(|m| m.thread.clone());
    assert!(thread("Your visit").is_some() && thread("Your visit") == thread("Re: Your visit"));
    assert_ne!(thread("Your visit"), thread("done"));
    let new = place.there(|mailbox| {
        let new = mailbox.label("Later");
        mailbox.relabel(&first, &[&new, "TRASH"], &[&vip]);
        new
    });
    place.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.role_of("Your visit"), Some(MailboxRole::Trash));
    assert_eq!(mirror.labels_of("Your visit"), ["Later"], "{new} was looked up");
}

#[tokio::test]
async fn a_label_renamed_there_is_told_of_every_message_that_carries_it() {
    let place = Place::new();
    let vip = place.there(|mailbox| mailbox.label("VIP"));
    for number in 0..5 {
        let id = place.deliver(&format!("letter {number}"));
        if number > 0 {
            place.there(|mailbox| mailbox.relabel(&id, &[&vip], &[]));
        }
    }
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, FEW).await;
    place.there(|mailbox| mailbox.rename_label(&vip, "Wichtig"));
    // A round begins with the scopes, and looks at the labels anew.
    place.account.scopes().await.expect("one scope");
    let pages = place.sync(&mut mirror, FEW).await;
    assert!(pages > 1, "page by page");
    for number in 1..5 {
        assert_eq!(mirror.labels_of(&format!("letter {number}")), ["Wichtig"]);
    }
    assert!(mirror.labels_of("letter 0").is_empty());
    let spent = place.simulator.world().google.quota.spent;
    place.account.scopes().await.expect("one scope");
    place.sync(&mut mirror, FEW).await;
    let after = place.simulator.world().google.quota.spent;
    assert_eq!(after - spent, 3, "and once: one look at the history, one at the labels");
}

#[tokio::test]
async fn a_watch_ends_with_the_first_change() {
    let place = Place::new();
    place.deliver("before");
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    place.sync(&mut mirror, ALL).await;
    let mut watching = std::pin::pin!(hinted(&place));
    let early = tokio::time::timeout(std::time::Duration::from_millis(200), &mut watching).await;
    assert!(early.is_err(), "nothing has changed");
    let now = place.simulator.world().now;
    place.simulator.world().google.mailbox(DESK).deliver(&letter("after"), now);
    assert_eq!(watching.await, ["all"]);
}

/// Syncs to the end; how many messages Gmail is said to hold in the end, and what was last said of it.
async fn counted(place: &Place, mirror: &mut Mirror) -> Option<u64> {
    loop {
        let page = place.account.pull(&scope(), mirror.cursor.as_ref(), ALL).await;
        let page = page.expect("a page");
        let told = page.remote_total;
        if !mirror.apply(page) {
            return told;
        }
    }
}

#[tokio::test]
async fn the_mailbox_is_counted_anew_when_messages_came_or_went() {
    let place = Place::new();
    let first = place.deliver("first");
    place.deliver("second");
    let mut mirror = Mirror::default();
    assert_eq!(counted(&place, &mut mirror).await, Some(2));
    place.deliver("third");
    assert_eq!(counted(&place, &mut mirror).await, Some(3));
    place.there(|mailbox| mailbox.erase(&first));
    assert_eq!(counted(&place, &mut mirror).await, Some(2));
    assert_eq!(mirror.held.len(), 2, "as many as are here");
}

#[tokio::test]
async fn of_a_mailbox_with_chats_no_number_is_told_that_they_may_be_part_of() {
    let place = Place::new();
    place.deliver("first");
    let now = place.simulator.world().now;
    place.there(|mailbox| mailbox.put(&letter("a chat"), &["CHAT"], now));
    let mut mirror = Mirror::default();
    assert_eq!(counted(&place, &mut mirror).await, None);
    assert_eq!(mirror.held.len(), 1, "chats are no mail");
    place.deliver("second");
    assert_eq!(counted(&place, &mut mirror).await, None);
}
