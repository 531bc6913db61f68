//! Sending, and looking for what may have left.

use bytes::Bytes;
use deskbell_domain::outgoing::{Found, OutgoingMessage, SendOutcome};
use deskbell_domain::port::MessageSink as _;
use deskbell_simulator::{Fault, Simulator};

use super::super::GraphProvider;
use super::support::{OWN, SCOPES, TOKEN, account, elsewhere, simulator};
use crate::http::support::{Gate, full, mail};

const TO: &str = "mara@client.example";

/// A message with a source of its own.
fn written(token: &str) -> OutgoingMessage {
    let mut mail = mail(token, &[TO]);
    mail.source = source(token, "");
    mail
}

fn source(token: &str, more: &str) -> Bytes {
    format!(
        "Message-ID: <{token}>\r\nFrom: Ada <{OWN}>\r\nTo: {TO}\r\nSubject: Your visit\r\n{more}\r\nSee you on Friday.\r\n"
    )
    .into()
}

async fn send(account: &GraphProvider, token: &str) -> SendOutcome {
    account.send(&written(token), &Gate::default()).await
}

fn sent(simulator: &Simulator) -> usize {
    simulator.world().microsoft.mailbox(OWN).messages("sentitems").len()
}

fn drafts(simulator: &Simulator) -> usize {
    simulator.world().microsoft.mailbox(OWN).messages("drafts").len()
}

#[tokio::test]
async fn a_message_leaves_once_and_keeps_its_name() {
    let simulator = simulator();
    let account = account(&simulator);
    let gate = Gate::default();
    let mut message = full("one@studio.example");
    message.source = source("one@studio.example", "Cc: tom@client.example\r\n");
    let outcome = account.send(&message, &gate).await;
    let SendOutcome::Accepted { remote_id: Some(id), refused } = outcome else {
        panic!("{outcome:?}")
    };
    assert!(refused.is_empty());
    assert_eq!(gate.departed(), 1);
    assert_eq!((sent(&simulator), drafts(&simulator)), (1, 0), "Microsoft keeps the sent one");
    let found = account.find("one@studio.example", None).await.expect("asked");
    assert_eq!(found, Found::Yes(Some(id)), "the draft's id is the sent message's");
    let world = simulator.world();
    let delivery = &world.delivered[0];
    assert_eq!(delivery.to, [TO, "tom@client.example", "book@studio.example"]);
    assert_eq!(delivery.message_id.as_deref(), Some("one@studio.example"));
    let source = delivery.message["source"].as_str().expect("a source");
    assert!(!source.contains("book@studio.example"), "nobody sees the blind copy: {source}");
}

#[tokio::test]
async fn a_lost_answer_is_looked_into_and_nothing_is_sent_twice() {
    for (carried_out, expected) in [(true, 1), (false, 0)] {
        let simulator = simulator();
        let account = account(&simulator);
        let id = "POST /v1.0/me/messages/";
        simulator.fault(if carried_out { Fault::lost(id) } else { Fault::swallowed(id) });
        let outcome = send(&account, "one@x").await;
        assert!(matches!(outcome, SendOutcome::Unknown(_)), "{outcome:?}");
        let found = account.find("one@x", None).await.expect("asked");
        assert_eq!(matches!(found, Found::Yes(Some(_))), carried_out, "{found:?}");
        assert_eq!(found == Found::No, !carried_out);
        assert_eq!(drafts(&simulator), 0, "what did not leave cannot leave later");
        assert_eq!(simulator.world().delivered.len(), expected);
    }
}

#[tokio::test]
async fn what_fails_before_the_draft_is_sent_has_not_left() {
    let simulator = simulator();
    let account = account(&simulator);
    for fault in [
        Fault::refused("POST /v1.0/me/mailFolders", 429, &[("retry-after", "7")], "{}"),
        Fault::refused("POST /v1.0/me/mailFolders", 503, &[], "{}"),
        Fault::lost("POST /v1.0/me/mailFolders"),
    ] {
        simulator.fault(fault);
        let gate = Gate::default();
        let outcome = account.send(&written("one@x"), &gate).await;
        assert!(matches!(outcome, SendOutcome::Retry { .. }), "{outcome:?}");
        assert_eq!(gate.departed(), 0, "nothing was about to leave");
    }
    assert!(simulator.world().delivered.is_empty());
}

#[tokio::test]
async fn a_pause_asked_for_at_the_last_step_is_kept() {
    let simulator = simulator();
    let account = account(&simulator);
    simulator.fault(Fault::refused(
        "POST /v1.0/me/messages/",
        429,
        &[("retry-after", "9")],
        r#"{"error":{"code":"ApplicationThrottled","message":"slow down"}}"#,
    ));
    let outcome = send(&account, "one@x").await;
    let nine = Some(std::time::Duration::from_secs(9));
    assert!(matches!(outcome, SendOutcome::Retry { after, .. } if after == nine), "{outcome:?}");
    assert_eq!(drafts(&simulator), 0, "its draft is taken away");
}

#[tokio::test]
async fn refusals_are_told_in_plain_words() {
    let simulator = simulator();
    let account = account(&simulator);
    let mut foreign = written("one@x");
    foreign.source =
        b"From: boss@studio.example\r\nTo: mara@client.example\r\n\r\nHi\r\n".as_slice().into();
    let outcome = account.send(&foreign, &Gate::default()).await;
    let SendOutcome::Rejected { code, message, .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(code, "ErrorSendAsDenied");
    assert!(message.contains("choose another sender"), "{message}");
    simulator.world().microsoft.sign_in(TOKEN, OWN, &SCOPES[..2]);
    let outcome = send(&account, "two@x").await;
    assert!(
        matches!(&outcome, SendOutcome::SignIn(words) if words.contains("sign in again and allow")),
        "{outcome:?}"
    );
    assert_eq!(drafts(&simulator), 0, "nothing is left behind");
}

#[tokio::test]
async fn large_files_go_range_by_range_and_arrive_whole() {
    let simulator = simulator();
    let account = account(&simulator);
    let mut message = full("large@studio.example");
    message.composition.bcc.clear();
    message.source = source("large@studio.example", "References: <first@client.example>\r\n")
        .iter()
        .copied()
        .chain(std::iter::repeat_n(b'x', 9 * 1024 * 1024))
        .collect::<Vec<u8>>()
        .into();
    let large: Vec<u8> = (0..9_000_000_u32).map(|number| (number % 251) as u8).collect();
    message.files[0].1 = large.clone().into();
    let outcome = account.send(&message, &Gate::default()).await;
    assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    elsewhere(&simulator, |mailbox, _| {
        let sent = mailbox.messages("sentitems")[0];
        let files: Vec<_> =
            sent.attachments.iter().map(|file| (file.name.as_str(), file.bytes.len())).collect();
        assert_eq!(files, [("plan.pdf", large.len()), ("logo.png", 5)]);
        assert_eq!(sent.attachments[0].bytes, large, "every byte arrived, in order");
        assert_eq!(sent.attachments[1].content_id.as_deref(), Some("logo"));
        let source = String::from_utf8_lossy(&sent.source()).into_owned();
        assert!(source.contains("References: <first@client.example>"), "it stays in its thread");
        assert_eq!(sent.message_id, "<large@studio.example>");
    });
    let world = simulator.world();
    let ranges: Vec<_> = world
        .journal
        .iter()
        .filter(|entry| entry.method == "PUT")
        .map(|entry| entry.header("content-range").unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        ranges,
        [
            "bytes 0-3932159/9000000",
            "bytes 3932160-7864319/9000000",
            "bytes 7864320-8999999/9000000"
        ]
    );
}
