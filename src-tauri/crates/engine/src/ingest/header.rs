//! The header block: where it ends, its fields, and the few a message is known by.
//!
//! Invariant: the same message gives the same block whether only its header or all of it is here, for the
//! fingerprint is taken from it. Values are raw bytes; decoding them is left to `word`, `address`, `date`.

/// Header bytes beyond this many are not looked at; no honest message has them.
pub(super) const MAX_HEADER: usize = 16 * 1024 * 1024;
/// A value is cut after this many bytes, so that one endless field does not hide those that follow it.
const MAX_VALUE: usize = 1024 * 1024;

/// A field as it stands: the name without its colon, the value with its folds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    pub name: &'a [u8],
    pub value: &'a [u8],
}

impl Field<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// Splits a source into its header block and the offset at which its body begins.
///
/// The block ends at the first empty line. Lines that are no field and follow the last field belong to the
/// body: some programs forget the empty line.
pub(super) fn split(source: &[u8]) -> (&[u8], usize) {
    let mut at = 0;
    let mut end_of_fields = 0;
    let mut in_field = false;
    while let Some(line) = line_at(source, at) {
        let next = at + line.len();
        if is_blank(line) {
            let body = if end_of_fields == at || !in_stray(source, end_of_fields, at) {
                next
            } else {
                end_of_fields
            };
            return (source.get(..end_of_fields).unwrap_or_default(), body);
        }
        if is_fold(line) {
            if in_field {
                end_of_fields = next;
            }
        } else if name_of(line).is_some() {
            in_field = true;
            end_of_fields = next;
        } else if is_from_line(line) {
            in_field = false;
            if end_of_fields == at {
                end_of_fields = next;
            }
        } else {
            in_field = false;
        }
        at = next;
    }
    (source.get(..end_of_fields).unwrap_or_default(), end_of_fields)
}

/// Whether the lines between the last field and the empty line say anything.
fn in_stray(source: &[u8], from: usize, to: usize) -> bool {
    source.get(from..to).is_some_and(|stray| !stray.trim_ascii().is_empty())
}

/// The fields of a block in order; lines that are no field are passed over.
pub(super) fn fields(block: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let block = block.get(..MAX_HEADER).unwrap_or(block);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let line = line_at(block, at)?;
            let start = at;
            at += line.len();
            let Some(name) = name_of(line).filter(|_| !is_fold(line)) else { continue };
            while let Some(fold) = line_at(block, at).filter(|fold| is_fold(fold)) {
                at += fold.len();
            }
            let colon = line.iter().position(|byte| *byte == b':').unwrap_or_default();
            let value = block.get(start + colon + 1..at).unwrap_or_default();
            let value = value.get(..MAX_VALUE).unwrap_or(value);
            return Some(Field { name, value: value.trim_ascii() });
        }
    })
}

/// The line that begins at `at`, its end included.
pub(super) fn line_at(source: &[u8], at: usize) -> Option<&[u8]> {
    let rest = source.get(at..).filter(|rest| !rest.is_empty())?;
    let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
    rest.get(..length)
}

pub(super) fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n" | b"\r")
}

pub(super) fn is_fold(line: &[u8]) -> bool {
    matches!(line.first(), Some(b' ' | b'\t'))
}

/// mbox's separator, which some programs leave at the head of the message or among its fields.
fn is_from_line(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

/// The field name a line begins with (RFC 5322, section 2.2), white space before the colon forgiven.
fn name_of(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    let valid = !name.is_empty() && name.iter().all(|byte| (33..=126).contains(byte));
    valid.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &[u8]) -> Vec<String> {
        let (block, _) = split(source);
        fields(block).map(|field| String::from_utf8_lossy(field.name).into_owned()).collect()
    }

    #[test]
    fn a_stray_separator_line_hides_no_field() {
        let source = b"From mara@x.example Thu Jan 1 00:00:00 2026\r\nTo: a@x\r\n>From b\r\nSubject: x\r\n\r\nbody";
        assert_eq!(names(source), ["To", "Subject"]);
        assert_eq!(split(source).1, source.len() - 4, "the body follows the empty line");
    }

    #[test]
    fn a_missing_empty_line_does_not_swallow_the_body() {
        let source = b"Subject: x\nHello Mara\n\nsecond paragraph";
        let (block, body) = split(source);
        assert_eq!(block, b"Subject: x\n");
        assert_eq!(source.get(body..), Some(&b"Hello Mara\n\nsecond paragraph"[..]));
    }

    #[test]
    fn folds_belong_to_their_field() {
        let (block, body) = split(b"Subject : one\r\n\ttwo\r\nTo: a\r\n\r\n");
        let values: Vec<&[u8]> = fields(block).map(|field| field.value).collect();
        assert_eq!(values, [&b"one\r\n\ttwo"[..], b"a"]);
        assert_eq!(body, 30);
    }

    #[test]
    fn the_block_is_the_same_without_its_body() {
        let full = b"A: 1\r\nB: 2\r\n\r\nbody";
        assert_eq!(split(full).0, split(b"A: 1\r\nB: 2\r\n\r\n").0, "header with its empty line");
        assert_eq!(split(full).0, split(b"A: 1\r\nB: 2\r\n").0, "header without it");
    }
}
