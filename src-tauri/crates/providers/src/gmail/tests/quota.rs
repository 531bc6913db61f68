//! What a sync costs: a full one never meets a refusal, and says how much it took.

use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::{PullOptions, RemoteSource};

use super::support::{DESK, Place, letter, scope};
use crate::conformance::mirror::{ALL, Mirror};

fn filled(messages: usize) -> Place {
    let place = Place::new();
    let mut world = place.simulator.world();
    for number in 0..messages {
        world.now += 1_000;
        let now = world.now;
        world.google.mailbox(DESK).deliver(&letter(&format!("letter {number}")), now);
    }
    drop(world);
    place
}

#[tokio::test]
async fn a_full_sync_stays_under_the_quota_and_pays_for_each_message_once() {
    let place = filled(1_000);
    let began = place.simulator.world().now;
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    let world = place.simulator.world();
    let quota = &world.google.quota;
    assert_eq!(mirror.held.len(), 1_000);
    let whole = mirror.held.values().all(|m| matches!(m.source, RemoteSource::Full(_)));
    assert!(whole, "every message came whole at once");
    assert_eq!(quota.refused, 0, "no request was one too many");
    let requests = world.journal.len();
    println!(
        "1,000 messages: {} calls in {requests} requests, {} units, {} s at 6,000 units a minute",
        quota.calls,
        quota.spent,
        (world.now - began) / 1_000
    );
    assert!(quota.spent < 20_000 + 400, "{} units: twenty a message and little else", quota.spent);
    assert!(requests < 80, "{requests} requests for twenty pages");
    let minutes = (world.now - began) as f64 / 60_000.0;
    assert!(minutes < 4.2, "{minutes} minutes: nothing but the quota holds it up");
}

#[tokio::test]
async fn the_first_list_comes_before_anything_dear() {
    let place = filled(500);
    let began = place.simulator.world().now;
    let glimpse = PullOptions { max_messages: 200, bodies: false, ..ALL };
    let page = place.account.pull(&scope(), None, glimpse).await.expect("a page");
    let mut mirror = Mirror::default();
    mirror.apply(page);
    let newest: Vec<String> = mirror.order.iter().take(1).map(|key| key.0.clone()).collect();
    assert_eq!(mirror.held.len(), 50, "fifty rows");
    assert_eq!(newest, [mirror.key_of("letter 499").0], "the newest first");
    let world = place.simulator.world();
    assert_eq!(world.now, began, "without a pause");
    assert!(world.google.quota.spent <= 1_010, "{} units", world.google.quota.spent);
}

#[tokio::test]
async fn a_round_without_news_costs_next_to_nothing() {
    let place = filled(60);
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    let before = place.simulator.world().google.quota.spent;
    place.sync(&mut mirror, ALL).await;
    let after = place.simulator.world().google.quota.spent;
    assert_eq!(after - before, 2, "one look at the history");
}

#[tokio::test]
async fn somebody_else_spends_the_quota_and_the_sync_goes_on_all_the_same() {
    let place = filled(200);
    place.simulator.world().google.quota.per_minute = 2_500;
    let mut mirror = Mirror::default();
    let mut refusals = 0;
    loop {
        let pulled = place.account.pull(&scope(), mirror.cursor.as_ref(), ALL).await;
        match pulled {
            Ok(page) => {
                if !mirror.apply(page) {
                    break;
                }
            }
            Err(deskbell_domain::ProviderError::RateLimited { .. }) => {
                refusals += 1;
                assert!(refusals < 50, "it comes to an end");
                place.simulator.advance(15_000);
            }
            Err(other) => panic!("a rate limit is a rate limit: {other:?}"),
        }
    }
    assert_eq!(mirror.held.len(), 200, "nothing is missing");
}
