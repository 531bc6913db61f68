//! One pass over an account's scopes.
//!
//! Order of a full pass: a glimpse of every scope not seen yet (headers, then their bodies), so that lists
//! fill at once; every scope to its end, the inbox first; the bodies still missing; once a day a scope as a whole;
//! then what no scope holds any more. Between pages, new mail in the inbox and hinted scopes come first.
//! A scope the provider refuses is named and passed over; it keeps the pass from closing, not the others
//! from being read.

mod compare;
mod fetch;

use std::collections::BTreeSet;
use std::time::Duration;

use deskbell_domain::port::{MessageSource, Provider};
use deskbell_domain::{AccountState, MailboxRole, MessageId, Millis, ProviderError};
use deskbell_store::Connection;
use deskbell_store::sync::{close_round, empty_scope};
use deskbell_store::table::account::{Account, set_state};
use deskbell_store::table::scope::{self, Scope};
use deskbell_store::table::sync_run::Tally;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;
use crate::pace::GLIMPSE;
use crate::progress::Meter;
use crate::scope_pages::Reach;

/// The inbox is looked at this often, whatever else is being read.
const INBOX_EVERY: Duration = Duration::from_secs(30);

/// See the module.
pub(crate) struct Pass<'a> {
    core: &'a Core,
    link: &'a Link,
    token: &'a CancellationToken,
    account: &'a Account,
    source: &'a dyn MessageSource,
    /// New messages may come: it is worth being quick about headers.
    receives: bool,
    /// The edge of the account's history window.
    since: Option<Millis>,
    meter: Meter,
    tally: Tally,
    inbox: Option<String>,
    inbox_seen: Instant,
    /// Bodies asked for in this pass.
    asked: BTreeSet<MessageId>,
    /// Bodies that were not given, now or lately.
    resting: BTreeSet<MessageId>,
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
        since: Option<Millis>,
    ) -> Result<Self, RoundError> {
        Ok(Self {
            core,
            link,
            token,
            account,
            source: provider.messages().ok_or(RoundError::NoMessages)?,
            receives: provider.capabilities().receives,
            since,
            meter: Meter::new(account.id),
            tally: Tally::default(),
            inbox: None,
            inbox_seen: Instant::now(),
            asked: BTreeSet::new(),
            resting: link.not_given.resting(core.now()),
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
        self.ask_for_smaller().await?;
        let scopes = self.selectable().await?;
        let inbox = scopes.iter().find(|scope| scope.remote.role == MailboxRole::Inbox);
        self.inbox = inbox.map(|scope| scope.remote.key.clone());
        self.glimpse(&scopes).await?;
        for scope in &scopes {
            self.drain(scope).await?;
        }
        self.bodies(None).await?;
        self.compare().await?;
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
        // What was imported stays, also where its file went.
        for scope in gone.into_iter().filter(|_| self.receives) {
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
