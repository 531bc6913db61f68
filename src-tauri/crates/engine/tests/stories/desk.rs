//! A profile with one account at the server in memory, and questions about what is in it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::port::Provider;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Channel, ConversationId, MessageId, Millis, ProviderError};
use deskbell_engine::{
    DEFAULT_SCHEDULE, Engine, ProviderFactory, RoundError, RoundSummary, SecretStore,
};
use deskbell_store::table::account::{self, Account, NewAccount};
use deskbell_store::table::sync_run::{self, SyncRun};
use deskbell_store::{Connection, OpenOptions, Origin, Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::server::Server;

/// Friday, 20 November 2026, noon UTC.
const NOON: Millis = 1_795_176_000_000;
/// How long a test waits for what must come; the machine may be busy with others.
const DEADLINE: Duration = Duration::from_secs(120);

/// A clock that moves a millisecond whenever it is read, and further when told.
#[derive(Clone)]
pub struct HandClock {
    now: Arc<AtomicI64>,
    compared_every: Arc<AtomicU64>,
    compared: Arc<AtomicU64>,
}

impl HandClock {
    fn at(now: Millis) -> Self {
        let compared_every = Arc::new(AtomicU64::new(30_000));
        Self { now: Arc::new(AtomicI64::new(now)), compared_every, compared: Arc::default() }
    }

    pub fn advance(&self, by: Millis) {
        self.now.fetch_add(by, Ordering::SeqCst);
    }

    /// Whoever waits for an instant looks at this clock all the time.
    pub fn is_watched(&self) {
        self.compared_every.store(5, Ordering::SeqCst);
    }

    /// How often somebody has begun to wait for an instant.
    pub fn compared(&self) -> u64 {
        self.compared.load(Ordering::SeqCst)
    }
}

impl Clock for HandClock {
    fn now(&self) -> Millis {
        self.now.fetch_add(1, Ordering::SeqCst)
    }

    fn compared_every(&self) -> Duration {
        self.compared.fetch_add(1, Ordering::SeqCst);
        Duration::from_millis(self.compared_every.load(Ordering::SeqCst))
    }
}

struct Doors {
    server: Server,
    /// The password the server takes; another one is refused.
    right: Arc<std::sync::Mutex<String>>,
}

impl ProviderFactory for Doors {
    fn open(
        &self,
        _account: &Account,
        secret: Option<Secret>,
    ) -> Result<Arc<dyn Provider>, ProviderError> {
        let right = self.right.lock().unwrap().clone();
        if secret.is_none_or(|secret| secret.expose() != right) {
            return Err(ProviderError::Auth("wrong password".into()));
        }
        Ok(Arc::new(self.server.visited()))
    }
}

struct Pocket;

#[async_trait]
impl SecretStore for Pocket {
    async fn password(&self, _account: AccountId) -> Result<Option<Secret>, String> {
        Ok(Some(Secret::new("pencil")))
    }
}

pub struct Desk {
    pub store: Store,
    pub server: Server,
    pub clock: HandClock,
    pub account: AccountId,
    right: Arc<std::sync::Mutex<String>>,
    _directory: tempfile::TempDir,
}

impl Desk {
    pub async fn new(server: Server) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let opened = Store::open(directory.path(), OpenOptions::default()).expect("a profile");
        let store = opened.store;
        let account = add_account(&store, "desk@shop.example").await;
        let clock = HandClock::at(NOON);
        let right = Arc::new(std::sync::Mutex::new("pencil".to_owned()));
        Self { store, server, clock, account, right, _directory: directory }
    }

    pub async fn add_account(&self, address: &str) -> AccountId {
        add_account(&self.store, address).await
    }

    /// The server takes this password from now on.
    pub fn change_password(&self, password: &str) {
        *self.right.lock().unwrap() = password.to_owned();
    }

    fn doors(&self) -> Arc<Doors> {
        Arc::new(Doors { server: self.server.clone(), right: Arc::clone(&self.right) })
    }

    /// An engine without loops.
    pub fn idle(&self) -> Engine {
        let clock = Arc::new(self.clock.clone());
        Engine::idle(self.store.clone(), self.doors(), Arc::new(Pocket), clock)
    }

    /// An engine with loops.
    pub fn started(&self) -> Engine {
        let clock = Arc::new(self.clock.clone());
        Engine::start(self.store.clone(), self.doors(), Arc::new(Pocket), clock)
    }

    /// One complete sync by an engine of its own, as after a new start of the program.
    pub async fn sync(&self) -> Result<RoundSummary, RoundError> {
        self.idle().sync_once(self.account, &CancellationToken::new()).await
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        let read = |c: &Connection| Ok(c.query_row(sql, [], |row| row.get(0))?);
        self.store.read(read).await.expect("a number")
    }

    /// Messages that lie in this mailbox.
    pub async fn copies(&self, key: &'static str) -> i64 {
        let sql = "SELECT count(*) FROM location l JOIN scope s ON s.id = l.scope_id WHERE s.key = ?1 AND l.stale = 0";
        let read = move |c: &Connection| Ok(c.query_row(sql, [key], |row| row.get(0))?);
        self.store.read(read).await.expect("a number")
    }

    /// Ids of all messages by subject.
    pub async fn messages(&self) -> Vec<(String, i64)> {
        let read = |c: &Connection| {
            let mut statement =
                c.prepare("SELECT subject, id FROM message ORDER BY subject, id")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        };
        self.store.read(read).await.expect("the messages")
    }

    pub async fn row(&self) -> Account {
        let id = self.account;
        self.store.read(move |c: &Connection| account::get(c, id)).await.expect("the account")
    }

    pub async fn runs(&self) -> Vec<SyncRun> {
        let id = self.account;
        let read = move |c: &Connection| sync_run::latest(c, id, 50);
        self.store.read(read).await.expect("the history")
    }

    async fn find(&self, subject: &'static str, column: &str) -> i64 {
        let sql = format!("SELECT {column} FROM message WHERE subject = ?1");
        let read = move |c: &Connection| Ok(c.query_row(&sql, [subject], |row| row.get(0))?);
        self.store.read(read).await.expect("the message")
    }

    pub async fn message(&self, subject: &'static str) -> MessageId {
        MessageId(self.find(subject, "id").await)
    }

    /// Whether a person sees this message as read.
    pub async fn is_read(&self, subject: &'static str) -> bool {
        self.find(subject, "flags").await & 1 == 1
    }

    /// What a person does to the conversation of this message.
    pub async fn edit(&self, subject: &'static str, edit: ConversationEdit) {
        let conversation = ConversationId(self.find(subject, "conversation_id").await);
        let now = self.clock.now();
        let group = format!("{subject}-{now}");
        let job = move |w: &mut deskbell_store::Write<'_>| {
            deskbell_store::sync::edit(w, &[conversation], edit, &group)
        };
        let changed = self.store.write(Origin::Local, now, job).await.expect("an edit");
        assert_eq!(changed, 1, "the edit changes the conversation");
    }

    /// Leaves the waiting edits as a process leaves them that is killed while it sends them.
    pub async fn mark_sending(&self) {
        let now = self.clock.now();
        let job = |w: &mut deskbell_store::Write<'_>| {
            Ok(w.execute("UPDATE outbox SET state = 'sending'", [])?)
        };
        let marked = self.store.write(Origin::Local, now, job).await.expect("marked");
        assert_eq!(marked, 1, "one edit is under way");
    }

    /// Takes the latest edit back.
    pub async fn undo(&self) {
        let now = self.clock.now();
        let job = |w: &mut deskbell_store::Write<'_>| {
            let sql = "SELECT undo_group FROM undo ORDER BY created_at DESC LIMIT 1";
            let group: String = w.query_row(sql, [], |row| row.get(0))?;
            deskbell_store::sync::undo(w, &group)
        };
        let changed = self.store.write(Origin::Local, now, job).await.expect("an undo");
        assert_eq!(changed, 1, "the undo changes the message");
    }

    /// What a person does to some conversation, if there is one that it changes.
    pub async fn edit_any(&self, choice: usize, edit: ConversationEdit) {
        let now = self.clock.now();
        let group = format!("any-{now}");
        let job = move |w: &mut deskbell_store::Write<'_>| {
            let count: i64 = w.query_row("SELECT count(*) FROM conversation", [], |r| r.get(0))?;
            if count == 0 {
                return Ok(0);
            }
            let skip = i64::try_from(choice % usize::try_from(count).unwrap_or(1)).unwrap_or(0);
            let sql = "SELECT id FROM conversation ORDER BY id LIMIT 1 OFFSET ?1";
            let id = w.query_row(sql, [skip], |row| row.get(0).map(ConversationId))?;
            deskbell_store::sync::edit(w, &[id], edit, &group)
        };
        self.store.write(Origin::Local, now, job).await.expect("an edit");
    }

    /// Every copy here with its flags: mailbox and key, subject and bits.
    pub async fn holdings(&self) -> BTreeMap<(String, String), (String, i64)> {
        let sql = "SELECT s.key, l.remote_key, m.subject, l.flags FROM location l
            JOIN scope s ON s.id = l.scope_id JOIN message m ON m.id = l.message_id";
        let read = move |c: &Connection| {
            let mut statement = c.prepare(sql)?;
            let rows = statement
                .query_map([], |r| Ok(((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?))))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        self.store.read(read).await.expect("the copies")
    }

    pub async fn set_paused(&self, paused: bool) {
        let (id, now) = (self.account, self.clock.now());
        let job = move |w: &mut deskbell_store::Write<'_>| account::set_paused(w, id, paused);
        self.store.write(Origin::Local, now, job).await.expect("the pause");
    }

    /// Leaves the account as a process leaves it that is killed right after the removal began.
    pub async fn leave_half_removed(&self) {
        let now = self.clock.now();
        let job = |w: &mut deskbell_store::Write<'_>| {
            let sql = "UPDATE account SET state = 'erasing', address = 'erasing 1', paused = 1";
            Ok(w.execute(sql, [])?)
        };
        self.store.write(Origin::Local, now, job).await.expect("marked");
    }

    /// Lets the database grow by this many pages only; `None` lifts the limit.
    pub async fn limit_disk(&self, spare: Option<i64>) {
        let now = self.clock.now();
        let job = move |w: &mut deskbell_store::Write<'_>| -> Result<(), StoreError> {
            let pages: i64 = w.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            let limit = spare.map_or(1_000_000, |spare| pages + spare);
            w.query_row(&format!("PRAGMA max_page_count = {limit}"), [], |_| Ok(()))?;
            Ok(())
        };
        self.store.write(Origin::Local, now, job).await.expect("the limit");
    }
}

pub async fn add_account(store: &Store, address: &str) -> AccountId {
    let new = NewAccount {
        provider: "post".into(),
        channel: Channel::Email,
        address: address.into(),
        name: "Desk".into(),
        settings: "{}".into(),
        schedule: DEFAULT_SCHEDULE.into(),
        writes_back: true,
        sends: true,
    };
    let insert = store.write(Origin::Local, NOON, move |w| account::insert(w, &new));
    insert.await.expect("an account")
}

/// Waits until `question` answers yes.
pub async fn until<F: Future<Output = bool>>(rule: &str, question: impl Fn() -> F) {
    let asked = tokio::time::timeout(DEADLINE, async {
        while !question().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    assert!(asked.await.is_ok(), "in time: {rule}");
}
