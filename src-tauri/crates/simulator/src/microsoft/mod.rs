//! Microsoft Graph, as far as it is mail: what Microsoft's world holds, and which request goes where.
//!
//! Invariant: every refusal has Graph's form. Leaves who is let in, and how many at once, to `door`.

mod allowance;
mod batch;
mod call;
mod delta;
mod door;
mod drafts;
mod folders;
mod mailbox;
mod message;
mod messages;
mod mime;
mod present;
pub(crate) mod subscriptions;

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::json;

pub use self::delta::Lives;
pub use self::mailbox::{Folder, Habits, Loss, Mailbox};
pub use self::message::{Attachment, Message, Person};
pub(crate) use self::mime::decoded;
pub(crate) use self::present::{http_date, iso};

use self::call::{Call, Outcome, Reply, answer, nothing, refuse};
use self::door::{Leaving, allowed, let_in, throttled};
use crate::oauth::{self, Desk, OAuthWorld};
use crate::server::{LARGEST, Shared, lock};
use crate::world::{Delivery, World};

pub use self::allowance::Allowance;

/// The client that is registered where a mailbox is opened.
const CLIENT: &str = "5a1e0000-desk-4000-8000-000000000000";
/// What such a sign-in is good for.
const SCOPES: [&str; 4] = ["offline_access", "User.Read", "Mail.ReadWrite", "Mail.Send"];
/// Where the fake lives below the simulator's address.
const PLACE: &str = "/microsoft";

/// Microsoft's part of the world.
#[derive(Debug)]
pub struct MicrosoftWorld {
    /// Who signs in, and how.
    pub oauth: OAuthWorld,
    /// Mailboxes by address.
    pub mailboxes: BTreeMap<String, Mailbox>,
    /// How long every answer takes, in real time: so that requests can be at once.
    pub latency: Duration,
    /// The most requests one mailbox had at the same time.
    pub most_at_once: usize,
    /// Access tokens: whose they are, and for what.
    tokens: BTreeMap<String, (String, Vec<String>)>,
    /// What one app may ask of one mailbox.
    pub allowance: Allowance,
    in_flight: BTreeMap<String, usize>,
    subscriptions: Vec<subscriptions::Subscription>,
    notices: Vec<subscriptions::Notice>,
    made: u64,
}

impl Default for MicrosoftWorld {
    fn default() -> Self {
        let mut oauth = OAuthWorld::default();
        (oauth.rotates, oauth.refresh_scope) = (true, Some("offline_access".into()));
        Self {
            oauth,
            mailboxes: BTreeMap::new(),
            latency: Duration::ZERO,
            most_at_once: 0,
            tokens: BTreeMap::new(),
            allowance: Allowance::default(),
            in_flight: BTreeMap::new(),
            subscriptions: Vec::new(),
            notices: Vec::new(),
            made: 0,
        }
    }
}

impl MicrosoftWorld {
    /// Makes a mailbox, and tokens for it as signing in would: access and refresh.
    pub fn open(&mut self, address: &str, now: i64) -> (String, String) {
        self.oauth.clients.entry(CLIENT.into()).or_default();
        self.mailbox(address);
        self.oauth.sign_in(address, &SCOPES, now)
    }

    /// Lets a token in to this mailbox, which is made if there is none.
    pub fn sign_in(&mut self, token: &str, address: &str, scopes: &[&str]) {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.tokens.insert(token.to_owned(), (address.to_owned(), scopes));
        self.mailbox(address);
    }

    /// Lets a token in no longer.
    pub fn revoke(&mut self, token: &str) {
        self.tokens.remove(token);
    }

    /// A mailbox, made if there is none.
    pub fn mailbox(&mut self, address: &str) -> &mut Mailbox {
        self.mailboxes.entry(address.to_owned()).or_insert_with(|| Mailbox::new(address))
    }
}

/// The steps of a path, calls such as `mailFolders('inbox')` taken apart.
#[cfg(feature = "specs")]
pub(crate) fn steps_of(path: &str) -> Vec<String> {
    Call::steps_of(path)
}

fn oauth_of(world: &mut World) -> &mut OAuthWorld {
    &mut world.microsoft.oauth
}

/// Stands on login.microsoftonline.com; a refresh token is given for `offline_access` and rotates.
const DESK: Desk = Desk {
    of: oauth_of,
    issuer: "https://login.microsoftonline.com/common/v2.0",
    authorize: "/{tenant}/oauth2/v2.0/authorize",
    token: "/{tenant}/oauth2/v2.0/token",
    revoke: None,
};

pub(crate) fn router() -> Router<Shared> {
    oauth::router(DESK).fallback(handle)
}

async fn handle(State(world): State<Shared>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return refuse(413, "RequestBodyTooLarge", "The request is too large.").into_response();
    };
    let path = head.uri.path();
    let client_request = header(&head.headers, "client-request-id");
    if path.starts_with("/upload/") {
        return upload(&mut lock(&world), path, &head.headers, &body).into_response();
    }
    let Some(path) = path.strip_prefix("/v1.0/") else {
        return refuse(404, "ResourceNotFound", "Invalid version.").into_response();
    };
    let (address, latency, places) = {
        let mut world = lock(&world);
        let address = match let_in(&world, &head.headers, head.method.as_ref(), path) {
            Ok(address) => address,
            Err(reply) => return finish(&mut world, reply, &client_request),
        };
        // Requests in a batch are counted where they are read.
        let entered = match path {
            "$batch" => Ok(door::enter_together(&mut world, &address, batch::at_once(&body))),
            _ => allowed(&mut world, &address).and_then(|()| door::enter(&mut world, &address)),
        };
        match entered {
            Ok(places) => (address, world.microsoft.latency, places),
            Err(reply) => return finish(&mut world, reply, &client_request),
        }
    };
    let leaving = Leaving { world: Shared::clone(&world), address: address.clone(), places };
    if path.starts_with("subscriptions") {
        let now = lock(&world).now;
        let asked = (head.method.as_str(), path);
        let call = subscriptions::call(asked, &head.headers, &body, (&address, now));
        let reply = subscriptions::ask(&world, &call).await.unwrap_or_else(|refusal| refusal);
        let response = finish(&mut lock(&world), reply, &client_request);
        drop(leaving);
        return response;
    }
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let mut world = lock(&world);
    let call = Call {
        method: head.method.to_string(),
        steps: Call::steps_of(path),
        query: options(&head.uri),
        prefer: head
            .headers
            .get_all("prefer")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect::<Vec<_>>()
            .join(","),
        media_type: header(&head.headers, "content-type"),
        body: body.to_vec(),
        origin: format!("http://{}{PLACE}/v1.0", header(&head.headers, "host")),
        address,
        now: world.now,
    };
    let reply = match call.steps.as_slice() {
        [one] if one == "$batch" => batch::batch(&mut world, &call, places),
        _ => route(&mut world, &call),
    };
    let response = finish(&mut world, reply.unwrap_or_else(|refusal| refusal), &client_request);
    drop(world);
    drop(leaving);
    response
}

fn finish(world: &mut World, mut reply: Reply, client_request: &str) -> Response {
    let request = world.fresh_id();
    reply.sign(&present::iso(world.now), &request, client_request);
    let reply = reply.header("request-id", request);
    reply.header("client-request-id", client_request.to_owned()).into_response()
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn options(uri: &Uri) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::try_from_uri(uri).map(|query| query.0).unwrap_or_default()
}

fn route(world: &mut World, call: &Call) -> Outcome {
    let steps: Vec<&str> = call.steps.iter().map(String::as_str).collect();
    let Some(("me", rest)) = steps.split_first().map(|(first, rest)| (*first, rest)) else {
        return Err(refuse(400, "BadRequest", "Resource not found for the segment."));
    };
    let host = call.origin.trim_end_matches("/v1.0").to_owned();
    let mailbox = world.microsoft.mailbox(&call.address);
    match (call.method.as_str(), rest) {
        ("GET", []) => Ok(answer(
            200,
            json!({
                "id": format!("user-{}", call.address),
                "displayName": call.address,
                "mail": call.address,
                "userPrincipalName": call.address,
            }),
        )),
        ("GET", ["mailFolders"]) => folders::list(mailbox, call, None),
        ("POST", ["mailFolders"]) => folders::make(mailbox, call),
        ("GET", ["mailFolders", "delta"]) => delta::delta(mailbox, call, None),
        ("GET", ["mailFolders", id]) => folders::show(mailbox, id),
        ("GET", ["mailFolders", id, "childFolders"]) => folders::list(mailbox, call, Some(id)),
        ("GET", ["mailFolders", id, "messages", "delta"]) => delta::delta(mailbox, call, Some(id)),
        ("GET", ["mailFolders", id, "messages"]) => messages::list(mailbox, call, Some(id)),
        ("POST", ["mailFolders", id, "messages"]) => drafts::create(mailbox, call, id),
        ("GET", ["messages"]) => messages::list(mailbox, call, None),
        ("POST", ["messages"]) => drafts::create(mailbox, call, "drafts"),
        ("GET", ["messages", id]) => messages::show(mailbox, call, id),
        ("PATCH", ["messages", id]) => messages::patch(mailbox, call, id),
        ("DELETE", ["messages", id]) | ("POST", ["messages", id, "permanentDelete"]) => {
            messages::erase(mailbox, id)
        }
        ("GET", ["messages", id, "$value"]) => messages::source(mailbox, id),
        ("POST", ["messages", id, "move"]) => messages::relocate(mailbox, call, id),
        ("POST", ["messages", id, "copy"]) => messages::copy(mailbox, call, id),
        ("POST", ["messages", id, verb @ ("createReply" | "createReplyAll" | "createForward")]) => {
            drafts::reply(mailbox, call, id, verb)
        }
        ("GET", ["messages", id, "attachments"]) => drafts::files(mailbox, id),
        ("POST", ["messages", id, "attachments"]) => drafts::attach(mailbox, call, id),
        ("POST", ["messages", id, "attachments", "createUploadSession"]) => {
            drafts::open_upload(mailbox, call, id, &host)
        }
        ("POST", ["messages", id, "send"]) => {
            let (reply, departed) = drafts::send(mailbox, call, id)?;
            post(world, &call.address, departed);
            Ok(reply)
        }
        ("POST", ["sendMail"]) => {
            let (reply, departed) = drafts::send_mail(mailbox, call)?;
            post(world, &call.address, departed);
            Ok(reply)
        }
        _ => Err(refuse(405, "BadRequest", "The method is not allowed for this resource.")),
    }
}

/// The post: notes what left, and brings it to mailboxes that are here.
fn post(world: &mut World, from: &str, departed: drafts::Departed) {
    let drafts::Departed { id, message } = departed;
    let source = drafts::as_received(&message);
    let everyone = message.to.iter().chain(&message.cc).chain(&message.bcc);
    let to: Vec<String> = everyone.map(|person| person.address.to_lowercase()).collect();
    let now = world.now;
    world.carry(from, &to, &source);
    let token = message.message_id.trim_start_matches('<').trim_end_matches('>');
    world.delivered.push(Delivery {
        provider: "microsoft",
        id,
        message_id: Some(token.to_owned()),
        to,
        message: json!({ "source": String::from_utf8_lossy(&source) }),
        at: now,
    });
}

fn upload(world: &mut World, path: &str, headers: &HeaderMap, body: &[u8]) -> Reply {
    let mut steps = path.trim_start_matches("/upload/").split('/');
    let (address, key) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
    let now = world.now;
    if let Err(wait) = world.microsoft.allowance.upload(address, body.len(), now) {
        return throttled(wait);
    }
    let Some(mailbox) = world.microsoft.mailboxes.get_mut(address) else { return nothing(404) };
    let signed = headers.contains_key("authorization");
    let range = header(headers, "content-range");
    let reply = drafts::put_range(mailbox, key, &range, signed, body, now);
    reply.unwrap_or_else(|refusal| refusal)
}
