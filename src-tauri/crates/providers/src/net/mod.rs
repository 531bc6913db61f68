//! Reaching a server: where it is, how the way there is protected, and words for what goes wrong.
//!
//! Shared by the providers that speak over a connection of their own (IMAP, SMTP).
//! Invariant: plain text and pinned certificates are possible on loopback hosts only, and nothing is sent
//! while an endpoint breaks that rule.

mod credential;
mod dial;
mod tls;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};

pub(crate) use self::credential::{Credential, TOKEN_REFUSED, xoauth2};
pub(crate) use self::dial::{dial, secure};
pub(crate) use self::tls::{client_config, shown_certificate};

/// Anything a connection can run over.
pub(crate) trait Transport: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Transport for T {}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Not at all; loopback hosts only.
    None,
    /// TLS after a plain greeting (RFC 2595, RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

/// A server, and how to get there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) security: Security,
    /// The one certificate to trust instead of the usual issuers, as base64 of its DER bytes.
    pub(crate) pinned_certificate: Option<&'a str>,
    /// Where such a server usually speaks TLS, for hints.
    pub(crate) usual_tls_port: u16,
}

/// Why a server could not be reached.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum NetError {
    /// The connection could not be made or broke.
    #[error("{0}")]
    Lost(String),
    /// The server's certificate cannot be trusted.
    #[error("{0}")]
    Tls(String),
    /// Somebody else speaks there.
    #[error("{0}")]
    Protocol(String),
    /// The settings forbid what was asked.
    #[error("{message}")]
    Settings {
        /// Which field.
        field: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
}

impl Endpoint<'_> {
    /// Refuses what must never be tried, naming the field and the remedy.
    pub(crate) fn validate(&self) -> Result<(), NetError> {
        let wrong = |field, message: String| Err(NetError::Settings { field, message });
        let host = bare_host(self.host);
        if host.is_empty() || host.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/')
        {
            return wrong("host", "the host must be a plain name such as mail.example.org".into());
        }
        if self.port == 0 {
            return wrong(
                "port",
                format!(
                    "the port must be a number from 1 to 65535, usually {}",
                    self.usual_tls_port
                ),
            );
        }
        if self.security == Security::None && !is_loopback(host) {
            return wrong(
                "security",
                "without TLS the password could be read on the way, so this is allowed only for a server on \
                 this machine; choose TLS or STARTTLS"
                    .into(),
            );
        }
        if self.pinned_certificate.is_some() && !is_loopback(host) {
            return wrong(
                "pinned_certificate",
                "one certificate can be trusted only for a server on this machine; leave its fingerprint out".into(),
            );
        }
        Ok(())
    }
}

/// Whether the host is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = bare_host(host);
    host.parse::<IpAddr>().map_or_else(
        |_| {
            let name = host.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        },
        |address| address.is_loopback(),
    )
}

/// The host without the brackets an IPv6 address may be written in.
pub(crate) fn bare_host(host: &str) -> &str {
    let host = host.trim();
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}
