//! One connection for many messages, and what happens when it dies between them.

use std::time::Duration;

use deskbell_testbed::{Fault, Moment};

use super::support::{accepted, mail, send, sender, server, settings, until, with};
use crate::smtp::pace::Pace;

#[tokio::test]
async fn a_queue_goes_over_one_connection() {
    let server = server();
    let sender = sender(&server);
    for number in 0..20 {
        let mail = mail(&format!("{number}@x"), &["bob@y.example"]);
        assert!(accepted(&send(&sender, &mail).await), "{number}");
    }
    assert_eq!((server.connections(), server.taken().len()), (1, 20));
}

#[tokio::test]
async fn a_connection_that_died_at_rest_costs_no_message() {
    let server = server();
    let sender = sender(&server);
    assert!(accepted(&send(&sender, &mail("one@x", &["bob@y.example"])).await));
    server.hang_up();
    assert!(accepted(&send(&sender, &mail("two@x", &["bob@y.example"])).await), "hung up");
    server.fault(Moment::Mail, Fault::Reply("421 4.7.0 enough messages".into()));
    assert!(accepted(&send(&sender, &mail("three@x", &["bob@y.example"])).await), "sent away");
    assert_eq!((server.connections(), server.taken().len()), (3, 3));
}

#[tokio::test]
async fn a_connection_at_rest_is_ended_with_a_farewell() {
    let server = server();
    let pace = Pace { idle: Duration::from_millis(50), ..Pace::default() };
    let sender = with(settings(server.port()), pace);
    assert!(accepted(&send(&sender, &mail("one@x", &["bob@y.example"])).await));
    until("a farewell", || server.lines().iter().any(|line| line == "QUIT")).await;
    assert!(accepted(&send(&sender, &mail("two@x", &["bob@y.example"])).await));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_farewell_that_is_not_answered_changes_nothing() {
    let server = server();
    server.fault(Moment::Quit, Fault::Drop);
    let pace = Pace { idle: Duration::from_millis(50), ..Pace::default() };
    let sender = with(settings(server.port()), pace);
    assert!(accepted(&send(&sender, &mail("one@x", &["bob@y.example"])).await));
    until("a farewell", || server.lines().iter().any(|line| line == "QUIT")).await;
    assert!(accepted(&send(&sender, &mail("two@x", &["bob@y.example"])).await));
    let taken: Vec<_> = server.taken().iter().filter_map(|mail| mail.message_id()).collect();
    assert_eq!(taken, ["one@x", "two@x"], "each is there once, on a connection of its own");
    assert_eq!(server.connections(), 2);
}
