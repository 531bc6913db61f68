//! What a message is known by: the fields of its header that end up in a row.
//!
//! Invariant: reading is done in one pass, and the first of repeated fields counts, recipients excepted:
//! broken programs write one To line for each of them.

use deskbell_domain::Millis;
use deskbell_domain::time::DAY;
use mail_parser::DateTime;

use super::header::{self, Field};
use super::media::Media;

/// Longest value of a single field that is decoded.
const MAX_VALUE: usize = 256 * 1024;
/// 1980-01-01: no mail is older, but many broken clocks are.
const FIRST_CREDIBLE: Millis = 315_532_800_000;

/// The fields of interest, raw.
#[derive(Debug, Default)]
pub(super) struct Head<'a> {
    pub subject: Option<&'a [u8]>,
    pub from: Option<&'a [u8]>,
    pub sender: Option<&'a [u8]>,
    pub return_path: Option<&'a [u8]>,
    pub reply_to: Option<&'a [u8]>,
    pub to: Vec<&'a [u8]>,
    pub cc: Vec<&'a [u8]>,
    pub bcc: Vec<&'a [u8]>,
    pub date: Option<&'a [u8]>,
    pub message_id: Option<&'a [u8]>,
    pub in_reply_to: Option<&'a [u8]>,
    pub references: Option<&'a [u8]>,
    pub content_type: Option<&'a [u8]>,
    /// Sent by a list or a machine.
    pub bulk: bool,
    /// Whether there was any field at all.
    pub any: bool,
}

impl<'a> Head<'a> {
    pub(super) fn read(block: &'a [u8]) -> Self {
        let mut head = Self::default();
        for field in header::fields(block) {
            head.any = true;
            head.take(field);
        }
        head
    }

    fn take(&mut self, field: Field<'a>) {
        let value = field.value.get(..MAX_VALUE).unwrap_or(field.value);
        let mut name = [0_u8; 20];
        let Some(lower) = name.get_mut(..field.name.len()) else { return };
        lower.copy_from_slice(field.name);
        lower.make_ascii_lowercase();
        let slot = match &*lower {
            b"subject" => &mut self.subject,
            b"from" => &mut self.from,
            b"sender" => &mut self.sender,
            b"return-path" => &mut self.return_path,
            b"reply-to" => &mut self.reply_to,
            b"date" => &mut self.date,
            b"message-id" => &mut self.message_id,
            b"in-reply-to" => &mut self.in_reply_to,
            b"references" => &mut self.references,
            b"content-type" => &mut self.content_type,
            b"to" => return self.to.push(value),
            b"cc" => return self.cc.push(value),
            b"bcc" => return self.bcc.push(value),
            b"list-id" | b"list-unsubscribe" => {
                self.bulk = true;
                return;
            }
            b"precedence" => {
                let word = value.trim_ascii();
                let words: [&[u8]; 3] = [b"bulk", b"list", b"junk"];
                self.bulk |= words.iter().any(|bulk| word.eq_ignore_ascii_case(bulk));
                return;
            }
            b"auto-submitted" => {
                // RFC 3834, section 5: parameters may follow the keyword.
                let word = value.split(|byte| *byte == b';').next().unwrap_or_default();
                self.bulk |= !word.trim_ascii().eq_ignore_ascii_case(b"no");
                return;
            }
            _ => return,
        };
        if slot.is_none() {
            *slot = Some(value);
        }
    }

    /// The charset the body claims, which explains raw 8-bit headers.
    pub(super) fn charset(&self) -> Option<String> {
        Media::parse(self.content_type?).parameter("charset").map(str::to_owned)
    }

    /// The Message-ID without brackets.
    pub(super) fn message_id(&self) -> Option<String> {
        ids(self.message_id?).into_iter().next()
    }

    /// The ids this message refers to, oldest first, its parent last.
    pub(super) fn references(&self) -> Vec<String> {
        let mut all = self.references.map(ids).unwrap_or_default();
        all.extend(self.in_reply_to.map(ids).unwrap_or_default());
        all
    }

    /// When the message says it was written; `internal_date` where that is missing or absurd.
    pub(super) fn date(&self, internal_date: Millis) -> Millis {
        self.date
            .and_then(parse_date)
            .filter(|date| *date >= FIRST_CREDIBLE)
            .filter(|date| *date <= internal_date.saturating_add(2 * DAY))
            .unwrap_or(internal_date)
    }
}

/// Reads a Date header; `None` where it is no date.
pub(super) fn parse_date(value: &[u8]) -> Option<Millis> {
    let value = value.get(..200).unwrap_or(value);
    let mut line = String::from_utf8_lossy(value).into_owned();
    let rfc3339 = DateTime::parse_rfc3339(line.trim());
    line.push('\n');
    DateTime::parse_rfc822(&line)
        .filter(DateTime::is_valid)
        .or(rfc3339.filter(DateTime::is_valid))
        .map(|date| date.to_timestamp().saturating_mul(1_000))
}

/// The message ids of a value: what stands in brackets, or a lone word where nothing does.
///
/// `In-Reply-To: Your message of Friday <a@b>` counts once, `mara@x.example's message` not at all:
/// an address taken for an id would put all of a client's mail into one conversation.
fn ids(value: &[u8]) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = value;
    while let Some(open) = rest.iter().position(|byte| *byte == b'<') {
        let inside = rest.get(open + 1..).unwrap_or_default();
        let end = inside.iter().position(|byte| matches!(byte, b'<' | b'>'));
        let (id, after) = inside.split_at(end.unwrap_or(inside.len()));
        push_id(&mut ids, id);
        rest = after.strip_prefix(b">").unwrap_or(after);
    }
    if ids.is_empty() {
        let bare = value.trim_ascii();
        if bare.contains(&b'@') && !bare.iter().any(u8::is_ascii_whitespace) {
            push_id(&mut ids, bare);
        }
    }
    ids
}

fn push_id(ids: &mut Vec<String>, id: &[u8]) {
    let tidy: Vec<u8> = id.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let text = String::from_utf8_lossy(&tidy);
    let text = text.trim_matches(|c: char| c.is_control() || matches!(c, '<' | '>'));
    if !text.is_empty() && ids.len() < 10_000 {
        ids.push(text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_what_stands_in_brackets() {
        assert_eq!(ids(b"<a@x> <b@\r\n x><c@x"), ["a@x", "b@x", "c@x"]);
        assert_eq!(ids(b"Your message of Friday <a@x>"), ["a@x"]);
        assert_eq!(ids(b"mara@x.example's message of Friday"), Vec::<String>::new());
        assert_eq!(ids(b"abc@x.example"), ["abc@x.example"]);
        assert_eq!(ids(b"<>"), Vec::<String>::new());
    }

    #[test]
    fn absurd_dates_give_way_to_the_day_of_arrival() {
        let arrival = 1_780_000_000_000;
        let date =
            |value: &'static [u8]| Head { date: Some(value), ..Head::default() }.date(arrival);
        assert_eq!(date(b"Thu, 28 May 2026 10:00:00 +0200"), 1_779_955_200_000);
        assert_eq!(date(b"Thu, 28 May 2026 10:00:00 +0200 (CEST)"), 1_779_955_200_000);
        assert_eq!(date(b"2026-05-28T08:00:00Z"), 1_779_955_200_000, "ISO dates are read");
        assert_eq!(date(b"Thu, 1 Jan 1970 00:00:00 +0000"), arrival, "before 1980");
        assert_eq!(date(b"Thu, 28 May 2099 10:00:00 +0200"), arrival, "from the future");
        assert_eq!(date(b"yesterday"), arrival, "not a date");
    }

    #[test]
    fn machines_and_lists_are_told_apart_from_people() {
        let bulk = |block: &[u8]| Head::read(block).bulk;
        assert!(bulk(b"List-Id: <news.x.example>\n"));
        assert!(bulk(b"Precedence: Bulk\n"));
        assert!(bulk(b"Auto-Submitted: auto-replied; owner=x\n"));
        assert!(!bulk(b"Auto-Submitted: no\nPrecedence: first-class\n"));
    }
}
