//! One attempt to sign in: the page for the browser, the wait for its answer, the exchange.
//!
//! Invariant: the answer with this attempt's `state` counts, once, within ten minutes; one that has another state
//! is refused before anything else of it is read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deskbell_domain::Millis;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::{Clock, MINUTE};
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use tokio::sync::Notify;

use super::exchange::{Exchange, Tokens};
use super::grant::Grant;
use super::loopback::Loopback;
use super::page::ClosingWords;
use super::problem::Problem;
use super::vendor::{Client, DEEP_LINK, Endpoints, Reach, Vendor, Way};
use super::who::{self, Claims};

/// An attempt is over after this long.
const LIVES: Millis = 10 * MINUTE;
/// An access token of unknown life is taken to live this long.
const USUAL_LIFE: Duration = Duration::from_secs(5 * 60);

/// What to sign in to.
#[derive(Clone)]
pub struct Plan {
    /// With whom.
    pub vendor: Vendor,
    /// For what.
    pub reach: Reach,
    /// Where its pages are.
    pub endpoints: Endpoints,
    /// As whom.
    pub client: Client,
    /// The mailbox the page should propose.
    pub hint: Option<String>,
    /// How the answer comes back.
    pub way: Way,
    /// What the browser says at the end, in every language it may choose from; the first where it wants none of them.
    pub closing: Vec<ClosingWords>,
}

/// An attempt under way.
pub struct Attempt {
    plan: Plan,
    exchange: Exchange,
    redirect: String,
    url: String,
    state: Secret,
    nonce: String,
    expires_at: Millis,
    clock: Arc<dyn Clock>,
    once: Mutex<Once>,
    answered: Notify,
}

/// What is there once.
struct Once {
    verifier: Option<PkceCodeVerifier>,
    loopback: Option<Loopback>,
    query: Option<Secret>,
    /// An answer was taken; there is no second one.
    taken: bool,
}

/// The browser's answer, whose state was ours: a code to exchange.
pub struct Answer {
    code: Secret,
}

/// A finished sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// The mailbox the vendor says it is.
    pub address: Option<String>,
    /// To keep.
    pub grant: Grant,
}

impl Attempt {
    /// Prepares an attempt: its page, and the port that waits for the answer.
    pub async fn begin(plan: Plan, clock: Arc<dyn Clock>) -> Result<Self, Problem> {
        if plan.way == Way::DeepLink && !plan.vendor.takes_deep_links() {
            return Err(Problem::Settings {
                field: "redirect",
                message: format!(
                    "{} does not redirect to deskbell:// addresses; choose a port of this machine",
                    plan.vendor.shown()
                ),
            });
        }
        let scopes = plan.vendor.scopes(plan.reach);
        if scopes.is_empty() {
            return Err(Problem::Settings {
                field: "use",
                message: format!("{} has no API for mail; choose IMAP", plan.vendor.shown()),
            });
        }
        let exchange = Exchange::new(plan.vendor, &plan.client, &plan.endpoints)?;
        let (loopback, redirect) = match &plan.way {
            Way::DeepLink => (None, DEEP_LINK.to_owned()),
            Way::Page(page) => (None, own_page(page)?),
            Way::Loopback => {
                let name = plan.vendor.loopback_name();
                let loopback = Loopback::bind(name == "localhost", plan.closing.clone())
                    .await
                    .map_err(|error| {
                        Problem::Offline(format!(
                            "no port of this machine is free for the browser's answer ({})",
                            error.kind()
                        ))
                    })?;
                // Microsoft compares what it has registered without the slash.
                let slash = if name == "localhost" { "" } else { "/" };
                let redirect = format!("http://{name}:{}{slash}", loopback.port());
                (Some(loopback), redirect)
            }
        };
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = CsrfToken::new_random().secret().clone();
        let to = RedirectUrl::new(redirect.clone()).map_err(|_| Problem::Settings {
            field: "redirect",
            message: "the redirect address is none".into(),
        })?;
        let known = exchange.known().clone().set_redirect_uri(to);
        let mut page = known
            .authorize_url(CsrfToken::new_random)
            .set_pkce_challenge(challenge)
            .add_scopes(scopes.iter().map(|scope| Scope::new((*scope).to_owned())))
            .add_extra_param("nonce", nonce.clone());
        for (name, value) in plan.vendor.extras() {
            page = page.add_extra_param(*name, *value);
        }
        if let Some(hint) = &plan.hint {
            page = page.add_extra_param("login_hint", hint.clone());
        }
        let (url, state) = page.url();
        let expires_at = clock.now() + LIVES;
        let once = Once { verifier: Some(verifier), loopback, query: None, taken: false };
        Ok(Self {
            plan,
            exchange,
            redirect,
            url: url.into(),
            state: Secret::new(state.secret().as_str()),
            nonce,
            expires_at,
            clock,
            once: Mutex::new(once),
            answered: Notify::new(),
        })
    }

    /// The page for the browser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// When the attempt is over, ms UTC.
    pub fn expires_at(&self) -> Millis {
        self.expires_at
    }

    /// Whether an address that was handed over is the answer to this attempt.
    pub fn recognises(&self, address: &str) -> bool {
        self.is_ours(&query_of(address))
    }

    /// Takes an answer that came as an address, or as code and state with a `#` between them: a deep link, or what a
    /// person pasted.
    pub fn hand_back(&self, address: &str) -> Result<(), Problem> {
        let query = query_of(address);
        let pairs = pairs(&query);
        if !pairs.contains_key("state") || !["code", "error"].iter().any(|k| pairs.contains_key(*k))
        {
            return Err(Problem::NoAnswer);
        }
        if !self.is_ours(&query) {
            return Err(Problem::Foreign);
        }
        let mut once = self.once();
        if once.taken || once.query.is_some() {
            return Err(Problem::Used);
        }
        once.query = Some(query);
        drop(once);
        self.answered.notify_one();
        Ok(())
    }

    /// Waits for the browser's answer, however it comes. The port is closed at the end of it.
    pub async fn answer(&self) -> Result<Answer, Problem> {
        let loopback = self.once().loopback.take();
        let from_browser = async {
            match loopback {
                Some(loopback) => loopback.answer(|query| self.is_ours(query)).await,
                None => std::future::pending().await,
            }
        };
        let handed = async {
            loop {
                let told = self.answered.notified();
                if let Some(query) = self.once().query.take() {
                    return query;
                }
                told.await;
            }
        };
        let query = tokio::select! {
            query = handed => query,
            query = from_browser => query,
            () = self.expired() => return Err(Problem::Expired),
        };
        // Before anything else of it is read.
        if !self.is_ours(&query) {
            return Err(Problem::Foreign);
        }
        if self.clock.now() >= self.expires_at {
            return Err(Problem::Expired);
        }
        if std::mem::replace(&mut self.once().taken, true) {
            return Err(Problem::Used);
        }
        let mut pairs = pairs(&query);
        let vendor = self.plan.vendor.shown();
        if let Some(error) = pairs.get("error") {
            let words = pairs.get("error_description").map_or("", |words| words.as_str());
            return Err(Problem::of(vendor, error, words, &self.plan.client.id));
        }
        let code = pairs.remove("code").filter(|code| !code.is_empty());
        let code = code.ok_or(Problem::Nonsense { vendor, what: "it holds no code" })?;
        Ok(Answer { code: Secret::new(code.as_str()) })
    }

    /// Exchanges the answer, and learns which mailbox it is.
    pub async fn finish(&self, answer: Answer) -> Result<SignedIn, Problem> {
        let verifier = self.once().verifier.take().ok_or(Problem::Used)?;
        let tokens = self.exchange.code(&answer.code, verifier, &self.redirect).await?;
        let vendor = self.plan.vendor.shown();
        self.check_scopes(&tokens)?;
        let claims = match &tokens.id_token {
            Some(token) => {
                let (client, now) = (&self.plan.client.id, self.clock.now());
                Claims::read(token, client, &self.nonce, now, vendor)?
            }
            None => Claims::default(),
        };
        let mut address = claims.address().map(str::to_owned);
        if address.is_none()
            && let Some(page) = &self.plan.endpoints.userinfo
        {
            let told = who::ask(self.exchange.http(), page, &tokens.access).await;
            address = told.as_ref().and_then(Claims::address).map(str::to_owned);
        }
        let refresh = tokens.refresh.as_ref().ok_or(Problem::NotLasting { vendor })?;
        let lives = tokens.lives.unwrap_or(USUAL_LIFE);
        let expires_at = self.clock.now() + Millis::try_from(lives.as_millis()).unwrap_or(0);
        let grant = Grant::new(
            (self.plan.vendor, self.plan.reach),
            &self.plan.client,
            &self.plan.endpoints,
            refresh,
            &tokens.access,
            expires_at,
        );
        Ok(SignedIn { address, grant })
    }

    /// People may untick what they do not like.
    fn check_scopes(&self, tokens: &Tokens) -> Result<(), Problem> {
        let Some(granted) = &tokens.scopes else { return Ok(()) };
        // Microsoft writes the resource in front of a scope, or leaves it out.
        let has = |needed: &str| {
            let tail = |scope: &str| scope.rsplit('/').next().map(str::to_ascii_lowercase);
            granted.iter().any(|one| {
                one == needed
                    || !tail(one).is_none_or(|t| t.is_empty()) && tail(one) == tail(needed)
            })
        };
        let missing: Vec<&str> =
            self.plan.vendor.needed(self.plan.reach).filter(|needed| !has(needed)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let missing = missing.join(", ");
        Err(Problem::MissingScope { vendor: self.plan.vendor.shown(), missing })
    }

    /// Ends when the ten minutes are over by the clock.
    async fn expired(&self) {
        loop {
            let left = self.expires_at - self.clock.now();
            if left <= 0 {
                return;
            }
            // A clock that is set, or a machine that sleeps, is noticed soon.
            let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
            tokio::time::sleep(left.min(Duration::from_secs(1))).await;
        }
    }

    fn is_ours(&self, query: &Secret) -> bool {
        pairs(query).get("state").is_some_and(|state| same(state, self.state.expose()))
    }

    fn once(&self) -> std::sync::MutexGuard<'_, Once> {
        self.once.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Compares in a time that does not tell how much was right.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}

/// The query of an address, or of what a page shows: the bare query, or code and state with a `#` between them.
fn query_of(address: &str) -> Secret {
    let address = address.trim();
    if let Some((code, state)) = address.split_once('#')
        && !address.contains("state=")
    {
        let mut query = oauth2::url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("code", code.trim()).append_pair("state", state.trim());
        return Secret::new(query.finish());
    }
    let query = address.split_once('?').map_or(address, |(_, query)| query);
    Secret::new(query.split('#').next().unwrap_or_default())
}

/// Checks the address of a page of one's own; it goes to the vendor letter for letter, as it is registered there.
fn own_page(page: &str) -> Result<String, Problem> {
    let wrong = || {
        Problem::Settings {
        field: "redirect_page",
        message: "the page must be an address such as https://studio.example/signed-in, with https and without #".into(),
    }
    };
    let page = page.trim();
    let url = oauth2::url::Url::parse(page).map_err(|_| wrong())?;
    let plain = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    let named = url.host_str().is_some_and(|host| !host.is_empty());
    if url.scheme() != "https" || !plain || !named {
        return Err(wrong());
    }
    Ok(page.to_owned())
}

fn pairs(query: &Secret) -> HashMap<String, zeroize::Zeroizing<String>> {
    let parsed = oauth2::url::form_urlencoded::parse(query.expose().as_bytes());
    parsed.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect()
}
