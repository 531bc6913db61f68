//! How many messages an account may send in a minute.
//!
//! Pure; the time is passed in. A sliding window, so that no minute ever holds more than the provider takes.

use std::collections::VecDeque;

use deskbell_domain::Millis;
use deskbell_domain::time::MINUTE;

/// When messages were sent within the last minute.
#[derive(Debug, Default)]
pub(crate) struct Rate(VecDeque<Millis>);

impl Rate {
    /// Counts what left before, oldest first.
    pub(crate) fn after(departures: Vec<Millis>) -> Self {
        Self(departures.into())
    }

    /// Takes a place in this minute, or says when one will be free.
    pub(crate) fn take(&mut self, now: Millis, per_minute: u32) -> Result<(), Millis> {
        // A clock set back must not hold anything up for longer than a minute.
        self.0.retain(|at| (now - MINUTE..=now).contains(at) && now - at < MINUTE);
        let most = usize::try_from(per_minute.max(1)).unwrap_or(usize::MAX);
        let overdue = (self.0.len() + 1).checked_sub(most).filter(|over| *over > 0);
        match overdue.and_then(|over| self.0.get(over - 1)) {
            Some(earlier) => Err(earlier + MINUTE),
            None => {
                self.0.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_holds_more_than_it_may() {
        let mut rate = Rate::default();
        for now in [0, 10_000, 20_000] {
            assert_eq!(rate.take(now, 3), Ok(()));
        }
        assert_eq!(
            rate.take(30_000, 3),
            Err(60_000),
            "the first of the three must be a minute old"
        );
        assert_eq!(rate.take(60_000, 3), Ok(()));
        assert_eq!(rate.take(60_001, 3), Err(70_000));
        assert_eq!(rate.take(5_000, 3), Ok(()), "a clock set back holds nobody up");
    }

    #[test]
    fn what_left_before_has_its_places_and_what_a_wrong_clock_says_has_none() {
        let mut rate = Rate::after(vec![0, 30_000, 9_000_000]);
        assert_eq!(rate.take(40_000, 3), Ok(()), "the last one is not of this minute");
        assert_eq!(rate.take(40_000, 3), Err(60_000));
    }
}
