//! OAuth 2 as providers of mail speak it: a page that answers at once, codes held to PKCE, tokens that expire,
//! rotate and are revoked.
//!
//! Sources: RFC 6749, RFC 7636 (PKCE), RFC 8252 (loopback redirects), RFC 7009 (revocation), OpenID Connect
//! Core 1.0. Invariant: a code is good for one exchange within [`CODE_LIVES`], a refresh token of a rotating
//! provider for one refresh; every refusal is the `error` its RFC names.

mod page;
mod token;

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Uri, header};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
                page::authorize((desk.of)(&mut world), &asked, now)
            }),
        )
        .route(
            desk.token,
            post(move |State(world): State<Shared>, body: Bytes| async move {
                let mut world = lock(&world);
                let now = world.now;
                token::token((desk.of)(&mut world), &form(&body), now, desk.issuer)
            }),
        );
    let Some(path) = desk.revoke else { return router };
    router.route(
        path,
        post(move |State(world): State<Shared>, body: Bytes| async move {
            let mut world = lock(&world);
            token::revoke((desk.of)(&mut world), &form(&body))
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
