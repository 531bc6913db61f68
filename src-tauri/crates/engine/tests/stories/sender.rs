//! A desk that sends through a post office, and can be killed and opened again.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingState};
use deskbell_domain::port::Provider;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Address, Millis, OutgoingId, ProviderError};
use deskbell_engine::{Engine, ProviderFactory, SecretStore};
use deskbell_store::sync::outgoing::{self as written, NewDraft};
use deskbell_store::table::account::{self, Account};
use deskbell_store::table::outgoing::{self, Outgoing};
use deskbell_store::{Connection, OpenOptions, Origin, Store, StoreError, Write};
use tokio_util::sync::CancellationToken;

use crate::desk::add_account;
use crate::post::Post;

/// A clock that stands still until it is told to move.
#[derive(Clone)]
pub struct StillClock(Arc<AtomicI64>);

impl StillClock {
    pub fn advance(&self, by: Millis) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

/// One post office for each account, in the order the accounts were made.
struct Doors(Vec<Post>);

impl ProviderFactory for Doors {
    fn open(
        &self,
        account: &Account,
        _secret: Option<Secret>,
    ) -> Result<Arc<dyn Provider>, ProviderError> {
        let index = usize::try_from(account.id.0 - 1).unwrap();
        Ok(Arc::new(self.0[index].clone()))
    }
}

struct Pocket;

#[async_trait]
impl SecretStore for Pocket {
    async fn password(&self, _account: AccountId) -> Result<Option<Secret>, String> {
        Ok(Some(Secret::new("pencil")))
    }
}

/// Friday, 20 November 2026, noon UTC.
const NOON: Millis = 1_795_176_000_000;

/// A desk that sends through a post office.
pub struct Sender {
    pub store: Store,
    pub post: Post,
    /// The post office of a second account.
    pub other: Post,
    pub clock: StillClock,
    pub account: AccountId,
}

impl Sender {
    /// Opens the profile in a directory, making an account where there is none.
    pub async fn open(directory: &Path, post: &Post, clock: &StillClock) -> Self {
        let opened = Store::open(directory, OpenOptions::default()).expect("a profile");
        let store = opened.store;
        let accounts = store.read(|c: &Connection| account::list(c)).await.expect("accounts");
        let account = match accounts.first() {
            Some(row) => row.id,
            None => add_account(&store, "desk@shop.example").await,
        };
        let (post, clock) = (post.clone(), clock.clone());
        Self { store, post, other: Post::default(), clock, account }
    }

    pub fn clock() -> StillClock {
        StillClock(Arc::new(AtomicI64::new(NOON)))
    }

    fn doors(&self) -> Arc<Doors> {
        Arc::new(Doors(vec![self.post.clone(), self.other.clone()]))
    }

    pub fn idle(&self) -> Engine {
        let clock = Arc::new(self.clock.clone());
        Engine::idle(self.store.clone(), self.doors(), Arc::new(Pocket), clock)
    }

    pub fn started(&self) -> Engine {
        let clock = Arc::new(self.clock.clone());
        Engine::start(self.store.clone(), self.doors(), Arc::new(Pocket), clock)
    }

    /// Sends what is due now.
    pub async fn send(&self, engine: &Engine) {
        let token = CancellationToken::new();
        engine.send_once(self.account, &token, Duration::ZERO).await.expect("the store works");
    }

    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.store.write(Origin::Local, self.clock.now(), job).await
    }

    /// A message given over to be sent now; `thread` names its conversation.
    pub async fn queue(&self, token: &str, thread: &str) -> OutgoingId {
        let now = self.clock.now();
        let id = self.draft(token, thread).await;
        self.write(move |w| written::queue(w, id, now, false)).await.expect("is queued");
        id
    }

    /// A message to these, given over to be sent now.
    pub async fn queue_to(&self, token: &str, to: &[&str]) -> OutgoingId {
        self.queue_in(token, token, to).await
    }

    /// The same in a conversation.
    pub async fn queue_in(&self, token: &str, thread: &str, to: &[&str]) -> OutgoingId {
        let id = self.draft(token, thread).await;
        let row = self.row(id).await;
        let people = to.iter().map(|to| Address { name: None, address: (*to).to_owned() });
        let composition = Composition { to: people.collect(), ..row.composition };
        let now = self.clock.now();
        self.write(move |w| {
            written::save(w, id, row.revision, &composition, &[])?;
            written::queue(w, id, now, false)
        })
        .await
        .expect("is queued");
        id
    }

    pub async fn draft(&self, token: &str, thread: &str) -> OutgoingId {
        let new = NewDraft {
            account: self.account,
            kind: ComposeKind::New,
            about: None,
            token: format!("{token}@shop.example"),
            composition: Composition {
                to: vec![Address { name: None, address: "mara@client.example".into() }],
                subject: format!("About {thread}"),
                text: format!("This is {token}."),
                references: vec![format!("{thread}@client.example")],
                ..Composition::default()
            },
            files: Vec::new(),
        };
        self.write(move |w| written::create(w, &new)).await.expect("a draft")
    }

    pub async fn row(&self, id: OutgoingId) -> Outgoing {
        self.store.read(move |c: &Connection| outgoing::get(c, id)).await.expect("the message")
    }

    pub async fn state(&self, id: OutgoingId) -> OutgoingState {
        self.row(id).await.state
    }

    pub async fn account(&self) -> Account {
        let id = self.account;
        self.store.read(move |c: &Connection| account::get(c, id)).await.expect("the account")
    }
}
