//! Moving the sample's dates to the present, each by the same number of whole days.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, fmt::rfc2822};

use deskbell_domain::Millis;

/// The day the shipped dates are written around.
const ANCHOR: Date = date(2026, 11, 20);

/// How many days the dates are moved so that the newest day is today.
pub(super) fn days(now: Millis) -> Result<i32, jiff::Error> {
    let today = Timestamp::from_millisecond(now)?.to_zoned(TimeZone::system()).date();
    Ok(ANCHOR.until(today)?.get_days())
}

/// When a `Date` field says it was, ms UTC.
pub(super) fn instant(value: &str) -> Option<Millis> {
    Some(rfc2822::parse(value).ok()?.timestamp().as_millisecond())
}

/// Moves every date of an mbox by whole days.
pub(super) fn shift(mbox: &[u8], days: i32) -> Vec<u8> {
    let mut shifted = Vec::with_capacity(mbox.len());
    let mut in_event = false;
    for line in mbox.split_inclusive(|byte| *byte == b'\n') {
        let Ok(text) = std::str::from_utf8(line) else {
            shifted.extend_from_slice(line);
            continue;
        };
        let bare = text.trim_end_matches(['\r', '\n']);
        match bare {
            "BEGIN:VEVENT" => in_event = true,
            "END:VEVENT" => in_event = false,
            _ => {}
        }
        let moved = if let Some(value) = bare.strip_prefix("Date: ") {
            shift_header(value, days).map(|value| format!("Date: {value}"))
        } else if in_event
            && (bare.starts_with("DTSTART")
                || bare.starts_with("DTEND")
                || bare.starts_with("DTSTAMP"))
        {
            shift_event(bare, days)
        } else if bare.starts_with("From ") {
            shift_separator(bare, days)
        } else {
            None
        };
        match moved {
            Some(moved) => {
                shifted.extend_from_slice(moved.as_bytes());
                shifted.extend_from_slice(text.get(bare.len()..).unwrap_or("\n").as_bytes());
            }
            None => shifted.extend_from_slice(line),
        }
    }
    shifted
}

fn shift_header(value: &str, days: i32) -> Option<String> {
    let at = rfc2822::parse(value).ok()?;
    rfc2822::to_string(&at.checked_add(days.days()).ok()?).ok()
}

/// `DTSTART;TZID=Europe/Berlin:20261124T140000`, with the time and zone kept.
fn shift_event(line: &str, days: i32) -> Option<String> {
    let (name, value) = line.rsplit_once(':')?;
    let (day, rest) = value.split_at_checked(8)?;
    let day = Date::strptime("%Y%m%d", day).ok()?.checked_add(days.days()).ok()?;
    Some(format!("{name}:{}{rest}", day.strftime("%Y%m%d")))
}

/// `From sender Fri Nov 20 08:00:00 2026`.
fn shift_separator(line: &str, days: i32) -> Option<String> {
    let (sender, at) = line.strip_prefix("From ")?.split_once(' ')?;
    let at = jiff::civil::DateTime::strptime("%a %b %e %H:%M:%S %Y", at.trim()).ok()?;
    let at = at.checked_add(days.days()).ok()?;
    Some(format!("From {sender} {}", at.strftime("%a %b %e %H:%M:%S %Y")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_date_moves_and_time_zones_stay() {
        let mbox = "From a@b.example Fri Nov 20 08:05:00 2026\nDate: Fri, 20 Nov 2026 09:05:00 +0100\n\nBEGIN:VTIMEZONE\nDTSTART:19700329T020000\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20261124T140000\nEND:VEVENT\n";
        let moved = String::from_utf8(shift(mbox.as_bytes(), 12)).expect("text stays text");
        assert!(moved.contains("From a@b.example Wed Dec  2 08:05:00 2026"), "{moved}");
        assert!(moved.contains("Date: Wed, 2 Dec 2026 09:05:00 +0100"), "{moved}");
        assert!(
            moved.contains("DTSTART:19700329T020000"),
            "a zone's rule is no date of ours: {moved}"
        );
        assert!(moved.contains("DTSTART;TZID=Europe/Berlin:20261206T140000"), "{moved}");
    }

    #[test]
    fn the_shipped_mailbox_has_a_date_on_every_message() {
        let text = String::from_utf8_lossy(super::super::MAILBOX);
        let separators = text.lines().filter(|line| line.starts_with("From ")).count();
        let moved = shift(super::super::MAILBOX, 1);
        let moved = String::from_utf8_lossy(&moved);
        let same =
            text.lines().zip(moved.lines()).filter(|(a, b)| a.starts_with("From ") && a == b);
        assert!(separators > 100, "a living desk has many messages, not {separators}");
        assert_eq!(same.count(), 0, "every separator moves");
    }
}
