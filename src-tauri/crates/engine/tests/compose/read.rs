//! What a reader must find in a letter.

use mail_parser::{Address as Found, Message, MimeHeaders as _};

use deskbell_domain::outgoing::Composition;
use deskbell_engine::compose::text_of;

use crate::desk::Letter;
use crate::letters::{in_a_text, named, on_one_line, wanted_files};

/// The text as its reader is to see it: quotes marked alike, no white space at the ends of lines, and what
/// was broken softly joined again.
pub fn tidy(written: &Composition) -> String {
    let text = match &written.html {
        Some(html) if written.text.trim().is_empty() => text_of(html),
        _ => written.text.clone(),
    };
    let text = in_a_text(&text);
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
    let subject = message.subject().unwrap_or_default();
    assert_eq!(subject, on_one_line(&written.subject), "the subject");
    assert_eq!(message.message_id(), Some("the-token@studio.example"), "the token");
    assert_eq!(message.in_reply_to().as_text(), Some("parent@x.example"), "the parent");
    let references = message.references().as_text_list().unwrap_or_default();
    assert_eq!(references, ["root@x.example", "parent@x.example"], "the thread");
    for (field, found, people) in [
        ("From", message.from(), written.from.as_slice()),
        ("To", message.to(), &written.to),
        ("Cc", message.cc(), &written.cc),
        ("Reply-To", message.reply_to(), &written.reply_to),
        ("Bcc", message.bcc(), &[]),
    ] {
        let wanted: Vec<(String, String)> =
            people.iter().map(|one| (named(one), one.address.clone())).collect();
        assert_eq!(found.map(people_of).unwrap_or_default(), wanted, "{field}");
    }
    let text = message.body_text(0).expect("a text");
    assert_eq!(unflow(&text), tidy(written), "the text");
    if let Some(html) = &written.html {
        let found = message.body_html(0).expect("a page").replace("\r\n", "\n");
        assert!(found.contains(&in_a_text(html)), "the page: {found}");
    }
    let found: Vec<(String, Vec<u8>)> = message
        .attachments()
        .map(|part| {
            (part.attachment_name().unwrap_or_default().to_owned(), part.contents().to_vec())
        })
        .collect();
    let wanted = wanted_files(letter);
    let wanted: Vec<(String, Vec<u8>)> =
        wanted.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
    assert_eq!(found, wanted, "the files");
}

fn people_of(list: &Found<'_>) -> Vec<(String, String)> {
    list.iter()
        .map(|one| {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            (text(one.name()), text(one.address()))
        })
        .collect()
}
