//! Encoded words (RFC 2047) and the 8-bit text that stands where they should.
//!
//! Neighbouring words are joined as bytes before they are decoded: many programs cut a character in two at
//! the end of a word. The invariant is linear time, also for a header made of a million `=?`.

use std::borrow::Cow;

use super::{charset, transfer};

/// A stretch of a header value.
enum Piece<'a> {
    Plain(&'a [u8]),
    /// One or more words of one charset, their bytes decoded from B or Q.
    Words {
        charset: &'a [u8],
        bytes: Vec<u8>,
    },
}

/// Decodes unstructured text (a subject, a description) to one line.
pub(super) fn decode(value: &[u8], hint: Option<&str>) -> String {
    let mut text = String::with_capacity(value.len());
    for piece in pieces(&unfold(value)) {
        match piece {
            Piece::Plain(bytes) => text.push_str(&charset::decode_unlabelled(bytes, hint)),
            Piece::Words { charset, bytes } => text.push_str(&decode_words(charset, &bytes)),
        }
    }
    text
}

/// Rewrites a structured value (addresses) as UTF-8 in which each run of words is one flawless word, so
/// that a comma inside a word cannot be taken for one between addresses.
pub(super) fn normalise(value: &[u8], hint: Option<&str>) -> String {
    let mut text = String::with_capacity(value.len() + 16);
    for piece in pieces(&unfold(value)) {
        match piece {
            Piece::Plain(bytes) => text.push_str(&charset::decode_unlabelled(bytes, hint)),
            Piece::Words { charset, bytes } => {
                if !text.ends_with([' ', '"', '(', ',', ':']) {
                    text.push(' ');
                }
                text.push_str("=?utf-8?Q?");
                for byte in decode_words(charset, &bytes).bytes() {
                    push_hex(&mut text, byte);
                }
                text.push_str("?=");
            }
        }
    }
    text
}

fn push_hex(text: &mut String, byte: u8) {
    text.push('=');
    for digit in [byte >> 4, byte & 15] {
        text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
    }
}

fn decode_words(charset: &[u8], bytes: &[u8]) -> String {
    let label = String::from_utf8_lossy(charset);
    if charset.get(..8).is_some_and(|head| head.eq_ignore_ascii_case(b"iso-2022")) {
        return charset::decode(&without_idle_escapes(bytes), Some(&label)).into_owned();
    }
    charset::decode(bytes, Some(&label)).into_owned()
}

/// Where two words of a stateful charset meet, one returns to ASCII and the next leaves it at once; decoders
/// take an escape that nothing follows for an error.
fn without_idle_escapes(bytes: &[u8]) -> Vec<u8> {
    const TO_ASCII: &[u8] = b"\x1b(B";
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let idle = rest.strip_prefix(TO_ASCII).is_some_and(|after| after.starts_with(b"\x1b"));
        if idle {
            at += TO_ASCII.len();
        } else {
            kept.extend(rest.first());
            at += 1;
        }
    }
    kept
}

/// The value without its line ends (RFC 5322, section 2.2.3).
fn unfold(value: &[u8]) -> Cow<'_, [u8]> {
    if value.iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
        let kept = value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n'));
        Cow::Owned(kept.collect())
    } else {
        Cow::Borrowed(value)
    }
}

fn pieces(value: &[u8]) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    // Once no `?=` follows, no later word can be complete either.
    let mut last_end = value.windows(2).rposition(|pair| pair == b"?=");
    while let Some(begin) = find(value, at, b"=?").filter(|begin| Some(*begin) < last_end) {
        let Some((charset, bytes, end)) = word_at(value, begin) else {
            at = begin + 2;
            continue;
        };
        let between = value.get(plain..begin).unwrap_or_default();
        let blank = between.iter().all(|byte| matches!(byte, b' ' | b'\t'));
        match pieces.last_mut() {
            Some(Piece::Words { charset: same, bytes: before })
                if blank && same.eq_ignore_ascii_case(charset) =>
            {
                before.extend_from_slice(&bytes);
            }
            previous => {
                // White space between two words is not part of the text.
                if !(between.is_empty() || blank && matches!(previous, Some(Piece::Words { .. }))) {
                    pieces.push(Piece::Plain(between));
                }
                pieces.push(Piece::Words { charset, bytes });
            }
        }
        plain = end;
        at = end;
        if last_end.is_some_and(|last| last < at) {
            last_end = None;
        }
    }
    if let Some(rest) = value.get(plain..).filter(|rest| !rest.is_empty()) {
        pieces.push(Piece::Plain(rest));
    }
    pieces
}

/// Longest charset name looked for; keeps a header full of `=?` linear.
const MAX_CHARSET: usize = 60;
/// Longest word looked for. RFC 2047 allows 75 characters; programs that do not fold write whole subjects.
const MAX_WORD: usize = 4 * 1024;

/// Reads the word that begins at `begin`: its charset, its bytes, and where it ends.
fn word_at(value: &[u8], begin: usize) -> Option<(&[u8], Vec<u8>, usize)> {
    let label_at = begin + 2;
    let label_end = label_at
        + value.get(label_at..)?.iter().take(MAX_CHARSET).position(|byte| *byte == b'?')?;
    let charset = value.get(label_at..label_end).filter(|label| label.len() >= 2)?;
    if charset.iter().any(|byte| !byte.is_ascii_graphic()) {
        return None;
    }
    let data_at = label_end + 3;
    let &[_, encoding, b'?'] = value.get(label_end..data_at)? else { return None };
    let reach = value.get(data_at..)?;
    let reach = reach.get(..MAX_WORD).unwrap_or(reach);
    let length = reach.windows(2).position(|pair| pair == b"?=")?;
    let data = reach.get(..length)?;
    let bytes = match encoding {
        b'B' | b'b' => transfer::base64(data, usize::MAX),
        b'Q' | b'q' => {
            let spaced: Vec<u8> =
                data.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
            transfer::quoted_printable(&spaced, usize::MAX)
        }
        _ => return None,
    };
    Some((charset, bytes, data_at + length + 2))
}

fn find(value: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    value.get(from..)?.windows(needle.len()).position(|window| window == needle).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_read_however_they_were_written() {
        let cases: [(&[u8], &str); 10] = [
            (b"=?utf-8?B?R3LDvA==?=\r\n =?utf-8?Q?=C3=9Fe?=", "Grüße"),
            (b"=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"),
            (b"Re: =?iso-8859-1?q?Caf=E9_um_5?= (neu)", "Re: Café um 5 (neu)"),
            (b"=?utf-8?Q?Caf=E9?=", "Café"),
            (b"=?iso-2022-jp?b?GyRCTjk5VENmGyhC?=\r\n =?iso-2022-jp?b?GyRCJEYbKEI=?=", "旅行中て"),
            (b"Caf\xe9", "Café"),
            ("Café".as_bytes(), "Café"),
            (b"=?x-nope?Q?plain?=", "plain"),
            (b"a =? b ?= c", "a =? b ?= c"),
            (b"=?utf-8?Q?spaces are not allowed?=", "spaces are not allowed"),
        ];
        for (value, text) in cases {
            assert_eq!(decode(value, None), text, "{}", value.escape_ascii());
        }
    }

    #[test]
    fn the_charset_of_the_body_explains_a_raw_subject() {
        assert_eq!(decode(b"\xf0\xd2\xc9\xd7\xc5\xd4", Some("koi8-r")), "Привет");
    }

    #[test]
    fn a_megabyte_of_unfinished_words_is_read() {
        let value = b"=?a?q?".repeat(170_000);
        assert_eq!(decode(&value, None).len(), value.len(), "kept as it stands");
    }
}
