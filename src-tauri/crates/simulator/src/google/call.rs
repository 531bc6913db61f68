//! One call of the Gmail API, alone or out of a batch: who asks, what it costs, where it goes.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::mailbox::GmailMailbox;
use super::quota::cost;
use super::{FULL, MODIFY, READ, SEND, drafts, history, labels, messages, watch};
use crate::World;
use crate::world::Delivery;

/// A request, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: String,
    /// What stands after `users/`.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// Status and body; null for none.
pub(super) type Answered = (u16, Value);

impl Call {
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn every(&self, name: &str) -> Vec<&str> {
        let named = self.query.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn json(&self) -> Result<Value, Answered> {
        serde_json::from_slice(&self.body).map_err(|_| invalid("Invalid JSON payload received."))
    }
}

/// What a call works on.
pub(super) struct Room<'a> {
    pub(super) mailbox: &'a mut GmailMailbox,
    pub(super) user: String,
    pub(super) now: i64,
    pub(super) tokens_live: Option<i64>,
    pub(super) tells_labels: bool,
    /// What leaves, for the mailboxes of others.
    pub(super) leaving: Vec<(Vec<String>, Vec<u8>, Option<u64>)>,
    /// Topics that may be published to.
    pub(super) topics: &'a BTreeMap<String, BTreeSet<String>>,
}

pub(super) fn refusal(code: u16, status: &str, reason: &str, message: &str) -> Answered {
    let domain = if reason.contains("imitExceeded") { "usageLimits" } else { "global" };
    let errors = json!([{ "domain": domain, "reason": reason, "message": message }]);
    (
        code,
        json!({ "error": { "code": code, "message": message, "status": status, "errors": errors } }),
    )
}

pub(super) fn not_found() -> Answered {
    refusal(404, "NOT_FOUND", "notFound", "Requested entity was not found.")
}

pub(super) fn invalid(message: &str) -> Answered {
    refusal(400, "INVALID_ARGUMENT", "invalidArgument", message)
}

/// Scopes any of which lets a call in.
fn scopes(method: &str, path: &[&str]) -> &'static [&'static str] {
    match (method, path) {
        ("DELETE", ["messages", _]) | ("POST", ["messages", "batchDelete"]) => &[FULL],
        ("POST", ["messages" | "drafts", "send"]) => &[FULL, MODIFY, SEND],
        ("GET", _) => &[FULL, MODIFY, READ],
        _ => &[FULL, MODIFY],
    }
}

/// Answers one call.
pub(super) fn answer(world: &mut World, headers: &HeaderMap, call: &Call) -> Answered {
    let now = world.now;
    let Some(granted) = world.google.oauth.bearer(headers, now) else {
        let words = "Request had invalid authentication credentials.";
        return refusal(401, "UNAUTHENTICATED", "authError", words);
    };
    let mut steps = call.path.split('/');
    let user = steps.next().unwrap_or_default();
    let path: Vec<&str> = steps.collect();
    if user != "me" && user != granted.user {
        return refusal(403, "PERMISSION_DENIED", "forbidden", "Delegation denied");
    }
    if !scopes(&call.method, &path).iter().any(|scope| granted.scopes.contains(*scope)) {
        let words = "Request had insufficient authentication scopes.";
        return refusal(403, "PERMISSION_DENIED", "insufficientPermissions", words);
    }
    let google = &mut world.google;
    if !google.quota.take(cost(&call.method, &path), now) {
        let words = "User-rate limit exceeded.";
        return refusal(403, "PERMISSION_DENIED", "userRateLimitExceeded", words);
    }
    let Some(mailbox) = google.mailboxes.get_mut(&granted.user) else {
        return refusal(
            400,
            "FAILED_PRECONDITION",
            "failedPrecondition",
            "Mail service not enabled",
        );
    };
    let mut room = Room {
        mailbox,
        user: granted.user.clone(),
        now,
        tokens_live: google.page_tokens_live,
        tells_labels: google.history_tells_labels,
        leaving: Vec::new(),
        topics: &google.topics,
    };
    let answered = route(&mut room, call, &path);
    let leaving = std::mem::take(&mut room.leaving);
    for (to, source, id) in leaving {
        deliver(world, &granted.user, &to, &source, id);
    }
    answered
}

fn route(room: &mut Room<'_>, call: &Call, path: &[&str]) -> Answered {
    let answered = match (call.method.as_str(), path) {
        ("GET", ["profile"]) => Ok((200, profile(room))),
        ("GET", ["history"]) => history::list(room, call),
        ("GET", ["labels"]) => Ok((200, labels::list(room.mailbox))),
        ("POST", ["labels"]) => labels::create(room.mailbox, call),
        ("GET", ["messages"]) => messages::list(room, call),
        ("POST", ["messages"]) => messages::insert(room, call),
        ("POST", ["messages", "send"]) => messages::send(room, call),
        ("POST", ["messages", "batchModify"]) => messages::batch_modify(room, call),
        ("POST", ["messages", "batchDelete"]) => messages::batch_delete(room, call),
        ("GET", ["messages", id]) => messages::get(room, call, id),
        ("DELETE", ["messages", id]) => messages::delete(room, id),
        ("POST", ["messages", id, "modify"]) => messages::modify(room, call, id),
        ("POST", ["messages", id, "trash"]) => messages::place(room, id, &["TRASH"], &[]),
        ("POST", ["messages", id, "untrash"]) => messages::place(room, id, &[], &["TRASH"]),
        ("POST", ["watch"]) => watch::begin(room, call),
        ("POST", ["stop"]) => Ok(watch::stop(room.mailbox)),
        ("GET", ["drafts"]) => drafts::list(room, call),
        ("POST", ["drafts"]) => drafts::create(room, call),
        ("GET", ["drafts", id]) => drafts::get(room, call, id),
        ("DELETE", ["drafts", id]) => drafts::delete(room, id),
        _ => Err(not_found()),
    };
    answered.unwrap_or_else(|refused| refused)
}

fn profile(room: &Room<'_>) -> Value {
    let threads: std::collections::BTreeSet<u64> =
        room.mailbox.messages.values().map(|message| message.thread).collect();
    json!({
        "emailAddress": room.user,
        "messagesTotal": room.mailbox.messages.len(),
        "threadsTotal": threads.len(),
        "historyId": room.mailbox.history_id.to_string(),
    })
}

/// What was sent reaches those who have a mailbox here, and is noted for all.
fn deliver(world: &mut World, from: &str, to: &[String], source: &[u8], id: Option<u64>) {
    let now = world.now;
    world.carry(from, to, source);
    world.delivered.push(Delivery {
        provider: "gmail",
        id: id.map(super::mailbox::spelled).unwrap_or_default(),
        message_id: super::raw::message_id(source),
        to: to.to_vec(),
        message: Value::String(String::from_utf8_lossy(source).into_owned()),
        at: now,
    });
}
