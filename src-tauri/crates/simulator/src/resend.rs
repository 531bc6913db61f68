//! Resend: keys, domains, emails with idempotency keys, suppressions, quotas.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::server::{Shared, lock};
use crate::world::{Delivery, World, message_id};

/// An idempotency key is kept for so long, in milliseconds.
const KEPT: i64 = 24 * 60 * 60 * 1_000;
const DAY: i64 = KEPT;

/// Resend's part of the world.
#[derive(Debug, Default)]
pub struct ResendWorld {
    /// Keys that are let in.
    pub keys: BTreeMap<String, ResendKey>,
    /// Domains, and whether each is verified and watches its readers.
    pub domains: BTreeMap<String, (bool, bool)>,
    /// Addresses that are not delivered to, and why: `bounce`, `complaint`, `manual`.
    pub suppressed: BTreeMap<String, String>,
    /// Emails a day, if there is a quota.
    pub daily: Option<usize>,
    sent: Vec<Sent>,
    keyed: BTreeMap<String, (i64, String, String)>,
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResendKey {
    /// Everything.
    Full,
    /// Send only.
    Sending,
}

#[derive(Debug)]
struct Sent {
    id: String,
    at: i64,
    message: Value,
    event: &'static str,
}

#[derive(Serialize)]
struct Refusal<'a> {
    #[serde(rename = "statusCode")]
    status: u16,
    name: &'a str,
    message: &'a str,
}

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/emails", post(send).get(list))
        .route("/emails/{id}", get(show))
        .route("/domains", get(domains))
        .route("/suppressions/{address}", get(suppression))
}

fn refuse(status: u16, name: &str, message: &str) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (code, Json(Refusal { status, name, message })).into_response()
}

fn let_in(world: &World, headers: &HeaderMap, reading: bool) -> Result<(), Box<Response>> {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
    let Some(key) = bearer.and_then(|value| value.strip_prefix("Bearer ")) else {
        return Err(Box::new(refuse(401, "missing_api_key", "Missing API Key")));
    };
    match world.resend.keys.get(key) {
        None => Err(Box::new(refuse(401, "validation_error", "API key is invalid"))),
        Some(ResendKey::Sending) if reading => Err(Box::new(refuse(
            401,
            "restricted_api_key",
            "This API key is restricted to only send emails",
        ))),
        Some(_) => Ok(()),
    }
}

async fn send(
    State(world): State<Shared>,
    headers: HeaderMap,
    Json(message): Json<Value>,
) -> Response {
    let mut world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, false) {
        return *refusal;
    }
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    if key.is_some_and(|key| key.is_empty() || key.len() > 256) {
        return refuse(400, "invalid_idempotency_key", "The key must be between 1-256 chars");
    }
    let now = world.now;
    world.resend.keyed.retain(|_, (at, ..)| now - *at < KEPT);
    let text = message.to_string();
    if let Some((_, known, id)) = key.and_then(|key| world.resend.keyed.get(key)) {
        return if *known == text {
            Json(json!({ "id": id })).into_response()
        } else {
            let words = "This idempotency key has been used on a request with a different body";
            refuse(409, "invalid_idempotent_request", words)
        };
    }
    if let Err((status, name, words)) = sound(&world, &message) {
        return refuse(status, name, &words);
    }
    let today = world.resend.sent.iter().filter(|sent| now - sent.at < DAY).count();
    if world.resend.daily.is_some_and(|daily| today >= daily) {
        return refuse(
            429,
            "daily_quota_exceeded",
            "You have reached your daily email sending quota",
        );
    }
    let id = world.fresh_id();
    if let Some(key) = key {
        world.resend.keyed.insert(key.to_owned(), (now, text, id.clone()));
    }
    let everyone = ["to", "cc", "bcc"].iter().flat_map(|role| addresses(message.get(*role)));
    let (barred, reached): (BTreeSet<_>, BTreeSet<_>) =
        everyone.partition(|address| world.resend.suppressed.contains_key(address));
    let event = if reached.is_empty() && !barred.is_empty() { "suppressed" } else { "delivered" };
    if !reached.is_empty() {
        world.delivered.push(Delivery {
            provider: "resend",
            id: id.clone(),
            message_id: message_id(&message),
            to: reached.into_iter().collect(),
            message: message.clone(),
            at: now,
        });
    }
    world.resend.sent.push(Sent { id: id.clone(), at: now, message, event });
    Json(json!({ "id": id })).into_response()
}

/// What Resend checks before it takes an email.
fn sound(world: &World, message: &Value) -> Result<(), (u16, &'static str, String)> {
    let wrong = |words: &str| Err((422, "validation_error", words.to_owned()));
    for field in ["from", "to", "subject"] {
        if message.get(field).is_none() {
            return Err((422, "missing_required_field", format!("Missing `{field}` field.")));
        }
    }
    if message.get("html").is_none() && message.get("text").is_none() {
        return wrong("Missing `html` or `text` field.");
    }
    let to = addresses(message.get("to"));
    if to.is_empty() || to.len() > 50 {
        return wrong("`to` must hold 1 to 50 addresses");
    }
    if to.iter().any(|address| !address.contains('@')) {
        return wrong(
            "Invalid `to` field. The email address needs to follow the `email@example.com` format",
        );
    }
    let from = addresses(message.get("from")).pop().unwrap_or_default();
    let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
    match world.resend.domains.get(domain) {
        Some((true, _)) => Ok(()),
        _ => Err((403, "validation_error", format!("The {domain} domain is not verified."))),
    }
}

/// The bare addresses of a field that is one text or several.
fn addresses(field: Option<&Value>) -> Vec<String> {
    let each: Vec<&str> = match field {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    each.iter()
        .map(|one| one.rsplit_once('<').map_or(*one, |(_, rest)| rest.trim_end_matches('>')))
        .map(str::to_lowercase)
        .collect()
}

#[derive(Deserialize)]
struct Page {
    limit: Option<usize>,
}

async fn list(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(page): Query<Page>,
) -> Response {
    let world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, true) {
        return *refusal;
    }
    let limit = page.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return refuse(422, "validation_error", "`limit` must be from 1 to 100");
    }
    let newest = world.resend.sent.iter().rev();
    let data: Vec<Value> = newest.clone().take(limit).map(presented).collect();
    Json(json!({ "object": "list", "has_more": newest.count() > limit, "data": data }))
        .into_response()
}

async fn show(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, true) {
        return *refusal;
    }
    match world.resend.sent.iter().find(|sent| sent.id == id) {
        Some(sent) => Json(presented(sent)).into_response(),
        None => refuse(404, "not_found", "Email not found"),
    }
}

fn presented(sent: &Sent) -> Value {
    let message = &sent.message;
    let mut shown = json!({
        "object": "email",
        "id": sent.id,
        "from": message.get("from"),
        "to": addresses(message.get("to")),
        "subject": message.get("subject"),
        "created_at": sent.at.to_string(),
        "last_event": sent.event,
    });
    if let (Value::Object(fields), Some(id)) = (&mut shown, message_id(message)) {
        fields.insert("message_id".into(), format!("<{id}>").into());
    }
    shown
}

async fn domains(State(world): State<Shared>, headers: HeaderMap) -> Response {
    let world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, true) {
        return *refusal;
    }
    let data: Vec<Value> = world
        .resend
        .domains
        .iter()
        .map(|(name, (verified, watching))| {
            let status = if *verified { "verified" } else { "pending" };
            json!({ "id": name, "name": name, "status": status, "open_tracking": watching, "click_tracking": false })
        })
        .collect();
    Json(json!({ "object": "list", "has_more": false, "data": data })).into_response()
}

async fn suppression(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(address): Path<String>,
) -> Response {
    let world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, true) {
        return *refusal;
    }
    match world.resend.suppressed.get(&address) {
        Some(origin) => Json(json!({
            "object": "suppression", "id": address, "email": address, "origin": origin,
            "source_id": null, "created_at": world.now.to_string(),
        }))
        .into_response(),
        None => refuse(404, "not_found", "Suppression not found"),
    }
}
