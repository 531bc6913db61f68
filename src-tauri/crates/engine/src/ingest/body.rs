//! What a person reads in a message: the parts that are its body, as text and as HTML.
//!
//! Invariant: of parts that say the same only one is read; text is bounded, the parts' order is kept.
//! Attachments are `attachment`'s, the first words `preview`'s.

use std::borrow::Cow;

use super::mime::{self, Kind, Part};
use super::{charset, head, header, html, preview, word};

/// Most text that is indexed of one message.
pub(super) const MAX_TEXT: usize = 256 * 1024;
/// Most bytes of one part that are decoded to find its text.
const MAX_DECODED: usize = 4 * 1024 * 1024;
/// Messages within messages are read this deep.
const MAX_NESTED: usize = 8;
/// And this many of them.
const MAX_NESTED_MESSAGES: usize = 64;
/// Plain text shorter than this may be a mere "your program cannot show HTML".
const EXCUSE: usize = 200;

/// The parts that are the message's body, in order, each with the richer form of the same text.
pub(super) struct Bodies {
    pub list: Vec<Choice>,
    /// Whether a part is the body or another form of it, and so no attachment.
    pub used: Vec<bool>,
}

/// A piece of the body in the forms it comes in. A form may have several parts: Apple Mail puts files
/// between the paragraphs of its HTML.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    pub plain: Vec<usize>,
    pub html: Vec<usize>,
}

/// Finds the body among the parts.
pub(super) fn bodies(parts: &[Part]) -> Bodies {
    let mut bodies = Bodies { list: Vec::new(), used: vec![false; parts.len()] };
    // What holds for a part's ancestors: the alternative it is a form of, or not the body at all.
    let mut scopes: Vec<Scope> = Vec::with_capacity(parts.len());
    let mut choices: Vec<Choice> = Vec::new();
    let mut firsts = vec![0_usize; parts.len()];
    for (index, part) in parts.iter().enumerate() {
        let mut scope = part.parent.and_then(|up| scopes.get(up).copied()).unwrap_or_default();
        if let Some(up) = part.parent
            && let Some(seen) = firsts.get_mut(up)
        {
            *seen += 1;
            let related = parts.get(up).is_some_and(|up| up.kind == Kind::Related);
            // RFC 2387: the first part is the root, the others are what it shows.
            scope.outside |= related && *seen > 1;
        }
        if part.kind == Kind::Alternative && scope.choice.is_none() && !scope.outside {
            scope.choice = Some(choices.len());
            choices.push(Choice::default());
        }
        scopes.push(scope);
        let Some(form) = form(part) else { continue };
        let slot = bodies.used.get_mut(index);
        match (scope.choice, scope.outside) {
            (_, true) => continue,
            (Some(choice), false) => {
                if let Some(slot) = slot {
                    *slot = true;
                }
                if let Some(choice) = choices.get_mut(choice) {
                    match form {
                        Form::Plain => choice.plain.push(index),
                        Form::Html => choice.html.push(index),
                        Form::Other => {}
                    }
                }
            }
            (None, false) => {
                let choice = match form {
                    Form::Plain => Choice { plain: vec![index], html: Vec::new() },
                    Form::Html => Choice { plain: Vec::new(), html: vec![index] },
                    Form::Other => continue,
                };
                if let Some(slot) = slot {
                    *slot = true;
                }
                choices.push(choice);
            }
        }
    }
    bodies.list = choices;
    bodies
}

#[derive(Clone, Copy, Default)]
struct Scope {
    choice: Option<usize>,
    outside: bool,
}

enum Form {
    Plain,
    Html,
    /// A form of the text no one needs beside the others (AMP, watch, enriched text).
    Other,
}

/// What a part can be to the body; `None` for a file.
fn form(part: &Part) -> Option<Form> {
    // A message that is one text shows it, whatever name the text was given.
    let named = part.file_name().is_some() && part.parent.is_some();
    if part.kind != Kind::Leaf || part.disposition.kind == "attachment" || named {
        return None;
    }
    match part.media.kind.as_str() {
        "" | "text" | "text/plain" => Some(Form::Plain),
        "text/html" | "application/xhtml+xml" => Some(Form::Html),
        "text/x-amp-html" | "text/watch-html" | "text/enriched" | "text/richtext" => {
            Some(Form::Other)
        }
        _ => None,
    }
}

/// The whole text of a message, nested messages included, and the preview of its own.
pub(super) fn text(source: &[u8], parts: &[Part], list: &[Choice]) -> (String, String) {
    let mut text = String::new();
    append(&mut text, source, parts, list);
    let own = preview::of(&text);
    let mut waiting: Vec<(Vec<u8>, usize)> = nested(source, parts, 1);
    let mut read = 0;
    while let Some((source, depth)) = waiting.pop() {
        read += 1;
        if text.len() >= MAX_TEXT || read > MAX_NESTED_MESSAGES {
            break;
        }
        let (block, _) = header::split(&source);
        let head = head::Head::read(block);
        if let Some(subject) = head.subject {
            paragraph(&mut text, &word::decode(subject, head.charset().as_deref()));
        }
        let parts = mime::parts(&source);
        append(&mut text, &source, &parts, &bodies(&parts).list);
        if depth < MAX_NESTED {
            waiting.extend(nested(&source, &parts, depth + 1));
        }
    }
    text.truncate(clip_bytes(&text, MAX_TEXT).len());
    let preview = if own.is_empty() { preview::of(&text) } else { own };
    (text, preview)
}

/// The messages within a message, last first, so that popping gives them in order.
fn nested(source: &[u8], parts: &[Part], depth: usize) -> Vec<(Vec<u8>, usize)> {
    let messages = parts.iter().filter(|part| part.kind == Kind::Message).take(MAX_NESTED_MESSAGES);
    let mut nested: Vec<_> = messages
        .map(|part| (part.transfer.decode(part.body_of(source), MAX_DECODED).into_owned(), depth))
        .collect();
    nested.reverse();
    nested
}

fn append(text: &mut String, source: &[u8], parts: &[Part], list: &[Choice]) {
    for choice in list {
        if text.len() >= MAX_TEXT {
            break;
        }
        let mut plain = String::new();
        for part in choice.plain.iter().filter_map(|index| parts.get(*index)) {
            let words = plain_text(source, part);
            let words = words.trim();
            // Some programs send HTML under the name of plain text.
            let start = clip_bytes(words, 14).to_ascii_lowercase();
            if start.starts_with("<html") || start.starts_with("<!doctype html") {
                paragraph(&mut plain, &html::text(words, MAX_TEXT));
            } else {
                paragraph(&mut plain, words);
            }
        }
        if plain.len() < EXCUSE {
            let mut rich = String::new();
            for part in choice.html.iter().filter_map(|index| parts.get(*index)) {
                paragraph(&mut rich, &html::text(&decoded(source, part), MAX_TEXT));
            }
            if plain.is_empty() || rich.len() > plain.len() * 3 {
                plain = rich;
            }
        }
        paragraph(text, &plain);
    }
}

fn paragraph(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(clip_bytes(more, MAX_TEXT));
}

/// A text part's characters, whatever its transfer encoding and charset.
pub(super) fn decoded<'a>(source: &'a [u8], part: &Part) -> Cow<'a, str> {
    let label = part.media.parameter("charset");
    let bytes = part.transfer.decode(part.body_of(source), MAX_DECODED);
    let declared = match label {
        None if part.media.kind == "text/html" => charset::declared_in_html(&bytes),
        _ => None,
    };
    let label = declared.as_deref().or(label);
    match bytes {
        Cow::Borrowed(bytes) => charset::decode(bytes, label),
        Cow::Owned(bytes) => Cow::Owned(charset::decode(&bytes, label).into_owned()),
    }
}

/// A plain part with its lines ended by `\n` and, where it says so, its soft line ends joined.
pub(super) fn plain_text(source: &[u8], part: &Part) -> String {
    let text = decoded(source, part);
    let flowed = part.media.parameter("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed"));
    let join = part.media.parameter("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes"));
    let mut plain = String::with_capacity(text.len());
    for line in text.split('\n') {
        let line = line.trim_end_matches('\r');
        // RFC 3676: a space before the line end means that the paragraph goes on; quotes stay as they are.
        let soft = flowed && line.ends_with(' ') && line != "-- " && !line.starts_with('>');
        let kept = if soft && join { line.trim_end_matches(' ') } else { line };
        plain.extend(kept.chars().filter(|c| *c != '\0'));
        if !soft {
            plain.push('\n');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// At most `limit` bytes of `text`, whole characters.
pub(super) fn clip_bytes(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or(text)
}
