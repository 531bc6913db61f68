//! When an account is looked at unasked: a cron expression a person can change.

use std::str::FromStr;

use croner::Cron;
use deskbell_domain::Millis;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Every quarter of an hour.
pub const DEFAULT_SCHEDULE: &str = "*/15 * * * *";

/// A cron expression that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "the schedule \"{expression}\" is no cron expression: {reason}; write five fields such as \"*/15 * * * *\""
)]
pub struct ScheduleError {
    expression: String,
    reason: String,
}

/// A parsed schedule.
#[derive(Clone, Debug)]
pub struct Schedule(Cron);

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(expression: &str) -> Result<Self, ScheduleError> {
        Cron::from_str(expression).map(Self).map_err(|error| ScheduleError {
            expression: expression.to_owned(),
            reason: error.to_string(),
        })
    }
}

impl Schedule {
    /// The first time after `after`, counted in the wall clock of `zone`; `None` if there is none.
    pub fn next(&self, after: Millis, zone: &TimeZone) -> Option<Millis> {
        let from = Timestamp::from_millisecond(after).ok()?.to_zoned(zone.clone());
        let next = self.0.find_next_occurrence(&from, false).ok()?;
        Some(next.timestamp().as_millisecond())
    }
}

/// The next time of a stored expression; one that cannot be read counts as the default, so that an account
/// never goes without.
pub(crate) fn next(expression: &str, after: Millis) -> Option<Millis> {
    let zone = TimeZone::system();
    expression
        .parse::<Schedule>()
        .or_else(|error| {
            tracing::warn!(%error, "using the default schedule instead");
            DEFAULT_SCHEDULE.parse::<Schedule>()
        })
        .ok()?
        .next(after, &zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_domain::time::{HOUR, MINUTE};

    /// 2026-11-20T08:07:00Z.
    const MORNING: Millis = 1_795_162_020_000;

    #[test]
    fn the_default_comes_at_the_next_quarter() {
        let schedule: Schedule = DEFAULT_SCHEDULE.parse().expect("the default is valid");
        let next = schedule.next(MORNING, &TimeZone::UTC);
        assert_eq!(next, Some(MORNING + 8 * MINUTE), "08:07 is followed by 08:15");
        let after = schedule.next(MORNING + 8 * MINUTE, &TimeZone::UTC);
        assert_eq!(after, Some(MORNING + 23 * MINUTE), "a time is never its own successor");
    }

    #[test]
    fn a_daily_time_is_meant_on_the_wall_clock() {
        let schedule: Schedule = "0 9 * * *".parse().expect("valid");
        let berlin = TimeZone::get("Europe/Berlin").expect("the zone database is bundled");
        let next = schedule.next(MORNING, &berlin);
        // 08:07 UTC is 09:07 in Berlin, so the next nine o'clock is tomorrow's.
        assert_eq!(next, Some(MORNING - 7 * MINUTE + 24 * HOUR));
    }

    #[test]
    fn nonsense_is_refused_with_the_remedy_and_never_stops_an_account() {
        let error = "whenever".parse::<Schedule>().expect_err("no cron expression");
        assert!(error.to_string().contains("*/15 * * * *"), "the remedy is named: {error}");
        assert!(next("whenever", MORNING).is_some(), "the default takes its place");
    }
}
