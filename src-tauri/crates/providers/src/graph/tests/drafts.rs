//! Drafts in the mailbox: made, found, written on elsewhere, taken away.

use deskbell_domain::MailboxRole;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{CopySink as _, MessageSource as _};

use super::support::{OWN, account, elsewhere, letter, scope, simulator};
use crate::conformance::mirror::{ALL, Mirror};

const ID: &str = "Your-visit@client.example";

#[tokio::test]
async fn a_draft_is_kept_found_and_forgotten_under_one_name() {
    let simulator = simulator();
    let account = account(&simulator);
    let drafts = scope(&account, MailboxRole::Drafts).await;
    let made = account.keep(MailboxRole::Drafts, &letter("Your visit"), Flags::default(), 0).await;
    let made = made.expect("kept").expect("its name");
    assert_eq!(made.0, drafts.key);
    assert_eq!(
        account.copies(MailboxRole::Drafts, ID).await.expect("asked"),
        std::slice::from_ref(&made)
    );
    let mut mirror = Mirror::default();
    mirror.sync(&account, &drafts, ALL).await;
    assert_eq!(mirror.key_of("Your visit"), made.1, "the delta calls it by the same name");
    assert!(mirror.flags_of("Your visit").expect("flags").draft);
    account.forget(std::slice::from_ref(&made)).await.expect("forgotten");
    account.forget(&[made]).await.expect("gone counts as forgotten");
    mirror.sync(&account, &drafts, ALL).await;
    assert!(mirror.held.is_empty());
}

#[tokio::test]
async fn a_draft_written_on_elsewhere_is_another_copy_and_is_not_erased_for_the_old_one() {
    let simulator = simulator();
    let account = account(&simulator);
    let drafts = scope(&account, MailboxRole::Drafts).await;
    let made = account.keep(MailboxRole::Drafts, &letter("Your visit"), Flags::default(), 0).await;
    let made = made.expect("kept").expect("its name");
    let mut mirror = Mirror::default();
    mirror.sync(&account, &drafts, ALL).await;
    let before = mirror.held[&made.1].internal_date;
    elsewhere(&simulator, |mailbox, now| mailbox.rewrite("Your visit", "More words.", now));
    account.forget(std::slice::from_ref(&made)).await.expect("done");
    assert_eq!(
        simulator.world().microsoft.mailbox(OWN).messages("drafts").len(),
        1,
        "what somebody wrote since is not erased"
    );
    mirror.sync(&account, &drafts, ALL).await;
    let key = mirror.key_of("Your visit");
    assert_ne!(key, made.1, "other words, another copy");
    assert_eq!(mirror.held.len(), 1, "in the place of the old one");
    assert!(mirror.held[&key].internal_date > before, "and a message to be read anew");
    let bodies = account.bodies(&drafts, None, &[key]).await.expect("bodies");
    assert!(bodies[0].source.ends_with(b"More words.\r\n"));
}

#[tokio::test]
async fn a_draft_too_large_for_one_request_stays_here() {
    let simulator = simulator();
    let account = account(&simulator);
    let mut large = letter("Your visit");
    large.resize(5 * 1024 * 1024, b'x');
    let kept = account.keep(MailboxRole::Drafts, &large, Flags::default(), 0).await;
    assert_eq!(kept.expect("no error"), None);
}
