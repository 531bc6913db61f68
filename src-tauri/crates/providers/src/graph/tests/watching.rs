//! How soon a mailbox is looked at, where nothing is told.

use std::time::Duration;

use deskbell_domain::port::MessageSource as _;
use tokio::time::{Instant, timeout};

use super::support::{account, simulator};
use crate::attention::Attention;
use crate::graph::LOOK_AROUND;

const HOUR: Duration = Duration::from_secs(3_600);
/// No wait in these stories needs more.
const DEADLINE: Duration = Duration::from_secs(120);

#[tokio::test]
async fn while_a_person_looks_the_inbox_is_looked_at_sooner() {
    let simulator = simulator();
    let mut account = account(&simulator);
    assert_eq!(account.attention.pause(), Duration::from_secs(30));
    account.attend(true);
    assert_eq!(account.attention.pause(), Duration::from_secs(10));

    account.attention = Attention::new(HOUR, Duration::from_millis(20));
    let scopes = account.scopes().await.expect("the folders");
    let inbox = scopes.iter().find(|scope| scope.name == "Inbox").expect("an inbox");
    let mut wait = account.watch(&scopes);
    let early = timeout(Duration::from_millis(200), &mut wait).await;
    assert!(early.is_err(), "nobody looks: {early:?}");
    account.attend(true);
    let hinted = timeout(DEADLINE, wait).await.expect("the wait under way ends").expect("a hint");
    assert_eq!(hinted, [inbox.key.as_str()], "the inbox alone");
    let hinted = timeout(DEADLINE, account.watch(&scopes)).await.expect("in time").expect("a hint");
    assert_eq!(hinted, [inbox.key.as_str()], "and again");
    account.attend(false);
    let early = timeout(Duration::from_millis(200), account.watch(&scopes)).await;
    assert!(early.is_err(), "nobody looks any more: {early:?}");
}

#[tokio::test]
async fn all_folders_are_looked_at_at_their_own_pace_whoever_looks() {
    let simulator = simulator();
    let mut account = account(&simulator);
    let scopes = account.scopes().await.expect("the folders");
    account.attention = Attention::new(HOUR, Duration::ZERO);
    account.attend(true);
    let look = async || {
        let hinted = timeout(DEADLINE, account.watch(&scopes)).await.expect("in time");
        hinted.expect("a hint").len()
    };
    for _ in 0..50 {
        assert_eq!(look().await, 1, "the inbox alone");
    }
    let long_ago = Instant::now().checked_sub(LOOK_AROUND).expect("the machine ran a while");
    *account.around.lock().expect("a lock") = long_ago;
    assert_eq!(look().await, scopes.len(), "its time has come");
    assert_eq!(look().await, 1, "and is over");
}
