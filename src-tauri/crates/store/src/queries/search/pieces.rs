//! Taking a query apart as it was typed: words, phrases, fields with their values, minus signs.

/// The fields understood; other words with a colon are words.
pub(super) const FIELDS: [&str; 14] = [
    "from", "to", "cc", "subject", "file", "filename", "has", "is", "in", "account", "channel",
    "before", "after", "label",
];

/// One piece of the query as typed.
pub(super) struct Piece {
    pub(super) negated: bool,
    pub(super) field: Option<String>,
    pub(super) text: String,
    pub(super) quoted: bool,
}

/// The pieces in the order they were typed.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (negated, after) = match rest.strip_prefix('-') {
            Some(after) if !after.starts_with([' ', '-']) && !after.is_empty() => (true, after),
            _ => (false, rest),
        };
        let word_end = after.find([' ', '"', ':', '\t', '\n']).unwrap_or(after.len());
        let (head, tail) = after.split_at_checked(word_end).unwrap_or((after, ""));
        let field = tail
            .strip_prefix(':')
            .filter(|_| FIELDS.contains(&head.to_lowercase().as_str()))
            .map(|value| (head.to_lowercase(), value));
        let (field, value) = match field {
            Some((field, value)) => (Some(field), value),
            None => (None, after),
        };
        let (text, quoted, next) = match value.strip_prefix('"') {
            Some(inside) => match inside.split_once('"') {
                Some((phrase, next)) => (phrase, true, next),
                None => (inside, true, ""),
            },
            None => {
                let end = value.find([' ', '\t', '\n']).unwrap_or(value.len());
                let (word, next) = value.split_at_checked(end).unwrap_or((value, ""));
                (word, false, next)
            }
        };
        if !text.is_empty() {
            pieces.push(Piece { negated, field, text: text.to_owned(), quoted });
        }
        rest = next.trim_start();
    }
    pieces
}
