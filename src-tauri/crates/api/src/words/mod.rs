//! What the core says, taken apart again: the key of a sentence and what was put into it, for a window that speaks
//! another language.
//!
//! The crates below speak English to logs, terminals and the history in the database, where a sentence must still be
//! readable next year. The window's language is looked up by sentence, as gettext does it. What is not in the
//! catalogue (a server's own words) is no sentence of ours and stays as it came.

mod catalogue;
mod catalogue_accounts;
mod catalogue_fates;
mod catalogue_gmail;
mod catalogue_graph;
mod catalogue_sending;
mod catalogue_servers;

use std::collections::BTreeMap;

use crate::dto::{Said, SaidPart};
use catalogue::SENTENCES;
use catalogue_accounts::ACCOUNTS;
use catalogue_fates::FATES;
use catalogue_gmail::GMAIL;
use catalogue_graph::GRAPH;
use catalogue_sending::SENDING;
use catalogue_servers::SERVERS;

/// Sentences within sentences are taken apart this deep.
const DEPTH: usize = 5;

/// The sentence behind a text; `None` where it is none of ours.
pub(crate) fn said(text: &str) -> Option<Said> {
    take_apart(text, DEPTH)
}

/// Every sentence of the catalogue.
fn sentences() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    SENTENCES
        .iter()
        .chain(ACCOUNTS)
        .chain(FATES)
        .chain(GMAIL)
        .chain(GRAPH)
        .chain(SENDING)
        .chain(SERVERS)
}

/// As [`said`], of a text that may be absent.
pub(crate) fn said_of(text: Option<&str>) -> Option<Said> {
    text.and_then(said)
}

fn take_apart(text: &str, depth: usize) -> Option<Said> {
    let text = text.strip_suffix('.').unwrap_or(text);
    // The most of its own words wins: a sentence that only frames another is tried after those it might frame.
    let found = sentences()
        .filter_map(|(key, english)| Some((key, english, filled(english, text)?)))
        .max_by_key(|(_, english, parts)| {
            let names: usize = parts.iter().map(|(name, _)| name.len() + 2).sum();
            english.len() - names
        });
    let (key, _, parts) = found?;
    let parts = parts.into_iter().map(|(name, value)| {
        let inner = depth.checked_sub(1).and_then(|depth| take_apart(value, depth));
        let part = inner.map_or_else(|| SaidPart::Text(value.into()), SaidPart::Said);
        (name.to_owned(), part)
    });
    Some(Said { key: (*key).into(), parts: parts.collect::<BTreeMap<_, _>>() })
}

/// What stands in a text where its sentence has names; `None` if the text is another sentence.
fn filled<'a>(english: &'a str, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let (start, rest) = split_name(english);
    let mut left = strip_start(text, start)?;
    let mut parts = Vec::new();
    let mut next = rest;
    while let Some((name, after)) = next {
        let (words, rest) = split_name(after);
        let (value, behind) = match (words, rest) {
            ("", None) => (left, ""),
            // The last words stand at the very end, whatever the value holds.
            (words, None) => (left.strip_suffix(words)?, ""),
            (words, Some(_)) => left.split_once(words)?,
        };
        if value.is_empty() {
            return None;
        }
        parts.push((name, value));
        (left, next) = (behind, rest);
    }
    left.is_empty().then_some(parts)
}

/// The words up to the first `{name}`, the name, and what follows it.
fn split_name(english: &str) -> (&str, Option<(&str, &str)>) {
    match english.split_once('{').and_then(|(words, rest)| Some((words, rest.split_once('}')?))) {
        Some((words, named)) => (words, Some(named)),
        None => (english, None),
    }
}

/// A sentence begins with a capital on its own and with a small letter inside another.
fn strip_start<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (mut found, mut wanted) = (text.chars(), start.chars());
    match wanted.next() {
        None => Some(text),
        Some(first) => {
            let same = found.next()?.to_lowercase().eq(first.to_lowercase());
            if same { found.as_str().strip_prefix(wanted.as_str()) } else { None }
        }
    }
}

#[cfg(test)]
mod tests;
