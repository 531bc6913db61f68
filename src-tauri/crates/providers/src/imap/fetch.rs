//! One FETCH answer as plain values.
//!
//! Invariant: nothing in an answer is trusted to be there; what is missing is `None`.

use async_imap::imap_proto::{AttributeValue, MessageSection, Response, SectionPath};
use bytes::Bytes;
use deskbell_domain::message::Flags;
use deskbell_domain::{Millis, label};

/// What one FETCH answer told.
#[derive(Debug, Default)]
pub(crate) struct Fetched {
    pub(crate) uid: Option<u32>,
    pub(crate) flags: Option<Flags>,
    pub(crate) internal_date: Option<Millis>,
    pub(crate) size: Option<u32>,
    pub(crate) full: Option<Bytes>,
    pub(crate) header: Option<Bytes>,
    /// Gmail's name for the message.
    pub(crate) name: Option<u64>,
    /// Gmail's name for the thread.
    pub(crate) thread: Option<u64>,
}

impl Fetched {
    /// Reads an answer, if it is a FETCH.
    pub(crate) fn read(response: &Response<'_>) -> Option<Self> {
        let Response::Fetch(_, attributes) = response else { return None };
        let mut fetched = Self::default();
        for attribute in attributes {
            match attribute {
                AttributeValue::Uid(uid) if *uid > 0 => fetched.uid = Some(*uid),
                AttributeValue::Flags(words) => {
                    fetched.flags = Some(flags(words.iter().map(AsRef::as_ref)))
                }
                AttributeValue::InternalDate(date) => fetched.internal_date = parse_date(date),
                AttributeValue::Rfc822Size(size) => fetched.size = Some(*size),
                AttributeValue::GmailMsgId(name) => fetched.name = Some(*name),
                AttributeValue::GmailThrId(thread) => fetched.thread = Some(*thread),
                AttributeValue::BodySection { section, data: Some(data), .. } => match section {
                    None => fetched.full = Some(Bytes::copy_from_slice(data)),
                    Some(SectionPath::Full(MessageSection::Header)) => {
                        fetched.header = Some(Bytes::copy_from_slice(data));
                    }
                    Some(_) => {}
                },
                AttributeValue::Rfc822(Some(data)) => {
                    fetched.full = Some(Bytes::copy_from_slice(data))
                }
                AttributeValue::Rfc822Header(Some(data)) => {
                    fetched.header = Some(Bytes::copy_from_slice(data));
                }
                _ => {}
            }
        }
        Some(fetched)
    }
}

/// The flags of a FETCH answer that tells nothing else, as servers send them unasked.
pub(crate) fn unasked_flags(response: &Response<'_>) -> Option<(u32, Flags)> {
    let Response::Fetch(_, attributes) = response else { return None };
    let mut told = (None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(uid) if *uid > 0 => told.0 = Some(*uid),
            AttributeValue::Flags(words) => told.1 = Some(flags(words.iter().map(AsRef::as_ref))),
            AttributeValue::ModSeq(_) => {}
            _ => return None,
        }
    }
    told.0.zip(told.1)
}

/// The keywords a FETCH answer tells beside the flags, a system's own left out; `None` where it tells no flags.
pub(crate) fn keywords(response: &Response<'_>) -> Option<(u32, Vec<String>)> {
    let Response::Fetch(_, attributes) = response else { return None };
    let mut told = (None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(uid) if *uid > 0 => told.0 = Some(*uid),
            AttributeValue::Flags(words) => {
                let labels = words.iter().filter(|word| label::is_label(word));
                told.1 = Some(labels.map(|word| word.to_string()).collect());
            }
            _ => {}
        }
    }
    told.0.zip(told.1)
}

/// The flags we keep, from the words IMAP uses.
pub(crate) fn flags<'a>(words: impl Iterator<Item = &'a str>) -> Flags {
    let mut flags = Flags::default();
    for word in words {
        match word.to_ascii_lowercase().as_str() {
            "\\seen" => flags.seen = true,
            "\\flagged" => flags.starred = true,
            "\\answered" => flags.answered = true,
            "\\draft" => flags.draft = true,
            "\\deleted" => flags.deleted = true,
            _ => {}
        }
    }
    flags
}

/// An IMAP date-time (`17-Jul-1996 02:44:25 -0700`, RFC 3501 section 9).
pub(crate) fn parse_date(text: &str) -> Option<Millis> {
    let mut words = text.split_whitespace();
    let mut date = words.next()?.split('-');
    let day: i64 = date.next()?.parse().ok()?;
    let month = month_number(date.next()?)?;
    let year: i64 = date.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':');
    let hours: i64 = clock.next()?.parse().ok()?;
    let minutes: i64 = clock.next()?.parse().ok()?;
    let seconds: i64 = clock.next()?.parse().ok()?;
    let zone: i64 = words.next().unwrap_or("+0000").parse().ok()?;
    let sound = (1..=31).contains(&day)
        && (0..=9999).contains(&year)
        && (0..=23).contains(&hours)
        && (0..=59).contains(&minutes)
        && (0..=60).contains(&seconds)
        && (-2400..=2400).contains(&zone);
    if !sound {
        return None;
    }
    let offset = (zone / 100) * 60 + zone % 100;
    let of_day = hours * 3600 + minutes * 60 + seconds - offset * 60;
    Some((days_from_civil(year, month, day) * 86_400 + of_day) * 1_000)
}

fn month_number(name: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = name.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| *month == name)?;
    i64::try_from(at + 1).ok()
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar; years are counted from March so that the
/// leap day is the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
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
    fn dates_are_read_with_their_zone() {
        for (text, millis) in [
            ("01-Jan-1970 00:00:00 +0000", 0),
            (" 1-Jan-1970 01:30:00 +0130", 0),
            ("17-Jul-1996 02:44:25 -0700", 837_596_665_000),
            ("29-Feb-2024 23:59:59 +0000", 1_709_251_199_000),
            ("31-Dec-1969 23:59:59 +0000", -1_000),
        ] {
            assert_eq!(parse_date(text), Some(millis), "{text}");
        }
        for text in
            ["", "NIL", "17-Xyz-1996 02:44:25 -0700", "99-Jan-2020 00:00:00 +0000", "1-Jan-2020"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn an_answer_without_uid_or_with_nil_everywhere_is_read_without_guessing() {
        let line = b"* 3 FETCH (FLAGS (\\Seen \\flagged \\DELETED $Junk) BODY[] NIL BODY[HEADER] NIL MODSEQ (9))\r\n";
        let (_, response) = Response::parse(line).expect("parses");
        let fetched = Fetched::read(&response).expect("is a FETCH");
        assert_eq!(fetched.uid, None);
        assert!(fetched.full.is_none() && fetched.header.is_none());
        let flags = fetched.flags.expect("flags were told");
        assert!(flags.seen && flags.starred && flags.deleted && !flags.answered, "{flags:?}");
    }
}
