//! The registry of providers: the one place that knows them by name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use deskbell_api::sample::{Holder, is_sample};
use deskbell_domain::outgoing::SendLimits;
use deskbell_domain::port::Provider;
use deskbell_domain::secret::Secret;
use deskbell_domain::{AccountId, ProviderError};
use deskbell_engine::ProviderFactory;
use deskbell_providers::archive::{ArchiveProvider, ArchiveSettings};
use deskbell_providers::gmail::{GmailProvider, GmailSettings};
use deskbell_providers::graph::{GraphProvider, GraphSettings};
use deskbell_providers::imap::Connections;
use deskbell_providers::oauth::Vendor;
use deskbell_providers::resend::{ResendProvider, ResendSettings};
use deskbell_providers::sendgrid::{SendGridProvider, SendGridSettings};
use deskbell_providers::smtp::{SmtpProvider, SmtpSettings};
use deskbell_store::table::account::Account;
use serde::{Deserialize, Serialize};

use crate::mail::{MailProvider, MailSettings, OauthSource};
use crate::sample::Sample;
use crate::tokens::{Keepers, Once};

/// `account.provider` of a mailbox behind IMAP.
pub(crate) const IMAP: &str = "imap";
/// `account.provider` of a server that only takes mail.
pub(crate) const SMTP: &str = "smtp";
/// `account.provider` of a mailbox behind Microsoft Graph.
pub(crate) const GRAPH: &str = "graph";
/// `account.provider` of Twilio SendGrid.
pub(crate) const SENDGRID: &str = "sendgrid";
/// `account.provider` of Resend.
pub(crate) const RESEND: &str = "resend";
/// `account.provider` of a mailbox behind the Gmail API.
pub(crate) const GMAIL: &str = "gmail";
/// `account.provider` of imported mail.
pub(crate) const ARCHIVE: &str = "archive";

/// The settings of a mailbox behind its vendor's own API, and who checks its sign-in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ApiSettings<T> {
    #[serde(flatten)]
    pub(crate) api: T,
    #[serde(flatten)]
    pub(crate) source: OauthSource,
}

/// Opens providers by the name in the account's row.
pub(crate) struct Registry {
    pub(crate) keepers: Arc<Keepers>,
    pub(crate) sample: Arc<Sample>,
    /// By account, for providers that are opened while the one before is still in use.
    pub(crate) connections: Mutex<BTreeMap<AccountId, Connections>>,
}

impl Registry {
    fn connections(&self, account: AccountId) -> Connections {
        let mut known = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(account).or_default().clone()
    }
}

impl ProviderFactory for Registry {
    fn open(
        &self,
        account: &Account,
        secret: Option<Secret>,
    ) -> Result<Arc<dyn Provider>, ProviderError> {
        match account.provider.as_str() {
            IMAP => {
                let settings: MailSettings = read(&account.settings)?;
                let shared = self.connections(account.id);
                if settings.source.oauth.is_some() {
                    let tokens = self.keepers.tokens(account.id);
                    return Ok(Arc::new(MailProvider::with_tokens(settings, tokens, shared)));
                }
                Ok(Arc::new(MailProvider::new(settings, &key(secret)?, shared)))
            }
            SMTP => {
                let settings: SmtpSettings = read(&account.settings)?;
                Ok(Arc::new(SmtpProvider::new(settings, secret, None)))
            }
            GRAPH => {
                let mut settings: ApiSettings<GraphSettings> = read(&account.settings)?;
                let mut tokens = self.keepers.tokens(account.id);
                if is_sample(&account.settings) {
                    let player = self.sample.player(Holder::Microsoft, &account.address)?;
                    (settings.api.base_url, tokens) = (Some(player.base), player.tokens);
                }
                Ok(Arc::new(GraphProvider::new(&settings.api, tokens)?))
            }
            SENDGRID => {
                let settings: SendGridSettings = read(&account.settings)?;
                Ok(Arc::new(SendGridProvider::new(&settings, key(secret)?)?))
            }
            RESEND => {
                let settings: ResendSettings = read(&account.settings)?;
                Ok(Arc::new(ResendProvider::new(&settings, key(secret)?)?))
            }
            GMAIL => {
                let mut settings: GmailSettings = read(&account.settings)?;
                let mut tokens = self.keepers.tokens(account.id);
                if is_sample(&account.settings) {
                    let player = self.sample.player(Holder::Google, &account.address)?;
                    (settings.base_url, tokens) = (Some(player.base), player.tokens);
                }
                Ok(Arc::new(GmailProvider::new(&settings, tokens)?))
            }
            ARCHIVE => {
                let settings: ArchiveSettings = read(&account.settings)?;
                Ok(Arc::new(ArchiveProvider::open(settings)?))
            }
            other => Err(ProviderError::Rejected {
                code: "provider".into(),
                message: format!("this Deskbell has no provider “{other}”"),
            }),
        }
    }
}

/// What an account can send, as far as its provider sets that for all or its settings keep it; asks nobody.
pub(crate) fn send_limits(provider: &str, settings: &str) -> Option<SendLimits> {
    match provider {
        IMAP => read::<MailSettings>(settings).ok()?.smtp.map(|smtp| smtp.limits()),
        SMTP => read::<SmtpSettings>(settings).ok().map(|smtp| smtp.limits()),
        GRAPH => Some(GraphProvider::LIMITS),
        GMAIL => Some(GmailProvider::LIMITS),
        SENDGRID => Some(SendGridProvider::LIMITS),
        RESEND => Some(SendLimits {
            tracking_unknown: read::<ResendSettings>(settings)
                .is_ok_and(|kept| kept.tracking_unknown),
            ..ResendProvider::LIMITS
        }),
        _ => None,
    }
}

/// Who checks the sign-in of an account.
pub(crate) fn source(_provider: &str, settings: &str) -> OauthSource {
    serde_json::from_str(settings).unwrap_or_default()
}

/// What to make an account of that reaches its mail by the vendor's own API: the provider, the mailbox that the token
/// opens, and the settings.
///
/// # Errors
/// What kept the API from answering, or from taking the token.
pub(crate) async fn api_account(
    vendor: Vendor,
    base: Option<&str>,
    token: Secret,
) -> Result<(&'static str, String, String), ProviderError> {
    let tokens = Arc::new(Once(token));
    let source = OauthSource {
        oauth: Some(vendor),
        oauth_issuer: None,
        oauth_base: base.map(str::to_owned),
    };
    match vendor {
        Vendor::Microsoft => {
            let base_url = base.map(|base| format!("{}/v1.0", base.trim_end_matches('/')));
            let asked = GraphSettings { base_url, ..GraphSettings::default() };
            let names = GraphProvider::new(&asked, tokens)?.names().await?;
            let address = names.first().cloned().unwrap_or_default();
            let api = GraphSettings { address: address.clone(), names, ..asked };
            Ok((GRAPH, address, written(&ApiSettings { api, source })?))
        }
        Vendor::Google => {
            let asked = GmailSettings::new("", base);
            let address = GmailProvider::new(&asked, tokens)?.who().await?;
            let api = GmailSettings { address: address.clone(), ..asked };
            Ok((GMAIL, address, written(&ApiSettings { api, source })?))
        }
        Vendor::Yahoo | Vendor::Custom => Err(ProviderError::Rejected {
            code: "provider".into(),
            message: format!("the API of {} is not known here; choose IMAP", vendor.shown()),
        }),
    }
}

/// The mailbox that a token opens, for an account that reaches its mail by the vendor's own API; `None` for one that
/// does not. Of a mailbox with two names it is the account's, if that is one of them.
///
/// # Errors
/// As [`api_account`].
pub(crate) async fn opened(
    (provider, settings): (&str, &str),
    address: &str,
    token: Secret,
) -> Result<Option<String>, ProviderError> {
    let tokens = Arc::new(Once(token));
    let names = match provider {
        GRAPH => {
            let settings: ApiSettings<GraphSettings> = read(settings)?;
            GraphProvider::new(&settings.api, tokens)?.names().await?
        }
        GMAIL => {
            let settings: ApiSettings<GmailSettings> = read(settings)?;
            vec![GmailProvider::new(&settings.api, tokens)?.who().await?]
        }
        _ => return Ok(None),
    };
    let own = names.iter().find(|name| name.eq_ignore_ascii_case(address));
    Ok(own.or(names.first()).cloned())
}

fn written<T: Serialize>(settings: &T) -> Result<String, ProviderError> {
    serde_json::to_string(settings)
        .map_err(|error| ProviderError::Protocol(format!("settings: {error}")))
}

fn key(secret: Option<Secret>) -> Result<Secret, ProviderError> {
    secret.ok_or_else(|| ProviderError::Auth("no password is stored for this account".into()))
}

/// Reads an account's settings.
pub(crate) fn read<T: serde::de::DeserializeOwned>(settings: &str) -> Result<T, ProviderError> {
    serde_json::from_str(settings).map_err(|error| ProviderError::Rejected {
        code: "settings".into(),
        message: format!("the account's settings cannot be read: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_account_can_send_is_known_before_its_provider_was_ever_opened() {
        let smtp =
            r#"{"host":"mail.x","port":465,"security":"tls","user":"u","max_bytes":10240000}"#;
        let bytes = |provider: &str, settings: &str| send_limits(provider, settings)?.bytes;
        assert_eq!(bytes(SMTP, smtp), Some(10_240_000), "what the server said when it was tried");
        assert_eq!(bytes(SENDGRID, "{}"), Some(30_000_000));
        assert_eq!(bytes(RESEND, "{}"), ResendProvider::LIMITS.bytes);
        assert_eq!(send_limits(RESEND, "{}").and_then(|limits| limits.recipients), Some(50));
        assert_eq!(bytes(ARCHIVE, "{}"), None);
    }
}
