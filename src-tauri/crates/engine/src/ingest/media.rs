//! Content-Type and Content-Disposition values (RFC 2045, RFC 2183, parameters by RFC 2231).
//!
//! Own, because a parameter's pieces must be joined as bytes before they are decoded: programs cut
//! characters in two, and put encoded words (RFC 2047) or raw 8-bit text where RFC 2231 belongs.

use super::{charset, transfer, word};

/// Longest value looked at.
const MAX_VALUE: usize = 16 * 1024;

/// A value and its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Media {
    /// `type/subtype` or the disposition, lower case; empty where the value is garbage.
    pub kind: String,
    parameters: Vec<(String, String)>,
}

impl Media {
    /// Reads a value.
    pub(super) fn parse(value: &[u8]) -> Self {
        let value = value.get(..MAX_VALUE).unwrap_or(value);
        let end = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
        let kind = String::from_utf8_lossy(without_comment(value.get(..end).unwrap_or_default()));
        let (mut kind, mut after) =
            (kind.to_ascii_lowercase(), value.get(end..).unwrap_or_default());
        // `text/plain charset=utf-8`: the semicolon was forgotten.
        if let Some((word, rest)) = kind.trim().split_once(char::is_whitespace)
            && word.contains('/')
            && rest.contains('=')
        {
            kind = word.to_owned();
            after = value;
        }
        kind.retain(|c| c.is_ascii_graphic());
        Self { kind, parameters: join(raw_parameters(after)) }
    }

    /// A parameter by its lower-case name.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The part before the slash.
    pub(super) fn main(&self) -> &str {
        self.kind.split('/').next().unwrap_or_default()
    }
}

fn without_comment(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| *byte == b'(').unwrap_or(value.len());
    value.get(..end).unwrap_or(value)
}

/// One `name=value`, or one piece of it.
struct Raw {
    name: String,
    /// The number after the first asterisk.
    order: u32,
    /// Ends with an asterisk: percent-encoded, the first piece led by charset and language.
    extended: bool,
    value: Vec<u8>,
}

fn raw_parameters(mut rest: &[u8]) -> Vec<Raw> {
    let mut found = Vec::new();
    while let Some(equals) = rest.iter().position(|byte| *byte == b'=') {
        let (before, after) = rest.split_at(equals);
        let name = before.rsplit(|byte| matches!(byte, b';' | b' ')).find(|name| !name.is_empty());
        let name = name.unwrap_or_default();
        let (value, next) = value_of(after.get(1..).unwrap_or_default());
        let name = String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase();
        let mut levels = name.split('*');
        let base = levels.next().unwrap_or_default().to_owned();
        let order = levels.next().and_then(|number| number.parse().ok()).unwrap_or(0);
        found.push(Raw { name: base, order, extended: name.ends_with('*'), value });
        rest = next;
    }
    found
}

/// A value, quoted or not, and what follows it.
fn value_of(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let text = text.trim_ascii_start();
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|byte| *byte == b';').unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (without_folds(value.trim_ascii()), rest);
    };
    let mut value = Vec::new();
    let mut bytes = quoted.iter().copied().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            // Windows programs write paths without doubling the backslash: only quotes are escaped.
            b'\\' if matches!(quoted.get(at + 1), Some(b'"' | b'\\')) => {
                value.extend(bytes.next().map(|(_, escaped)| escaped));
            }
            b'\r' | b'\n' => {}
            _ => value.push(byte),
        }
    }
    (value, &[])
}

fn without_folds(value: &[u8]) -> Vec<u8> {
    value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect()
}

/// Joins the pieces of each parameter and decodes them.
fn join(mut raw: Vec<Raw>) -> Vec<(String, String)> {
    // A stable sort, and an extended spelling before the plain one beside it (RFC 6266, section 4.3).
    raw.sort_by(|a, b| (&a.name, a.order, !a.extended).cmp(&(&b.name, b.order, !b.extended)));
    let mut parameters: Vec<(String, String)> = Vec::new();
    let mut pieces = raw.into_iter().peekable();
    while let Some(first) = pieces.next() {
        let (mut label, mut bytes) = (None, first.value);
        let mut any_extended = first.extended;
        if first.extended {
            let mut marks = bytes.splitn(3, |byte| *byte == b'\'');
            if let (Some(charset), Some(_), Some(text)) = (marks.next(), marks.next(), marks.next())
            {
                label = Some(String::from_utf8_lossy(charset).into_owned());
                bytes = text.to_vec();
            }
            bytes = percent_decoded(&bytes);
        }
        let mut last = first.order;
        while let Some(piece) = pieces.next_if(|piece| piece.name == first.name) {
            if piece.order > last {
                last = piece.order;
                any_extended |= piece.extended;
                let more = if piece.extended { percent_decoded(&piece.value) } else { piece.value };
                bytes.extend_from_slice(&more);
            }
        }
        let value = match label.filter(|label| !label.is_empty()) {
            Some(label) => charset::decode(&bytes, Some(&label)).into_owned(),
            None if any_extended => charset::decode(&bytes, None).into_owned(),
            None => word::decode(&bytes, None),
        };
        parameters.push((first.name, value));
    }
    parameters
}

fn percent_decoded(value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((&byte, after)) = rest.split_first() {
        match (byte, after) {
            (b'%', [high, low, next @ ..]) => match (transfer::hex(*high), transfer::hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = next;
                    continue;
                }
                _ => bytes.push(byte),
            },
            _ => bytes.push(byte),
        }
        rest = after;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_read_in_every_spelling() {
        let cases: [(&[u8], &str); 9] = [
            (b"attachment; filename=plan.pdf", "plan.pdf"),
            (b"attachment; filename=\"a; \\\"b\\\".pdf\"; size=3", "a; \"b\".pdf"),
            (b"attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf; filename=x.pdf", "Grüße.pdf"),
            (b"attachment; filename*0*=utf-8'de'Gr%C3;\r\n filename*1*=%BC%C3%9Fe; filename*2=.pdf", "Grüße.pdf"),
            (b"attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
            (b"attachment; filename=\"=?iso-8859-1?Q?Gr=FC=DFe.pdf?=\"", "Grüße.pdf"),
            (b"attachment; filename=\"Gr\xfc\xdfe.pdf\"", "Grüße.pdf"),
            (b"attachment; filename=\"Gr\xc3\xbc\xc3\x9fe.pdf", "Grüße.pdf"),
            (b"attachment; FileName=C:\\mail\\plan.pdf", "C:\\mail\\plan.pdf"),
        ];
        for (value, name) in cases {
            let media = Media::parse(value);
            assert_eq!(media.kind, "attachment");
            assert_eq!(media.parameter("filename"), Some(name), "{}", value.escape_ascii());
        }
    }

    #[test]
    fn types_are_lower_case_and_free_of_comments() {
        let media = Media::parse(b"Text/HTML (from me); charset = UTF-8; format=flowed");
        assert_eq!((media.kind.as_str(), media.main()), ("text/html", "text"));
        assert_eq!(media.parameter("charset"), Some("UTF-8"));
        assert_eq!(Media::parse(b"").kind, "");
        let forgotten = Media::parse(b"TEXT/PLAIN charset=US-ASCII");
        assert_eq!(
            (forgotten.kind.as_str(), forgotten.parameter("charset")),
            ("text/plain", Some("US-ASCII"))
        );
    }
}
