//! Edits beyond the conformance suite.

use deskbell_domain::MailboxRole;
use deskbell_domain::port::{MessageSource as _, StateSink as _};
use deskbell_domain::sync::StateEdit;

use super::support::{OWN, account, deliver, elsewhere, scope, simulator};
use crate::conformance::mirror::{ALL, Mirror};

#[tokio::test]
async fn labels_are_categories_and_those_of_others_stay() {
    let simulator = simulator();
    deliver(&simulator, "labelled");
    elsewhere(&simulator, |mailbox, now| mailbox.categorise("labelled", &["Blue"], now));
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, ALL).await;
    let keys = [mirror.key_of("labelled")];
    let edit = |value| StateEdit::Label {
        keyword: "Stammkundin".into(),
        name: "Stammkundin (älter)".into(),
        value,
    };
    for _ in 0..2 {
        account.apply(&inbox, None, &keys, &edit(true)).await.expect("taken");
    }
    mirror.sync(&account, &inbox, ALL).await;
    assert_eq!(mirror.labels_of("labelled"), ["Blue", "Stammkundin (älter)"]);
    account.apply(&inbox, None, &keys, &edit(false)).await.expect("taken");
    mirror.sync(&account, &inbox, ALL).await;
    assert_eq!(mirror.labels_of("labelled"), ["Blue"]);
}

#[tokio::test]
async fn what_somebody_else_moved_is_neither_moved_nor_erased() {
    let simulator = simulator();
    deliver(&simulator, "elsewhere");
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, ALL).await;
    let keys = [mirror.key_of("elsewhere")];
    elsewhere(&simulator, |mailbox, now| mailbox.relocate("elsewhere", "junkemail", now));
    for edit in [StateEdit::Move { to: MailboxRole::Trash }, StateEdit::Erase] {
        let outcomes = account.apply(&inbox, None, &keys, &edit).await.expect("taken");
        assert!(outcomes.is_empty(), "{edit:?}: a copy that is not there counts as done");
    }
    let mut world = simulator.world();
    assert_eq!(world.microsoft.mailbox(OWN).messages("junkemail").len(), 1, "it stays there");
}

#[tokio::test]
async fn a_mailbox_without_an_archive_gets_one() {
    let simulator = simulator();
    deliver(&simulator, "done");
    let id = elsewhere(&simulator, |mailbox, _| {
        let id = mailbox.folder("archive").expect("an archive").id.clone();
        mailbox.remove_folder(&id);
        id
    });
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, ALL).await;
    let keys = [mirror.key_of("done")];
    let edit = StateEdit::Move { to: MailboxRole::Archive };
    let outcomes = account.apply(&inbox, None, &keys, &edit).await.expect("moved");
    let (made, _) = outcomes[0].moved_to.clone().expect("the new place");
    assert_ne!(made, id);
    let scopes = account.scopes().await.expect("the folders");
    let archive = scopes.iter().find(|scope| scope.role == MailboxRole::Archive);
    assert_eq!(archive.map(|scope| scope.key.as_str()), Some(made.as_str()));
}

#[tokio::test]
async fn a_mailbox_is_never_asked_too_much_at_once() {
    let simulator = simulator();
    for number in 1..=24 {
        deliver(&simulator, &format!("m {number:02}"));
    }
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, ALL).await;
    simulator.world().microsoft.latency = std::time::Duration::from_millis(50);
    let keys: Vec<_> = mirror.held.keys().cloned().collect();
    let edit = StateEdit::Seen { value: true };
    let (bodies, edits) = tokio::join!(
        account.bodies(&inbox, None, &keys),
        account.apply(&inbox, None, &keys, &edit),
    );
    assert_eq!((bodies.expect("bodies").len(), edits.expect("edits").len()), (24, 24));
    let world = simulator.world();
    assert_eq!(world.microsoft.most_at_once, 3, "three at once, and one to spare");
    assert!(world.journal.iter().all(|entry| entry.status != Some(429)), "nothing is refused");
}
