//! How soon a mailbox is looked at, where nothing is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::ProviderError;
use deskbell_domain::port::MessageSource as _;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::support::{DESK, Place, scope};
use crate::gmail::meter::Clock;
use crate::gmail::{GmailProvider, GmailSettings};

/// No wait in these stories needs more.
const DEADLINE: Duration = Duration::from_secs(120);

type Hint = Result<Vec<String>, ProviderError>;

/// A clock that stands still until it is moved, in seconds.
#[derive(Default)]
struct Still {
    now: AtomicU64,
    moved: Notify,
    /// How often somebody saw that the time has not come.
    waits: AtomicU64,
    waiting: Notify,
}

impl Still {
    fn advance(&self, seconds: u64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    async fn waited_for(&self, times: u64) {
        loop {
            let waiting = self.waiting.notified();
            if self.waits.load(Ordering::SeqCst) >= times {
                return;
            }
            waiting.await;
        }
    }
}

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Duration {
        Duration::from_secs(self.now.load(Ordering::SeqCst))
    }

    async fn rest(&self, pause: Duration) {
        let end = self.now() + pause;
        loop {
            let moved = self.moved.notified();
            if self.now() >= end {
                return;
            }
            self.waits.fetch_add(1, Ordering::SeqCst);
            self.waiting.notify_waiters();
            moved.await;
        }
    }
}

/// A mailbox whose newest letter is known, looked at every minute by this clock.
async fn settled(place: &Place, clock: &Arc<Still>) -> GmailProvider {
    let base = place.simulator.base_url("google");
    let settings = GmailSettings { look_every: 60, ..GmailSettings::new(DESK, Some(&base)) };
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let account = GmailProvider::with_clock(&settings, place.tokens.clone(), clock);
    let account = account.expect("an account");
    place.deliver("known");
    assert_eq!(account.watch(&[scope()]).await.expect("a hint"), ["all"]);
    account
}

/// The watch goes on, and has seen so often that the time has not come.
async fn quiet(wait: &mut (impl Future<Output = Hint> + Unpin), clock: &Still, times: u64) {
    let waited = async {
        tokio::select! {
            early = wait => panic!("wait {times} is not over: {early:?}"),
            () = clock.waited_for(times) => {}
        }
    };
    timeout(DEADLINE, waited).await.expect("it looks at the clock");
}

#[tokio::test]
async fn while_a_person_looks_the_mailbox_is_looked_at_sooner() {
    let (place, clock) = (Place::new(), Arc::<Still>::default());
    let account = settled(&place, &clock).await;
    let scopes = [scope()];
    let mut wait = account.watch(&scopes);
    quiet(&mut wait, &clock, 1).await;
    place.deliver("new");
    clock.advance(59);
    quiet(&mut wait, &clock, 2).await;
    clock.advance(1);
    let hinted = timeout(DEADLINE, wait).await.expect("a minute is over").expect("a hint");
    assert_eq!(hinted, ["all"], "where nobody looks, a minute passes");

    let mut wait = account.watch(&scopes);
    quiet(&mut wait, &clock, 3).await;
    place.deliver("newer");
    clock.advance(9);
    quiet(&mut wait, &clock, 4).await;
    account.attend(true);
    // The last look is younger than the pace still.
    quiet(&mut wait, &clock, 5).await;
    clock.advance(1);
    let hinted = timeout(DEADLINE, wait).await.expect("ten seconds are over").expect("a hint");
    assert_eq!(hinted, ["all"], "the pause under way was shortened");

    account.attend(false);
    let mut wait = account.watch(&scopes);
    quiet(&mut wait, &clock, 6).await;
    place.deliver("newest");
    clock.advance(20);
    quiet(&mut wait, &clock, 7).await;
    account.attend(true);
    let hinted = timeout(DEADLINE, wait).await.expect("in time").expect("a hint");
    assert_eq!(hinted, ["all"], "after a longer pause it is looked at once");
}
