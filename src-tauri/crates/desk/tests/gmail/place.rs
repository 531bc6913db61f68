//! A profile with one Gmail account, the mailbox behind it, and what both hold in a form that compares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::port::{AccessTokens, Provider};
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Channel, ConversationId, Millis, ProviderError};
use deskbell_engine::{
    DEFAULT_SCHEDULE, Engine, ProviderFactory, RoundError, RoundSummary, SecretStore,
};
use deskbell_providers::gmail::{GmailProvider, GmailSettings};
use deskbell_simulator::{GOOGLE_FULL, GmailMailbox, Simulator};
use deskbell_store::table::account::{self, Account, NewAccount};
use deskbell_store::table::label;
use deskbell_store::{Connection, OpenOptions, Origin, Store, Write};
use tokio_util::sync::CancellationToken;

pub const DESK: &str = "desk@studio.example";

/// A clock that moves a millisecond whenever it is read.
#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Millis {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// Gives out a token, and another one when it is turned away.
struct Pocket {
    simulator: Arc<Simulator>,
    current: Mutex<String>,
}

#[async_trait]
impl AccessTokens for Pocket {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        let mut current = self.current.lock().unwrap();
        if refused.is_some() {
            let mut world = self.simulator.world();
            let now = world.now;
            *current = world.google.oauth.sign_in(DESK, &[GOOGLE_FULL], now).0;
        }
        Ok(Secret::new(current.clone()))
    }
}

struct Doors {
    settings: GmailSettings,
    tokens: Arc<Pocket>,
}

impl ProviderFactory for Doors {
    fn open(&self, _: &Account, _: Option<Secret>) -> Result<Arc<dyn Provider>, ProviderError> {
        let tokens = Arc::clone(&self.tokens) as Arc<dyn AccessTokens>;
        Ok(Arc::new(GmailProvider::new(&self.settings, tokens)?))
    }
}

struct NoPassword;

#[async_trait]
impl SecretStore for NoPassword {
    async fn password(&self, _: AccountId) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

/// What a message is, on either side: place, read, starred, labels, and the thread by its first message.
pub type Held = BTreeMap<String, (String, bool, bool, BTreeSet<String>, String)>;

/// Key, what its copy is, and the conversation it is in.
type Row = (String, (String, bool, bool, BTreeSet<String>), i64);

pub struct Place {
    pub simulator: Arc<Simulator>,
    store: Store,
    account: AccountId,
    clock: Hands,
    doors: Arc<Doors>,
    _directory: tempfile::TempDir,
}

impl Place {
    pub async fn new() -> Self {
        let simulator = Arc::new(Simulator::start().unwrap());
        let (token, now) = {
            let mut world = simulator.world();
            let now = world.now;
            let (token, _) = world.google.open(DESK, now);
            // Faults are ordered one by one; the quota has stories of its own.
            world.google.quota.per_minute = u32::MAX;
            (token, now)
        };
        let settings = GmailSettings {
            address: DESK.into(),
            base_url: Some(simulator.base_url("google")),
            units_per_minute: Some(1_000_000_000),
            look_every: 1,
        };
        let tokens =
            Arc::new(Pocket { simulator: Arc::clone(&simulator), current: Mutex::new(token) });
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path(), OpenOptions::default()).unwrap().store;
        let new = NewAccount {
            provider: "gmail".into(),
            channel: Channel::Email,
            address: DESK.into(),
            name: "Desk".into(),
            settings: "{}".into(),
            schedule: DEFAULT_SCHEDULE.into(),
            writes_back: true,
            sends: true,
        };
        let account =
            store.write(Origin::Local, now, move |w| account::insert(w, &new)).await.unwrap();
        let clock = Hands(Arc::new(AtomicI64::new(now)));
        let doors = Arc::new(Doors { settings, tokens });
        Self { simulator, store, account, clock, doors, _directory: directory }
    }

    pub fn engine(&self) -> Engine {
        let doors = Arc::clone(&self.doors);
        Engine::idle(self.store.clone(), doors, Arc::new(NoPassword), Arc::new(self.clock.clone()))
    }

    pub async fn sync(
        &self,
        engine: &Engine,
        token: &CancellationToken,
    ) -> Result<RoundSummary, RoundError> {
        engine.sync_once(self.account, token).await
    }

    /// Time passes on both sides.
    pub fn pass(&self, ms: i64) {
        self.simulator.advance(ms);
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn there<T>(&self, does: impl FnOnce(&mut GmailMailbox, i64) -> T) -> T {
        let mut world = self.simulator.world();
        world.now += 1_000;
        let now = world.now;
        does(world.google.mailbox(DESK), now)
    }

    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, deskbell_store::StoreError> + Send + 'static,
    ) -> T {
        self.store.write(Origin::Local, self.clock.now(), job).await.unwrap()
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        let read = move |c: &Connection| Ok(c.query_row(sql, [], |row| row.get(0))?);
        self.store.read(read).await.unwrap()
    }

    /// What a person does to some conversation.
    pub async fn edit(&self, choice: usize, edit: ConversationEdit) {
        self.write(move |w| {
            let Some(id) = some(w, choice)? else { return Ok(0) };
            let group = deskbell_store::sync::new_group(w)?;
            deskbell_store::sync::edit(w, &[id], edit, &group)
        })
        .await;
    }

    /// A person labels some conversation, or takes the label off.
    pub async fn label(&self, choice: usize, name: &'static str, value: bool) {
        self.write(move |w| {
            let Some(id) = some(w, choice)? else { return Ok(0) };
            let label = match label::named(w, name)? {
                Some(known) => known.id,
                None => label::insert(w, name, None)?,
            };
            let group = deskbell_store::sync::new_group(w)?;
            deskbell_store::sync::label::set(w, &[id], label, value, &group)
        })
        .await;
    }

    /// What the mailbox holds.
    pub fn theirs(&self) -> Held {
        self.there(|mailbox, _| {
            let all = mailbox.all();
            let mut first: BTreeMap<u64, String> = BTreeMap::new();
            for (id, message) in &all {
                first.entry(message.thread).or_insert_with(|| id.clone());
            }
            let one = |(id, m): (&String, &&deskbell_simulator::GmailMessage)| {
                let has = |label: &str| m.labels.contains(label);
                let place = [
                    ("TRASH", "trash"),
                    ("SPAM", "spam"),
                    ("INBOX", "inbox"),
                    ("DRAFT", "drafts"),
                    ("SENT", "sent"),
                ];
                let place = place.iter().find(|(label, _)| has(label)).map_or("archive", |p| p.1);
                let names = m.labels.iter().filter_map(|id| mailbox.label_name(id));
                let names = names.map(str::to_lowercase).collect();
                let thread = first[&m.thread].clone();
                (id.clone(), (place.to_owned(), !has("UNREAD"), has("STARRED"), names, thread))
            };
            all.iter().map(one).collect()
        })
    }

    /// What is here.
    pub async fn ours(&self) -> Held {
        let read = |c: &Connection| {
            let mut statement = c.prepare(
                "SELECT l.remote_key, l.role, l.flags & 1, l.flags & 2,
                   (SELECT group_concat(n.remote_key, char(10)) FROM location_label b JOIN label n ON n.id = b.label_id
                    WHERE b.scope_id = l.scope_id AND b.remote_key = l.remote_key),
                   m.conversation_id
                 FROM location l JOIN message m ON m.id = l.message_id ORDER BY l.remote_key",
            )?;
            let rows = statement.query_map([], |r| {
                let labels: Option<String> = r.get(4)?;
                let labels: BTreeSet<String> =
                    labels.iter().flat_map(|all| all.lines().map(str::to_owned)).collect();
                let held = (r.get(1)?, r.get(2)?, r.get(3)?, labels);
                Ok((r.get::<_, String>(0)?, held, r.get::<_, i64>(5)?))
            })?;
            let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
            let mut first: BTreeMap<i64, String> = BTreeMap::new();
            for (key, _, conversation) in &rows {
                first.entry(*conversation).or_insert_with(|| key.clone());
            }
            let one = |(key, (place, seen, starred, labels), conversation)| {
                let thread = first.get(&conversation).cloned().unwrap_or_default();
                (key, (place, seen, starred, labels, thread))
            };
            Ok(rows.into_iter().map(one).collect())
        };
        self.store.read(read).await.unwrap()
    }
}

fn some(
    w: &Write<'_>,
    choice: usize,
) -> Result<Option<ConversationId>, deskbell_store::StoreError> {
    let mut statement = w.prepare("SELECT id FROM conversation ORDER BY id")?;
    let ids: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok((!ids.is_empty()).then(|| ConversationId(ids[choice % ids.len()])))
}
