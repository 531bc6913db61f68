//! A message as a draft Graph can send: whole as MIME where one request takes it, else its text as MIME and its
//! files after it, the large ones range by range.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use deskbell_domain::ProviderError;
use deskbell_domain::address::identity_key;
use deskbell_domain::outgoing::OutgoingMessage;
use mail_parser::{MessageParser, MessagePart, MimeHeaders as _, PartType};
use reqwest::{Method, Url};
use serde_json::json;

use super::client::{Graph, Refusal};
use super::copies::draft;
use super::edit::post;
use super::wire::{Item, UploadSession};
use crate::http::Ask;

/// A request has 4 MB at most (Graph's `sendMail`); base64 makes three bytes four, and the frame takes some.
const LARGEST_REQUEST: usize = 4 * 1024 * 1024 - 64 * 1024;
/// A file of 3 MB or more goes by an upload session (`attachment: createUploadSession`).
const LARGEST_INLINE: usize = 3 * 1024 * 1024 - 64 * 1024;
/// A range has 4 MB at most, and all but the last should be a multiple of 320 KiB.
const RANGE: usize = 12 * 320 * 1024;

/// Whether a message goes as MIME in one request.
pub(super) fn fits_one_request(source: &[u8]) -> bool {
    source.len().div_ceil(3) * 4 <= LARGEST_REQUEST
}

/// Puts the message among the drafts, complete.
pub(super) async fn deposit(graph: &Graph, mail: &OutgoingMessage) -> Result<Item, ProviderError> {
    let hidden = hidden_recipients(mail);
    let whole = with_bcc(&mail.source, &hidden);
    if fits_one_request(&whole) {
        return draft(graph, "drafts", &whole).await;
    }
    let files = mail.files.iter().map(|(file, bytes)| File {
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        content_id: file.content_id.clone(),
        bytes: bytes.clone(),
    });
    let text = with_bcc(&text_only(mail), &hidden);
    in_pieces(graph, "drafts", &text, files.collect()).await
}

/// Puts a draft that one request does not take into the folder: its text, then its files. `None` where the text alone
/// is too much.
pub(super) async fn keep_in_pieces(
    graph: &Graph,
    folder: &str,
    source: &[u8],
) -> Result<Option<Item>, ProviderError> {
    let Some((text, files)) = taken_apart(source) else { return Ok(None) };
    if files.is_empty() || !fits_one_request(&text) {
        return Ok(None);
    }
    in_pieces(graph, folder, &text, files).await.map(Some)
}

async fn in_pieces(
    graph: &Graph,
    folder: &str,
    text: &[u8],
    files: Vec<File>,
) -> Result<Item, ProviderError> {
    let made = draft(graph, folder, text).await?;
    for file in &files {
        if let Err(error) = attach(graph, &made.id, file).await {
            // Half a message must not stay where somebody may send it.
            let _ = super::edit::erase(graph, &made.id).await;
            return Err(error);
        }
    }
    Ok(made)
}

/// A file on its way to a draft.
struct File {
    name: String,
    media_type: String,
    content_id: Option<String>,
    bytes: Bytes,
}

/// The text of a message as a message of its own, and its files; `None` for what is no message.
fn taken_apart(source: &[u8]) -> Option<(Vec<u8>, Vec<File>)> {
    let message = MessageParser::default().parse(source)?;
    let mut parts = message.html_body.iter().filter_map(|part| message.part(*part));
    let html = parts.any(|part| matches!(part.body, PartType::Html(_)));
    let text = if html { message.body_html(0) } else { message.body_text(0) };
    let file = |part: &MessagePart<'_>| {
        let kind = part
            .content_type()
            .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")));
        File {
            name: part.attachment_name().unwrap_or("file").to_owned(),
            media_type: kind.unwrap_or_else(|| "application/octet-stream".into()),
            content_id: part.content_id().map(str::to_owned),
            bytes: Bytes::copy_from_slice(part.contents()),
        }
    };
    let files = message.attachments().map(file).collect();
    Some((text_with_header(source, html, &text.unwrap_or_default()), files))
}

/// Who gets it and is not named in it.
fn hidden_recipients(mail: &OutgoingMessage) -> Vec<&str> {
    let composition = &mail.composition;
    let named: Vec<String> =
        composition.to.iter().chain(&composition.cc).map(|person| person.key()).collect();
    let each = mail.recipients.iter().filter(|one| !named.contains(&identity_key(one)));
    each.map(String::as_str).collect()
}

/// The source with its hidden recipients named: Graph reads from the message whom it is for, and takes them out.
fn with_bcc(source: &[u8], hidden: &[&str]) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len() + 64);
    if !hidden.is_empty() {
        let each: Vec<String> = hidden.iter().map(|one| crate::http::one_line(one)).collect();
        out.extend_from_slice(format!("Bcc: {}\r\n", each.join(",\r\n ")).as_bytes());
    }
    out.extend_from_slice(source);
    out
}

/// The message without its files: its own header, and the text as written.
fn text_only(mail: &OutgoingMessage) -> Vec<u8> {
    match &mail.composition.html {
        Some(html) => text_with_header(&mail.source, true, html),
        None => text_with_header(&mail.source, false, &mail.composition.text),
    }
}

/// The header of a message over a text of one part.
fn text_with_header(source: &[u8], html: bool, text: &str) -> Vec<u8> {
    let end = source.windows(4).position(|window| window == b"\r\n\r\n");
    let block = end.and_then(|end| source.get(..end + 2)).unwrap_or_default();
    let mut out = Vec::new();
    let mut of_content = false;
    for line in block.split_inclusive(|byte| *byte == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let lower = line.to_ascii_lowercase();
            of_content = lower.starts_with(b"content-") || lower.starts_with(b"mime-version:");
        }
        if !of_content {
            out.extend_from_slice(line);
        }
    }
    let kind = if html { "html" } else { "plain" };
    let head = format!(
        "MIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    );
    out.extend_from_slice(head.as_bytes());
    for line in STANDARD.encode(text).as_bytes().chunks(76) {
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
    out
}

async fn attach(graph: &Graph, id: &str, file: &File) -> Result<(), ProviderError> {
    let bytes = &file.bytes;
    let inline = file.content_id.is_some();
    if bytes.len() <= LARGEST_INLINE {
        let body = json!({
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": file.name,
            "contentType": file.media_type,
            "isInline": inline,
            "contentId": file.content_id,
            "contentBytes": STANDARD.encode(bytes),
        });
        let ask = post(graph, &["me", "messages", id, "attachments"], &body)?;
        return graph.json::<serde_json::Value>(ask).await?.map(|_| ()).map_err(Into::into);
    }
    let body = json!({ "AttachmentItem": {
        "attachmentType": "file",
        "name": file.name,
        "size": bytes.len(),
        "contentType": file.media_type,
        "isInline": inline,
        "contentId": file.content_id,
    } });
    let ask = post(graph, &["me", "messages", id, "attachments", "createUploadSession"], &body)?;
    let session = graph.json::<UploadSession>(ask).await?.map_err(ProviderError::from)?;
    upload(graph, &session.upload_url, bytes).await
}

/// Hands a file over in ranges. The address itself is the key: no token goes there.
async fn upload(graph: &Graph, address: &str, bytes: &Bytes) -> Result<(), ProviderError> {
    let wrong =
        || ProviderError::Protocol("Microsoft gives no safe place to upload a file to".into());
    let url = Url::parse(address).map_err(|_| wrong())?;
    let own = graph.api.own(address).is_some();
    if url.scheme() != "https" && !own {
        return Err(wrong());
    }
    let mut from = 0;
    while from < bytes.len() {
        let to = bytes.len().min(from + RANGE);
        let mut ask = Ask::new(Method::PUT, url.clone())
            .header("content-range", format!("bytes {from}-{}/{}", to - 1, bytes.len()))
            .body("application/octet-stream", bytes.slice(from..to));
        ask.bare = true;
        let answer = graph.ask(ask).await?;
        if !answer.is_yes() {
            // A token is no part of this: 401 here is no word about the sign-in.
            return Err(match answer.status {
                429 => ProviderError::RateLimited { after: answer.after },
                500.. => ProviderError::Offline("Microsoft did not take a file over".into()),
                _ => Refusal::of(&answer).into(),
            });
        }
        from = to;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::support::full;

    #[test]
    fn who_is_not_named_is_told_to_graph_and_to_nobody_else() {
        let mut mail = full("one@studio.example");
        mail.source = Bytes::from_static(b"To: mara@client.example\r\n\r\nHi\r\n");
        let hidden = hidden_recipients(&mail);
        assert_eq!(hidden, ["book@studio.example"], "only the blind copy is hidden");
        let told = String::from_utf8(with_bcc(&mail.source, &hidden)).expect("text");
        assert!(told.starts_with("Bcc: book@studio.example\r\nTo: "), "{told}");
    }

    #[test]
    fn a_large_message_keeps_its_header_and_leaves_its_parts() {
        let mut mail = full("one@studio.example");
        mail.source = Bytes::from_static(
            b"Message-ID: <one@studio.example>\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\nReferences: <a@b>\r\n <c@d>\r\nMIME-Version: 1.0\r\n\r\n--x\r\n",
        );
        let text = String::from_utf8(text_only(&mail)).expect("text");
        assert!(
            text.starts_with(
                "Message-ID: <one@studio.example>\r\nReferences: <a@b>\r\n <c@d>\r\nMIME-Version"
            ),
            "{text}"
        );
        assert!(!text.contains("boundary"), "{text}");
        assert!(text.contains("Content-Type: text/html"), "{text}");
    }
}
