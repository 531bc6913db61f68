//! A calendar part of a mail, read for a card: what, when, where, and who asks. Nothing is answered or stored.
//!
//! Invariant: a time is an instant only where its zone is known; otherwise it stays the wall clock it was written as.

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarEntry, ICalendarFrequency, ICalendarMethod,
    ICalendarParameterName, ICalendarProperty, ICalendarStatus, ICalendarValue,
};
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use deskbell_domain::text;

use crate::dto::{Invitation, Person, When};

/// Characters kept of each word of it.
const LONGEST: usize = 500;

/// Reads the first event of an iCalendar text (RFC 5545); `None` where there is none that says when it is.
pub(crate) fn invitation(source: &str) -> Option<Invitation> {
    let calendar = ICalendar::parse(source).ok()?;
    let zones = calendar.build_tz_resolver();
    let mut events = calendar
        .components
        .iter()
        .filter(|component| component.component_type.is_event())
        .filter(|component| !component.is_recurrence_override());
    let event = events.next()?;
    let method = calendar.components.iter().find_map(|component| {
        match component.property(&ICalendarProperty::Method)?.values.first()? {
            ICalendarValue::Method(method) => Some(method.clone()),
            _ => None,
        }
    });
    let zone_of = |entry: &ICalendarEntry| entry.tz_id().and_then(|id| zones.resolve(id));
    let started = event.property(&ICalendarProperty::Dtstart)?;
    let start = when(started, zone_of(started))?;
    let end = match event.property(&ICalendarProperty::Dtend) {
        Some(ended) => when(ended, zone_of(ended)).map(last),
        None => duration(event).and_then(|seconds| later(&start, seconds)).map(last),
    };
    let cancelled = matches!(method, Some(ICalendarMethod::Cancel))
        || matches!(event.status(), Some(ICalendarStatus::Cancelled));
    Some(Invitation {
        method: word(method.as_ref()).into(),
        cancelled,
        summary: words(event, &ICalendarProperty::Summary),
        location: words(event, &ICalendarProperty::Location),
        end: end.filter(|end| *end != start),
        start,
        zone: started.tz_id().map(|id| text::clip(&text::fold(id), LONGEST)),
        organiser: event.property(&ICalendarProperty::Organizer).and_then(organiser),
        repeats: repeats(event).map(Into::into),
        more: u32::try_from(events.count()).unwrap_or(u32::MAX),
    })
}

fn word(method: Option<&ICalendarMethod>) -> &'static str {
    match method {
        Some(ICalendarMethod::Request) => "request",
        Some(ICalendarMethod::Reply) => "reply",
        Some(ICalendarMethod::Cancel) => "cancel",
        Some(ICalendarMethod::Counter) => "counter",
        _ => "publish",
    }
}

/// A property's text on one line.
fn words(event: &ICalendarComponent, property: &ICalendarProperty) -> String {
    let value = event.property(property).and_then(|entry| entry.values.first());
    let words = value.and_then(ICalendarValue::as_text).unwrap_or_default();
    text::clip(&text::fold(words), LONGEST)
}

fn organiser(entry: &ICalendarEntry) -> Option<Person> {
    let address = text::clip(&text::fold(entry.calendar_address()?), LONGEST);
    let name = entry.parameter(&ICalendarParameterName::Cn).and_then(|name| name.as_text());
    let name = name.map(|name| text::clip(&text::fold(name), LONGEST));
    Some(Person { name: name.filter(|name| !name.is_empty()), address })
}

fn repeats(event: &ICalendarComponent) -> Option<&'static str> {
    let rule = event.property(&ICalendarProperty::Rrule)?.values.first()?;
    let ICalendarValue::RecurrenceRule(rule) = rule else { return None };
    // "Every second week" is not "weekly": what the card has no word for it calls by no wrong one.
    if rule.interval.is_some_and(|every| every > 1) {
        return Some("often");
    }
    Some(match rule.freq {
        ICalendarFrequency::Daily => "daily",
        ICalendarFrequency::Weekly => "weekly",
        ICalendarFrequency::Monthly => "monthly",
        ICalendarFrequency::Yearly => "yearly",
        _ => "often",
    })
}

fn duration(event: &ICalendarComponent) -> Option<i64> {
    match event.property(&ICalendarProperty::Duration)?.values.first()? {
        ICalendarValue::Duration(duration) => Some(duration.as_seconds()),
        _ => None,
    }
}

fn when(entry: &ICalendarEntry, zone: Option<Tz>) -> Option<When> {
    let value = entry.values.first()?.as_partial_date_time()?;
    let date = Date::new(
        i16::try_from(value.year?).ok()?,
        i8::try_from(value.month?).ok()?,
        i8::try_from(value.day?).ok()?,
    )
    .ok()?;
    let Some(hour) = value.hour else { return Some(When::Day { date: date.to_string() }) };
    let known = if value.tz_hour.is_some() { Some(Tz::UTC) } else { zone };
    if let Some(at) = known.and_then(|zone| instant(value, zone)) {
        return Some(When::Instant { at });
    }
    let time = format!("{hour:02}:{:02}", value.minute.unwrap_or(0));
    Some(When::Floating { clock: format!("{date}T{time}") })
}

/// The instant of a wall clock; in the hour that a change of the clocks skips or doubles, the one that goes on from before.
fn instant(value: &PartialDateTime, zone: Tz) -> Option<i64> {
    let at = |value: &PartialDateTime| Some(value.to_date_time_with_tz(zone)?.timestamp_millis());
    at(value).or_else(|| {
        let earlier = PartialDateTime { hour: value.hour?.checked_sub(1), ..value.clone() };
        Some(at(&earlier)? + 3_600_000)
    })
}

/// An end that is a day is the day after the last (RFC 5545 section 3.6.1).
fn last(end: When) -> When {
    match end {
        When::Day { date } => match moved(&date, -1.day()) {
            Some(date) => When::Day { date },
            None => When::Day { date },
        },
        other => other,
    }
}

fn later(start: &When, seconds: i64) -> Option<When> {
    Some(match start {
        When::Instant { at } => When::Instant { at: at.checked_add(seconds.checked_mul(1000)?)? },
        When::Day { date } => {
            When::Day { date: moved(date, Span::new().try_days(seconds / 86_400).ok()?)? }
        }
        When::Floating { clock } => {
            let clock: jiff::civil::DateTime = clock.parse().ok()?;
            let end = clock.checked_add(Span::new().try_seconds(seconds).ok()?).ok()?;
            When::Floating { clock: end.strftime("%Y-%m-%dT%H:%M").to_string() }
        }
    })
}

fn moved(date: &str, by: Span) -> Option<String> {
    Some(date.parse::<Date>().ok()?.checked_add(by).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(lines: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20261101T080000Z\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            lines.replace('\n', "\r\n")
        )
    }

    fn read(lines: &str) -> Invitation {
        invitation(&event(lines)).unwrap_or_else(|| panic!("no event in {lines}"))
    }

    #[test]
    fn an_invitation_says_what_when_where_and_who() {
        let card = read(
            "DTSTART;TZID=Europe/Berlin:20261124T180000\nDTEND;TZID=Europe/Berlin:20261124T200000\n\
             SUMMARY:Notfälle\\, Ohnmacht\nLOCATION:Kanalstraße 22\nORGANIZER;CN=Akademie:mailto:kurse@x.example",
        );
        assert_eq!(
            (card.summary.as_str(), card.location.as_str()),
            ("Notfälle, Ohnmacht", "Kanalstraße 22")
        );
        assert_eq!(card.start, When::Instant { at: 1_795_539_600_000 }, "17:00 UTC");
        assert_eq!(card.end, Some(When::Instant { at: 1_795_546_800_000 }));
        assert_eq!(card.organiser.map(|who| who.address).as_deref(), Some("kurse@x.example"));
        assert_eq!((card.method.as_str(), card.cancelled), ("request", false));
    }

    #[test]
    fn a_day_ends_on_its_last_day_and_a_length_is_as_good_as_an_end() {
        let days = read("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227");
        assert_eq!(days.end, Some(When::Day { date: "2026-12-26".into() }));
        let one = read("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261225");
        assert_eq!(one.end, None, "one day is no stretch");
        let length = read("DTSTART:20261224T090000Z\nDURATION:PT1H30M");
        let When::Instant { at } = length.start else { panic!("{:?}", length.start) };
        assert_eq!(length.end, Some(When::Instant { at: at + 5_400_000 }));
    }

    #[test]
    fn zones_of_windows_are_known_and_unknown_ones_are_not_guessed() {
        let windows = read("DTSTART;TZID=W. Europe Standard Time:20261124T180000");
        assert_eq!(windows.start, When::Instant { at: 1_795_539_600_000 });
        let unknown = read("DTSTART;TZID=Studio/Back Room:20261124T180000\nDURATION:PT1H");
        assert_eq!(unknown.start, When::Floating { clock: "2026-11-24T18:00".into() });
        assert_eq!(unknown.end, Some(When::Floating { clock: "2026-11-24T19:00".into() }));
        assert_eq!(unknown.zone.as_deref(), Some("Studio/Back Room"), "the zone is named instead");
        let doubled = read("DTSTART;TZID=Europe/Berlin:20261025T023000");
        assert_eq!(
            doubled.start,
            When::Instant { at: 1_792_888_200_000 },
            "00:30 UTC, before the clocks change"
        );
    }

    #[test]
    fn a_cancelled_series_is_told_from_a_new_one() {
        let series = read("DTSTART:20261124T170000Z\nRRULE:FREQ=WEEKLY");
        assert_eq!(series.repeats.as_deref(), Some("weekly"));
        let odd = read("DTSTART:20261124T170000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2");
        assert_eq!(odd.repeats.as_deref(), Some("often"), "every second week is not weekly");
        assert!(read("DTSTART:20261124T170000Z\nSTATUS:CANCELLED").cancelled);
    }

    #[test]
    fn nonsense_is_no_invitation() {
        for nonsense in [
            "",
            "BEGIN:VCALENDAR",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR",
            "\u{0}\u{0}",
        ] {
            assert_eq!(invitation(nonsense), None, "{nonsense:?}");
        }
        assert_eq!(invitation(&event("DTSTART:99999999T999999Z")), None);
    }
}
