//! Letters of any script, and what a reader must find in them.

use bytes::Bytes;
use mail_parser::{Message, MimeHeaders as _};
use proptest::prelude::*;

use deskbell_domain::outgoing::{Composition, OutgoingFile};
use deskbell_engine::compose::text_of;

use crate::desk::{Letter, person};

/// Characters that give mail programs trouble, and some that do not.
const WORD: &str = "[a-zA-Z0-9äöüßéñçøłžāğışÀ-ÿ漢字ひらがなカタカナ한국어العربيةעבריתไทยहिन्दीΕλλάδαРусский😀👩‍👧✂️=?_@<>\\\\\"'(),;:.!#$%&*+/^`{|}~-]{1,14}";

fn words(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(WORD, 1..most).prop_map(|words| words.join(" "))
}

fn names() -> impl Strategy<Value = String> {
    // A reader trims and folds white space; a name in angle brackets reads as no name.
    words(4).prop_map(|name| name.trim().to_owned())
}

fn file_names() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9äöü漢字한국어العربية😀 =?_@'(),;!#$%&+^`{}~-]{1,60}\\.(pdf|png|txt)"
        .prop_map(|name| name.trim().to_owned())
}

fn texts() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        words(30),
        Just(String::new()),
        Just("From here".to_owned()),
        Just(".".to_owned()),
        Just(" indented".to_owned()),
        Just("> quoted".to_owned()),
        Just("-- ".to_owned()),
        Just("=20".to_owned()),
        Just("x".repeat(1_200)),
    ];
    proptest::collection::vec(line, 1..8).prop_map(|lines| lines.join("\n"))
}

fn people() -> impl Strategy<Value = Vec<deskbell_domain::Address>> {
    let address = prop_oneof![
        "[a-z]{1,10}[.+_-][a-z0-9]{1,10}@[a-z]{1,10}\\.example",
        Just("用户@例子.example".to_owned()),
        Just("jörg@müller.example".to_owned()),
    ];
    let one = (proptest::option::of(names()), address)
        .prop_map(|(name, address)| person(name.as_deref().unwrap_or_default(), &address));
    proptest::collection::vec(one, 1..5)
}

fn files() -> impl Strategy<Value = Vec<(OutgoingFile, Bytes)>> {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..400),
        Just(b"lines\nended\r\nin\rmany ways\n\n".to_vec()),
        Just(Vec::new()),
    ];
    let kind = prop_oneof![
        Just("application/pdf"),
        Just("text/plain"),
        Just("image/png"),
        Just("multipart/mixed"),
        Just("not a type"),
    ];
    let one = (file_names(), kind, bytes).prop_map(|(name, kind, bytes)| {
        // A reader decodes what says it is text.
        let is_text = kind == "text/plain" && std::str::from_utf8(&bytes).is_err();
        let kind = if is_text { "application/octet-stream" } else { kind };
        crate::desk::file(&name, kind, None, &bytes)
    });
    proptest::collection::vec(one, 0..4)
}

pub fn letters() -> impl Strategy<Value = Letter> {
    let html = proptest::option::of(words(20).prop_map(|words| {
        let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("<p>{words}</p>")
    }));
    (people(), people(), words(12), texts(), html, files(), proptest::option::of(names())).prop_map(
        |(to, cc, subject, text, html, files, name)| {
            let from = person(name.as_deref().unwrap_or_default(), "desk@studio.example");
            let composition = Composition {
                from: Some(from),
                to,
                cc,
                subject,
                text,
                html,
                in_reply_to: Some("parent@x.example".into()),
                references: vec!["root@x.example".into(), "parent@x.example".into()],
                ..Composition::default()
            };
            Letter { composition, files }
        },
    )
}

/// The text as its reader is to see it: quotes marked alike, no white space at the ends of lines, and what
/// was broken softly joined again.
pub fn tidy(written: &Composition) -> String {
    let text = match &written.html {
        Some(html) if written.text.trim().is_empty() => text_of(html),
        _ => written.text.clone(),
    };
    let lines: Vec<String> = text.split('\n').map(marked).collect();
    lines.join("\n").trim_end().to_owned()
}

/// A line with the marks of its quotation in one form: `>>a`, `> > a` and `>> a` are the same quotation.
fn marked(line: &str) -> String {
    let (mut level, mut rest) = (0, line);
    loop {
        let next = if level > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
        let Some(after) = next.strip_prefix('>') else { break };
        (level, rest) = (level + 1, after);
    }
    let words = if level > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
    let words = if words == "-- " { words } else { words.trim_end() };
    let space = if level > 0 && !words.is_empty() { " " } else { "" };
    format!("{}{space}{words}", ">".repeat(level))
}

/// What a reader that knows RFC 3676 makes of it.
pub fn unflow(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for raw in text.split('\n') {
        let level = raw.bytes().take_while(|byte| *byte == b'>').count();
        let rest = raw.get(level..).unwrap_or_default();
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        match out.last_mut() {
            Some(last) if open && last.0 == level && rest != "-- " => last.1.push_str(rest),
            _ => out.push((level, rest.to_owned())),
        }
        open = rest.ends_with(' ') && rest != "-- ";
    }
    let lines: Vec<String> = out
        .into_iter()
        .map(|(level, line)| {
            let space = if level > 0 && !line.is_empty() { " " } else { "" };
            format!("{}{space}{line}", ">".repeat(level))
        })
        .collect();
    lines.join("\n").trim_end().to_owned()
}

/// Fails unless the message says what was written.
pub fn read_back(message: &Message<'_>, letter: &Letter) {
    let written = &letter.composition;
    assert_eq!(message.subject(), Some(written.subject.as_str()), "the subject");
    assert_eq!(message.message_id(), Some("the-token@studio.example"), "the token");
    assert_eq!(message.in_reply_to().as_text(), Some("parent@x.example"), "the parent");
    let references = message.references().as_text_list().unwrap_or_default();
    assert_eq!(references, ["root@x.example", "parent@x.example"], "the thread");
    for (field, people) in [("To", &written.to), ("Cc", &written.cc)] {
        let found = if field == "To" { message.to() } else { message.cc() };
        let found: Vec<(Option<String>, String)> = found
            .map(|list| {
                list.iter()
                    .map(|one| {
                        let address = one.address().unwrap_or_default().to_owned();
                        (one.name().map(str::to_owned), address)
                    })
                    .collect()
            })
            .unwrap_or_default();
        let wanted: Vec<(Option<String>, String)> =
            people.iter().map(|one| (one.name.clone(), one.address.clone())).collect();
        assert_eq!(found, wanted, "{field}");
    }
    let text = message.body_text(0).expect("a text");
    assert_eq!(unflow(&text), tidy(written), "the text");
    if let Some(html) = &written.html {
        let found = message.body_html(0).expect("a page").into_owned();
        assert!(found.contains(html.as_str()), "the page: {found}");
    }
    let found: Vec<(String, Vec<u8>)> = message
        .attachments()
        .map(|part| {
            (part.attachment_name().unwrap_or_default().to_owned(), part.contents().to_vec())
        })
        .collect();
    let wanted: Vec<(String, Vec<u8>)> =
        letter.files.iter().map(|(file, bytes)| (file.name.clone(), bytes.to_vec())).collect();
    assert_eq!(found, wanted, "the files");
}
