//! The requests in a batch and their answers: Gmail's `multipart/mixed`, Graph's `$batch`.

use serde_json::Value;

use super::{Answered, Exchange};

/// A request out of a batch, and its answer.
pub(super) struct Part {
    method: String,
    path: String,
    query: String,
    kind: String,
    body: Vec<u8>,
    answer: Option<(u16, String, Vec<u8>)>,
}

impl Part {
    pub(super) fn exchange(&self, provider: &'static str) -> Exchange<'_> {
        Exchange {
            provider,
            method: &self.method,
            path: &self.path,
            query: &self.query,
            kind: &self.kind,
            body: &self.body,
            answer: self.answer.as_ref().map(|(status, kind, body)| Answered {
                status: *status,
                kind,
                body,
            }),
        }
    }
}

/// The parts of a batch; `None` for a request that is none.
pub(super) fn of(exchange: &Exchange<'_>) -> Option<Vec<Part>> {
    match (exchange.provider, exchange.path) {
        ("google", "/batch/gmail/v1") => Some(multipart(exchange)),
        ("microsoft", "/v1.0/$batch") => Some(batch(exchange)),
        _ => None,
    }
}

fn multipart(exchange: &Exchange<'_>) -> Vec<Part> {
    let answers: Vec<(String, String, Vec<u8>)> = match exchange.answer {
        Some(answer) if answer.status < 400 => pieces(answer.kind, answer.body),
        _ => Vec::new(),
    };
    let made = pieces(exchange.kind, exchange.body).into_iter().filter_map(|(id, line, body)| {
        let mut words = line.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let found = answers.iter().find(|(name, ..)| *name == format!("response-{id}"));
        let answer = found.and_then(|(_, line, body)| {
            let status = line.split(' ').nth(1)?.parse().ok()?;
            Some((status, "application/json".to_owned(), body.clone()))
        });
        Some(Part {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            kind: "application/json".into(),
            body,
            answer,
        })
    });
    made.collect()
}

/// The parts of a multipart body: name, first line, and what follows the inner header.
fn pieces(kind: &str, body: &[u8]) -> Vec<(String, String, Vec<u8>)> {
    let boundary = kind.split("boundary=").nth(1).unwrap_or_default().trim_matches('"');
    let text = String::from_utf8_lossy(body);
    let marker = format!("--{boundary}");
    let parts = text.split(marker.as_str()).skip(1).filter(|part| !part.starts_with("--"));
    let piece = |part: &str| {
        let (outer, inner) = part.trim_start().split_once("\r\n\r\n")?;
        let id = outer.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-id").then(|| value.trim().trim_matches(['<', '>']))
        })?;
        let (head, body) = inner.split_once("\r\n\r\n").unwrap_or((inner, ""));
        let line = head.lines().next().unwrap_or_default().to_owned();
        Some((id.to_owned(), line, body.trim_end_matches("\r\n").as_bytes().to_vec()))
    };
    parts.filter_map(piece).collect()
}

fn batch(exchange: &Exchange<'_>) -> Vec<Part> {
    let asked: Value = serde_json::from_slice(exchange.body).unwrap_or_default();
    let told: Value = exchange
        .answer
        .and_then(|answer| serde_json::from_slice(answer.body).ok())
        .unwrap_or_default();
    let list = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let answers = list(&told, "responses");
    let bytes =
        |value: Option<&Value>| value.map(Value::to_string).unwrap_or_default().into_bytes();
    let part = |one: &Value| {
        let text = |name: &str| one.get(name)?.as_str();
        let (path, query) = text("url")?.split_once('?').unwrap_or((text("url")?, ""));
        let found = answers.iter().find(|answer| answer.get("id") == one.get("id"));
        let answer = found.and_then(|answer| {
            let status = u16::try_from(answer.get("status")?.as_u64()?).ok()?;
            // A source of a message comes as a text of base64.
            let body = answer.get("body").filter(|body| !body.is_string());
            let kind =
                if answer.get("body").is_some_and(Value::is_string) { "text" } else { "json" };
            Some((status, kind.to_owned(), bytes(body)))
        });
        Some(Part {
            method: text("method")?.to_owned(),
            path: format!("/v1.0/{}", path.trim_start_matches('/')),
            query: query.to_owned(),
            kind: "application/json".into(),
            body: bytes(one.get("body")),
            answer,
        })
    };
    list(&asked, "requests").iter().filter_map(part).collect()
}
