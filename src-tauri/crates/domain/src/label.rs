//! Labels: names of a person's own for conversations, and the keywords that carry them to other clients.
//!
//! Invariant: a keyword made here is an IMAP atom (RFC 3501 section 9), whatever the name; a system's own
//! keyword is never taken for a label.

/// Longest name of a label, in characters.
pub const LONGEST_NAME: usize = 60;
/// Colours of the palette a label chooses from.
pub const COLORS: u8 = 10;

/// Keywords that programs set for themselves without the `$` that RFC 5788 asks for.
const SYSTEM: [&str; 10] = [
    "junk",
    "nonjunk",
    "notjunk",
    "junkrecorded",
    "forwarded",
    "redirected",
    "mdnsent",
    "unwanted",
    "recent",
    "old",
];

/// Why a name cannot be a label's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// Nothing in it.
    #[error("Give the label a name.")]
    Empty,
    /// Longer than [`LONGEST_NAME`].
    #[error("A label's name has at most 60 characters.")]
    TooLong,
    /// A line break or another control character.
    #[error("A label's name is one line of plain text.")]
    Control,
}

/// A name as it is kept: without space around it, one space between words.
///
/// # Errors
/// What is wrong with it, for a person to read.
pub fn tidy_name(name: &str) -> Result<String, NameProblem> {
    if name.chars().any(|c| c.is_control() && !matches!(c, '\t')) {
        return Err(NameProblem::Control);
    }
    let tidy = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match tidy.chars().count() {
        0 => Err(NameProblem::Empty),
        n if n > LONGEST_NAME => Err(NameProblem::TooLong),
        _ => Ok(tidy),
    }
}

/// What two names must differ in to be two labels.
pub fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// The keyword derived from a name: letters and digits of ASCII, `_` for a run of anything else.
///
/// Different names may give the same keyword; who stores them numbers the second.
pub fn keyword(name: &str) -> String {
    let mut atom = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'ä' | 'Ä' => atom.push_str("ae"),
            'ö' | 'Ö' => atom.push_str("oe"),
            'ü' | 'Ü' => atom.push_str("ue"),
            'ß' => atom.push_str("ss"),
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') => atom.push(c),
            _ if atom.ends_with('_') => {}
            _ => atom.push('_'),
        }
    }
    let atom = atom.trim_matches('_');
    if atom.is_empty() || is_system(atom) { format!("label_{atom}") } else { atom.to_owned() }
}

/// The name shown for a keyword that another client made.
pub fn name_of_keyword(keyword: &str) -> String {
    let spaced = keyword.replace('_', " ");
    tidy_name(&crate::text::clip(&spaced, LONGEST_NAME)).unwrap_or_else(|_| keyword.to_owned())
}

/// Whether a keyword is a label of a person, and none of a system's (`$Forwarded`, `\Seen`, `NonJunk`).
pub fn is_label(keyword: &str) -> bool {
    !keyword.is_empty()
        && keyword.len() <= 200
        && keyword.bytes().all(is_atom_byte)
        && !keyword.starts_with(['$', '\\'])
        && !is_system(keyword)
}

fn is_system(keyword: &str) -> bool {
    SYSTEM.iter().any(|word| word.eq_ignore_ascii_case(keyword))
}

/// RFC 3501: an atom has no control characters, spaces, nor `( ) { % * " \ ]`.
fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'(' | b')' | b'{' | b'%' | b'*' | b'"' | b'\\' | b']')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_becomes_an_atom_another_client_can_show() {
        assert_eq!(keyword("VIP"), "VIP");
        assert_eq!(keyword("Rückruf nötig"), "Rueckruf_noetig");
        assert_eq!(keyword("50% (later)"), "50_later");
        assert_eq!(
            keyword("大事"),
            "label_",
            "a name without a Latin letter is numbered by its store"
        );
        assert_eq!(keyword("Junk"), "label_Junk", "never a system's own keyword");
        assert_eq!(name_of_keyword("Rueckruf_noetig"), "Rueckruf noetig");
    }

    #[test]
    fn what_programs_note_for_themselves_is_no_label() {
        for system in ["$Forwarded", "$label1", "\\Seen", "NonJunk", "junk", "", "two words"] {
            assert!(!is_label(system), "{system}");
        }
        assert!(is_label("Wichtig") && is_label("to-do"));
    }

    #[test]
    fn a_name_is_one_line_with_something_in_it() {
        assert_eq!(tidy_name("  two   words "), Ok("two words".into()));
        assert_eq!(tidy_name(" \t "), Err(NameProblem::Empty));
        assert_eq!(tidy_name("a\r\nb"), Err(NameProblem::Control));
        assert_eq!(tidy_name(&"x".repeat(61)), Err(NameProblem::TooLong));
    }

    proptest! {
        #[test]
        fn every_keyword_made_here_is_a_label_to_others(name in "\\PC{0,60}") {
            let keyword = keyword(&name);
            prop_assert!(is_label(&keyword), "{name:?} became {keyword:?}");
        }
    }
}
