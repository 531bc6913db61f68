//! HTTP for the providers that speak it: one way to ask, one way to read what is answered.
//!
//! Owns the client, its TLS, its limits and the words for what goes wrong.
//! Invariant: a key travels over TLS or to this machine only, never to where a redirect points, and never
//! into a log or an error; of an answer at most [`LARGEST_ANSWER`] bytes are read.

mod answer;
mod signed;
#[cfg(test)]
pub(crate) mod support;

use std::time::Duration;

use bytes::Bytes;
use deskbell_domain::secret::Secret;
use deskbell_domain::{Address, ProviderError};
use reqwest::{Client, ClientBuilder, Method, Url};

pub(crate) use self::answer::{Answer, PAGE, page, shorten};
pub(crate) use self::signed::{Ask, Fault, SignedApi};
use crate::net::{NetError, client_config, is_loopback};

/// A connection or TLS handshake that takes longer has failed.
const CONNECT: Duration = Duration::from_secs(20);
/// No byte for so long means that the connection is dead.
const SILENCE: Duration = Duration::from_secs(60);
/// The slowest line a message must still get through: bytes a second.
const SLOWEST: u64 = 32 * 1024;
/// A connection at rest is not used again after this long: a server may have closed it, and a request that
/// meets the close is of unknown fate.
const REST: Duration = Duration::from_secs(5);
/// Of an answer no more is read.
const LARGEST_ANSWER: usize = 5 * 1024 * 1024;

/// An API, and the key to it.
pub(crate) struct Api {
    client: Client,
    base: Url,
    key: Secret,
    silence: Duration,
}

/// `"Name" <address>`, or the address alone; what could end the name or the line is left out.
pub(crate) fn spelled(person: &Address) -> String {
    let address = one_line(&person.address);
    match person.name.as_deref().map(one_line).filter(|name| !name.is_empty()) {
        Some(name) => format!("\"{}\" <{address}>", name.replace(['"', '\\'], "")),
        None => address,
    }
}

/// The text on one line: a line end could begin a header of its own further on.
pub(crate) fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

/// The address of a resource; each part is one step, whatever stands in it.
fn below(base: &Url, path: &[&str]) -> Result<Url, NoAnswer> {
    let mut url = base.clone();
    match url.path_segments_mut() {
        Ok(mut steps) => {
            steps.pop_if_empty().extend(path);
        }
        Err(()) => return Err(NoAnswer::NotSent("the address of the API is none".into())),
    }
    Ok(url)
}

fn wrong_base(message: &str) -> ProviderError {
    ProviderError::Rejected { code: "settings.base_url".into(), message: message.into() }
}

/// The address of an API, where it is one that may be asked.
pub(crate) fn checked(base: &str) -> Result<Url, ProviderError> {
    let base = base.trim().trim_end_matches('/');
    let base = Url::parse(base)
        .map_err(|_| wrong_base("the address of the API must be like https://api.example.org"))?;
    let host = base.host_str().unwrap_or_default();
    let plain = base.scheme() == "http" && is_loopback(host);
    if base.scheme() != "https" && !plain {
        return Err(wrong_base(
            "the key could be read on the way; begin the API's address with https://",
        ));
    }
    if !base.username().is_empty() || base.password().is_some() || base.query().is_some() {
        return Err(wrong_base(
            "the address of the API must hold neither a name nor a question mark",
        ));
    }
    Ok(base)
}

/// The client, with our TLS and limits.
pub(crate) fn client(silence: Duration) -> Result<Client, ProviderError> {
    builder(silence)?
        .build()
        .map_err(|_| ProviderError::Protocol("no HTTP client could be made here".into()))
}

/// What every client begins with: our TLS and limits, and no redirect that is followed by itself.
#[expect(clippy::disallowed_methods, reason = "this is where clients are made")]
pub(crate) fn builder(silence: Duration) -> Result<ClientBuilder, ProviderError> {
    let tls = client_config(None).map_err(|error| match error {
        NetError::Tls(text) | NetError::Lost(text) | NetError::Protocol(text) => {
            ProviderError::Tls(text)
        }
        NetError::Settings { message, .. } => wrong_base(&message),
    })?;
    Ok(Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(CONNECT)
        .read_timeout(silence)
        .pool_idle_timeout(REST)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("Deskbell/", env!("CARGO_PKG_VERSION"))))
}

/// What a failed request says of the answer.
pub(crate) fn trouble(host: &str, error: &reqwest::Error) -> NoAnswer {
    if error.is_connect() {
        return NoAnswer::NotSent(format!("{host} cannot be reached; check the network"));
    }
    if error.is_builder() || error.is_request() && error.is_redirect() {
        return NoAnswer::NotSent(format!("{host} cannot be asked this"));
    }
    if error.is_timeout() {
        return NoAnswer::Lost(format!("{host} did not answer in time"));
    }
    NoAnswer::Lost(format!("the connection to {host} broke before the answer was complete"))
}

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// The request never got there.
    #[error("{0}")]
    NotSent(String),
    /// It may have got there.
    #[error("{0}")]
    Lost(String),
}

impl Api {
    /// An API at `base`, which may be another place than the usual one: another region, or a rehearsal.
    ///
    /// Refuses an address that is none, and plain HTTP to anywhere but this machine.
    pub(crate) fn new(base: &str, key: Secret) -> Result<Self, ProviderError> {
        Self::with_silence(base, key, SILENCE)
    }

    pub(crate) fn with_silence(
        base: &str,
        key: Secret,
        silence: Duration,
    ) -> Result<Self, ProviderError> {
        let base = checked(base)?;
        if key.expose().is_empty() || key.expose().chars().any(|c| !c.is_ascii_graphic()) {
            return Err(ProviderError::Rejected {
                code: "settings.key".into(),
                message: "this is no API key; copy it again, without spaces".into(),
            });
        }
        let client = client(silence)?;
        Ok(Self { client, base, key, silence })
    }

    /// Asks for something; repeating it is harmless.
    pub(crate) async fn get(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Answer, NoAnswer> {
        let mut url = self.url(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.ask(self.client.request(Method::GET, url).timeout(self.silence)).await
    }

    /// Hands something over, as JSON.
    pub(crate) async fn post(
        &self,
        path: &[&str],
        body: Bytes,
        idempotency_key: Option<&str>,
    ) -> Result<Answer, NoAnswer> {
        let patience = self.silence + Duration::from_secs(body.len() as u64 / SLOWEST);
        let mut request = self
            .client
            .request(Method::POST, self.url(path)?)
            .header("content-type", "application/json")
            .timeout(patience)
            .body(body);
        if let Some(key) = idempotency_key {
            request = request.header("idempotency-key", key);
        }
        self.ask(request).await
    }

    fn url(&self, path: &[&str]) -> Result<Url, NoAnswer> {
        below(&self.base, path)
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Answer, NoAnswer> {
        let sent = request.bearer_auth(self.key.expose()).send().await;
        let mut response = sent.map_err(|error| self.trouble(&error))?;
        let mut answer = Answer::begin(response.status().as_u16(), response.headers());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => break,
                Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_ANSWER => {
                    return Err(NoAnswer::Lost("the answer is endless".into()));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                // The verdict stands in the status; the rest of a refusal may be missing.
                Err(_) if answer.status >= 400 => break,
                Err(error) => return Err(self.trouble(&error)),
            }
        }
        answer.body = body.into();
        Ok(answer)
    }

    fn trouble(&self, error: &reqwest::Error) -> NoAnswer {
        trouble(self.base.host_str().unwrap_or("the API"), error)
    }
}

impl From<NoAnswer> for ProviderError {
    fn from(error: NoAnswer) -> Self {
        Self::Offline(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(base: &str, key: &str) -> String {
        match Api::new(base, Secret::new(key)) {
            Err(ProviderError::Rejected { code, .. }) => code,
            Err(other) => panic!("{other:?}"),
            Ok(_) => "taken".into(),
        }
    }

    #[test]
    fn a_key_goes_over_tls_or_stays_on_this_machine() {
        for base in ["https://api.example.org", "http://127.0.0.1:8080", "http://localhost:1/v"] {
            assert_eq!(refused(base, "key"), "taken", "{base}");
        }
        for base in
            ["http://api.example.org", "ftp://x", "api.example.org", "https://a:b@c.example"]
        {
            assert_eq!(refused(base, "key"), "settings.base_url", "{base}");
        }
        assert_eq!(refused("https://a.example", "two words"), "settings.key");
        assert_eq!(refused("https://a.example", ""), "settings.key");
    }

    #[test]
    fn a_part_of_a_path_cannot_leave_its_place() {
        let api = Api::new("https://a.example/v9/", Secret::new("key")).expect("an API");
        let url = api.url(&["v3", "bounces", "../../x?y=1#z"]).expect("an address");
        assert_eq!(url.as_str(), "https://a.example/v9/v3/bounces/..%2F..%2Fx%3Fy=1%23z");
    }
}
