//! The outbox loop of one account: what waits to be sent, in order, a few conversations at a time.
//!
//! Invariants: one loop for an account; of a conversation one message at a time, and never one before an
//! earlier one that is due; nothing is held in memory but what is being sent. What was being sent when a
//! process ended is looked for before anything else happens to it.

mod copy;
mod find;
mod follow;
mod rate;
mod recheck;
mod rest;
mod route;
mod send;
mod trouble;
mod work;

use std::pin::Pin;
use std::time::Duration;

use deskbell_domain::Millis;
use deskbell_domain::time::HOUR;
use deskbell_store::sync::outgoing::erase_discarded;
use deskbell_store::sync::transit::interrupted;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::sync::MutexGuard;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;
pub(crate) use trouble::Trouble;
use work::{Done, Errand, Next, Work};

/// The wall clock is compared with the timer this often.
const TICK: Duration = Duration::from_secs(30);
/// How long what is being sent may go on once the loop was told to end.
const GRACE: Duration = Duration::from_secs(8);
/// How long the loop rests after the store failed.
const STORE_PAUSE: Duration = Duration::from_secs(30);
/// How often discarded drafts are looked through.
const TIDY: Millis = HOUR;

/// Sends what is due until told to stop.
pub(crate) async fn run(core: &Core, link: &Link, token: &CancellationToken) {
    loop {
        let claimed = tokio::select! {
            biased;
            () = token.cancelled() => return,
            claimed = link.outgoing.lock() => claimed,
        };
        let outcome = drive(core, link, token, None, claimed).await;
        if token.is_cancelled() {
            return;
        }
        if let Err(error) = outcome {
            tracing::warn!(account = %link.account, %error, "the outbox rests");
        }
        tokio::select! {
            biased;
            () = token.cancelled() => return,
            () = sleep(STORE_PAUSE) => {}
        }
    }
}

/// Sends what is due now, and what becomes due within `patience`. Where a loop is at it already, it is only
/// rung.
pub(crate) async fn once(
    core: &Core,
    link: &Link,
    token: &CancellationToken,
    patience: Duration,
) -> Result<(), RoundError> {
    match link.outgoing.try_lock() {
        Ok(claimed) => drive(core, link, token, Some(patience), claimed).await,
        Err(_) => {
            link.outbox.notify_one();
            Ok(())
        }
    }
}

type Job<'a> = Pin<Box<dyn Future<Output = Done> + Send + 'a>>;

/// Works until told to stop, or until nothing is due within `patience`.
///
/// `clean` is false while messages may be marked as leaving that nobody is sending.
async fn drive(
    core: &Core,
    link: &Link,
    token: &CancellationToken,
    patience: Option<Duration>,
    mut clean: MutexGuard<'_, bool>,
) -> Result<(), RoundError> {
    let account = link.account;
    if !*clean {
        let left = core.write(move |w| interrupted(w, account)).await?;
        if left > 0 {
            tracing::info!(%account, left, "messages may have left when sending was cut off");
        }
    }
    *clean = false;
    let ends = patience.map(|patience| Instant::now() + patience);
    let mut jobs: FuturesUnordered<Job<'_>> = FuturesUnordered::new();
    let outcome = work(core, link, token, ends, &mut jobs).await;
    // What was begun is brought to its end where that is soon: less for a person to decide.
    let rest = async { while jobs.next().await.is_some() {} };
    *clean = timeout(GRACE, rest).await.is_ok();
    outcome
}

async fn work<'a>(
    core: &'a Core,
    link: &'a Link,
    token: &'a CancellationToken,
    ends: Option<Instant>,
    jobs: &mut FuturesUnordered<Job<'a>>,
) -> Result<(), RoundError> {
    let mut work = Work::default();
    let mut tidy_at = core.now();
    loop {
        let now = core.now();
        if now >= tidy_at || tidy_at > now + TIDY {
            tidy_at = now + TIDY;
            core.write(erase_discarded).await?;
        }
        work.refill(core, link.account, now).await?;
        while let Some(next) = work.next(now) {
            jobs.push(job(core, link, token, next));
        }
        let wait = work.wait(core.now());
        let in_time = |wait: Duration| ends.is_none_or(|ends| Instant::now() + wait <= ends);
        if jobs.is_empty() && ends.is_some() && !wait.is_some_and(in_time) {
            return Ok(());
        }
        tokio::select! {
            biased;
            () = token.cancelled() => return Ok(()),
            Some(done) = jobs.next() => work.ended(done)?,
            () = link.outbox.notified() => work.rung(),
            () = sleep(wait.unwrap_or(TICK).min(TICK)) => work.look_again(),
        }
    }
}

fn job<'a>(core: &'a Core, link: &'a Link, token: &'a CancellationToken, next: Next) -> Job<'a> {
    Box::pin(async move {
        match next {
            Next::Send(ready) => Done::Send(ready, send::send(core, link, token, ready.id).await),
            Next::Errand(Errand::Find(id)) => Done::Errand(id, find::find(core, link, id).await),
            Next::Errand(Errand::Rest(id)) => {
                Done::Errand(id, rest::rest(core, link, token, id).await)
            }
            Next::Errand(Errand::Copy(id)) => Done::Errand(id, copy::copy(core, link, id).await),
            Next::Errand(Errand::Follow(id)) => {
                Done::Errand(id, follow::follow(core, link, id).await)
            }
            Next::Errand(Errand::Recheck(id)) => {
                Done::Errand(id, recheck::recheck(core, link, id).await)
            }
        }
    })
}
