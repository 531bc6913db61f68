//! Several calls in one request: `multipart/mixed`, each part a request of its own.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};

use super::call::{Answered, Call, answer, invalid};
use super::presented;
use crate::server::{Shared, lock};

/// A batch holds at most so many calls.
const LARGEST: usize = 100;
const BOUNDARY: &str = "batch_5a1e_simulator";

pub(super) async fn batch(
    State(world): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary =
        kind.and_then(|kind| kind.split("boundary=").nth(1)).map(|b| b.trim_matches('"'));
    let Some(boundary) = boundary else { return presented(invalid("No boundary")) };
    let text = String::from_utf8_lossy(&body).into_owned();
    let marker = format!("--{boundary}");
    let parts: Vec<&str> =
        text.split(marker.as_str()).skip(1).filter(|part| !part.starts_with("--")).collect();
    if parts.is_empty() || parts.len() > LARGEST {
        return presented(invalid("The batch request could not be processed."));
    }
    let mut spelled = String::new();
    let mut world = lock(&world);
    for part in parts {
        let (id, call) = read(part);
        let (status, shape) = call.map_or_else(
            || -> Answered { invalid("Failed to parse a part") },
            |call| answer(&mut world, &headers, &call),
        );
        let reason = StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason());
        let json = if shape.is_null() { String::new() } else { shape.to_string() };
        spelled.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Type: application/http\r\nContent-ID: <response-{id}>\r\n\r\n\
             HTTP/1.1 {status} {}\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: {}\r\n\r\n{json}\r\n",
            reason.unwrap_or("Unknown"),
            json.len(),
        ));
    }
    spelled.push_str(&format!("--{BOUNDARY}--\r\n"));
    let kind = format!("multipart/mixed; boundary={BOUNDARY}");
    ([(header::CONTENT_TYPE, kind)], spelled).into_response()
}

/// The name of a part, and the call in it.
fn read(part: &str) -> (String, Option<Call>) {
    let (outer, inner) = part.trim_start().split_once("\r\n\r\n").unwrap_or((part, ""));
    let id = outer.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-id")
            .then(|| value.trim().trim_matches(['<', '>']).to_owned())
    });
    (id.unwrap_or_default(), call(inner))
}

fn call(inner: &str) -> Option<Call> {
    let (head, body) = inner.split_once("\r\n\r\n").unwrap_or((inner, ""));
    let mut words = head.lines().next()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let uri: Uri = target.parse().ok()?;
    let path = uri.path().split_once("/gmail/v1/users/")?.1.to_owned();
    let axum::extract::Query(query) = axum::extract::Query::try_from_uri(&uri).ok()?;
    let body = body.trim_end_matches("\r\n").as_bytes().to_vec();
    Some(Call { method: method.to_owned(), path, query, body })
}
