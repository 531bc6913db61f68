//! The conformance suite, on a service that behaves and on one with bad habits.

use deskbell_domain::MailboxRole;
use deskbell_simulator::Habits;

use super::support::{Phone, account, elsewhere, scope, simulator};
use crate::conformance::{Stage, sink_keeps_its_promises, source_keeps_its_promises};

#[tokio::test]
async fn the_promises_of_a_source_are_kept() {
    let habits =
        [Habits::default(), Habits { partial_items: true, empty_pages: true, ..Habits::default() }];
    for habits in habits {
        let simulator = simulator();
        elsewhere(&simulator, |mailbox, _| mailbox.habits = habits);
        let account = account(&simulator);
        let inbox = scope(&account, MailboxRole::Inbox).await;
        let mut phone = Phone(&simulator);
        source_keeps_its_promises(Stage { provider: &account, scope: inbox, remote: &mut phone })
            .await;
    }
}

#[tokio::test]
async fn the_promises_of_a_sink_are_kept() {
    for partial_items in [false, true] {
        let simulator = simulator();
        elsewhere(&simulator, |mailbox, _| mailbox.habits.partial_items = partial_items);
        let account = account(&simulator);
        let inbox = scope(&account, MailboxRole::Inbox).await;
        let archive = scope(&account, MailboxRole::Archive).await;
        let mut phone = Phone(&simulator);
        let stage = Stage { provider: &account, scope: inbox, remote: &mut phone };
        sink_keeps_its_promises(stage, &archive).await;
    }
}
