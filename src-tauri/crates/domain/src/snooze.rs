//! Putting a conversation off: until an instant, until somebody answers, or whichever comes first.
//!
//! Invariant: an instant chosen here lies in the future, on the person's own wall clock.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::Millis;
use crate::time::{DAY, MINUTE};

/// The furthest a conversation can be put off.
const FURTHEST: Millis = 10 * 366 * DAY;

/// A natural time to come back to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// In three hours, on the hour.
    LaterToday,
    /// Today at 18:00.
    ThisEvening,
    /// Tomorrow at 8:00.
    TomorrowMorning,
    /// Saturday at 9:00.
    ThisWeekend,
    /// Monday at 8:00.
    NextWeek,
}

impl Choice {
    /// Every choice, in the order a menu shows them.
    pub const EVERY: [Self; 5] = [
        Self::LaterToday,
        Self::ThisEvening,
        Self::TomorrowMorning,
        Self::ThisWeekend,
        Self::NextWeek,
    ];

    /// The word on the wire and behind `bell mark ID snoozed=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LaterToday => "later_today",
            Self::ThisEvening => "this_evening",
            Self::TomorrowMorning => "tomorrow_morning",
            Self::ThisWeekend => "this_weekend",
            Self::NextWeek => "next_week",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|choice| choice.as_str() == word)
    }

    /// The instant meant by it; `None` where it makes no sense now, as "this evening" at night.
    pub fn at(self, now: Millis, zone: &TimeZone) -> Option<Millis> {
        let now = Timestamp::from_millisecond(now).ok()?.to_zoned(zone.clone());
        let meant = match self {
            Self::LaterToday => {
                let later = now.checked_add(3.hours()).ok()?;
                let hour = later.with().minute(0).second(0).subsec_nanosecond(0).build().ok()?;
                (hour.date() == now.date() && hour.hour() < 21).then_some(hour)
            }
            Self::ThisEvening => (now.hour() < 17).then(|| on(&now, 0, 18)).flatten(),
            // In the small hours "tomorrow morning" is the one before which a person sleeps.
            Self::TomorrowMorning => on(&now, i64::from(now.hour() >= 4), 8),
            Self::ThisWeekend => {
                let days = days_to(&now, Weekday::Saturday);
                let working = !matches!(now.weekday(), Weekday::Saturday | Weekday::Sunday);
                working.then(|| on(&now, days, 9)).flatten()
            }
            Self::NextWeek => on(&now, days_to(&now, Weekday::Monday), 8),
        }?;
        Some(meant.timestamp().as_millisecond())
    }
}

/// Days until this weekday comes next; never today.
fn days_to(now: &Zoned, day: Weekday) -> i64 {
    match now.weekday().until(day) {
        0 => 7,
        days => i64::from(days),
    }
}

fn on(now: &Zoned, days: i64, hour: i8) -> Option<Zoned> {
    let date = now.date().checked_add(days.days()).ok()?;
    // A wall-clock time skipped by a change of the clocks is the first one after it.
    date.to_datetime(Time::new(hour, 0, 0, 0).ok()?).to_zoned(now.time_zone().clone()).ok()
}

/// Why a conversation cannot be put off so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnoozeProblem {
    /// It would come back at once.
    #[error("This time has passed; choose one in the future.")]
    Past,
    /// Further than ten years.
    #[error("This is more than ten years from now; choose an earlier time.")]
    TooFar,
}

/// Checks an instant a person chose. A minute of grace lets a slow hand through.
///
/// # Errors
/// What is wrong with it, for a person to read.
pub fn check(until: Millis, now: Millis) -> Result<(), SnoozeProblem> {
    if until < now - MINUTE {
        return Err(SnoozeProblem::Past);
    }
    if until > now.saturating_add(FURTHEST) { Err(SnoozeProblem::TooFar) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").expect("the zone database is bundled")
    }

    fn at(text: &str) -> Millis {
        let zoned: Zoned = text.parse().expect("a time");
        zoned.timestamp().as_millisecond()
    }

    #[test]
    fn choices_are_meant_on_the_wall_clock() {
        // A Friday.
        let now = at("2026-11-20T10:20[Europe/Berlin]");
        let meant = |choice: Choice| choice.at(now, &berlin());
        assert_eq!(meant(Choice::LaterToday), Some(at("2026-11-20T13:00[Europe/Berlin]")));
        assert_eq!(meant(Choice::ThisEvening), Some(at("2026-11-20T18:00[Europe/Berlin]")));
        assert_eq!(meant(Choice::TomorrowMorning), Some(at("2026-11-21T08:00[Europe/Berlin]")));
        assert_eq!(meant(Choice::ThisWeekend), Some(at("2026-11-21T09:00[Europe/Berlin]")));
        assert_eq!(meant(Choice::NextWeek), Some(at("2026-11-23T08:00[Europe/Berlin]")));
    }

    #[test]
    fn a_choice_that_has_passed_is_not_offered() {
        let night = at("2026-11-20T22:30[Europe/Berlin]");
        assert_eq!(Choice::LaterToday.at(night, &berlin()), None);
        assert_eq!(Choice::ThisEvening.at(night, &berlin()), None);
        let small_hours = at("2026-11-21T02:00[Europe/Berlin]");
        let morning = Choice::TomorrowMorning.at(small_hours, &berlin());
        assert_eq!(morning, Some(at("2026-11-21T08:00[Europe/Berlin]")), "before one sleeps");
        assert_eq!(Choice::ThisWeekend.at(small_hours, &berlin()), None, "it is the weekend");
    }

    #[test]
    fn next_week_on_a_monday_is_not_today_and_every_choice_lies_ahead() {
        let monday = at("2026-11-23T07:00[Europe/Berlin]");
        let next = Choice::NextWeek.at(monday, &berlin());
        assert_eq!(next, Some(at("2026-11-30T08:00[Europe/Berlin]")));
        for hour in 0..(24 * 14) {
            let now = monday + hour * 3_600_000;
            for choice in Choice::EVERY {
                let meant = choice.at(now, &berlin());
                assert!(meant.is_none_or(|at| at > now), "{choice:?} at hour {hour}");
            }
        }
    }

    #[test]
    fn the_night_the_clocks_change_has_its_morning() {
        let before = at("2026-03-28T23:00[Europe/Berlin]");
        let morning = Choice::TomorrowMorning.at(before, &berlin());
        assert_eq!(morning, Some(at("2026-03-29T08:00[Europe/Berlin]")), "eight, not nine");
    }

    #[test]
    fn a_time_that_has_passed_is_refused() {
        assert_eq!(check(0, DAY), Err(SnoozeProblem::Past));
        assert_eq!(check(DAY - 1_000, DAY), Ok(()), "a slow hand");
        assert_eq!(check(i64::MAX, DAY), Err(SnoozeProblem::TooFar));
    }
}
