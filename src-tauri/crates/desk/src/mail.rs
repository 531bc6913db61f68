//! A mailbox that also sends: IMAP for what is there, SMTP for what leaves.

use std::sync::Arc;

use deskbell_domain::port::{
    AccessTokens, Capabilities, CopySink, MessageSink, MessageSource, Provider, StateSink,
};
use deskbell_domain::secret::Secret;
use deskbell_providers::imap::{Connections, ImapProvider, ImapSettings};
use deskbell_providers::oauth::Vendor;
use deskbell_providers::smtp::{SmtpProvider, SmtpSettings};
use serde::{Deserialize, Serialize};

/// Between the password of a mailbox and the one it sends with, where that is another one. No sign-in can
/// carry this character (RFC 4616).
const SEPARATOR: char = '\0';

/// The settings of a mailbox, with the server that takes its mail, if there is one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MailSettings {
    #[serde(flatten)]
    pub(crate) imap: ImapSettings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) smtp: Option<SmtpSettings>,
    #[serde(flatten)]
    pub(crate) source: OauthSource,
}

/// Who checks an account's sign-in, where that is done in the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OauthSource {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) oauth: Option<Vendor>,
    /// For a custom one: whose server it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) oauth_issuer: Option<String>,
    /// Another place than the usual one, for a rehearsal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) oauth_base: Option<String>,
}

/// One mailbox.
pub(crate) struct MailProvider {
    imap: Arc<ImapProvider>,
    smtp: Option<SmtpProvider>,
}

impl MailProvider {
    pub(crate) fn new(settings: MailSettings, secret: &Secret, connections: Connections) -> Self {
        let (password, sending) = split(secret);
        let imap = Arc::new(ImapProvider::new(settings.imap, password).sharing(connections));
        let sent = Arc::clone(&imap) as Arc<dyn CopySink>;
        let smtp = settings.smtp.map(|smtp| SmtpProvider::new(smtp, Some(sending), Some(sent)));
        Self { imap, smtp }
    }

    /// A mailbox that signs in by access tokens, for sending too.
    pub(crate) fn with_tokens(
        settings: MailSettings,
        tokens: Arc<dyn AccessTokens>,
        connections: Connections,
    ) -> Self {
        let imap = ImapProvider::with_tokens(settings.imap, Arc::clone(&tokens));
        let imap = Arc::new(imap.sharing(connections));
        let sent = Arc::clone(&imap) as Arc<dyn CopySink>;
        let smtp = settings.smtp.map(|smtp| SmtpProvider::with_tokens(smtp, tokens, Some(sent)));
        Self { imap, smtp }
    }
}

/// Both passwords as one secret, as the engine hands it around.
pub(crate) fn join(password: &Secret, sending: Option<&Secret>) -> Secret {
    match sending {
        None => password.clone(),
        Some(sending) => {
            Secret::new(format!("{}{SEPARATOR}{}", password.expose(), sending.expose()))
        }
    }
}

/// The password of the mailbox, and the one to send with.
pub(crate) fn split(secret: &Secret) -> (Secret, Secret) {
    match secret.expose().split_once(SEPARATOR) {
        Some((password, sending)) => (Secret::new(password), Secret::new(sending)),
        None => (secret.clone(), secret.clone()),
    }
}

impl Provider for MailProvider {
    fn capabilities(&self) -> Capabilities {
        self.imap.capabilities()
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        self.imap.messages()
    }

    fn state(&self) -> Option<&dyn StateSink> {
        self.imap.state()
    }

    fn sink(&self) -> Option<&dyn MessageSink> {
        self.smtp.as_ref().map(|smtp| smtp as &dyn MessageSink)
    }

    fn copies(&self) -> Option<&dyn CopySink> {
        Some(self.imap.as_ref())
    }

    fn retire(&self) {
        self.imap.retire();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_without_a_sending_server_are_still_read() {
        let before =
            r#"{"address":"a@b.example","user":"a","host":"::1","port":993,"security":"tls"}"#;
        let mut settings: MailSettings = serde_json::from_str(before).expect("read");
        assert!(settings.smtp.is_none());
        settings.smtp = serde_json::from_str(
            r#"{"host":"smtp.b.example","port":465,"security":"tls","user":"a"}"#,
        )
        .expect("read");
        let stored = serde_json::to_string(&settings).expect("written");
        let back: MailSettings = serde_json::from_str(&stored).expect("read back");
        assert_eq!((back.imap, back.smtp), (settings.imap, settings.smtp));
        assert_eq!(back.source, OauthSource::default(), "a password signs in");
    }

    #[test]
    fn two_passwords_travel_as_one_and_part_again() {
        let one = Secret::new("pencil");
        let (password, sending) = split(&join(&one, None));
        assert_eq!((password.expose(), sending.expose()), ("pencil", "pencil"));
        let (password, sending) = split(&join(&one, Some(&Secret::new("crayon"))));
        assert_eq!((password.expose(), sending.expose()), ("pencil", "crayon"));
    }
}
