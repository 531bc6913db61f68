//! What a person types so that mail can be sent by SMTP, and the rules it must keep before any connection.

use deskbell_domain::outgoing::SendLimits;
use serde::{Deserialize, Serialize};

use super::reply::Trouble;
pub use crate::net::Security;
use crate::net::{Endpoint, NetError, is_loopback};

/// Where mail is handed in over TLS from the first byte (RFC 8314).
const USUAL_PORT: u16 = 465;

/// How the account signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignIn {
    /// User name and password: PLAIN, or LOGIN where the server knows nothing better.
    #[default]
    Password,
    /// The secret is an OAuth access token: XOAUTH2.
    Xoauth2,
}

/// Where an account hands in its mail; the password is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmtpSettings {
    /// Host name or IP address.
    pub host: String,
    /// TCP port: usually 465 for TLS, 587 for STARTTLS.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The name to sign in with; empty for a server that asks for none.
    pub user: String,
    /// How to sign in.
    #[serde(default)]
    pub sign_in: SignIn,
    /// The server puts a copy among the sent messages by itself, so that a message of unknown fate is there
    /// or has not left; `None` where nobody has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saves_sent: Option<bool>,
    /// Largest message it takes, in bytes, as it said when it was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// The one certificate to trust instead of the usual issuers: its DER bytes in base64. Loopback only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_certificate: Option<String>,
}

/// Messages a minute at a server of which nothing else is known: what Exchange Online takes, the strictest of the
/// large ones (unconfirmed). A person may choose another rate for the account.
const PER_MINUTE: u32 = 30;

impl SmtpSettings {
    /// What the server takes, as far as that is known without asking it.
    ///
    /// A server on this machine keeps a queue and a rate of its own.
    pub fn limits(&self) -> SendLimits {
        SendLimits {
            bytes: self.max_bytes,
            per_minute: Some(PER_MINUTE).filter(|_| !self.is_loopback()),
            ..SendLimits::NONE
        }
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Whether the server is known to give messages another Message-ID on their way: a copy it saves is then
    /// not found under ours, and one that is missing proves nothing. Microsoft's are said to; being wrong here
    /// costs a question, being wrong the other way would send a message twice.
    pub(crate) fn gives_new_ids(&self) -> bool {
        let host = self.host.trim().trim_end_matches('.').to_ascii_lowercase();
        host.ends_with(".outlook.com") || host.ends_with(".office365.com")
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
    pub(crate) fn validate(&self) -> Result<(), Trouble> {
        self.endpoint().validate()?;
        // Control characters would end a line of the sign-in.
        if self.user.chars().any(char::is_control) {
            return Err(Trouble::Net(NetError::Settings {
                field: "user",
                message: "the user name holds a character that cannot be typed; type it again"
                    .into(),
            }));
        }
        Ok(())
    }
}
