//! What handlers work with: the store, the engine, and what the composition root and the host offer.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use async_trait::async_trait;

use deskbell_domain::outgoing::SendLimits;
use deskbell_domain::rule::Rule;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Millis, ProviderError};
use deskbell_engine::Engine;
use deskbell_engine::rules::Trial;
use deskbell_store::{Store, StoreError};

use crate::browser::{Browser, SignIns};
use crate::dto::{ApiError, FieldError, ImapForm, KeyForm, Proposal, SmtpAccountForm, SmtpForm};
use crate::handlers::exporting::Exports;
use crate::host::Host;
use crate::images::FetchedImage;
use crate::present::Events;
use crate::sample::Studio;

/// A mailbox that was tried and may become an account.
#[derive(Clone, Debug)]
pub struct NewMailbox {
    /// The provider's name.
    pub provider: &'static str,
    /// Its own address, or the path of an archive.
    pub address: String,
    /// The provider's settings as JSON, without secrets.
    pub settings: String,
    /// The provider keeps what a person does to messages.
    pub writes_back: bool,
    /// It can send.
    pub sends: bool,
}

/// Providers that only send and sign in by a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyProvider {
    /// Twilio SendGrid.
    SendGrid,
    /// Resend.
    Resend,
}

/// What went wrong when a mailbox was tried.
#[derive(Debug)]
pub enum TryError {
    /// Fields of the form are wrong; nothing was connected to.
    Fields(Vec<FieldError>),
    /// The provider said so; the field that most likely is to blame, if any.
    Provider(Option<&'static str>, ProviderError),
    /// The server on this machine shows a certificate that is trusted only if the person says so.
    Certificate {
        /// Its SHA-256 fingerprint.
        fingerprint: String,
        /// What is wrong with it.
        error: ProviderError,
    },
}

/// What the composition root knows and handlers do not: providers and secrets.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Connects and signs in with what a person typed.
    async fn try_imap(&self, form: &ImapForm) -> Result<NewMailbox, TryError>;
    /// Tries a new password with the settings of an account; answers the settings to keep from then on.
    ///
    /// `certificate`: the fingerprint of the one to trust instead of the one trusted so far.
    async fn try_password(
        &self,
        provider: &str,
        settings: &str,
        password: &Secret,
        certificate: Option<&str>,
    ) -> Result<String, TryError>;
    /// As [`Gateway::try_password`], with the password that is kept: for a server whose certificate changed.
    async fn try_certificate(
        &self,
        account: AccountId,
        provider: &str,
        settings: &str,
        certificate: Option<&str>,
    ) -> Result<String, TryError>;
    /// Connects and signs in to a server that only takes mail.
    async fn try_smtp(&self, form: &SmtpAccountForm) -> Result<NewMailbox, TryError>;
    /// Tries the key of a provider that only sends.
    async fn try_key(&self, provider: KeyProvider, form: &KeyForm) -> Result<NewMailbox, TryError>;
    /// Tries another server for the mail of an account; answers the settings to keep from then on.
    async fn try_sending(
        &self,
        account: AccountId,
        provider: &str,
        settings: &str,
        form: &SmtpForm,
    ) -> Result<String, TryError>;
    /// Looks whether the path holds mail.
    async fn try_archive(&self, path: PathBuf) -> Result<NewMailbox, TryError>;
    /// Lets the providers of the sample's mailboxes begin to play; what to make accounts of, and how to call them.
    async fn begin_sample(&self, _: Studio) -> Result<Vec<(NewMailbox, String)>, String> {
        Err("there is nobody here who plays its providers".into())
    }
    /// Lets them end.
    async fn end_sample(&self) {}
    /// Whose mail lies at the path, as far as it can be told; a proposal.
    async fn guess_owner(&self, path: PathBuf) -> Option<String>;
    /// Signing in in the browser; `None` where that cannot be done.
    fn browser(&self) -> Option<&dyn Browser> {
        None
    }
    /// Ways to add a mailbox that the network knows of; those that fail or are late are left out.
    async fn discover(&self, _address: &str) -> Found {
        Found::default()
    }
    /// Asks a server for one image of a mail, of at most `largest` bytes, following no redirect. Nothing is asked of
    /// an address that is not on the open internet, whatever name leads there.
    async fn fetch_image(&self, _url: &str, _largest: usize) -> FetchedImage {
        FetchedImage::Nothing
    }
    /// What the provider of an account can send, as far as it is kept or the same for all; asks nobody.
    fn send_limits(&self, _provider: &str, _settings: &str) -> Option<SendLimits> {
        None
    }
    /// Encrypts a secret for the store.
    async fn seal(&self, account: AccountId, secret: &Secret) -> Result<Vec<u8>, String>;
    /// Removes the profile's key from the system's keychain, if nothing is sealed with it; true if it lay there.
    async fn forget_key(&self) -> bool;
    /// Whether the secrets an account has can be read: with another passphrase they cannot.
    async fn can_open(&self, account: AccountId) -> Result<(), String>;
}

/// What the network says about a mail address.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Ways to add the mailbox, best first.
    pub proposals: Vec<Proposal>,
    /// The names of the servers that receive the domain's mail.
    pub receivers: Vec<String>,
}

/// What the token of a picked path begins with; no id of a row does.
pub(crate) const PICKED: &str = "picked-";

/// Removes the files that an earlier process handed to other programs; those still open elsewhere stay until next time.
pub fn clear_opened(profile: &Path) {
    let folder = opened_in(profile);
    if folder.exists()
        && let Err(error) = std::fs::remove_dir_all(&folder)
    {
        tracing::warn!(%error, "files opened earlier could not be removed");
    }
}

fn opened_in(profile: &Path) -> PathBuf {
    profile.join("opened")
}

/// An open profile and everything around it.
pub struct Desk {
    /// The store.
    pub store: Store,
    /// The engine; absent where the profile can only be read.
    pub engine: Option<Engine>,
    /// Providers and secrets.
    pub gateway: Arc<dyn Gateway>,
    /// The host.
    pub host: Arc<dyn Host>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Something the person must be told, found at opening.
    pub notice: Option<String>,
    /// Read-locked while something sealed is on its way into the store, so that its key is not removed meanwhile.
    pub(crate) sealing: tokio::sync::RwLock<()>,
    /// Sign-ins in the browser.
    pub(crate) sign_ins: SignIns,
    /// The export to a folder.
    pub(crate) exports: Arc<Exports>,
    this: OnceLock<Weak<Desk>>,
    /// The rules tried last: a dry run asks step by step, each a command of its own.
    trial: Mutex<Option<Arc<Trial>>>,
    /// Paths picked in the host's dialog, by the token the webview holds.
    picked: Mutex<HashMap<String, PathBuf>>,
}

impl Desk {
    /// Puts an open profile together.
    pub fn new(
        store: Store,
        engine: Option<Engine>,
        gateway: Arc<dyn Gateway>,
        host: Arc<dyn Host>,
        clock: Arc<dyn Clock>,
        notice: Option<String>,
    ) -> Self {
        Self {
            store,
            engine,
            gateway,
            host,
            clock,
            notice,
            sealing: tokio::sync::RwLock::default(),
            sign_ins: SignIns::default(),
            exports: Arc::default(),
            this: OnceLock::new(),
            trial: Mutex::default(),
            picked: Mutex::default(),
        }
    }

    /// Shares a desk; only a shared one can do something beside the command that began it.
    pub fn share(self) -> Arc<Self> {
        let shared = Arc::new(self);
        // Nobody else can have set it.
        let _ = shared.this.set(Arc::downgrade(&shared));
        shared
    }

    pub(crate) fn weak(&self) -> Option<Weak<Self>> {
        self.this.get().cloned()
    }

    /// Where files lie that were handed to other programs, until the next start.
    pub(crate) fn opened(&self) -> PathBuf {
        opened_in(self.store.directory())
    }

    /// The instant it is now.
    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Runs a transaction in the name of the person.
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut deskbell_store::Write<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.store.write(deskbell_store::Origin::Local, self.now(), job).await
    }

    /// [`Self::write`], on disk before it answers.
    pub(crate) async fn write_durably<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut deskbell_store::Write<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.store.write_durably(deskbell_store::Origin::Local, self.now(), job).await
    }

    /// Asks the engine to look at an account, or at all.
    pub(crate) fn wake(&self, account: Option<AccountId>) {
        if let Some(engine) = &self.engine {
            engine.sync_now(account);
        }
    }

    /// Tells the engine which accounts a person looks at.
    pub(crate) fn attend(&self, accounts: &[AccountId]) {
        if let Some(engine) = &self.engine {
            engine.attend(accounts);
        }
    }

    /// Rules made ready to be tried; those of the step before are ready already.
    pub(crate) fn trial(&self, rules: Vec<Rule>) -> Arc<Trial> {
        let mut last = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref().filter(|trial| trial.rules() == rules) {
            Some(trial) => Arc::clone(trial),
            None => Arc::clone(last.insert(Arc::new(Trial::new(rules)))),
        }
    }

    /// Remembers a picked path; the token that names it.
    pub(crate) fn remember(&self, path: PathBuf) -> String {
        let mut picked = self.picked.lock().unwrap_or_else(PoisonError::into_inner);
        let token = format!("{PICKED}{}", picked.len() + 1);
        picked.insert(token.clone(), path);
        token
    }

    /// The path behind a token.
    pub(crate) fn recall(&self, token: &str) -> Result<PathBuf, ApiError> {
        let picked = self.picked.lock().unwrap_or_else(PoisonError::into_inner);
        picked.get(token).cloned().ok_or_else(|| {
            ApiError::field(
                "token",
                "Choose the file or folder again; the choice is no longer known.",
            )
        })
    }

    /// Everything a face is told unasked from now on.
    pub fn events(&self) -> Events {
        Events::new(self)
    }
}
