//! Several requests in one, each let in, counted and answered for itself.
//!
//! Those that wait for no other are at once, and count as such; `dependsOn` puts one after another, as the page on
//! JSON batching advises for requests to one mailbox.

use std::collections::BTreeMap;

use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::call::{Call, Content, Outcome, answer, refuse};
use super::door::{allowed, too_many};
use super::{options, route};
use crate::world::World;

/// Requests in one batch.
const LARGEST_BATCH: usize = 20;

/// How many requests of a batch are at once: those that wait for no other.
pub(super) fn at_once(body: &[u8]) -> usize {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let requests = body.get("requests").and_then(Value::as_array);
    requests.map_or(0, |all| all.iter().filter(|one| waits_for(one).is_empty()).count())
}

/// The requests that this one waits for.
fn waits_for(request: &Value) -> Vec<&str> {
    let ids = request.get("dependsOn").and_then(Value::as_array);
    ids.map(|ids| ids.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// `$batch`: up to twenty requests, each answered for itself, in this many places of the mailbox.
pub(super) fn batch(world: &mut World, call: &Call, places: usize) -> Outcome {
    let body = call.json()?;
    let requests = body.get("requests").and_then(Value::as_array).cloned().unwrap_or_default();
    if requests.is_empty() || requests.len() > LARGEST_BATCH {
        return Err(refuse(400, "BadRequest", "A batch holds 1 to 20 requests."));
    }
    let mut free = places;
    let mut fates: BTreeMap<String, u16> = BTreeMap::new();
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
        let before = waits_for(request);
        let reply = if before.is_empty() && free == 0 {
            Err(too_many())
        } else if before.iter().all(|id| fates.get(*id).is_some_and(|status| *status < 400)) {
            // Who waited takes over the place of who is done.
            free = free.saturating_sub(usize::from(before.is_empty()));
            allowed(world, &call.address).and_then(|()| route(world, &inner))
        } else {
            Err(refuse(424, "FailedDependency", "A request that this one waits for has failed."))
        };
        let reply = reply.unwrap_or_else(|refusal| refusal);
        fates.insert(text("id").to_owned(), reply.status);
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
