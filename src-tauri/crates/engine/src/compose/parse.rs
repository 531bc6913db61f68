//! A draft read back from a source: one kept at the provider and written on there, or begun with another program.
//!
//! Invariant: what is read is as clean as what is written here.

use bytes::Bytes;
use mail_parser::{Address as Parsed_, MessageParser};

use deskbell_domain::outgoing::Composition;
use deskbell_domain::time::SECOND;
use deskbell_domain::{Address, Millis};

use super::clean::clean;
use super::plain::text_of;
use super::reply::{answered, thread_of};
use super::shown::shown;
use crate::ingest::{self, Opened, Piece};

/// What a source says.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Addresses, subject and text.
    pub composition: Composition,
    /// Its files.
    pub files: Vec<Attached>,
    /// When it says it was written.
    pub date: Option<Millis>,
}

/// A file of a source.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Name without any path.
    pub name: String,
    /// Media type, lower case.
    pub media_type: String,
    /// Content-ID without brackets, for an image inside the text.
    pub content_id: Option<String>,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Reads a source. Takes processor time: call it where blocking is allowed.
pub fn parse(source: &[u8]) -> Parsed {
    let opened = Opened::new(source);
    let mut html = String::new();
    let mut plain = String::new();
    for piece in opened.pieces(true) {
        match piece {
            Piece::Html(markup) => html.push_str(&clean(&markup)),
            Piece::Plain { text, flowed, .. } => {
                plain.push_str(&if flowed { joined(&text) } else { text.replace("\r\n", "\n") });
            }
        }
    }
    let rich = !html.is_empty();
    let text = if rich { text_of(&html) } else { plain.trim_end().to_owned() };
    let shown = shown(&html);
    let files = opened
        .attachments()
        .into_iter()
        .filter_map(|file| {
            let found = ingest::file(source, file.part)?;
            Some(Attached {
                name: file.name,
                media_type: file.media_type,
                content_id: file.content_id.filter(|id| shown.contains(id)),
                bytes: Bytes::from(found.bytes),
            })
        })
        .collect();
    let (_, references) = thread_of(source);
    let mut composition = Composition {
        subject: opened.subject(),
        html: rich.then_some(html),
        text,
        in_reply_to: answered(source),
        references,
        ..Composition::default()
    };
    let mut date = None;
    if let Some(message) = MessageParser::new().parse_headers(source) {
        composition.from = people(message.from()).into_iter().next();
        composition.to = people(message.to());
        composition.cc = people(message.cc());
        composition.bcc = people(message.bcc());
        composition.reply_to = people(message.reply_to());
        date = message.date().map(|date| date.to_timestamp() * SECOND);
    }
    Parsed { composition, files, date }
}

fn people(list: Option<&Parsed_<'_>>) -> Vec<Address> {
    let one = |person: &mail_parser::Addr<'_>| {
        let address = person.address()?.trim().to_owned();
        let name = person.name().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
        (!address.is_empty()).then_some(Address { name, address })
    };
    list.map(|list| list.iter().filter_map(one).collect()).unwrap_or_default()
}

/// Lines broken softly, joined again (RFC 3676, section 4).
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for (place, raw) in text.lines().enumerate() {
        let level = raw.bytes().take_while(|byte| *byte == b'>').count();
        let rest = raw.get(level..).unwrap_or_default();
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        if open != Some(level) || rest == "-- " {
            if place > 0 {
                out.push('\n');
            }
            out.push_str(raw.get(..level).unwrap_or_default());
            if level > 0 && !rest.is_empty() {
                out.push(' ');
            }
        }
        out.push_str(rest);
        open = (rest.ends_with(' ') && rest != "-- ").then_some(level);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_of_another_program_is_read_and_cleaned() {
        let source = concat!(
            "From: Ruth <desk@studio.example>\r\nTo: \"Voss, Mara\" <mara@x.example>\r\nBcc: tom@x.example\r\n",
            "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nIn-Reply-To: <1@x>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0100\r\n",
            "Content-Type: text/html; charset=utf-8\r\n\r\n<p onclick=\"x()\">Hi</p><script>x()</script>\r\n"
        );
        let parsed = parse(source.as_bytes());
        let written = &parsed.composition;
        assert_eq!(written.subject, "Grüße");
        assert_eq!(written.html.as_deref().map(str::trim), Some("<p>Hi</p>"));
        assert_eq!(written.text, "Hi");
        assert_eq!(written.to.first().and_then(|to| to.name.as_deref()), Some("Voss, Mara"));
        assert_eq!(written.bcc.len(), 1, "a draft keeps whom it hides");
        assert_eq!(written.in_reply_to.as_deref(), Some("1@x"));
        assert_eq!(parsed.date, Some(1_795_172_400_000));
    }

    #[test]
    fn what_is_handed_on_stays_no_answer_when_it_is_read_back() {
        let head = "From: a@x.example\r\nReferences: <1@x> <2@x>\r\n";
        let forward = parse(format!("{head}\r\nHi\r\n").as_bytes()).composition;
        assert_eq!(forward.in_reply_to, None, "it names where it comes from, and answers nothing");
        assert_eq!(forward.references, ["1@x", "2@x"]);
        let answer = parse(format!("{head}In-Reply-To: <1@x>\r\n\r\nHi\r\n").as_bytes());
        let answer = answer.composition;
        assert_eq!(answer.in_reply_to.as_deref(), Some("1@x"), "by its own word");
        assert_eq!(answer.references, ["1@x", "2@x"]);
    }

    #[test]
    fn flowed_text_is_joined() {
        assert_eq!(joined("one \r\ntwo\r\n> a \r\n> b\r\n-- \r\nme"), "one two\n> a b\n-- \nme");
    }
}
