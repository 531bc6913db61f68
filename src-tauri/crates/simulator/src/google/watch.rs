//! Telling by Pub/Sub that a mailbox changed: `watch` and `stop`, what is published, and the two ways to get it.
//!
//! A message says how far the history has come and nothing else; at most one a second comes for a user, and what
//! happens in between is told by the next one. Invariant: nobody is told after seven days without a new `watch`.
//! Source: Gmail API guide, "Push notifications"; Pub/Sub REST v1 (`subscriptions.pull`, `acknowledge`), and its
//! push form with an OIDC token.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use super::call::{Answered, Call, Room, invalid, not_found, refusal};
use super::mailbox::GmailMailbox;
use super::{GoogleWorld, presented};
use crate::microsoft::iso;
use crate::server::{Shared, lock};

/// A watch ends after so long, in milliseconds.
const WATCHED: i64 = 7 * 24 * 60 * 60 * 1_000;
/// One message for a user in so long, in milliseconds.
const APART: i64 = 1_000;
/// A token of a push is good for so long, in seconds.
const TOKEN_LIVES: i64 = 3_600;
/// Who pushes.
const PUSHER: &str = "push@simulator.iam.gserviceaccount.com";
/// Signs what is pushed here, and nothing anywhere else: it was made for this.
const KEY: &[u8] = include_bytes!("push-key.der");
const KEY_ID: &str = "simulator-1";

/// A message on its way to one subscription.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    subscription: String,
    id: String,
    at: i64,
    data: String,
}

pub(super) fn begin(room: &mut Room<'_>, call: &Call) -> Result<Answered, Answered> {
    let asked = call.json()?;
    let topic = asked.get("topicName").and_then(Value::as_str).unwrap_or_default();
    if !topic.starts_with("projects/") || !topic.contains("/topics/") {
        return Err(invalid("Invalid topicName does not match projects/*/topics/*"));
    }
    if !room.topics.contains_key(topic) {
        let words = "Error sending test message to Cloud PubSub: User not authorized to perform this action.";
        return Err(refusal(403, "PERMISSION_DENIED", "forbidden", words));
    }
    let expiration = room.now + WATCHED;
    room.mailbox.watched = Some((expiration, topic.to_owned()));
    room.mailbox.told = (room.mailbox.history_id, room.now);
    let history = room.mailbox.history_id.to_string();
    Ok((200, json!({ "historyId": history, "expiration": expiration.to_string() })))
}

pub(super) fn stop(mailbox: &mut GmailMailbox) -> Answered {
    mailbox.watched = None;
    (204, Value::Null)
}

impl GoogleWorld {
    /// Publishes what is due by now.
    pub(crate) fn publish(&mut self, now: i64) {
        for (address, mailbox) in &mut self.mailboxes {
            let Some((until, topic)) = mailbox.watched.clone() else { continue };
            if now >= until {
                mailbox.watched = None;
                continue;
            }
            let (told, at) = mailbox.told;
            if mailbox.history_id <= told || now < at + APART {
                continue;
            }
            mailbox.told = (mailbox.history_id, now);
            let words = json!({ "emailAddress": address, "historyId": mailbox.history_id });
            for subscription in self.topics.get(&topic).into_iter().flatten() {
                self.published.push(Published {
                    subscription: subscription.clone(),
                    id: format!("{}{:04}", mailbox.history_id, self.published.len()),
                    at: now,
                    data: STANDARD.encode(words.to_string()),
                });
            }
        }
    }

    /// What Pub/Sub would push to an endpoint: the `Authorization` and the body of each request. They are taken
    /// for delivered.
    pub fn pushed(&mut self, subscription: &str, audience: &str, now: i64) -> Vec<(String, Value)> {
        self.publish(now);
        let (due, rest) = std::mem::take(&mut self.published)
            .into_iter()
            .partition(|one: &Published| one.subscription == subscription);
        self.published = rest;
        let bearer = format!("Bearer {}", token(audience, now));
        let one = |one: Published| {
            (bearer.clone(), json!({ "message": message(&one), "subscription": one.subscription }))
        };
        due.into_iter().map(one).collect()
    }
}

fn message(one: &Published) -> Value {
    json!({ "data": one.data, "messageId": one.id, "publishTime": iso(one.at) })
}

/// `…/subscriptions/name:pull` and `:acknowledge`, for whoever has the project's own credentials.
pub(super) async fn subscription(
    State(world): State<Shared>,
    Path((project, call)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some((name, verb)) = call.rsplit_once(':') else { return presented(not_found()) };
    let name = format!("projects/{project}/subscriptions/{name}");
    let mut world = lock(&world);
    let now = world.now;
    let google = &mut world.google;
    if !google.topics.values().any(|known| known.contains(&name)) {
        return presented(not_found());
    }
    google.publish(now);
    let answered = match verb {
        "pull" => {
            let most = asked.get("maxMessages").and_then(Value::as_u64).unwrap_or(1);
            let due = google.published.iter().filter(|one| one.subscription == name);
            let due = due.take(usize::try_from(most).unwrap_or(1));
            let received: Vec<Value> =
                due.map(|one| json!({ "ackId": one.id, "message": message(one) })).collect();
            let some = !received.is_empty();
            (200, if some { json!({ "receivedMessages": received }) } else { json!({}) })
        }
        "acknowledge" => {
            let ids = asked.get("ackIds").and_then(Value::as_array).cloned().unwrap_or_default();
            let named = |one: &Published| ids.iter().any(|id| id.as_str() == Some(&one.id));
            google.published.retain(|one| one.subscription != name || !named(one));
            (200, json!({}))
        }
        _ => not_found(),
    };
    presented(answered)
}

/// The public half of the key that pushes are signed with (RFC 7517).
pub(super) async fn certs() -> Json<Value> {
    let keys = RsaKeyPair::from_pkcs8(KEY).ok().map(|pair| {
        let public: PublicKeyComponents<Vec<u8>> = pair.public().into();
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID,
            "n": URL_SAFE_NO_PAD.encode(public.n),
            "e": URL_SAFE_NO_PAD.encode(public.e),
        })
    });
    Json(json!({ "keys": keys.into_iter().collect::<Vec<_>>() }))
}

/// An OIDC token as Pub/Sub attaches it, signed with RS256.
fn token(audience: &str, now: i64) -> String {
    let seconds = now.div_euclid(1_000);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = json!({ "alg": "RS256", "kid": KEY_ID, "typ": "JWT" });
    let claims = json!({
        "iss": "https://accounts.google.com",
        "aud": audience,
        "sub": "114680000000000000000",
        "email": PUSHER,
        "email_verified": true,
        "iat": seconds,
        "exp": seconds + TOKEN_LIVES,
    });
    let text = format!("{}.{}", part(&head), part(&claims));
    let signature = RsaKeyPair::from_pkcs8(KEY).ok().and_then(|pair| {
        let mut signature = vec![0; pair.public().modulus_len()];
        let random = SystemRandom::new();
        pair.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).ok()?;
        Some(URL_SAFE_NO_PAD.encode(signature))
    });
    format!("{text}.{}", signature.unwrap_or_default())
}
