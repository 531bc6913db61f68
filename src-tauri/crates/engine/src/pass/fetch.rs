//! Bringing what a pass asks for: pages of a scope, and bodies that follow their headers.

use std::collections::BTreeMap;

use deskbell_domain::message::BodyState;
use deskbell_domain::{MailboxRole, MessageId, ProviderError, ScopeId};
use deskbell_store::sync::{
    MissingBody, bodies_missing, bodies_wanted, body_unavailable, empty_scope,
};
use deskbell_store::table::scope::{self, Scope};
use deskbell_store::{Connection, StoreError};

use super::{INBOX_EVERY, Pass};
use crate::body_pages::BodyPages;
use crate::core::Core;
use crate::error::RoundError;
use crate::events::EngineEvent;
use crate::link::Link;
use crate::pace::LARGEST_UNASKED;
use crate::pipeline::{self, Written};
use crate::progress::Meter;
use crate::scope_pages::{Reach, ScopePages};

/// Missing bodies listed at once.
const BODIES_LISTED: u32 = 5_000;
/// How often one scope may lose its cursor in one pass.
const CURSOR_LOSSES: u32 = 2;

impl Pass<'_> {
    /// Pulls pages of a scope; false if something more urgent came up before its end.
    pub(super) async fn pull(
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
            // A draft is being written, however long ago it was begun.
            let since = self.since.filter(|_| scope.remote.role != MailboxRole::Drafts);
            let mut pages =
                ScopePages::new(self.source, &scope, reach, since, self.receives, interrupted);
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
                    if !self.receives {
                        return Ok(true);
                    }
                    self.core.write(move |w| empty_scope(w, id)).await?;
                    self.link.scopes.notify_waiters();
                    return Ok(true);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Brings missing bodies, newest first: all of them, or the newest `limit`.
    pub(super) async fn bodies(&mut self, limit: Option<u32>) -> Result<(), RoundError> {
        let account = self.account.id;
        if limit.is_none() {
            self.meter.restart();
        }
        loop {
            // Read anew with every list: the keys listed mean something only beside their scope's position.
            let scopes: BTreeMap<ScopeId, Scope> =
                self.selectable().await?.into_iter().map(|scope| (scope.id, scope)).collect();
            let resting = u32::try_from(self.resting.len()).unwrap_or(u32::MAX);
            let listed = limit.unwrap_or(BODIES_LISTED).saturating_add(resting);
            let mut missing = self
                .core
                .store
                .read(move |c: &Connection| bodies_missing(c, account, listed))
                .await?;
            let more = missing.len() >= listed as usize;
            let known = |id: &MessageId| self.asked.contains(id) || self.resting.contains(id);
            missing.retain(|body| !known(&body.message));
            if missing.is_empty() {
                return Ok(());
            }
            missing = self.leave_large(missing).await?;
            self.asked.extend(missing.iter().map(|body| body.message));
            let Self { core, link, token, inbox, inbox_seen, meter, tally, .. } = self;
            let mut left = missing.len() as u64;
            let interrupted = || {
                let due = inbox.is_some() && inbox_seen.elapsed() >= INBOX_EVERY;
                limit.is_none() && (due || link.wakes.hints_beyond(""))
            };
            let mut pages =
                BodyPages::new(self.source, &scopes, missing, &link.not_given, interrupted);
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
            link.not_given.refused(pages.refused().iter().copied(), core.now());
            self.resting.extend(pages.refused());
            let interrupted = pages.left().next().is_some();
            match outcome {
                // A mailbox that vanished or was renumbered meanwhile is seen to when its own turn comes.
                Err(RoundError::Provider(
                    ProviderError::ScopeGone(key) | ProviderError::CursorLost(key),
                )) => {
                    self.link.wakes.hint([key]);
                    return Ok(());
                }
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

    /// Counts bodies as missing again that were set aside and are not too large: an earlier version gave up what a
    /// provider refused once, and the limit may have grown.
    pub(super) async fn ask_for_smaller(&self) -> Result<(), RoundError> {
        if !self.link.not_given.begins() {
            return Ok(());
        }
        let account = self.account.id;
        let any = self.core.store.read(move |c: &Connection| {
            deskbell_store::table::held::of_account(c, account, BodyState::TooLarge)
        });
        if any.await? > 0 {
            self.core.write(move |w| bodies_wanted(w, account, LARGEST_UNASKED)).await?;
        }
        Ok(())
    }

    /// Sets bodies aside that only a person may ask for, by opening the message.
    async fn leave_large(&self, missing: Vec<MissingBody>) -> Result<Vec<MissingBody>, RoundError> {
        let is_large = |body: &MissingBody| body.size > LARGEST_UNASKED;
        let (large, fitting): (Vec<_>, Vec<_>) = missing.into_iter().partition(is_large);
        if !large.is_empty() {
            let job = move |w: &mut deskbell_store::Write<'_>| {
                large.iter().try_for_each(|body| body_unavailable(w, body.scope, &body.key))
            };
            self.core.write(job).await?;
        }
        Ok(fitting)
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
