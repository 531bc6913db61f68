//! What became of messages that left, as time goes by: the real engine asks the real provider, the simulator answers
//! by a clock that both are told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a story may stop at the first surprise, also in what it is told with"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::outgoing::{ComposeKind, Composition, Fate, OutgoingState};
use deskbell_domain::port::Provider;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::{Clock, DAY, HOUR, MINUTE, SECOND};
use deskbell_domain::{AccountId, Address, Channel, Millis, OutgoingId, ProviderError};
use deskbell_engine::{DEFAULT_SCHEDULE, Engine, ProviderFactory, SecretStore};
use deskbell_providers::resend::{ResendProvider, ResendSettings};
use deskbell_simulator::{Fault, ResendKey, ResendReader, Simulator};
use deskbell_store::sync::outgoing::{self as written, NewDraft};
use deskbell_store::table::account::{self, Account, NewAccount};
use deskbell_store::table::outgoing::{self, Outgoing};
use deskbell_store::{OpenOptions, Origin, Store};
use tokio_util::sync::CancellationToken;

const KEY: &str = "a_key_for_stories";
const OWN: &str = "ada@studio.example";
/// A question what became of an email.
const QUESTION: &str = "GET /emails/";

#[derive(Clone)]
struct Hand(Arc<AtomicI64>);

impl Clock for Hand {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

struct Door(String);

impl ProviderFactory for Door {
    fn open(&self, _: &Account, _: Option<Secret>) -> Result<Arc<dyn Provider>, ProviderError> {
        let settings = ResendSettings {
            address: OWN.into(),
            base_url: Some(self.0.clone()),
            tracking_unknown: false,
        };
        Ok(Arc::new(ResendProvider::new(&settings, Secret::new(KEY))?))
    }
}

struct Pocket;

#[async_trait]
impl SecretStore for Pocket {
    async fn password(&self, _: AccountId) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

struct Desk {
    simulator: Simulator,
    store: Store,
    clock: Hand,
    account: AccountId,
    engine: Engine,
    _directory: tempfile::TempDir,
}

impl Desk {
    async fn open() -> Self {
        let simulator = Simulator::start().unwrap();
        let now = {
            let mut world = simulator.world();
            world.resend.keys.insert(KEY.into(), ResendKey::Full);
            world.resend.domains.insert("studio.example".into(), (true, false));
            world.now
        };
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path(), OpenOptions::default()).unwrap().store;
        let new = NewAccount {
            provider: "resend".into(),
            channel: Channel::Email,
            address: OWN.into(),
            name: "Desk".into(),
            settings: "{}".into(),
            schedule: DEFAULT_SCHEDULE.into(),
            writes_back: false,
            sends: true,
        };
        let made = store.write(Origin::Local, now, move |w| account::insert(w, &new));
        let account = made.await.unwrap();
        let (door, clock) = (Door(simulator.base_url("resend")), Hand(Arc::new(now.into())));
        let engine =
            Engine::idle(store.clone(), Arc::new(door), Arc::new(Pocket), Arc::new(clock.clone()));
        Self { simulator, store, clock, account, engine, _directory: directory }
    }

    /// Time goes by, here and at the provider, and what is due is done.
    async fn pass(&self, ms: Millis) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
        self.simulator.advance(ms);
        let token = CancellationToken::new();
        self.engine.send_once(self.account, &token, Duration::ZERO).await.unwrap();
    }

    async fn send(&self, token: &str, to: &str) -> OutgoingId {
        let new = NewDraft {
            account: self.account,
            kind: ComposeKind::New,
            about: None,
            token: format!("{token}@studio.example"),
            composition: Composition {
                to: vec![Address { name: None, address: to.into() }],
                subject: "Friday".into(),
                text: "Is Friday still free?".into(),
                ..Composition::default()
            },
            files: Vec::new(),
        };
        let now = self.clock.now();
        let queued = self.store.write(Origin::Local, now, move |w| {
            let id = written::create(w, &new)?;
            written::queue(w, id, now, false)?;
            Ok(id)
        });
        let id = queued.await.unwrap();
        self.pass(0).await;
        id
    }

    async fn row(&self, id: OutgoingId) -> Outgoing {
        self.store.read(move |c| outgoing::get(c, id)).await.unwrap()
    }

    /// How often it was asked what became of an email.
    fn questions(&self) -> usize {
        let world = self.simulator.world();
        let asked = world.journal.iter().filter(|entry| entry.method == "GET");
        asked.filter(|entry| entry.path.contains("/emails/")).count()
    }
}

#[tokio::test]
async fn a_message_is_sent_then_delivered_and_asked_about_ever_more_rarely() {
    let desk = Desk::open().await;
    let id = desk.send("m", "mara@client.example").await;
    assert_eq!((desk.row(id).await.state, desk.questions()), (OutgoingState::Accepted, 0));
    desk.pass(4 * SECOND).await;
    assert_eq!(desk.questions(), 0, "it is given a moment");
    desk.pass(SECOND).await;
    let row = desk.row(id).await;
    assert_eq!((row.state, desk.questions()), (OutgoingState::Delivered, 1));
    assert_eq!(row.reports[0].fate, Fate::Delivered);
    for _ in 0..10 * 24 {
        desk.pass(HOUR).await;
    }
    assert!((2..=4).contains(&desk.questions()), "{} questions in ten days", desk.questions());
    assert_eq!(desk.row(id).await.follow_next, 0, "and then no more");
}

#[tokio::test]
async fn what_waits_comes_back_or_is_called_spam_is_told_when_it_is() {
    let desk = Desk::open().await;
    for (address, reader) in [
        ("slow@client.example", ResendReader::Delays),
        ("gone@client.example", ResendReader::Bounces),
        ("cross@client.example", ResendReader::Complains),
    ] {
        desk.simulator.world().resend.readers.insert(address.into(), reader);
    }
    let slow = desk.send("slow", "slow@client.example").await;
    let gone = desk.send("gone", "gone@client.example").await;
    let cross = desk.send("cross", "cross@client.example").await;
    desk.pass(5 * SECOND).await;
    assert_eq!(desk.row(slow).await.reports[0].fate, Fate::Delayed, "it waits at the door");
    let returned = desk.row(gone).await;
    assert_eq!((returned.reports[0].fate, returned.follow_next), (Fate::Failed, 0));
    assert!(returned.refused[0].reason.contains("sent it back"), "{:?}", returned.refused);
    assert_eq!(desk.row(cross).await.state, OutgoingState::Delivered);
    for _ in 0..24 {
        desk.pass(HOUR).await;
    }
    assert_eq!(desk.row(slow).await.state, OutgoingState::Delivered, "it was let in");
    let complained = desk.row(cross).await;
    assert_eq!(complained.reports[0].fate, Fate::Delivered, "it did arrive");
    assert!(complained.reports[0].reason.contains("spam"), "{:?}", complained.reports);
    assert_eq!(complained.follow_next, 0, "there is nothing more to hear");
}

#[tokio::test]
async fn a_provider_that_wants_a_pause_or_is_down_is_left_alone_and_sends_all_the_same() {
    let desk = Desk::open().await;
    let id = desk.send("m", "mara@client.example").await;
    desk.simulator.fault(Fault::refused(QUESTION, 429, &[("retry-after", "120")], "{}"));
    desk.pass(5 * SECOND).await;
    assert_eq!(desk.questions(), 1);
    desk.pass(119 * SECOND).await;
    assert_eq!(desk.questions(), 1, "it asked for two minutes");
    (0..3).for_each(|_| desk.simulator.fault(Fault::refused(QUESTION, 503, &[], "{}")));
    for _ in 0..4 {
        desk.pass(MINUTE).await;
    }
    assert_eq!(desk.questions(), 2, "one that is down is not pressed either");
    let other = desk.send("other", "tom@client.example").await;
    assert_eq!(desk.row(other).await.state, OutgoingState::Accepted, "sending is not held up");
    for _ in 0..30 {
        desk.pass(MINUTE).await;
    }
    assert_eq!(desk.row(id).await.state, OutgoingState::Delivered, "and in the end it is told");
    assert_eq!(desk.row(other).await.state, OutgoingState::Delivered);
    let before = desk.questions();
    desk.clock.0.fetch_add(-3 * DAY, Ordering::SeqCst);
    desk.pass(0).await;
    desk.pass(DAY).await;
    assert!(desk.questions() > before, "a clock set back does not silence it for days");
}
