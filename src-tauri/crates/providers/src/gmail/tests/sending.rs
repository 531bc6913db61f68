//! Sending, looking for what may have left, and drafts.

use bytes::Bytes;
use deskbell_domain::MailboxRole;
use deskbell_domain::message::Flags;
use deskbell_domain::outgoing::{Found, OutgoingMessage, SendOutcome};
use deskbell_domain::port::{CopySink as _, MessageSink as _};
use deskbell_simulator::{Fault, GOOGLE_MODIFY, GOOGLE_READ};

use super::support::{DESK, Place};
use crate::conformance::mirror::{ALL, Mirror};
use crate::http::support::{Gate, mail, person};

const SEND: &str = "POST /upload/gmail/v1/users/me/messages/send";

/// A message with its source, an answer to `answered`.
fn written(token: &str, answered: Option<&str>) -> OutgoingMessage {
    let mut mail = mail(token, &["mara@client.example"]);
    mail.composition.bcc = vec![person(None, "book@studio.example")];
    mail.recipients.push("book@studio.example".into());
    mail.composition.in_reply_to = answered.map(str::to_owned);
    let reply = answered.map(|id| format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n"));
    mail.source = Bytes::from(format!(
        "Message-ID: <{token}>\r\nFrom: {DESK}\r\nTo: mara@client.example\r\nSubject: Re: Your visit\r\n{}\r\nSee you.\r\n",
        reply.unwrap_or_default()
    ));
    mail
}

fn sent_copies(place: &Place) -> usize {
    place.held().iter().filter(|(_, labels)| labels.iter().any(|label| label == "SENT")).count()
}

#[tokio::test]
async fn an_answer_goes_into_its_thread_under_its_own_name_and_leaves_a_copy() {
    let place = Place::new();
    place.deliver("Your visit");
    let gate = Gate::default();
    let mail = written("one@studio.example", Some("Your-visit@client.example"));
    let outcome = place.account.send(&mail, &gate).await;
    let SendOutcome::Accepted { remote_id: Some(id), refused } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(refused.is_empty() && gate.departed() == 1);
    let delivered = place.simulator.world().delivered.clone();
    let [delivery] = delivered.as_slice() else { panic!("{delivered:?}") };
    assert_eq!(delivery.message_id.as_deref(), Some("one@studio.example"), "its own Message-ID");
    assert_eq!(delivery.to, ["book@studio.example", "mara@client.example"], "the blind one too");
    let text = delivery.message.as_str().unwrap_or_default();
    assert!(!text.contains("book@studio.example"), "and unseen by the other");
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    let threads: Vec<_> = mirror.held.values().map(|m| m.thread.clone()).collect();
    assert_eq!(threads.len(), 2);
    assert_eq!(threads.first(), threads.last(), "one thread");
    assert_eq!(mirror.role_of("Re: Your visit"), Some(MailboxRole::Sent));
    assert_eq!(mirror.key_of("Re: Your visit").0, id);
    assert_eq!(place.account.saves_sent(), Some(true));
}

#[tokio::test]
async fn a_lost_answer_is_an_unknown_fate_that_can_be_found_out() {
    let place = Place::new();
    for (token, fault, expected) in [
        ("lost@studio.example", Fault::lost(SEND), true),
        ("swallowed@studio.example", Fault::swallowed(SEND), false),
    ] {
        place.simulator.fault(fault);
        let gate = Gate::default();
        let outcome = place.account.send(&written(token, None), &gate).await;
        assert!(matches!(outcome, SendOutcome::Unknown(_)), "{token}: {outcome:?}");
        assert_eq!(gate.departed(), 1);
        let found = place.account.find(token, None).await.expect("an answer");
        assert_eq!(matches!(found, Found::Yes(Some(_))), expected, "{token}: {found:?}");
    }
    assert_eq!(sent_copies(&place), 1, "nothing was sent by looking");
}

#[tokio::test]
async fn what_was_refused_has_not_left() {
    let place = Place::new();
    let limited = r#"{"error":{"code":403,"message":"User-rate limit exceeded.","errors":[{"domain":"usageLimits","reason":"userRateLimitExceeded"}],"status":"PERMISSION_DENIED"}}"#;
    place.simulator.fault(Fault::refused(SEND, 403, &[("retry-after", "7")], limited));
    let outcome = place.account.send(&written("a@studio.example", None), &Gate::default()).await;
    assert!(
        matches!(outcome, SendOutcome::Retry { after: Some(after), .. } if after.as_secs() == 7),
        "{outcome:?}"
    );
    place.simulator.fault(Fault::refused(SEND, 500, &[], "{}"));
    let outcome = place.account.send(&written("b@studio.example", None), &Gate::default()).await;
    assert!(matches!(outcome, SendOutcome::Unknown(_)), "trouble may come after it: {outcome:?}");
    let page = "<!doctype html><title>Error 502</title>";
    place.simulator.fault(Fault::refused(SEND, 502, &[("content-type", "text/html")], page));
    let outcome = place.account.send(&written("e@studio.example", None), &Gate::default()).await;
    assert!(matches!(outcome, SendOutcome::Unknown(_)), "whoever says it: {outcome:?}");
    let mut nobody = written("c@studio.example", None);
    nobody.source =
        Bytes::from_static(b"Message-ID: <c@studio.example>\r\nSubject: x\r\n\r\nx\r\n");
    nobody.recipients.clear();
    let outcome = place.account.send(&nobody, &Gate::default()).await;
    assert!(
        matches!(&outcome, SendOutcome::Rejected { message, .. } if message.contains("Recipient"))
    );
    let reader = Place::permitted(&[GOOGLE_READ]);
    let outcome = reader.account.send(&written("d@studio.example", None), &Gate::default()).await;
    assert!(
        matches!(&outcome, SendOutcome::SignIn(words) if words.contains("permission")),
        "{outcome:?}"
    );
    assert_eq!(sent_copies(&place) + sent_copies(&reader), 0);
}

#[tokio::test]
async fn a_draft_is_kept_found_and_erased_without_the_widest_permission() {
    let place = Place::permitted(&[GOOGLE_MODIFY]);
    place.deliver("Your visit");
    let source = written("draft@studio.example", Some("Your-visit@client.example")).source;
    let flags = Flags { seen: true, draft: true, ..Flags::default() };
    let kept = place.account.keep(MailboxRole::Drafts, &source, flags, 0).await.expect("kept");
    let name = kept.expect("it has a name");
    let copies = place.account.copies(MailboxRole::Drafts, "draft@studio.example").await;
    assert_eq!(copies.expect("found"), std::slice::from_ref(&name));
    let mut mirror = Mirror::default();
    place.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.role_of("Re: Your visit"), Some(MailboxRole::Drafts));
    let threads: Vec<_> = mirror.held.values().map(|m| m.thread.clone()).collect();
    assert_eq!(threads.first(), threads.last(), "beside what it answers");
    for _ in 0..2 {
        place.account.forget(std::slice::from_ref(&name)).await.expect("forgotten, twice");
    }
    place.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.subjects(), ["Your visit"]);
}
