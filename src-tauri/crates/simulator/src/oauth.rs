//! OAuth 2 as providers of mail speak it: a page that answers at once, codes held to PKCE, tokens that expire,
//! rotate and are revoked.
//!
//! Sources: RFC 6749, RFC 7636 (PKCE), RFC 8252 (loopback redirects), RFC 7009 (revocation), OpenID Connect
//! Core 1.0. Invariant: a code is good for one exchange within [`CODE_LIVES`], a refresh token of a rotating
//! provider for one refresh; every refusal is the `error` its RFC names.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, body::Bytes};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::World;
use crate::server::{Shared, lock};

/// A code is good for so long, in milliseconds.
pub const CODE_LIVES: i64 = 10 * 60 * 1_000;
/// An access token is good for so long, in milliseconds, unless the world says otherwise.
const ACCESS_LIVES: i64 = 60 * 60 * 1_000;

/// One provider's sign-in.
#[derive(Debug)]
pub struct OAuthWorld {
    /// Clients that are known, by their id.
    pub clients: BTreeMap<String, OAuthClient>,
    /// Who sits before the page.
    pub user: String,
    /// What they do there.
    pub consent: Consent,
    /// A refresh token is good for one refresh, which brings the next.
    pub rotates: bool,
    /// An access token is good for so long, in milliseconds.
    pub access_lives: i64,
    /// What a refresh token needs to be given at all: a scope (`offline_access`) or nothing.
    pub refresh_scope: Option<String>,
    /// Scopes are told by their long names, with this in front, as Microsoft does; what a refresh token is given for is
    /// not told then.
    pub long_scopes: Option<String>,
    codes: BTreeMap<String, Code>,
    refresh: BTreeMap<String, Granted>,
    access: BTreeMap<String, Access>,
    made: u64,
}

/// A registered client.
#[derive(Clone, Debug, Default)]
pub struct OAuthClient {
    /// Its secret, which the token endpoint then wants; `None` for a public client.
    pub secret: Option<String>,
    /// Where it may be redirected to besides loopback addresses: `deskbell://oauth/…`.
    pub redirects: BTreeSet<String>,
}

/// What a person does at the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Agrees to everything asked for.
    Grants,
    /// Agrees to these scopes alone.
    Only(Vec<String>),
    /// Says no: `access_denied`.
    Denies,
    /// May not say yes; the provider answers this error and description.
    Barred(String, String),
    /// Closes the browser, or leaves it open: nothing is answered.
    Leaves,
}

/// Who agreed to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Whose data.
    pub user: String,
    /// To what.
    pub scopes: BTreeSet<String>,
    /// Given to which client.
    pub client: String,
}

#[derive(Debug)]
struct Code {
    granted: Granted,
    challenge: String,
    redirect: String,
    nonce: Option<String>,
    refreshable: bool,
    at: i64,
}

#[derive(Debug)]
struct Access {
    granted: Granted,
    until: i64,
}

/// Where one provider's sign-in stands, and whose it is.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    pub(crate) of: fn(&mut World) -> &mut OAuthWorld,
    pub(crate) issuer: &'static str,
    pub(crate) authorize: &'static str,
    pub(crate) token: &'static str,
    pub(crate) revoke: Option<&'static str>,
}

impl Default for OAuthWorld {
    fn default() -> Self {
        Self {
            clients: BTreeMap::new(),
            user: "desk@studio.example".into(),
            consent: Consent::Grants,
            rotates: false,
            access_lives: ACCESS_LIVES,
            refresh_scope: None,
            long_scopes: None,
            codes: BTreeMap::new(),
            refresh: BTreeMap::new(),
            access: BTreeMap::new(),
            made: 0,
        }
    }
}

impl OAuthWorld {
    /// A sign-in that happened: an access token and a refresh token.
    pub fn sign_in(&mut self, user: &str, scopes: &[&str], now: i64) -> (String, String) {
        let granted = Granted {
            user: user.into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            client: self.clients.keys().next().cloned().unwrap_or_default(),
        };
        let refresh = self.keep(&granted);
        (self.open(granted, now), refresh)
    }

    /// Ends every access token: the next request meets a 401.
    pub fn expire_access(&mut self) {
        self.access.clear();
    }

    /// Takes everything back that was granted for a user: `invalid_grant` from now on.
    pub fn revoke_user(&mut self, user: &str) {
        self.access.retain(|_, access| access.granted.user != user);
        self.refresh.retain(|_, granted| granted.user != user);
    }

    /// Takes everything back that was granted to anybody.
    pub fn revoke_all(&mut self) {
        self.access.clear();
        self.refresh.clear();
    }

    /// How many refresh tokens are good.
    pub fn refresh_tokens(&self) -> usize {
        self.refresh.len()
    }

    /// Whose access token a request carries, and for what; `None` for none that is good.
    pub(crate) fn bearer(&self, headers: &HeaderMap, now: i64) -> Option<Granted> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let access = self.access.get(value.strip_prefix("Bearer ")?)?;
        (now < access.until).then(|| access.granted.clone())
    }

    fn name(&mut self, kind: &str) -> String {
        self.made += 1;
        let digest = Sha256::digest(format!("{kind} {}", self.made));
        format!("{kind}.{}", URL_SAFE_NO_PAD.encode(digest))
    }

    fn keep(&mut self, granted: &Granted) -> String {
        let token = self.name("refresh");
        self.refresh.insert(token.clone(), granted.clone());
        token
    }

    fn open(&mut self, granted: Granted, now: i64) -> String {
        let token = self.name("access");
        self.access.insert(token.clone(), Access { granted, until: now + self.access_lives });
        token
    }
}

pub(crate) fn router(desk: Desk) -> Router<Shared> {
    let router = Router::new()
        .route(
            desk.authorize,
            get(move |State(world): State<Shared>, Query(asked): Query<Pairs>| async move {
                let mut world = lock(&world);
                let now = world.now;
                authorize((desk.of)(&mut world), &asked, now)
            }),
        )
        .route(
            desk.token,
            post(move |State(world): State<Shared>, body: Bytes| async move {
                let mut world = lock(&world);
                let now = world.now;
                token((desk.of)(&mut world), &form(&body), now, desk.issuer)
            }),
        );
    let Some(path) = desk.revoke else { return router };
    router.route(
        path,
        post(move |State(world): State<Shared>, body: Bytes| async move {
            let mut world = lock(&world);
            revoke((desk.of)(&mut world), &form(&body))
        }),
    )
}

type Pairs = BTreeMap<String, String>;

/// A body of `application/x-www-form-urlencoded`, which is spelled like a query.
fn form(body: &[u8]) -> Pairs {
    let uri = format!("/?{}", String::from_utf8_lossy(body)).parse::<Uri>();
    let pairs = uri.ok().and_then(|uri| Query::<Pairs>::try_from_uri(&uri).ok());
    pairs.map(|Query(pairs)| pairs).unwrap_or_default()
}

fn text<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.get(name).map_or("", String::as_str)
}

fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// Loopback addresses may have any port (RFC 8252 section 7.3); everything else is registered.
fn may_redirect(client: &OAuthClient, to: &str) -> bool {
    let loopback = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    loopback.iter().any(|base| to.starts_with(base)) || client.redirects.contains(to)
}

fn page(status: StatusCode, words: &str) -> Response {
    (status, Html(format!("<!doctype html><title>Sign in</title><p>{words}"))).into_response()
}

fn authorize(world: &mut OAuthWorld, asked: &Pairs, now: i64) -> Response {
    let to = text(asked, "redirect_uri");
    let client = text(asked, "client_id");
    match world.clients.get(client) {
        // Where nobody may be sent, the person is told (RFC 6749 section 4.1.2.1).
        None => return page(StatusCode::UNAUTHORIZED, "Error 401: invalid_client"),
        Some(known) if !may_redirect(known, to) => {
            return page(StatusCode::BAD_REQUEST, "Error 400: redirect_uri_mismatch");
        }
        Some(_) => {}
    }
    let state = text(asked, "state");
    let back = |pairs: &[(&str, &str)]| {
        let mut url = format!("{to}{}", if to.contains('?') { '&' } else { '?' });
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            url.push_str(&format!("{name}={}&", escaped(value)));
        }
        (StatusCode::FOUND, [(header::LOCATION, url.trim_end_matches('&').to_owned())])
            .into_response()
    };
    let refuse = |error: &str, words: &str| {
        back(&[("error", error), ("error_description", words), ("state", state)])
    };
    if text(asked, "response_type") != "code" {
        return refuse("unsupported_response_type", "response_type must be code");
    }
    let challenge = text(asked, "code_challenge");
    if text(asked, "code_challenge_method") != "S256" || challenge.len() != 43 {
        return refuse("invalid_request", "a code_challenge of method S256 is needed");
    }
    let wanted: BTreeSet<String> =
        text(asked, "scope").split_whitespace().map(str::to_owned).collect();
    if wanted.is_empty() {
        return refuse("invalid_scope", "no scope was asked for");
    }
    let scopes = match &world.consent {
        Consent::Grants => wanted,
        Consent::Only(some) => wanted.into_iter().filter(|scope| some.contains(scope)).collect(),
        Consent::Denies => return refuse("access_denied", "the person said no"),
        Consent::Barred(error, words) => return refuse(error, words),
        Consent::Leaves => return page(StatusCode::OK, "Choose an account"),
    };
    let refreshable = match &world.refresh_scope {
        Some(scope) => scopes.contains(scope),
        // Google gives one for offline access alone.
        None => text(asked, "access_type") == "offline",
    };
    let granted = Granted { user: world.user.clone(), scopes, client: client.into() };
    let code = world.name("code");
    let spelled = granted.scopes.iter().cloned().collect::<Vec<_>>().join(" ");
    world.codes.insert(
        code.clone(),
        Code {
            granted,
            challenge: challenge.into(),
            redirect: to.into(),
            nonce: asked.get("nonce").cloned(),
            refreshable,
            at: now,
        },
    );
    back(&[("code", &code), ("scope", &spelled), ("state", state)])
}

/// Escapes a value of a query: everything but unreserved characters (RFC 3986 section 2.3).
fn escaped(value: &str) -> String {
    let mut spelled = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            spelled.push(char::from(byte));
        } else {
            spelled.push_str(&format!("%{byte:02X}"));
        }
    }
    spelled
}

fn wrong(status: StatusCode, error: &str, words: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": words }))).into_response()
}

fn token(world: &mut OAuthWorld, asked: &Pairs, now: i64, issuer: &str) -> Response {
    let client = text(asked, "client_id");
    let Some(known) = world.clients.get(client) else {
        return wrong(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The OAuth client was not found.",
        );
    };
    if known.secret.as_deref().is_some_and(|secret| secret != text(asked, "client_secret")) {
        return wrong(StatusCode::UNAUTHORIZED, "invalid_client", "The client secret is invalid.");
    }
    let bad = |words: &str| wrong(StatusCode::BAD_REQUEST, "invalid_grant", words);
    match text(asked, "grant_type") {
        "authorization_code" => {
            // Taken out whatever comes of it: a code is tried once.
            let Some(code) = world.codes.remove(text(asked, "code")) else {
                return bad("Malformed auth code.");
            };
            if now - code.at >= CODE_LIVES || code.granted.client != client {
                return bad("The code has expired.");
            }
            if code.redirect != text(asked, "redirect_uri") {
                return wrong(StatusCode::BAD_REQUEST, "redirect_uri_mismatch", "Bad Request");
            }
            if code.challenge != challenge_of(text(asked, "code_verifier")) {
                return bad("Invalid code verifier.");
            }
            let refresh = code.refreshable.then(|| world.keep(&code.granted));
            let id_token = code
                .granted
                .scopes
                .contains("openid")
                .then(|| id_token(&code.granted, code.nonce.as_deref(), issuer, now));
            answer(world, code.granted, refresh, id_token, now)
        }
        "refresh_token" => {
            let token = text(asked, "refresh_token");
            let known = world.refresh.get(token).filter(|granted| granted.client == client);
            let Some(granted) = known.cloned() else {
                return bad("Token has been expired or revoked.");
            };
            let next = world.rotates.then(|| {
                world.refresh.remove(token);
                world.keep(&granted)
            });
            answer(world, granted, next, None, now)
        }
        _ => wrong(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Invalid grant_type"),
    }
}

/// The scopes of an answer.
fn told(world: &OAuthWorld, granted: &Granted) -> String {
    let Some(resource) = &world.long_scopes else {
        return granted.scopes.iter().cloned().collect::<Vec<_>>().join(" ");
    };
    let told = granted.scopes.iter().filter(|scope| Some(*scope) != world.refresh_scope.as_ref());
    let long = told.map(|scope| match scope.as_str() {
        "openid" | "email" | "profile" => scope.clone(),
        scope => format!("{resource}{}", scope.rsplit('/').next().unwrap_or_default()),
    });
    long.collect::<Vec<_>>().join(" ")
}

fn answer(
    world: &mut OAuthWorld,
    granted: Granted,
    refresh: Option<String>,
    id_token: Option<String>,
    now: i64,
) -> Response {
    let scope = told(world, &granted);
    let access = world.open(granted, now);
    let mut answer = json!({
        "access_token": access,
        "expires_in": world.access_lives / 1_000,
        "scope": scope,
        "token_type": "Bearer",
    });
    if let Value::Object(fields) = &mut answer {
        fields.extend(refresh.map(|token| ("refresh_token".to_owned(), token.into())));
        fields.extend(id_token.map(|token| ("id_token".to_owned(), token.into())));
    }
    Json(answer).into_response()
}

/// An ID token; its signature is none, as whoever gets it got it from the issuer itself.
fn id_token(granted: &Granted, nonce: Option<&str>, issuer: &str, now: i64) -> String {
    let seconds = now.div_euclid(1_000);
    let claims = json!({
        "iss": issuer,
        "aud": granted.client,
        "sub": URL_SAFE_NO_PAD.encode(Sha256::digest(&granted.user)),
        "email": granted.user,
        "email_verified": true,
        "preferred_username": granted.user,
        "nonce": nonce,
        "iat": seconds,
        "exp": seconds + 3_600,
    });
    let head = json!({ "alg": "RS256", "typ": "JWT", "kid": "simulator" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&head), part(&claims), URL_SAFE_NO_PAD.encode("unsigned"))
}

fn revoke(world: &mut OAuthWorld, asked: &Pairs) -> Response {
    let token = text(asked, "token");
    let granted = world
        .refresh
        .remove(token)
        .or_else(|| world.access.remove(token).map(|access| access.granted));
    match granted {
        // Either token takes the whole grant with it.
        Some(granted) => {
            world.access.retain(|_, access| access.granted != granted);
            world.refresh.retain(|_, other| *other != granted);
            Json(json!({})).into_response()
        }
        None => wrong(StatusCode::BAD_REQUEST, "invalid_token", "Token expired or revoked"),
    }
}
