//! Content-Transfer-Encoding: base64 and quoted-printable, read leniently (RFC 2045, section 6).
//!
//! Invariant: every input gives bytes. What a decoder would have to refuse is skipped (base64) or kept as
//! it stands (quoted-printable), so that one bad line does not cost the rest.

use std::borrow::Cow;

/// How a part's body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    /// 7bit, 8bit, binary, or a name nobody knows.
    Identity,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    /// Reads the value of the header field.
    pub(super) fn of(value: &[u8]) -> Self {
        let word = value.trim_ascii();
        if word.eq_ignore_ascii_case(b"base64") {
            Self::Base64
        } else if word.eq_ignore_ascii_case(b"quoted-printable") {
            Self::QuotedPrintable
        } else {
            Self::Identity
        }
    }

    /// Decodes a body, stopping once `limit` bytes came out.
    pub(super) fn decode(self, body: &[u8], limit: usize) -> Cow<'_, [u8]> {
        match self {
            Self::Identity => Cow::Borrowed(body.get(..limit).unwrap_or(body)),
            Self::Base64 => Cow::Owned(base64(body, limit)),
            Self::QuotedPrintable => Cow::Owned(quoted_printable(body, limit)),
        }
    }

    /// How many bytes [`Self::decode`] would give without a limit.
    pub(super) fn decoded_len(self, body: &[u8]) -> usize {
        match self {
            Self::Identity => body.len(),
            Self::Base64 => body
                .split(|byte| *byte == b'=')
                .map(|run| run.iter().filter(|byte| sextet(**byte).is_some()).count() * 3 / 4)
                .sum(),
            Self::QuotedPrintable => quoted_printable(body, usize::MAX).len(),
        }
    }
}

const NO: u8 = 0xff;

/// The value of each base64 character; both alphabets of RFC 4648, as some programs mix them up.
const SEXTETS: [u8; 256] = {
    let mut table = [NO; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value: u8 = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time; 64 values, 256 slots")]
    while value < 64 {
        table[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    {
        table[b'-' as usize] = 62;
        table[b'_' as usize] = 63;
    }
    table
};

fn sextet(byte: u8) -> Option<u8> {
    SEXTETS.get(usize::from(byte)).copied().filter(|value| *value != NO)
}

/// Padding and foreign bytes are skipped; leftover bits at the end of a quantum are dropped.
pub(super) fn base64(body: &[u8], limit: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity((body.len() / 4 * 3 + 3).min(limit.saturating_add(3)));
    let (mut bits, mut held) = (0_u32, 0_u8);
    for &byte in body {
        let Some(value) = sextet(byte) else {
            // Padding ends a quantum: encodings of several lines may be concatenated.
            if byte == b'=' {
                (bits, held) = (0, 0);
            }
            continue;
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            if bytes.len() >= limit {
                break;
            }
        }
    }
    bytes
}

pub(super) fn quoted_printable(body: &[u8], limit: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len().min(limit));
    let mut rest = body;
    while bytes.len() < limit {
        let Some(at) = rest.iter().position(|byte| matches!(byte, b'=' | b'\n')) else {
            bytes.extend_from_slice(rest);
            break;
        };
        let (plain, special) = rest.split_at(at);
        rest = match special {
            [b'\n', after @ ..] => {
                // White space before a line end was added on the way (RFC 2045, rule 3), unless encoded.
                let (line, end) = match plain.strip_suffix(b"\r") {
                    Some(line) => (line, &b"\r\n"[..]),
                    None => (plain, &b"\n"[..]),
                };
                bytes.extend_from_slice(trim_blanks(line));
                bytes.extend_from_slice(end);
                rest = after;
                continue;
            }
            _ => special,
        };
        bytes.extend_from_slice(plain);
        rest = match rest {
            [_, b'\r', b'\n', after @ ..] | [_, b'\n', after @ ..] => after,
            [_, high, low, after @ ..] if hex(*high).is_some() && hex(*low).is_some() => {
                let high = hex(*high).unwrap_or_default();
                bytes.push(high << 4 | hex(*low).unwrap_or_default());
                after
            }
            [_, after @ ..] => soft_break(after).unwrap_or_else(|| {
                bytes.push(b'=');
                after
            }),
            [] => break,
        };
    }
    bytes.truncate(limit);
    bytes
}

fn trim_blanks(line: &[u8]) -> &[u8] {
    let blanks = line.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    line.get(..line.len() - blanks).unwrap_or(line)
}

/// What follows a soft line break that carries white space, which is not allowed but common.
fn soft_break(after_sign: &[u8]) -> Option<&[u8]> {
    let blank = after_sign.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
    match after_sign.get(blank..) {
        Some([b'\n', after @ ..]) => Some(after),
        Some([]) => Some(&[]),
        _ => None,
    }
}

/// The value of a hexadecimal digit.
pub(super) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_base64_gives_what_is_left() {
        assert_eq!(base64(b"SGVs\r\nbG8=", usize::MAX), b"Hello");
        assert_eq!(base64(b"SGVs!!bG8", usize::MAX), b"Hello", "foreign characters are skipped");
        assert_eq!(base64(b"SGk=SGk=", usize::MAX), b"HiHi", "concatenated encodings");
        assert_eq!(base64(b"SGVsbG8=", 2), b"He", "the limit holds");
    }

    #[test]
    fn broken_quoted_printable_keeps_its_characters() {
        let cases: [(&[u8], &[u8]); 6] = [
            (b"flowed=20\nsoft", b"flowed \nsoft"),
            (b"a=3Db=\r\nc", b"a=bc"),
            (b"100 =% sure", b"100 =% sure"),
            (b"soft= \t\nbreak", b"softbreak"),
            (b"trail  \r\nnext", b"trail\r\nnext"),
            (b"end=", b"end"),
        ];
        for (body, bytes) in cases {
            assert_eq!(quoted_printable(body, usize::MAX), bytes, "{}", body.escape_ascii());
        }
    }

    #[test]
    fn the_length_is_known_without_decoding() {
        for body in [&b"SGVsbG8="[..], b"SGVsbG8hIQ==", b"S GVs\r\nbG8", b"SGk=S=G", b""] {
            let length = Transfer::Base64.decoded_len(body);
            assert_eq!(length, base64(body, usize::MAX).len(), "{}", body.escape_ascii());
        }
    }
}
