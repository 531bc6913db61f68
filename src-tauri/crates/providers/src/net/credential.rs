//! What signs in to a server: a password, or access tokens that are fetched when they are needed.

use std::sync::Arc;

use deskbell_domain::ProviderError;
use deskbell_domain::port::AccessTokens;
use deskbell_domain::secret::Secret;
use zeroize::Zeroizing;

/// See the module.
#[derive(Clone)]
pub(crate) enum Credential {
    Password(Secret),
    Tokens(Arc<dyn AccessTokens>),
}

impl From<Secret> for Credential {
    fn from(password: Secret) -> Self {
        Self::Password(password)
    }
}

impl Credential {
    /// The password, or a token believed to be good; `refused` is one the server has just turned away.
    pub(crate) async fn secret(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        match self {
            Self::Password(password) => Ok(password.clone()),
            Self::Tokens(tokens) => tokens.access(refused).await,
        }
    }

    /// Whether another try with another secret makes sense.
    pub(crate) fn renews(&self) -> bool {
        matches!(self, Self::Tokens(_))
    }
}

/// The message of SASL XOAUTH2, before base64 (Google and Microsoft document the same form).
pub(crate) fn xoauth2(user: &str, token: &Secret) -> Zeroizing<String> {
    Zeroizing::new(format!("user={user}\x01auth=Bearer {}\x01\x01", token.expose()))
}

/// Said where a server turns tokens away that the provider has just given.
pub(crate) const TOKEN_REFUSED: &str =
    "the server does not take this sign-in; sign in again, and check that it is for this mailbox";
