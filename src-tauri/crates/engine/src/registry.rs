//! What the composition root hands the engine: who opens providers, and who keeps passwords.
//!
//! The engine names no vendor; it knows providers only by the ports.

use std::sync::Arc;

use async_trait::async_trait;
use deskbell_domain::port::Provider;
use deskbell_domain::secret::Secret;
use deskbell_domain::{AccountId, ProviderError};
use deskbell_store::table::account::Account;

/// Makes the provider of an account.
pub trait ProviderFactory: Send + Sync {
    /// Opens the provider named by [`Account::provider`] with the account's settings.
    ///
    /// May read local files; connects only when the provider is used. Called where blocking is allowed.
    ///
    /// # Errors
    /// [`ProviderError::Rejected`] for settings nobody can use, [`ProviderError::Auth`] where a secret is
    /// needed and none was given.
    fn open(
        &self,
        account: &Account,
        secret: Option<Secret>,
    ) -> Result<Arc<dyn Provider>, ProviderError>;
}

/// Gives out passwords.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// The account's password or token; `None` for an account that has none.
    ///
    /// # Errors
    /// Why it cannot be read, in words for a person: a locked keychain, a wrong passphrase.
    async fn password(&self, account: AccountId) -> Result<Option<Secret>, String>;
}
