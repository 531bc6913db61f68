//! Our side: a profile with one account.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::port::Provider;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock as _;
use deskbell_domain::{AccountId, AccountState, Channel, ConversationId, ProviderError};
use deskbell_engine::{
    DEFAULT_SCHEDULE, Engine, MachineClock, ProviderFactory, RoundError, RoundSummary, SecretStore,
};
use deskbell_store::table::account::{self, Account, NewAccount};
use deskbell_store::{Connection, OpenOptions, Origin, Store};
use tokio_util::sync::CancellationToken;

/// Whatever is waited for has come by then, or never does.
const PATIENCE: Duration = Duration::from_secs(120);

struct Door(Arc<dyn Provider>);

impl ProviderFactory for Door {
    fn open(&self, _: &Account, _: Option<Secret>) -> Result<Arc<dyn Provider>, ProviderError> {
        Ok(Arc::clone(&self.0))
    }
}

struct NoPassword;

#[async_trait]
impl SecretStore for NoPassword {
    async fn password(&self, _: AccountId) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

pub struct Desk {
    store: Store,
    account: AccountId,
    _directory: tempfile::TempDir,
}

impl Desk {
    pub async fn new(address: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path(), OpenOptions::default()).unwrap().store;
        let new = NewAccount {
            provider: "played".into(),
            channel: Channel::Email,
            address: address.into(),
            name: "Desk".into(),
            settings: "{}".into(),
            schedule: DEFAULT_SCHEDULE.into(),
            writes_back: true,
            sends: false,
        };
        let now = MachineClock.now();
        let insert = store.write(Origin::Local, now, move |w| account::insert(w, &new));
        let account = insert.await.unwrap();
        Self { store, account, _directory: directory }
    }

    /// An engine with its loops, as the window runs it.
    pub fn started(&self, provider: Arc<dyn Provider>) -> Engine {
        let clock = Arc::new(MachineClock);
        Engine::start(self.store.clone(), Arc::new(Door(provider)), Arc::new(NoPassword), clock)
    }

    /// One complete sync, as `bell sync` does it.
    pub async fn sync(&self, provider: Arc<dyn Provider>) -> Result<RoundSummary, RoundError> {
        let clock = Arc::new(MachineClock);
        let door = Arc::new(Door(provider));
        let engine = Engine::idle(self.store.clone(), door, Arc::new(NoPassword), clock);
        engine.sync_once(self.account, &CancellationToken::new()).await
    }

    pub async fn state(&self) -> AccountState {
        let id = self.account;
        self.store.read(move |c: &Connection| account::get(c, id)).await.unwrap().state
    }

    /// Looks until the account is in this state.
    pub async fn until(&self, state: AccountState) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.state().await != state {
            assert!(tokio::time::Instant::now() < deadline, "waited in vain for {state:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Syncs until the provider has learnt of everything.
    pub async fn told<F>(&self, sync: impl Fn() -> F)
    where
        F: Future<Output = Result<RoundSummary, RoundError>>,
    {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.number("SELECT count(*) FROM outbox").await > 0 {
            assert!(tokio::time::Instant::now() < deadline, "an edit is never told");
            tokio::time::sleep(Duration::from_millis(50)).await;
            sync().await.expect("nothing is in the way");
        }
    }

    /// The subjects of all messages, in order.
    pub async fn subjects(&self) -> Vec<String> {
        let read = |c: &Connection| {
            let mut statement = c.prepare("SELECT subject FROM message ORDER BY subject")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        self.store.read(read).await.unwrap()
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        let read = move |c: &Connection| Ok(c.query_row(sql, [], |row| row.get(0))?);
        self.store.read(read).await.unwrap()
    }

    /// A person stars some conversation.
    pub async fn star(&self) {
        let id = ConversationId(self.number("SELECT min(id) FROM conversation").await);
        let now = MachineClock.now();
        let edit = ConversationEdit::Star;
        let starred = self
            .store
            .write(Origin::Local, now, move |w| deskbell_store::sync::edit(w, &[id], edit, "star"));
        assert!(starred.await.unwrap() > 0);
    }
}
