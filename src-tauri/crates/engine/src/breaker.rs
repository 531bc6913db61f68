//! Breakers: an operation that failed three times in a row rests for half a minute, then one probe decides.
//!
//! Pure state; the time is passed in. One breaker for each operation of an account, so that a provider that
//! refuses changes can still be read.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use deskbell_domain::Millis;
use deskbell_domain::time::SECOND;

/// Failures in a row that open a breaker.
const FAILURES: u32 = 3;
/// How long an open breaker rests.
const COOL_DOWN: Millis = 30 * SECOND;

/// An operation that rests after repeated failures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakerState {
    /// The operation: the provider's word, an underscore, and `pull`, `edit` or `send`.
    pub operation: String,
    /// Failures in a row.
    pub failures: u32,
    /// When it is tried again, ms UTC.
    pub retry_at: Millis,
}

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Breaker {
    failures: u32,
    /// While open: when the next probe may pass.
    retry_at: Option<Millis>,
}

impl Breaker {
    /// Lets an attempt pass, or says when to come back.
    ///
    /// Of an open breaker one probe passes each cool-down. A probe that never reports (its task was
    /// dropped) keeps nobody out for longer than that.
    pub(crate) fn pass(&mut self, now: Millis) -> Result<(), Millis> {
        match self.retry_at {
            // Further ahead than a cool-down it was set before the clock was set back.
            Some(at) if (now + 1..=now + COOL_DOWN).contains(&at) => Err(at),
            Some(_) => {
                self.retry_at = Some(now + COOL_DOWN);
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn failed(&mut self, now: Millis) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            self.retry_at = Some(now + COOL_DOWN);
        }
    }
}

/// What a breaker guards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// Reading.
    Pull,
    /// Writing back.
    Edit,
    /// Sending.
    Send,
}

impl Operation {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Edit => "edit",
            Self::Send => "send",
        }
    }
}

/// The breakers of one account.
#[derive(Debug, Default)]
pub(crate) struct Breakers(Mutex<BTreeMap<Operation, Breaker>>);

impl Breakers {
    fn with<T>(&self, operation: Operation, job: impl FnOnce(&mut Breaker) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        job(all.entry(operation).or_default())
    }

    pub(crate) fn pass(&self, operation: Operation, now: Millis) -> Result<(), Millis> {
        self.with(operation, |breaker| breaker.pass(now))
    }

    pub(crate) fn succeeded(&self, operation: Operation) {
        self.with(operation, Breaker::succeeded);
    }

    pub(crate) fn failed(&self, operation: Operation, now: Millis) {
        self.with(operation, |breaker| breaker.failed(now));
    }

    /// Those that rest, for Health.
    pub(crate) fn resting(&self, provider: &str) -> Vec<BreakerState> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .filter_map(|(operation, breaker)| {
                Some(BreakerState {
                    operation: format!("{provider}_{}", operation.as_str()),
                    failures: breaker.failures,
                    retry_at: breaker.retry_at?,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_does_not_keep_it_open() {
        let mut breaker = Breaker::default();
        let later = 1_000 * COOL_DOWN;
        for _ in 0..FAILURES {
            breaker.failed(later);
        }
        assert_eq!(breaker.pass(later), Err(later + COOL_DOWN));
        assert_eq!(breaker.pass(5), Ok(()), "a cool-down is half a minute by any clock");
    }

    #[test]
    fn three_failures_open_it_and_one_probe_closes_it() {
        let mut breaker = Breaker::default();
        for now in [0, 1, 2] {
            assert_eq!(breaker.pass(now), Ok(()), "closed before the third failure");
            breaker.failed(now);
        }
        assert_eq!(breaker.pass(3), Err(2 + COOL_DOWN), "open after three failures");
        let later = 2 + COOL_DOWN;
        assert_eq!(breaker.pass(later), Ok(()), "one probe passes after the cool-down");
        assert_eq!(breaker.pass(later), Err(later + COOL_DOWN), "and only one");
        breaker.succeeded();
        assert_eq!(breaker.pass(later), Ok(()), "a probe that succeeds closes it");
    }

    #[test]
    fn a_failed_probe_opens_it_again_and_a_success_forgets_failures() {
        let mut breaker = Breaker::default();
        breaker.failed(0);
        breaker.failed(0);
        breaker.succeeded();
        breaker.failed(0);
        assert_eq!(breaker.pass(1), Ok(()), "failures count only in a row");
        breaker.failed(1);
        breaker.failed(2);
        let probe = 2 + COOL_DOWN;
        assert_eq!(breaker.pass(probe), Ok(()));
        breaker.failed(probe);
        assert_eq!(breaker.pass(probe + 1), Err(probe + COOL_DOWN), "a failed probe rests again");
    }

    #[test]
    fn operations_break_apart_from_each_other() {
        let breakers = Breakers::default();
        for _ in 0..3 {
            breakers.failed(Operation::Edit, 10);
        }
        assert_eq!(breakers.pass(Operation::Pull, 11), Ok(()), "reading goes on");
        let resting = breakers.resting("post");
        assert_eq!(resting.len(), 1);
        assert_eq!(resting[0].operation, "post_edit");
        assert_eq!(resting[0].retry_at, 10 + COOL_DOWN);
    }
}
