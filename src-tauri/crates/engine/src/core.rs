//! What every loop shares: the store, the clock, the registry, the listeners, the links.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Millis};
use deskbell_store::table::account::{self, Account};
use deskbell_store::{Connection, Origin, Store, StoreError, Write};
use tokio::sync::broadcast;

use crate::events::EngineEvent;
use crate::link::Link;
use crate::registry::{ProviderFactory, SecretStore};

/// How many events a slow listener may fall behind; progress is repeated anyway.
const EVENTS: usize = 256;

/// See the module.
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) factory: Arc<dyn ProviderFactory>,
    pub(crate) secrets: Arc<dyn SecretStore>,
    pub(crate) clock: Arc<dyn Clock>,
    events: broadcast::Sender<EngineEvent>,
    links: Mutex<BTreeMap<AccountId, Arc<Link>>>,
    /// Held by the account that compares a scope as a whole.
    pub(crate) comparing: tokio::sync::Mutex<()>,
}

impl Core {
    pub(crate) fn new(
        store: Store,
        factory: Arc<dyn ProviderFactory>,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (events, _) = broadcast::channel(EVENTS);
        Self {
            store,
            factory,
            secrets,
            clock,
            events,
            links: Mutex::default(),
            comparing: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<EngineEvent> {
        self.events.subscribe()
    }

    pub(crate) fn announce(&self, event: EngineEvent) {
        // Nobody listening is no failure.
        let _ = self.events.send(event);
    }

    /// The link of an account, made at its first use.
    pub(crate) fn link(&self, account: AccountId) -> Arc<Link> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(links.entry(account).or_insert_with(|| Arc::new(Link::new(account))))
    }

    /// The link of an account that has been used.
    pub(crate) fn known_link(&self, account: AccountId) -> Option<Arc<Link>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner).get(&account).cloned()
    }

    /// All links there are.
    pub(crate) fn links(&self) -> Vec<Arc<Link>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Forgets the link of an account that was removed.
    pub(crate) fn forget(&self, account: AccountId) {
        self.links.lock().unwrap_or_else(PoisonError::into_inner).remove(&account);
    }

    pub(crate) async fn account(&self, id: AccountId) -> Result<Account, StoreError> {
        self.store.read(move |c: &Connection| account::get(c, id)).await
    }

    /// Writes what a provider said.
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.store.write(Origin::Sync, self.now(), job).await
    }
}
