//! Whom a message goes to, and what a server can carry.

use deskbell_domain::outgoing::SendOutcome;
use deskbell_testbed::{ScriptedSmtp, SmtpOffers};

use super::support::{accepted, mail, send, sender, server, with_source};

#[tokio::test]
async fn some_recipients_refused_are_reported_and_the_others_get_it() {
    let server = server();
    server.refuse("gone@y.example", "550 5.1.1 user unknown");
    server.refuse("later@y.example", "451 4.7.1 greylisted");
    let to = ["bob@y.example", "gone@y.example", "carol@y.example", "later@y.example"];
    let outcome = send(&sender(&server), &mail("one@x", &to)).await;
    let SendOutcome::Accepted { refused, .. } = &outcome else { panic!("{outcome:?}") };
    let names: Vec<_> = refused.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(names, ["gone@y.example", "later@y.example"]);
    assert!(refused[0].reason.starts_with("There is no such mailbox: gone@y.example"));
    assert!(refused[1].reason.contains("send to it again later"), "{}", refused[1].reason);
    assert_eq!(server.taken()[0].to, ["bob@y.example", "carol@y.example"]);
}

#[tokio::test]
async fn all_recipients_refused_is_a_rejection_and_greylisting_is_not() {
    let server = server();
    let sender = sender(&server);
    server.refuse("gone@y.example", "550 5.1.1 user unknown");
    server.refuse("later@y.example", "451 4.7.1 greylisted");
    let outcome = send(&sender, &mail("one@x", &["gone@y.example"])).await;
    let SendOutcome::Rejected { code, message, refused } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(code, "550 5.1.1");
    assert!(message.contains("no such mailbox") && message.contains("user unknown"), "{message}");
    assert_eq!(refused.len(), 1);
    for to in [["later@y.example", "gone@y.example"], ["gone@y.example", "later@y.example"]] {
        let outcome = send(&sender, &mail("two@x", &to)).await;
        assert!(matches!(outcome, SendOutcome::Retry { .. }), "{outcome:?}");
    }
    assert!(accepted(&send(&sender, &mail("three@x", &["bob@y.example"])).await));
    assert_eq!(server.connections(), 1, "a refusal does not cost the connection");
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn more_recipients_than_a_server_takes_are_named_one_by_one() {
    let offers = SmtpOffers { recipients: 2, ..SmtpOffers::default() };
    let server = ScriptedSmtp::start(offers).unwrap();
    let outcome =
        send(&sender(&server), &mail("one@x", &["a@y.example", "b@y.example", "c@y.example"]))
            .await;
    let SendOutcome::Accepted { refused, .. } = &outcome else { panic!("{outcome:?}") };
    assert!(refused[0].reason.contains("write to c@y.example separately"), "{refused:?}");
}

#[tokio::test]
async fn a_message_too_large_is_refused_here_with_the_limit_in_words() {
    let offers = SmtpOffers { size: Some(1_000_000), ..SmtpOffers::default() };
    let server = ScriptedSmtp::start(offers).unwrap();
    let sender = sender(&server);
    let body = "0123456789abcdef\r\n".repeat(60_000);
    let outcome = send(&sender, &with_source("one@x", &["bob@y.example"], &body)).await;
    let SendOutcome::Rejected { code, message, .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(code, "too_large");
    assert!(message.contains("1.1 MB") && message.contains("1.0 MB"), "{message}");
    assert!(!server.lines().iter().any(|line| line.starts_with("MAIL")), "it was not even tried");
    use deskbell_domain::port::MessageSink as _;
    assert_eq!(sender.limits().bytes, Some(1_000_000), "and the limit is known from now on");
}

#[tokio::test]
async fn letters_a_server_cannot_carry_are_named() {
    let offers = SmtpOffers { utf8: false, eight_bit: false, ..SmtpOffers::default() };
    let server = ScriptedSmtp::start(offers).unwrap();
    let sender = sender(&server);
    let outcome = send(&sender, &mail("one@x", &["józef@y.example", "bob@y.example"])).await;
    let SendOutcome::Rejected { code, message, refused } = &outcome else { panic!("{outcome:?}") };
    assert_eq!((code.as_str(), refused.len()), ("smtputf8", 1));
    assert!(message.contains("józef@y.example"), "{message}");
    let outcome = send(&sender, &with_source("two@x", &["bob@y.example"], "été\r\n")).await;
    assert!(
        matches!(&outcome, SendOutcome::Rejected { code, .. } if code == "8bitmime"),
        "{outcome:?}"
    );
    let plain = send(&sender, &mail("three@x", &["bob@bücher.example"])).await;
    assert!(accepted(&plain), "a foreign domain has an ASCII form: {plain:?}");
    assert_eq!(server.taken()[0].to, ["bob@xn--bcher-kva.example"]);
}

#[tokio::test]
async fn what_a_server_offers_is_used_and_nothing_else() {
    let server = server();
    let sender = sender(&server);
    assert!(accepted(&send(&sender, &mail("one@x", &["bob@y.example"])).await));
    assert!(accepted(&send(&sender, &with_source("two@x", &["józef@y.example"], "été\r\n")).await));
    let from: Vec<_> = server.taken().iter().map(|mail| mail.from.clone()).collect();
    assert!(
        from[0].starts_with("<ada@testbed.example> SIZE=") && !from[0].contains("UTF8"),
        "{from:?}"
    );
    assert!(from[1].ends_with("BODY=8BITMIME SMTPUTF8"), "{from:?}");
}

#[tokio::test]
async fn an_address_that_would_smuggle_a_command_never_leaves() {
    let server = server();
    let sender = sender(&server);
    let evil = "a@y.example>\r\nRCPT TO:<evil@z.example";
    let outcome = send(&sender, &mail("one@x", &["bob@y.example", evil])).await;
    let SendOutcome::Rejected { refused, .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(refused[0].address, evil);
    assert_eq!(server.connections(), 0, "nobody was even called");
    let nobody = send(&sender, &mail("two@x", &[])).await;
    assert!(matches!(nobody, SendOutcome::Rejected { .. }), "{nobody:?}");
}
