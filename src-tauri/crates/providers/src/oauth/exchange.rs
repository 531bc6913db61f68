//! The token endpoint: a code or a refresh token goes in, tokens come out (RFC 6749 sections 4.1.3 and 6); and the
//! one that takes them back (RFC 7009).
//!
//! Owns how the `oauth2` crate reaches the network: with the client, the TLS and the limits of all our HTTP.
//! Invariant: no redirect is followed, nothing secret is logged, and of an answer at most [`LARGEST`] bytes are read.

use std::pin::Pin;
use std::time::Duration;

use deskbell_domain::secret::Secret;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, StandardRevocableToken, StandardTokenResponse,
    TokenResponse as _, TokenUrl,
};
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use super::vendor::{Client, Endpoints, Vendor};
use crate::http;

/// An answer with tokens is a few kilobytes.
const LARGEST: usize = 256 * 1024;
/// The vendor has so long to begin its answer, and between its bytes.
const SILENCE: Duration = Duration::from_secs(30);

/// The field OpenID Connect adds to an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct IdToken {
    #[serde(default)]
    id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

/// The crate's client with all we tell it.
pub(super) type Known = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<IdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What came out.
pub(super) struct Tokens {
    pub(super) access: Secret,
    /// A new one; the old one may be good for nothing from now on.
    pub(super) refresh: Option<Secret>,
    pub(super) lives: Option<Duration>,
    /// What was allowed, where the answer says so: silence means all that was asked for.
    pub(super) scopes: Option<Vec<String>>,
    pub(super) id_token: Option<Secret>,
}

/// One vendor's token endpoint.
pub(super) struct Exchange {
    vendor: &'static str,
    client_id: String,
    client_secret: Option<Secret>,
    revoke: Option<String>,
    known: Known,
    http: Http,
}

/// Why there is no answer to read.
#[derive(Debug, thiserror::Error)]
enum Silent {
    #[error("{0}")]
    Unreachable(String),
    #[error("a page")]
    Page,
    #[error("an endless answer")]
    Endless,
    #[error("cut off")]
    Cut,
    #[error("busy")]
    Busy,
}

impl Exchange {
    pub(super) fn new(
        vendor: Vendor,
        client: &Client,
        endpoints: &Endpoints,
    ) -> Result<Self, Problem> {
        let wrong = |message: String| Problem::Settings { field: "base_url", message };
        for url in [&endpoints.authorize, &endpoints.token] {
            http::checked(url).map_err(|error| wrong(error.to_string()))?;
        }
        let id = client.id.trim();
        if id.is_empty() || id.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(Problem::Settings {
                field: "client_id",
                message: "this is no client id; copy it again, without spaces".into(),
            });
        }
        let unfit = |_| wrong("the sign-in server's address is none".into());
        let mut known = oauth2::Client::new(ClientId::new(id.to_owned()))
            .set_auth_uri(AuthUrl::new(endpoints.authorize.clone()).map_err(unfit)?)
            .set_token_uri(TokenUrl::new(endpoints.token.clone()).map_err(unfit)?)
            // Every vendor takes it in the body; some take it nowhere else.
            .set_auth_type(AuthType::RequestBody);
        if let Some(secret) = &client.secret {
            known = known.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
        }
        let http = http::client(SILENCE).map_err(|error| Problem::Offline(error.to_string()))?;
        Ok(Self {
            vendor: vendor.shown(),
            client_id: id.to_owned(),
            client_secret: client.secret.clone(),
            revoke: endpoints.revoke.clone(),
            known,
            http: Http(http),
        })
    }

    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.http.0
    }

    /// Exchanges the code of a finished sign-in.
    pub(super) async fn code(
        &self,
        code: &Secret,
        verifier: PkceCodeVerifier,
        redirect: &str,
    ) -> Result<Tokens, Problem> {
        let nonsense = |_| Problem::Settings {
            field: "redirect",
            message: "the redirect address is none".into(),
        };
        let known = self.known.clone();
        let known =
            known.set_redirect_uri(RedirectUrl::new(redirect.to_owned()).map_err(nonsense)?);
        let answer = known
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(verifier)
            .request_async(&self.http)
            .await;
        answer.map(read).map_err(|error| self.problem(error))
    }

    /// Exchanges a refresh token for a fresh access token.
    pub(super) async fn refresh(&self, token: &Secret) -> Result<Tokens, Problem> {
        let token = RefreshToken::new(token.expose().to_owned());
        let answer = self.known.exchange_refresh_token(&token).request_async(&self.http).await;
        answer.map(read).map_err(|error| self.problem(error))
    }

    /// Gives a refresh token back, and with it all that was made of it (RFC 7009 section 2.1); `None` where the
    /// vendor takes none back. One that it does not know any more is given back already.
    pub(super) async fn revoke(&self, token: &Secret) -> Option<Result<(), Problem>> {
        let url = self.revoke.as_deref()?;
        let body = self.farewell(token);
        Some(self.hand_back(url, &body).await)
    }

    /// The words by which a token is given back.
    fn farewell(&self, token: &Secret) -> zeroize::Zeroizing<String> {
        let mut form = oauth2::url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", token.expose()).append_pair("token_type_hint", "refresh_token");
        form.append_pair("client_id", &self.client_id);
        if let Some(secret) = &self.client_secret {
            form.append_pair("client_secret", secret.expose());
        }
        form.finish().into()
    }

    /// The crate itself would do so over TLS only, and a rehearsal runs on this machine.
    async fn hand_back(&self, url: &str, body: &str) -> Result<(), Problem> {
        let wrong = |message: String| Problem::Settings { field: "base_url", message };
        http::checked(url).map_err(|error| wrong(error.to_string()))?;
        let request = oauth2::http::Request::post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.as_bytes().to_vec())
            .map_err(|_| wrong("the sign-in server's address is none".into()))?;
        let answer = self.http.ask(request).await.map_err(|silent| self.silence(silent))?;
        if answer.status().is_success() {
            return Ok(());
        }
        let vendor = self.vendor;
        match serde_json::from_slice::<BasicErrorResponse>(answer.body()) {
            // Google's word for a token that is not good any more.
            Ok(said) if said.error().as_ref() == "invalid_token" => Ok(()),
            Ok(said) => Err(Problem::of(vendor, said.error().as_ref(), "", &self.client_id)),
            Err(_) => Err(Problem::Other { vendor, code: answer.status().as_str().to_owned() }),
        }
    }

    fn problem(&self, error: RequestTokenError<Silent, BasicErrorResponse>) -> Problem {
        let vendor = self.vendor;
        let nonsense = |what| Problem::Nonsense { vendor, what };
        match error {
            RequestTokenError::ServerResponse(said) => {
                let description = said.error_description().map_or("", String::as_str);
                Problem::of(vendor, said.error().as_ref(), description, &self.client_id)
            }
            RequestTokenError::Request(silent) => self.silence(silent),
            RequestTokenError::Parse(..) => nonsense("it is broken off or no JSON"),
            RequestTokenError::Other(_) => nonsense("it is empty or of another kind"),
        }
    }

    fn silence(&self, silent: Silent) -> Problem {
        let vendor = self.vendor;
        match silent {
            Silent::Unreachable(words) => Problem::Offline(words),
            Silent::Page => Problem::Portal,
            Silent::Endless => Problem::Nonsense { vendor, what: "it has no end" },
            Silent::Busy => Problem::Busy { vendor },
            Silent::Cut => {
                Problem::Offline("the connection broke before the answer was complete".into())
            }
        }
    }
}

/// The network, as the crate asks for it.
struct Http(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Silent;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Silent>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

impl Http {
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, Silent> {
        let host = request.uri().host().unwrap_or("the sign-in server").to_owned();
        let request = reqwest::Request::try_from(request)
            .map_err(|_| Silent::Unreachable(format!("{host} cannot be asked this")))?;
        let mut response = self
            .0
            .execute(request)
            .await
            .map_err(|error| Silent::Unreachable(http::trouble(&host, &error).to_string()))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => break,
                Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST => {
                    return Err(Silent::Endless);
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Err(_) => return Err(Silent::Cut),
            }
        }
        if status.as_u16() == 429 || status.is_server_error() {
            return Err(Silent::Busy);
        }
        // Google's front says "too often" by a 403 in the form of its APIs, which is no form of OAuth.
        if status.as_u16() == 403 && says_too_often(&body) {
            return Err(Silent::Busy);
        }
        let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok());
        let html = kind.is_some_and(|kind| kind.trim_start().starts_with("text/html"));
        // A redirect is how portals lead to their page; no token endpoint answers so.
        if html || status.is_redirection() || body.trim_ascii_start().starts_with(b"<") {
            return Err(Silent::Page);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

/// Words for "too often", as the APIs of Google and Microsoft spell them.
const TOO_OFTEN: [&str; 4] =
    ["ratelimitexceeded", "rate_limit_exceeded", "quotaexceeded", "throttled"];

fn says_too_often(body: &[u8]) -> bool {
    let words = String::from_utf8_lossy(body).to_ascii_lowercase();
    TOO_OFTEN.iter().any(|word| words.contains(word))
}

fn read(answer: StandardTokenResponse<IdToken, BasicTokenType>) -> Tokens {
    Tokens {
        access: Secret::new(answer.access_token().secret().as_str()),
        refresh: answer.refresh_token().map(|token| Secret::new(token.secret().as_str())),
        lives: answer.expires_in(),
        scopes: answer.scopes().map(|all| all.iter().map(|one| one.to_string()).collect()),
        id_token: answer.extra_fields().id_token.as_deref().map(Secret::new),
    }
}
