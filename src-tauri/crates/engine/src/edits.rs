//! Telling the provider what a person did: waiting edits, grouped, in order, until it accepts or refuses.
//!
//! Invariant: an edit leaves the outbox only when the provider accepted it, refused it, or no longer holds
//! the copy. One that was under way when the process ended is repeated, which is harmless.

mod group;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use deskbell_domain::port::{EditSteps, StateSink};
use deskbell_domain::sync::{EditOutcome, RemoteKey};
use deskbell_domain::time::SECOND;
use deskbell_domain::{Millis, OutboxId, ProviderError, ScopeId};
use deskbell_store::sync::{edit_accepted, edit_rejected};
use deskbell_store::table::{outbox, scope};
use deskbell_store::{Connection, StoreError};
use tokio_util::sync::CancellationToken;

use crate::backoff::edit_pause;
use crate::breaker::Operation;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;
use group::{Group, groups};

/// Edits taken from the outbox at once.
const TAKEN: u32 = 1_000;
/// After so many answers that make no sense the edit is taken back.
const PATIENCE: u32 = 8;
/// While a scope is being listed its keys may not be known; the edit waits this long.
const LISTING_PAUSE: Millis = 5 * SECOND;

/// What a flush did.
#[derive(Debug, Default)]
pub(crate) struct Flushed {
    /// Edits the provider has learnt of, or has no copy for.
    pub(crate) accepted: u32,
    /// Scopes whose copies changed, by key.
    pub(crate) touched: BTreeSet<String>,
}

/// Sends every edit that is due. On a failure the rest stays queued for later, and the failure is returned.
pub(crate) async fn flush(
    core: &Core,
    link: &Link,
    token: &CancellationToken,
) -> Result<Flushed, RoundError> {
    let mut clean = link.flush.lock().await;
    let (account, mut flushed) = (link.account, Flushed::default());
    if !*clean {
        core.write(move |w| outbox::requeue(w, account, &[], 0, None)).await?;
        *clean = true;
    }
    loop {
        let now = core.now();
        let due =
            core.store.read(move |c: &Connection| outbox::due(c, account, now, TAKEN)).await?;
        if due.is_empty() {
            return Ok(flushed);
        }
        if let Err(retry_at) = link.breakers.pass(Operation::Edit, now) {
            let operation = Operation::Edit.as_str().to_owned();
            return Err(RoundError::Resting { operation, retry_at });
        }
        let provider = link.provider(core).await?;
        let Some(sink) = provider.state() else {
            let reason = "this provider keeps no changes";
            reject(core, due.iter().map(|item| item.id).collect(), reason).await?;
            continue;
        };
        *clean = false;
        for group in groups(due) {
            let sent = tokio::select! {
                biased;
                () = token.cancelled() => Err(RoundError::Stopped),
                sent = send(core, sink, &group, &mut flushed) => sent,
            };
            if let Err(error) = sent {
                put_back(core, link, &group, &error).await?;
                return Err(error);
            }
            link.breakers.succeeded(Operation::Edit);
        }
        *clean = true;
    }
}

/// One group: asks for the keys, tells the provider, takes over what it did.
async fn send(
    core: &Core,
    sink: &dyn StateSink,
    group: &Group,
    flushed: &mut Flushed,
) -> Result<(), RoundError> {
    let Some(prepared) = prepare(core, group).await? else { return Ok(()) };
    let Prepared { scope, keyed } = prepared;
    let keys: Vec<RemoteKey> = keyed.iter().flat_map(|(_, keys)| keys.iter().cloned()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let ids = keyed.iter().map(|(id, _)| *id).collect();
    let steps = Steps { core, ids, last: Mutex::new(group.step()) };
    let (remote, cursor) = (&scope.remote, scope.cursor.as_ref());
    match sink.apply_in_steps(remote, cursor, &keys, &group.edit, &steps).await {
        Ok(outcomes) => accept(core, &scope, keyed, outcomes, flushed).await,
        Err(ProviderError::Rejected { message, .. }) if keyed.len() == 1 => {
            reject(core, keyed.into_iter().map(|(id, _)| id).collect(), &message).await
        }
        Err(ProviderError::Rejected { .. }) => {
            // One of many may be to blame: let each stand for itself.
            for (id, keys) in keyed {
                match sink.apply_in_steps(remote, cursor, &keys, &group.edit, &steps).await {
                    Ok(outcomes) => {
                        accept(core, &scope, vec![(id, keys)], outcomes, flushed).await?;
                    }
                    Err(ProviderError::Rejected { message, .. }) => {
                        reject(core, vec![id], &message).await?;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(())
        }
        Err(ProviderError::ScopeGone(_)) => accept(core, &scope, keyed, Vec::new(), flushed).await,
        Err(error) => Err(error.into()),
    }
}

/// How far the edits of a group have come, kept in the store.
struct Steps<'a> {
    core: &'a Core,
    ids: Vec<OutboxId>,
    last: Mutex<Option<String>>,
}

impl Steps<'_> {
    fn last(&self) -> MutexGuard<'_, Option<String>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl EditSteps for Steps<'_> {
    fn earlier(&self) -> Option<String> {
        self.last().clone()
    }

    async fn remember(&self, step: &str) -> Result<(), String> {
        let (ids, words) = (self.ids.clone(), step.to_owned());
        let kept = self.core.write(move |w| outbox::set_step(w, &ids, &words)).await;
        kept.map_err(|error| error.to_string())?;
        *self.last() = Some(step.to_owned());
        Ok(())
    }
}

/// A group with the keys of its copies.
struct Prepared {
    scope: scope::Scope,
    keyed: Vec<(OutboxId, Vec<RemoteKey>)>,
}

/// Looks the copies up and marks the edits as under way; what has no copy any more is settled at once.
///
/// The outbox is asked again: since it was read, a person may have taken an edit back, and an edit told just
/// now may have sent the copy, with all that waits for it, to another scope.
async fn prepare(core: &Core, group: &Group) -> Result<Option<Prepared>, RoundError> {
    let (id, items): (ScopeId, Vec<_>) = (group.scope, group.members());
    let now = core.now();
    let prepared = core
        .write(move |w| {
            let scope = match scope::get(w, id) {
                Ok(scope) => Some(scope),
                Err(StoreError::NotFound(_)) => None,
                Err(error) => return Err(error),
            };
            let listing = scope.as_ref().is_some_and(|scope| scope.remaining.is_some());
            let mut keyed = Vec::new();
            for item in items {
                if !outbox::is_due_in(w, item, id, now)? {
                    continue;
                }
                let keys = outbox::keys(w, item)?;
                if !keys.is_empty() {
                    keyed.push((item, keys));
                } else if let Some(scope) = scope.as_ref().filter(|_| listing) {
                    outbox::requeue(w, scope.account, &[item], now + LISTING_PAUSE, None)?;
                } else {
                    edit_accepted(w, item, None)?;
                }
            }
            let ids: Vec<OutboxId> = keyed.iter().map(|(id, _)| *id).collect();
            outbox::set_sending(w, &ids)?;
            Ok(scope.map(|scope| Prepared { scope, keyed }))
        })
        .await?;
    Ok(prepared)
}

async fn accept(
    core: &Core,
    scope: &scope::Scope,
    keyed: Vec<(OutboxId, Vec<RemoteKey>)>,
    outcomes: Vec<EditOutcome>,
    flushed: &mut Flushed,
) -> Result<(), RoundError> {
    flushed.touched.insert(scope.remote.key.clone());
    let targets = outcomes.iter().filter_map(|outcome| outcome.moved_to.as_ref());
    flushed.touched.extend(targets.map(|(key, _)| key.clone()));
    flushed.accepted += u32::try_from(keyed.len()).unwrap_or(u32::MAX);
    core.write(move |w| {
        for (id, keys) in &keyed {
            let outcome = outcomes.iter().find(|outcome| keys.contains(&outcome.key));
            edit_accepted(w, *id, outcome)?;
        }
        Ok(())
    })
    .await?;
    Ok(())
}

async fn reject(core: &Core, ids: Vec<OutboxId>, reason: &str) -> Result<(), RoundError> {
    let reason = reason.to_owned();
    core.write(move |w| ids.iter().try_for_each(|id| edit_rejected(w, *id, &reason))).await?;
    Ok(())
}

/// Queues a group again after a failure, later each time.
async fn put_back(
    core: &Core,
    link: &Link,
    group: &Group,
    error: &RoundError,
) -> Result<(), RoundError> {
    if error.trips() {
        link.breakers.failed(Operation::Edit, core.now());
    }
    if matches!(error, RoundError::Store(_)) {
        // The store refused to write; the edit stays marked as under way and is queued again at the next flush.
        return Ok(());
    }
    let account = link.account;
    // Nobody refused: such edits wait for the next contact, or for the new numbering, and for nothing else.
    if matches!(
        error,
        RoundError::Stopped
            | RoundError::Provider(ProviderError::Offline(_) | ProviderError::CursorLost(_))
    ) {
        core.write(move |w| outbox::requeue(w, account, &[], 0, None)).await?;
        return Ok(());
    }
    let spent = group.items.iter().filter(|item| item.attempts >= PATIENCE);
    let hopeless: Vec<OutboxId> =
        if error.trips() { spent.map(|item| item.id).collect() } else { Vec::new() };
    let (now, words) = (core.now(), error.to_string());
    let asked = error.asked_pause();
    let waiting: Vec<(OutboxId, Millis)> = group
        .items
        .iter()
        .filter(|item| !hopeless.contains(&item.id))
        .map(|item| {
            let pause = asked.unwrap_or_else(|| edit_pause(item.attempts));
            (item.id, now + Millis::try_from(pause.as_millis()).unwrap_or(Millis::MAX / 2))
        })
        .collect();
    let reason = words.clone();
    core.write(move |w| {
        for (id, at) in &waiting {
            outbox::requeue(w, account, &[*id], *at, Some(&words))?;
        }
        Ok(())
    })
    .await?;
    reject(core, hopeless, &reason).await
}
