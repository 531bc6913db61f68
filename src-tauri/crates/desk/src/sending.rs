//! Trying what a person typed so that mail can be sent.

use deskbell_api::dto::{FieldError, KeyForm, SmtpAccountForm, SmtpForm};
use deskbell_api::{KeyProvider, NewMailbox, TryError};
use deskbell_domain::ProviderError;
use deskbell_domain::secret::Secret;
use deskbell_providers::imap::ImapSettings;
use deskbell_providers::resend::{ResendProvider, ResendSettings};
use deskbell_providers::sendgrid::{SendGridProvider, SendGridSettings};
use deskbell_providers::smtp::{SignIn, SmtpProvider, SmtpSettings};

use crate::factory::{RESEND, SENDGRID};
use crate::gateway::{capital, security, write};

/// How it is said that there is nobody of that name, or nobody there.
const UNREACHABLE: &str = "cannot be reached";

/// The server that takes a mailbox's mail; user and password are the mailbox's where none are typed.
pub(crate) async fn of_mailbox(
    imap: &ImapSettings,
    form: &SmtpForm,
    password: &Secret,
) -> Result<SmtpSettings, TryError> {
    server(form, &imap.user, imap.pinned_certificate.as_deref(), Some(password.clone())).await
}

/// A server that is an account of its own; its address and its settings.
pub(crate) async fn alone(form: &SmtpAccountForm) -> Result<(String, SmtpSettings), TryError> {
    let address = address(&form.address)?;
    let settings = server(&form.smtp, "", None, None).await?;
    Ok((address, settings))
}

/// Another password for a server that is an account of its own.
pub(crate) async fn again(
    settings: SmtpSettings,
    password: &Secret,
) -> Result<SmtpSettings, TryError> {
    tried(settings, Some(password.clone())).await
}

/// Reads the form, connects and signs in.
pub(crate) async fn server(
    form: &SmtpForm,
    usual_user: &str,
    pinned: Option<&str>,
    password: Option<Secret>,
) -> Result<SmtpSettings, TryError> {
    let mut wrong = Vec::new();
    if form.host.trim().is_empty() {
        let message = "Enter the name of the server that takes mail, such as smtp.example.org.";
        wrong.push(FieldError::new("smtp.host", message));
    }
    if form.port == 0 {
        wrong.push(FieldError::new("smtp.port", "Enter the server's port, usually 465 or 587."));
    }
    if !wrong.is_empty() {
        return Err(TryError::Fields(wrong));
    }
    let user = form.user.trim();
    let settings = SmtpSettings {
        host: form.host.trim().into(),
        port: form.port,
        security: security(form.security),
        user: if user.is_empty() { usual_user.into() } else { user.into() },
        sign_in: SignIn::Password,
        saves_sent: form.saves_sent,
        max_bytes: None,
        pinned_certificate: None,
    };
    // A bridge on this machine shows one certificate at both of its ports.
    let pinned = pinned.filter(|_| settings.is_loopback()).map(str::to_owned);
    let settings = SmtpSettings { pinned_certificate: pinned, ..settings };
    let typed = Some(&form.password).filter(|typed| !typed.is_empty());
    tried(settings, typed.map(Secret::new).or(password)).await
}

async fn tried(
    mut settings: SmtpSettings,
    password: Option<Secret>,
) -> Result<SmtpSettings, TryError> {
    settings.max_bytes =
        SmtpProvider::new(settings.clone(), password, None).check().await.map_err(blame)?;
    Ok(settings)
}

/// Tries a key and reads the form.
pub(crate) async fn by_key(provider: KeyProvider, form: &KeyForm) -> Result<NewMailbox, TryError> {
    let address = address(&form.address)?;
    let base_url = form.base_url.as_deref().map(str::trim).filter(|url| !url.is_empty());
    let base_url = base_url.map(str::to_owned);
    let key = Secret::new(form.key.trim());
    let (provider, settings) = match provider {
        KeyProvider::SendGrid => {
            let settings = SendGridSettings { address: address.clone(), base_url };
            try_sendgrid(&settings, key).await?;
            (SENDGRID, write(&settings)?)
        }
        KeyProvider::Resend => {
            let settings =
                ResendSettings { address: address.clone(), base_url, tracking_unknown: false };
            let told = try_resend(&settings, key).await?;
            let settings = ResendSettings { tracking_unknown: !told, ..settings };
            (RESEND, write(&settings)?)
        }
    };
    Ok(NewMailbox { provider, address, settings, writes_back: false, sends: true })
}

/// Tries a SendGrid key.
pub(crate) async fn try_sendgrid(settings: &SendGridSettings, key: Secret) -> Result<(), TryError> {
    let blame = |error| blame_key(error, settings.base_url.as_deref());
    let provider = SendGridProvider::new(settings, key).map_err(blame)?;
    provider.check().await.map_err(blame)
}

/// Tries a Resend key; whether it is told if readers are watched there.
pub(crate) async fn try_resend(settings: &ResendSettings, key: Secret) -> Result<bool, TryError> {
    let blame = |error| blame_key(error, settings.base_url.as_deref());
    let provider = ResendProvider::new(settings, key).map_err(blame)?;
    provider.check().await.map_err(blame)
}

/// Says which field of a form with a key an error most likely speaks of; `base_url` is what was typed into its own.
fn blame_key(error: ProviderError, base_url: Option<&str>) -> TryError {
    match &error {
        ProviderError::Rejected { code, message } => match code.strip_prefix("settings.") {
            Some(field) => TryError::Fields(vec![FieldError::new(field, capital(message))]),
            None => TryError::Provider(Some("key"), error),
        },
        ProviderError::Auth(_) => TryError::Provider(Some("key"), error),
        ProviderError::Tls(_) | ProviderError::Protocol(_) => {
            TryError::Provider(Some("base_url"), error)
        }
        // At its usual place a service is there: then it is the network.
        ProviderError::Offline(words) if base_url.is_some() && words.contains(UNREACHABLE) => {
            TryError::Provider(Some("base_url"), error)
        }
        _ => TryError::Provider(None, error),
    }
}

fn address(typed: &str) -> Result<String, TryError> {
    let address = typed.trim();
    let parts = address.split_once('@');
    if parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty()) {
        return Ok(address.to_owned());
    }
    Err(TryError::Fields(vec![FieldError::new(
        "address",
        "Enter the whole mail address, such as studio@example.org.",
    )]))
}

/// Says which field of the form an error most likely speaks of.
fn blame(error: ProviderError) -> TryError {
    match &error {
        ProviderError::Rejected { code, message } => match code.strip_prefix("settings.") {
            Some("pinned_certificate") => TryError::Provider(Some("smtp.security"), error),
            Some(field) => {
                TryError::Fields(vec![FieldError::new(format!("smtp.{field}"), capital(message))])
            }
            None => TryError::Provider(Some("smtp.host"), error),
        },
        ProviderError::Auth(_) => TryError::Provider(Some("smtp.password"), error),
        // Somebody is there, and refuses this port.
        ProviderError::Offline(words) if words.contains("check the port") => {
            TryError::Provider(Some("smtp.port"), error)
        }
        ProviderError::Offline(_) => TryError::Provider(Some("smtp.host"), error),
        ProviderError::Tls(_) => TryError::Provider(Some("smtp.security"), error),
        ProviderError::Protocol(_) => TryError::Provider(Some("smtp.port"), error),
        _ => TryError::Provider(None, error),
    }
}

#[cfg(test)]
mod tests {
    use deskbell_api::dto::Security;

    use super::*;

    /// A host that can never be there (RFC 2606).
    const NOWHERE: &str = "smtp.no-such-host.invalid";

    fn field(error: TryError) -> (Option<&'static str>, ProviderError) {
        match error {
            TryError::Provider(field, error) => (field, error),
            _ => panic!("another error than the provider's"),
        }
    }

    #[tokio::test]
    async fn a_server_for_sending_that_does_not_exist_is_told_at_its_name() {
        let smtp = SmtpForm {
            host: NOWHERE.into(),
            port: 465,
            security: Security::Tls,
            user: "ada".into(),
            password: "pencil".into(),
            saves_sent: None,
        };
        let (at, error) = field(server(&smtp, "", None, None).await.expect_err("nobody there"));
        assert_eq!(at, Some("smtp.host"), "{error:?}");
        let ProviderError::Offline(words) = error else { panic!("{error:?}") };
        assert!(words.contains("unknown host") && words.contains(NOWHERE), "{words}");
    }

    #[tokio::test]
    async fn a_place_of_a_service_that_does_not_exist_is_told_at_its_address() {
        for provider in [KeyProvider::SendGrid, KeyProvider::Resend] {
            let form = KeyForm {
                address: "ada@studio.example".into(),
                name: String::new(),
                key: "key".into(),
                base_url: Some("https://api.no-such-host.invalid".into()),
            };
            let (at, error) = field(by_key(provider, &form).await.expect_err("nobody there"));
            assert_eq!(at, Some("base_url"), "{error:?}");
            let ProviderError::Offline(words) = error else { panic!("{error:?}") };
            assert!(words.contains("api.no-such-host.invalid"), "{words}");
        }
    }

    #[test]
    fn the_usual_place_out_of_reach_is_no_fault_of_the_form() {
        let words = || ProviderError::Offline(format!("api.sendgrid.com {UNREACHABLE}"));
        assert_eq!(field(blame_key(words(), None)).0, None);
        assert_eq!(field(blame_key(words(), Some("https://x.example"))).0, Some("base_url"));
    }
}
