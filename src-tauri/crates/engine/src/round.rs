//! A sync of one account from sign-in to its line in the history: full, or of the scopes hinted at.
//!
//! Invariant: one at a time for each account; whatever its outcome, the history, the account's state and the
//! breaker say so, and listeners hear that it ended.

use std::collections::BTreeSet;

use deskbell_domain::{AccountState, Millis, ProviderError};
use deskbell_store::table::account::{Account, set_state};
use deskbell_store::table::sync_run::{self, Tally};
use deskbell_store::{Origin, StoreError};
use tokio_util::sync::CancellationToken;

use crate::breaker::Operation;
use crate::core::Core;
use crate::error::RoundError;
use crate::events::EngineEvent;
use crate::link::Link;
use crate::pass::Pass;

/// What to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Every scope, and what is gone.
    Full,
    /// These scopes, by key.
    Scopes(BTreeSet<String>),
}

/// Syncs an account; waits for one under way to end first.
///
/// `by_person`: try even while the breaker rests, and ask for bodies again that were not given.
pub(crate) async fn run(
    core: &Core,
    link: &Link,
    token: &CancellationToken,
    extent: Extent,
    by_person: bool,
) -> Result<Tally, RoundError> {
    let _busy = tokio::select! {
        biased;
        () = token.cancelled() => return Err(RoundError::Stopped),
        busy = link.round.lock() => busy,
    };
    let account = core.account(link.account).await?;
    if account.paused {
        if extent == Extent::Full {
            // What a person no longer wants here goes, whether or not the provider is asked for anything.
            crate::history::keep(core, link, token).await?;
        }
        return Err(RoundError::Paused);
    }
    let _ending = Ending { core, link };
    let started_at = core.now();
    if let Err(retry_at) = link.breakers.pass(Operation::Pull, started_at)
        && !by_person
    {
        let operation = format!("{}_{}", account.provider, Operation::Pull.as_str());
        return Err(RoundError::Resting { operation, retry_at });
    }
    if by_person {
        link.not_given.ask_again();
    }
    let mut history = History { run: None, started_at, full: extent == Extent::Full };
    let mut tally = Tally::default();
    let outcome = look(core, link, token, &account, extent, &mut history, &mut tally).await;
    settle(core, link, &account, &history, tally, &outcome).await;
    outcome.map(|()| tally)
}

/// Says that the sync ended, however it did: also when it was dropped or panicked.
struct Ending<'a> {
    core: &'a Core,
    link: &'a Link,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.link.set_progress(None);
        self.core.announce(EngineEvent::Idle(self.link.account));
    }
}

/// The line this sync gets in the history.
struct History {
    run: Option<i64>,
    started_at: Millis,
    full: bool,
}

impl History {
    /// A full sync stands in the history while it runs; a partial one only once it has something to tell.
    async fn begin(&mut self, core: &Core, link: &Link) -> Result<i64, StoreError> {
        if let Some(run) = self.run {
            return Ok(run);
        }
        let (account, at) = (link.account, self.started_at);
        let run = core.store.write(Origin::Sync, at, move |w| sync_run::begin(w, account)).await?;
        self.run = Some(run);
        Ok(run)
    }
}

async fn look(
    core: &Core,
    link: &Link,
    token: &CancellationToken,
    account: &Account,
    extent: Extent,
    history: &mut History,
    tally: &mut Tally,
) -> Result<(), RoundError> {
    if history.full {
        history.begin(core, link).await?;
        *tally += crate::history::keep(core, link, token).await?;
    }
    let provider = link.provider(core).await?;
    if provider.messages().is_none() && provider.sink().is_some() {
        // An account that only sends has nothing to look at.
        return Ok(());
    }
    let since = crate::history::edge(core, link).await?;
    let mut pass = Pass::new(core, link, token, account, provider.as_ref(), since)?;
    let outcome = match extent {
        Extent::Full => pass.full(history.started_at).await,
        Extent::Scopes(keys) => pass.scopes(&keys).await,
    };
    *tally += pass.tally();
    outcome
}

/// Writes down how it went. A failure to write is logged and not passed on: the outcome itself matters more.
async fn settle(
    core: &Core,
    link: &Link,
    account: &Account,
    history: &History,
    tally: Tally,
    outcome: &Result<(), RoundError>,
) {
    match outcome {
        Ok(()) => {
            link.breakers.succeeded(Operation::Pull);
            link.contact.notify_waiters();
            link.edits.notify_one();
        }
        Err(error) if error.trips() => link.breakers.failed(Operation::Pull, core.now()),
        Err(_) => {}
    }
    if let Err(RoundError::Provider(ProviderError::Auth(_))) = outcome {
        link.close().await;
    }
    if let Err(error) = outcome {
        tracing::info!(account = %link.account, kind = error.outcome(), "a sync did not succeed");
    }
    if let Err(error) = write_down(core, link, account, history, tally, outcome).await {
        tracing::warn!(account = %link.account, %error, "the outcome of a sync was not written down");
    }
}

async fn write_down(
    core: &Core,
    link: &Link,
    account: &Account,
    history: &History,
    tally: Tally,
    outcome: &Result<(), RoundError>,
) -> Result<(), StoreError> {
    let state = match outcome {
        // A partial sync leaves the words of a good account alone: a refused edit may stand there.
        Ok(()) if history.full => Some(match link.trouble.refused() {
            Some(words) => (AccountState::SignInNeeded, Some(words)),
            None => (AccountState::Ok, None),
        }),
        Ok(()) => None,
        Err(error) => error.state().map(|state| (state, Some(error.words()))),
    };
    let worth_a_line = history.full || outcome.is_err() || tally != Tally::default();
    let run = match history.run {
        None if worth_a_line => {
            let late = &mut History { run: None, ..*history };
            Some(late.begin(core, link).await?)
        }
        run => run,
    };
    let (word, error) = match outcome {
        Ok(()) => ("ok", None),
        Err(error) => (error.outcome(), Some(error.words())),
    };
    let id = account.id;
    core.write(move |w| {
        if let Some(run) = run {
            sync_run::finish(w, run, word, error.as_deref(), tally)?;
        }
        if let Some((state, words)) = state {
            set_state(w, id, state, words.as_deref())?;
        }
        Ok(())
    })
    .await
}
