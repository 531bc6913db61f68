//! One pass over an account's scopes.
//!
//! Order of a full pass: a glimpse of every scope not seen yet (headers, then their bodies), so that lists
//! fill at once; every scope to its end, the inbox first; the bodies still missing; then what no scope holds
//! any more. Between pages, new mail in the inbox and hinted scopes come first.
//! A scope the provider refuses is named and passed over; it keeps the pass from closing, not the others
//! from being read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use deskbell_domain::port::{MessageSource, Provider};
use deskbell_domain::{AccountState, MailboxRole, MessageId, Millis, ProviderError, ScopeId};
use deskbell_store::sync::{bodies_missing, close_round, empty_scope};
use deskbell_store::table::account::{Account, set_state};
use deskbell_store::table::scope::{self, Scope};
use deskbell_store::table::sync_run::Tally;
use deskbell_store::{Connection, StoreError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::body_pages::BodyPages;
use crate::core::Core;
use crate::error::RoundError;
use crate::events::EngineEvent;
use crate::link::Link;
use crate::pace::GLIMPSE;
use crate::pipeline::{self, Written};
use crate::progress::Meter;
use crate::scope_pages::{Reach, ScopePages};

/// The inbox is looked at this often, whatever else is being read.
const INBOX_EVERY: Duration = Duration::from_secs(30);
/// Missing bodies listed at once.
const BODIES_LISTED: u32 = 5_000;
/// How often one scope may lose its cursor in one pass.
const CURSOR_LOSSES: u32 = 2;

/// See the module.
pub(crate) struct Pass<'a> {
    core: &'a Core,
    link: &'a Link,
    token: &'a CancellationToken,
    account: &'a Account,
    source: &'a dyn MessageSource,
    /// New messages may come: it is worth being quick about headers.
    receives: bool,
    meter: Meter,
    tally: Tally,
    inbox: Option<String>,
    inbox_seen: Instant,
    /// Bodies asked for in this pass.
    asked: BTreeSet<MessageId>,
    /// The first scope that was refused, and why.
    refused: Option<ProviderError>,
}

impl<'a> Pass<'a> {
    pub(crate) fn new(
        core: &'a Core,
        link: &'a Link,
        token: &'a CancellationToken,
        account: &'a Account,
        provider: &'a dyn Provider,
    ) -> Result<Self, RoundError> {
        Ok(Self {
            core,
            link,
            token,
            account,
            source: provider.messages().ok_or(RoundError::NoMessages)?,
            receives: provider.capabilities().receives,
            meter: Meter::new(account.id),
            tally: Tally::default(),
            inbox: None,
            inbox_seen: Instant::now(),
            asked: BTreeSet::new(),
            refused: None,
        })
    }

    /// What it brought so far.
    pub(crate) fn tally(&self) -> Tally {
        self.tally
    }

    /// Everything.
    pub(crate) async fn full(&mut self, started_at: Millis) -> Result<(), RoundError> {
        self.adopt().await?;
        self.contact().await?;
        let scopes = self.selectable().await?;
        let inbox = scopes.iter().find(|scope| scope.remote.role == MailboxRole::Inbox);
        self.inbox = inbox.map(|scope| scope.remote.key.clone());
        self.glimpse(&scopes).await?;
        for scope in &scopes {
            self.drain(scope).await?;
        }
        self.bodies(None).await?;
        if let Some(error) = self.refused.take() {
            return Err(error.into());
        }
        let account = self.account.id;
        self.tally += self.core.write(move |w| close_round(w, account, started_at)).await?;
        Ok(())
    }

    /// The scopes with these keys; one that is not known yet asks for a full pass.
    pub(crate) async fn scopes(&mut self, keys: &BTreeSet<String>) -> Result<(), RoundError> {
        for key in keys {
            match self.find(key).await? {
                Some(scope) => self.look(&scope).await?,
                None => self.link.wakes.full(false),
            }
        }
        match self.refused.take() {
            Some(error) => Err(error.into()),
            None => self.contact().await,
        }
    }

    /// Takes over the provider's list of scopes.
    async fn adopt(&mut self) -> Result<(), RoundError> {
        let listed = tokio::select! {
            biased;
            () = self.token.cancelled() => return Err(RoundError::Stopped),
            listed = self.source.scopes() => listed?,
        };
        if listed.is_empty() {
            // Believing it would erase everything we have.
            let words = "it lists no mailbox at all".to_owned();
            return Err(ProviderError::Protocol(words).into());
        }
        let account = self.account.id;
        let (gone, changed) = self
            .core
            .write(move |w| {
                let before = scope::list(w, account)?;
                let gone = scope::adopt(w, account, &listed)?;
                let after = scope::list(w, account)?;
                let same = |(a, b): (&Scope, &Scope)| a.remote == b.remote;
                let changed = before.len() != after.len() || !before.iter().zip(&after).all(same);
                Ok((gone, changed))
            })
            .await?;
        let changed = changed || !gone.is_empty();
        for scope in gone {
            self.core.write(move |w| empty_scope(w, scope.id)).await?;
        }
        if changed {
            self.link.scopes.notify_waiters();
        }
        Ok(())
    }

    /// The provider answers: an account that was out of reach is not any more.
    async fn contact(&self) -> Result<(), RoundError> {
        let account = self.account;
        let state = if account.synced_at.is_some() { AccountState::Ok } else { AccountState::New };
        if !matches!(account.state, AccountState::Ok | AccountState::New) {
            let id = account.id;
            self.core.write(move |w| set_state(w, id, state, None)).await?;
        }
        Ok(())
    }

    async fn selectable(&self) -> Result<Vec<Scope>, RoundError> {
        let account = self.account.id;
        let mut scopes =
            self.core.store.read(move |c: &Connection| scope::list(c, account)).await?;
        scopes.retain(|scope| scope.remote.selectable);
        Ok(scopes)
    }

    async fn find(&self, key: &str) -> Result<Option<Scope>, RoundError> {
        let (account, key) = (self.account.id, key.to_owned());
        let found =
            self.core.store.read(move |c: &Connection| scope::find(c, account, &key)).await?;
        Ok(found.filter(|scope| scope.remote.selectable))
    }

    async fn glimpse(&mut self, scopes: &[Scope]) -> Result<(), RoundError> {
        let unseen: Vec<&Scope> = scopes.iter().filter(|scope| scope.cursor.is_none()).collect();
        if unseen.is_empty() || !self.receives {
            return Ok(());
        }
        self.meter.set_unknown(true);
        for scope in unseen {
            let outcome = self.pull(scope.id, Reach::Glimpse, false).await;
            self.forgive(scope, outcome.map(drop))?;
            self.bodies(Some(GLIMPSE.max_messages)).await?;
        }
        self.meter.set_unknown(false);
        Ok(())
    }

    /// Pulls a scope to its end, looking after what is more urgent in between.
    async fn drain(&mut self, scope: &Scope) -> Result<(), RoundError> {
        loop {
            let outcome = self.pull(scope.id, Reach::End, true).await;
            match outcome {
                Ok(false) => self.attend(&scope.remote.key).await?,
                outcome => return self.forgive(scope, outcome.map(drop)),
            }
        }
    }

    /// Looks at a scope in passing: to its end, or one page of it while it is still being listed.
    async fn look(&mut self, scope: &Scope) -> Result<(), RoundError> {
        let listing = scope.cursor.is_none() || scope.remaining.is_some();
        let reach = if listing { Reach::OnePage } else { Reach::End };
        let outcome = self.pull(scope.id, reach, false).await;
        self.forgive(scope, outcome.map(drop))
    }

    /// Looks at the inbox if it is time, and at every scope hinted at, except `current`.
    async fn attend(&mut self, current: &str) -> Result<(), RoundError> {
        let mut keys = self.link.wakes.take_scopes();
        keys.extend(self.inbox.clone().filter(|_| self.inbox_seen.elapsed() >= INBOX_EVERY));
        keys.remove(current);
        for key in keys {
            if let Some(scope) = self.find(&key).await? {
                self.look(&scope).await?;
            }
            if self.inbox.as_deref() == Some(&key) {
                self.inbox_seen = Instant::now();
            }
        }
        Ok(())
    }

    /// Pulls pages of a scope; false if something more urgent came up before its end.
    async fn pull(
        &mut self,
        id: ScopeId,
        reach: Reach,
        interruptible: bool,
    ) -> Result<bool, RoundError> {
        let mut losses = 0;
        loop {
            let scope = match self.core.store.read(move |c: &Connection| scope::get(c, id)).await {
                Err(StoreError::NotFound(_)) => return Ok(true),
                scope => scope?,
            };
            let Self { core, link, token, inbox, inbox_seen, meter, tally, .. } = self;
            let key = scope.remote.key.as_str();
            let inbox_due =
                |inbox: &Option<String>| inbox.as_deref().is_some_and(|inbox| inbox != key);
            let interrupted = || {
                let due = inbox_due(inbox) && inbox_seen.elapsed() >= INBOX_EVERY;
                interruptible && (due || link.wakes.hints_beyond(key))
            };
            let mut pages = ScopePages::new(self.source, &scope, reach, self.receives, interrupted);
            let outcome = pipeline::run(core, token, &mut pages, |written| {
                *tally += written.tally;
                meter.set_left(written.scope, written.remaining.unwrap_or(0));
                tell(core, link, meter, &scope.remote.name, written);
            })
            .await;
            let ended = pages.ended() || reach != Reach::End;
            match outcome {
                Ok(()) => return Ok(ended),
                Err(RoundError::Provider(ProviderError::CursorLost(_)))
                    if losses < CURSOR_LOSSES =>
                {
                    losses += 1;
                    tracing::info!(scope = %id, "the position was lost; listing again");
                    self.core.write(move |w| scope::forget_cursor(w, id)).await?;
                }
                Err(RoundError::Provider(ProviderError::ScopeGone(_))) => {
                    self.core.write(move |w| empty_scope(w, id)).await?;
                    self.link.scopes.notify_waiters();
                    return Ok(true);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Brings missing bodies, newest first: all of them, or the newest `limit`.
    async fn bodies(&mut self, limit: Option<u32>) -> Result<(), RoundError> {
        let account = self.account.id;
        let scopes: BTreeMap<ScopeId, Scope> =
            self.selectable().await?.into_iter().map(|scope| (scope.id, scope)).collect();
        if limit.is_none() {
            self.meter.restart();
        }
        loop {
            let listed = limit.unwrap_or(BODIES_LISTED);
            let mut missing = self
                .core
                .store
                .read(move |c: &Connection| bodies_missing(c, account, listed))
                .await?;
            let more = missing.len() >= listed as usize;
            missing.retain(|body| !self.asked.contains(&body.message));
            if missing.is_empty() {
                return Ok(());
            }
            self.asked.extend(missing.iter().map(|body| body.message));
            let Self { core, link, token, inbox, inbox_seen, meter, tally, .. } = self;
            let mut left = missing.len() as u64;
            let interrupted = || {
                let due = inbox.is_some() && inbox_seen.elapsed() >= INBOX_EVERY;
                limit.is_none() && (due || link.wakes.hints_beyond(""))
            };
            let mut pages = BodyPages::new(self.source, &scopes, missing, interrupted);
            let outcome = pipeline::run(core, token, &mut pages, |written| {
                *tally += written.tally;
                left = left.saturating_sub(written.messages);
                if limit.is_none() {
                    meter.set_unknown(more);
                    meter.set_left(account_wide(), left);
                    let name = scopes.get(&written.scope).map(|scope| scope.remote.name.as_str());
                    tell(core, link, meter, name.unwrap_or_default(), written);
                }
            })
            .await;
            for body in pages.left() {
                self.asked.remove(&body.message);
            }
            let interrupted = pages.left().next().is_some();
            match outcome {
                // A mailbox that vanished meanwhile is emptied when its own turn comes.
                Err(RoundError::Provider(ProviderError::ScopeGone(_))) => return Ok(()),
                outcome => outcome?,
            }
            if limit.is_some() {
                return Ok(());
            }
            if interrupted {
                self.attend("").await?;
            }
        }
    }

    /// Passes over a scope the provider refuses, keeping the first reason with the scope's name.
    fn forgive(
        &mut self,
        scope: &Scope,
        outcome: Result<(), RoundError>,
    ) -> Result<(), RoundError> {
        let name = &scope.remote.name;
        let refused = match outcome {
            Err(RoundError::Provider(ProviderError::Rejected { code, message })) => {
                ProviderError::Rejected { code, message: format!("{name}: {message}") }
            }
            Err(RoundError::Provider(ProviderError::Protocol(words))) => {
                ProviderError::Protocol(format!("{name}: {words}"))
            }
            outcome => return outcome,
        };
        tracing::warn!(scope = %scope.id, "a mailbox was passed over");
        self.refused.get_or_insert(refused);
        Ok(())
    }
}

/// The meter's key for what is counted over all scopes.
fn account_wide() -> ScopeId {
    ScopeId(0)
}

fn tell(core: &Core, link: &Link, meter: &mut Meter, scope: &str, written: Written) {
    let progress = meter.count(scope, written.messages);
    if meter.is_worth_telling() {
        link.set_progress(Some(progress.clone()));
        core.announce(EngineEvent::Progress(progress));
    }
}
