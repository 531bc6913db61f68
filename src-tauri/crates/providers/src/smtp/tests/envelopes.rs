//! Whom a message goes to, and what a server can carry.

use deskbell_domain::outgoing::{RefusedRecipient, SendOutcome};
use deskbell_testbed::{ScriptedSmtp, SmtpOffers};

use super::support::{accepted, mail, send, sender, server, with_source};

#[tokio::test]
async fn some_refused_and_some_put_off_are_told_apart_and_the_others_get_it() {
    let server = server();
    server.refuse("gone@y.example", "550 5.1.1 user unknown");
    server.refuse("later@y.example", "451 4.7.1 greylisted");
    let to = ["bob@y.example", "gone@y.example", "carol@y.example", "later@y.example"];
    let outcome = send(&sender(&server), &mail("one@x", &to)).await;
    let SendOutcome::Partly { refused, later, .. } = &outcome else { panic!("{outcome:?}") };
    let names = |list: &[RefusedRecipient]| -> Vec<String> {
        list.iter().map(|one| one.address.clone()).collect()
    };
    assert_eq!(names(refused), ["gone@y.example"], "one is told that it will never get there");
    assert_eq!(names(later), ["later@y.example"], "and one that it is tried again");
    assert!(refused[0].reason.starts_with("There is no such mailbox: gone@y.example"));
    assert!(later[0].reason.contains("not taken at the moment"), "{}", later[0].reason);
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
        assert!(matches!(outcome, SendOutcome::Later { .. }), "{outcome:?}");
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
    let SendOutcome::Partly { later, .. } = &outcome else { panic!("{outcome:?}") };
    assert!(later[0].reason.contains("no more recipients in one message"), "{later:?}");
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
async fn reports_on_what_comes_back_are_asked_for_where_a_server_makes_them() {
    let offers = SmtpOffers { dsn: true, ..SmtpOffers::default() };
    let server = ScriptedSmtp::start(offers).unwrap();
    let sender = sender(&server);
    assert!(accepted(&send(&sender, &mail("one+1@x", &["bob@y.example"])).await));
    let automatic = deskbell_domain::outgoing::OutgoingMessage {
        automatic: true,
        ..mail("two@x", &["bob@y.example"])
    };
    assert!(accepted(&send(&sender, &automatic).await));
    let lines = server.lines();
    let said = |words: &str| lines.iter().any(|line| line.contains(words));
    assert!(said("RET=HDRS ENVID=one+2B1@x"), "its name goes along, spelt for the wire: {lines:?}");
    assert!(said("NOTIFY=FAILURE,DELAY ORCPT=rfc822;bob@y.example"), "{lines:?}");
    assert!(said("NOTIFY=NEVER"), "a machine's answer wants no reports: {lines:?}");
    assert!(lines.iter().all(|line| !line.contains("SUCCESS")), "{lines:?}");
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
