//! Another network: what was connected over the one before may never say that it is dead.

use std::process::Command;
use std::time::Duration;

use deskbell_domain::AccountState;
use deskbell_testbed::{network, unless_missing};
use tokio::time::sleep;

use crate::desk::{Desk, until};
use crate::first_sync::two_mailboxes;

/// Three times as long as addresses are given to settle: nothing tells when they have.
const SETTLED: Duration = Duration::from_secs(6);

#[test]
fn another_network_opens_everything_anew_and_looks_at_once() {
    let this = std::env::current_exe().expect("this test's program");
    let Some(mut child) = unless_missing(network::in_its_own(&this)).expect("a namespace") else {
        return;
    };
    child.args(["--exact", "network::a_desk_that_moves", "--ignored", "--nocapture"]);
    let ended = Command::output(&mut child).expect("the child runs");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&ended.stderr));
}

#[tokio::test]
#[ignore = "run as a child of the test above, in a network of its own"]
async fn a_desk_that_moves() {
    network::wake().expect("a network");
    network::give("192.0.2.1/32").expect("an address");
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    let desk = Desk::new(server).await;
    let engine = desk.started();
    until("the account is synced", || async { desk.row().await.state == AccountState::Ok }).await;
    sleep(SETTLED).await;
    assert_eq!(desk.server.retired(), 0, "the network of the start is no other one");
    desk.server.take_calls();
    network::give("192.0.2.2/32").expect("another address");
    until("everything to be looked at", || async {
        desk.server.calls().iter().any(|call| call == "scopes")
    })
    .await;
    assert!(desk.server.retired() > 0, "what was open is closed");
    desk.server.deliver("INBOX", "fresh");
    until("and it is watched again", || async {
        desk.messages().await.iter().any(|(subject, _)| subject == "fresh")
    })
    .await;
    engine.stop().await;
}
