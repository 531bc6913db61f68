//! The history leaves something out: once a day the ids and the labels tell, for a small part of a minute's quota.

use deskbell_domain::time::HOUR;
use tokio_util::sync::CancellationToken;

use crate::place::{DESK, Place};

const LETTERS: usize = 600;

fn letter(name: &str) -> Vec<u8> {
    let head =
        format!("Message-ID: <{name}@x.example>\r\nFrom: mara@client.example\r\nTo: {DESK}\r\n");
    format!("{head}Subject: {name}\r\n\r\nThis is {name}.\r\n").into_bytes()
}

/// Syncs; the quota units that cost.
async fn synced(place: &Place) -> u64 {
    let spent = || place.simulator.world().google.quota.spent;
    let before = spent();
    place.sync(&place.engine(), &CancellationToken::new()).await.expect("a sync");
    spent() - before
}

#[tokio::test]
async fn what_the_history_left_out_is_found_by_ids_and_labels_and_nothing_else_is_fetched() {
    let place = Place::new().await;
    let vip = place.there(|mailbox, _| mailbox.label("VIP"));
    let ids: Vec<String> = place.there(|mailbox, now| {
        let letters = (0..LETTERS).map(|n| mailbox.deliver(&letter(&format!("letter-{n}")), now));
        letters.collect()
    });
    place.there(|mailbox, _| mailbox.relabel(&ids[9], &[&vip], &[]));
    synced(&place).await;
    assert_eq!(place.ours().await, place.theirs());

    place.there(|mailbox, now| {
        mailbox.silently(|mailbox| {
            mailbox.erase(&ids[3]);
            mailbox.relabel(&ids[5], &["STARRED"], &["UNREAD"]);
            mailbox.relabel(&ids[7], &[&vip], &["INBOX"]);
            mailbox.relabel(&ids[9], &[], &[&vip]);
            mailbox.deliver(&letter("unannounced"), now)
        })
    });
    place.pass(23 * HOUR);
    synced(&place).await;
    assert_ne!(place.ours().await, place.theirs(), "the history is believed while the day lasts");
    place.pass(8 * HOUR);
    let spent = synced(&place).await;
    assert_eq!(place.ours().await, place.theirs(), "gone, read, moved, labelled and new");
    assert!(spent < 250, "six hundred messages cost 12,000 units, these listings and five {spent}");
    assert_eq!(place.number("SELECT count(*) FROM message WHERE body_state <> 1").await, 0);

    place.pass(HOUR);
    assert!(synced(&place).await < 20, "and once a day");
}
