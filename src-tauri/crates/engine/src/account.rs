//! The sync loop of one account: when it looks, and what it does after a failure.
//!
//! Invariant: a refused sign-in is not tried again until a person does something; everything else is.

use std::collections::BTreeSet;
use std::time::Duration;

use deskbell_domain::time::{Clock, MINUTE, SECOND};
use deskbell_domain::{AccountState, Millis, ProviderError};
use deskbell_store::table::outbox;
use deskbell_store::{Connection, StoreError};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::backoff::Reconnects;
use crate::core::Core;
use crate::edits;
use crate::error::RoundError;
use crate::link::Link;
use crate::round::{self, Extent};
use crate::schedule;
use crate::wakes::Ask;

/// How long a full disk is left alone.
const FULL_DISK: Duration = Duration::from_secs(30);
/// The wall clock running ahead of the timer by so much means that the machine slept.
const SLEPT: Millis = MINUTE;
/// The longest the edit loop waits without looking; edits ring for themselves.
const EDIT_TICK: Duration = Duration::from_secs(60);

/// What the loop does next, unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// A full sync at this instant; `None` if the schedule has no next time.
    At(Option<Millis>),
    /// Nothing until a person acts.
    Held,
}

/// Syncs an account when it is due, woken or hinted at, until told to stop.
pub(crate) async fn sync(core: &Core, link: &Link, token: &CancellationToken) {
    let mut pauses = Reconnects::new();
    let mut next = Next::At(Some(core.now()));
    loop {
        link.set_next_sync(match next {
            Next::At(at) => at,
            Next::Held => None,
        });
        let ask = tokio::select! {
            biased;
            () = token.cancelled() => return,
            ask = link.wakes.next() => ask,
            () = due(core.clock.as_ref(), next) => Ask { full: true, ..Ask::default() },
        };
        if next == Next::Held && !ask.by_person {
            continue;
        }
        if ask.by_person {
            // The settings or the password may be what the person changed.
            link.renew().await;
            link.trouble.forgive();
            link.outbox.notify_one();
        }
        let extent = if ask.full { Extent::Full } else { Extent::Scopes(ask.scopes) };
        let full = extent == Extent::Full;
        let outcome = round::run(core, link, token, extent, ask.by_person).await;
        next = match outcome {
            Ok(_) => {
                pauses.reset();
                // A partial sync leaves the time of the next full one as it is.
                if full { scheduled(core, link).await } else { next }
            }
            Err(RoundError::Stopped) => return,
            Err(error) => after(core, link, &error, &mut pauses).await,
        };
    }
}

/// Ends when a full sync is due by the wall clock, or the machine was asleep.
async fn due(clock: &dyn Clock, next: Next) {
    loop {
        let (now, tick) = (clock.now(), clock.compared_every());
        let left = match next {
            Next::At(Some(at)) if at <= now => return,
            Next::At(Some(at)) => millis(at - now).min(tick),
            Next::At(None) | Next::Held => tick,
        };
        sleep(left).await;
        let late = clock.now() - now - Millis::try_from(left.as_millis()).unwrap_or(0);
        if late > SLEPT {
            tracing::info!("the machine was asleep; looking at once");
            return;
        }
    }
}

fn millis(ms: Millis) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

async fn scheduled(core: &Core, link: &Link) -> Next {
    let now = core.now();
    match core.account(link.account).await {
        Ok(account) => {
            let receives = match link.provider(core).await {
                Ok(provider) => provider.capabilities().receives,
                Err(_) => true,
            };
            // What never changes by itself is read once, and again when a person asks.
            Next::At(schedule::next(&account.schedule, now).filter(|_| receives))
        }
        Err(_) => Next::At(Some(now + 15 * MINUTE)),
    }
}

async fn after(core: &Core, link: &Link, error: &RoundError, pauses: &mut Reconnects) -> Next {
    let now = core.now();
    let pause = match error {
        RoundError::Provider(ProviderError::Auth(_)) | RoundError::Paused => return Next::Held,
        RoundError::Provider(ProviderError::File(_)) | RoundError::NoMessages => {
            return scheduled(core, link).await;
        }
        RoundError::Store(StoreError::DiskFull) => FULL_DISK,
        RoundError::Resting { retry_at, .. } => return Next::At(Some((*retry_at).max(now))),
        error => pauses.next(error.asked_pause()),
    };
    Next::At(Some(now + Millis::try_from(pause.as_millis()).unwrap_or(60 * SECOND)))
}

/// Ends a removal that was begun. A failure ends the task early, and it is started again later.
pub(crate) async fn erase(core: &Core, link: &Link, token: &CancellationToken) {
    let erased = tokio::select! {
        biased;
        () = token.cancelled() => return,
        erased = deskbell_store::sync::erase(&core.store, link.account, core.now(), &|_| {}) => erased,
    };
    match erased {
        Ok(()) => {
            core.forget(link.account);
            token.cancel();
        }
        Err(error) => {
            tracing::warn!(account = %link.account, %error, "a removal did not come to its end");
        }
    }
}

/// Tells the provider what a person does, as it happens and when a failed edit is due again.
pub(crate) async fn edits(core: &Core, link: &Link, token: &CancellationToken) {
    let mut pauses = Reconnects::new();
    loop {
        let wait = match flush(core, link, token).await {
            Ok(()) => {
                pauses.reset();
                pause_before_edits(core, link).await
            }
            Err(RoundError::Stopped) => return,
            Err(error) => {
                tracing::debug!(account = %link.account, kind = error.outcome(), "edits wait");
                pauses.next(error.asked_pause())
            }
        };
        tokio::select! {
            biased;
            () = token.cancelled() => return,
            () = link.edits.notified() => {}
            () = sleep(wait) => {}
        }
    }
}

async fn flush(core: &Core, link: &Link, token: &CancellationToken) -> Result<(), RoundError> {
    let refused = core.account(link.account).await?.state == AccountState::SignInNeeded;
    // Where only sending was refused, the mailbox is another sign-in's.
    if refused && link.trouble.refused().is_none() {
        // Repeating a refused sign-in can lock the person out; the next successful sync rings.
        return Ok(());
    }
    match edits::flush(core, link, token).await {
        Ok(flushed) => {
            // Looking right away confirms moves and shows what else changed there.
            if !flushed.touched.is_empty() {
                link.wakes.hint(flushed.touched);
            }
            Ok(())
        }
        Err(error) => {
            if matches!(error, RoundError::Provider(ProviderError::Auth(_))) {
                // The sync finds the same, and says so.
                link.wakes.full(false);
            }
            if let RoundError::Provider(ProviderError::CursorLost(key)) = &error {
                link.wakes.hint(BTreeSet::from([key.clone()]));
            }
            Err(error)
        }
    }
}

/// How long the next waiting edit rests; never nothing, so that an edit that cannot leave does not spin.
async fn pause_before_edits(core: &Core, link: &Link) -> Duration {
    let account = link.account;
    match core.store.read(move |c: &Connection| outbox::next_due(c, account)).await {
        Ok(Some(at)) => millis(at - core.now()).clamp(Duration::from_secs(1), EDIT_TICK),
        Ok(None) | Err(_) => EDIT_TICK,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

    use deskbell_domain::time::HOUR;

    use super::*;

    /// A wall clock moved by hand; whoever waits looks at it all the time, and is counted.
    #[derive(Default)]
    struct Wall {
        now: AtomicI64,
        compared: AtomicU64,
    }

    impl Wall {
        fn advance(&self, by: Millis) {
            self.now.fetch_add(by, Ordering::SeqCst);
        }

        /// Ends once it was looked at so often from now on.
        async fn looked_at(&self, times: u64) {
            let before = self.compared.load(Ordering::SeqCst);
            while self.compared.load(Ordering::SeqCst) < before + times {
                sleep(Duration::from_millis(1)).await;
            }
        }
    }

    impl Clock for Wall {
        fn now(&self) -> Millis {
            self.now.load(Ordering::SeqCst)
        }

        fn compared_every(&self) -> Duration {
            self.compared.fetch_add(1, Ordering::SeqCst);
            Duration::from_millis(1)
        }
    }

    /// Whether a sync is due before the clock was looked at twenty times more.
    async fn is_due(wall: &Wall, next: Next) -> bool {
        tokio::select! {
            () = due(wall, next) => true,
            () = wall.looked_at(20) => false,
        }
    }

    #[tokio::test]
    async fn a_sync_is_due_at_its_instant_and_never_without_one() {
        let wall = Wall::default();
        assert!(is_due(&wall, Next::At(Some(0))).await);
        assert!(!is_due(&wall, Next::At(Some(HOUR))).await);
        assert!(!is_due(&wall, Next::At(None)).await);
        assert!(!is_due(&wall, Next::Held).await);
        wall.advance(HOUR);
        assert!(is_due(&wall, Next::At(Some(HOUR))).await);
    }

    #[tokio::test]
    async fn a_machine_that_slept_looks_at_once_and_a_corrected_clock_is_no_sleep() {
        for (by, slept) in
            [(2 * HOUR, true), (2 * MINUTE, true), (20 * SECOND, false), (-HOUR, false)]
        {
            for next in [Next::At(Some(5 * HOUR)), Next::At(None), Next::Held] {
                let wall = Wall::default();
                let meanwhile = async {
                    wall.looked_at(3).await;
                    wall.advance(by);
                    wall.looked_at(20).await;
                };
                let looks = tokio::select! {
                    () = due(&wall, next) => true,
                    () = meanwhile => false,
                };
                assert_eq!(looks, slept, "{next:?} after {by} ms");
            }
        }
        assert_eq!(
            deskbell_domain::time::Clock::compared_every(&crate::MachineClock),
            Duration::from_secs(30),
            "a machine that slept is noticed within half a minute"
        );
    }
}
