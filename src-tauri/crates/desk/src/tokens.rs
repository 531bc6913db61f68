//! The token keepers of the profile's accounts: one for each, shared by everything that signs in for it.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use async_trait::async_trait;
use deskbell_domain::port::AccessTokens;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, ProviderError};
use deskbell_providers::oauth::{Grant, Keep, TokenKeeper};
use tokio::sync::Mutex;

use crate::vault::Vault;

/// See the module.
pub(crate) struct Keepers {
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<AccountId, Arc<TokenKeeper>>>,
}

/// The tokens of one account; its keeper is opened when it is first asked, and anew after another sign-in.
struct Tokens {
    account: AccountId,
    keepers: Arc<Keepers>,
}

/// Where the grant of one account is kept.
struct Place {
    account: AccountId,
    vault: Weak<Vault>,
}

impl Keepers {
    pub(crate) fn new(vault: Arc<Vault>, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { vault, clock, known: Mutex::default() })
    }

    /// What hands out the tokens of an account.
    pub(crate) fn tokens(self: &Arc<Self>, account: AccountId) -> Arc<dyn AccessTokens> {
        Arc::new(Tokens { account, keepers: Arc::clone(self) })
    }

    /// The keeper of an account that is about to go, where it signed in in the browser.
    pub(crate) async fn leaving(&self, account: AccountId) -> Option<Arc<TokenKeeper>> {
        self.keeper(account).await.ok()
    }

    /// Ends the keeper of an account whose sign-in is about to be replaced. It stays the account's until it is
    /// forgotten, so that nobody opens another one on what is replaced.
    pub(crate) async fn end(&self, account: AccountId) {
        if let Ok(keeper) = self.keeper(account).await {
            keeper.end().await;
        }
    }

    /// Forgets the keeper of an account, which has signed in anew or is gone.
    pub(crate) async fn forget(&self, account: AccountId) {
        self.known.lock().await.remove(&account);
    }

    /// Waits for every renewal under way; its new sign-in would be lost with the program.
    pub(crate) async fn settled(&self) {
        let known: Vec<_> = self.known.lock().await.values().cloned().collect();
        for keeper in known {
            keeper.settled().await;
        }
    }

    async fn keeper(&self, account: AccountId) -> Result<Arc<TokenKeeper>, ProviderError> {
        let mut known = self.known.lock().await;
        if let Some(keeper) = known.get(&account) {
            return Ok(Arc::clone(keeper));
        }
        let kept = self.vault.grant(account).await.map_err(|why| {
            ProviderError::Auth(format!("the stored sign-in cannot be read: {why}"))
        })?;
        let grant = kept.as_ref().and_then(Grant::from_secret).ok_or_else(|| {
            ProviderError::Auth("no sign-in is stored for this account; sign in again".into())
        })?;
        let place = Place { account, vault: Arc::downgrade(&self.vault) };
        let keeper = Arc::new(TokenKeeper::new(grant, Arc::new(place), Arc::clone(&self.clock)));
        known.insert(account, Arc::clone(&keeper));
        Ok(keeper)
    }
}

#[async_trait]
impl AccessTokens for Tokens {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        self.keepers.keeper(self.account).await?.access(refused).await
    }
}

#[async_trait]
impl Keep for Place {
    async fn keep(&self, grant: &Grant) -> Result<(), String> {
        let vault = self.vault.upgrade().ok_or("the profile was closed")?;
        vault.keep_grant(self.account, &grant.to_secret()).await
    }
}

/// One token for a check, which nobody renews.
pub(crate) struct Once(pub(crate) Secret);

#[async_trait]
impl AccessTokens for Once {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        match refused {
            None => Ok(self.0.clone()),
            Some(_) => Err(ProviderError::Auth(
                "the server does not take the sign-in that its provider has just given".into(),
            )),
        }
    }
}
