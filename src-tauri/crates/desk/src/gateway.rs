//! What handlers may ask of providers and secrets: trying what a person typed, before an account is made.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use deskbell_api::dto::{FieldError, ImapForm, KeyForm, Security, SmtpAccountForm, SmtpForm};
use deskbell_api::sample::Studio;
use deskbell_api::{Browser, FetchedImage, Found, Gateway, KeyProvider, NewMailbox, TryError};
use deskbell_domain::outgoing::SendLimits;
use deskbell_domain::secret::Secret;
use deskbell_domain::{AccountId, ProviderError};
use deskbell_engine::SecretStore;
use deskbell_providers::archive::{ArchiveProvider, ArchiveSettings};
use deskbell_providers::discover::Discovery;
use deskbell_providers::imap::{self, ImapProvider, ImapSettings};
use deskbell_providers::pictures::{Answer, Pictures};

use crate::browser::Browsers;
use crate::factory::{ARCHIVE, IMAP, SMTP, read};
use crate::mail::{MailSettings, OauthSource, split};
use crate::sample::Sample;
use crate::vault::Vault;
use crate::{discovered, factory, owner, sending};

/// The field of the forms that takes a fingerprint.
const PIN: &str = "pin_certificate";

/// The gateway of an open profile.
pub(crate) struct Doors {
    pub(crate) vault: Arc<Vault>,
    pub(crate) browsers: Browsers,
    pub(crate) sample: Arc<Sample>,
    pub(crate) pictures: Pictures,
}

#[async_trait]
impl Gateway for Doors {
    async fn try_imap(&self, form: &ImapForm) -> Result<NewMailbox, TryError> {
        let settings = settings(form)?;
        let password = Secret::new(form.password.as_str());
        let imap = check(settings, &password, form.pin_certificate.as_deref()).await?;
        let smtp = match &form.smtp {
            Some(smtp) => Some(sending::of_mailbox(&imap, smtp, &password).await?),
            None => None,
        };
        let settings = MailSettings { imap, smtp, source: OauthSource::default() };
        Ok(NewMailbox {
            provider: IMAP,
            address: settings.imap.address.clone(),
            settings: write(&settings)?,
            writes_back: true,
            sends: settings.smtp.is_some(),
        })
    }

    async fn fetch_image(&self, url: &str, largest: usize) -> FetchedImage {
        match self.pictures.fetch(url, largest).await {
            Answer::Bytes(bytes) => FetchedImage::Bytes(bytes),
            Answer::Elsewhere(url) => FetchedImage::Elsewhere(url),
            Answer::Nothing => FetchedImage::Nothing,
        }
    }

    fn send_limits(&self, provider: &str, settings: &str) -> Option<SendLimits> {
        factory::send_limits(provider, settings)
    }

    async fn try_password(
        &self,
        provider: &str,
        settings: &str,
        password: &Secret,
        certificate: Option<&str>,
    ) -> Result<String, TryError> {
        if provider == SMTP {
            return write(&sending::again(parse(settings)?, password).await?);
        }
        let settings: MailSettings = parse(settings)?;
        if settings.source.oauth.is_some() {
            let text = "This account signs in in the browser; it takes no password.";
            return Err(TryError::Fields(vec![FieldError::new("password", text)]));
        }
        write(&signed_in(settings, password, certificate).await?)
    }

    async fn try_certificate(
        &self,
        account: AccountId,
        provider: &str,
        settings: &str,
        certificate: Option<&str>,
    ) -> Result<String, TryError> {
        if provider != IMAP {
            return Err(TryError::Fields(vec![FieldError::new(
                "id",
                "This account has no server on this machine whose certificate could be trusted.",
            )]));
        }
        let stored = self.vault.password(account).await;
        let stored =
            stored.map_err(|words| TryError::Provider(None, ProviderError::Auth(words)))?;
        let missing = || ProviderError::Auth("no password is stored for this account".to_owned());
        let stored = stored.ok_or_else(|| TryError::Provider(None, missing()))?;
        write(&signed_in(parse(settings)?, &split(&stored).0, certificate).await?)
    }

    async fn try_smtp(&self, form: &SmtpAccountForm) -> Result<NewMailbox, TryError> {
        let (address, settings) = sending::alone(form).await?;
        Ok(NewMailbox {
            provider: SMTP,
            address,
            settings: write(&settings)?,
            writes_back: false,
            sends: true,
        })
    }

    async fn try_key(&self, provider: KeyProvider, form: &KeyForm) -> Result<NewMailbox, TryError> {
        sending::by_key(provider, form).await
    }

    async fn try_sending(
        &self,
        account: AccountId,
        provider: &str,
        settings: &str,
        form: &SmtpForm,
    ) -> Result<String, TryError> {
        let stored = self.vault.password(account).await;
        let stored = stored
            .map_err(|words| TryError::Provider(None, ProviderError::Auth(words)))?
            .map(|secret| split(&secret).1);
        match provider {
            IMAP => {
                let settings: MailSettings = parse(settings)?;
                if settings.source.oauth.is_some() {
                    return Err(TryError::Fields(vec![FieldError::new(
                        "smtp.host",
                        "This account sends with its sign-in of the browser; there is no other server to choose.",
                    )]));
                }
                let password = stored.unwrap_or_else(|| Secret::new(""));
                let smtp = sending::of_mailbox(&settings.imap, form, &password).await?;
                write(&MailSettings { smtp: Some(smtp), ..settings })
            }
            SMTP => write(&sending::server(form, "", None, stored).await?),
            _ => Err(TryError::Fields(vec![FieldError::new(
                "smtp.host",
                "This account sends by its own provider; there is no server to choose.",
            )])),
        }
    }

    async fn try_archive(&self, path: PathBuf) -> Result<NewMailbox, TryError> {
        let path = std::path::absolute(&path).unwrap_or(path);
        let settings = ArchiveSettings { path };
        let tried = settings.clone();
        let opened = tokio::task::spawn_blocking(move || ArchiveProvider::open(tried).map(|_| ()));
        let opened = opened
            .await
            .unwrap_or_else(|_| Err(ProviderError::File("the path could not be read".into())));
        opened.map_err(|error| TryError::Provider(Some("path"), error))?;
        Ok(NewMailbox {
            provider: ARCHIVE,
            address: settings.path.display().to_string(),
            settings: write(&settings)?,
            writes_back: false,
            sends: false,
        })
    }

    async fn begin_sample(&self, studio: Studio) -> Result<Vec<(NewMailbox, String)>, String> {
        let sample = Arc::clone(&self.sample);
        let begun = tokio::task::spawn_blocking(move || sample.begin(studio)).await;
        begun.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }

    async fn end_sample(&self) {
        let sample = Arc::clone(&self.sample);
        // An end that failed leaves nothing running.
        let _ = tokio::task::spawn_blocking(move || sample.end()).await;
    }

    async fn guess_owner(&self, path: PathBuf) -> Option<String> {
        owner::guess(path).await
    }

    async fn seal(&self, account: AccountId, secret: &Secret) -> Result<Vec<u8>, String> {
        self.vault.seal(account, secret).await.map_err(|error| error.to_string())
    }

    fn browser(&self) -> Option<&dyn Browser> {
        Some(&self.browsers)
    }

    async fn discover(&self, address: &str) -> Found {
        let found = Discovery::default().find(address).await;
        Found {
            proposals: found.configurations.into_iter().map(discovered::proposal).collect(),
            receivers: found.receivers,
        }
    }

    async fn forget_key(&self) -> bool {
        self.vault.forget_key().await
    }

    async fn can_open(&self, account: AccountId) -> Result<(), String> {
        SecretStore::password(self.vault.as_ref(), account).await?;
        self.vault.grant(account).await.map(drop)
    }
}

fn parse<T: serde::de::DeserializeOwned>(settings: &str) -> Result<T, TryError> {
    read(settings).map_err(|error| TryError::Provider(None, error))
}

pub(crate) fn write<T: serde::Serialize>(settings: &T) -> Result<String, TryError> {
    serde_json::to_string(settings).map_err(|error| {
        TryError::Provider(None, ProviderError::Protocol(format!("settings: {error}")))
    })
}

/// Reads the form; every wrong field is named at once.
fn settings(form: &ImapForm) -> Result<ImapSettings, TryError> {
    let mut wrong = Vec::new();
    let mut check = |bad: bool, field: &str, message: &str| {
        if bad {
            wrong.push(FieldError::new(field, message));
        }
    };
    let address = form.address.trim();
    let parts = address.split_once('@');
    let plausible = parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    check(!plausible, "address", "Enter the whole mail address, such as studio@example.org.");
    let several =
        "There are line breaks or other control characters in it. Type it again, on one line.";
    for (field, text) in [("address", &form.address), ("user", &form.user), ("name", &form.name)] {
        check(text.chars().any(char::is_control), field, several);
    }
    check(
        form.host.trim().is_empty(),
        "host",
        "Enter the server's name, such as imap.example.org.",
    );
    check(form.port == 0, "port", "Enter the server's port, usually 993.");
    check(form.password.is_empty(), "password", "Enter the password.");
    if !wrong.is_empty() {
        return Err(TryError::Fields(wrong));
    }
    let user = form.user.trim();
    Ok(ImapSettings {
        address: address.into(),
        user: if user.is_empty() { address.into() } else { user.into() },
        host: form.host.trim().into(),
        port: form.port,
        security: security(form.security),
        pinned_certificate: None,
    })
}

pub(crate) fn security(chosen: Security) -> imap::Security {
    match chosen {
        Security::None => imap::Security::None,
        Security::Starttls => imap::Security::StartTls,
        Security::Tls => imap::Security::Tls,
    }
}

/// Connects and signs in, trusting the certificate with this fingerprint if one is given; the settings that did.
async fn check(
    mut settings: ImapSettings,
    password: &Secret,
    certificate: Option<&str>,
) -> Result<ImapSettings, TryError> {
    if let Some(typed) = certificate.map(str::trim).filter(|typed| !typed.is_empty()) {
        settings.pinned_certificate = Some(agreed(&settings, typed).await?);
    }
    let outcome = ImapProvider::new(settings.clone(), password.clone()).check().await;
    match outcome {
        Ok(_) => Ok(settings),
        Err(error @ ProviderError::Tls(_)) if settings.is_loopback() => {
            // The password was not sent; the person may know this certificate from the program that made it.
            let bare = ImapSettings { pinned_certificate: None, ..settings };
            match ImapProvider::certificate_to_pin(&bare).await {
                Ok(shown) => Err(TryError::Certificate { fingerprint: shown.fingerprint(), error }),
                Err(_) => Err(blame(error)),
            }
        }
        Err(error) => Err(blame(error)),
    }
}

/// The settings of a mailbox that a password opens, with another certificate to trust if one is given.
async fn signed_in(
    settings: MailSettings,
    password: &Secret,
    certificate: Option<&str>,
) -> Result<MailSettings, TryError> {
    let MailSettings { imap, mut smtp, source } = settings;
    let before = imap.pinned_certificate.clone();
    let imap = check(imap, password, certificate).await?;
    // A bridge shows one certificate at both of its ports.
    if before.is_some()
        && let Some(smtp) = smtp.as_mut().filter(|smtp| smtp.pinned_certificate == before)
    {
        smtp.pinned_certificate.clone_from(&imap.pinned_certificate);
    }
    Ok(MailSettings { imap, smtp, source })
}

/// The certificate the server shows, if it is the one the person has agreed to.
async fn agreed(settings: &ImapSettings, typed: &str) -> Result<String, TryError> {
    let wrong = |message: String| Err(TryError::Fields(vec![FieldError::new(PIN, message)]));
    if !settings.is_loopback() {
        return wrong(format!(
            "Only a server on this machine may show a certificate of its own making, and {} is none: remove the \
             fingerprint.",
            settings.host
        ));
    }
    if !imap::is_fingerprint(typed) {
        return wrong("A SHA-256 fingerprint has 64 hexadecimal digits, such as 3A:91:5C….".into());
    }
    let bare = ImapSettings { pinned_certificate: None, ..settings.clone() };
    let shown = ImapProvider::certificate_to_pin(&bare).await.map_err(blame)?;
    if !shown.has_fingerprint(typed) {
        return wrong(format!(
            "The server shows another certificate than this one; the fingerprint of its own is {}. Trust it only \
             if the program that runs the server shows the same.",
            shown.fingerprint()
        ));
    }
    Ok(shown.to_pin())
}

/// Says which field of the form an error most likely speaks of.
fn blame(error: ProviderError) -> TryError {
    match &error {
        ProviderError::Rejected { code, message } => match code.strip_prefix("settings.") {
            Some(field) => {
                let field = if field == "pinned_certificate" { PIN } else { field };
                TryError::Fields(vec![FieldError::new(field, capital(message))])
            }
            None => TryError::Provider(None, error),
        },
        ProviderError::Auth(_) => TryError::Provider(Some("password"), error),
        // Somebody is there, and refuses this port.
        ProviderError::Offline(words) if words.contains("check the port") => {
            TryError::Provider(Some("port"), error)
        }
        ProviderError::Offline(_) => TryError::Provider(Some("host"), error),
        ProviderError::Tls(_) => TryError::Provider(Some("security"), error),
        ProviderError::Protocol(_) => TryError::Provider(Some("port"), error),
        _ => TryError::Provider(None, error),
    }
}

pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_shown_at_the_field_that_mends_it() {
        let expired = "the certificate of mail.shop.example has expired".to_owned();
        let refused = "mail.shop.example refuses port 994; check the port".to_owned();
        let unknown = "there is no server named mail.shop.example".to_owned();
        for (error, field) in [
            (ProviderError::Tls(expired), "security"),
            (ProviderError::Offline(refused), "port"),
            (ProviderError::Offline(unknown), "host"),
            (ProviderError::Auth("wrong password".into()), "password"),
            (ProviderError::Protocol("this is no IMAP server".into()), "port"),
        ] {
            let words = error.to_string();
            let shown = blame(error);
            assert!(
                matches!(&shown, TryError::Provider(Some(at), _) if *at == field),
                "{words}: {shown:?}"
            );
        }
    }
}
