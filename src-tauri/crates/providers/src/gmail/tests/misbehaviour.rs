//! What goes wrong on the way: each a plain error, nothing lost, no loop.

use std::sync::atomic::Ordering;

use deskbell_domain::ProviderError;
use deskbell_domain::port::{MessageSource as _, StateSink as _};
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_simulator::{Fault, GOOGLE_SEND};

use super::support::{DESK, Place, scope};
use crate::conformance::mirror::{ALL, Mirror};

const HISTORY: &str = "GET /gmail/v1/users/me/history";
const BATCH: &str = "POST /batch/gmail/v1";

async fn settled() -> (Place, Mirror) {
    let place = Place::new();
    place.deliver("first");
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    (place, mirror)
}

async fn pull(
    place: &Place,
    mirror: &Mirror,
) -> Result<deskbell_domain::sync::Page, ProviderError> {
    place.account.pull(&scope(), mirror.cursor.as_ref(), ALL).await
}

#[tokio::test]
async fn a_token_that_expires_is_renewed_once_and_nobody_notices() {
    let (place, mut mirror) = settled().await;
    place.simulator.world().google.oauth.expire_access();
    place.deliver("second");
    place.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.held.len(), 2);
    assert_eq!(place.tokens.renewed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_turned_away_within_a_batch_is_renewed_too() {
    let (place, mut mirror) = settled().await;
    place.deliver("second");
    place.sync(&mut mirror, ALL).await;
    place.simulator.world().google.oauth.expire_access();
    let keys: Vec<RemoteKey> = mirror.held.keys().cloned().collect();
    let bodies = place.account.bodies(&scope(), None, &keys).await.expect("bodies");
    assert_eq!(bodies.len(), 2);
    assert_eq!(place.tokens.renewed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_sign_in_taken_back_is_said_at_once_and_forgets_nothing() {
    let place = Place::new().signed_in().await;
    place.deliver("first");
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    place.simulator.world().google.oauth.revoke_user(DESK);
    place.deliver("second");
    let asked = place.simulator.world().journal.len();
    for _ in 0..3 {
        let outcome = pull(&place, &mirror).await;
        assert!(matches!(outcome, Err(ProviderError::Auth(_))), "{outcome:?}");
    }
    let asked: Vec<String> = {
        let world = place.simulator.world();
        world.journal[asked..].iter().map(|entry| entry.path.clone()).collect()
    };
    let renewals = asked.iter().filter(|path| *path == "/token").count();
    assert_eq!(renewals, 1, "the refresh token is tried once: {asked:?}");
    assert_eq!(asked.len(), 2, "and nothing more is asked than what was turned away: {asked:?}");
    let place = place.signed_in().await;
    place.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.held.len(), 2, "signed in again, it goes on where it was");
}

#[tokio::test]
async fn a_missing_permission_is_no_rate_limit() {
    let place = Place::permitted(&[GOOGLE_SEND]);
    let outcome = pull(&place, &Mirror::default()).await;
    assert!(
        matches!(&outcome, Err(ProviderError::Auth(words)) if words.contains("boxes ticked")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn too_often_is_a_pause_in_each_of_its_forms() {
    let (place, mut mirror) = settled().await;
    place.deliver("second");
    let body = |reason: &str| {
        format!(r#"{{"error":{{"code":403,"errors":[{{"reason":"{reason}"}}],"message":"x"}}}}"#)
    };
    for (status, body) in [
        (403, body("rateLimitExceeded")),
        (403, body("userRateLimitExceeded")),
        (429, "{}".to_owned()),
        (429, String::new()),
    ] {
        place.simulator.fault(Fault::refused(HISTORY, status, &[("retry-after", "3")], &body));
        let outcome = pull(&place, &mirror).await;
        let Err(ProviderError::RateLimited { after }) = outcome else { panic!("{outcome:?}") };
        assert_eq!(after.map(|after| after.as_secs()), Some(3));
    }
    place.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.held.len(), 2);
}

#[tokio::test]
async fn a_refusal_that_is_not_googles_refuses_nothing() {
    let (place, mut mirror) = settled().await;
    place.deliver("second");
    for (status, kind, body) in [
        (403, "text/plain", "Forbidden by the web filter of this office"),
        (403, "application/json", r#"{"reason":"policy"}"#),
        (407, "text/plain", ""),
        (400, "text/plain", "Bad Request"),
    ] {
        place.simulator.fault(Fault::refused(HISTORY, status, &[("content-type", kind)], body));
        let outcome = pull(&place, &mirror).await;
        assert!(
            matches!(&outcome, Err(ProviderError::Protocol(words)) if words.contains(&status.to_string())),
            "{status} {body}: {outcome:?}"
        );
    }
    place.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.held.len(), 2);
}

#[tokio::test]
async fn a_page_of_the_network_an_endless_answer_and_half_an_answer_are_told_apart() {
    let (place, mut mirror) = settled().await;
    place.deliver("second");
    let portal = "<!doctype html><title>Welcome to the hotel</title>";
    let html = [("content-type", "text/html")];
    let endless = format!("{{\"history\":\"{}\"}}", "x".repeat(6 * 1024 * 1024));
    for (at, fault, expected) in [
        (HISTORY, Fault::refused(HISTORY, 200, &html, portal), "web page"),
        (HISTORY, Fault::refused(HISTORY, 200, &[], &endless), "larger than"),
        (HISTORY, Fault::refused(HISTORY, 200, &[], "{\"historyId\":\"1\",\"hist"), "cut short"),
        (HISTORY, Fault::lost(HISTORY), "broke"),
        (HISTORY, Fault::refused(HISTORY, 503, &[], ""), "trouble of its own"),
        (BATCH, Fault::refused(BATCH, 200, &html, portal), "web page"),
        (BATCH, Fault::refused(BATCH, 200, &[], "no parts"), "cut short"),
        (BATCH, Fault::lost(BATCH), "broke"),
    ] {
        place.simulator.fault(fault);
        let asked = place.simulator.world().journal.len();
        let outcome = pull(&place, &mirror).await;
        let words = outcome.expect_err("an error").to_string();
        assert!(words.contains(expected), "{at}: {words}");
        assert!(place.simulator.world().journal.len() <= asked + 3, "{at}: no loop");
        assert!(!words.contains("hotel"), "the network's words are not repeated");
    }
    place.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.held.len(), 2, "and nothing was lost");
}

#[tokio::test]
async fn json_of_somebody_else_is_not_taken_for_an_empty_mailbox() {
    let (place, _) = settled().await;
    for answer in ["{}", r#"{"status":"please sign in to this network"}"#] {
        let list = "GET /gmail/v1/users/me/messages";
        place.simulator.fault(Fault::refused(list, 200, &[], answer));
        let words = pull(&place, &Mirror::default()).await.expect_err("no listing").to_string();
        assert!(words.contains("could not be read"), "{answer}: {words}");
    }
}

#[tokio::test]
async fn parts_of_a_batch_that_were_too_many_are_asked_for_again() {
    let (place, mut mirror) = settled().await;
    for number in 0..4 {
        place.deliver(&format!("new {number}"));
    }
    // Enough for the history and two of the four.
    let spent_before = {
        let mut world = place.simulator.world();
        world.google.quota.per_minute = 45;
        world.now += 60_000;
        world.google.quota.refused
    };
    let mut rounds = 0;
    while mirror.held.len() < 5 {
        rounds += 1;
        assert!(rounds < 20, "it comes to an end");
        match pull(&place, &mirror).await {
            Ok(page) => _ = mirror.apply(page),
            Err(ProviderError::RateLimited { .. }) => {
                place.simulator.world().google.quota.per_minute += 20;
                place.simulator.advance(60_000);
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(place.simulator.world().google.quota.refused > spent_before, "some were refused");
}

#[tokio::test]
async fn many_copies_are_changed_in_one_request() {
    let place = Place::new();
    for number in 0..30 {
        place.deliver(&format!("letter {number}"));
    }
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    let keys: Vec<RemoteKey> = mirror.held.keys().cloned().collect();
    let asked = place.simulator.world().journal.len();
    let edit = StateEdit::Seen { value: true };
    let outcomes = place.account.apply(&scope(), None, &keys, &edit).await.expect("done");
    assert_eq!(outcomes.len(), 30);
    assert_eq!(place.simulator.world().journal.len(), asked + 1);
    place.sync(&mut mirror, ALL).await;
    assert!(mirror.held.values().all(|m| m.flags.seen));
}
