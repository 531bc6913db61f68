//! Bytes to text, whatever charset they claim to be in.
//!
//! Invariant: every input gives text; the claim is a hint, the bytes decide. Mail labels UTF-8 as
//! Latin-1, Latin-1 as UTF-8, Windows-1252 as ISO-8859-1 and anything as US-ASCII. ISO-8859-1 is always
//! read as Windows-1252, as the WHATWG encoding standard does. Transfer encodings are not its business.

use std::borrow::Cow;
use std::str;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of an unlabelled text is looked at to find its charset.
const DETECTION_BYTES: usize = 16 * 1024;

/// Decodes `bytes`, labelled `label`, into text.
pub(super) fn decode<'a>(bytes: &'a [u8], label: Option<&str>) -> Cow<'a, str> {
    let claim = label.map_or(Claim::None, Claim::of);
    if bytes.is_ascii() && claim.is_ascii_superset() {
        return String::from_utf8_lossy(bytes);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes)
        && (encoding == UTF_8 || claim.is_utf16())
    {
        // Two odd bytes alone are no UTF-16: what nobody declared so is text with two odd bytes before it.
        return encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default()).0;
    }
    match claim {
        Claim::None => unlabelled(bytes),
        Claim::Known(encoding) if encoding == UTF_8 => utf8(bytes),
        Claim::Known(encoding) => labelled(bytes, encoding),
        Claim::Rare(decoder) => Cow::Owned(decoder(bytes)),
    }
}

/// The charset an HTML text declares near its start; it counts only where the part names none.
pub(super) fn declared_in_html(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048))?).to_ascii_lowercase();
    let (_, rest) = start.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':'));
    let label = rest.get(..end.unwrap_or(rest.len()))?;
    // Text in which this could be read is in neither (HTML standard, "prescan a byte stream").
    let readable = !label.is_empty() && !label.starts_with("utf-16") && !label.starts_with("utf-7");
    readable.then(|| label.to_owned())
}

/// Decodes the 8-bit bytes of a header, where no label can stand; `hint` is the charset of the body.
pub(super) fn decode_unlabelled<'a>(bytes: &'a [u8], hint: Option<&str>) -> Cow<'a, str> {
    match (str::from_utf8(bytes), hint) {
        (Ok(text), _) => Cow::Borrowed(text),
        (Err(_), Some(hint)) => decode(bytes, Some(hint)),
        (Err(_), None) => unlabelled(bytes),
    }
}

/// What a label says.
enum Claim {
    /// Nothing usable: no label, an unknown one, or one that means "seven bits".
    None,
    Known(&'static Encoding),
    /// A charset the encoding standard left out (UTF-7, code page 850).
    Rare(fn(&[u8]) -> String),
}

impl Claim {
    fn of(label: &str) -> Self {
        let label = label.trim().trim_matches(['"', '\'']).trim();
        // RFC 2231, section 5: a language may follow the charset.
        let label = label.split('*').next().unwrap_or_default();
        // The standard reads these as Windows-1252; in mail they only mean that nobody chose.
        if ["us-ascii", "ascii", "ansi_x3.4-1968"].iter().any(|a| label.eq_ignore_ascii_case(a)) {
            return Self::None;
        }
        if let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) {
            return Self::Known(encoding);
        }
        // Longer names than any charset has would be cut, and the cut name might be one.
        match mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes()) {
            Some(decoder) if (2..45).contains(&label.len()) => Self::Rare(decoder),
            _ => Self::None,
        }
    }

    fn is_utf16(&self) -> bool {
        matches!(self, Self::Known(encoding) if *encoding == UTF_16LE || *encoding == UTF_16BE)
    }

    fn is_ascii_superset(&self) -> bool {
        match self {
            Self::None => true,
            Self::Known(encoding) => encoding.is_ascii_compatible(),
            Self::Rare(_) => false,
        }
    }
}

/// Text in a charset other than UTF-8, unless it is UTF-8 after all.
fn labelled<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Cow<'a, str> {
    if encoding == UTF_16BE || encoding == UTF_16LE || !encoding.is_ascii_compatible() {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    let as_utf8 = str::from_utf8(bytes).ok();
    if encoding.is_single_byte() {
        // Text of a single-byte charset is hardly ever well-formed UTF-8 by accident.
        return match as_utf8 {
            Some(text) => Cow::Borrowed(text),
            None => encoding.decode_without_bom_handling(bytes).0,
        };
    }
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    match as_utf8 {
        // Short Chinese words may be both; characters of three bytes in a row are not.
        Some(utf8) if broken || utf8.chars().any(|c| c.len_utf8() > 2) => Cow::Borrowed(utf8),
        _ => text,
    }
}

/// Text that claims to be UTF-8.
fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let valid = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    if valid { Cow::Owned(mixed(bytes)) } else { unlabelled(bytes) }
}

/// UTF-8 with foreign bytes in it: a list server that added its Latin-1 footer, a character cut in half.
fn mixed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        match chunk.invalid() {
            [] => {}
            lone @ [_] => text.push_str(&WINDOWS_1252.decode_without_bom_handling(lone).0),
            _ => text.push(char::REPLACEMENT_CHARACTER),
        }
    }
    text
}

/// Text without a usable label: UTF-8 if it is well-formed, else what it looks like.
fn unlabelled(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let looked_at = bytes.get(..DETECTION_BYTES).unwrap_or(bytes);
    detector.feed(looked_at, looked_at.len() == bytes.len());
    let encoding = detector.guess(None, Utf8Detection::Allow);
    if encoding == UTF_8 {
        return Cow::Owned(mixed(bytes));
    }
    encoding.decode_without_bom_handling(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_declares_is_found_near_its_start() {
        for (html, label) in [
            ("<meta charset=koi8-r>", Some("koi8-r")),
            ("<META http-equiv=Content-Type content=\"text/html; CharSet='Big5'\">", Some("big5")),
            ("<meta charset=utf-7>", None),
            ("<meta charset=utf-16le>", None),
            ("<meta charset=>", None),
            ("<p>charset</p>", None),
        ] {
            assert_eq!(declared_in_html(html.as_bytes()).as_deref(), label, "{html}");
        }
        let late = format!("{}<meta charset=koi8-r>", " ".repeat(5000));
        assert_eq!(declared_in_html(late.as_bytes()), None);
    }

    #[test]
    fn a_wrong_label_does_not_spoil_the_text() {
        let cases: [(&[u8], Option<&str>, &str); 12] = [
            (b"Caf\xe9 um f\xfcnf", Some("utf-8"), "Café um fünf"),
            ("Café".as_bytes(), Some("iso-8859-1"), "Café"),
            (b"\x93Termin\x94 \x80 5", Some("iso-8859-1"), "“Termin” € 5"),
            (b"gr\xfc\xdfe", Some("x-unknown"), "grüße"),
            (b"gr\xfc\xdfe", Some("us-ascii"), "grüße"),
            ("grüße".as_bytes(), None, "grüße"),
            (b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("windows-1251"), "Привет"),
            (b"\x1b$B%O%m!<\x1b(B", Some("ISO-2022-JP"), "ハロー"),
            ("你好，世界".as_bytes(), Some("gb2312"), "你好，世界"),
            (b"\xc4\xe3\xba\xc3", Some("gbk"), "你好"),
            (b"Hi +AOk-", Some("utf-7"), "Hi é"),
            (b"\xff\xfeh\0i\0", Some("utf-16"), "hi"),
        ];
        for (bytes, label, text) in cases {
            assert_eq!(decode(bytes, label), text, "{label:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_makes_utf16_only_of_what_is_declared_so() {
        for label in [None, Some("utf-8"), Some("iso-8859-1"), Some("us-ascii"), Some("x-unknown")]
        {
            for mark in [b"\xff\xfe", b"\xfe\xff"] {
                let text =
                    decode(&[mark.as_slice(), b"See you on Friday"].concat(), label).into_owned();
                assert!(text.ends_with("See you on Friday"), "{label:?}: {text}");
            }
            let marked = decode(b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe", label).into_owned();
            assert_eq!(marked, "Grüße", "{label:?}: UTF-8 is known by its mark");
        }
        for label in ["utf-16", "utf-16le", "UTF-16BE"] {
            assert_eq!(
                decode(b"\xfe\xff\0h\0i", Some(label)),
                "hi",
                "{label}: the mark says which"
            );
        }
    }

    #[test]
    fn a_latin_footer_under_utf8_text_keeps_both_readable() {
        assert_eq!(
            decode(b"Gr\xc3\xbc\xc3\x9fe\n-- \nM\xfcnchen", Some("utf-8")),
            "Grüße\n-- \nMünchen"
        );
    }
}
