//! "Did you mean": the nearest word the index knows, for a search that found nothing.

use rusqlite::Connection;

use deskbell_domain::text::separate;

use super::parse::{Mark, Query};
use crate::StoreError;

/// First letters that are taken to be right, most of them first: the fewer, the more words there are to
/// compare, and each costs as much to look at as it is common.
const BEGINNINGS: [usize; 4] = [4, 3, 2, 1];
/// How much is looked at for one word, counted in occurrences of the words compared: 5 to 10 ms. By a clock the same
/// search would be answered now with one word and now with another.
const EFFORT: i64 = 300_000;
/// What comparing a word costs beside counting where it occurs.
const COMPARING: i64 = 64;

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

/// The known word nearest to an unknown one: among those that begin as it does in its first letters, then
/// among those that share fewer of them, as far as [`EFFORT`] goes.
fn nearest(c: &Connection, word: &str) -> Result<Option<String>, StoreError> {
    let letters = word.chars().count();
    if letters < 4 {
        return Ok(None);
    }
    let mut left = EFFORT;
    for shared in BEGINNINGS {
        let first: String = word.chars().take(shared).collect();
        let best = nearest_of(c, word, &first, &mut left)?;
        if best.is_some() || left <= 0 {
            return Ok(best);
        }
    }
    Ok(None)
}

fn nearest_of(
    c: &Connection,
    word: &str,
    first: &str,
    left: &mut i64,
) -> Result<Option<String>, StoreError> {
    let letters = word.chars().count();
    let allowed = if letters < 7 { 1 } else { 2 };
    let mut statement =
        c.prepare_cached("SELECT term, cnt FROM message_word WHERE term >= ?1 AND term < ?2")?;
    let mut rows = statement.query([first, &format!("{first}\u{10ffff}")])?;
    let mut best: Option<(usize, String)> = None;
    while let Some(row) = rows.next()? {
        let term: String = row.get(0)?;
        if term.chars().count().abs_diff(letters) <= allowed {
            let distance = strsim::damerau_levenshtein(word, &term);
            if distance <= allowed && best.as_ref().is_none_or(|(least, _)| distance < *least) {
                best = Some((distance, term));
            }
        }
        *left -= row.get::<_, i64>(1)? + COMPARING;
        if *left <= 0 {
            break;
        }
    }
    Ok(best.map(|(_, term)| term))
}
