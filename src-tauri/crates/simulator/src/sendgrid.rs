//! SendGrid: keys with scopes, verified senders, mail, suppressions, the list of messages that must be bought.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::server::{Shared, lock};
use crate::world::{Delivery, World, message_id};

/// The list of messages lags behind by so much, in milliseconds.
const LAG: i64 = 60_000;

/// Entries of a list at once.
const MOST: usize = 500;

/// SendGrid's part of the world.
#[derive(Debug, Default)]
pub struct SendGridWorld {
    /// Keys that are let in.
    pub keys: BTreeMap<String, SendGridKey>,
    /// Addresses one may send as.
    pub senders: BTreeSet<String>,
    /// Addresses whose mail came back.
    pub bounced: BTreeSet<String>,
    /// Addresses whose servers block.
    pub blocked: BTreeSet<String>,
    /// Addresses whose owners called mail spam.
    pub spam: BTreeSet<String>,
    /// Addresses that cannot be one.
    pub invalid: BTreeSet<String>,
    /// Addresses that want no mail at all.
    pub unsubscribed: BTreeSet<String>,
    /// The list of messages was bought.
    pub activity: bool,
    sent: Vec<(i64, String, Value)>,
}

/// The scopes of a key.
pub type SendGridKey = Vec<String>;

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/v3/mail/send", post(send))
        .route("/v3/scopes", get(scopes))
        .route("/v3/messages", get(messages))
        .route("/v3/suppression/{list}", get(whole))
        .route("/v3/suppression/bounces/{address}", get(bounce))
        .route("/v3/suppression/blocks/{address}", get(block))
        .route("/v3/asm/suppressions/global/{address}", get(unsubscribed))
}

fn refuse(status: u16, message: &str, field: Option<&str>) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let error = json!({ "message": message, "field": field, "help": null });
    (code, Json(json!({ "errors": [error] }))).into_response()
}

fn let_in(
    world: &World,
    headers: &HeaderMap,
    scope: Option<&str>,
) -> Result<Vec<String>, Box<Response>> {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
    let key = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let words = "The provided authorization grant is invalid, expired, or revoked";
    let scopes = world.sendgrid.keys.get(key);
    let scopes = scopes.ok_or_else(|| Box::new(refuse(401, words, None)))?;
    match scope {
        Some(scope) if !scopes.iter().any(|known| known == scope) => {
            Err(Box::new(refuse(403, "access forbidden", None)))
        }
        _ => Ok(scopes.clone()),
    }
}

async fn send(
    State(world): State<Shared>,
    headers: HeaderMap,
    Json(message): Json<Value>,
) -> Response {
    let mut world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, Some("mail.send")) {
        return *refusal;
    }
    if let Err((status, words, field)) = sound(&world, &message) {
        return refuse(status, &words, Some(&field));
    }
    let id = world.fresh_id();
    let now = world.now;
    let envelopes = message.get("personalizations").and_then(Value::as_array);
    for envelope in envelopes.into_iter().flatten() {
        // Those who are suppressed are taken, and dropped.
        let reached: Vec<String> = everyone(envelope)
            .into_iter()
            .filter(|address| {
                let w = &world.sendgrid;
                let dropped = [&w.bounced, &w.unsubscribed, &w.spam, &w.invalid];
                dropped.iter().all(|list| !list.contains(address))
            })
            .collect();
        if !reached.is_empty() {
            world.delivered.push(Delivery {
                provider: "sendgrid",
                id: id.clone(),
                message_id: message_id(&message),
                to: reached,
                message: message.clone(),
                at: now,
            });
        }
    }
    world.sendgrid.sent.push((now, id.clone(), message));
    (StatusCode::ACCEPTED, [("x-message-id", id)]).into_response()
}

/// What SendGrid checks before it takes a mail.
fn sound(world: &World, message: &Value) -> Result<(), (u16, String, String)> {
    let wrong = |words: &str, field: &str| Err((400, words.to_owned(), field.to_owned()));
    let empty = Vec::new();
    let envelopes = message.get("personalizations").and_then(Value::as_array).unwrap_or(&empty);
    if envelopes.is_empty() || envelopes.len() > 1_000 {
        return wrong("The personalizations field is required.", "personalizations");
    }
    for (at, envelope) in envelopes.iter().enumerate() {
        let to = envelope.get("to").and_then(Value::as_array).unwrap_or(&empty);
        if to.is_empty() {
            return wrong("The to array is required.", &format!("personalizations.{at}.to"));
        }
        let all = everyone(envelope);
        let once: BTreeSet<&String> = all.iter().collect();
        if once.len() != all.len() {
            let words = "Each email address in the personalization block should be unique between to, cc, and bcc.";
            return wrong(words, &format!("personalizations.{at}"));
        }
        if all.iter().any(|address| !address.contains('@')) {
            return wrong(
                "Does not contain a valid address.",
                &format!("personalizations.{at}.to.0.email"),
            );
        }
    }
    if message.get("subject").and_then(Value::as_str).is_none_or(str::is_empty) {
        return wrong("The subject is required.", "subject");
    }
    let contents = message.get("content").and_then(Value::as_array).unwrap_or(&empty);
    let kinds: Vec<&str> = contents.iter().filter_map(|one| one.get("type")?.as_str()).collect();
    if kinds.is_empty() {
        return wrong(
            "Unless a valid template_id is provided, the content parameter is required.",
            "content",
        );
    }
    if kinds.iter().position(|kind| *kind == "text/plain").is_some_and(|at| at > 0) {
        return wrong("If present, text/plain must come first.", "content");
    }
    let values = contents.iter().map(|one| one.get("value").and_then(Value::as_str));
    if values.into_iter().any(|value| value.is_none_or(str::is_empty)) {
        return wrong(
            "The content value must be a string at least one character in length.",
            "content.0.value",
        );
    }
    let from = message.pointer("/from/email").and_then(Value::as_str).unwrap_or_default();
    if !world.sendgrid.senders.contains(&from.to_lowercase()) {
        let words = "The from address does not match a verified Sender Identity.";
        return Err((403, words.into(), "from".into()));
    }
    Ok(())
}

fn everyone(envelope: &Value) -> Vec<String> {
    ["to", "cc", "bcc"]
        .iter()
        .filter_map(|role| envelope.get(*role)?.as_array())
        .flatten()
        .filter_map(|person| person.get("email")?.as_str())
        .map(str::to_lowercase)
        .collect()
}

async fn scopes(State(world): State<Shared>, headers: HeaderMap) -> Response {
    match let_in(&lock(&world), &headers, None) {
        Ok(scopes) => Json(json!({ "scopes": scopes })).into_response(),
        Err(refusal) => *refusal,
    }
}

#[derive(Deserialize)]
struct Search {
    query: String,
}

async fn messages(
    State(world): State<Shared>,
    headers: HeaderMap,
    Query(search): Query<Search>,
) -> Response {
    let world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, Some("messages.read")) {
        return *refusal;
    }
    if !world.sendgrid.activity {
        return refuse(403, "access forbidden", None);
    }
    let wanted = search.query.split('"').nth(1).unwrap_or_default().trim_end_matches('%');
    let found = world.sendgrid.sent.iter().filter(|(at, id, message)| {
        let args = message.pointer("/personalizations/0/custom_args");
        let args = args.and_then(Value::as_object).into_iter().flatten();
        let mut args = args.filter_map(|(_, value)| value.as_str());
        *at + LAG <= world.now && (id.starts_with(wanted) || args.any(|value| value == wanted))
    });
    let found: Vec<Value> = found
        .map(|(at, id, message)| {
            json!({
                "from_email": message.pointer("/from/email"),
                "msg_id": format!("{id}.filter0001"),
                "subject": message.get("subject"),
                "to_email": message.pointer("/personalizations/0/to/0/email"),
                "status": "delivered",
                "opens_count": 0,
                "clicks_count": 0,
                "last_event_time": at.to_string(),
            })
        })
        .collect();
    Json(json!({ "messages": found })).into_response()
}

async fn bounce(state: State<Shared>, headers: HeaderMap, path: Path<String>) -> Response {
    listed(&state, &headers, &path, "suppression.read", |world| &world.bounced)
}

async fn block(state: State<Shared>, headers: HeaderMap, path: Path<String>) -> Response {
    listed(&state, &headers, &path, "suppression.read", |world| &world.blocked)
}

fn listed(
    world: &Shared,
    headers: &HeaderMap,
    address: &str,
    scope: &str,
    list: fn(&SendGridWorld) -> &BTreeSet<String>,
) -> Response {
    let world = lock(world);
    if let Err(refusal) = let_in(&world, headers, Some(scope)) {
        return *refusal;
    }
    let entry = json!({
        "created": world.seconds(), "email": address, "reason": "550 5.1.1 unknown", "status": "5.1.1",
    });
    let found = list(&world.sendgrid).contains(address);
    Json(if found { json!([entry]) } else { json!([]) }).into_response()
}

#[derive(Deserialize)]
struct Part {
    limit: Option<usize>,
    offset: Option<usize>,
    /// Entries that begin so.
    email: Option<String>,
}

/// An entry as the list of that name has them.
fn entry(list: &str, address: &str, created: i64) -> Value {
    let why = match list {
        "bounces" | "blocks" => json!({ "reason": "550 5.1.1 unknown", "status": "5.1.1" }),
        "spam_reports" => json!({ "ip": "192.0.2.7" }),
        "invalid_emails" => {
            json!({ "reason": "Mail domain mentioned in email address is unknown" })
        }
        _ => json!({}),
    };
    let mut entry = json!({ "created": created, "email": address });
    if let (Value::Object(entry), Value::Object(why)) = (&mut entry, why) {
        entry.extend(why);
    }
    entry
}

/// A page of one of the lists.
async fn whole(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(list): Path<String>,
    Query(part): Query<Part>,
) -> Response {
    let world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, Some("suppression.read")) {
        return *refusal;
    }
    let known = match list.as_str() {
        "bounces" => &world.sendgrid.bounced,
        "blocks" => &world.sendgrid.blocked,
        "spam_reports" => &world.sendgrid.spam,
        "invalid_emails" => &world.sendgrid.invalid,
        "unsubscribes" => &world.sendgrid.unsubscribed,
        _ => return refuse(404, "not found", None),
    };
    let limit = part.limit.unwrap_or(MOST);
    if !(1..=MOST).contains(&limit) {
        return refuse(400, "limit must be from 1 to 500", Some("limit"));
    }
    let begin = part.email.unwrap_or_default();
    let found = known.iter().filter(|address| address.starts_with(&begin));
    let entries: Vec<Value> = found
        .skip(part.offset.unwrap_or(0))
        .take(limit)
        .map(|address| entry(&list, address, world.seconds()))
        .collect();
    Json(entries).into_response()
}

async fn unsubscribed(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(address): Path<String>,
) -> Response {
    let world = lock(&world);
    if let Err(refusal) = let_in(&world, &headers, Some("suppression.read")) {
        return *refusal;
    }
    let found = world.sendgrid.unsubscribed.contains(&address);
    Json(if found { json!({ "recipient_email": address }) } else { json!({}) }).into_response()
}
