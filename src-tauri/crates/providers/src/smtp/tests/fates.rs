//! What is said of a message, and what became of it, when something goes wrong at each step.

use std::time::Duration;

use deskbell_domain::outgoing::SendOutcome;
use deskbell_domain::port::MessageSink as _;
use deskbell_testbed::{Fault, Moment};

use super::support::{
    Gate, accepted, mail, send, sender, server, settings, until, with, with_source,
};
use crate::smtp::pace::Pace;

#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Accepted,
    Retry,
    Later,
    Rejected,
    SignIn,
    Unknown,
}

fn fate(outcome: &SendOutcome) -> Fate {
    match outcome {
        SendOutcome::Accepted { .. } | SendOutcome::Partly { .. } => Fate::Accepted,
        SendOutcome::Later { .. } => Fate::Later,
        SendOutcome::Retry { .. } => Fate::Retry,
        SendOutcome::Rejected { .. } => Fate::Rejected,
        SendOutcome::SignIn(_) => Fate::SignIn,
        SendOutcome::Unknown(_) => Fate::Unknown,
    }
}

#[tokio::test]
async fn who_was_refused_is_known_before_the_verdict_can_be_lost() {
    let server = server();
    server.refuse("gone@y.example", "550 5.1.1 no such user");
    server.refuse("grey@y.example", "450 4.2.0 come back later");
    server.fault(Moment::Verdict, Fault::Drop);
    let (sender, gate) = (sender(&server), Gate::default());
    let to = ["bob@y.example", "gone@y.example", "grey@y.example"];
    let outcome = sender.send(&mail("one@x", &to), &gate).await;
    assert_eq!(fate(&outcome), Fate::Unknown, "{outcome:?}");
    let known = gate.known.lock().expect("nobody panicked").clone();
    assert_eq!(known.refused[0].address, "gone@y.example", "{known:?}");
    assert_eq!(known.later[0].address, "grey@y.example", "{known:?}");
}

/// Waits only briefly for what comes at this moment, where the server is silent for good.
fn brief_at(moment: Moment) -> Pace {
    let brief = Duration::from_secs(1);
    match moment {
        Moment::Greeting | Moment::Ehlo => Pace { greeting: brief, ..Pace::default() },
        Moment::Body | Moment::End | Moment::Verdict => Pace { verdict: brief, ..Pace::default() },
        _ => Pace { command: brief, ..Pace::default() },
    }
}

#[tokio::test]
async fn only_a_lost_verdict_leaves_a_fate_unknown() {
    let refusing = |reply: &str| Fault::Reply(reply.into());
    for moment in Moment::EVERY {
        for fault in [
            Fault::Drop,
            Fault::Silence,
            Fault::Garbage,
            refusing("421 4.3.2 going down"),
            refusing("451 4.3.0 not now"),
            refusing("554 5.7.1 never"),
        ] {
            // A refusal in the middle of a message says nothing: it is read as the verdict, too early.
            let spoken = matches!(fault, Fault::Reply(_) | Fault::Garbage);
            if moment == Moment::Body && spoken {
                continue;
            }
            let server = server();
            server.fault(moment, fault.clone());
            let pace = if fault == Fault::Silence { brief_at(moment) } else { Pace::default() };
            let (sender, gate) = (with(settings(server.port()), pace), Gate::default());
            let outcome = sender.send(&mail("one@x", &["bob@y.example"]), &gate).await;
            let broken = matches!(fault, Fault::Drop | Fault::Silence | Fault::Garbage);
            // Said of this message by a server that is well, and not of the server itself.
            let later = fault == refusing("451 4.3.0 not now");
            let never = fault == refusing("554 5.7.1 never");
            let expected = match moment {
                // The server may have taken it as soon as it had the end of it.
                Moment::End | Moment::Verdict if broken => Fate::Unknown,
                // A connection whose end was never sent is no danger; here it was, before the drop was seen.
                Moment::Body if broken => Fate::Unknown,
                Moment::Auth if never => Fate::SignIn,
                // Not a word of the message was said yet.
                Moment::Greeting | Moment::Ehlo => Fate::Retry,
                _ if never => Fate::Rejected,
                Moment::Auth => Fate::Retry,
                _ if later => Fate::Later,
                _ => Fate::Retry,
            };
            assert_eq!(fate(&outcome), expected, "{moment:?} {fault:?}: {outcome:?}");
            let said = usize::from(matches!(moment, Moment::Body | Moment::End | Moment::Verdict));
            assert_eq!(gate.departed(), said, "{moment:?} {fault:?}: when it departs");
            let taken = usize::from(moment == Moment::Verdict);
            // What was on its way when we went is taken or lost once nobody is connected.
            drop(sender);
            until("the end of the connection", || server.is_idle()).await;
            assert_eq!(server.taken().len(), taken, "{moment:?} {fault:?}: what the server took");
        }
    }
}

#[tokio::test]
async fn a_message_cut_off_before_its_end_was_handed_over_has_not_left() {
    let server = server();
    server.fault(Moment::Body, Fault::Drop);
    // So much takes a busy machine longer than the other stories wait.
    let sender = with(settings(server.port()), Pace::default());
    // Far more than the network holds on the way: the drop is seen before the end is written.
    let body = "0123456789abcdef\r\n".repeat(500_000);
    let outcome = send(&sender, &with_source("large@x", &["bob@y.example"], &body)).await;
    assert_eq!(fate(&outcome), Fate::Retry, "{outcome:?}");
    assert!(server.taken().is_empty());
    let again = send(&sender, &with_source("large@x", &["bob@y.example"], &body)).await;
    assert!(accepted(&again), "and the next try gets it there: {again:?}");
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn nothing_leaves_when_the_departure_cannot_be_written_down() {
    let server = server();
    let sender = sender(&server);
    let gate = Gate { shut: true, ..Gate::default() };
    let outcome = sender.send(&mail("one@x", &["bob@y.example"]), &gate).await;
    let SendOutcome::Retry { message, .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(message, "the disk is full");
    assert!(accepted(&send(&sender, &mail("two@x", &["bob@y.example"])).await));
    let taken: Vec<_> = server.taken().iter().filter_map(|mail| mail.message_id()).collect();
    assert_eq!(taken, ["two@x"], "the first one left no trace");
}

#[tokio::test]
async fn a_verdict_in_another_charset_is_still_a_verdict() {
    let server = server();
    server.fault(Moment::Verdict, Fault::Reply("554 5.7.1 zur\u{fc}ckgewiesen \u{1f}".into()));
    let outcome = send(&sender(&server), &mail("one@x", &["bob@y.example"])).await;
    let SendOutcome::Rejected { code, message, .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(code, "554 5.7.1");
    assert!(message.contains("zur") && !message.contains('\u{1f}'), "{message}");
}

#[tokio::test]
async fn what_arrives_is_what_was_written_byte_for_byte() {
    let server = server();
    let sender = sender(&server);
    for body in
        ["", ".\r\n", "a\r\n.\r\n..\r\n.b", "no line end", "ends\r\n\r\n", "\u{e9}t\u{e9}\r\n"]
    {
        let mail = with_source("exact@x", &["bob@y.example"], body);
        assert!(accepted(&send(&sender, &mail).await), "{body:?}");
        let taken = server.taken().pop().expect("taken");
        let ended = if mail.source.ends_with(b"\r\n") { "" } else { "\r\n" };
        let expected = [mail.source.as_ref(), ended.as_bytes()].concat();
        assert_eq!(
            String::from_utf8_lossy(&taken.source),
            String::from_utf8_lossy(&expected),
            "{body:?}"
        );
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let server = server();
    for moment in [Moment::Greeting, Moment::Rcpt, Moment::Verdict] {
        server.fault(moment, Fault::Late(Duration::from_millis(100)));
    }
    assert!(accepted(&send(&sender(&server), &mail("one@x", &["bob@y.example"])).await));
}
