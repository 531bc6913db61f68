//! How an account sends, and the forms behind it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Security;

/// A server that takes an account's mail, as a person types it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SmtpForm {
    /// Host name or IP address.
    pub host: String,
    /// Port, 1 to 65535.
    pub port: u16,
    /// How the connection is made safe.
    pub security: Security,
    /// User name at the server; that of the mailbox when empty. For an account that only sends: no sign-in.
    pub user: String,
    /// The password; that of the mailbox when empty, or the one given before.
    pub password: String,
    /// The server puts what it sends among the sent messages by itself; `null` when nobody knows.
    #[serde(default)]
    pub saves_sent: Option<bool>,
}

/// A server that takes an account's mail, as it is kept or proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SmtpServer {
    /// Host name or IP address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is made safe.
    pub security: Security,
    /// User name.
    pub user: String,
    /// The server puts what it sends among the sent messages by itself; `null` when nobody knows.
    #[serde(default)]
    pub saves_sent: Option<bool>,
}

/// The form behind "Add a sending server": an account that only sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SmtpAccountForm {
    /// The address it sends from.
    pub address: String,
    /// The name for the account; the address when empty.
    pub name: String,
    /// The server.
    pub smtp: SmtpForm,
}

/// The form behind "Add SendGrid" and "Add Resend": an account that only sends, by a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KeyForm {
    /// The address it sends from; the provider must have verified it or its domain.
    pub address: String,
    /// The name for the account; the address when empty.
    pub name: String,
    /// The API key.
    pub key: String,
    /// Where its API is, for another region or a rehearsal; `null` for the usual place.
    pub base_url: Option<String>,
}

/// Arguments of `account_sending`: how an account sends from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SendingForm {
    /// The account.
    pub id: String,
    /// The server that takes its mail; `null` leaves it as it is.
    pub smtp: Option<SmtpForm>,
    /// The account that sends when this one cannot; `null` for none.
    pub fallback_id: Option<String>,
    /// How long it must have failed before the other one sends, in milliseconds: 0 to 86400000; absent leaves it.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub fallback_after_ms: Option<i64>,
    /// How long a message waits to be taken back, in milliseconds: 0 to 60000.
    #[ts(type = "number")]
    pub undo_ms: i64,
    /// Messages it sends in a minute at most, 1 to 10000; 0 for what is usual at its provider; absent leaves it.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub per_minute: Option<u32>,
}
