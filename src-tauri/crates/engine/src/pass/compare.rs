//! Comparing a scope as a whole with its provider: what a push or a delta did not tell is found out within a day, or as
//! soon as the provider can bear it.
//!
//! Invariants: a scope is compared once in a day at most, restarts included, because the next time is written down
//! before the first page is asked for; a pass compares one scope at most, one account at a time, and only where
//! nothing else is waiting. Only keys, flags and headers are asked for; a body follows where a message was missing.
//! Where a provider's listings are cheap and its messages are not, only what its listings show to differ is asked for.

use std::collections::VecDeque;

use deskbell_domain::port::MessageSource;
use deskbell_domain::sync::{Page, RemoteKey};
use deskbell_domain::time::HOUR;
use deskbell_domain::{Millis, ScopeId};
use deskbell_store::Connection;
use deskbell_store::sync::differing;
use deskbell_store::table::scope::{self, Scope};

use super::Pass;
use crate::backoff::Retries;
use crate::error::RoundError;
use crate::pipeline::{self, Pages, Pulled};
use crate::scope_pages::pause;

/// Copies that are looked at again at once.
const AT_ONCE: usize = 50;
/// The first times of scopes lie apart by so much at most, and so do all that follow.
const SPREAD: Millis = 6 * HOUR;

impl Pass<'_> {
    /// Compares the scope whose time has come longest ago, if there is one and nothing else is to be done.
    pub(super) async fn compare(&mut self) -> Result<(), RoundError> {
        if !self.receives {
            // What was imported is never removed by a look at the files.
            return Ok(());
        }
        let (now, every) = (self.core.now(), self.source.compared_every());
        let listed = |scope: &Scope| scope.cursor.is_some() && scope.remaining.is_none();
        let mut scopes = self.selectable().await?;
        scopes.retain(listed);
        let first: Vec<ScopeId> = scopes
            .iter()
            .filter(|scope| scope.compare_at.is_none())
            .map(|scope| scope.id)
            .collect();
        if !first.is_empty() {
            let plan = move |w: &mut deskbell_store::Write<'_>| {
                first
                    .iter()
                    .try_for_each(|id| scope::set_compare_at(w, *id, now + every + apart(*id)))
            };
            self.core.write(plan).await?;
        }
        if self.refused.is_some() || self.link.wakes.hints_beyond("") {
            return Ok(());
        }
        let due = |scope: &&Scope| scope.compare_at.is_some_and(|at| at <= now);
        let Some(scope) = scopes.iter().filter(due).min_by_key(|scope| scope.compare_at) else {
            return Ok(());
        };
        let core = self.core;
        let Ok(_turn) = core.comparing.try_lock() else { return Ok(()) };
        tracing::info!(scope = %scope.id, "comparing everything with the provider");
        if self.source.lists() {
            let id = scope.id;
            core.write(move |w| scope::set_compare_at(w, id, now + every)).await?;
            let outcome = self.by_listings(scope).await;
            self.forgive(scope, outcome)?;
            return self.bodies(None).await;
        }
        let (id, from) = (scope.id, scope.cursor.as_ref());
        let from = from.and_then(|cursor| self.source.doubted(cursor));
        core.write(move |w| scope::begin_comparison(w, id, from.as_ref(), now + every)).await?;
        self.drain(scope).await?;
        self.bodies(None).await
    }

    /// Holds what the provider lists against what is here, and looks again at what differs.
    async fn by_listings(&mut self, scope: &Scope) -> Result<(), RoundError> {
        let (id, since, source) = (scope.id, self.since, self.source);
        let Self { core, token, tally, .. } = self;
        let mut retries = Retries::new();
        let listed = loop {
            let listed = tokio::select! {
                biased;
                () = token.cancelled() => return Err(RoundError::Stopped),
                listed = source.listed(&scope.remote, since) => listed,
            };
            match listed {
                Ok(listed) => break listed,
                Err(error) => pause(error, &mut retries).await?,
            }
        };
        let count = listed.len() as u64;
        let keys = core.store.read(move |c: &Connection| differing(c, id, &listed)).await?;
        tracing::info!(scope = %id, listed = count, differing = keys.len(), "compared by listings");
        let mut differing = Differing { source, scope, since, count, keys: keys.into() };
        pipeline::run(core, token, &mut differing, |written| *tally += written.tally).await
    }
}

/// What differs, looked at again a few at a time.
struct Differing<'a> {
    source: &'a dyn MessageSource,
    scope: &'a Scope,
    since: Option<Millis>,
    /// Copies there are.
    count: u64,
    keys: VecDeque<RemoteKey>,
}

impl Pages for Differing<'_> {
    async fn next(&mut self) -> Result<Option<Pulled>, RoundError> {
        let Some(cursor) = self.scope.cursor.clone() else { return Ok(None) };
        let few: Vec<RemoteKey> = self.keys.drain(..AT_ONCE.min(self.keys.len())).collect();
        if few.is_empty() {
            return Ok(None);
        }
        let mut retries = Retries::new();
        let changes = loop {
            match self.source.look_again(&self.scope.remote, &few, self.since).await {
                Ok(changes) => break changes,
                Err(error) => pause(error, &mut retries).await?,
            }
        };
        // The position stays where it is: what happened since the listings is told from there.
        let page = Page {
            changes,
            next: cursor,
            more: false,
            remote_total: Some(self.count),
            remaining: None,
        };
        Ok(Some(Pulled { scope: self.scope.id, page, moves_cursor: true, completes: false }))
    }
}

/// How far a scope's first time lies behind the earliest: its number, scattered.
fn apart(id: ScopeId) -> Millis {
    id.0.wrapping_mul(2_654_435_761).rem_euclid(SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_made_one_after_the_other_have_their_times_apart() {
        let mut times: Vec<Millis> = (1..=24).map(|id| apart(ScopeId(id))).collect();
        assert!(times.iter().all(|time| (0..SPREAD).contains(time)), "{times:?}");
        times.sort_unstable();
        let halves = times.partition_point(|time| *time < SPREAD / 2);
        assert!((6..=18).contains(&halves), "spread over all of the time: {times:?}");
    }
}
