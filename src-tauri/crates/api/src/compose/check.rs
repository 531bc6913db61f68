//! What a person should look at before a message leaves. Pure.

use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingFile};

use crate::dto::Warning;
use crate::file;

/// Recipients of an answer to all, and of any message, beyond which a person is asked.
const MANY_ANSWERED: usize = 20;
const MANY: usize = 40;

/// Words that promise a file, lower case; each must stand as a word or begin one.
const PROMISES: [&str; 16] = [
    "attached",
    "attachment",
    "attaching",
    "enclosed",
    "enclosure",
    "find attached",
    "anbei",
    "im anhang",
    "angehängt",
    "angehaengt",
    "beigefügt",
    "beigefuegt",
    "in der anlage",
    "anhang",
    "beiliegend",
    "hänge ich",
];

/// What there is to look at, in the order it is asked.
pub(crate) fn warnings(
    kind: ComposeKind,
    written: &Composition,
    files: &[OutgoingFile],
) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut add = |kind: &str, detail: String| found.push(Warning { kind: kind.into(), detail });
    let own = own_words(&written.text).to_lowercase();
    let attached = files.iter().any(|file| file.content_id.is_none());
    if own.trim().is_empty() && files.is_empty() && !is_forward(kind) {
        add("empty", String::new());
    }
    if written.subject.trim().is_empty() {
        add("no_subject", String::new());
    }
    if !attached && let Some(word) = promise(&own, &written.subject) {
        add("forgotten_attachment", word.to_owned());
    }
    let people = written.recipients().count();
    if many(kind, people) {
        add("many_recipients", people.to_string());
    }
    for file in files.iter().filter(|file| is_dangerous(file)) {
        add("dangerous_file", file.name.clone());
    }
    found
}

/// Whether so many recipients should be looked at.
fn many(kind: ComposeKind, people: usize) -> bool {
    people > if kind == ComposeKind::ReplyAll { MANY_ANSWERED } else { MANY }
}

fn is_dangerous(file: &OutgoingFile) -> bool {
    matches!(
        file::risk(&file.name, &file.media_type, None),
        Some(crate::dto::Risk::Program | crate::dto::Risk::Macros)
    )
}

fn is_forward(kind: ComposeKind) -> bool {
    matches!(kind, ComposeKind::Forward | ComposeKind::ForwardAttached)
}

/// The text without what it quotes.
pub(crate) fn own_words(text: &str) -> String {
    let mut own = String::new();
    for line in text.lines() {
        if line.starts_with('>') {
            continue;
        }
        // What is handed on stands below its mark.
        if line.starts_with("---------- ") && line.ends_with(" ----------") {
            break;
        }
        own.push_str(line);
        own.push('\n');
    }
    own
}

fn promise(own: &str, subject: &str) -> Option<&'static str> {
    let subject = subject.to_lowercase();
    // The subject of an answer was written by someone else.
    let subject = if subject.contains(": ") { String::new() } else { subject };
    PROMISES
        .into_iter()
        .find(|word| [own, subject.as_str()].iter().any(|text| begins_word(text, word)))
}

fn begins_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use deskbell_domain::Address;

    use super::*;

    fn written(text: &str) -> Composition {
        Composition {
            to: vec![Address { name: None, address: "mara@x.example".into() }],
            subject: "Visit".into(),
            text: text.into(),
            ..Composition::default()
        }
    }

    fn kinds(kind: ComposeKind, written: &Composition, files: &[OutgoingFile]) -> Vec<String> {
        warnings(kind, written, files).into_iter().map(|warning| warning.kind).collect()
    }

    fn file(name: &str) -> OutgoingFile {
        OutgoingFile {
            blob: [0; 32],
            name: name.into(),
            media_type: "application/octet-stream".into(),
            size: 1,
            content_id: None,
        }
    }

    #[test]
    fn a_promised_file_is_missed_in_both_languages() {
        for text in
            ["Please find the list attached.", "Anbei die Liste", "Die Liste ist im Anhang."]
        {
            assert_eq!(
                kinds(ComposeKind::New, &written(text), &[]),
                ["forgotten_attachment"],
                "{text}"
            );
            assert!(kinds(ComposeKind::New, &written(text), &[file("a.pdf")]).is_empty(), "{text}");
        }
        for text in ["See you!", "Ok.\n\nOn Monday, Mara wrote:\n> it is attached", "unattached"] {
            assert!(kinds(ComposeKind::Reply, &written(text), &[]).is_empty(), "{text}");
        }
    }

    #[test]
    fn crowds_are_asked_about() {
        let mut letter = written("Hi");
        letter.to =
            (0..21).map(|n| Address { name: None, address: format!("{n}@x.example") }).collect();
        assert_eq!(kinds(ComposeKind::ReplyAll, &letter, &[]), ["many_recipients"]);
        assert!(kinds(ComposeKind::New, &letter, &[]).is_empty(), "written on purpose");
    }

    #[test]
    fn what_lacks_and_what_is_dangerous_is_said() {
        let mut letter = written("");
        letter.subject = " ".into();
        assert_eq!(kinds(ComposeKind::New, &letter, &[]), ["empty", "no_subject"]);
        assert_eq!(
            kinds(ComposeKind::New, &written("Hi"), &[file("tool.exe")]),
            ["dangerous_file"]
        );
    }
}
