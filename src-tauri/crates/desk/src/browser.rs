//! Signing in in the browser: from what is asked for to a mailbox that was tried.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_api::dto::{
    OauthProvider, Problem, ProblemCode, Redirect, Remedy, ServerGuess, SignInUse, SmtpServer,
};
use deskbell_api::{
    Browser, ClosingWords, Leave, Left, NewMailbox, OauthFacts, SignInAsk, SignInAttempt,
    SignedInMailbox,
};
use deskbell_domain::port::AccessTokens;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Millis, ProviderError};
use deskbell_providers::imap::{ImapProvider, ImapSettings};
use deskbell_providers::oauth::{
    self, Answer, Attempt, Client, Endpoints, Grant, Plan, Reach, SignedIn, TokenKeeper, Vendor,
    Way,
};
use deskbell_providers::smtp::{SignIn, SmtpProvider, SmtpSettings};

use crate::factory::{self, IMAP};
use crate::gateway::security;
use crate::mail::{MailSettings, OauthSource};
use crate::tokens::{Keepers, Once};
use crate::vault::Vault;

/// Signing in, as an open profile does it.
pub(crate) struct Browsers {
    pub(crate) vault: Arc<Vault>,
    pub(crate) keepers: Arc<Keepers>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// A provider is asked to take a sign-in back for so long; whoever removes an account waits that long at most.
const FAREWELL: Duration = Duration::from_secs(5);

/// The sign-in of an account that goes.
struct Leaving(Arc<TokenKeeper>);

/// One attempt, and what it is for.
struct Trying {
    ask: SignInAsk,
    vendor: Vendor,
    attempt: Attempt,
    answer: Mutex<Option<Answer>>,
}

#[async_trait]
impl Browser for Browsers {
    fn facts(&self, provider: OauthProvider) -> OauthFacts {
        let vendor = vendor(provider);
        let mut scopes: Vec<String> = Vec::new();
        for scope in [Reach::Api, Reach::Imap].into_iter().flat_map(|reach| vendor.scopes(reach)) {
            if scopes.iter().all(|known| known != scope) {
                scopes.push((*scope).to_owned());
            }
        }
        let built_in = vendor.built_in();
        OauthFacts {
            built_in_secret: built_in.as_ref().is_some_and(|client| client.secret.is_some()),
            built_in: built_in.map(|client| client.id),
            scopes,
            redirect_uris: vendor.redirects(),
            deep_links: vendor.takes_deep_links(),
            guide_url: vendor.guide().to_owned(),
        }
    }

    async fn begin(&self, mut ask: SignInAsk) -> Result<Arc<dyn SignInAttempt>, Problem> {
        let vendor = vendor(ask.provider);
        if let Some((provider, settings)) = &ask.again {
            let source = factory::source(provider, settings);
            ask.issuer = source.oauth_issuer.or(ask.issuer);
            ask.base_url = source.oauth_base.or(ask.base_url);
        }
        if ask.reach == SignInUse::Imap && ask.again.is_none() && ask.imap.is_none() {
            let (imap, smtp) = servers(vendor).ok_or_else(|| {
                Problem::new(
                    ProblemCode::Other,
                    "the server that holds the mail must be named: enter its IMAP server",
                    Remedy::Again,
                )
            })?;
            (ask.imap, ask.smtp) = (Some(imap), Some(smtp));
        }
        let endpoints = self.endpoints(vendor, &ask).await?;
        let client = match &ask.client {
            Some((id, secret)) => Some(Client { id: id.clone(), secret: secret.clone() }),
            None => vendor.built_in(),
        };
        let plan = Plan {
            vendor,
            reach: reach(ask.reach),
            endpoints,
            client: client.unwrap_or_else(|| Client { id: String::new(), secret: None }),
            hint: ask.address.clone(),
            way: match ask.redirect {
                Redirect::Loopback => Way::Loopback,
                Redirect::DeepLink => Way::DeepLink,
                Redirect::Page => Way::Page(ask.page.clone().unwrap_or_default()),
            },
            closing: ask.closing.iter().map(closing).collect(),
        };
        let attempt = Attempt::begin(plan, Arc::clone(&self.clock)).await.map_err(problem)?;
        Ok(Arc::new(Trying { ask, vendor, attempt, answer: Mutex::default() }))
    }

    async fn unseal(&self, sealed: &[u8]) -> Result<Secret, String> {
        self.vault.open(AccountId(0), sealed).await.map_err(|error| error.to_string())
    }

    async fn client(&self, account: AccountId) -> Option<(String, Option<Secret>)> {
        // What cannot be read is nothing to sign in by; the form then asks for a client id.
        let kept = self.vault.grant(account).await.ok().flatten()?;
        let Client { id, secret } = Grant::from_secret(&kept)?.client();
        Some((id, secret))
    }

    async fn renewing(&self, account: AccountId) {
        self.keepers.end(account).await;
    }

    async fn renewed(&self, account: AccountId) {
        self.keepers.forget(account).await;
    }

    async fn leaving(&self, account: AccountId) -> Option<Arc<dyn Leave>> {
        let keeper = self.keepers.leaving(account).await?;
        Some(Arc::new(Leaving(keeper)))
    }
}

#[async_trait]
impl Leave for Leaving {
    async fn revoke(&self) -> Left {
        match tokio::time::timeout(FAREWELL, self.0.revoke()).await {
            Ok(None) => Left::NoWay,
            Ok(Some(Ok(()))) => Left::Revoked,
            Ok(Some(Err(problem))) => {
                tracing::warn!(%problem, "a sign-in could not be given back");
                Left::Failed
            }
            Err(_) => {
                tracing::warn!("a sign-in could not be given back: no answer in time");
                Left::Failed
            }
        }
    }
}

impl Browsers {
    async fn endpoints(&self, vendor: Vendor, ask: &SignInAsk) -> Result<Endpoints, Problem> {
        if let Some(known) = vendor.endpoints(ask.base_url.as_deref()) {
            return Ok(known);
        }
        oauth::discover(ask.issuer.as_deref().unwrap_or_default()).await.map_err(problem)
    }
}

#[async_trait]
impl SignInAttempt for Trying {
    fn url(&self) -> &str {
        self.attempt.url()
    }

    fn expires_at(&self) -> Millis {
        self.attempt.expires_at()
    }

    fn recognises(&self, address: &str) -> bool {
        self.attempt.recognises(address)
    }

    fn hand_back(&self, address: &str) -> Result<(), Problem> {
        self.attempt.hand_back(address).map_err(problem)
    }

    async fn answer(&self) -> Result<(), Problem> {
        let answer = self.attempt.answer().await.map_err(problem)?;
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        Ok(())
    }

    async fn finish(&self) -> Result<SignedInMailbox, Problem> {
        let answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let answer = answer.ok_or_else(|| problem(oauth::Problem::Used))?;
        let signed_in = self.attempt.finish(answer).await.map_err(problem)?;
        let SignedIn { address, grant } = signed_in;
        let token = grant.access().unwrap_or_else(|| Secret::new(""));
        let nobody = || problem(oauth::Problem::Nobody { vendor: self.vendor.shown() });
        // By an API the token itself says whose mailbox it opens, and that counts: the name of who signed in may be
        // another one. Over IMAP the name of who signed in is all there is.
        let (provider, address, settings) = match (&self.ask.again, self.ask.reach) {
            (Some((provider, settings)), _) => {
                let own = self.ask.address.as_deref().unwrap_or_default();
                let opened = factory::opened((provider, settings), own, token).await;
                let opened = opened.map_err(refused)?;
                (IMAP, opened.or(address).ok_or_else(nobody)?, String::new())
            }
            (None, SignInUse::Imap) => {
                // Where the server keeps silent about it, the mailbox itself proves what the person typed.
                let address = address.or_else(|| self.ask.address.clone()).ok_or_else(nobody)?;
                let settings = self.mailbox(&address, token).await?;
                (IMAP, address, settings)
            }
            (None, SignInUse::Api) => {
                let base = self.ask.base_url.as_deref();
                factory::api_account(self.vendor, base, token).await.map_err(refused)?
            }
        };
        let sends = self.ask.reach == SignInUse::Api || self.ask.smtp.is_some();
        let mailbox = NewMailbox { provider, address, settings, writes_back: true, sends };
        Ok(SignedInMailbox { mailbox, grant: grant.to_secret() })
    }
}

impl Trying {
    /// Tries IMAP and SMTP with the token; the settings that did.
    async fn mailbox(&self, address: &str, token: Secret) -> Result<String, Problem> {
        let none = || ServerGuess {
            host: String::new(),
            port: 0,
            security: deskbell_api::dto::Security::Tls,
            user: String::new(),
        };
        let server = self.ask.imap.clone().unwrap_or_else(none);
        let user = |typed: &str| {
            if typed.trim().is_empty() { address.to_owned() } else { typed.trim().to_owned() }
        };
        let imap = ImapSettings {
            address: address.to_owned(),
            user: user(&server.user),
            host: server.host.trim().to_owned(),
            port: server.port,
            security: security(server.security),
            pinned_certificate: None,
        };
        let tokens: Arc<dyn AccessTokens> = Arc::new(Once(token));
        ImapProvider::with_tokens(imap.clone(), Arc::clone(&tokens))
            .check()
            .await
            .map_err(refused)?;
        let smtp = match &self.ask.smtp {
            None => None,
            Some(server) => {
                let mut smtp = SmtpSettings {
                    host: server.host.trim().to_owned(),
                    port: server.port,
                    security: security(server.security),
                    user: user(&server.user),
                    sign_in: SignIn::Xoauth2,
                    saves_sent: server.saves_sent,
                    max_bytes: None,
                    pinned_certificate: None,
                };
                let sender = SmtpProvider::with_tokens(smtp.clone(), tokens, None);
                smtp.max_bytes = sender.check().await.map_err(refused)?;
                Some(smtp)
            }
        };
        let source = OauthSource {
            oauth: Some(self.vendor),
            oauth_issuer: self.ask.issuer.clone().filter(|_| self.vendor == Vendor::Custom),
            oauth_base: self.ask.base_url.clone(),
        };
        serde_json::to_string(&MailSettings { imap, smtp, source }).map_err(|error| {
            Problem::new(ProblemCode::Other, &format!("settings: {error}"), Remedy::Again)
        })
    }
}

fn closing(words: &ClosingWords) -> oauth::ClosingWords {
    let ClosingWords { language, done, foreign, nothing } = words.clone();
    oauth::ClosingWords { language, done, foreign, nothing }
}

pub(crate) fn vendor(provider: OauthProvider) -> Vendor {
    match provider {
        OauthProvider::Google => Vendor::Google,
        OauthProvider::Microsoft => Vendor::Microsoft,
        OauthProvider::Yahoo => Vendor::Yahoo,
        OauthProvider::Custom => Vendor::Custom,
    }
}

fn reach(reach: SignInUse) -> Reach {
    match reach {
        SignInUse::Api => Reach::Api,
        SignInUse::Imap => Reach::Imap,
    }
}

/// The servers of a vendor that is known; both sign in by the address.
fn servers(vendor: Vendor) -> Option<(ServerGuess, SmtpServer)> {
    use deskbell_api::dto::Security::{Starttls, Tls};
    let (imap, (smtp, port, security), saves_sent) = match vendor {
        Vendor::Google => ("imap.gmail.com", ("smtp.gmail.com", 465, Tls), Some(true)),
        Vendor::Microsoft => {
            ("outlook.office365.com", ("smtp-mail.outlook.com", 587, Starttls), Some(true))
        }
        Vendor::Yahoo => ("imap.mail.yahoo.com", ("smtp.mail.yahoo.com", 465, Tls), None),
        Vendor::Custom => return None,
    };
    let user = String::new();
    let imap = ServerGuess { host: imap.into(), port: 993, security: Tls, user: user.clone() };
    Some((imap, SmtpServer { host: smtp.into(), port, security, user, saves_sent }))
}

/// What a failed sign-in means to a person.
fn problem(problem: oauth::Problem) -> Problem {
    use oauth::Problem as Why;
    let (code, remedy) = match &problem {
        Why::Denied => (ProblemCode::Denied, Remedy::Again),
        Why::Expired | Why::Used | Why::CodeRefused { .. } => (ProblemCode::Expired, Remedy::Again),
        Why::Foreign | Why::NoAnswer => (ProblemCode::Foreign, Remedy::Again),
        Why::MissingScope { .. } | Why::NotLasting { .. } | Why::Nobody { .. } => {
            (ProblemCode::MissingScope, Remedy::Again)
        }
        Why::ConsentBlocked { .. } => (ProblemCode::ConsentBlocked, Remedy::AskAdmin),
        Why::Clock { .. } => (ProblemCode::Clock, Remedy::CheckClock),
        Why::Portal => (ProblemCode::Portal, Remedy::CheckNetwork),
        Why::Offline(_) => (ProblemCode::Offline, Remedy::CheckNetwork),
        Why::Client { .. } => (ProblemCode::Client, Remedy::ClientId),
        Why::Settings { field: "client_id", .. } => (ProblemCode::Client, Remedy::ClientId),
        Why::Busy { .. } | Why::Nonsense { .. } | Why::Settings { .. } | Why::Other { .. } => {
            (ProblemCode::Other, Remedy::Again)
        }
    };
    let mut told = Problem::new(code, &problem.to_string(), remedy);
    if let Why::ConsentBlocked { page } = problem {
        told.url = page;
    }
    told
}

/// What it means that the mailbox did not open for a sign-in that succeeded.
fn refused(error: ProviderError) -> Problem {
    let (code, remedy) = match &error {
        ProviderError::Offline(_) | ProviderError::RateLimited { .. } => {
            (ProblemCode::Offline, Remedy::CheckNetwork)
        }
        _ => (ProblemCode::Other, Remedy::Again),
    };
    Problem::new(code, &error.to_string(), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oauth::Problem as Why;

    #[test]
    fn every_problem_has_one_remedy() {
        let vendor = "Google";
        let blocked = Why::ConsentBlocked { page: Some("https://login.example/consent".into()) };
        for (why, code, remedy) in [
            (Why::Denied, ProblemCode::Denied, Remedy::Again),
            (Why::Expired, ProblemCode::Expired, Remedy::Again),
            (Why::Used, ProblemCode::Expired, Remedy::Again),
            (Why::CodeRefused { vendor }, ProblemCode::Expired, Remedy::Again),
            (Why::Foreign, ProblemCode::Foreign, Remedy::Again),
            (Why::NotLasting { vendor }, ProblemCode::MissingScope, Remedy::Again),
            (
                Why::MissingScope { vendor, missing: "mail".into() },
                ProblemCode::MissingScope,
                Remedy::Again,
            ),
            (blocked, ProblemCode::ConsentBlocked, Remedy::AskAdmin),
            (Why::Clock { minutes: 180 }, ProblemCode::Clock, Remedy::CheckClock),
            (Why::Portal, ProblemCode::Portal, Remedy::CheckNetwork),
            (Why::Offline("gone".into()), ProblemCode::Offline, Remedy::CheckNetwork),
            (Why::Client { vendor, code: "x".into() }, ProblemCode::Client, Remedy::ClientId),
            (Why::Busy { vendor }, ProblemCode::Other, Remedy::Again),
            (Why::Nonsense { vendor, what: "it has no end" }, ProblemCode::Other, Remedy::Again),
        ] {
            let told = problem(why);
            assert_eq!((told.code, told.remedy), (code, remedy), "{}", told.message);
            assert!(told.message.ends_with('.'), "a whole sentence: {}", told.message);
            let paged = told.remedy == Remedy::AskAdmin;
            assert_eq!(told.url.is_some(), paged, "a page where somebody is to be sent one");
        }
    }

    #[tokio::test]
    async fn the_server_does_not_take_a_token_just_given_and_nobody_is_asked_for_another() {
        let once = Once(Secret::new("fresh"));
        let token = once.access(None).await.expect("the token");
        let refused = once.access(Some(&token)).await.expect_err("there is no other");
        let told = self::refused(refused);
        assert_eq!((told.code, told.remedy), (ProblemCode::Other, Remedy::Again));
        assert!(told.message.contains("has just given"), "{}", told.message);
    }
}
