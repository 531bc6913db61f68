//! Which parts of a message are its text, how their characters are read, and which parts are files.
//!
//! A part is named by its index in mail-parser's flat list, the same number the store keeps as
//! [`deskbell_domain::ingested::Attachment::part`].

use std::borrow::Cow;
use std::collections::HashSet;

use deskbell_domain::ingested::Attachment;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders as _, PartType};

/// One part of the text of a message.
pub(super) enum TextPart {
    Html(String),
    Plain {
        text: String,
        /// `format=flowed` (RFC 3676).
        flowed: bool,
        /// `DelSp=yes`.
        del_sp: bool,
    },
}

/// The text in its HTML form (`html`) or its plain one; a part that has only one form appears in both.
pub(super) fn text_parts(message: &Message<'_>, html: bool) -> Vec<TextPart> {
    let ids = if html { &message.html_body } else { &message.text_body };
    ids.iter()
        .filter_map(|id| message.parts.get(usize::try_from(*id).ok()?))
        .filter_map(|part| text_part(message, part))
        .collect()
}

fn text_part(message: &Message<'_>, part: &MessagePart<'_>) -> Option<TextPart> {
    match &part.body {
        PartType::Html(text) => Some(TextPart::Html(reread(message, part, text))),
        PartType::Text(text) => {
            let kind = part.content_type();
            let says = |name: &str, wanted: &str| {
                kind.and_then(|kind| kind.attribute(name))
                    .is_some_and(|value| value.eq_ignore_ascii_case(wanted))
            };
            Some(TextPart::Plain {
                text: reread(message, part, text),
                flowed: says("format", "flowed"),
                del_sp: says("delsp", "yes"),
            })
        }
        _ => None,
    }
}

/// Reads the bytes again where the declared charset (or its absence) left replacement marks.
fn reread(message: &Message<'_>, part: &MessagePart<'_>, text: &str) -> String {
    let charset = part
        .content_type()
        .and_then(|kind| kind.attribute("charset"))
        .unwrap_or("utf-8")
        .to_ascii_lowercase();
    // Only labels that are wrong in practice: nearly every such mail is Windows-1252 or says better in its own markup.
    if !text.contains('\u{fffd}')
        || !["utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "default"]
            .contains(&charset.as_str())
    {
        return text.to_owned();
    }
    let Some(bytes) = raw(message, part) else { return text.to_owned() };
    if std::str::from_utf8(&bytes).is_ok() {
        return text.to_owned();
    }
    let declared =
        meta_charset(&bytes).filter(|name| !matches!(name.as_str(), "utf-8" | "utf8" | "utf-7"));
    declared
        .and_then(|name| charset_decoder(name.as_bytes()))
        .or_else(|| charset_decoder(b"windows-1252"))
        .map_or_else(|| text.to_owned(), |decode| decode(&bytes))
}

fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048))?).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let name: String = rest
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    (!name.is_empty()).then_some(name)
}

/// The files of a message, in the order of its parts; `shown` are the parts the text shows.
pub(super) fn attachments(message: &Message<'_>, shown: &HashSet<u32>) -> Vec<Attachment> {
    let mut ids = message.attachments.clone();
    ids.sort_unstable();
    ids.dedup();
    ids.iter()
        .filter_map(|id| {
            let part = message.parts.get(usize::try_from(*id).ok()?)?;
            let media_type = media_type(part);
            Some(Attachment {
                part: *id,
                name: file_name(part, *id, &media_type),
                size: u64::try_from(contents(message, part).len()).unwrap_or(u64::MAX),
                media_type,
                content_id: part.content_id().map(|id| id.trim_matches(['<', '>', ' ']).to_owned()),
                inline: shown.contains(id),
            })
        })
        .collect()
}

/// One file: its name without any path, its media type, its decoded bytes.
pub(super) fn attachment(message: &Message<'_>, part: u32) -> Option<(String, String, Vec<u8>)> {
    let found = message.parts.get(usize::try_from(part).ok()?)?;
    if matches!(found.body, PartType::Multipart(_)) {
        return None;
    }
    let media_type = media_type(found);
    Some((file_name(found, part, &media_type), media_type, contents(message, found).into_owned()))
}

/// The bytes as they were attached: a text file is not converted to UTF-8.
fn contents<'a>(message: &'a Message<'_>, part: &'a MessagePart<'_>) -> Cow<'a, [u8]> {
    match part.body {
        PartType::Text(_) | PartType::Html(_) if !part.is_encoding_problem => {
            raw(message, part).map_or(Cow::Borrowed(part.contents()), Cow::Owned)
        }
        _ => Cow::Borrowed(part.contents()),
    }
}

/// A part's bytes from the source, its transfer encoding undone.
fn raw(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let range = usize::try_from(part.offset_body).ok()?..usize::try_from(part.offset_end).ok()?;
    let raw = message.raw_message.get(range)?;
    match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::Base64 => base64_decode(raw),
    }
}

fn media_type(part: &MessagePart<'_>) -> String {
    let declared =
        part.content_type().and_then(|kind| Some(format!("{}/{}", kind.ctype(), kind.subtype()?)));
    let fallback = match part.body {
        PartType::Text(_) => "text/plain",
        PartType::Html(_) => "text/html",
        PartType::Message(_) => "message/rfc822",
        _ => "application/octet-stream",
    };
    declared.unwrap_or_else(|| fallback.to_owned()).to_ascii_lowercase()
}

/// The name a message gives a file, reduced to what every file system takes; a made-up one where it gives none.
fn file_name(part: &MessagePart<'_>, id: u32, media_type: &str) -> String {
    let given = part.attachment_name().map(str::to_owned).or_else(|| match &part.body {
        PartType::Message(message) => message.subject().map(|subject| format!("{subject}.eml")),
        _ => None,
    });
    let last = given.as_deref().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .take(150)
        .collect();
    let cleaned = cleaned.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    if !cleaned.is_empty() {
        return cleaned.to_owned();
    }
    let ending = match media_type {
        "message/rfc822" => "eml",
        "text/calendar" => "ics",
        "text/plain" => "txt",
        "text/html" => "html",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        _ => "bin",
    };
    format!("attachment-{id}.{ending}")
}
