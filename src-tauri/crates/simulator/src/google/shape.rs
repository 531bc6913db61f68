//! Messages as answers spell them, by the format asked for.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::mailbox::{GmailMessage, spelled};
use super::raw;

/// Bytes of a message's source out of an answer or a request, with or without padding.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// A message, its name alone.
pub(super) fn named(id: u64, thread: u64) -> Value {
    json!({ "id": spelled(id), "threadId": spelled(thread) })
}

/// A message with its labels.
pub(super) fn labelled<'a>(
    id: u64,
    thread: u64,
    labels: impl IntoIterator<Item = &'a String>,
) -> Value {
    let labels: Vec<&String> = labels.into_iter().collect();
    let mut shape = named(id, thread);
    // An empty list is left out, as everything empty is.
    if let (Value::Object(fields), false) = (&mut shape, labels.is_empty()) {
        fields.insert("labelIds".into(), json!(labels));
    }
    shape
}

/// A message in one of the formats; `None` for a format that does not exist.
pub(super) fn message(
    id: u64,
    message: &GmailMessage,
    format: &str,
    only: &[&str],
) -> Option<Value> {
    let mut shape = labelled(id, message.thread, &message.labels);
    let Value::Object(fields) = &mut shape else { return None };
    fields.insert("historyId".into(), message.history_id.to_string().into());
    fields.insert("internalDate".into(), message.internal_date.to_string().into());
    fields.insert("sizeEstimate".into(), message.raw.len().into());
    fields.insert("snippet".into(), snippet(&message.raw).into());
    match format {
        "minimal" => {}
        "raw" => _ = fields.insert("raw".into(), URL_SAFE.encode(&message.raw).into()),
        "metadata" | "full" => {
            let wanted = |name: &str| {
                only.is_empty() || only.iter().any(|one| one.eq_ignore_ascii_case(name))
            };
            let headers: Vec<Value> = raw::headers(&message.raw)
                .into_iter()
                .filter(|(name, _)| format == "full" || wanted(name))
                .map(|(name, value)| json!({ "name": name, "value": value }))
                .collect();
            let kind = raw::field(&message.raw, "content-type").unwrap_or("text/plain".into());
            let kind = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
            let mut payload = json!({ "mimeType": kind, "headers": headers });
            if let (Value::Object(payload), "full") = (&mut payload, format) {
                let body = body(&message.raw);
                payload.insert("partId".into(), "".into());
                payload.insert("filename".into(), "".into());
                payload.insert(
                    "body".into(),
                    json!({ "size": body.len(), "data": URL_SAFE.encode(body) }),
                );
            }
            fields.insert("payload".into(), payload);
        }
        _ => return None,
    }
    Some(shape)
}

fn body(raw: &[u8]) -> &[u8] {
    let at = raw.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    let at = at.or_else(|| raw.windows(2).position(|two| two == b"\n\n").map(|at| at + 2));
    at.and_then(|at| raw.get(at..)).unwrap_or_default()
}

fn snippet(raw: &[u8]) -> String {
    let parsed = mail_parser::MessageParser::default().parse(raw);
    let text = parsed.as_ref().and_then(|message| message.body_text(0)).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect()
}
