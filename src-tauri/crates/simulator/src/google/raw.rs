//! What Gmail reads of a message's source: its header fields, one after the other.

use crate::microsoft::decoded;

/// Header fields in their order, unfolded.
pub(super) fn headers(raw: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(raw);
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.split('\n') {
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            break;
        }
        match (line.starts_with([' ', '\t']), fields.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (false, _, Some((name, value))) => fields.push((name.into(), value.trim().into())),
            _ => {}
        }
    }
    fields
}

/// The first value of a field.
pub(crate) fn field(raw: &[u8], name: &str) -> Option<String> {
    headers(raw).into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, v)| v)
}

/// The Message-ID without brackets, if it is well formed.
pub(crate) fn message_id(raw: &[u8]) -> Option<String> {
    let value = field(raw, "message-id")?;
    let id = value.strip_prefix('<')?.strip_suffix('>')?;
    let whole = id.contains('@') && !id.contains(|c: char| c.is_whitespace() || "<>".contains(c));
    whole.then(|| id.to_owned())
}

/// Every message id a message refers to.
pub(super) fn references(raw: &[u8]) -> Vec<String> {
    ["references", "in-reply-to"]
        .iter()
        .filter_map(|name| field(raw, name))
        .flat_map(|value| {
            value
                .split_whitespace()
                .map(|id| id.trim_matches(['<', '>']).to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The subject without the marks of answers.
pub(super) fn base_subject(raw: &[u8]) -> String {
    // The mark of an answer may stand inside an encoded word.
    let subject = decoded(&field(raw, "subject").unwrap_or_default()).to_lowercase();
    let mut rest = subject.trim();
    while let Some(less) =
        ["re:", "aw:", "fwd:", "fw:", "wg:"].iter().find_map(|mark| rest.strip_prefix(mark))
    {
        rest = less.trim();
    }
    rest.to_owned()
}

/// The people of a field: the name as it is spelled, and the address in small letters.
pub(crate) fn people(raw: &[u8], name: &str) -> Vec<(String, String)> {
    let fields = headers(raw).into_iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let each = fields.flat_map(|(_, value)| {
        let each = value.split(',').map(|one| match one.rsplit_once('<') {
            Some((name, rest)) => {
                (name.trim().to_owned(), rest.trim_end_matches('>').trim().to_lowercase())
            }
            None => (String::new(), one.trim().to_lowercase()),
        });
        each.collect::<Vec<_>>()
    });
    each.filter(|(_, address)| address.contains('@')).collect()
}

/// Bare addresses of a field of people.
pub(super) fn addresses(raw: &[u8], name: &str) -> Vec<String> {
    people(raw, name).into_iter().map(|(_, address)| address).collect()
}

/// The source without some fields of its header.
pub(super) fn without(raw: &[u8], name: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(raw).into_owned();
    let end = text.find("\r\n\r\n").or_else(|| text.find("\n\n")).unwrap_or(text.len());
    let (head, body) = text.split_at(end);
    let mut kept = String::with_capacity(text.len());
    let mut dropping = false;
    for line in head.split_inclusive('\n') {
        if !line.starts_with([' ', '\t']) {
            dropping =
                line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(name));
        }
        if !dropping {
            kept.push_str(line);
        }
    }
    // The field may have been the last one, with the line end that closes the header.
    let kept = kept.trim_end_matches(['\r', '\n']).to_owned();
    [kept.as_bytes(), body.as_bytes()].concat()
}
