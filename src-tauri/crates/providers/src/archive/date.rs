//! Dates as mail and mbox write them, read leniently.

use deskbell_domain::Millis;
use deskbell_domain::time::{DAY, HOUR, MINUTE, SECOND};

/// 1980-01-01: an older date is a broken clock's.
const FIRST_CREDIBLE: Millis = 315_532_800_000;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads RFC 5322 (`Mon, 4 May 2026 10:00:00 +0200`) and asctime (`Mon May  4 10:00:00 2026`), the zone
/// anywhere or missing (then UTC). `None` where day, month, year or time is missing, or before 1980.
pub(super) fn parse(text: &str) -> Option<Millis> {
    let (mut day, mut month, mut year, mut time, mut zone) = (None, None, None, None, 0);
    for token in text.split([' ', '\t', ',', '\r', '\n']).filter(|token| !token.is_empty()) {
        if let Some(read) = clock(token) {
            time = time.or(Some(read));
        } else if let Some(read) = offset(token) {
            zone = read;
        } else if let Ok(number) = token.parse::<i64>() {
            if token.len() == 4 {
                year = year.or(Some(number));
            } else if day.is_none() && (1..=31).contains(&number) {
                day = Some(number);
            } else if year.is_none() && token.len() == 2 {
                // RFC 5322, section 4.3.
                year = Some(if number < 50 { 2000 + number } else { 1900 + number });
            }
        } else if month.is_none() {
            let start = token.get(..3).unwrap_or_default().to_ascii_lowercase();
            month = MONTHS.iter().position(|name| *name == start);
        }
    }
    let days = days_since_epoch(year?, i64::try_from(month?).ok()? + 1, day?);
    let instant = days * DAY + time? - zone;
    (instant >= FIRST_CREDIBLE).then_some(instant)
}

/// `10:00` or `10:00:30` within the day.
fn clock(token: &str) -> Option<Millis> {
    let mut parts = token.split(':');
    let hour: Millis = parts.next()?.parse().ok().filter(|hour| (0..24).contains(hour))?;
    let minute: Millis = parts.next()?.parse().ok().filter(|minute| (0..60).contains(minute))?;
    let second: Millis = match parts.next() {
        Some(second) => second.parse().ok().filter(|second| (0..=60).contains(second))?,
        None => 0,
    };
    Some(hour * HOUR + minute * MINUTE + second * SECOND)
}

/// `+0200` and the names RFC 5322 still allows.
fn offset(token: &str) -> Option<Millis> {
    let named = [
        ("EST", -5),
        ("EDT", -4),
        ("CST", -6),
        ("CDT", -5),
        ("MST", -7),
        ("MDT", -6),
        ("PST", -8),
        ("PDT", -7),
        ("CET", 1),
        ("CEST", 2),
        ("GMT", 0),
        ("UTC", 0),
    ];
    if let Some((_, hours)) = named.iter().find(|(name, _)| *name == token) {
        return Some(hours * HOUR);
    }
    let sign = match token.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = token.get(1..).filter(|digits| digits.len() == 4)?;
    let number: Millis = digits.parse().ok()?;
    Some(sign * (number / 100 * HOUR + number % 100 * MINUTE))
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant's days_from_civil).
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_spellings_of_mail_and_mbox() {
        for text in [
            "Thu, 28 May 2026 10:00:00 +0200",
            "28 May 26 08:00 GMT",
            "Thu May 28 08:00:00 2026",
            "Thu May 28 08:00:00 +0000 2026",
            "Thu, 28 May 2026 03:00:00 -0500 (CDT)",
        ] {
            assert_eq!(parse(text), Some(1_779_955_200_000), "{text}");
        }
        for text in ["", "Thu Jan  1 00:00:00 1970", "May 28 2026", "10:00 2026"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
