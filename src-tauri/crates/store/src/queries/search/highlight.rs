//! Marking what matched. The index keeps no text, so words are folded here as its tokenizer folds them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use deskbell_domain::text::is_unspaced;

use super::parse::Mark;

/// A stretch of text that matches, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The text.
    pub text: String,
    /// It matches.
    pub hit: bool,
}

/// Characters a snippet shows, and how many of them before the match.
const SNIPPET: usize = 160;
const BEFORE: usize = 16;

/// The words of a text, folded: runs of letters and digits.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    words(text).map(|(_, word)| fold(word)).collect()
}

/// The words of a text and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    let mut offset = 0;
    std::iter::from_fn(move || {
        let begin = rest.find(is_word)?;
        let from = rest.get(begin..)?;
        let length = from.find(|c| !is_word(c)).unwrap_or(from.len());
        let (word, after) = from.split_at_checked(length)?;
        let start = offset + begin;
        offset = start + length;
        rest = after;
        Some((start, word))
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Whether a word of the text begins with these letters, which are folded.
pub(crate) fn has_beginning(text: &str, beginning: &str) -> bool {
    words(text).any(|(_, word)| {
        if word.is_ascii() {
            let head = word.as_bytes().get(..beginning.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(beginning.as_bytes()))
        } else {
            fold(word).starts_with(beginning)
        }
    })
}

fn matches(word: &str, marks: &[Mark]) -> bool {
    if word.is_ascii() {
        // Most words of most mail; nothing is made of them. A word of an unspaced script is never in one.
        return marks.iter().any(|mark| {
            let (word, wanted) = (word.as_bytes(), mark.word.as_bytes());
            let head = if mark.prefix { word.get(..wanted.len()) } else { Some(word) };
            head.is_some_and(|head| head.eq_ignore_ascii_case(wanted))
        });
    }
    let folded = fold(word);
    marks.iter().any(|mark| {
        if mark.word.chars().any(is_unspaced) {
            folded.contains(&mark.word)
        } else if mark.prefix {
            folded.starts_with(&mark.word)
        } else {
            folded == mark.word
        }
    })
}

/// The whole text with its matches marked.
pub(crate) fn mark(text: &str, marks: &[Mark]) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let mut shown = 0;
    let mut push = |text: Option<&str>, hit: bool| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            fragments.push(Fragment { text: text.to_owned(), hit });
        }
    };
    for (start, word) in words(text) {
        if matches(word, marks) {
            push(text.get(shown..start), false);
            push(Some(word), true);
            shown = start + word.len();
        }
    }
    push(text.get(shown..), false);
    fragments
}

/// The words around the first match; `None` where nothing in the text matches.
pub(crate) fn snippet(text: &str, marks: &[Mark]) -> Option<Vec<Fragment>> {
    let (at, _) = words(text).find(|(_, word)| matches(word, marks))?;
    let head = text.get(..at)?;
    let start = head.char_indices().rev().nth(BEFORE).map_or(0, |(index, _)| {
        // From the beginning of a word.
        head.get(index..).and_then(|part| part.find(' ')).map_or(index, |gap| index + gap + 1)
    });
    let window: String = text.get(start..)?.chars().take(SNIPPET).collect();
    let mut shown = deskbell_domain::text::fold(&window);
    if start > 0 {
        shown.insert(0, '…');
    }
    Some(mark(&shown, marks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str, prefix: bool) -> Vec<Mark> {
        vec![Mark { word: word.into(), prefix }]
    }

    #[test]
    fn a_match_without_its_accents_is_marked_with_them() {
        let marked = mark("Grüße, Señora Calderón!", &word("calderon", false));
        assert_eq!(marked[1], Fragment { text: "Calderón".into(), hit: true });
    }

    #[test]
    fn a_snippet_begins_at_a_word_and_holds_the_match() {
        let text = format!("{} the botanical fern on my shoulder", "filler ".repeat(200));
        let marked = snippet(&text, &word("bota", true)).expect("it matches");
        assert!(marked.iter().any(|f| f.hit && f.text == "botanical"), "{marked:?}");
        assert!(marked[0].text.starts_with("…filler"), "{marked:?}");
    }
}
