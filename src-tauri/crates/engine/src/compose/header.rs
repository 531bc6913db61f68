//! Header fields, folded and encoded (RFC 5322, RFC 2047).
//!
//! Invariant: a value never holds a line end of its own, so no text a person types can begin another field.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::Address;

/// Bytes of text in one encoded word beside a field's name; with its frame the line stays below 76 characters.
const WORD: usize = 39;
/// The same for a name, which begins a line of its own: most names are one word then.
const NAME_WORD: usize = 45;
/// Longest line, where it can be folded.
const LINE: usize = 76;
/// Longest Message-ID taken over; a longer one would need a line nobody may send.
const LONGEST_ID: usize = 900;
/// Most Message-IDs in References; of more, the first and the latest are kept.
const REFERENCES: usize = 100;
const FIRST_REFERENCES: usize = 20;

/// A field of free text: Subject.
pub(super) fn text(name: &str, value: &str, out: &mut String) {
    let value = one_line(value);
    out.push_str(name);
    out.push_str(": ");
    if is_plain(&value) {
        fold(&value, name.len() + 2, out);
    } else {
        encoded_words(&value, WORD, out);
    }
    out.push_str("\r\n");
}

/// A field of mailboxes; left out where there are none.
pub(super) fn addresses(name: &str, people: &[Address], out: &mut String) {
    if people.is_empty() {
        return;
    }
    out.push_str(name);
    out.push_str(": ");
    for (place, person) in people.iter().enumerate() {
        if place > 0 {
            out.push_str(",\r\n ");
        }
        mailbox(person, out);
    }
    out.push_str("\r\n");
}

/// A field of Message-IDs; left out where there are none.
pub(super) fn ids(name: &str, ids: &[String], out: &mut String) {
    let ids: Vec<&String> = ids.iter().filter(|id| is_id(id)).collect();
    if ids.is_empty() {
        return;
    }
    out.push_str(name);
    out.push(':');
    for (place, id) in ids.into_iter().enumerate() {
        out.push_str(if place > 0 { "\r\n <" } else { " <" });
        out.push_str(id);
        out.push('>');
    }
    out.push_str("\r\n");
}

/// Message-IDs of a thread, few enough for a header: of too many, those in the middle go.
pub fn bounded(references: Vec<String>) -> Vec<String> {
    if references.len() <= REFERENCES {
        return references;
    }
    let latest = references.len() - (REFERENCES - FIRST_REFERENCES);
    references
        .into_iter()
        .enumerate()
        .filter(|(place, _)| *place < FIRST_REFERENCES || *place >= latest)
        .map(|(_, id)| id)
        .collect()
}

/// The text on one line, without control characters.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut ended = false;
    for c in text.chars() {
        match if c == '\t' { ' ' } else { c } {
            '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => ended = true,
            c if c.is_control() => {}
            c => {
                if std::mem::take(&mut ended) && !line.is_empty() {
                    line.push(' ');
                }
                line.push(c);
            }
        }
    }
    line
}

fn mailbox(person: &Address, out: &mut String) {
    let address: String =
        person.address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let address = in_ascii(address.replace(['<', '>', ','], ""));
    let name = person.name.as_deref().map(one_line).unwrap_or_default();
    let name = name.trim();
    if name.is_empty() {
        out.push_str(&address);
        return;
    }
    if is_plain(name) && name.len() <= LINE / 2 {
        phrase(name, out);
    } else {
        encoded_words(name, NAME_WORD, out);
    }
    out.push_str(" <");
    out.push_str(&address);
    out.push('>');
}

/// The domain in its ASCII form, where that makes the address one that every server carries.
fn in_ascii(address: String) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else { return address };
    if !local.is_ascii() || domain.is_ascii() {
        return address;
    }
    idna::domain_to_ascii(domain)
        .map_or_else(|_| address.clone(), |domain| format!("{local}@{domain}"))
}

/// Words as they are where the grammar allows, else a quoted string.
fn phrase(name: &str, out: &mut String) {
    let atoms = |c: char| c.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c);
    if name.chars().all(atoms) {
        out.push_str(name);
        return;
    }
    out.push('"');
    for c in name.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}

/// Whether a text reads back the same without encoding: ASCII, single spaces, nothing that looks encoded.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !text.contains("=?")
        && !text.contains("  ")
        && text.trim() == text
        && text.split(' ').all(|word| word.len() < LINE)
}

/// Breaks at spaces; the space begins the next line.
fn fold(text: &str, used: usize, out: &mut String) {
    let mut length = used;
    for (place, word) in text.split(' ').enumerate() {
        if place > 0 {
            if length + 1 + word.len() > LINE {
                out.push_str("\r\n");
                length = 0;
            }
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += word.len();
    }
}

fn encoded_words(text: &str, room: usize, out: &mut String) {
    let mut rest = text;
    let mut first = true;
    while !rest.is_empty() {
        let mut end = rest.len().min(room);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if !std::mem::take(&mut first) {
            out.push_str("\r\n ");
        }
        out.push_str("=?utf-8?B?");
        STANDARD.encode_string(word, out);
        out.push_str("?=");
        rest = after;
    }
}

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= LONGEST_ID
        && !id.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_in_a_subject_begins_no_field() {
        for end in ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\0\n"] {
            let mut out = String::new();
            text("Subject", &format!("Hello{end}Bcc: spy@x.example"), &mut out);
            assert_eq!(out.lines().count(), 1, "{end:?} stays inside the field: {out}");
            assert!(out.ends_with("\r\n"), "{out}");
        }
        let mut out = String::new();
        let person = Address {
            name: Some("Mara\r\nBcc: spy@x.example".into()),
            address: "mara@x.example\r\nBcc: spy@x.example".into(),
        };
        addresses("To", &[person], &mut out);
        assert_eq!(out.lines().count(), 1, "an address holds no line end: {out}");
    }

    #[test]
    fn long_threads_lose_their_middle() {
        let all: Vec<String> = (0..300).map(|n| format!("{n}@x.example")).collect();
        let kept = bounded(all.clone());
        assert_eq!(kept.len(), 100);
        assert_eq!(kept.first(), all.first(), "the thread's root stays");
        assert_eq!(kept.last(), all.last(), "the parent stays");
    }

    #[test]
    fn no_line_is_longer_than_a_server_takes() {
        let mut out = String::new();
        text("Subject", &"long words and ümlauts ".repeat(40), &mut out);
        text("Subject", &"plain words ".repeat(40), &mut out);
        text("Subject", &"x".repeat(3_000), &mut out);
        let long: Vec<String> = (0..50).map(|n| format!("{n}{}", "y".repeat(60))).collect();
        ids("References", &long, &mut out);
        assert!(out.lines().all(|line| line.len() <= 80), "{out}");
    }
}
