//! Quota units: what each request costs, and pauses that keep a long sync under what a minute allows.
//!
//! Invariant: within any [`WINDOW`] no more units are asked for than the limit, so that a first sync never
//! meets a refusal of its own making; edits and sending may use the last part of it, which reading leaves.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

/// Units a user may spend in a minute.
///
/// Gmail API usage limits for projects begun since 2026-05-01, read at second hand; older copies of that page say
/// 15,000 with other prices. An account's settings may say otherwise.
pub(super) const PER_MINUTE: u32 = 6_000;
/// A little more than the minute that is counted there: requests do not arrive as evenly as they leave.
const WINDOW: Duration = Duration::from_secs(62);
/// Fewer requests than this are not worth a batch of their own.
const WORTH: usize = 10;
/// One part in so many is left to what a person waits for.
const LEFT: u32 = 10;

/// Prices, from the same page.
pub(super) mod price {
    pub(crate) const PROFILE: u32 = 1;
    pub(crate) const LABELS: u32 = 1;
    pub(crate) const HISTORY: u32 = 2;
    pub(crate) const LIST: u32 = 5;
    pub(crate) const GET: u32 = 20;
    pub(crate) const SEND: u32 = 100;
    pub(crate) const BATCH_MODIFY: u32 = 50;
    /// Not on the lists that were read: what older copies of the page say.
    pub(crate) const MODIFY: u32 = 5;
    /// As [`MODIFY`].
    pub(crate) const LABEL_MADE: u32 = 5;
    /// As [`MODIFY`].
    pub(crate) const DRAFT: u32 = 10;
    /// As [`MODIFY`].
    pub(crate) const ERASE: u32 = 10;
    /// As [`MODIFY`].
    pub(crate) const INSERT: u32 = 25;
}

/// Time, as the quota counts it.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Since some beginning.
    fn now(&self) -> Duration;
    /// Waits.
    async fn rest(&self, pause: Duration);
}

/// The machine's own.
pub(super) struct Steady(pub(super) Instant);

#[async_trait]
impl Clock for Steady {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    async fn rest(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}

/// See the module.
pub(super) struct Meter {
    limit: u32,
    clock: Arc<dyn Clock>,
    spent: Mutex<VecDeque<(Duration, u32)>>,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// The sync, which can wait.
    Sync,
    /// A person's edit or message.
    Person,
}

impl Meter {
    pub(super) fn new(per_minute: u32, clock: Arc<dyn Clock>) -> Self {
        Self { limit: per_minute.max(LEFT), clock, spent: Mutex::default() }
    }

    /// Takes units, after a pause where the minute has not enough left.
    pub(super) async fn take(&self, units: u32, whom: For) {
        loop {
            let pause = self.try_take(units, whom);
            if pause.is_zero() {
                return;
            }
            self.clock.rest(pause).await;
        }
    }

    /// Of so many requests of one price those that the minute still has room for, where they are worth a round trip;
    /// else all of them, to be waited for. So the last units of a minute are not left lying.
    pub(super) fn fitting(&self, wanted: usize, price: u32, whom: For) -> usize {
        let now = self.clock.now();
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let room = self.limit(whom).saturating_sub(used(&mut spent, now)) / price.max(1);
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        if room < WORTH { wanted } else { wanted.min(room) }
    }

    fn limit(&self, whom: For) -> u32 {
        match whom {
            For::Sync => self.limit - self.limit / LEFT,
            For::Person => self.limit,
        }
    }

    /// Takes units, or says after how long some come free.
    fn try_take(&self, units: u32, whom: For) -> Duration {
        let limit = self.limit(whom);
        let now = self.clock.now();
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let used = used(&mut spent, now);
        let first = spent.front().map(|(at, _)| *at);
        match first {
            // A request dearer than the whole minute goes alone.
            Some(first) if used + units > limit => {
                (first + WINDOW).saturating_sub(now).max(Duration::from_millis(1))
            }
            _ => {
                spent.push_back((now, units));
                Duration::ZERO
            }
        }
    }

    /// The instant it is, by the clock that waits.
    pub(super) fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Waits before something is asked again.
    pub(super) async fn rest(&self, pause: Duration) {
        self.clock.rest(pause).await;
    }
}

/// Units of the minute that ends now; forgets those before it.
fn used(spent: &mut VecDeque<(Duration, u32)>, now: Duration) -> u32 {
    while spent.front().is_some_and(|(at, _)| now.saturating_sub(*at) >= WINDOW) {
        spent.pop_front();
    }
    spent.iter().map(|(_, units)| units).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[derive(Default)]
    struct Hands(AtomicU64);

    #[async_trait]
    impl Clock for Hands {
        fn now(&self) -> Duration {
            Duration::from_millis(self.0.load(Ordering::Relaxed))
        }

        async fn rest(&self, pause: Duration) {
            let ms = u64::try_from(pause.as_millis()).expect("a pause");
            self.0.fetch_add(ms, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn no_minute_is_asked_for_more_than_it_has() {
        let hands = Arc::new(Hands::default());
        let meter = Meter::new(1_000, Arc::clone(&hands) as Arc<dyn Clock>);
        let mut asked: Vec<(Duration, u32)> = Vec::new();
        for round in 0..400_u32 {
            let units = 5 + round % 40;
            meter.take(units, For::Sync).await;
            asked.push((hands.now(), units));
            hands.rest(Duration::from_millis(u64::from(round % 7) * 30)).await;
        }
        for (at, _) in &asked {
            let minute =
                asked.iter().filter(|(t, _)| t >= at && *t < *at + Duration::from_secs(60));
            let used: u32 = minute.map(|(_, units)| units).sum();
            assert!(used <= 900, "{used} units in the minute from {at:?}");
        }
        let whole: u32 = asked.iter().map(|(_, units)| units).sum();
        let idle = Duration::from_millis(400 * 90);
        let needed = Duration::from_secs(u64::from(whole / 900) * 65 + 62) + idle;
        assert!(hands.now() <= needed, "and no minute is wasted: {:?}", hands.now());
    }

    #[tokio::test]
    async fn a_person_does_not_wait_for_the_sync() {
        let hands = Arc::new(Hands::default());
        let meter = Meter::new(1_000, Arc::clone(&hands) as Arc<dyn Clock>);
        for _ in 0..90 {
            meter.take(10, For::Sync).await;
        }
        meter.take(100, For::Person).await;
        assert_eq!(hands.now(), Duration::ZERO, "a tenth of the minute is theirs");
        meter.take(5_000, For::Person).await;
        assert!(hands.now() > Duration::ZERO, "what is dearer than a minute goes alone, later");
    }

    #[tokio::test]
    async fn the_last_units_of_a_minute_are_not_left_lying() {
        let hands = Arc::new(Hands::default());
        let meter = Meter::new(6_000, Arc::clone(&hands) as Arc<dyn Clock>);
        // What the sync may spend in four minutes, in batches of which no whole number fills one.
        let mut left = 4 * 5_400 / price::GET;
        while left > 0 {
            let batch =
                meter.fitting(usize::try_from(left.min(50)).unwrap(), price::GET, For::Sync);
            let batch = u32::try_from(batch).unwrap();
            meter.take(batch * price::GET, For::Sync).await;
            left -= batch;
        }
        assert_eq!(hands.now(), 3 * WINDOW, "the fourth begins when three are over");
    }
}
