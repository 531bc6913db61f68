//! What a person types to add an IMAP account, and the rules it must keep before any connection is made.
//!
//! Invariant: plain text and pinned certificates are possible on loopback hosts only.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::error::ImapError;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Not at all; loopback hosts only.
    None,
    /// TLS after a plain greeting (RFC 2595).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

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
        let host = self.bare_host();
        host.parse::<IpAddr>().map_or_else(
            |_| {
                let name = host.trim_end_matches('.').to_ascii_lowercase();
                name == "localhost" || name.ends_with(".localhost")
            },
            |address| address.is_loopback(),
        )
    }

    /// The host without the brackets an IPv6 address may be written in.
    pub(crate) fn bare_host(&self) -> &str {
        let host = self.host.trim();
        host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
    }

    /// Refuses what must never be tried, naming the field and the remedy.
    pub(crate) fn validate(&self) -> Result<(), ImapError> {
        let wrong =
            |field, message: &str| Err(ImapError::Settings { field, message: message.to_owned() });
        let host = self.bare_host();
        if host.is_empty() || host.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/')
        {
            return wrong("host", "the host must be a plain name such as imap.example.org");
        }
        if self.port == 0 {
            return wrong("port", "the port must be a number from 1 to 65535, usually 993");
        }
        if self.user.is_empty() {
            return wrong("user", "the user name is empty; it is often the whole mail address");
        }
        if self.security == Security::None && !self.is_loopback() {
            return wrong(
                "security",
                "without TLS the password could be read on the way, so this is allowed only for a server on \
                 this machine; choose TLS or STARTTLS",
            );
        }
        if self.pinned_certificate.is_some() && !self.is_loopback() {
            return wrong(
                "pinned_certificate",
                "a certificate can be pinned only for a server on this machine; remove it",
            );
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
