//! The one story, at each kind of mailbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deskbell_domain::port::Provider as _;
use deskbell_domain::{AccountState, ProviderError};
use deskbell_engine::RoundError;
use deskbell_providers::oauth::Vendor;

use crate::between::Between;
use crate::desk::Desk;
use crate::mailbox::{Imap, Mailbox, OWN, Played};

/// Requests besides those under way that may still be made once the sign-in is gone.
const LAST: usize = 2;

fn subjects(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("m-{number:04}")).collect()
}

/// Whether the server ends at once what a sign-in that is gone has opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    AtOnce,
    /// A connection lives on for a while, and what is under way comes to its end.
    Later,
}

async fn a_sign_in_is_taken_back_between_two_pages(
    mailbox: Arc<dyn Mailbox>,
    count: usize,
    ends: Ends,
) {
    let mut all = subjects(0..count);
    mailbox.deliver(&all);
    let desk = Desk::new(OWN).await;
    let asked_before = Arc::new(AtomicUsize::new(0));
    let provider = {
        let (mailbox, asked_before) = (Arc::clone(&mailbox), Arc::clone(&asked_before));
        let happens = {
            let mailbox = Arc::clone(&mailbox);
            move || {
                mailbox.revoke();
                asked_before.store(mailbox.asked().0, Ordering::SeqCst);
            }
        };
        Arc::new(Between::new(mailbox.sign_in().await, happens))
    };
    let tokens_before = mailbox.asked().1;
    let at_once = usize::from(provider.capabilities().connections);

    // The loops find out by themselves, and rest.
    let engine = desk.started(provider.clone());
    desk.until(AccountState::SignInNeeded).await;
    assert!(provider.has_happened(), "it happened between two pages");
    let first_page = desk.subjects().await;
    let in_the_middle = first_page.len() < count;
    assert!(!first_page.is_empty(), "the first page is kept");
    assert!(in_the_middle || ends == Ends::Later, "nothing comes by a sign-in that is gone");
    // What a person does meanwhile waits.
    desk.star().await;
    engine.stop().await;
    let (asked, tokens) = mailbox.asked();
    let asked = asked - asked_before.load(Ordering::SeqCst);
    assert!(asked <= at_once + LAST, "nobody is asked in a loop: {asked} requests");
    assert!(tokens - tokens_before <= 1, "the refresh token is tried once");

    // Who asks again is told again, keeps everything, and asks the provider nothing new.
    for _ in 0..3 {
        let refused = desk.sync(provider.clone()).await;
        let refused = refused.expect_err("nobody has signed in again");
        assert!(
            matches!(refused, RoundError::Provider(ProviderError::Auth(_))),
            "only the person can help: {refused:?}"
        );
    }
    let (again, tokens_again) = mailbox.asked();
    assert_eq!(tokens_again, tokens, "the vendor is not asked again about what it refused");
    assert!(again - asked_before.load(Ordering::SeqCst) <= at_once + LAST, "nor is the mailbox");
    assert_eq!(desk.subjects().await, first_page, "what is here stays here");
    assert_eq!(desk.state().await, AccountState::SignInNeeded);

    // Mail goes on arriving; signed in again, all of it is here, once and whole.
    let late = subjects(count..count + 5);
    mailbox.deliver(&late);
    all.extend(late);
    let fresh = mailbox.sign_in().await;
    desk.sync(Arc::clone(&fresh)).await.expect("signed in again");
    // An edit that was turned away rests a little.
    desk.told(|| desk.sync(Arc::clone(&fresh))).await;
    assert_eq!(desk.subjects().await, all, "nothing is lost or doubled");
    let bodies = desk.number("SELECT count(*) FROM body").await;
    assert_eq!(usize::try_from(bodies), Ok(all.len()), "every message is here whole");
    let copies = desk.number("SELECT count(*) FROM location").await;
    assert_eq!(usize::try_from(copies), Ok(all.len()), "in one place each");
    assert_eq!(desk.state().await, AccountState::Ok);
}

#[tokio::test]
async fn a_gmail_sign_in_taken_back_between_two_pages_keeps_everything_and_heals() {
    let mailbox = Arc::new(Played::at(Vendor::Google));
    a_sign_in_is_taken_back_between_two_pages(mailbox, 130, Ends::AtOnce).await;
}

#[tokio::test]
async fn a_microsoft_sign_in_taken_back_between_two_pages_keeps_everything_and_heals() {
    let mailbox = Arc::new(Played::at(Vendor::Microsoft));
    a_sign_in_is_taken_back_between_two_pages(mailbox, 230, Ends::AtOnce).await;
}

#[tokio::test]
async fn a_sign_in_over_imap_taken_back_between_two_pages_keeps_everything_and_heals() {
    let Some(mailbox) = Imap::start() else { return };
    a_sign_in_is_taken_back_between_two_pages(Arc::new(mailbox), 230, Ends::Later).await;
}
