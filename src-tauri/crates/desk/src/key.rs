//! The profile's key: 32 random bytes in the operating system's keychain, or derived from a passphrase.
//!
//! The key never lies in the profile. Where there is no keychain (a server, a build machine) the variable
//! `DESKBELL_PASSPHRASE` takes its place: the key is then derived with Argon2id and a salt kept beside the
//! database. A profile stays with the way its key was first made: a passphrase that opens nothing of what is sealed
//! already seals nothing either, and where a salt lies the keychain is not given a key.

use std::path::Path;

use argon2::Argon2;
use zeroize::Zeroizing;

/// The name under which keychains list the key.
pub const KEYRING_SERVICE: &str = "app.deskbell.desktop";
/// The variable that replaces the keychain.
const PASSPHRASE: &str = "DESKBELL_PASSPHRASE";
/// The file with the salt of a passphrase.
const SALT: &str = "passphrase.salt";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No keychain answers and no passphrase is given.
    #[error(
        "the system's keychain cannot be used ({0}); unlock it, or set DESKBELL_PASSPHRASE to keep passwords under a passphrase"
    )]
    NoKeychain(String),
    /// The keychain holds something else under our name.
    #[error(
        "the keychain's entry for this profile is not a Deskbell key; remove it and sign in again"
    )]
    Foreign,
    /// The passphrase is wrong, or the key is another profile's.
    #[error("the passphrase or key does not open this profile's passwords")]
    Wrong,
    /// A passphrase was used before, and is not given.
    #[error(
        "this profile's passwords are kept under a passphrase; set DESKBELL_PASSPHRASE to it, and start Deskbell again"
    )]
    UnderPassphrase,
    /// What is sealed cannot be read.
    #[error("the passwords of this profile cannot be read: {0}")]
    Unread(String),
    /// The salt cannot be read or written.
    #[error("the passphrase's salt cannot be used: {0}")]
    Salt(#[from] std::io::Error),
    /// Argon2 refused.
    #[error("no key could be derived from the passphrase: {0}")]
    Derive(String),
}

/// A key; overwritten when dropped.
pub(crate) type Key = Zeroizing<[u8; 32]>;

/// What a profile has sealed so far, to tell its key from another.
pub(crate) trait Sealed {
    /// Nothing is sealed: any key will do.
    fn is_empty(&self) -> bool;
    /// Whether a key opens something of it.
    fn opens(&self, key: &Key) -> bool;
}

/// The key of a profile, made on first use. Blocks: keychains may ask the person.
pub(crate) fn load(profile: &Path, sealed: &impl Sealed) -> Result<Key, KeyError> {
    match std::env::var(PASSPHRASE) {
        Ok(passphrase) if !passphrase.is_empty() => {
            under_passphrase(profile, &Zeroizing::new(passphrase), sealed)
        }
        _ => without_passphrase(profile, sealed),
    }
}

fn under_passphrase(
    profile: &Path,
    passphrase: &str,
    sealed: &impl Sealed,
) -> Result<Key, KeyError> {
    // What is sealed without a salt is sealed with a keychain's key, and a salt would hide that.
    if !sealed.is_empty() && !has_salt(profile) {
        return Err(KeyError::Wrong);
    }
    let key = derive(profile, passphrase)?;
    if sealed.is_empty() || sealed.opens(&key) { Ok(key) } else { Err(KeyError::Wrong) }
}

fn without_passphrase(profile: &Path, sealed: &impl Sealed) -> Result<Key, KeyError> {
    if !has_salt(profile) {
        return from_keychain(profile);
    }
    // A passphrase may have been tried once where a keychain keeps the key.
    let entry = keyring::Entry::new(KEYRING_SERVICE, &entry_name(profile));
    let stored = entry.and_then(|entry| entry.get_secret()).map(Zeroizing::new);
    let key = stored.ok().and_then(|stored| <[u8; 32]>::try_from(stored.as_slice()).ok());
    let key = key.map(Zeroizing::new).filter(|key| sealed.is_empty() || sealed.opens(key));
    key.ok_or(KeyError::UnderPassphrase)
}

/// Whether a passphrase was used for this profile. A full disk may have left an empty file, which is none.
fn has_salt(profile: &Path) -> bool {
    std::fs::metadata(profile.join(SALT)).is_ok_and(|salt| salt.len() > 0)
}

fn from_keychain(profile: &Path) -> Result<Key, KeyError> {
    let unusable = |error: keyring::Error| KeyError::NoKeychain(error.to_string());
    let name = entry_name(profile);
    let entry = keyring::Entry::new(KEYRING_SERVICE, &name).map_err(unusable)?;
    match entry.get_secret() {
        Ok(stored) => {
            let stored = Zeroizing::new(stored);
            let bytes: [u8; 32] = stored.as_slice().try_into().map_err(|_| KeyError::Foreign)?;
            Ok(Zeroizing::new(bytes))
        }
        Err(keyring::Error::NoEntry) => {
            let key = random()?;
            entry.set_secret(key.as_slice()).map_err(unusable)?;
            Ok(key)
        }
        Err(error) => Err(unusable(error)),
    }
}

/// Removes the key of a profile from the keychain; true if it lay there. A passphrase is not kept anywhere.
pub(crate) fn forget(profile: &Path) -> bool {
    if std::env::var(PASSPHRASE).is_ok_and(|passphrase| !passphrase.is_empty()) {
        return false;
    }
    let entry = keyring::Entry::new(KEYRING_SERVICE, &entry_name(profile));
    let removed = entry.and_then(|entry| entry.delete_credential());
    if let Err(error) = &removed
        && !matches!(error, keyring::Error::NoEntry)
    {
        tracing::warn!(%error, "the profile's key could not be removed from the keychain");
    }
    removed.is_ok()
}

/// One entry a profile: two profiles on one machine do not share a key.
fn entry_name(profile: &Path) -> String {
    let path = profile.canonicalize().unwrap_or_else(|_| profile.to_owned());
    format!("profile {}", path.display())
}

fn derive(profile: &Path, passphrase: &str) -> Result<Key, KeyError> {
    let path = profile.join(SALT);
    let stored = match std::fs::read(&path) {
        Ok(salt) => salt,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    // A full disk may have left an empty file; nothing can have been sealed with it.
    let salt = if stored.is_empty() { make_salt(&path)? } else { stored };
    let mut key = Zeroizing::new([0_u8; 32]);
    Argon2::default()
        .hash_password_into(passphrase.as_bytes(), &salt, key.as_mut_slice())
        .map_err(|error| KeyError::Derive(error.to_string()))?;
    Ok(key)
}

/// Makes the salt; whole under its name, or not at all.
fn make_salt(path: &Path) -> Result<Vec<u8>, KeyError> {
    let salt = random()?.to_vec();
    let unfinished = path.with_extension("unfinished");
    std::fs::write(&unfinished, &salt)?;
    std::fs::rename(&unfinished, path)?;
    Ok(salt)
}

fn random() -> Result<Key, KeyError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    getrandom::fill(key.as_mut_slice())
        .map_err(|error| KeyError::Derive(format!("no randomness: {error}")))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one key sealed.
    struct SealedWith(Option<Key>);

    impl Sealed for SealedWith {
        fn is_empty(&self) -> bool {
            self.0.is_none()
        }

        fn opens(&self, key: &Key) -> bool {
            self.0.as_ref() == Some(key)
        }
    }

    #[test]
    fn a_profile_stays_with_its_first_passphrase() {
        let profile = tempfile::tempdir().unwrap();
        let nothing = SealedWith(None);
        let key = under_passphrase(profile.path(), "under the counter", &nothing).unwrap();
        let sealed = SealedWith(Some(key.clone()));
        let typo = under_passphrase(profile.path(), "under the cuonter", &sealed);
        assert!(matches!(typo, Err(KeyError::Wrong)), "a typo seals nothing");
        let again = under_passphrase(profile.path(), "under the counter", &sealed).unwrap();
        assert_eq!(again, key);
        let none = without_passphrase(profile.path(), &sealed);
        assert!(matches!(none, Err(KeyError::UnderPassphrase)), "the keychain gets no second key");
    }

    #[test]
    fn a_passphrase_does_not_take_over_what_a_keychain_keeps() {
        let profile = tempfile::tempdir().unwrap();
        let sealed = SealedWith(Some(random().unwrap()));
        let tried = under_passphrase(profile.path(), "under the counter", &sealed);
        assert!(matches!(tried, Err(KeyError::Wrong)));
        assert!(!has_salt(profile.path()), "and leaves no trace");
    }
}
