//! One start of the program: the store of a profile, a clock that is moved by hand, an engine, and the person before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingState};
use deskbell_domain::secret::Secret;
use deskbell_domain::time::{Clock, MINUTE, SECOND};
use deskbell_domain::{AccountId, Address, Channel, Millis};
use deskbell_engine::{DEFAULT_SCHEDULE, Engine, SecretStore};
use deskbell_store::sync::outgoing::{self as written, NewDraft};
use deskbell_store::sync::transit::{self, NEVER};
use deskbell_store::table::account::{self, NewAccount};
use deskbell_store::table::outgoing::{self, Outgoing};
use deskbell_store::{Connection, Origin, Store, StoreError, Write};
use tokio_util::sync::CancellationToken;

use crate::mailbox::Doors;

/// Saturday, 21 November 2026, seven o'clock.
const BEGINNING: Millis = 1_795_244_400_000;

/// A clock that stands still until it is moved; it goes on from life to life.
#[derive(Clone)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(BEGINNING)))
    }

    pub fn advance(&self, by: Millis) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

struct Pocket;

#[async_trait]
impl SecretStore for Pocket {
    async fn password(&self, _: AccountId) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

/// A message somebody wants sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub token: String,
    pub conversation: String,
}

impl Letter {
    pub fn new(number: usize, conversation: u8) -> Self {
        Self {
            token: format!("m{number}@studio.example"),
            conversation: format!("t{conversation}@client.example"),
        }
    }
}

/// See the module.
pub struct Desk {
    store: Store,
    doors: Arc<Doors>,
    pub clock: HandClock,
    account: AccountId,
}

/// The account everything is sent from.
pub async fn make_account(store: &Store) {
    let new = NewAccount {
        provider: "mailbox".into(),
        channel: Channel::Email,
        address: "studio@studio.example".into(),
        name: "Desk".into(),
        settings: "{}".into(),
        schedule: DEFAULT_SCHEDULE.into(),
        writes_back: true,
        sends: true,
    };
    let made = store.write(Origin::Local, BEGINNING, move |w| account::insert(w, &new));
    made.await.expect("an account");
}

impl Desk {
    /// Sits down at the desk of a profile.
    pub async fn open(store: &Store, doors: Arc<Doors>, clock: &HandClock) -> Self {
        let known = store.read(|c: &Connection| account::list(c)).await.expect("accounts");
        let account = known.first().expect("the account").id;
        Self { store: store.clone(), doors, clock: clock.clone(), account }
    }

    pub fn engine(&self) -> Engine {
        let (doors, clock) = (Arc::clone(&self.doors), Arc::new(self.clock.clone()));
        Engine::idle(self.store.clone(), doors, Arc::new(Pocket), clock)
    }

    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write(Origin::Local, self.clock.now(), job).await.expect("is written")
    }

    /// Writes the letters and gives them over to be sent; what was done in an earlier life is not done again.
    pub async fn write_all(&self, letters: &[Letter]) {
        for letter in letters {
            let known = self.row(&letter.token).await;
            let (id, state) = match known {
                Some(row) => (row.id, row.state),
                None => {
                    let new = self.draft(letter);
                    (self.write(move |w| written::create(w, &new)).await, OutgoingState::Draft)
                }
            };
            if state == OutgoingState::Draft {
                let now = self.clock.now();
                self.write(move |w| written::queue(w, id, now, false)).await;
            }
        }
    }

    fn draft(&self, letter: &Letter) -> NewDraft {
        let mara = Address { name: None, address: "mara@client.example".into() };
        NewDraft {
            account: self.account,
            kind: ComposeKind::New,
            about: None,
            token: letter.token.clone(),
            composition: Composition {
                to: vec![mara],
                subject: format!("About {}", letter.conversation),
                text: format!("This is {}.", letter.token),
                references: vec![letter.conversation.clone()],
                ..Composition::default()
            },
            files: Vec::new(),
        }
    }

    /// Sends, looks and keeps copies until nothing more happens by itself, as time goes by.
    pub async fn work(&self, engine: &Engine) {
        const ROUNDS: usize = 90;
        for round in 0..ROUNDS {
            self.send(engine).await;
            if self.is_at_rest().await {
                return;
            }
            // What a server puts off again and again waits for ever longer.
            self.clock.advance(if round < 30 { 20 * SECOND } else { 10 * MINUTE });
        }
        panic!("it never comes to rest: {:#?}", self.rows().await);
    }

    /// Sends what is due now.
    pub async fn send(&self, engine: &Engine) {
        let token = CancellationToken::new();
        let sent = engine.send_once(self.account, &token, Duration::ZERO).await;
        sent.expect("the store works");
    }

    /// One complete sync.
    pub async fn sync(&self, engine: &Engine) {
        let synced = engine.sync_once(self.account, &CancellationToken::new()).await;
        synced.expect("the mailbox answers");
    }

    async fn is_at_rest(&self) -> bool {
        let rows = self.rows().await;
        let asked = |row: &Outgoing| row.state == OutgoingState::Unknown && row.next_try == NEVER;
        rows.iter().all(|row| {
            let settled = match row.state {
                OutgoingState::Unknown => asked(row),
                OutgoingState::Rejected => true,
                // Its turn comes when a person has decided about an earlier one.
                OutgoingState::Queued => rows.iter().any(|earlier| {
                    let same = earlier.composition.references == row.composition.references;
                    asked(earlier) && earlier.id < row.id && same
                }),
                state => state.is_gone(),
            };
            settled && !row.copy_wanted
        })
    }

    /// Every message that was written, in order.
    pub async fn rows(&self) -> Vec<Outgoing> {
        let read = |c: &Connection| {
            let mut statement = c.prepare("SELECT id FROM outgoing ORDER BY id")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            let ids = ids.collect::<Result<Vec<i64>, _>>()?;
            ids.into_iter().map(|id| outgoing::get(c, deskbell_domain::OutgoingId(id))).collect()
        };
        self.store.read(read).await.expect("the messages")
    }

    pub async fn row(&self, token: &str) -> Option<Outgoing> {
        self.rows().await.into_iter().find(|row| row.token == token)
    }

    /// A person who knows what arrived settles what nobody else can.
    pub async fn decide(&self, arrived: &[String]) {
        for row in self.rows().await {
            if row.state != OutgoingState::Unknown {
                continue;
            }
            let (id, there) = (row.id, arrived.contains(&row.token));
            self.write(
                move |w| if there { transit::confirm(w, id) } else { transit::retry(w, id) },
            )
            .await;
        }
    }

    /// Message-ID and role of every place a message lies in here.
    pub async fn places(&self) -> Vec<(String, String)> {
        let read = |c: &Connection| {
            let sql =
                "SELECT m.message_id, l.role FROM location l JOIN message m ON m.id = l.message_id
                       WHERE l.stale = 0 ORDER BY m.message_id";
            let mut statement = c.prepare(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        };
        self.store.read(read).await.expect("the places")
    }
}
