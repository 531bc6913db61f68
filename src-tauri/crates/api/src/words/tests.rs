//! The catalogue holds what the core says, and both languages hold the catalogue.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;
use crate::dto::{ApiError, Code};

fn names(english: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut left = english;
    while let (_, Some((name, rest))) = split_name(left) {
        names.insert(name.to_owned());
        left = rest;
    }
    names
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// Key and text of every message of a language.
fn locale(tag: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(repository().join(format!("ui/locales/{tag}.ftl"))).unwrap();
    let messages = text.lines().filter_map(|line| line.split_once(" = "));
    messages.map(|(key, text)| (key.to_owned(), text.to_owned())).collect()
}

/// All codes; a new one does not compile until it is listed.
macro_rules! codes {
    ($($code:ident)*) => {{
        let listed = |code| match code { $(Code::$code)|* => () };
        let all = [$(Code::$code),*];
        all.into_iter().for_each(listed);
        all
    }};
}

#[test]
fn every_sentence_and_every_code_has_words_in_both_languages() {
    let codes = codes!(Invalid SignIn Certificate Offline Rejected NoSender Duplicate NotFound ReadOnly Storage Internal);
    for tag in ["en", "de"] {
        let messages = locale(tag);
        let text =
            |key: &str| messages.iter().find(|(known, _)| known == key).map(|(_, text)| text);
        for (key, english) in sentences() {
            let text = text(&format!("said-{key}"))
                .unwrap_or_else(|| panic!("{tag} has no words for said-{key}"));
            let put: BTreeSet<String> = text
                .split("{ $")
                .skip(1)
                .filter_map(|rest| Some(rest.split_once(" }")?.0.to_owned()))
                .collect();
            assert_eq!(put, names(english), "{tag}: said-{key} names what its sentence names");
        }
        for code in codes {
            let word = serde_json::to_value(code).unwrap();
            let key = format!("failed-{}", word.as_str().unwrap());
            assert!(text(&key).is_some(), "{tag} has no words for {key}");
        }
        let known: BTreeSet<String> = sentences().map(|(key, _)| format!("said-{key}")).collect();
        let left: Vec<&String> = messages
            .iter()
            .map(|(key, _)| key)
            .filter(|key| key.starts_with("said-") && !known.contains(*key))
            .collect();
        assert!(left.is_empty(), "{tag} has words nobody says: {left:?}");
    }
}

#[test]
fn every_sentence_is_known_again() {
    for (key, english) in sentences() {
        let mut text = (*english).to_owned();
        for name in names(english) {
            text = text.replace(&format!("{{{name}}}"), &format!("<{name}>"));
        }
        for text in [text.clone(), crate::error::sentence(&text)] {
            let found = said(&text).unwrap_or_else(|| panic!("{text} is not known"));
            assert_eq!(&found.key, key, "{text}");
            for name in names(english) {
                let part = SaidPart::Text(format!("<{name}>"));
                assert_eq!(found.parts.get(&name), Some(&part), "{text}");
            }
        }
    }
}

#[test]
fn sentences_within_sentences_are_known_too() {
    let text = "The sign-in was refused: check the user name and the password; many providers want an app password (No such user.). Enter the password again.";
    let found = said(text).unwrap();
    assert_eq!(found.key, "enter-password");
    let Some(SaidPart::Said(why)) = found.parts.get("why") else { panic!("{found:?}") };
    assert_eq!(why.key, "sign-in-refused");
    let Some(SaidPart::Said(check)) = why.parts.get("why") else { panic!("{why:?}") };
    assert_eq!(check.key, "check-password");
    assert_eq!(
        check.parts.get("words"),
        Some(&SaidPart::Text("No such user.".into())),
        "the server's own words"
    );
}

#[test]
fn all_that_can_be_said_of_a_damaged_database_is_known() {
    let text = "Deskbell's database was damaged and is set aside as /p/deskbell.damaged-1.db. 2 of your accounts were kept, \
        with what you wrote, filed and put off, and their mail is fetched anew. Some drafts or messages that waited to be \
        sent could not be read. Some of what you filed or put off here could not be read. Some of the imported mail could \
        not be read; import it again. Some passwords, signatures, labels, rules, templates or settings could not be read. Of the messages that waited to be sent, 3 are drafts \
        again; look whether they have left before you send them.";
    let mut next = said(text).unwrap();
    let mut keys = vec![next.key.clone()];
    while let Some(SaidPart::Said(inner)) = next.parts.get("kept").cloned() {
        next = inner;
        keys.push(next.key.clone());
    }
    assert_eq!(
        keys,
        ["taken-back", "lost-choices", "lost-imports", "lost-filing", "lost-writing", "set-aside"]
    );
    let path = SaidPart::Text("/p/deskbell.damaged-1.db".into());
    assert_eq!(next.parts.get("path"), Some(&path), "{next:?}");
}

#[test]
fn the_words_of_others_are_left_as_they_are() {
    for text in ["", "Mailbox quota exceeded, call +49 69 1234", "the disk", "not reachable: "] {
        assert_eq!(said(text), None, "{text:?}");
    }
    assert_eq!(ApiError::new(Code::Internal, "Something else.").said, None);
}

/// Sentences that no person at the window meets, each for its reason.
const UNMET: &[&str] = &[
    // What Microsoft is asked for, and what a fuzzed reader holds to: no sentence.
    "receivedDateTime lt {} and flag/flagStatus eq 'flagged'",
    "a name survives the way and back",
    // A window that asks wrongly is our own mistake, and is shown as one.
    "There is no command “{name}”",
    "An answer cannot be written: {error}",
    "The form is not complete",
    "There is no view “{word}”; there are {views}",
    "This is not a cursor of a page before",
    "“{text}” is not the id of anything here",
    "Ask for 1 to {LARGEST_PAGE} rows",
    "This is not a cursor of a step before",
    "Choose a colour from 0 to {}",
    "Ask for 1 to {MOST} people",
    "Say which message this is about",
    "“{word}” is no way to write; there are new, reply, reply_all, forward and forward_attached",
    "“{word}” is not in the outbox; there are queued, sending, unknown and rejected",
    // Pictures are served, or show as a file.
    "is too large to be shown here. Save it instead",
    "is no picture that can be shown here. Save it instead",
    "is damaged: its size cannot be read. Save it instead",
    "has too many pixels to be shown here. Save it instead",
    // Stands in a file.
    "This export was interrupted. Export into this directory again: the folders named here are then made anew",
    // `bell doctor` and a start that opens no window.
    "damaged; the next start sets it aside and fetches your mail anew ({})",
    "passwords can be kept",
    "there is no directory for your data here; name one with --profile DIR",
    "this Deskbell has no provider “{other}”",
    "it did not answer",
    "There is no label “{name}”; `bell label list` shows them",
    // A label that is refused is kept here, and nobody is told.
    "[CANNOT] this mailbox keeps no keywords of its clients",
    // Turned into another error before anyone hears of it.
    "the server refused: {text}",
    "the server did not understand: {text}",
    "the server ended the connection: {text}",
    "the numbering of the mailbox changed",
    "the mailbox is gone",
    // Every desk but a test's can.
    "This Deskbell cannot sign in in the browser",
    "This Deskbell cannot wait for an answer of the browser",
    // Looked for in what a server says.
    "not allowed to send as",
    // A name in Health, not a sentence.
    "all mail including spam and trash",
];

/// The folders whose sentences reach a person, from the crates' own.
const SPEAKERS: &[&str] = &[
    "api/src/handlers",
    "api/src/preset",
    "desk/src",
    "domain/src/port.rs",
    "domain/src/settings",
    "engine/src/error.rs",
    "engine/src/ingest/mod.rs",
    "engine/src/pass.rs",
    "providers/src/archive",
    "providers/src/graph",
    "providers/src/imap",
    "providers/src/net",
    "providers/src/oauth",
    "providers/src/smtp/envelope.rs",
    "providers/src/smtp/reply.rs",
    "store/src/error.rs",
];

#[test]
fn every_sentence_a_person_can_meet_is_in_the_catalogue() {
    let crates = repository().join("src-tauri/crates");
    let mut files = Vec::new();
    for speaker in SPEAKERS {
        sources(&crates.join(speaker), &mut files);
    }
    assert!(files.len() > 30, "the sources were found");
    let mut unknown = BTreeSet::new();
    let mut known = 0;
    for file in files {
        for text in literals(&std::fs::read_to_string(&file).unwrap()) {
            let text = text.strip_suffix('.').unwrap_or(&text).to_owned();
            if UNMET.contains(&text.as_str()) {
                continue;
            }
            if said(&named(&text)).is_some() {
                known += 1;
            } else {
                unknown.insert(format!("{}: {text}", file.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "put these into words/catalogue.rs and the window's languages:\n{unknown:#?}"
    );
    assert!(known > 90, "only {known} sentences were found");
}

fn sources(path: &Path, files: &mut Vec<PathBuf>) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    if name.contains("test") || name == "conformance.rs" {
        return;
    }
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            sources(&entry.unwrap().path(), files);
        }
    } else if name.ends_with(".rs") {
        files.push(path.to_owned());
    }
}

/// The literals of a source that read like sentences: words with spaces between, outside tests, comments and logs.
fn literals(source: &str) -> Vec<String> {
    let product = source.split("#[cfg(test)]").next().unwrap();
    let mut code = String::new();
    for line in product.lines() {
        let line = line.trim();
        let continued = code.ends_with('\\');
        if continued {
            code.pop();
        }
        if !line.starts_with("//") {
            code.push_str(line);
            code.push_str(if line.ends_with('\\') { "" } else { "\n" });
        }
    }
    let mut found = Vec::new();
    let mut left = code.as_str();
    while let Some((before, rest)) = left.split_once('"') {
        let Some(end) = literal_end(rest) else { break };
        let (text, after) = rest.split_at(end);
        left = after.strip_prefix('"').unwrap_or_default();
        let statement = before.rsplit([';', '}', '{']).next().unwrap_or_default();
        let of_no_person = statement.contains("tracing::") || statement.contains("reason =");
        let is_sentence = text.matches(' ').count() >= 3
            && text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '{' | '“'))
            && text.split(' ').any(|word| word.len() > 2 && word.chars().all(char::is_lowercase))
            && !text.contains("\\\"\\\"");
        if is_sentence && !of_no_person {
            found.push(text.replace("\\\"", "\""));
        }
    }
    found
}

fn literal_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// A format string with something in every place.
fn named(text: &str) -> String {
    let mut out = String::new();
    let mut left = text;
    while let (words, Some((_, rest))) = split_name(left) {
        out.push_str(words);
        out.push_str("<it>");
        left = rest;
    }
    out + left
}
