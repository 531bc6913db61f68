//! Steering the fakes from another process, over HTTP with a secret; what can be done is in the crate's header.
//!
//! Leaves everything to the [`World`]: each of these does what its handle can do.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::{Fault, Strike};
use crate::microsoft::Loss;
use crate::oauth::OAuthWorld;
use crate::server::{Attendance, lock};
use crate::world::World;

/// Where it is.
pub(crate) const PLACE: &str = "/_ctl";

type Answer = Result<Json<Value>, (StatusCode, Json<Value>)>;
type Fakes = State<Arc<Attendance>>;

pub(crate) fn router(attendance: &Arc<Attendance>, secret: String) -> Router {
    let expected = format!("Bearer {secret}");
    let let_in = move |request: Request, next: Next| {
        let given = request.headers().get(header::AUTHORIZATION);
        let known = given.is_some_and(|given| same(given.as_bytes(), expected.as_bytes()));
        async move {
            if known {
                next.run(request).await
            } else {
                refused(StatusCode::UNAUTHORIZED, "the secret is missing or wrong").into_response()
            }
        }
    };
    Router::new()
        .route("/", get(look))
        .route("/clock", post(clock))
        .route("/faults", post(fault).delete(no_faults))
        .route("/journal", get(journal))
        .route("/delivered", get(delivered))
        .route("/{provider}/mail", post(mail))
        .route("/{provider}/forget", post(forget))
        .route("/{provider}/tokens", post(tokens))
        .layer(from_fn_with_state(Arc::clone(attendance), kept))
        .layer(from_fn(let_in))
        .with_state(Arc::clone(attendance))
}

/// Compares in a time that tells nothing of where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// Lets the clock move first, and writes down what came of it.
async fn kept(State(attendance): Fakes, request: Request, next: Next) -> Response {
    attendance.pass();
    let changes = request.method() != axum::http::Method::GET;
    let answer = next.run(request).await;
    if changes && let Err(error) = attendance.keep() {
        let words = format!("the mailboxes could not be kept: {error}");
        return refused(StatusCode::INSUFFICIENT_STORAGE, &words).into_response();
    }
    answer
}

fn refused(status: StatusCode, words: &str) -> (StatusCode, Json<Value>) {
    (status, Json(json!({ "error": words })))
}

fn wrong(words: &str) -> (StatusCode, Json<Value>) {
    refused(StatusCode::BAD_REQUEST, words)
}

async fn look(State(attendance): Fakes) -> Answer {
    let world = lock(&attendance.world);
    let google = world.google.mailboxes.iter().map(|(address, mailbox)| {
        let in_inbox = |labels: &std::collections::BTreeSet<String>| labels.contains("INBOX");
        let all = mailbox.all();
        let inbox = all.values().filter(|message| in_inbox(&message.labels)).count();
        (
            address.clone(),
            json!({ "messages": all.len(), "inbox": inbox, "historyId": mailbox.history_id() }),
        )
    });
    let microsoft = world.microsoft.mailboxes.iter().map(|(address, mailbox)| {
        let folders = mailbox
            .folders
            .iter()
            .map(|folder| (folder.name.clone(), json!(mailbox.messages(&folder.id).len())));
        (address.clone(), Value::Object(folders.collect()))
    });
    Ok(Json(json!({
        "now": world.now,
        "google": google.collect::<serde_json::Map<_, _>>(),
        "microsoft": microsoft.collect::<serde_json::Map<_, _>>(),
        "faults": world.faults.len(),
        "requests": world.forgotten + world.journal.len(),
        "delivered": world.delivered.len(),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: i64,
}

async fn clock(State(attendance): Fakes, Json(asked): Json<Advance>) -> Answer {
    if asked.advance_ms < 0 {
        return Err(wrong("time does not go back: advance_ms must not be negative"));
    }
    let now = {
        let mut world = lock(&attendance.world);
        world.now += asked.advance_ms;
        world.now
    };
    attendance.pass();
    Ok(Json(json!({ "now": now })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    at: String,
    #[serde(default = "once")]
    times: usize,
    #[serde(default)]
    carried_out: bool,
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    cut: Option<usize>,
    late_ms: Option<u64>,
    #[serde(default)]
    never: bool,
}

fn once() -> usize {
    1
}

async fn fault(State(attendance): Fakes, Json(asked): Json<Faults>) -> Answer {
    let Faults { at, times, carried_out, status, headers, body, cut, late_ms, never } = asked;
    let what = match (status, cut, never) {
        (Some(status), None, false) => {
            Some(Strike::Answer { status, headers: headers.into_iter().collect(), body })
        }
        (None, Some(after), false) => Some(Strike::Cut(after)),
        (None, None, true) => Some(Strike::Never),
        (None, None, false) => None,
        _ => return Err(wrong("say one of status, cut and never")),
    };
    let strike = match (late_ms, what) {
        (Some(ms), then) => Strike::Late(Duration::from_millis(ms), then.map(Box::new)),
        (None, Some(strike)) => strike,
        (None, None) => return Err(wrong("say at least one of status, cut, late_ms and never")),
    };
    let fault = Fault { at, carried_out, strike };
    let mut world = lock(&attendance.world);
    world.faults.extend(std::iter::repeat_n(fault, times));
    Ok(Json(json!({ "faults": world.faults.len() })))
}

async fn no_faults(State(attendance): Fakes) -> Answer {
    lock(&attendance.world).faults.clear();
    Ok(Json(json!({ "faults": 0 })))
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: usize,
}

async fn journal(State(attendance): Fakes, Query(asked): Query<Since>) -> Answer {
    let world = lock(&attendance.world);
    let from = asked.since.saturating_sub(world.forgotten).min(world.journal.len());
    let entries = world.journal.get(from..).unwrap_or_default();
    let next = world.forgotten + world.journal.len();
    Ok(Json(json!({ "entries": entries, "next": next })))
}

async fn delivered(State(attendance): Fakes) -> Answer {
    Ok(Json(json!({ "delivered": lock(&attendance.world).delivered })))
}

#[derive(Deserialize)]
struct Post {
    to: String,
    folder: Option<String>,
    labels: Option<String>,
}

async fn mail(
    State(attendance): Fakes,
    Path(provider): Path<String>,
    Query(asked): Query<Post>,
    source: Bytes,
) -> Answer {
    if source.is_empty() {
        return Err(wrong("the body must be a message, RFC 5322"));
    }
    let mut world = lock(&attendance.world);
    let now = world.now;
    let id = match provider.as_str() {
        "google" => {
            let mailbox = world.google.mailboxes.get_mut(&asked.to).ok_or_else(nobody)?;
            match &asked.labels {
                None => mailbox.deliver(&source, now),
                Some(labels) => mailbox.put(&source, &labels.split(',').collect::<Vec<_>>(), now),
            }
        }
        "microsoft" => {
            let mailbox = world.microsoft.mailboxes.get_mut(&asked.to).ok_or_else(nobody)?;
            let folder = asked.folder.as_deref().unwrap_or("inbox");
            if mailbox.folder(folder).is_none() {
                return Err(wrong("there is no such folder"));
            }
            mailbox.deliver(folder, &source, now)
        }
        _ => return Err(no_provider()),
    };
    Ok(Json(json!({ "id": id })))
}

fn nobody() -> (StatusCode, Json<Value>) {
    refused(StatusCode::NOT_FOUND, "there is no such mailbox")
}

fn no_provider() -> (StatusCode, Json<Value>) {
    refused(StatusCode::NOT_FOUND, "choose google or microsoft")
}

#[derive(Deserialize)]
struct Lost {
    of: String,
    loss: Option<Loss>,
}

async fn forget(
    State(attendance): Fakes,
    Path(provider): Path<String>,
    Query(asked): Query<Lost>,
) -> Answer {
    let mut world = lock(&attendance.world);
    match provider.as_str() {
        "google" => {
            world.google.mailboxes.get_mut(&asked.of).ok_or_else(nobody)?.forget_history();
        }
        "microsoft" => {
            let mailbox = world.microsoft.mailboxes.get_mut(&asked.of).ok_or_else(nobody)?;
            mailbox.evict(asked.loss.unwrap_or(Loss::NotFound));
        }
        _ => return Err(no_provider()),
    }
    Ok(Json(json!({})))
}

#[derive(Deserialize)]
struct Whose {
    of: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tokens {
    #[serde(default)]
    expire: bool,
    #[serde(default)]
    revoke: bool,
}

async fn tokens(
    State(attendance): Fakes,
    Path(provider): Path<String>,
    Query(whose): Query<Whose>,
    Json(asked): Json<Tokens>,
) -> Answer {
    let mut world = lock(&attendance.world);
    let of = oauth(&mut world, &provider).ok_or_else(no_provider)?;
    if asked.expire {
        of.expire_access();
    }
    if asked.revoke {
        let user = whose.of.ok_or_else(|| wrong("say of=ADDRESS: whose sign-in is taken back"))?;
        of.revoke_user(&user);
    }
    Ok(Json(json!({ "refresh_tokens": of.refresh_tokens() })))
}

fn oauth<'a>(world: &'a mut World, provider: &str) -> Option<&'a mut OAuthWorld> {
    match provider {
        "google" => Some(&mut world.google.oauth),
        "microsoft" => Some(&mut world.microsoft.oauth),
        _ => None,
    }
}
