//! What was handed over and not answered, handed over again.

use deskbell_domain::outgoing::SendOutcome;
use deskbell_domain::port::MessageSink as _;
use deskbell_simulator::{Fault, ResendReader};

use super::{EMAILS, HALF_A_DAY, SECOND, account, send, simulator};
use crate::http::support::{Gate, mail};

#[tokio::test]
async fn only_the_very_same_request_is_handed_over_again_and_only_within_a_day() {
    let simulator = simulator();
    simulator.world().resend.suppressed.insert("gone@client.example".into(), "bounce".into());
    simulator.world().resend.readers.insert("new@client.example".into(), ResendReader::Bounces);
    let message =
        mail("one@x", &["mara@client.example", "gone@client.example", "new@client.example"]);
    (0..4).for_each(|_| simulator.fault(Fault::lost(EMAILS)));
    let gate = Gate::default();
    let outcome = account(&simulator).send(&message, &gate).await;
    assert!(matches!(outcome, SendOutcome::Unknown(_)), "{outcome:?}");
    let note = gate.note().expect("kept");
    // It came back from one of them meanwhile, who is suppressed now; the request stays what it was.
    simulator.advance(10 * SECOND);
    let settled = account(&simulator).repeat(&message, &note, HALF_A_DAY).await.expect("asked");
    let Some(SendOutcome::Accepted { refused, .. }) = &settled else { panic!("{settled:?}") };
    assert_eq!(refused.len(), 1, "who was left out is still said: {refused:?}");
    let posts = || simulator.world().journal.iter().filter(|one| one.method == "POST").count();
    let before = posts();
    let other = mail("one@x", &["mara@client.example"]);
    for (what, message, age) in [
        ("another message", &other, HALF_A_DAY),
        ("a key that is forgotten", &message, 2 * HALF_A_DAY),
    ] {
        let told = account(&simulator).repeat(message, &note, age).await.expect("an answer");
        assert!(told.is_none(), "{what} is not handed over: {told:?}");
    }
    assert_eq!(posts(), before, "nothing left");
    assert_eq!(simulator.world().delivered.len(), 1, "exactly once");
}

#[tokio::test]
async fn what_is_said_to_a_message_handed_over_again_is_believed_only_where_it_tells() {
    let simulator = simulator();
    let (gate, message) = (Gate::default(), mail("one@x", &["mara@client.example"]));
    (0..4).for_each(|_| simulator.fault(Fault::swallowed(EMAILS)));
    account(&simulator).send(&message, &gate).await;
    let note = gate.note().expect("kept");
    let json = |name: &str| format!(r#"{{"statusCode":0,"name":"{name}","message":"because"}}"#);
    for (status, name) in
        [(429, "rate_limit_exceeded"), (500, "x"), (401, "validation_error"), (409, "x")]
    {
        simulator.fault(Fault::refused(EMAILS, status, &[], &json(name)));
        let told = account(&simulator).repeat(&message, &note, HALF_A_DAY).await;
        assert!(told.is_err(), "{status} says nothing of the message: {told:?}");
    }
    simulator.fault(Fault::refused(EMAILS, 409, &[], &json("invalid_idempotent_request")));
    let told = account(&simulator).repeat(&message, &note, HALF_A_DAY).await.expect("asked");
    assert!(told.is_none(), "it is looked for, or a person decides: {told:?}");
    simulator.fault(Fault::refused(EMAILS, 422, &[], &json("validation_error")));
    let told = account(&simulator).repeat(&message, &note, HALF_A_DAY).await.expect("asked");
    assert!(matches!(told, Some(SendOutcome::Rejected { .. })), "it was never taken: {told:?}");
}

#[tokio::test]
async fn a_pause_asked_for_after_a_lost_answer_does_not_unsay_that_it_may_have_left() {
    let simulator = simulator();
    simulator.fault(Fault::lost(EMAILS));
    (0..3).for_each(|_| simulator.fault(Fault::refused(EMAILS, 429, &[], "{}")));
    let outcome = send(&account(&simulator), "one@x").await;
    assert!(matches!(outcome, SendOutcome::Unknown(_)), "it was taken: {outcome:?}");
    assert_eq!(simulator.world().delivered.len(), 1);
}
