//! Sealing secrets with the profile's key: XChaCha20-Poly1305, bound to the account they belong to.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key as CipherKey, XChaCha20Poly1305, XNonce};
use tokio::sync::Mutex;

use deskbell_domain::AccountId;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock;
use deskbell_engine::SecretStore;
use deskbell_store::{Origin, Store, table};

use crate::key::{self, Key, KeyError};
use crate::mail;

/// The name under which an account's grant is kept.
const GRANT: &str = "oauth";
/// Bytes of a nonce, before the ciphertext.
const NONCE: usize = 24;

/// The profile's key, fetched when it is first needed, and the secrets it opens.
pub(crate) struct Vault {
    profile: PathBuf,
    store: Store,
    clock: Arc<dyn Clock>,
    key: Mutex<Option<Arc<Key>>>,
}

impl Vault {
    pub(crate) fn new(profile: PathBuf, store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { profile, store, clock, key: Mutex::default() }
    }

    /// The key; a keychain is asked once and may block, so it is asked on a thread of its own.
    async fn key(&self) -> Result<Arc<Key>, KeyError> {
        let mut known = self.key.lock().await;
        if let Some(key) = known.as_ref() {
            return Ok(Arc::clone(key));
        }
        let sealed = self.store.read(table::secret::all).await;
        let sealed = Sealed(sealed.map_err(|error| KeyError::Unread(error.to_string()))?);
        let profile = self.profile.clone();
        let key = tokio::task::spawn_blocking(move || key::load(&profile, &sealed))
            .await
            .map_err(|_| KeyError::NoKeychain("it did not answer".into()))?
            .map(Arc::new)?;
        *known = Some(Arc::clone(&key));
        Ok(key)
    }

    /// Removes the key from the system's keychain; true if it lay there. What was sealed with it is lost.
    pub(crate) async fn forget_key(&self) -> bool {
        let mut known = self.key.lock().await;
        let profile = self.profile.clone();
        let removed = tokio::task::spawn_blocking(move || key::forget(&profile)).await;
        *known = None;
        removed.unwrap_or(false)
    }

    /// Encrypts a secret of an account.
    pub(crate) async fn seal(
        &self,
        account: AccountId,
        secret: &Secret,
    ) -> Result<Vec<u8>, KeyError> {
        let key = self.key().await?;
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce)
            .map_err(|error| KeyError::Derive(format!("no randomness: {error}")))?;
        let payload = Payload { msg: secret.expose().as_bytes(), aad: &account.0.to_le_bytes() };
        let sealed = cipher(&key)
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| KeyError::Wrong)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// One secret of an account.
    async fn secret(
        &self,
        account: AccountId,
        name: &'static str,
    ) -> Result<Option<Secret>, String> {
        let sealed = self.store.read(move |c| table::secret::get(c, account, name)).await;
        match sealed.map_err(|error| error.to_string())? {
            None => Ok(None),
            Some(sealed) => {
                self.open(account, &sealed).await.map(Some).map_err(|error| error.to_string())
            }
        }
    }

    /// What keeps an account signed in, where that was done in the browser.
    pub(crate) async fn grant(&self, account: AccountId) -> Result<Option<Secret>, String> {
        self.secret(account, GRANT).await
    }

    /// Replaces what keeps an account signed in; on return it is on disk. Nothing is kept for an account that
    /// is gone.
    pub(crate) async fn keep_grant(
        &self,
        account: AccountId,
        grant: &Secret,
    ) -> Result<(), String> {
        let sealed = self.seal(account, grant).await.map_err(|error| error.to_string())?;
        let now = self.clock.now();
        self.store
            .write_durably(Origin::Sync, now, move |w| {
                table::account::get(w, account)?;
                table::secret::put(w, account, GRANT, &sealed)
            })
            .await
            .map_err(|error| error.to_string())
    }

    /// Opens what was sealed for an account.
    pub(crate) async fn open(&self, account: AccountId, sealed: &[u8]) -> Result<Secret, KeyError> {
        let key = self.key().await?;
        open_with(&key, account, sealed).ok_or(KeyError::Wrong)
    }
}

/// Everything that is sealed in a profile.
struct Sealed(Vec<(AccountId, Vec<u8>)>);

impl key::Sealed for Sealed {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn opens(&self, key: &Key) -> bool {
        self.0.iter().any(|(account, sealed)| open_with(key, *account, sealed).is_some())
    }
}

fn open_with(key: &Key, account: AccountId, sealed: &[u8]) -> Option<Secret> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let payload = Payload { msg: sealed, aad: &account.0.to_le_bytes() };
    let opened = cipher(key).decrypt(XNonce::from_slice(nonce), payload).ok()?;
    String::from_utf8(opened).map(Secret::new).ok()
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(CipherKey::from_slice(key.as_slice()))
}

#[async_trait]
impl SecretStore for Vault {
    async fn password(&self, account: AccountId) -> Result<Option<Secret>, String> {
        let Some(password) = self.secret(account, "password").await? else { return Ok(None) };
        let sending = self.secret(account, "smtp").await?;
        Ok(Some(mail::join(&password, sending.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_store::OpenOptions;

    fn vault(directory: &std::path::Path, key: [u8; 32]) -> Vault {
        let store = Store::open(directory, OpenOptions::default()).expect("a fresh profile opens");
        let vault =
            Vault::new(directory.to_owned(), store.store, Arc::new(deskbell_engine::MachineClock));
        Vault { key: Mutex::new(Some(Arc::new(zeroize::Zeroizing::new(key)))), ..vault }
    }

    #[tokio::test]
    async fn a_sealed_password_opens_for_its_own_account_and_key_only() {
        let directory = tempfile::tempdir().expect("a directory");
        let vault = vault(directory.path(), [7; 32]);
        let sealed = vault.seal(AccountId(1), &Secret::new("pencil")).await.expect("seals");
        assert!(!String::from_utf8_lossy(&sealed).contains("pencil"), "it cannot be read");
        let opened = vault.open(AccountId(1), &sealed).await.expect("opens");
        assert_eq!(opened.expose(), "pencil");
        let foreign = vault.open(AccountId(2), &sealed).await;
        assert!(matches!(foreign, Err(KeyError::Wrong)), "not another account's");
        let other = tempfile::tempdir().expect("a directory");
        let other = self::vault(other.path(), [8; 32]);
        let wrong = other.open(AccountId(1), &sealed).await;
        assert!(matches!(wrong, Err(KeyError::Wrong)), "not with another key");
    }
}
