//! Resend's structs (API 1.5.0).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `POST /emails`.
#[derive(Debug, Serialize)]
pub(super) struct Email {
    pub(super) from: String,
    pub(super) to: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) cc: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) bcc: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reply_to: Vec<String>,
    pub(super) subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) html: Option<String>,
    pub(super) text: String,
    pub(super) headers: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Attachment>,
}

/// A file of an email; its content in base64.
#[derive(Debug, Serialize)]
pub(super) struct Attachment {
    pub(super) filename: String,
    pub(super) content: String,
    pub(super) content_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_id: Option<String>,
}

/// What an accepted email is called.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    pub(super) id: String,
}

/// A refusal.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusal {
    pub(super) name: String,
    pub(super) message: String,
}

/// `GET /emails`.
#[derive(Debug, Deserialize)]
pub(super) struct EmailList {
    #[serde(default)]
    pub(super) data: Vec<Listed>,
}

/// One email of the list.
#[derive(Debug, Deserialize)]
pub(super) struct Listed {
    pub(super) id: String,
    #[serde(default)]
    pub(super) message_id: Option<String>,
}

/// `GET /emails/{id}`.
#[derive(Debug, Deserialize)]
pub(super) struct Retrieved {
    #[serde(default)]
    pub(super) last_event: String,
}

/// `GET /domains`.
#[derive(Debug, Deserialize)]
pub(super) struct DomainList {
    #[serde(default)]
    pub(super) data: Vec<Domain>,
    #[serde(default)]
    pub(super) has_more: bool,
}

/// A domain one may send from.
#[derive(Debug, Deserialize)]
pub(super) struct Domain {
    #[serde(default)]
    pub(super) id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) open_tracking: bool,
    #[serde(default)]
    pub(super) click_tracking: bool,
}

/// `GET /suppressions`.
#[derive(Debug, Deserialize)]
pub(super) struct SuppressionList {
    #[serde(default)]
    pub(super) data: Vec<Suppression>,
    #[serde(default)]
    pub(super) has_more: bool,
}

/// `GET /suppressions/{address}`, and one of the list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Suppression {
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    pub(super) email: String,
    #[serde(default)]
    pub(super) origin: String,
    /// The email that bounced or was complained of.
    #[serde(default)]
    pub(super) source_id: Option<String>,
}
