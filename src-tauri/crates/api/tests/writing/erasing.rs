//! The whole profile is erased: counted before, marked for the next start, and not where nobody starts it anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deskbell_api::Host;
use deskbell_api::dto::*;
use deskbell_api::handlers::{compose, profile, send};
use deskbell_store::erasure;

use crate::desk::{Desk, person};
use crate::{new, saved, sent};

/// A host that counts how often it was to start anew.
#[derive(Default)]
struct Starter(AtomicUsize);

impl Host for Starter {
    fn starts_anew(&self) -> bool {
        true
    }

    fn start_anew(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn what_is_erased_with_the_profile_is_counted_before() {
    let desk = Desk::new().await;
    let mail = "From: mara@x.example\r\nTo: desk@studio.example\r\nSubject: Hi\r\nMessage-ID: <1@x>\r\n\r\nHello";
    desk.receive(mail).await;
    compose::new(&desk, new("new", None)).await.expect("a draft");
    let leaving = compose::new(&desk, new("new", None)).await.expect("another");
    let args = saved(&leaving, |content| {
        content.to = vec![person("", "mara@x.example")];
        content.subject = "Hi".into();
        content.html = Some("<p>Hello</p>".into());
    });
    compose::save(&desk, args).await.expect("is saved");
    send::send(&desk, sent(&leaving.id, &[])).await.expect("is taken");
    let holds = profile::holds(&desk, NoArgs {}).await.expect("counts");
    assert_eq!((holds.accounts, holds.messages, holds.only_here), (1, 3, 0));
    assert_eq!((holds.drafts, holds.unsent), (1, 1), "what nobody else has");
    assert!(holds.bytes > 0);
}

#[tokio::test]
async fn a_profile_is_marked_to_be_erased_and_deskbell_starts_anew() {
    let host = Arc::new(Starter::default());
    let desk = Desk::with_host(Arc::clone(&host) as Arc<dyn Host>).await;
    profile::erase(&desk, NoArgs {}).await.expect("is marked");
    assert!(erasure::is_marked(desk.store.directory()), "the next start erases it");
    assert_eq!(host.0.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn where_nobody_starts_it_anew_nothing_is_erased() {
    let desk = Desk::new().await;
    let refusal = profile::erase(&desk, NoArgs {}).await.expect_err("nobody would finish it");
    assert!(
        refusal.message.contains("nothing was erased") && refusal.said.is_some(),
        "{refusal:?}"
    );
    assert!(!erasure::is_marked(desk.store.directory()));
}
