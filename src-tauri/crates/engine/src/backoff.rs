//! How long to wait before trying again.
//!
//! Two ladders: retries inside a sync (1 s, 2 s, 4 s, with jitter so that many clients of one server do not
//! come back in step), and reconnects between syncs (5 s, 10 s, … 60 s). What a provider asks for wins.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

/// First and longest pause between reconnects.
const RECONNECT: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(60));
/// First pause between retries, and how many there are.
const RETRY: Duration = Duration::from_secs(1);
const RETRIES: usize = 3;
/// A provider that wants a longer pause than this ends the sync instead of holding it up.
pub(crate) const LONGEST_WAIT_INSIDE_A_SYNC: Duration = Duration::from_secs(30);

/// Pauses of retries inside one sync, until they are used up.
#[derive(Debug)]
pub(crate) struct Retries(ExponentialBackoff);

impl Retries {
    pub(crate) fn new() -> Self {
        let ladder = ExponentialBuilder::new().with_min_delay(RETRY).with_factor(2.0);
        Self(ladder.with_max_times(RETRIES).with_jitter().build())
    }

    /// The pause before the next retry; `None` when it is time to give up.
    pub(crate) fn next(&mut self) -> Option<Duration> {
        self.0.next()
    }
}

/// Pauses between attempts that go on for ever.
#[derive(Debug)]
pub(crate) struct Reconnects(ExponentialBackoff);

impl Reconnects {
    pub(crate) fn new() -> Self {
        let (first, longest) = RECONNECT;
        let ladder = ExponentialBuilder::new().with_min_delay(first).with_factor(2.0);
        Self(ladder.with_max_delay(longest).without_max_times().build())
    }

    /// The pause before the next attempt; what the provider `asked` for wins.
    pub(crate) fn next(&mut self, asked: Option<Duration>) -> Duration {
        let own = self.0.next().unwrap_or(RECONNECT.1);
        asked.unwrap_or(own)
    }

    /// Begins again at the shortest pause: something worked.
    pub(crate) fn reset(&mut self) {
        *self = Self::new();
    }
}

/// The pause before trying an edit again that has failed `attempts` times.
pub(crate) fn edit_pause(attempts: u32) -> Duration {
    let (first, longest) = RECONNECT;
    first.saturating_mul(1 << attempts.min(8)).min(longest)
}

/// First and longest pause before a message is sent again.
const SEND: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));

/// The pause before sending a message again that has failed `attempts` times: 1 s, 2 s, 4 s, … 5 min, with
/// jitter, so that what failed together does not come back together.
pub(crate) fn send_pause(attempts: u32) -> Duration {
    let (first, longest) = SEND;
    let ladder = ExponentialBuilder::new().with_min_delay(first).with_factor(2.0);
    let ladder = ladder.with_max_delay(longest).without_max_times().with_jitter();
    ladder.build().nth(usize::try_from(attempts).unwrap_or(12).min(12)).unwrap_or(longest)
}

/// First and longest pause before a message is offered again that its provider takes only later: greylisting lets
/// in who comes back after some minutes.
const LATER: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(30 * 60));

/// The pause before a message is offered again that was put off `attempts` times: 1, 2, 4, … 30 min.
pub(crate) fn later_pause(attempts: u32) -> Duration {
    let (first, longest) = LATER;
    first.saturating_mul(1 << attempts.min(8)).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reconnects_grow_to_a_minute_and_begin_again_after_a_success() {
        let mut pauses = Reconnects::new();
        let seconds: Vec<u64> = (0..6).map(|_| pauses.next(None).as_secs()).collect();
        assert_eq!(seconds, [5, 10, 20, 40, 60, 60], "5 s doubles up to a minute");
        pauses.reset();
        assert_eq!(pauses.next(None).as_secs(), 5, "a success forgets the ladder");
        assert_eq!(pauses.next(Some(Duration::from_secs(300))).as_secs(), 300, "Retry-After wins");
    }

    #[test]
    fn a_message_is_tried_again_after_a_second_and_at_last_every_five_minutes() {
        for (attempts, base) in [(0, 1), (1, 2), (2, 4), (20, 300), (u32::MAX, 300)] {
            let (pause, base) = (send_pause(attempts), Duration::from_secs(base));
            assert!(pause >= base && pause <= base + base, "{pause:?} is {base:?} with jitter");
        }
    }

    #[test]
    fn retries_are_three_and_jittered_upwards() {
        let mut retries = Retries::new();
        for base in [1_u64, 2, 4] {
            let pause = retries.next().expect("a retry is left");
            let base = Duration::from_secs(base);
            assert!(pause >= base && pause <= base + base, "{pause:?} is {base:?} with jitter");
        }
        assert_eq!(retries.next(), None, "then the sync gives up");
    }
}
