//! Attachments: what a message carries besides its body, and how to get it out again.
//!
//! Invariant: a name is never empty, never a path, and holds nothing that could reorder or hide its ending
//! on a screen; the index of a part is the same each time the same source is read.

use std::collections::HashSet;

use deskbell_domain::ingested::Attachment;
use deskbell_domain::text;

use super::body::Bodies;
use super::head::Head;
use super::mime::{Kind, Part};
use super::{header, word};

/// Longest file name, in characters; file systems take 255 bytes.
const MAX_NAME: usize = 80;

/// Lists a message's attachments. `html` is the HTML it shows, to tell which images stand in it.
pub(super) fn list(
    source: &[u8],
    parts: &[Part],
    bodies: &Bodies,
    html: &[String],
) -> Vec<Attachment> {
    let shown = shown_ids(html);
    let mut list = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let used = bodies.used.get(index).copied().unwrap_or_default();
        let named = part.file_name().is_some() || part.disposition.kind == "attachment";
        if used || part.is_multipart() || (part.body.is_empty() && !named) {
            continue;
        }
        let content_id = part.content_id.clone();
        list.push(Attachment {
            part: u32::try_from(index).unwrap_or(u32::MAX),
            name: name(source, index, part),
            media_type: media_type(part),
            size: part.transfer.decoded_len(part.body_of(source)) as u64,
            inline: content_id.as_deref().is_some_and(|id| shown.contains(id)),
            content_id,
        });
    }
    list
}

/// The media type of a part, made up where it names none.
pub(super) fn media_type(part: &Part) -> String {
    match part.media.kind.as_str() {
        _ if part.kind == Kind::Message => "message/rfc822".to_owned(),
        "" | "text" => "text/plain".to_owned(),
        kind if kind.contains('/') => text::clip(kind, 100),
        _ => "application/octet-stream".to_owned(),
    }
}

/// The ids of the parts that HTML shows by `cid:` (RFC 2392).
fn shown_ids(html: &[String]) -> HashSet<String> {
    let mut ids = HashSet::new();
    for html in html {
        for after in html.split("cid:").skip(1) {
            let end = after
                .find(|c: char| {
                    c.is_whitespace() || matches!(c, '"' | '\'' | '>' | ')' | '<' | '&')
                })
                .unwrap_or(after.len());
            if let Some(id) = after.get(..end).filter(|id| id.len() < 500) {
                ids.insert(id.replace("%40", "@"));
            }
        }
    }
    ids
}

/// The file name a part is saved under.
pub(super) fn name(source: &[u8], index: usize, part: &Part) -> String {
    if let Some(name) = part.file_name().and_then(safe_name) {
        return name;
    }
    if part.kind == Kind::Message {
        let nested = part.transfer.decode(part.body_of(source), super::header::MAX_HEADER);
        let head = Head::read(header::split(&nested).0);
        let subject = head.subject.map(|value| word::decode(value, head.charset().as_deref()));
        // A slash in a subject is a word's, not a path's.
        let subject = subject.and_then(|subject| safe_name(&subject.replace(['/', '\\'], "_")));
        return format!("{}.eml", subject.unwrap_or_else(|| format!("message-{index}")));
    }
    let extension = match part.media.kind.as_str() {
        "application/ms-tnef" | "application/vnd.ms-tnef" => return "winmail.dat".to_owned(),
        "application/pgp-signature" => return "signature.asc".to_owned(),
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => {
            return "smime.p7s".to_owned();
        }
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => return "smime.p7m".to_owned(),
        "text/calendar" => return "invitation.ics".to_owned(),
        "message/delivery-status" => return "delivery-status.txt".to_owned(),
        "" | "text" | "text/plain" | "text/rfc822-headers" => "txt",
        "text/html" => "html",
        "text/csv" => "csv",
        "text/vcard" | "text/x-vcard" => "vcf",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/heic" => "heic",
        "image/svg+xml" => "svg",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "audio/mpeg" => "mp3",
        "audio/ogg" => "ogg",
        "video/mp4" => "mp4",
        _ => "bin",
    };
    format!("attachment-{index}.{extension}")
}

/// The last part of a path, without what a file name cannot or should not hold; `None` where nothing is left.
pub fn safe_name(spelt: &str) -> Option<String> {
    let folded = text::fold(spelt);
    let last = folded.rsplit(['/', '\\']).find(|part| !part.trim_matches(['.', ' ']).is_empty())?;
    // A device name or stream (`a.txt:evil`) on Windows, a shell's wildcard elsewhere.
    let plain: String = last
        .chars()
        .map(|c| if matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c })
        .collect();
    // A trailing dot or space is dropped by Windows, a leading dot hides the file elsewhere.
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let length = plain.chars().count();
    if plain.is_empty() {
        return None;
    }
    if length <= MAX_NAME {
        return Some(plain.to_owned());
    }
    let (stem, extension) = match plain.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= 10 => {
            (stem, format!(".{extension}"))
        }
        _ => (plain, String::new()),
    };
    let room = MAX_NAME.saturating_sub(extension.chars().count());
    let stem: String = stem.chars().take(room).collect();
    Some(format!("{}{extension}", stem.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_folder_or_lie() {
        let cases = [
            ("../../etc/passwd", Some("passwd")),
            ("C:\\Users\\mara\\plan.pdf", Some("plan.pdf")),
            ("invoice\u{202e}fdp.exe", Some("invoicefdp.exe")),
            (" \u{0} ", None),
            ("..", None),
            (".bashrc", Some("bashrc")),
            ("a:b?.txt", Some("a_b_.txt")),
            ("line\r\nbreak.pdf", Some("line break.pdf")),
        ];
        for (spelt, name) in cases {
            assert_eq!(safe_name(spelt).as_deref(), name, "{spelt:?}");
        }
        let long = safe_name(&format!("{}.pdf", "ä".repeat(300))).unwrap();
        assert_eq!(long.chars().count(), MAX_NAME, "cut");
        assert!(long.ends_with(".pdf"), "the ending stays");
    }
}
