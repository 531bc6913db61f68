//! One line of a server's answer, made safe for the parser.
//!
//! Invariant: a complete untagged line that leaves here parses; one that cannot be made to parse is left
//! out, because a single odd answer must not end the connection. Lines that carry literals and tagged lines
//! are never left out: there the parser's error is the right end.

use async_imap::imap_proto::Response;
use bytes::BytesMut;

/// Numbers handed to the parser in one piece of a long SEARCH or VANISHED answer.
const NUMBERS_PER_LINE: usize = 256;
/// What stands for an INTERNALDATE that is NIL: the parser panics on NIL.
const NO_DATE: &[u8] = b"INTERNALDATE \"01-Jan-1970 00:00:00 +0000\"";

/// Appends the line, in a form the parser can take, to `out`. `whole` says that no literal belongs to it.
pub(crate) fn vet_line(line: &[u8], whole: bool, out: &mut BytesMut) {
    let body = line.strip_suffix(b"\n").unwrap_or(line);
    let body = body.strip_suffix(b"\r").unwrap_or(body);
    if whole {
        if let Some(numbers) = after_keyword(body, b"* SEARCH") {
            return split_numbers(b"* SEARCH ", numbers, b' ', out);
        }
        if let Some(rest) = after_keyword(body, b"* VANISHED") {
            return match after_keyword(rest, b"(EARLIER)") {
                Some(set) => split_numbers(b"* VANISHED (EARLIER) ", set, b',', out),
                None => split_numbers(b"* VANISHED ", rest, b',', out),
            };
        }
    }
    let mut line = body.to_vec();
    line.extend_from_slice(b"\r\n");
    replace_nil_date(&mut line);
    if !whole {
        out.extend_from_slice(&line);
        return;
    }
    separate_code(&mut line);
    if after_keyword(body, b"* CAPABILITY").is_some() && !contains(&line, b"IMAP4REV1") {
        line.truncate(line.len().saturating_sub(2));
        line.extend_from_slice(b" IMAP4rev1\r\n");
    }
    let untagged = line.starts_with(b"* ");
    if untagged && !matches!(Response::parse(&line), Ok((rest, _)) if rest.is_empty()) {
        tracing::debug!(bytes = line.len(), "an answer that cannot be read is left out");
        return;
    }
    out.extend_from_slice(&line);
}

/// What follows a keyword and blanks, whatever its case.
fn after_keyword<'a>(line: &'a [u8], keyword: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = line.split_at_checked(keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) || !matches!(rest.first(), None | Some(b' ')) {
        return None;
    }
    let start = rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len());
    rest.get(start..)
}

/// Writes a long list of numbers as several short answers of the same kind; items that are no numbers
/// (such as a trailing MODSEQ) are left out.
fn split_numbers(head: &[u8], numbers: &[u8], separator: u8, out: &mut BytesMut) {
    let mut in_line = 0;
    for number in numbers.split(|byte| *byte == separator || *byte == b' ') {
        let sound = number.len() <= 21
            && number.first().is_some_and(u8::is_ascii_digit)
            && number.last().is_some_and(u8::is_ascii_digit)
            && number.split(|byte| *byte == b':').count() <= 2
            && number.split(|byte| *byte == b':').all(|part| {
                std::str::from_utf8(part).is_ok_and(|digits| digits.parse::<u32>().is_ok())
            });
        if !sound {
            if number.starts_with(b"(") {
                break;
            }
            continue;
        }
        out.extend_from_slice(if in_line == 0 { head } else { std::slice::from_ref(&separator) });
        out.extend_from_slice(number);
        in_line += 1;
        if in_line == NUMBERS_PER_LINE {
            out.extend_from_slice(b"\r\n");
            in_line = 0;
        }
    }
    if in_line > 0 {
        out.extend_from_slice(b"\r\n");
    }
}

/// Puts a blank between a response code and words that start with a byte beyond ASCII: the parser drops
/// the byte after the bracket, and panics if that splits a character.
fn separate_code(line: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(offset) =
        line.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b']'))
    {
        at += offset + 1;
        if line.get(at).is_some_and(|byte| !byte.is_ascii()) {
            line.insert(at, b' ');
        }
    }
}

/// Replaces `INTERNALDATE NIL` outside quoted text.
fn replace_nil_date(line: &mut Vec<u8>) {
    const NIL_DATE: &[u8] = b"INTERNALDATE NIL";
    if !contains(line, NIL_DATE) {
        return;
    }
    let (mut at, mut quoted) = (0, false);
    while let Some(byte) = line.get(at).copied() {
        match byte {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            _ => {}
        }
        let found = !quoted
            && line
                .get(at..at + NIL_DATE.len())
                .is_some_and(|part| part.eq_ignore_ascii_case(NIL_DATE));
        if found {
            line.splice(at..at + NIL_DATE.len(), NO_DATE.iter().copied());
            at += NO_DATE.len();
        } else {
            at += 1;
        }
    }
}

/// Whether `needle` (upper case) occurs in any case.
fn contains(line: &[u8], needle: &[u8]) -> bool {
    line.windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vetted(line: &str) -> String {
        let mut out = BytesMut::new();
        vet_line(line.as_bytes(), true, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn an_answer_nobody_knows_is_left_out_and_the_rest_goes_on() {
        assert_eq!(vetted("* FROBNICATE (1 2\r\n"), "");
        assert_eq!(vetted("* 12 EXISTS\r\n"), "* 12 EXISTS\r\n");
        assert_eq!(vetted("* 12 EXISTS\n"), "* 12 EXISTS\r\n", "a bare line feed ends a line too");
        assert_eq!(vetted("D1 OK done\r\n"), "D1 OK done\r\n");
    }

    #[test]
    fn a_date_that_is_nil_cannot_end_the_program() {
        let safe = vetted("* 1 FETCH (UID 5 INTERNALDATE NIL RFC822.SIZE 3)\r\n");
        assert!(safe.contains("01-Jan-1970"), "{safe}");
        let quoted = "* 1 FETCH (UID 5 BODY[] \"say INTERNALDATE NIL\")\r\n";
        assert_eq!(vetted(quoted), quoted, "quoted text is somebody's mail");
    }

    #[test]
    fn half_a_million_uids_reach_the_parser_in_short_pieces() {
        let numbers: Vec<String> = (1..=500_000).map(|n: u32| n.to_string()).collect();
        let safe = vetted(&format!("* SEARCH {} (MODSEQ 917162500)\r\n", numbers.join(" ")));
        let mut seen = 0u32;
        for line in safe.split_inclusive("\r\n") {
            assert!(line.len() < 4096, "short enough to be read at once");
            let Ok((_, Response::MailboxData(async_imap::imap_proto::MailboxDatum::Search(found)))) =
                Response::parse(line.as_bytes())
            else {
                panic!("each piece is a SEARCH answer: {line}");
            };
            for number in found {
                seen += 1;
                assert_eq!(number, seen, "no UID is lost or doubled");
            }
        }
        assert_eq!(seen, 500_000);
    }

    #[test]
    fn vanished_ranges_keep_their_kind() {
        assert_eq!(vetted("* VANISHED (EARLIER) 1:3,9\r\n"), "* VANISHED (EARLIER) 1:3,9\r\n");
        assert_eq!(vetted("* vanished 7\r\n"), "* VANISHED 7\r\n");
        assert_eq!(vetted("* SEARCH\r\n"), "", "nothing found is nothing to say");
    }

    proptest! {
        #[test]
        fn no_line_however_broken_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), head in 0..6usize) {
            let heads: [&[u8]; 6] = [b"", b"* ", b"* OK [", b"* 3 FETCH (", b"* VANISHED ", b"+ [ALERT]"];
            let mut line = heads[head].to_vec();
            line.extend(bytes.into_iter().filter(|byte| *byte != b'\n'));
            line.extend_from_slice(b"\r\n");
            let mut out = BytesMut::new();
            vet_line(&line, true, &mut out);
            if !out.is_empty() {
                let _ = Response::parse(&out);
            }
        }

        #[test]
        fn words_in_any_script_after_a_code_are_safe(words in "\\PC{0,20}") {
            for head in ["* OK [UIDNEXT 4]", "* BYE [ALERT]", "* NO [X]"] {
                let safe = vetted(&format!("{head}{words}\r\n"));
                prop_assert!(!safe.is_empty(), "status lines are kept");
            }
        }
    }
}
