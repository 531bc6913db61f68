//! Google: signing in, and Gmail.
//!
//! Paths are Google's own below one root: `o/oauth2/v2/auth`, `token`, `revoke` and `v1/userinfo` stand on
//! hosts of their own there (accounts, oauth2, openidconnect), `gmail/v1` and `batch/gmail/v1` on
//! gmail.googleapis.com. Invariant: what an answer says of a message is what the mailbox holds at that instant.

mod batch;
mod call;
mod drafts;
mod history;
mod labels;
mod mailbox;
mod messages;
mod quota;
pub(crate) mod raw;
mod shape;
mod upload;
mod watch;

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router, body::Bytes};
use serde_json::json;

pub use self::mailbox::{GmailMailbox, GmailMessage};
pub use self::quota::Quota;

use self::call::{Answered, Call};
use crate::journal::Troubles;
use crate::oauth::{Desk, OAuthWorld};
use crate::server::{Shared, lock};
use crate::{World, oauth};

/// Scope of everything but erasing for good.
pub const MODIFY: &str = "https://www.googleapis.com/auth/gmail.modify";
/// Scope of everything, IMAP and SMTP included.
pub const FULL: &str = "https://mail.google.com/";
/// Scope of sending alone.
pub const SEND: &str = "https://www.googleapis.com/auth/gmail.send";
/// Scope of reading alone.
pub const READ: &str = "https://www.googleapis.com/auth/gmail.readonly";

/// Google's part of the world.
#[derive(Debug, Default)]
pub struct GoogleWorld {
    /// Who signs in, and how.
    pub oauth: OAuthWorld,
    /// Mailboxes by address.
    pub mailboxes: BTreeMap<String, GmailMailbox>,
    /// What may be asked in a minute.
    pub quota: Quota,
    /// A page token is good for so long, in milliseconds; `None` for ever.
    pub page_tokens_live: Option<i64>,
    /// The records of changed labels say what a message carries; the published shape promises its id alone.
    pub history_tells_labels: bool,
    /// Topics of Pub/Sub that Gmail may publish to, with their subscriptions.
    pub topics: BTreeMap<String, BTreeSet<String>>,
    /// What was published and not acknowledged, by subscription.
    pub(crate) published: Vec<watch::Published>,
}

impl GoogleWorld {
    /// Makes a mailbox, and tokens for it as signing in would: access and refresh.
    pub fn open(&mut self, address: &str, now: i64) -> (String, String) {
        self.oauth.clients.entry("desk.apps.googleusercontent.com".into()).or_default();
        self.mailboxes.entry(address.into()).or_insert_with(|| GmailMailbox::new(now));
        self.oauth.sign_in(address, &[FULL], now)
    }

    /// A mailbox that was opened.
    ///
    /// # Panics
    /// If there is none of that address.
    #[expect(clippy::expect_used, reason = "a test names a mailbox it has opened")]
    pub fn mailbox(&mut self, address: &str) -> &mut GmailMailbox {
        self.mailboxes.get_mut(address).expect("the mailbox was opened")
    }
}

fn oauth_of(world: &mut World) -> &mut OAuthWorld {
    &mut world.google.oauth
}

const DESK: Desk = Desk {
    of: oauth_of,
    issuer: "https://accounts.google.com",
    authorize: "/o/oauth2/v2/auth",
    token: "/token",
    revoke: Some("/revoke"),
};

pub(crate) fn router() -> Router<Shared> {
    oauth::router(DESK)
        .route("/v1/userinfo", get(userinfo))
        .route("/gmail/v1/users/{*path}", any(gmail))
        .route("/upload/gmail/v1/users/{*path}", post(upload::upload))
        .route("/batch/gmail/v1", post(batch::batch))
        .route("/v1/projects/{project}/subscriptions/{call}", post(watch::subscription))
        .route("/oauth2/v3/certs", get(watch::certs))
}

async fn userinfo(State(world): State<Shared>, headers: HeaderMap) -> Response {
    let world = lock(&world);
    match world.google.oauth.bearer(&headers, world.now) {
        None => {
            (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_request" }))).into_response()
        }
        Some(granted) => {
            Json(json!({ "sub": granted.user, "email": granted.user, "email_verified": true }))
                .into_response()
        }
    }
}

async fn gmail(
    State(world): State<Shared>,
    method: Method,
    headers: HeaderMap,
    Path(path): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    body: Bytes,
) -> Response {
    let mut world = lock(&world);
    let call = Call { method: method.to_string(), path, query, body: body.to_vec() };
    let answered = call::answer(&mut world, &headers, &call);
    let trouble = match call.path.split_once('/') {
        Some((_, "history")) => history::trouble(&answered),
        _ => Vec::new(),
    };
    let mut response = presented(answered);
    response.extensions_mut().insert(Troubles(trouble));
    response
}

fn presented((status, body): Answered) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if body.is_null() { status.into_response() } else { (status, Json(body)).into_response() }
}
