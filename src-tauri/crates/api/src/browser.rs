//! Signing in in the person's browser: what the composition root does of it, and the attempts under way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use deskbell_domain::secret::Secret;
use deskbell_domain::{AccountId, Millis};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::desk::NewMailbox;
use crate::dto::{
    OauthProvider, Problem, ProblemCode, Redirect, Remedy, ServerGuess, SignInStage, SignInState,
    SignInUse, SmtpServer,
};
use crate::words;

/// Attempts that ended and are still remembered.
const REMEMBERED: usize = 16;
/// Events a listener may be behind.
const BEHIND: usize = 64;

/// What is to be signed in to.
#[derive(Clone, Debug)]
pub struct SignInAsk {
    /// With whom.
    pub provider: OauthProvider,
    /// For what.
    pub reach: SignInUse,
    /// The mailbox, as far as it is known.
    pub address: Option<String>,
    /// As which client; the one Deskbell came with where there is none.
    pub client: Option<(String, Option<Secret>)>,
    /// Whose OpenID Connect server.
    pub issuer: Option<String>,
    /// Where the provider is, for a rehearsal.
    pub base_url: Option<String>,
    /// The server that holds the mail.
    pub imap: Option<ServerGuess>,
    /// The server that takes mail.
    pub smtp: Option<SmtpServer>,
    /// How the answer comes back.
    pub redirect: Redirect,
    /// The page it comes by, where it comes by one.
    pub page: Option<String>,
    /// An account that signs in again: its provider and its settings, which stay as they are.
    pub again: Option<(String, String)>,
    /// What the browser says at the end, in each language it may choose from.
    pub closing: Vec<ClosingWords>,
}

/// What the browser says at the end, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingWords {
    /// `en` or `de`.
    pub language: String,
    /// The answer was taken: heading, text.
    pub done: (String, String),
    /// The answer belongs to another attempt: heading, text.
    pub foreign: (String, String),
    /// Another address was asked for: heading.
    pub nothing: String,
}

/// What is known of a provider before anybody signs in.
#[derive(Clone, Debug)]
pub struct OauthFacts {
    /// The client id Deskbell came with.
    pub built_in: Option<String>,
    /// It came with a secret.
    pub built_in_secret: bool,
    /// Scopes, all uses together.
    pub scopes: Vec<String>,
    /// Redirect addresses to register.
    pub redirect_uris: Vec<String>,
    /// One of them may be of Deskbell's own scheme.
    pub deep_links: bool,
    /// Where to make a client id.
    pub guide_url: String,
}

/// A mailbox that signed in.
#[derive(Clone, Debug)]
pub struct SignedInMailbox {
    /// What to make an account of; for one that signs in again, its address is what counts.
    pub mailbox: NewMailbox,
    /// What keeps it signed in, to be sealed.
    pub grant: Secret,
}

/// One attempt, as the composition root runs it.
#[async_trait]
pub trait SignInAttempt: Send + Sync {
    /// The page for the browser.
    fn url(&self) -> &str;
    /// When it is over, ms UTC.
    fn expires_at(&self) -> Millis;
    /// Whether an address is the answer to it.
    fn recognises(&self, address: &str) -> bool;
    /// Takes an answer that came as an address.
    fn hand_back(&self, address: &str) -> Result<(), Problem>;
    /// Waits for the browser's answer.
    async fn answer(&self) -> Result<(), Problem>;
    /// Exchanges the answer, and tries the mailbox.
    async fn finish(&self) -> Result<SignedInMailbox, Problem>;
}

/// A sign-in that is about to be given back: taken out before its account is erased, since nothing of it is left then.
#[async_trait]
pub trait Leave: Send + Sync {
    /// Asks the provider to take the sign-in back.
    async fn revoke(&self) -> Left;
}

/// What became of a sign-in at its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It was taken back.
    Revoked,
    /// The provider could not be asked, or said no.
    Failed,
    /// The provider has no way to be asked.
    NoWay,
}

/// What the composition root knows of signing in in the browser.
#[async_trait]
pub trait Browser: Send + Sync {
    /// What is known of a provider.
    fn facts(&self, provider: OauthProvider) -> OauthFacts;
    /// Prepares an attempt; nothing is opened yet.
    async fn begin(&self, ask: SignInAsk) -> Result<Arc<dyn SignInAttempt>, Problem>;
    /// Reads what was sealed for no account.
    async fn unseal(&self, sealed: &[u8]) -> Result<Secret, String>;
    /// The client by which an account signed in, out of what keeps it signed in; `None` where nothing is kept.
    async fn client(&self, account: AccountId) -> Option<(String, Option<Secret>)>;
    /// Ends the renewals of an account's sign-in, which is about to be replaced: one under way is waited for, since
    /// what it brings is written down, and must not be written over what comes in its place.
    async fn renewing(&self, account: AccountId);
    /// Forgets the tokens at hand for an account, which has signed in anew or is gone.
    async fn renewed(&self, account: AccountId);
    /// The sign-in of an account, to be given back once the account is gone; `None` where none is kept.
    async fn leaving(&self, account: AccountId) -> Option<Arc<dyn Leave>>;
}

/// An attempt under way, or ended.
pub(crate) struct Running {
    pub(crate) attempt: Arc<dyn SignInAttempt>,
    pub(crate) state: watch::Sender<SignInState>,
    pub(crate) token: CancellationToken,
}

/// The attempts of a desk.
pub(crate) struct SignIns {
    known: Mutex<(u64, BTreeMap<u64, Arc<Running>>)>,
    events: broadcast::Sender<SignInState>,
}

impl Default for SignIns {
    fn default() -> Self {
        Self { known: Mutex::default(), events: broadcast::channel(BEHIND).0 }
    }
}

impl SignIns {
    /// Takes an attempt in; its name.
    pub(crate) fn begin(&self, attempt: Arc<dyn SignInAttempt>) -> (String, Arc<Running>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.0 += 1;
        let number = known.0;
        let name = name(number);
        let state = SignInState {
            attempt: name.clone(),
            state: SignInStage::Waiting,
            account: None,
            problem: None,
        };
        let running = Arc::new(Running {
            attempt,
            state: watch::channel(state).0,
            token: CancellationToken::new(),
        });
        known.1.insert(number, Arc::clone(&running));
        let ended: Vec<u64> =
            known.1.iter().filter(|(_, one)| one.has_ended()).map(|(number, _)| *number).collect();
        for number in ended.iter().take(ended.len().saturating_sub(REMEMBERED)) {
            known.1.remove(number);
        }
        (name, running)
    }

    /// An attempt by its name.
    pub(crate) fn get(&self, attempt: &str) -> Option<Arc<Running>> {
        let number = attempt.strip_prefix("sign-in-")?.parse::<u64>().ok()?;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.1.get(&number).cloned()
    }

    /// The attempt an address is the answer to.
    pub(crate) fn of_answer(&self, address: &str) -> Option<Arc<Running>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.1.values().find(|one| one.attempt.recognises(address)).cloned()
    }

    /// Says how an attempt goes; one that has ended stays as it ended.
    pub(crate) fn tell(
        &self,
        running: &Running,
        change: impl FnOnce(&mut SignInState),
    ) -> SignInState {
        let mut told = false;
        running.state.send_if_modified(|state| {
            told = matches!(state.state, SignInStage::Waiting | SignInStage::Working);
            if told {
                change(state);
            }
            told
        });
        let now = running.state.borrow().clone();
        if told {
            // Nobody has to listen.
            let _ = self.events.send(now.clone());
        }
        now
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<SignInState> {
        self.events.subscribe()
    }
}

impl Running {
    pub(crate) fn has_ended(&self) -> bool {
        !matches!(self.state.borrow().state, SignInStage::Waiting | SignInStage::Working)
    }
}

fn name(number: u64) -> String {
    format!("sign-in-{number}")
}

impl Problem {
    /// A problem without a page and without an account.
    pub fn new(code: ProblemCode, message: &str, remedy: Remedy) -> Self {
        let message = crate::error::sentence(message);
        let said = words::said(&message).map(Box::new);
        Self { code, said, message, remedy, url: None, account_id: None }
    }
}
