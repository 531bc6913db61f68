//! The registry of providers: the one place that knows them by name.

use std::sync::Arc;

use deskbell_domain::ProviderError;
use deskbell_domain::port::Provider;
use deskbell_domain::secret::Secret;
use deskbell_engine::ProviderFactory;
use deskbell_providers::archive::{ArchiveProvider, ArchiveSettings};
use deskbell_providers::oauth::Vendor;
use deskbell_providers::resend::{ResendProvider, ResendSettings};
use deskbell_providers::sendgrid::{SendGridProvider, SendGridSettings};
use deskbell_providers::smtp::{SmtpProvider, SmtpSettings};
use deskbell_store::table::account::Account;

use crate::mail::{MailProvider, MailSettings, OauthSource};
use crate::tokens::Keepers;

/// `account.provider` of a mailbox behind IMAP.
pub(crate) const IMAP: &str = "imap";
/// `account.provider` of a server that only takes mail.
pub(crate) const SMTP: &str = "smtp";
/// `account.provider` of Twilio SendGrid.
pub(crate) const SENDGRID: &str = "sendgrid";
/// `account.provider` of Resend.
pub(crate) const RESEND: &str = "resend";
/// `account.provider` of imported mail.
pub(crate) const ARCHIVE: &str = "archive";

/// Opens providers by the name in the account's row.
pub(crate) struct Registry {
    pub(crate) keepers: Arc<Keepers>,
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
                if settings.source.oauth.is_some() {
                    let tokens = self.keepers.tokens(account.id);
                    return Ok(Arc::new(MailProvider::with_tokens(settings, tokens)));
                }
                Ok(Arc::new(MailProvider::new(settings, &key(secret)?)))
            }
            SMTP => {
                let settings: SmtpSettings = read(&account.settings)?;
                Ok(Arc::new(SmtpProvider::new(settings, secret, None)))
            }
            SENDGRID => {
                let settings: SendGridSettings = read(&account.settings)?;
                Ok(Arc::new(SendGridProvider::new(&settings, key(secret)?)?))
            }
            RESEND => {
                let settings: ResendSettings = read(&account.settings)?;
                Ok(Arc::new(ResendProvider::new(&settings, key(secret)?)?))
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

/// Who checks the sign-in of an account.
pub(crate) fn source(_provider: &str, settings: &str) -> OauthSource {
    serde_json::from_str(settings).unwrap_or_default()
}

/// What to make an account of that reaches its mail by the vendor's own API: the provider and its settings.
///
/// # Errors
/// What kept the API from answering, or from taking the token.
pub(crate) async fn api_account(
    vendor: Vendor,
    _address: &str,
    _base: Option<&str>,
    _token: Secret,
) -> Result<(&'static str, String), ProviderError> {
    Err(ProviderError::Rejected {
        code: "provider".into(),
        message: format!("the API of {} is not known here; choose IMAP", vendor.shown()),
    })
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
