//! A day as people write it in a letter, by this machine's clock.

use deskbell_domain::Millis;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const GERMAN: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// The day of an instant in words: `21 November 2026`, in German `21. November 2026`. Empty for an instant outside of
/// all calendars.
pub fn day_in_words(at: Millis, german: bool) -> String {
    let zoned = Timestamp::from_millisecond(at).map(|at| at.to_zoned(TimeZone::system()));
    zoned.map(|zoned| spelt(zoned.date(), german)).unwrap_or_default()
}

fn spelt(day: Date, german: bool) -> String {
    if !german {
        return day.strftime("%-d %B %Y").to_string();
    }
    let month = usize::try_from(day.month() - 1).ok().and_then(|month| GERMAN.get(month));
    format!("{}. {} {}", day.day(), month.copied().unwrap_or_default(), day.year())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_is_written_as_people_write_it_and_not_as_machines_do() {
        let day = date(2026, 3, 1);
        assert_eq!(spelt(day, false), "1 March 2026");
        assert_eq!(spelt(day, true), "1. März 2026");
        // Noon, so that no zone moves the day.
        assert_eq!(day_in_words(1_795_176_000_000, true), "20. November 2026");
        assert_eq!(day_in_words(Millis::MAX, false), "", "no day at all");
    }
}
