//! The engine's end of one account: its open provider, what it is asked to do, and how far it is.
//!
//! Invariant: one sync, one flush of edits and one outbox at a time; the provider is opened once and shared by
//! all loops. It is opened again when nobody uses the one before any more, or that one is slow to let go: then the two share
//! the connections of the account, because servers count them.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use deskbell_domain::port::Provider;
use deskbell_domain::{AccountId, Millis};
use tokio::sync::Notify;

use crate::breaker::{Breakers, Operation};
use crate::core::Core;
use crate::error::RoundError;
use crate::events::SyncProgress;
use crate::not_given::NotGiven;
use crate::outbox::Trouble;
use crate::wakes::Wakes;

/// A loop that does not let go of a closed provider, because of a long upload perhaps, holds up the others no longer
/// than this.
const LETTING_GO: Duration = Duration::from_secs(5);
/// How often is looked whether the last one let go.
const LOOK: Duration = Duration::from_millis(5);

/// The provider as it stands.
#[derive(Default)]
struct Slot {
    open: Option<Arc<dyn Provider>>,
    /// The one closed last; loops may still use it.
    closed: Option<Weak<dyn Provider>>,
}

/// Whether a person looks at the account, and who is to know.
#[derive(Default)]
struct Attended {
    now: bool,
    /// The provider opened last.
    provider: Option<Weak<dyn Provider>>,
}

impl Attended {
    fn tell(&self) {
        if let Some(provider) = self.provider.as_ref().and_then(Weak::upgrade)
            && let Some(source) = provider.messages()
        {
            source.attend(self.now);
        }
    }
}

/// See the module.
pub(crate) struct Link {
    pub(crate) account: AccountId,
    provider: tokio::sync::Mutex<Slot>,
    /// Held by the sync under way.
    pub(crate) round: tokio::sync::Mutex<()>,
    /// Held by the flush of edits under way; false while edits may be marked as sent that nobody is sending.
    pub(crate) flush: tokio::sync::Mutex<bool>,
    /// Held by who sends; false while messages may be marked as leaving that nobody is sending.
    pub(crate) outgoing: tokio::sync::Mutex<bool>,
    /// What keeps it from sending.
    pub(crate) trouble: Trouble,
    pub(crate) wakes: Wakes,
    /// Rung when messages may be waiting to be sent.
    pub(crate) outbox: Notify,
    /// Rung when edits may be waiting.
    pub(crate) edits: Notify,
    /// Rung when drafts, or the provider's copies of them, may have changed.
    pub(crate) drafts: Notify,
    /// Rung when the scopes to watch changed.
    pub(crate) scopes: Notify,
    /// Rung when a sync succeeded: what waits for the provider need not wait any longer.
    pub(crate) contact: Notify,
    pub(crate) breakers: Breakers,
    /// Bodies the provider did not give.
    pub(crate) not_given: NotGiven,
    attended: Mutex<Attended>,
    said: Mutex<Said>,
}

/// What is told about the account when somebody asks.
#[derive(Default)]
struct Said {
    progress: Option<SyncProgress>,
    next_sync: Option<Millis>,
}

impl Link {
    pub(crate) fn new(account: AccountId) -> Self {
        Self {
            account,
            provider: tokio::sync::Mutex::default(),
            round: tokio::sync::Mutex::new(()),
            flush: tokio::sync::Mutex::new(false),
            outgoing: tokio::sync::Mutex::new(false),
            trouble: Trouble::default(),
            wakes: Wakes::default(),
            outbox: Notify::new(),
            edits: Notify::new(),
            drafts: Notify::new(),
            scopes: Notify::new(),
            contact: Notify::new(),
            breakers: Breakers::default(),
            not_given: NotGiven::default(),
            attended: Mutex::default(),
            said: Mutex::default(),
        }
    }

    /// The account's provider, opened with its current settings and password if it is not open yet.
    pub(crate) async fn provider(&self, core: &Core) -> Result<Arc<dyn Provider>, RoundError> {
        let mut slot = self.provider.lock().await;
        if let Some(provider) = slot.open.as_ref() {
            return Ok(Arc::clone(provider));
        }
        if let Some(closed) = slot.closed.take()
            && tokio::time::timeout(LETTING_GO, let_go(&closed)).await.is_err()
        {
            tracing::debug!(account = %self.account, "the provider before is still in use");
        }
        let account = core.account(self.account).await?;
        let secret = core.secrets.password(self.account).await.map_err(RoundError::Secret)?;
        let factory = Arc::clone(&core.factory);
        let provider = tokio::task::spawn_blocking(move || factory.open(&account, secret))
            .await
            .map_err(|_| RoundError::Internal("opening the provider"))??;
        slot.open = Some(Arc::clone(&provider));
        self.attended(|attended| attended.provider = Some(Arc::downgrade(&provider)));
        Ok(provider)
    }

    /// Says whether a person looks at the account: to the provider that is open, and to those opened from now on.
    pub(crate) fn attend(&self, looked_at: bool) {
        self.attended(|attended| attended.now = looked_at);
    }

    /// Whatever comes first, a person's look or a provider, the other hears of it.
    fn attended(&self, change: impl FnOnce(&mut Attended)) {
        let mut attended = self.attended.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut attended);
        attended.tell();
    }

    /// The provider if it is open; never waits for it.
    pub(crate) fn opened(&self) -> Option<Arc<dyn Provider>> {
        self.provider.try_lock().ok()?.open.clone()
    }

    /// Closes the provider, so that the next use opens it with what the settings and password are then.
    pub(crate) async fn close(&self) {
        let mut slot = self.provider.lock().await;
        if let Some(provider) = slot.open.take() {
            provider.retire();
            slot.closed = Some(Arc::downgrade(&provider));
        }
    }

    /// [`Self::close`], and the watch takes up the new one at once: a person may have changed the settings. Not for a
    /// refused sign-in, which would be tried again by it.
    pub(crate) async fn renew(&self) {
        self.close().await;
        self.scopes.notify_one();
    }

    /// Lets every loop begin anew with a provider opened again: at once, whatever it was waiting for.
    pub(crate) async fn reconnect(&self) {
        self.renew().await;
        self.wakes.full(false);
        self.edits.notify_one();
        self.breakers.succeeded(Operation::Send);
        self.outbox.notify_one();
    }

    fn said<T>(&self, job: impl FnOnce(&mut Said) -> T) -> T {
        job(&mut self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_progress(&self, progress: Option<SyncProgress>) {
        self.said(|said| said.progress = progress);
    }

    pub(crate) fn progress(&self) -> Option<SyncProgress> {
        self.said(|said| said.progress.clone())
    }

    pub(crate) fn set_next_sync(&self, at: Option<Millis>) {
        self.said(|said| said.next_sync = at);
    }

    pub(crate) fn next_sync(&self) -> Option<Millis> {
        self.said(|said| said.next_sync)
    }
}

/// Ends when the last user has dropped it.
async fn let_go(closed: &Weak<dyn Provider>) {
    while closed.strong_count() > 0 {
        tokio::time::sleep(LOOK).await;
    }
}
