//! Makes distinct messages out of few: ids, references and dates are rewritten, all else stays as sent.

use std::collections::HashSet;
use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::dovecot::Filed;

/// 2016-11-15T12:00:00Z to 2026-11-15T12:00:00Z, seconds since 1970.
const SPREAD: (i64, i64) = (1_479_211_200, 1_794_744_000);

/// The corpus was collected in 2002; a date outside is a sender's broken clock.
const COLLECTED: (i64, i64) = (1_009_843_200, 1_041_379_200);

/// The messages of [`super::Corpus::multiply`], made one at a time.
#[derive(Debug)]
pub struct Copies<'a> {
    originals: &'a [Vec<u8>],
    /// Originals whose own Message-ID is missing, malformed, or taken by an earlier original.
    nameless: HashSet<usize>,
    rounds: usize,
    next: usize,
    count: usize,
}

impl<'a> Copies<'a> {
    pub(super) fn new(originals: &'a [Vec<u8>], count: usize) -> Self {
        let mut seen = HashSet::new();
        let nameless = originals.iter().enumerate().filter_map(|(index, raw)| {
            let own = fields(raw)
                .find(|field| field.is("message-id"))
                .and_then(|field| first_id(field.bytes));
            (!own.is_some_and(|id| seen.insert(id))).then_some(index)
        });
        let nameless = nameless.collect();
        Self { originals, nameless, rounds: count.div_ceil(originals.len().max(1)), next: 0, count }
    }
}

impl Iterator for Copies<'_> {
    type Item = Filed<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.count {
            return None;
        }
        let position = self.next;
        self.next += 1;
        let round = position.checked_div(self.originals.len())?;
        let index = position.checked_rem(self.originals.len())?;
        let original = self.originals.get(index)?;
        let share = index as f64 / self.originals.len() as f64;
        let date = spread_date(original, share, round, self.rounds);
        let synthetic =
            self.nameless.contains(&index).then(|| format!("<{index}.{round}@testbed.example>"));
        let raw = rewrite(original, round, synthetic.as_deref(), date);
        let seconds = u64::try_from(date).unwrap_or_default();
        let received = Some(UNIX_EPOCH + Duration::from_secs(seconds));
        Some(Filed { raw, flags: if position % 5 == 4 { "" } else { "S" }, received })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.count.saturating_sub(self.next);
        (left, Some(left))
    }
}

/// One header field with its folded lines and its line end.
struct Field<'a> {
    bytes: &'a [u8],
}

impl Field<'_> {
    fn is(&self, name: &str) -> bool {
        let colon = self.bytes.iter().position(|byte| *byte == b':').unwrap_or_default();
        self.bytes.get(..colon).is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()))
    }
}

/// The header fields; the last item's end is the end of the header block.
fn fields(raw: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        if rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r\n") {
            return None;
        }
        let folds = |at: usize| matches!(rest.get(at), Some(b' ' | b'\t'));
        let ends = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let end = ends.map(|(at, _)| at + 1).find(|after| !folds(*after)).unwrap_or(rest.len());
        let (bytes, after) = rest.split_at(end);
        rest = after;
        Some(Field { bytes })
    })
}

/// The first `<id>`, unless it is one that readers disagree on.
fn first_id(field: &[u8]) -> Option<&[u8]> {
    let start = field.iter().position(|byte| *byte == b'<')?;
    let length = field.get(start..)?.iter().position(|byte| *byte == b'>')?;
    let id = field.get(start..=start + length)?;
    let plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'"');
    id.get(1..)?.iter().all(plain).then_some(id)
}

/// The original's place within 2002, scaled into its round's share of the ten years.
fn spread_date(raw: &[u8], share: f64, round: usize, rounds: usize) -> i64 {
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let sent = fields(raw)
        .find(|field| field.is("date"))
        .and_then(|field| std::str::from_utf8(field.bytes.get(5..)?).ok())
        .and_then(|text| parser.parse_timestamp(text.trim()).ok())
        .map(Timestamp::as_second)
        .filter(|sent| (COLLECTED.0..COLLECTED.1).contains(sent));
    let share =
        sent.map_or(share, |sent| (sent - COLLECTED.0) as f64 / (COLLECTED.1 - COLLECTED.0) as f64);
    let length = (SPREAD.1 - SPREAD.0) as f64 / rounds.max(1) as f64;
    SPREAD.0 + ((round as f64 + share) * length) as i64
}

fn rewrite(raw: &[u8], round: usize, synthetic: Option<&str>, date: i64) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 128);
    if let Some(id) = synthetic {
        out.extend_from_slice(format!("Message-ID: {id}\n").as_bytes());
    }
    if let Ok(date) = Timestamp::from_second(date)
        && let Ok(date) = rfc2822::to_string(&date.to_zoned(jiff::tz::TimeZone::UTC))
    {
        out.extend_from_slice(format!("Date: {date}\n").as_bytes());
    }
    let mut header = 0;
    for field in fields(raw) {
        header += field.bytes.len();
        let own = field.is("message-id");
        if field.is("date") || (own && synthetic.is_some()) {
            continue;
        }
        if own || field.is("references") || field.is("in-reply-to") {
            out.extend(renamed(field.bytes, round));
        } else {
            out.extend_from_slice(field.bytes);
        }
    }
    out.extend_from_slice(raw.get(header..).unwrap_or_default());
    out
}

/// Puts the round into every `<id@host>`: `<id.r3@host>`.
fn renamed(field: &[u8], round: usize) -> Vec<u8> {
    let mark = format!(".r{round}");
    let mut out = Vec::with_capacity(field.len() + 16);
    let mut marked = true;
    for byte in field {
        match byte {
            b'<' => marked = false,
            b'@' | b'>' if !marked => {
                out.extend_from_slice(mark.as_bytes());
                marked = true;
            }
            _ => {}
        }
        out.push(*byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn originals() -> Vec<Vec<u8>> {
        [
            "Message-ID: <a@x>\nDate: Thu, 22 Aug 2002 18:26:25 +0700\nSubject: s\n\nMessage-ID: <a@x>\n",
            "message-id:\n <b@x>\nReferences: <z@x>\n <a@x>\nIn-Reply-To: Your mail <a@x>\n\nreply\n",
            "Message-ID: <a@x>\nSubject: a copy with the same id\n\n",
            "Message-ID: <1.\"Sale\"<s@x>>\nSubject: one id or another\n\nbody\n",
        ]
        .map(|text| text.as_bytes().to_owned())
        .to_vec()
    }

    fn texts(count: usize) -> Vec<String> {
        Copies::new(&originals(), count).map(|copy| String::from_utf8(copy.raw).unwrap()).collect()
    }

    #[test]
    fn every_copy_has_one_message_id_of_its_own() {
        let ids: Vec<String> = texts(12)
            .iter()
            .map(|text| {
                let head = text.split("\n\n").next().unwrap().to_lowercase();
                assert_eq!(head.matches("message-id:").count(), 1, "{head}");
                let field = head.split("message-id:").nth(1).unwrap();
                let id = field.split(['<', '>']).nth(1).unwrap();
                id.to_owned()
            })
            .collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 12, "{ids:?}");
    }

    #[test]
    fn a_reply_answers_the_parent_of_its_own_round() {
        let texts = texts(8);
        assert!(texts[4].contains("Message-ID: <a.r1@x>"), "{}", texts[4]);
        assert!(texts[5].contains("<z.r1@x>\n <a.r1@x>"), "{}", texts[5]);
        assert!(texts[5].contains("In-Reply-To: Your mail <a.r1@x>"), "{}", texts[5]);
        assert!(texts[4].ends_with("\n\nMessage-ID: <a@x>\n"), "the body changed: {}", texts[4]);
    }

    #[test]
    fn dates_lie_in_their_rounds_share_of_the_ten_years() {
        let copies: Vec<_> = Copies::new(&originals(), 8).collect();
        let middle = UNIX_EPOCH + Duration::from_secs(((SPREAD.0 + SPREAD.1) / 2) as u64);
        for (position, copy) in copies.iter().enumerate() {
            assert_eq!(copy.received.unwrap() >= middle, position >= 4, "copy {position}");
            let text = String::from_utf8_lossy(&copy.raw);
            assert_eq!(text.matches("Date: ").count(), 1, "{text}");
        }
    }
}
