//! An API that one signs in to by OAuth 2: every request carries an access token, and one that was turned away
//! is asked once more with a fresh token.
//!
//! Invariant: a token goes below the API's own address only, whatever link an answer holds; a request is
//! repeated only where the first one was turned away before anything was done.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use deskbell_domain::ProviderError;
use deskbell_domain::port::AccessTokens;
use reqwest::{Client, Method, Url};

use super::{Answer, NoAnswer, SILENCE, SLOWEST, below, checked, client, trouble};

/// An API behind access tokens.
pub(crate) struct SignedApi {
    client: Client,
    base: Url,
    tokens: Arc<dyn AccessTokens>,
    silence: Duration,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    /// Of the answer no more is read.
    pub(crate) largest: usize,
    /// The address itself is the key: no token goes there.
    pub(crate) bare: bool,
}

impl Ask {
    pub(crate) fn new(method: Method, url: Url) -> Self {
        let largest = super::LARGEST_ANSWER;
        Self { method, url, headers: Vec::new(), body: Bytes::new(), largest, bare: false }
    }

    pub(crate) fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn body(mut self, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    pub(crate) fn largest(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }
}

/// Why a request has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// There is no token: the request was not made.
    #[error(transparent)]
    Token(ProviderError),
    /// No answer.
    #[error(transparent)]
    None(#[from] NoAnswer),
    /// More of it came than anybody should read.
    #[error("the answer of {0} is larger than {1} MB and was not read")]
    Endless(String, usize),
}

impl From<Fault> for ProviderError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Token(error) => error,
            Fault::None(error) => error.into(),
            Fault::Endless(..) => Self::Protocol(fault.to_string()),
        }
    }
}

impl SignedApi {
    /// An API at `base`, held to the rules of [`super::Api::new`].
    pub(crate) fn new(base: &str, tokens: Arc<dyn AccessTokens>) -> Result<Self, ProviderError> {
        Self::with_silence(base, tokens, SILENCE)
    }

    pub(crate) fn with_silence(
        base: &str,
        tokens: Arc<dyn AccessTokens>,
        silence: Duration,
    ) -> Result<Self, ProviderError> {
        Ok(Self { client: client(silence)?, base: checked(base)?, tokens, silence })
    }

    /// The address of a resource; each part is one step, whatever stands in it.
    pub(crate) fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Url, NoAnswer> {
        let mut url = below(&self.base, path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// An address out of an answer, if it is the API's own: only there may a token go.
    pub(crate) fn own(&self, link: &str) -> Option<Url> {
        let url = Url::parse(link).ok()?;
        let plain = url.username().is_empty() && url.password().is_none();
        (url.origin() == self.base.origin() && plain).then_some(url)
    }

    /// Asks; a token that is turned away is replaced once.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Answer, Fault> {
        if ask.bare {
            return self.once(&ask, None).await;
        }
        if ask.url.origin() != self.base.origin() {
            let words = "the provider pointed to an address that is not its own".to_owned();
            return Err(Fault::Token(ProviderError::Protocol(words)));
        }
        let token = self.tokens.access(None).await.map_err(Fault::Token)?;
        let answer = self.once(&ask, Some(token.expose())).await?;
        if answer.status != 401 || answer.is_page() {
            return Ok(answer);
        }
        let fresh = self.tokens.access(Some(&token)).await.map_err(Fault::Token)?;
        self.once(&ask, Some(fresh.expose())).await
    }

    async fn once(&self, ask: &Ask, token: Option<&str>) -> Result<Answer, Fault> {
        let patience = Duration::from_secs((ask.body.len().max(ask.largest) as u64) / SLOWEST);
        let mut request = self
            .client
            .request(ask.method.clone(), ask.url.clone())
            .timeout(self.silence + patience);
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        if !ask.body.is_empty() || ask.method == Method::POST {
            request = request.body(ask.body.clone());
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let host = ask.url.host_str().unwrap_or("the API");
        let mut response = request.send().await.map_err(|error| trouble(host, &error))?;
        let mut answer = Answer::begin(response.status().as_u16(), response.headers());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => break,
                Ok(Some(chunk)) if body.len() + chunk.len() > ask.largest => {
                    return Err(Fault::Endless(host.to_owned(), ask.largest / 1_000_000));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                // The verdict stands in the status; the rest of a refusal may be missing.
                Err(_) if answer.status >= 400 => break,
                Err(error) => return Err(trouble(host, &error).into()),
            }
        }
        answer.body = body.into();
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use deskbell_domain::secret::Secret;

    use super::*;

    struct Pocket;

    #[async_trait]
    impl AccessTokens for Pocket {
        async fn access(&self, _: Option<&Secret>) -> Result<Secret, ProviderError> {
            Ok(Secret::new("token"))
        }
    }

    #[tokio::test]
    async fn a_token_goes_to_the_api_alone() {
        let api = SignedApi::new("https://api.example/v1", Arc::new(Pocket)).expect("an API");
        assert!(api.own("https://api.example/elsewhere?x=1").is_some());
        for foreign in [
            "https://api.example.evil.example/v1",
            "http://api.example/v1",
            "https://api.example:444/v1",
            "https://you@api.example/v1",
            "nonsense",
        ] {
            assert!(api.own(foreign).is_none(), "{foreign}");
        }
        let foreign = Url::parse("https://evil.example/").expect("an address");
        let asked = api.ask(Ask::get(foreign)).await;
        assert!(
            matches!(asked, Err(Fault::Token(ProviderError::Protocol(_)))),
            "nothing is asked of another host: {asked:?}"
        );
    }
}
