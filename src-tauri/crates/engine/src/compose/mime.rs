//! The body of a message as MIME parts, every part in an encoding any server takes.

use bytes::Bytes;
use lettre::message::header::{
    ContentDisposition, ContentId, ContentTransferEncoding, ContentType,
};
use lettre::message::{MultiPart, SinglePart};

use deskbell_domain::outgoing::OutgoingFile;

use super::shown::shown;
use super::{flowed, header};

/// A file and its bytes.
pub(super) type Filed<'a> = (&'a OutgoingFile, &'a Bytes);

/// Longest line of a message inside the message that is passed on as it is.
const LONGEST_LINE: usize = 998;

/// The files that leave, whoever carries them: images that the HTML shows with their Content-ID, and all other files
/// without one. An image it no longer shows was taken out of the text by its writer, and stays behind.
pub(super) fn carried(
    html: Option<&str>,
    files: &[(OutgoingFile, Bytes)],
) -> Vec<(OutgoingFile, Bytes)> {
    let shown = html.map(shown);
    let shows = |id: &str| shown.as_ref().is_none_or(|shown| shown.contains(id));
    let mut left = Vec::with_capacity(files.len());
    for (file, bytes) in files {
        if file.content_id.as_deref().is_none_or(shows) {
            // Without HTML there is no place for it to stand in.
            let content_id = file.content_id.clone().filter(|_| html.is_some());
            left.push((OutgoingFile { content_id, ..file.clone() }, bytes.clone()));
        }
    }
    left
}

/// The body with its own header fields, from Content-Type on, with the files that are [`carried`]: images beside the
/// HTML, all others behind it.
pub(super) fn body(text: &str, html: Option<&str>, files: &[(OutgoingFile, Bytes)]) -> Vec<u8> {
    let all = files.iter().map(|(file, bytes)| (file, bytes));
    let (inline, attached): (Vec<Filed<'_>>, Vec<Filed<'_>>) =
        all.partition(|(file, _)| file.content_id.is_some());
    let words = words(text);
    let Some(html) = html else {
        if attached.is_empty() {
            return words.formatted();
        }
        return with_files(Main::Single(words), &attached).formatted();
    };
    let page = page(html);
    let alternative = MultiPart::alternative().singlepart(words);
    let alternative = if inline.is_empty() {
        alternative.singlepart(page)
    } else {
        let related = MultiPart::related().singlepart(page);
        alternative.multipart(inline.iter().fold(related, |all, file| all.singlepart(image(*file))))
    };
    if attached.is_empty() {
        return alternative.formatted();
    }
    with_files(Main::Multi(alternative), &attached).formatted()
}

enum Main {
    Single(SinglePart),
    Multi(MultiPart),
}

fn with_files(main: Main, files: &[Filed<'_>]) -> MultiPart {
    let mixed = match main {
        Main::Single(part) => MultiPart::mixed().singlepart(part),
        Main::Multi(part) => MultiPart::mixed().multipart(part),
    };
    files.iter().fold(mixed, |all, file| all.singlepart(attachment(*file)))
}

fn words(text: &str) -> SinglePart {
    let kind = content_type("text/plain; charset=utf-8; format=flowed", ContentType::TEXT_PLAIN);
    SinglePart::builder().header(kind).body(flowed::flow(&clean(text)))
}

fn page(html: &str) -> SinglePart {
    let page = format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>{}</body></html>",
        clean(html)
    );
    SinglePart::builder().header(ContentType::TEXT_HTML).body(page)
}

fn image((file, bytes): Filed<'_>) -> SinglePart {
    let id: String = file.content_id.as_deref().unwrap_or_default().chars().filter(is_id).collect();
    SinglePart::builder()
        .header(file_type(file))
        .header(ContentId::from(format!("<{id}>")))
        .header(ContentDisposition::inline_with_name(&name(file)))
        .header(ContentTransferEncoding::Base64)
        .body(bytes.to_vec())
}

fn is_id(c: &char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '<' | '>')
}

fn attachment((file, bytes): Filed<'_>) -> SinglePart {
    let disposition = ContentDisposition::attachment(&name(file));
    if file.media_type == "message/rfc822" {
        // RFC 2046 section 5.2.1: a message inside a message is never encoded. One that would have to be is
        // handed on as a file that mail programs open.
        if let Some(source) = seven_bit(bytes) {
            return SinglePart::builder()
                .header(content_type("message/rfc822", octets()))
                .header(disposition)
                .header(ContentTransferEncoding::SevenBit)
                .body(source);
        }
        return SinglePart::builder()
            .header(octets())
            .header(disposition)
            .header(ContentTransferEncoding::Base64)
            .body(bytes.to_vec());
    }
    SinglePart::builder()
        .header(file_type(file))
        .header(disposition)
        .header(ContentTransferEncoding::Base64)
        .body(bytes.to_vec())
}

/// The source with its lines ended as on the wire, where every server passes it on as it is.
fn seven_bit(source: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(source).ok().filter(|text| text.is_ascii())?;
    let text = lines(text);
    let fits = text.split('\n').all(|line| line.len() <= LONGEST_LINE) && !text.contains('\0');
    fits.then_some(text)
}

fn name(file: &OutgoingFile) -> String {
    let name = header::one_line(&file.name);
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

fn file_type(file: &OutgoingFile) -> ContentType {
    // A part that claims to hold parts would be taken apart; only whole files are handed on here.
    if file.media_type.starts_with("multipart/") || file.media_type.starts_with("message/") {
        return octets();
    }
    content_type(&file.media_type, octets())
}

fn octets() -> ContentType {
    content_type("application/octet-stream", ContentType::TEXT_PLAIN)
}

fn content_type(text: &str, otherwise: ContentType) -> ContentType {
    ContentType::parse(text).unwrap_or(otherwise)
}

/// Lines ended by `\n` alone.
pub(super) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Text without what no text holds: control characters but line ends and tabs.
pub(super) fn clean(text: &str) -> String {
    lines(text).chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
