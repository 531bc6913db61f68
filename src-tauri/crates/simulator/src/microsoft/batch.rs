//! Several requests in one, each let in, counted and answered for itself.

use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::call::{Call, Content, Outcome, answer, refuse};
use super::{allowed, options, route};
use crate::world::World;

/// Requests in one batch.
const LARGEST_BATCH: usize = 20;

/// `$batch`: up to twenty requests, each answered for itself.
pub(super) fn batch(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    let requests = body.get("requests").and_then(Value::as_array).cloned().unwrap_or_default();
    if requests.is_empty() || requests.len() > LARGEST_BATCH {
        return Err(refuse(400, "BadRequest", "A batch holds 1 to 20 requests."));
    }
    let mut answers = Vec::new();
    for request in &requests {
        let text = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default();
        let header = |name: &str| {
            let headers = request.get("headers").and_then(Value::as_object);
            let found = headers
                .and_then(|all| all.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)));
            found.and_then(|(_, value)| value.as_str()).unwrap_or_default().to_owned()
        };
        let uri: Uri = text("url").parse().unwrap_or_default();
        let inner = Call {
            method: text("method").to_owned(),
            steps: Call::steps_of(uri.path()),
            query: options(&uri),
            prefer: header("prefer"),
            media_type: header("content-type"),
            body: request.get("body").map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            origin: call.origin.clone(),
            address: call.address.clone(),
            now: call.now,
        };
        let reply = allowed(world, &call.address).and_then(|()| route(world, &inner));
        let reply = reply.unwrap_or_else(|refusal| refusal);
        let mut one = json!({ "id": text("id"), "status": reply.status });
        if let Some(one) = one.as_object_mut() {
            let headers =
                reply.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into()));
            let headers: serde_json::Map<String, Value> = headers.collect();
            if !headers.is_empty() {
                one.insert("headers".into(), headers.into());
            }
            match reply.content {
                Content::Json(content) => _ = one.insert("body".into(), content),
                // What is no JSON is told in base64.
                Content::Text(bytes) => {
                    _ = one.insert("body".into(), STANDARD.encode(bytes).into())
                }
                Content::Nothing => {}
            }
        }
        answers.push(one);
    }
    Ok(answer(200, json!({ "responses": answers })))
}
