//! Resend: keys, domains, emails with idempotency keys, what becomes of them, suppressions, quotas.

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
/// An email is handed on after so long, and has reached its reader, or comes back, after so long.
const SENT_AFTER: i64 = 1_000;
const ARRIVED_AFTER: i64 = 3_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// Resend's part of the world.
#[derive(Debug, Default)]
pub struct ResendWorld {
    /// Keys that are let in.
    pub keys: BTreeMap<String, ResendKey>,
    /// Domains, and whether each is verified and watches its readers.
    pub domains: BTreeMap<String, (bool, bool)>,
    /// Addresses that are not delivered to, and why: `bounce`, `complaint`, `manual`.
    pub suppressed: BTreeMap<String, String>,
    /// Addresses at which something else becomes of mail than that it is delivered.
    pub readers: BTreeMap<String, ResendReader>,
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

/// What becomes of mail at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResendReader {
    /// It comes back, and is suppressed from then on.
    Bounces,
    /// It waits two hours at the door.
    Delays,
    /// It is looked at after a minute.
    Opens,
    /// It is called spam after an hour, and is suppressed from then on.
    Complains,
}

#[derive(Debug)]
struct Sent {
    id: String,
    at: i64,
    message: Value,
    reached: BTreeSet<String>,
    /// Why some addresses are not written to.
    barred: bool,
}

impl Sent {
    /// What became of it at one address, and when.
    fn events_at(&self, reader: Option<ResendReader>) -> Vec<(i64, &'static str)> {
        let (sent, arrived) = (self.at + SENT_AFTER, self.at + ARRIVED_AFTER);
        let mut events = vec![(self.at, "queued"), (sent, "sent")];
        match reader {
            None => events.push((arrived, "delivered")),
            Some(ResendReader::Bounces) => events.push((arrived, "bounced")),
            Some(ResendReader::Delays) => {
                events.extend([(arrived, "delivery_delayed"), (self.at + 2 * HOUR, "delivered")]);
            }
            Some(ResendReader::Opens) => {
                events.extend([(arrived, "delivered"), (self.at + MINUTE, "opened")]);
            }
            Some(ResendReader::Complains) => {
                events.extend([(arrived, "delivered"), (self.at + HOUR, "complained")]);
            }
        }
        events
    }
}

impl ResendWorld {
    /// The last thing that became of an email.
    fn last_event(&self, sent: &Sent, now: i64) -> &'static str {
        if sent.barred && sent.reached.is_empty() {
            return "suppressed";
        }
        let all =
            sent.reached.iter().flat_map(|one| sent.events_at(self.readers.get(one).copied()));
        all.filter(|(at, _)| *at <= now)
            .max_by_key(|(at, _)| *at)
            .map_or("queued", |(_, word)| word)
    }

    /// Why an address is not written to, and the email that taught so.
    fn suppression(&self, address: &str, now: i64) -> Option<(String, Option<String>)> {
        if let Some(origin) = self.suppressed.get(address) {
            return Some((origin.clone(), None));
        }
        let reader = self.readers.get(address).copied();
        let word = match reader {
            Some(ResendReader::Bounces) => "bounced",
            Some(ResendReader::Complains) => "complained",
            _ => return None,
        };
        let taught = |sent: &&Sent| {
            let mut events = sent.events_at(reader).into_iter();
            sent.reached.contains(address) && events.any(|(at, one)| one == word && at <= now)
        };
        let first = self.sent.iter().find(taught)?;
        let origin = if word == "bounced" { "bounce" } else { "complaint" };
        Some((origin.to_owned(), Some(first.id.clone())))
    }
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
        .route("/suppressions", get(suppressions))
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
    let (barred, reached): (BTreeSet<String>, BTreeSet<String>) =
        everyone.partition(|address| world.resend.suppression(address, now).is_some());
    let to = reached.clone();
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
    let barred = !barred.is_empty();
    world.resend.sent.push(Sent { id: id.clone(), at: now, message, reached: to, barred });
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
    let data: Vec<Value> = newest.clone().take(limit).map(|sent| presented(&world, sent)).collect();
    Json(json!({ "object": "list", "has_more": newest.count() > limit, "data": data }))
        .into_response()
}

async fn show(State(world): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, true) {
        return *refusal;
    }
    match world.resend.sent.iter().find(|sent| sent.id == id) {
        Some(sent) => Json(presented(&world, sent)).into_response(),
        None => refuse(404, "not_found", "Email not found"),
    }
}

fn presented(world: &World, sent: &Sent) -> Value {
    let message = &sent.message;
    let mut shown = json!({
        "object": "email",
        "id": sent.id,
        "from": message.get("from"),
        "to": addresses(message.get("to")),
        "subject": message.get("subject"),
        "created_at": sent.at.to_string(),
        "last_event": world.resend.last_event(sent, world.now),
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

#[derive(Deserialize)]
struct After {
    limit: Option<usize>,
    after: Option<String>,
}

async fn suppressions(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(page): Query<After>,
) -> Response {
    let world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, true) {
        return *refusal;
    }
    let limit = page.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return refuse(422, "validation_error", "`limit` must be from 1 to 100");
    }
    let now = world.now;
    let known: BTreeSet<&String> =
        world.resend.suppressed.keys().chain(world.resend.readers.keys()).collect();
    let after = page.after.unwrap_or_default();
    let mut left = known
        .into_iter()
        .filter(|address| **address > after)
        .filter_map(|address| Some((address, world.resend.suppression(address, now)?)))
        .peekable();
    let data: Vec<Value> = left
        .by_ref()
        .take(limit)
        .map(|(address, (origin, source))| listed(address, &origin, source.as_deref(), now))
        .map(|mut entry| {
            // In a list none says what it is.
            entry.as_object_mut().map(|fields| fields.remove("object"));
            entry
        })
        .collect();
    let more = left.peek().is_some();
    Json(json!({ "object": "list", "has_more": more, "data": data })).into_response()
}

fn listed(address: &str, origin: &str, source: Option<&str>, now: i64) -> Value {
    json!({
        "object": "suppression", "id": address, "email": address, "origin": origin,
        "source_id": source, "created_at": now.to_string(),
    })
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
    match world.resend.suppression(&address, world.now) {
        Some((origin, source)) => {
            Json(listed(&address, &origin, source.as_deref(), world.now)).into_response()
        }
        None => refuse(404, "not_found", "Suppression not found"),
    }
}
