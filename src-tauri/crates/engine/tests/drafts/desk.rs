//! A profile with one draft, and the mailbox that holds its copy.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::outgoing::{ComposeKind, Composition};
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Address, Channel, Millis, OutgoingId};
use deskbell_engine::{Engine, SecretStore};
use deskbell_store::sync::outgoing as drafts;
use deskbell_store::table::account::{self, NewAccount};
use deskbell_store::table::outgoing;
use deskbell_store::{OpenOptions, Origin, Store};

use crate::mailbox::Mailbox;

pub const NOON: Millis = 1_795_176_000_000;
/// How long a test waits for what must come; the machine may be busy with others.
const DEADLINE: Duration = Duration::from_secs(120);
/// The Message-ID of the draft.
pub const TOKEN: &str = "the-token@studio.example";

pub struct Pocket;

#[async_trait]
impl SecretStore for Pocket {
    async fn password(&self, _: AccountId) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

/// A clock that is moved by hand.
#[derive(Clone)]
pub struct Hand(Arc<AtomicI64>);

impl Clock for Hand {
    fn now(&self) -> Millis {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

pub struct Desk {
    pub store: Store,
    pub mailbox: Mailbox,
    pub clock: Hand,
    pub draft: OutgoingId,
    pub account: AccountId,
    _directory: tempfile::TempDir,
}

fn written(text: &str) -> Composition {
    Composition {
        to: vec![Address { name: None, address: "mara@x.example".into() }],
        bcc: vec![Address { name: None, address: "tom@x.example".into() }],
        subject: "Visit".into(),
        text: text.into(),
        ..Composition::default()
    }
}

impl Desk {
    pub async fn new(text: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path(), OpenOptions::default()).expect("a profile").store;
        let composition = written(text);
        let (account, draft) = store
            .write(Origin::Local, NOON, move |w| {
                let new = NewAccount {
                    provider: "imap".into(),
                    channel: Channel::Email,
                    address: "desk@studio.example".into(),
                    name: "Studio".into(),
                    settings: "{}".into(),
                    schedule: "*/15 * * * *".into(),
                    writes_back: false,
                    sends: true,
                };
                let account = account::insert(w, &new)?;
                let draft = drafts::NewDraft {
                    account,
                    kind: ComposeKind::New,
                    about: None,
                    token: TOKEN.into(),
                    composition,
                    files: Vec::new(),
                };
                Ok((account, drafts::create(w, &draft)?))
            })
            .await
            .expect("a draft");
        let clock = Hand(Arc::new(AtomicI64::new(NOON + 1_000)));
        let mailbox = Mailbox::default();
        Self { store, mailbox, clock, draft, account, _directory: directory }
    }

    pub fn engine(&self) -> Engine {
        let doors = Arc::new(self.mailbox.clone());
        Engine::start(self.store.clone(), doors, Arc::new(Pocket), Arc::new(self.clock.clone()))
    }

    /// The writer pauses, and goes on later.
    pub fn pause(&self) {
        self.clock.0.fetch_add(10_000, Ordering::SeqCst);
    }

    pub async fn save(&self, text: &str) {
        let (id, composition, now) = (self.draft, written(text), self.clock.now());
        self.store
            .write(Origin::Local, now, move |w| {
                let row = outgoing::get(w, id)?;
                drafts::save(w, id, row.revision, &composition, &[])
            })
            .await
            .expect("is saved");
    }

    pub async fn row(&self) -> outgoing::Outgoing {
        let id = self.draft;
        self.store.read(move |c| outgoing::get(c, id)).await.expect("the draft")
    }

    /// Waits until something holds; every change of the store and of the clock asks again.
    pub async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let waited = tokio::time::timeout(DEADLINE, async {
            while !holds().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        if waited.await.is_err() {
            panic!("{what}: {:?}; {:?}", self.mailbox.texts(), self.row().await);
        }
    }

    /// One copy that says this, and the store knows it.
    pub async fn settled(&self, text: &str) {
        self.until(&format!("one copy says {text}"), async || {
            let copies = self.mailbox.texts();
            let row = self.row().await;
            copies.len() == 1
                && copies.iter().all(|copy| copy.contains(text))
                && row.draft_revision == row.revision
                && row.composition.text.contains(text)
        })
        .await;
    }

    pub async fn versions(&self) -> Vec<(String, String)> {
        let id = self.draft;
        let versions = self.store.read(move |c| outgoing::versions(c, id)).await.expect("reads");
        versions.into_iter().map(|v| (v.origin, v.composition.text)).collect()
    }
}
