//! Text as lists show it: subjects without reply marks, previews of one line.

use std::borrow::Cow;

/// Reply and forward marks in the languages mail programs write them in.
const MARKS: [&str; 20] = [
    "re", "fw", "fwd", "aw", "wg", "sv", "vs", "antw", "doorst", "tr", "rv", "res", "enc", "odp",
    "pd", "ynt", "ilt", "回复", "转发", "r",
];

/// The subject without `Re:`, `AW:`, `Fwd:`, `Re[2]:` and the like, white space folded.
pub fn base_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((mark, after)) = rest.split_once([':', '：']) {
        let word = mark.trim().split(['[', '(']).next().unwrap_or_default().trim();
        if !MARKS.contains(&word.to_lowercase().as_str()) {
            break;
        }
        rest = after.trim_start();
    }
    fold(rest)
}

/// Runs of white space as one space, control and invisible characters dropped.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = !folded.is_empty();
        } else if !is_invisible(c) {
            if gap {
                folded.push(' ');
                gap = false;
            }
            folded.push(c);
        }
    }
    folded
}

/// The first `limit` characters, ended with an ellipsis where something was cut.
pub fn clip(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => {
            let mut clipped = text.get(..end).unwrap_or(text).trim_end().to_owned();
            clipped.push('…');
            clipped
        }
    }
}

/// The text as the search index reads it: characters of scripts written without spaces stand apart, so that
/// a word is found inside a sentence by the run of its characters; Greek loses its accents, which the index
/// takes from Latin letters only.
pub fn separate(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|c| is_unspaced(c) || without_tonos(c) != c) {
        return Cow::Borrowed(text);
    }
    let mut apart = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if is_unspaced(c) {
            apart.push(' ');
            apart.push(c);
            apart.push(' ');
        } else {
            apart.push(without_tonos(c));
        }
    }
    Cow::Owned(apart)
}

/// A Greek letter without tonos and dialytika; any other character as it is.
fn without_tonos(c: char) -> char {
    match c {
        'ά' | 'Ά' => 'α',
        'έ' | 'Έ' => 'ε',
        'ή' | 'Ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' | 'Ί' | 'Ϊ' => 'ι',
        'ό' | 'Ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' | 'Ύ' | 'Ϋ' => 'υ',
        'ώ' | 'Ώ' => 'ω',
        _ => c,
    }
}

/// Whether a character belongs to a script written without spaces between words: Han, Hiragana, Katakana.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Control characters, soft hyphens, joiners used as padding by newsletters, and bidi overrides, which
/// could make a list row read backwards.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reply_marks_of_many_languages_fall_away() {
        for subject in ["Re: Fern", "AW: WG: Fern", "Re[2]: Fern", "RE:FW: Fern", "Ynt: Fern"] {
            assert_eq!(base_subject(subject), "Fern", "{subject}");
        }
        assert_eq!(base_subject("Regarding: Fern"), "Regarding: Fern", "a word is not a mark");
        assert_eq!(base_subject("16:30 works"), "16:30 works", "a time is not a mark");
    }

    #[test]
    fn padding_of_newsletters_does_not_reach_the_preview() {
        assert_eq!(fold("Sale\u{200c} \u{ad}\u{34f}\u{200b}  now\r\n on"), "Sale now on");
    }

    #[test]
    fn only_scripts_without_spaces_are_taken_apart() {
        assert_eq!(separate("旅行 ok"), " 旅  行  ok");
        assert!(matches!(separate("Grüße"), Cow::Borrowed(_)), "spaced scripts stay as they are");
        assert_eq!(separate("Καλημέρα"), "Καλημερα");
    }

    #[test]
    fn clipping_respects_characters() {
        assert_eq!(clip("naïve café", 5), "naïve…");
        assert_eq!(clip("kurz", 5), "kurz");
    }
}
