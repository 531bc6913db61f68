//! As much of MIME as Graph needs to show a message: header fields, people, and a source made of parts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use mail_parser::{MessageParser, MimeHeaders as _, PartType};

use super::message::{Attachment, Message, Person};
use super::present::http_date;

/// Header fields, unfolded, in order; and what follows them.
pub(crate) fn split(source: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let (block, rest) = match find(source, b"\r\n\r\n") {
        Some(at) => (source.get(..at).unwrap_or_default(), source.get(at + 4..)),
        None => match find(source, b"\n\n") {
            Some(at) => (source.get(..at).unwrap_or_default(), source.get(at + 2..)),
            None => (source, None),
        },
    };
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in String::from_utf8_lossy(block).lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    (fields, rest.unwrap_or_default())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// What is written in a message, as Graph shows it: decoded, and as HTML where it has that.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: bool,
    pub(crate) files: bool,
}

pub(crate) fn written(source: &[u8]) -> Written {
    let Some(message) = MessageParser::default().parse(source) else { return Written::default() };
    let has = |kind: &[u32], wanted: fn(&PartType<'_>) -> bool| {
        kind.iter().filter_map(|part| message.part(*part)).any(|part| wanted(&part.body))
    };
    let html = has(&message.html_body, |body| matches!(body, PartType::Html(_)));
    let text = if html { message.body_html(0) } else { message.body_text(0) };
    Written {
        subject: message.subject().unwrap_or_default().to_owned(),
        text: text.unwrap_or_default().into_owned(),
        html,
        files: message.attachments().any(|part| part.content_id().is_none()),
    }
}

/// A text out of encoded words (RFC 2047).
pub(crate) fn decoded(name: &str) -> String {
    if !name.contains("=?") {
        return name.to_owned();
    }
    let line = format!("Subject: {name}\r\n\r\n");
    let message = MessageParser::default().parse_headers(line.as_bytes());
    message.and_then(|m| m.subject().map(str::to_owned)).unwrap_or_else(|| name.to_owned())
}

/// The value of the first field of this name.
pub(crate) fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// `Ada <ada@x.example>, tom@y.example`.
pub(crate) fn people(value: &str) -> Vec<Person> {
    let each = value.split(',').map(str::trim).filter(|one| one.contains('@'));
    each.map(|one| match one.rsplit_once('<') {
        Some((name, rest)) => Person {
            name: decoded(name.trim().trim_matches('"')),
            address: rest.trim_end_matches('>').trim().to_owned(),
        },
        None => Person { name: String::new(), address: one.to_owned() },
    })
    .collect()
}

/// The message as RFC 5322, with its attachments.
pub(crate) fn source(message: &Message) -> Vec<u8> {
    let made;
    let source = match &message.mime {
        Some(source) => source,
        None => {
            made = write(message);
            &made
        }
    };
    if message.attachments.is_empty() {
        return source.clone();
    }
    let (fields, body) = split(source);
    let of_content = |name: &str| name.to_lowercase().starts_with("content-");
    let boundary = format!("=_{}_", message.serial);
    let mut out = String::new();
    for (name, value) in fields.iter().filter(|(name, _)| !of_content(name)) {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str(&format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n"));
    out.push_str(&format!("--{boundary}\r\n"));
    for (name, value) in fields.iter().filter(|(name, _)| of_content(name)) {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut out = out.into_bytes();
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body);
    for file in &message.attachments {
        out.extend_from_slice(part(file, &boundary).as_bytes());
    }
    out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    out
}

fn part(file: &Attachment, boundary: &str) -> String {
    let kind = if file.inline { "inline" } else { "attachment" };
    let mut out = format!(
        "\r\n--{boundary}\r\nContent-Type: {}\r\nContent-Disposition: {kind}; filename=\"{}\"\r\n",
        file.media_type, file.name
    );
    if let Some(id) = &file.content_id {
        out.push_str(&format!("Content-ID: <{id}>\r\n"));
    }
    out.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
    let encoded = STANDARD.encode(&file.bytes);
    for line in encoded.as_bytes().chunks(76) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push_str("\r\n");
    }
    out
}

/// A source made of what Graph knows of a message.
fn write(message: &Message) -> Vec<u8> {
    let list = |people: &[Person]| {
        let each = people.iter().map(|person| format!("\"{}\" <{}>", person.name, person.address));
        each.collect::<Vec<_>>().join(", ")
    };
    let mut out = format!("From: {}\r\n", list(std::slice::from_ref(&message.from)));
    for (name, people) in [("To", &message.to), ("Cc", &message.cc), ("Bcc", &message.bcc)] {
        if !people.is_empty() {
            out.push_str(&format!("{name}: {}\r\n", list(people)));
        }
    }
    out.push_str(&format!("Subject: {}\r\n", message.subject));
    out.push_str(&format!("Date: {}\r\n", http_date(message.sent)));
    out.push_str(&format!("Message-ID: {}\r\n", message.message_id));
    for (name, value) in
        [("In-Reply-To", &message.in_reply_to), ("References", &message.references)]
    {
        if let Some(value) = value {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    out.push_str(&format!(
        "MIME-Version: 1.0\r\nContent-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
        if message.html { "html" } else { "plain" },
        message.body
    ));
    out.into_bytes()
}
