//! The engine as others hold it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deskbell_domain::outgoing::SendLimits;
use deskbell_domain::port::MessageSink;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, MessageId, Millis};
use deskbell_store::sync::copies;
use deskbell_store::table::{account, outbox as edits_waiting, scope};
use deskbell_store::{Connection, Store};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::body_pages;
use crate::breaker::{BreakerState, Operation};
use crate::core::Core;
use crate::edits::{self, Flushed};
use crate::error::{RoundError, RoundSummary};
use crate::events::{EngineEvent, SyncProgress};
use crate::outbox;
use crate::pipeline::{self, Pages, Pulled};
use crate::registry::{ProviderFactory, SecretStore};
use crate::round::{self, Extent};
use crate::snooze;
use crate::supervisor;

/// How long a single sync waits for what is about to be sent: a first retry, a copy to be made.
const SEND_PATIENCE: Duration = Duration::from_secs(8);

/// Syncs accounts. Cheap to clone; the loops end when the last clone is dropped, or by [`Self::stop`].
#[derive(Clone)]
pub struct Engine {
    core: Arc<Core>,
    supervisor: Arc<Mutex<Option<JoinHandle<()>>>>,
    token: CancellationToken,
    _guard: Arc<DropGuard>,
}

impl Engine {
    /// An engine that does nothing unasked: for [`Self::sync_once`].
    pub fn idle(
        store: Store,
        factory: Arc<dyn ProviderFactory>,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let token = CancellationToken::new();
        Self {
            core: Arc::new(Core::new(store, factory, secrets, clock)),
            supervisor: Arc::default(),
            _guard: Arc::new(token.clone().drop_guard()),
            token,
        }
    }

    /// An engine that looks after every account of the store: syncs it at once, then on schedule and when
    /// its provider hints, writes back what a person does, and follows accounts as they come and go.
    ///
    /// Must be called inside a tokio runtime. Where another process holds the profile nothing is started:
    /// that process syncs it.
    pub fn start(
        store: Store,
        factory: Arc<dyn ProviderFactory>,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let engine = Self::idle(store, factory, secrets, clock);
        if engine.core.store.is_read_only() {
            return engine;
        }
        let handle = supervisor::start(Arc::clone(&engine.core), engine.token.clone());
        *engine.supervisor.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle);
        engine
    }

    /// Asks the loops for a full sync now, of one account or all, also where a sign-in was refused.
    ///
    /// The provider is opened anew, with what the settings and the password are now.
    pub fn sync_now(&self, account: Option<AccountId>) {
        match account {
            Some(id) => self.core.link(id).wakes.full(true),
            None => self.core.links().iter().for_each(|link| link.wakes.full(true)),
        }
    }

    /// Says which accounts a person looks at from now on, all of them; at others nobody does. Those looked at may be
    /// asked for news more often meanwhile.
    ///
    /// Holds for providers opened later, too. Never waits; saying it again changes nothing.
    pub fn attend(&self, accounts: &[AccountId]) {
        for account in accounts {
            // A window may be there before the loops are.
            self.core.link(*account);
        }
        for link in self.core.links() {
            link.attend(accounts.contains(&link.account));
        }
    }

    /// Syncs one account completely: what waits to be sent, waiting edits, every scope, edits made meanwhile.
    ///
    /// Needs no loops. Dropping the future or cancelling `token` stops it; what was written stays.
    ///
    /// # Errors
    /// Why the sync did not succeed; edits that could not be sent are counted in the summary instead.
    pub async fn sync_once(
        &self,
        account: AccountId,
        token: &CancellationToken,
    ) -> Result<RoundSummary, RoundError> {
        let (core, link) = (&self.core, self.core.link(account));
        if core.account(account).await?.paused {
            return Err(RoundError::Paused);
        }
        snooze::wake_due(core).await?;
        outbox::once(core, &link, token, SEND_PATIENCE).await?;
        let before = self.flush(account, token).await?;
        let mut tally = round::run(core, &link, token, Extent::Full, true).await?;
        let meanwhile = self.flush(account, token).await?;
        if !meanwhile.touched.is_empty() {
            let extent = Extent::Scopes(meanwhile.touched);
            tally += round::run(core, &link, token, extent, true).await?;
        }
        match crate::drafts::once(core, &link, token).await {
            // The mail is here; the drafts come together at the next contact.
            Err(RoundError::Provider(error)) => tracing::debug!(%account, %error, "drafts wait"),
            brought => brought?,
        }
        let waiting = move |c: &Connection| edits_waiting::waiting(c, account);
        Ok(RoundSummary {
            account,
            tally,
            edits: before.accepted + meanwhile.accepted,
            edits_waiting: core.store.read(waiting).await?,
        })
    }

    /// Sends waiting edits; a provider that cannot take them now leaves them waiting.
    async fn flush(
        &self,
        account: AccountId,
        token: &CancellationToken,
    ) -> Result<Flushed, RoundError> {
        match edits::flush(&self.core, &self.core.link(account), token).await {
            Err(RoundError::Provider(_) | RoundError::Resting { .. }) => Ok(Flushed::default()),
            flushed => flushed,
        }
    }

    /// Sends what waits now, also where a sign-in was refused or an account rests: a person asked.
    pub async fn send_now(&self, account: AccountId) {
        let link = self.core.link(account);
        link.renew().await;
        link.trouble.forgive();
        link.breakers.succeeded(Operation::Send);
        link.outbox.notify_one();
    }

    /// Sends what is due of one account, and what becomes due within `patience`: retries, copies of what was
    /// sent.
    ///
    /// Needs no loops; where they run, they are rung instead. What is being sent when `token` is cancelled is
    /// brought to its end where that is soon.
    ///
    /// # Errors
    /// When the store fails. What became of each message is written beside it.
    pub async fn send_once(
        &self,
        account: AccountId,
        token: &CancellationToken,
        patience: Duration,
    ) -> Result<(), RoundError> {
        outbox::once(&self.core, &self.core.link(account), token, patience).await
    }

    /// Fetches the body of one message a person wants to read now.
    ///
    /// # Errors
    /// [`RoundError::BodyGone`] when the provider no longer has it.
    pub async fn fetch_body(&self, message: MessageId) -> Result<(), RoundError> {
        let candidates = self.core.store.read(move |c: &Connection| copies(c, message)).await?;
        for copy in candidates {
            let id = copy.scope;
            let scope = self.core.store.read(move |c: &Connection| scope::get(c, id)).await?;
            let link = self.core.link(scope.account);
            let provider = link.provider(&self.core).await?;
            let source = provider.messages().ok_or(RoundError::NoMessages)?;
            let keys = std::slice::from_ref(&copy.key);
            let bodies = source.bodies(&scope.remote, scope.cursor.as_ref(), keys).await?;
            let here = bodies.iter().any(|body| body.key == copy.key);
            let mut page = One(Some(body_pages::page(&scope, vec![copy], bodies)));
            pipeline::run(&self.core, &self.token, &mut page, |_| {}).await?;
            if here {
                return Ok(());
            }
        }
        Err(RoundError::BodyGone)
    }

    /// What an account's provider can send; `None` where it cannot, or is not open yet: nobody waits for it.
    pub fn send_limits(&self, account: AccountId) -> Option<SendLimits> {
        let provider = self.core.known_link(account)?.opened()?;
        provider.sink().map(MessageSink::limits)
    }

    /// Events from now on.
    pub fn events(&self) -> broadcast::Receiver<EngineEvent> {
        self.core.subscribe()
    }

    /// How far the account's sync is; `None` when none is under way.
    pub fn progress(&self, account: AccountId) -> Option<SyncProgress> {
        self.core.known_link(account)?.progress()
    }

    /// When the account will next be looked at unasked.
    pub fn next_sync(&self, account: AccountId) -> Option<Millis> {
        self.core.known_link(account)?.next_sync()
    }

    /// Operations of the account that rest after failures.
    ///
    /// # Errors
    /// When the account cannot be read.
    pub async fn breakers(&self, account: AccountId) -> Result<Vec<BreakerState>, RoundError> {
        let Some(link) = self.core.known_link(account) else { return Ok(Vec::new()) };
        let row = self.core.store.read(move |c: &Connection| account::get(c, account)).await?;
        Ok(link.breakers.resting(&row.provider))
    }

    /// Stops all loops: asks them to end, waits up to ten seconds, then aborts them and awaits their end.
    pub async fn stop(&self) {
        self.token.cancel();
        let handle = self.supervisor.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(handle) = handle
            && handle.await.is_err()
        {
            tracing::error!("the supervisor ended badly");
        }
    }
}

/// A single page.
struct One(Option<Pulled>);

impl Pages for One {
    async fn next(&mut self) -> Result<Option<Pulled>, RoundError> {
        Ok(self.0.take())
    }
}
