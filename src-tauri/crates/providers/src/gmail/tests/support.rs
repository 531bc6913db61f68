//! What the stories of Gmail share: a mailbox in the simulator, who signs in to it, and what others do there.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{AccessTokens, MessageSource as _};
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::{PullOptions, RemoteScope};
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_simulator::{GOOGLE_FULL, OAuthClient, Simulator};

use crate::conformance::Remote;
use crate::conformance::mirror::Mirror;
use crate::gmail::meter::Clock;
use crate::gmail::{GmailProvider, GmailSettings};
use crate::oauth::tests::support as oauth;

pub(super) const DESK: &str = "desk@studio.example";

/// A pocket of access tokens that signs in anew when one is turned away.
pub(super) struct Pocket {
    simulator: Arc<Simulator>,
    current: Mutex<String>,
    scopes: Vec<&'static str>,
    pub(super) renewed: AtomicUsize,
}

#[async_trait]
impl AccessTokens for Pocket {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        let mut current = self.current.lock().expect("a lock");
        if refused.is_some_and(|refused| refused.expose() == *current) {
            self.renewed.fetch_add(1, Ordering::SeqCst);
            let mut world = self.simulator.world();
            let now = world.now;
            *current = world.google.oauth.sign_in(DESK, &self.scopes, now).0;
        }
        Ok(Secret::new(current.clone()))
    }
}

/// The simulator's clock, which a pause moves on.
struct Simulated(Arc<Simulator>);

#[async_trait]
impl Clock for Simulated {
    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.world().now).expect("after 1970"))
    }

    async fn rest(&self, pause: Duration) {
        self.0.advance(i64::try_from(pause.as_millis()).expect("a pause") + 1);
        tokio::task::yield_now().await;
    }
}

/// A mailbox, and a provider that opens it.
pub(super) struct Place {
    pub(super) simulator: Arc<Simulator>,
    pub(super) tokens: Arc<Pocket>,
    pub(super) account: GmailProvider,
}

impl Place {
    pub(super) fn new() -> Self {
        Self::permitted(&[GOOGLE_FULL])
    }

    pub(super) fn permitted(scopes: &[&'static str]) -> Self {
        let simulator = Arc::new(Simulator::start().expect("a simulator"));
        let mut world = simulator.world();
        let now = world.now;
        world.google.open(DESK, now);
        let (token, _) = world.google.oauth.sign_in(DESK, scopes, now);
        drop(world);
        let tokens = Arc::new(Pocket {
            simulator: Arc::clone(&simulator),
            current: Mutex::new(token),
            scopes: scopes.to_vec(),
            renewed: AtomicUsize::new(0),
        });
        let account = account(&simulator, tokens.clone());
        Self { simulator, tokens, account }
    }

    /// With tokens as somebody gets and keeps them who signs in in the browser.
    pub(super) async fn signed_in(self) -> Self {
        let plan = {
            let plan = oauth::plan(&self.simulator);
            let mut world = self.simulator.world();
            world.google.oauth.user = DESK.into();
            world.google.oauth.clients.insert(oauth::CLIENT.into(), OAuthClient::default());
            plan
        };
        let (keeper, _) = oauth::signed_in(&self.simulator, plan).await;
        let account = account(&self.simulator, keeper);
        Self { account, ..self }
    }

    /// As after a restart of the program.
    pub(super) fn again(self) -> Self {
        let account = account(&self.simulator, self.tokens.clone());
        Self { account, ..self }
    }

    /// Does something in the mailbox, as another client would.
    pub(super) fn there<T>(
        &self,
        does: impl FnOnce(&mut deskbell_simulator::GmailMailbox) -> T,
    ) -> T {
        does(self.simulator.world().google.mailbox(DESK))
    }

    /// A letter arrives a second after the one before; its id.
    pub(super) fn deliver(&self, subject: &str) -> String {
        let mut world = self.simulator.world();
        world.now += 1_000;
        let now = world.now;
        world.google.mailbox(DESK).deliver(&letter(subject), now)
    }

    pub(super) async fn sync(&self, mirror: &mut Mirror, options: PullOptions) -> usize {
        mirror.sync(&self.account, &scope(), options).await
    }

    /// What is in the mailbox: subject and labels, sorted.
    pub(super) fn held(&self) -> Vec<(String, Vec<String>)> {
        self.there(|mailbox| {
            let one = |message: &&deskbell_simulator::GmailMessage| {
                let labels = message
                    .labels
                    .iter()
                    .map(|id| mailbox.label_name(id).unwrap_or(id.as_str()).to_owned());
                (message.field("subject").unwrap_or_default(), labels.collect())
            };
            let mut held: Vec<_> = mailbox.all().values().map(one).collect();
            held.sort();
            held
        })
    }
}

fn account(simulator: &Arc<Simulator>, tokens: Arc<dyn AccessTokens>) -> GmailProvider {
    let settings = GmailSettings {
        address: DESK.into(),
        base_url: Some(simulator.base_url("google")),
        units_per_minute: None,
        look_every: 1,
    };
    let clock = Arc::new(Simulated(Arc::clone(simulator)));
    GmailProvider::with_clock(&settings, tokens, clock).expect("an account")
}

pub(super) fn scope() -> RemoteScope {
    RemoteScope {
        key: "all".into(),
        name: "Gmail".into(),
        role: MailboxRole::All,
        selectable: true,
    }
}

pub(super) fn letter(subject: &str) -> Vec<u8> {
    let id = subject.replace(' ', "-");
    format!(
        "Message-ID: <{id}@client.example>\r\nFrom: Mara <mara@client.example>\r\nTo: {DESK}\r\nSubject: {subject}\r\n\r\nThis is {subject}.\r\n"
    )
    .into_bytes()
}

/// The phone: another client on the same mailbox.
pub(super) struct Phone<'a>(pub(super) &'a Place);

impl Phone<'_> {
    fn id(&self, subject: &str) -> String {
        self.0.there(|mailbox| {
            let all = mailbox.all();
            let found = all.iter().find(|(_, m)| m.field("subject").as_deref() == Some(subject));
            found.expect("the message is there").0.clone()
        })
    }
}

impl Remote for Phone<'_> {
    fn deliver(&mut self, subject: &str) {
        self.0.deliver(subject);
    }

    fn set_flags(&mut self, subject: &str, flags: Flags) -> bool {
        let id = self.id(subject);
        let (mut add, mut remove) = (Vec::new(), Vec::new());
        if flags.seen {
            remove.push("UNREAD")
        } else {
            add.push("UNREAD")
        }
        if flags.starred {
            add.push("STARRED")
        } else {
            remove.push("STARRED")
        }
        self.0.there(|mailbox| mailbox.relabel(&id, &add, &remove))
    }

    fn remove(&mut self, subject: &str) -> bool {
        let id = self.id(subject);
        self.0.there(|mailbox| mailbox.erase(&id))
    }

    fn subjects(&mut self) -> Vec<String> {
        self.0.held().into_iter().map(|(subject, _)| subject).collect()
    }
}

/// The subjects a watch would lead to; used to see that one ends.
pub(super) async fn hinted(place: &Place) -> Vec<String> {
    place.account.watch(&[scope()]).await.expect("a hint")
}
