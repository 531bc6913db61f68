//! Messages handed over as they are (`uploadType=media`), or beside a few words of JSON (`multipart`).

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::call::{Call, answer, invalid};
use super::presented;
use crate::server::{Shared, lock};

pub(super) async fn upload(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(path): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    body: Bytes,
) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default();
    let way = query.iter().find(|(name, _)| name == "uploadType").map(|(_, way)| way.as_str());
    let (words, source) = match way {
        Some("media") => (Value::Object(Map::new()), body.to_vec()),
        Some("multipart") => match parts(kind, &body) {
            Some(parts) => parts,
            None => return presented(invalid("Malformed multipart body.")),
        },
        _ => return presented(invalid("Unknown uploadType")),
    };
    let raw = Value::String(URL_SAFE_NO_PAD.encode(source));
    let mut asked = words;
    // The source stands where the plain call has it.
    let drafts = path.ends_with("/drafts");
    let holder = if drafts {
        match asked.as_object_mut() {
            Some(fields) => fields.entry("message").or_insert_with(|| Value::Object(Map::new())),
            None => return presented(invalid("Malformed multipart body.")),
        }
    } else {
        &mut asked
    };
    let Some(fields) = holder.as_object_mut() else {
        return presented(invalid("Malformed multipart body."));
    };
    fields.insert("raw".into(), raw);
    let body = asked.to_string().into_bytes();
    let call = Call { method: "POST".into(), path, query, body };
    presented(answer(&mut lock(&world), &headers, &call))
}

/// The JSON and the message of a `multipart/related` body.
fn parts(kind: &str, body: &[u8]) -> Option<(Value, Vec<u8>)> {
    let boundary = kind.split("boundary=").nth(1)?.trim_matches('"');
    let marker = format!("--{boundary}");
    let mut found = Vec::new();
    let mut rest = body;
    while let Some(at) = position(rest, marker.as_bytes()) {
        found.push(rest.get(..at)?);
        rest = rest.get(at + marker.len()..)?;
    }
    let content = |part: &[u8]| -> Option<Vec<u8>> {
        let at = position(part, b"\r\n\r\n")?;
        Some(part.get(at + 4..part.len().checked_sub(2)?)?.to_vec())
    };
    let words = serde_json::from_slice(&content(found.get(1)?)?).ok()?;
    Some((words, content(found.get(2)?)?))
}

fn position(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}
