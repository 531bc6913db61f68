//! SendGrid's structs (API v3).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `POST /v3/mail/send`.
#[derive(Debug, Serialize)]
pub(super) struct Mail {
    pub(super) personalizations: Vec<Personalization>,
    pub(super) from: Person,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reply_to_list: Vec<Person>,
    pub(super) subject: String,
    /// Plain text first, as SendGrid wants it.
    pub(super) content: Vec<Content>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Attachment>,
    pub(super) headers: BTreeMap<&'static str, String>,
    pub(super) tracking_settings: Tracking,
}

/// One envelope: these people see each other, but for those in `bcc`.
#[derive(Debug, Serialize)]
pub(super) struct Personalization {
    pub(super) to: Vec<Person>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) cc: Vec<Person>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) bcc: Vec<Person>,
    pub(super) custom_args: BTreeMap<&'static str, String>,
}

/// An address with its name.
#[derive(Debug, Serialize)]
pub(super) struct Person {
    pub(super) email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
}

/// One form of the text.
#[derive(Debug, Serialize)]
pub(super) struct Content {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) value: String,
}

/// A file; its content in base64.
#[derive(Debug, Serialize)]
pub(super) struct Attachment {
    pub(super) content: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) filename: String,
    pub(super) disposition: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_id: Option<String>,
}

/// Everything by which a reader could be watched, switched off: an account's own settings may have it on.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tracking {
    pub(super) click_tracking: Clicks,
    pub(super) open_tracking: Switch,
    pub(super) subscription_tracking: Switch,
    pub(super) ganalytics: Switch,
}

/// Off.
#[derive(Debug, Default, Serialize)]
pub(super) struct Switch {
    pub(super) enable: bool,
}

/// Off, in HTML and in text.
#[derive(Debug, Default, Serialize)]
pub(super) struct Clicks {
    pub(super) enable: bool,
    pub(super) enable_text: bool,
}

/// A refusal.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    pub(super) errors: Vec<Trouble>,
}

/// One reason of it.
#[derive(Debug, Deserialize)]
pub(super) struct Trouble {
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) field: Option<String>,
}

/// `GET /v3/scopes`.
#[derive(Debug, Deserialize)]
pub(super) struct Scopes {
    #[serde(default)]
    pub(super) scopes: Vec<String>,
}

/// `GET /v3/messages`.
#[derive(Debug, Deserialize)]
pub(super) struct Messages {
    #[serde(default)]
    pub(super) messages: Vec<Listed>,
}

/// One message of the list.
#[derive(Debug, Deserialize)]
pub(super) struct Listed {
    pub(super) msg_id: String,
}
