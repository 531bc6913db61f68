//! Our side: a profile with one account, synced by engines that are started anew each time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::port::Provider;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::{Clock, HOUR};
use deskbell_domain::{
    AccountId, Channel, ConversationId, LabelId, MailboxRole, Millis, OutgoingId, ProviderError,
};
use deskbell_engine::{
    DEFAULT_SCHEDULE, Engine, ProviderFactory, RoundError, RoundSummary, SecretStore,
};
use deskbell_store::table::account::{self, Account, NewAccount};
use deskbell_store::table::outgoing::Outgoing;
use deskbell_store::table::{label, outgoing};
use deskbell_store::{Connection, OpenOptions, Origin, Store, Write};
use tokio_util::sync::CancellationToken;

use crate::play::Known;

/// Saturday, 21 November 2026, seven o'clock: when the simulator's world begins.
const BEGINNING: Millis = 1_795_244_400_000;

/// A clock that moves a millisecond whenever it is read, and further when told.
#[derive(Clone)]
struct HandClock(Arc<AtomicI64>);

impl Clock for HandClock {
    fn now(&self) -> Millis {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

struct Door(Arc<dyn Provider>);

impl ProviderFactory for Door {
    fn open(&self, _: &Account, _: Option<Secret>) -> Result<Arc<dyn Provider>, ProviderError> {
        Ok(Arc::clone(&self.0))
    }
}

struct Pocket;

#[async_trait]
impl SecretStore for Pocket {
    async fn password(&self, _: AccountId) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

pub struct Desk {
    store: Store,
    clock: HandClock,
    account: AccountId,
    _directory: tempfile::TempDir,
}

impl Desk {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let opened = Store::open(directory.path(), OpenOptions::default()).expect("a profile");
        let new = NewAccount {
            provider: "played".into(),
            channel: Channel::Email,
            address: "ada@studio.example".into(),
            name: "Desk".into(),
            settings: "{}".into(),
            schedule: DEFAULT_SCHEDULE.into(),
            writes_back: true,
            sends: true,
        };
        let store = opened.store;
        let insert = store.write(Origin::Local, BEGINNING, move |w| account::insert(w, &new));
        let account = insert.await.expect("an account");
        let clock = HandClock(Arc::new(AtomicI64::new(BEGINNING)));
        Self { store, clock, account, _directory: directory }
    }

    /// An hour passes: what wanted a pause is due again.
    pub fn tick(&self) {
        self.clock.0.fetch_add(HOUR, Ordering::SeqCst);
    }

    /// One complete sync by an engine of its own.
    pub async fn sync(&self, provider: &Arc<dyn Provider>) -> Result<RoundSummary, RoundError> {
        let engine = self.idle(provider);
        engine.sync_once(self.account, &CancellationToken::new()).await
    }

    /// Sends what is due now, by an engine of its own.
    pub async fn send(&self, provider: &Arc<dyn Provider>) {
        let token = CancellationToken::new();
        let engine = self.idle(provider);
        engine.send_once(self.account, &token, Duration::ZERO).await.expect("the store works");
    }

    fn idle(&self, provider: &Arc<dyn Provider>) -> Engine {
        let door = Arc::new(Door(Arc::clone(provider)));
        let clock = Arc::new(self.clock.clone());
        Engine::idle(self.store.clone(), door, Arc::new(Pocket), clock)
    }

    /// An engine with its loops, as the program runs it.
    pub fn started(&self, provider: &Arc<dyn Provider>) -> Engine {
        let door = Arc::new(Door(Arc::clone(provider)));
        let clock = Arc::new(self.clock.clone());
        Engine::start(self.store.clone(), door, Arc::new(Pocket), clock)
    }

    /// The writer pauses for so many milliseconds.
    pub fn pause(&self, ms: Millis) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    pub fn account(&self) -> AccountId {
        self.account
    }

    pub async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, deskbell_store::StoreError> + Send + 'static,
    ) -> T {
        self.store.read(job).await.expect("read")
    }

    pub async fn outgoing(&self, id: OutgoingId) -> Outgoing {
        self.store.read(move |c: &Connection| outgoing::get(c, id)).await.expect("the message")
    }

    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, deskbell_store::StoreError> + Send + 'static,
    ) -> T {
        self.store.write(Origin::Local, self.clock.now(), job).await.expect("written")
    }

    /// What a person does to some conversation, if there is one.
    pub async fn edit_any(&self, choice: usize, edit: ConversationEdit) {
        let group = format!("edit-{}", self.clock.now());
        self.write(move |w| match any(w, choice)? {
            Some(id) => deskbell_store::sync::edit(w, &[id], edit, &group),
            None => Ok(0),
        })
        .await;
    }

    /// A person puts a label on some conversation, or takes it away.
    pub async fn label_any(&self, choice: usize, name: &'static str, on: bool) {
        let group = format!("label-{}", self.clock.now());
        self.write(move |w| {
            let Some(id) = any(w, choice)? else { return Ok(0) };
            let known = label::named(w, name)?.map(|label| label.id);
            let label: LabelId = match known {
                Some(label) => label,
                None => label::insert(w, name, None)?,
            };
            deskbell_store::sync::label::set(w, &[id], label, on, &group)
        })
        .await;
    }

    async fn number(&self, sql: &'static str) -> usize {
        let read = move |c: &Connection| Ok(c.query_row(sql, [], |row| row.get::<_, i64>(0))?);
        let number = self.store.read(read).await.expect("a number");
        usize::try_from(number).expect("a count")
    }

    /// Edits the provider has not learnt of.
    pub async fn waiting(&self) -> usize {
        self.number("SELECT count(*) FROM outbox").await
    }

    pub async fn messages(&self) -> usize {
        self.number("SELECT count(*) FROM message").await
    }

    /// Messages that are here whole.
    pub async fn bodies(&self) -> usize {
        self.number("SELECT count(*) FROM body").await
    }

    /// Every message as a person sees it.
    pub async fn holdings(&self) -> BTreeMap<String, Known> {
        let sql = "SELECT m.subject, l.role, m.flags, coalesce((SELECT group_concat(name, '|')
              FROM (SELECT b.name FROM message_label x JOIN label b ON b.id = x.label_id
              WHERE x.message_id = m.id ORDER BY b.name)), '')
            FROM location l JOIN message m ON m.id = l.message_id";
        let read = |c: &Connection| {
            let mut statement = c.prepare(sql)?;
            let rows = statement.query_map([], |row| {
                let (role, flags): (String, i64) = (row.get(1)?, row.get(2)?);
                let labels: String = row.get(3)?;
                let known = Known {
                    role: MailboxRole::parse(&role).expect("a role"),
                    read: flags & 1 != 0,
                    starred: flags & 2 != 0,
                    labels: labels
                        .split('|')
                        .filter(|one| !one.is_empty())
                        .map(str::to_owned)
                        .collect(),
                };
                Ok((row.get::<_, String>(0)?, known))
            })?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        };
        let rows = self.store.read(read).await.expect("the copies");
        let count = rows.len();
        let by_subject: BTreeMap<_, _> = rows.into_iter().collect();
        assert_eq!(by_subject.len(), count, "no message lies in two places");
        by_subject
    }
}

fn any(w: &Write<'_>, choice: usize) -> Result<Option<ConversationId>, deskbell_store::StoreError> {
    let count: i64 = w.query_row("SELECT count(*) FROM conversation", [], |row| row.get(0))?;
    if count == 0 {
        return Ok(None);
    }
    let skip = i64::try_from(choice).unwrap_or(0) % count;
    let sql = "SELECT id FROM conversation ORDER BY id LIMIT 1 OFFSET ?1";
    Ok(Some(w.query_row(sql, [skip], |row| row.get(0).map(ConversationId))?))
}
