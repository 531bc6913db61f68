//! A post office in memory: takes messages to be sent, keeps copies of them, and fails on order; and a desk
//! that can be killed and opened again.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::message::Flags;
use deskbell_domain::outgoing::{
    ComposeKind, Composition, Found, OutgoingMessage, OutgoingState, SendLimits, SendOutcome,
};
use deskbell_domain::port::{
    Capabilities, CopyName, CopySink, Departure, MessageSink, MessageSource, Provider, StateSink,
};
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Address, MailboxRole, Millis, OutgoingId, ProviderError};
use deskbell_engine::{Engine, ProviderFactory, SecretStore};
use deskbell_store::sync::outgoing::{self as written, NewDraft};
use deskbell_store::table::account::{self, Account};
use deskbell_store::table::outgoing::{self, Outgoing};
use deskbell_store::{Connection, OpenOptions, Origin, Store, StoreError, Write};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::desk::add_account;

/// How the post office treats one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    Accept,
    /// Takes it, and refuses one of its recipients.
    AcceptSome,
    /// Takes it for the first recipient, and for the others only later.
    AcceptFirst,
    /// Takes it, by its own word, only later.
    Later,
    Refuse,
    RefuseLate,
    RetryEarly,
    RetryLate,
    /// Asks to be left alone for so many seconds.
    Pause(u64),
    SignIn,
    /// The answer is lost, and the message too.
    LostBefore,
    /// The answer is lost; the message is delivered.
    LostAfter,
    /// Never answers; before departure, between departure and delivery, after delivery.
    HangBefore,
    HangBetween,
    HangAfter,
}

/// How the post office answers a question for a message, or takes a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Truth,
    CannotTell,
    Offline,
    /// Does what it was asked; the answer is lost.
    Lost,
}

#[derive(Default)]
struct World {
    treatments: VecDeque<Treatment>,
    own_treatments: BTreeMap<String, Treatment>,
    finds: VecDeque<Answer>,
    copying: VecDeque<Answer>,
    always: Option<Treatment>,
    delivered: Vec<(String, Vec<u8>)>,
    from: Vec<String>,
    envelopes: Vec<Vec<String>>,
    sent: Vec<String>,
    calls: Vec<String>,
    at_once: (usize, usize),
    keeps_copies: bool,
    saves_sent: Option<bool>,
    saves_really: bool,
    per_minute: Option<u32>,
}

/// See the module.
#[derive(Clone)]
pub struct Post {
    world: Arc<Mutex<World>>,
    /// One permit lets one message go on that hangs.
    release: Arc<Semaphore>,
    /// One permit for each message that came to hang.
    hanging: Arc<Semaphore>,
}

impl Default for Post {
    fn default() -> Self {
        let none = || Arc::new(Semaphore::new(0));
        Self { world: Arc::default(), release: none(), hanging: none() }
    }
}

/// How long a test waits for what must come.
const DEADLINE: Duration = Duration::from_secs(30);

impl Post {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Treats the next messages so.
    pub fn treat(&self, treatments: &[Treatment]) {
        self.world().treatments.extend(treatments);
    }

    /// Treats the next try of this message so.
    pub fn treat_one(&self, name: &str, treatment: Treatment) {
        self.world().own_treatments.insert(format!("{name}@shop.example"), treatment);
    }

    /// Treats every message so that nothing else is said of.
    pub fn always(&self, treatment: Option<Treatment>) {
        self.world().always = treatment;
    }

    pub fn answer(&self, finds: &[Answer], copying: &[Answer]) {
        self.world().finds.extend(finds);
        self.world().copying.extend(copying);
    }

    /// From now on everything works.
    pub fn calm_down(&self) {
        let mut world = self.world();
        world.treatments.clear();
        world.finds.clear();
        world.copying.clear();
        world.always = None;
    }

    /// Has a mailbox for sent messages; `saves` is what it says of filling it, `really` what it does.
    pub fn keep_copies(&self, saves: Option<bool>, really: bool) {
        let mut world = self.world();
        (world.keeps_copies, world.saves_sent, world.saves_really) = (true, saves, really);
    }

    pub fn limit(&self, per_minute: u32) {
        self.world().per_minute = Some(per_minute);
    }

    /// The Message-IDs of what was delivered, in that order.
    pub fn delivered(&self) -> Vec<String> {
        self.world().delivered.iter().map(|(token, _)| token.clone()).collect()
    }

    pub fn delivered_source(&self, token: &str) -> Option<Vec<u8>> {
        let world = self.world();
        world.delivered.iter().find(|(one, _)| one == token).map(|(_, source)| source.clone())
    }

    /// What was delivered, in order.
    pub fn sources(&self) -> Vec<Vec<u8>> {
        self.world().delivered.iter().map(|(_, source)| source.clone()).collect()
    }

    /// Who the delivered messages were from.
    pub fn authors(&self) -> Vec<String> {
        self.world().from.clone()
    }

    /// Who each try was for, in order.
    pub fn envelopes(&self) -> Vec<Vec<String>> {
        self.world().envelopes.clone()
    }

    /// The Message-IDs in the mailbox of sent messages.
    pub fn sent(&self) -> Vec<String> {
        self.world().sent.clone()
    }

    pub fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.world().calls)
    }

    /// The most messages it was given at the same time.
    pub fn most_at_once(&self) -> usize {
        self.world().at_once.1
    }

    fn deliver(&self, mail: &OutgoingMessage) {
        let mut world = self.world();
        world.delivered.push((mail.token.clone(), mail.source.to_vec()));
        world.from.push(mail.sender.address.clone());
        if world.saves_really {
            world.sent.push(mail.token.clone());
        }
    }

    async fn hang(&self) {
        self.hanging.add_permits(1);
        self.release.acquire().await.expect("stays open").forget();
    }

    /// Waits until one more message hangs.
    pub async fn one_hangs(&self) {
        let hangs = tokio::time::timeout(DEADLINE, self.hanging.acquire()).await;
        hangs.expect("in time, a message hangs").expect("stays open").forget();
    }

    /// Lets so many messages go on that hang, now or later.
    pub fn release(&self, messages: usize) {
        self.release.add_permits(messages);
    }

    /// Whether it is sending nothing.
    pub fn is_idle(&self) -> bool {
        self.world().at_once.0 == 0
    }

    async fn handle(
        &self,
        mail: &OutgoingMessage,
        departure: &dyn Departure,
        treatment: Treatment,
    ) -> SendOutcome {
        let retry = |after| SendOutcome::Retry { after, message: "try again".into() };
        let refuse = || SendOutcome::Rejected {
            code: "550".into(),
            message: "no such mailbox".into(),
            refused: Vec::new(),
        };
        match treatment {
            Treatment::Refuse => return refuse(),
            Treatment::RetryEarly => return retry(None),
            Treatment::Later => return SendOutcome::Later { message: "greylisted".into() },
            Treatment::Pause(seconds) => return retry(Some(Duration::from_secs(seconds))),
            Treatment::SignIn => return SendOutcome::SignIn("wrong password".into()),
            Treatment::HangBefore => self.hang().await,
            _ => {}
        }
        if let Err(message) = departure.departs().await {
            return SendOutcome::Retry { after: None, message };
        }
        match treatment {
            Treatment::RefuseLate => return refuse(),
            Treatment::RetryLate => return retry(None),
            Treatment::LostBefore => return SendOutcome::Unknown("the line broke".into()),
            Treatment::HangBetween => self.hang().await,
            _ => {}
        }
        self.deliver(mail);
        match treatment {
            Treatment::LostAfter => return SendOutcome::Unknown("the line broke".into()),
            Treatment::HangAfter => self.hang().await,
            _ => {}
        }
        if treatment == Treatment::AcceptFirst {
            let later = mail.recipients.iter().skip(1).map(|address| {
                let reason = "come back later".to_owned();
                deskbell_domain::outgoing::RefusedRecipient { address: address.clone(), reason }
            });
            let (remote_id, refused, later) = (None, Vec::new(), later.collect());
            return SendOutcome::Partly { remote_id, refused, later };
        }
        let refused = match treatment {
            Treatment::AcceptSome => vec![deskbell_domain::outgoing::RefusedRecipient {
                address: "gone@client.example".into(),
                reason: "unknown".into(),
            }],
            _ => Vec::new(),
        };
        SendOutcome::Accepted { remote_id: Some("queued as 7".into()), refused }
    }
}

#[async_trait]
impl MessageSink for Post {
    fn limits(&self) -> SendLimits {
        SendLimits { bytes: None, recipients: None, per_minute: self.world().per_minute }
    }

    async fn send(&self, mail: &OutgoingMessage, departure: &dyn Departure) -> SendOutcome {
        let treatment = {
            let mut world = self.world();
            world.calls.push(format!("send {}", mail.token));
            world.envelopes.push(mail.recipients.clone());
            world.at_once.0 += 1;
            world.at_once.1 = world.at_once.1.max(world.at_once.0);
            let own = world.own_treatments.remove(&mail.token);
            let next = own.or_else(|| world.treatments.pop_front());
            next.or(world.always).unwrap_or(Treatment::Accept)
        };
        let outcome = self.handle(mail, departure, treatment).await;
        self.world().at_once.0 -= 1;
        outcome
    }

    async fn find(&self, token: &str, _remote_id: Option<&str>) -> Result<Found, ProviderError> {
        let mut world = self.world();
        world.calls.push(format!("find {token}"));
        let there = world.delivered.iter().any(|(one, _)| one == token);
        match world.finds.pop_front().unwrap_or(Answer::Truth) {
            Answer::Truth if there => Ok(Found::Yes(None)),
            Answer::Truth => Ok(Found::No),
            Answer::CannotTell => Ok(Found::CannotTell),
            Answer::Offline | Answer::Lost => Err(ProviderError::Offline("no line".into())),
        }
    }

    fn saves_sent(&self) -> Option<bool> {
        self.world().saves_sent
    }
}

#[async_trait]
impl CopySink for Post {
    async fn copies(
        &self,
        _role: MailboxRole,
        message_id: &str,
    ) -> Result<Vec<CopyName>, ProviderError> {
        let mut world = self.world();
        world.calls.push(format!("look {message_id}"));
        let there = world.sent.iter().filter(|token| *token == message_id);
        Ok(there.map(|token| ("Sent".to_owned(), RemoteKey(token.clone()))).collect())
    }

    async fn keep(
        &self,
        _role: MailboxRole,
        source: &[u8],
        flags: Flags,
        _date: Millis,
    ) -> Result<Option<CopyName>, ProviderError> {
        assert!(flags.seen && !flags.draft, "a sent message is read and finished");
        let source = String::from_utf8_lossy(source).into_owned();
        let token = source.lines().find_map(|line| {
            line.strip_prefix("Message-ID: <").and_then(|rest| rest.strip_suffix('>'))
        });
        let token = token.expect("its Message-ID").to_owned();
        let mut world = self.world();
        world.calls.push(format!("keep {token}"));
        match world.copying.pop_front().unwrap_or(Answer::Truth) {
            Answer::Offline | Answer::CannotTell => Err(ProviderError::Offline("no line".into())),
            answer => {
                world.sent.push(token);
                if answer == Answer::Lost {
                    return Err(ProviderError::Offline("the line broke".into()));
                }
                Ok(None)
            }
        }
    }

    async fn forget(&self, _copies: &[CopyName]) -> Result<(), ProviderError> {
        Ok(())
    }
}

impl Provider for Post {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: false, writes_state: false, connections: 1 }
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        None
    }

    fn state(&self) -> Option<&dyn StateSink> {
        None
    }

    fn sink(&self) -> Option<&dyn MessageSink> {
        Some(self)
    }

    fn copies(&self) -> Option<&dyn CopySink> {
        let keeps = self.world().keeps_copies;
        keeps.then_some(self as &dyn CopySink)
    }
}

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
        let id = self.draft(token, token).await;
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
