//! "Did you mean": the nearest word the index knows, for a search that found nothing.

use rusqlite::{Connection, params};

use deskbell_domain::text::separate;

use super::parse::{Mark, Query};
use crate::StoreError;

/// Words with the same beginning that are compared.
const COMPARED: u32 = 5_000;
/// Letters that are taken to be right. Each word looked at costs as much as it is common.
const BEGINNING: usize = 2;

/// The query with its unknown words replaced by known ones; `None` where none is near.
pub(crate) fn suggest(c: &Connection, query: &Query) -> Result<Option<String>, StoreError> {
    let mut words = Vec::with_capacity(query.marks.len());
    let mut corrected = false;
    for mark in &query.marks {
        let near = if is_known(c, mark)? { None } else { nearest(c, &mark.word)? };
        corrected |= near.is_some();
        words.push(near.unwrap_or_else(|| mark.word.clone()));
    }
    Ok(corrected.then(|| words.join(" ")))
}

fn is_known(c: &Connection, mark: &Mark) -> Result<bool, StoreError> {
    if mark.prefix {
        let mut begun =
            c.prepare_cached("SELECT 1 FROM message_word WHERE term >= ?1 AND term < ?2")?;
        return Ok(begun.exists([&mark.word, &format!("{}\u{10ffff}", mark.word)])?);
    }
    // The list of words would count how often this one comes; the index stops at the first.
    let mut word =
        c.prepare_cached("SELECT 1 FROM message_text WHERE message_text MATCH ?1 LIMIT 1")?;
    Ok(word.exists([format!("\"{}\"", separate(&mark.word).trim())])?)
}

fn nearest(c: &Connection, word: &str) -> Result<Option<String>, StoreError> {
    let letters = word.chars().count();
    if letters < 4 {
        return Ok(None);
    }
    let allowed = if letters < 7 { 1 } else { 2 };
    let first: String = word.chars().take(BEGINNING).collect();
    let last = format!("{first}\u{10ffff}");
    let mut statement =
        c.prepare_cached("SELECT term FROM message_word WHERE term >= ?1 AND term < ?2 LIMIT ?3")?;
    let mut rows = statement.query(params![first, last, COMPARED])?;
    let mut best: Option<(usize, String)> = None;
    while let Some(row) = rows.next()? {
        let term: String = row.get(0)?;
        if term.chars().count().abs_diff(letters) > allowed {
            continue;
        }
        let distance = strsim::damerau_levenshtein(word, &term);
        if distance <= allowed && best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, term));
        }
    }
    Ok(best.map(|(_, term)| term))
}
