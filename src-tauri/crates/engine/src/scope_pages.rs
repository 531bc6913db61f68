//! The pages of one scope, from its stored cursor to its end.
//!
//! Invariant: a listing that began from nothing while copies were here (its cursor was lost) is framed by
//! `ListingBegan` and `ListingEnded`, so that copies are removed only after everything was seen. Not so for what is
//! imported: nothing of it is ever removed by a look at the files.

use deskbell_domain::port::MessageSource;
use deskbell_domain::sync::{Cursor, Page, PullOptions, RemoteChange};
use deskbell_domain::{Millis, ProviderError, ScopeId};
use deskbell_store::table::scope::Scope;
use tokio::time::{Instant, sleep};

use crate::backoff::{LONGEST_WAIT_INSIDE_A_SYNC, Retries};
use crate::error::RoundError;
use crate::pace::{GLIMPSE, Pace};
use crate::pipeline::{Pages, Pulled};

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// One page of headers.
    Glimpse,
    /// One page.
    OnePage,
    /// To the end.
    End,
}

/// See the module.
pub(crate) struct ScopePages<'a, I> {
    source: &'a dyn MessageSource,
    scope: &'a Scope,
    cursor: Option<Cursor>,
    reach: Reach,
    /// The edge of the account's history window.
    since: Option<Millis>,
    pace: Pace,
    /// Says whether something else should be looked at before the next page.
    interrupted: I,
    /// A listing from nothing is under way, perhaps since an earlier sync.
    listing: bool,
    /// It is listed from nothing while copies are here: their headers tell which they are, and bodies that are missing
    /// follow.
    again: bool,
    pages: u32,
    ended: bool,
}

impl<'a, I: Fn() -> bool + Send> ScopePages<'a, I> {
    pub(crate) fn new(
        source: &'a dyn MessageSource,
        scope: &'a Scope,
        reach: Reach,
        since: Option<Millis>,
        receives: bool,
        interrupted: I,
    ) -> Self {
        Self {
            source,
            scope,
            cursor: scope.cursor.clone(),
            reach,
            since,
            pace: Pace::new(receives),
            interrupted,
            listing: receives && (scope.cursor.is_none() || scope.remaining.is_some()),
            again: receives && scope.cursor.is_none() && scope.local_total > 0,
            pages: 0,
            ended: false,
        }
    }

    /// Whether the scope's end was reached.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    fn options(&self) -> PullOptions {
        let options = match self.reach {
            Reach::Glimpse => GLIMPSE,
            Reach::OnePage | Reach::End => self.pace.options(),
        };
        let bodies = options.bodies && !self.again;
        PullOptions { since: self.since, known: self.scope.local_total > 0, bodies, ..options }
    }

    fn should_stop(&self) -> bool {
        let enough = self.reach != Reach::End && self.pages > 0;
        self.ended || enough || (self.pages > 0 && (self.interrupted)())
    }

    async fn pull(&mut self) -> Result<Page, RoundError> {
        let mut retries = Retries::new();
        loop {
            let began = Instant::now();
            let options = self.options();
            let answer = self.source.pull(&self.scope.remote, self.cursor.as_ref(), options).await;
            match answer {
                Ok(page) => {
                    self.pace.observe(&page, began.elapsed());
                    return Ok(page);
                }
                Err(error) => pause(error, &mut retries).await?,
            }
        }
    }
}

/// Waits where trying again may help; gives the error back where it cannot.
pub(crate) async fn pause(error: ProviderError, retries: &mut Retries) -> Result<(), RoundError> {
    let wait = match &error {
        ProviderError::Offline(_) => retries.next(),
        ProviderError::RateLimited { after } => {
            let own = retries.next();
            own.map(|own| after.unwrap_or(own)).filter(|wait| *wait <= LONGEST_WAIT_INSIDE_A_SYNC)
        }
        _ => None,
    };
    let Some(wait) = wait else { return Err(error.into()) };
    tracing::debug!(?wait, %error, "trying again");
    sleep(wait).await;
    Ok(())
}

impl<I: Fn() -> bool + Send + Sync> Pages for ScopePages<'_, I> {
    async fn next(&mut self) -> Result<Option<Pulled>, RoundError> {
        if self.should_stop() {
            return Ok(None);
        }
        let mut page = self.pull().await?;
        let stuck = page.changes.is_empty() && self.cursor.as_ref() == Some(&page.next);
        if page.more && stuck {
            let words = "it promises more and sends nothing".to_owned();
            return Err(ProviderError::Protocol(words).into());
        }
        if self.again && self.cursor.is_none() {
            page.changes.insert(0, RemoteChange::ListingBegan);
        }
        if self.listing && !page.more {
            page.changes.push(RemoteChange::ListingEnded);
            self.listing = false;
        }
        self.cursor = Some(page.next.clone());
        self.pages += 1;
        self.ended = !page.more;
        let scope: ScopeId = self.scope.id;
        Ok(Some(Pulled { scope, completes: self.ended, page, moves_cursor: true }))
    }
}
