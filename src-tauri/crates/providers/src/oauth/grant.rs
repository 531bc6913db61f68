//! What a finished sign-in leaves behind: everything a later refresh needs, as one secret.

use std::fmt;

use deskbell_domain::Millis;
use deskbell_domain::secret::Secret;
use serde::{Deserialize, Serialize};

use super::exchange::Exchange;
use super::problem::Problem;
use super::vendor::{Client, Endpoints, Reach, Vendor};

/// A sign-in that lasts. It names the client it was given to: refresh tokens are good for no other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who gave it.
    pub vendor: Vendor,
    /// For what.
    pub reach: Reach,
    /// The page it began on; refreshing needs it as little as we do, but the crate wants it whole.
    authorize_url: String,
    token_url: String,
    /// Absent in what was kept before sign-ins were given back.
    #[serde(default)]
    revoke_url: Option<String>,
    client_id: String,
    client_secret: Option<String>,
    pub(super) refresh: String,
    pub(super) access: Option<String>,
    /// When the access token ends, ms UTC.
    pub(super) expires_at: Millis,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("vendor", &self.vendor).finish_non_exhaustive()
    }
}

impl Drop for Grant {
    fn drop(&mut self) {
        use zeroize::Zeroize as _;
        self.refresh.zeroize();
        self.access.zeroize();
        self.client_secret.zeroize();
    }
}

impl Grant {
    pub(super) fn new(
        (vendor, reach): (Vendor, Reach),
        client: &Client,
        endpoints: &Endpoints,
        refresh: &Secret,
        access: &Secret,
        expires_at: Millis,
    ) -> Self {
        Self {
            vendor,
            reach,
            authorize_url: endpoints.authorize.clone(),
            token_url: endpoints.token.clone(),
            revoke_url: endpoints.revoke.clone(),
            client_id: client.id.clone(),
            client_secret: client.secret.as_ref().map(|secret| secret.expose().to_owned()),
            refresh: refresh.expose().to_owned(),
            access: Some(access.expose().to_owned()),
            expires_at,
        }
    }

    /// Reads what [`Grant::to_secret`] wrote; `None` if it is something else.
    pub fn from_secret(secret: &Secret) -> Option<Self> {
        serde_json::from_str(secret.expose()).ok()
    }

    /// As one secret, for the vault.
    pub fn to_secret(&self) -> Secret {
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// The access token, for as long as it lasts.
    pub fn access(&self) -> Option<Secret> {
        self.access.as_deref().map(Secret::new)
    }

    /// The vendor's token endpoint, asked as the client that the grant was given to.
    pub(super) fn exchange(&self) -> Result<Exchange, Problem> {
        Exchange::new(self.vendor, &self.client(), &self.endpoints())
    }

    /// The client that it was given to.
    pub fn client(&self) -> Client {
        Client {
            id: self.client_id.clone(),
            secret: self.client_secret.as_deref().map(Secret::new),
        }
    }

    fn endpoints(&self) -> Endpoints {
        Endpoints {
            authorize: self.authorize_url.clone(),
            token: self.token_url.clone(),
            userinfo: None,
            revoke: self.revoke_url.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_kept_whole_and_printed_without_its_secrets() {
        let client = Client { id: "desk".into(), secret: Some(Secret::new("pencil")) };
        let endpoints = Vendor::Google.endpoints(None).expect("known");
        let (refresh, access) = (Secret::new("crayon"), Secret::new("chalk"));
        let grant =
            Grant::new((Vendor::Google, Reach::Imap), &client, &endpoints, &refresh, &access, 7);
        let back = Grant::from_secret(&grant.to_secret()).expect("read back");
        assert_eq!(back, grant);
        let printed = format!("{grant:?}");
        for secret in ["pencil", "crayon", "chalk"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
