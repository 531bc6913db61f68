//! What a person types to add an IMAP account, and the rules it must keep before any connection is made.
//!
//! Invariant: plain text and pinned certificates are possible on loopback hosts only.

use serde::{Deserialize, Serialize};

use super::error::ImapError;
pub use crate::net::Security;
use crate::net::{Endpoint, is_loopback};

/// Where IMAP with TLS from the first byte usually is (RFC 8314).
const USUAL_PORT: u16 = 993;

/// Where an account's mailboxes are and how to get there; the password is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImapSettings {
    /// The mail address of the account.
    pub address: String,
    /// The name to sign in with.
    pub user: String,
    /// Host name or IP address.
    pub host: String,
    /// TCP port: usually 993 for TLS, 143 for STARTTLS.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The one certificate to trust instead of the usual issuers: its DER bytes in base64. Loopback only
    /// (Proton Mail Bridge signs its own).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_certificate: Option<String>,
}

impl ImapSettings {
    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The server, as connections are made to it.
    pub(crate) fn endpoint(&self) -> Endpoint<'_> {
        Endpoint {
            host: &self.host,
            port: self.port,
            security: self.security,
            pinned_certificate: self.pinned_certificate.as_deref(),
            usual_tls_port: USUAL_PORT,
        }
    }

    /// Refuses what must never be tried, naming the field and the remedy.
    pub(crate) fn validate(&self) -> Result<(), ImapError> {
        self.endpoint().validate()?;
        if self.user.is_empty() {
            return Err(ImapError::Settings {
                field: "user",
                message: "the user name is empty; it is often the whole mail address".into(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, security: Security) -> ImapSettings {
        ImapSettings {
            address: "desk@example.org".into(),
            user: "desk".into(),
            host: host.into(),
            port: 143,
            security,
            pinned_certificate: None,
        }
    }

    #[test]
    fn plain_text_never_leaves_this_machine() {
        for host in
            ["localhost", "LOCALHOST.", "imap.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
        {
            assert!(settings(host, Security::None).validate().is_ok(), "{host} is this machine");
        }
        for host in
            ["imap.example.org", "10.0.0.1", "localhost.example.org", "127.0.0.1.example.org"]
        {
            let refused = settings(host, Security::None).validate();
            assert!(
                matches!(refused, Err(ImapError::Settings { field: "security", .. })),
                "{host} is not this machine"
            );
            assert!(
                settings(host, Security::StartTls).validate().is_ok(),
                "{host} with TLS is fine"
            );
        }
    }

    #[test]
    fn a_certificate_is_pinned_on_loopback_only() {
        let mut remote = settings("imap.example.org", Security::Tls);
        remote.pinned_certificate = Some("AAAA".into());
        assert!(matches!(
            remote.validate(),
            Err(ImapError::Settings { field: "pinned_certificate", .. })
        ));
    }

    #[test]
    fn settings_are_stored_as_json_with_words_a_person_can_read() {
        let stored =
            serde_json::to_string(&settings("::1", Security::StartTls)).expect("serialises");
        assert!(stored.contains(r#""security":"starttls""#), "{stored}");
        let back: ImapSettings = serde_json::from_str(&stored).expect("reads back");
        assert_eq!(back, settings("::1", Security::StartTls));
    }
}
