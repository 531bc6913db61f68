//! Being told of changes: subscriptions, the proof that whoever is told wants it, and what they are told.
//!
//! Addresses are asked at this machine only (the service wants https; here plain HTTP on loopback stands in).
//! Invariant: nobody is told who has not echoed the token, and nobody after the subscription has expired.
//! Source: Graph, "Set up notifications for changes in resource data" and "Reduce missing subscriptions".

use std::time::Duration;

use axum::body::Bytes;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::call::{Call, Outcome, Reply, answer, not_found, nothing, refuse};
use super::mailbox::{Change, Mailbox};
use super::present::{self, iso};
use super::{MicrosoftWorld, header};
use crate::server::{Shared, lock};

const MINUTE: i64 = 60_000;
/// For mail: under seven days, and never less than 45 minutes.
const LONGEST: i64 = 10_080 * MINUTE;
const SHORTEST: i64 = 45 * MINUTE;
/// Subscriptions to one mailbox.
const MOST: usize = 1_000;
const LONGEST_STATE: usize = 128;
/// The token must be echoed within this.
const ECHO: Duration = Duration::from_secs(10);
/// What nobody took is told again for so long.
const TRIED: i64 = 4 * 60 * MINUTE;

/// One who is told.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    id: String,
    mailbox: String,
    /// `None` for all of the mailbox.
    folder: Option<String>,
    resource: String,
    kinds: String,
    url: String,
    lifecycle: Option<String>,
    state: Option<String>,
    expires: i64,
    immutable: bool,
    /// How far the log was told.
    told: usize,
}

/// Something to be told, and until when it is tried.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    url: String,
    body: Value,
    until: i64,
}

impl Subscription {
    fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "resource": self.resource,
            "changeType": self.kinds,
            "clientState": self.state,
            "notificationUrl": self.url,
            "lifecycleNotificationUrl": self.lifecycle,
            "expirationDateTime": iso(self.expires),
        })
    }

    fn news(&self, mailbox: &Mailbox) -> Vec<Value> {
        let log = mailbox.log.get(self.told..).unwrap_or_default();
        let inside = |folder: &String| self.folder.as_ref().is_none_or(|own| own == folder);
        let id = |serial| Some(present::id(mailbox.messages.get(&serial)?, self.immutable));
        let one = |change: &Change| {
            let (kind, id) = match change {
                Change::Whole { folder, serial } if inside(folder) => ("created", id(*serial)?),
                Change::Partly { folder, serial, .. } if inside(folder) => {
                    ("updated", id(*serial)?)
                }
                Change::Left { folder, ids, .. } if inside(folder) => {
                    ("deleted", if self.immutable { ids.0.clone() } else { ids.1.clone() })
                }
                _ => return None,
            };
            self.kinds.split(',').any(|wanted| wanted.trim() == kind).then(|| {
                json!({
                    "subscriptionId": self.id,
                    "subscriptionExpirationDateTime": iso(self.expires),
                    "changeType": kind,
                    "resource": format!("Users/{}/Messages/{id}", self.mailbox),
                    "resourceData": { "@odata.type": "#Microsoft.Graph.Message", "id": id },
                    "clientState": self.state,
                })
            })
        };
        log.iter().filter_map(one).collect()
    }
}

impl MicrosoftWorld {
    /// Tells everybody who is told of a mailbox's life: `missed`, `reauthorizationRequired` or `subscriptionRemoved`,
    /// after which there is no subscription.
    pub fn lifecycle(&mut self, mailbox: &str, event: &str, now: i64) {
        for one in self.subscriptions.iter().filter(|one| one.mailbox == mailbox) {
            let Some(url) = one.lifecycle.clone() else { continue };
            let body = json!({ "value": [{
                "subscriptionId": one.id,
                "subscriptionExpirationDateTime": iso(one.expires),
                "lifecycleEvent": event,
                "clientState": one.state,
            }] });
            self.notices.push(Notice { url, body, until: now + TRIED });
        }
        if event == "subscriptionRemoved" {
            self.subscriptions.retain(|one| one.mailbox != mailbox);
        }
    }

    /// Takes what is to be told by now.
    fn due(&mut self, now: i64) -> Vec<Notice> {
        self.subscriptions.retain(|one| now < one.expires);
        for one in &mut self.subscriptions {
            let Some(mailbox) = self.mailboxes.get(&one.mailbox) else { continue };
            let value = one.news(mailbox);
            one.told = mailbox.log.len();
            if !value.is_empty() {
                let (url, body) = (one.url.clone(), json!({ "value": value }));
                self.notices.push(Notice { url, body, until: now + TRIED });
            }
        }
        self.notices.retain(|notice| now < notice.until);
        std::mem::take(&mut self.notices)
    }
}

/// Tells what is due, beside whatever else goes on.
pub(crate) fn tell(world: &Shared) {
    let due = {
        let mut world = lock(world);
        let now = world.now;
        world.microsoft.due(now)
    };
    if due.is_empty() {
        return;
    }
    let world = Shared::clone(world);
    let telling = async move {
        for notice in due {
            let told = post(&notice.url, "", &notice.body.to_string()).await;
            if !told.is_some_and(|(status, _)| (200..300).contains(&status)) {
                lock(&world).microsoft.notices.push(notice);
            }
        }
    };
    #[expect(clippy::disallowed_methods, reason = "it ends with its requests, or with the fakes")]
    tokio::spawn(telling);
}

/// Answers a request below `/subscriptions`.
pub(super) async fn ask(world: &Shared, call: &Call) -> Outcome {
    let steps: Vec<&str> = call.steps.iter().skip(1).map(String::as_str).collect();
    if let ("POST", []) = (call.method.as_str(), steps.as_slice()) {
        let asked = read(&mut lock(world).microsoft, call)?;
        for url in [Some(&asked.url), asked.lifecycle.as_ref()].into_iter().flatten() {
            echoed(url).await?;
        }
        let shown = asked.shown();
        lock(world).microsoft.subscriptions.push(asked);
        return Ok(answer(201, shown));
    }
    let mut world = lock(world);
    let own = |one: &&mut Subscription| one.mailbox == call.address;
    let subscriptions = &mut world.microsoft.subscriptions;
    let (id, verb) = match steps.as_slice() {
        [] => {
            let all: Vec<Value> =
                subscriptions.iter_mut().filter(own).map(|one| one.shown()).collect();
            return Ok(answer(200, json!({ "value": all })));
        }
        [id] => (*id, ""),
        [id, verb] => (*id, *verb),
        _ => return Err(not_found()),
    };
    let found = subscriptions.iter_mut().filter(own).find(|one| one.id == id);
    let found = found.ok_or_else(not_found)?;
    match (call.method.as_str(), verb) {
        ("GET", "") => Ok(answer(200, found.shown())),
        ("PATCH", "") => {
            let body = call.json()?;
            if body.get("lifecycleNotificationUrl").is_some() {
                return Err(wrong("lifecycleNotificationUrl cannot be changed."));
            }
            found.expires = expiration(&body, call.now)?;
            Ok(answer(200, found.shown()))
        }
        ("POST", "reauthorize") => Ok(nothing(204)),
        ("DELETE", "") => {
            subscriptions.retain(|one| one.id != id);
            Ok(nothing(204))
        }
        _ => Err(refuse(405, "BadRequest", "The method is not allowed for this resource.")),
    }
}

fn wrong(words: &str) -> Reply {
    refuse(400, "InvalidRequest", words)
}

fn expiration(body: &Value, now: i64) -> Result<i64, Reply> {
    let text = body.get("expirationDateTime").and_then(Value::as_str).unwrap_or_default();
    let at = present::instant(text).ok_or_else(|| wrong("expirationDateTime is required."))?;
    if at > now + LONGEST {
        return Err(wrong("Subscription expiration can only be 10080 minutes in the future."));
    }
    if at <= now {
        return Err(wrong("Subscription expiration must be in the future."));
    }
    Ok(at.max(now + SHORTEST))
}

fn read(world: &mut MicrosoftWorld, call: &Call) -> Result<Subscription, Reply> {
    let body = call.json()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let kinds = text("changeType").unwrap_or_default();
    let known = |kind: &str| matches!(kind.trim(), "created" | "updated" | "deleted");
    if !kinds.split(',').all(known) {
        return Err(wrong("changeType must be of created, updated, deleted."));
    }
    let state = text("clientState");
    if state.as_ref().is_some_and(|state| state.chars().count() > LONGEST_STATE) {
        return Err(wrong("clientState is longer than 128 characters."));
    }
    let own = world.subscriptions.iter().filter(|one| one.mailbox == call.address);
    if own.count() >= MOST {
        return Err(refuse(403, "ExtensionError", "The limit of subscriptions is reached."));
    }
    let resource = text("resource").unwrap_or_default();
    let mailbox = world.mailbox(&call.address);
    let told = mailbox.log.len();
    let steps = Call::steps_of(&resource);
    let folder = match steps.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["me", "messages"] => None,
        ["me", "mailFolders", name, "messages"] => {
            Some(mailbox.folder(name).ok_or_else(not_found)?.id.clone())
        }
        _ => return Err(wrong("This resource cannot be subscribed to.")),
    };
    world.made += 1;
    Ok(Subscription {
        id: format!("{:08x}-5a1e-4000-8000-5ab5c21b0000", world.made),
        mailbox: call.address.clone(),
        folder,
        resource,
        kinds,
        url: text("notificationUrl").ok_or_else(|| wrong("notificationUrl is required."))?,
        lifecycle: text("lifecycleNotificationUrl"),
        state,
        expires: expiration(&body, call.now)?,
        immutable: call.immutable(),
        told,
    })
}

/// Whoever is to be told must say so: the token comes back as plain text.
async fn echoed(url: &str) -> Result<(), Reply> {
    const TOKEN: &str = "Validation: Testing client application reachability: 100%";
    const SPELLED: &str =
        "validationToken=Validation%3A+Testing+client+application+reachability%3A+100%25";
    let said = tokio::time::timeout(ECHO, post(url, SPELLED, "")).await.ok().flatten();
    if said == Some((200, TOKEN.to_owned())) {
        return Ok(());
    }
    Err(refuse(400, "ValidationError", "Subscription validation request failed."))
}

/// One POST to an address on this machine: the status and the body; `None` where there is no answer.
async fn post(url: &str, query: &str, body: &str) -> Option<(u16, String)> {
    let (host, path) = url.strip_prefix("http://")?.split_once('/')?;
    if !host.starts_with("127.0.0.1:") {
        return None;
    }
    let mark = if query.is_empty() { "" } else { "?" };
    let kind = if body.is_empty() { "text/plain; charset=utf-8" } else { "application/json" };
    let request = format!(
        "POST /{path}{mark}{query} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut line = TcpStream::connect(host).await.ok()?;
    line.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
}

/// A request as its parts, for an address that is not below `me`.
pub(super) fn call(
    (method, path): (&str, &str),
    headers: &axum::http::HeaderMap,
    body: &Bytes,
    (address, now): (&str, i64),
) -> Call {
    Call {
        method: method.to_owned(),
        steps: Call::steps_of(path),
        query: Vec::new(),
        prefer: header(headers, "prefer"),
        media_type: header(headers, "content-type"),
        body: body.to_vec(),
        origin: String::new(),
        address: address.to_owned(),
        now,
    }
}
