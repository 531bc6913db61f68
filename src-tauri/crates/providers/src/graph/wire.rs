//! Graph's structs (msgraph.json, `microsoft.graph.*`), as far as mail needs them.
//!
//! Invariant: every property may be missing: an item of a delta may tell what changed, and nothing else.

use serde::{Deserialize, Serialize};

/// A page of a collection or a delta.
#[derive(Debug, Deserialize)]
pub(crate) struct Collection<T> {
    #[serde(default = "Vec::new")]
    pub(crate) value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    pub(crate) next: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    pub(crate) delta: Option<String>,
    #[serde(rename = "@odata.count")]
    pub(crate) count: Option<u64>,
}

/// `microsoft.graph.message`, or the news that one is gone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    #[serde(default)]
    pub(crate) id: String,
    #[serde(rename = "@removed")]
    pub(crate) removed: Option<Removed>,
    pub(crate) parent_folder_id: Option<String>,
    pub(crate) conversation_id: Option<String>,
    pub(crate) internet_message_id: Option<String>,
    pub(crate) received_date_time: Option<String>,
    pub(crate) last_modified_date_time: Option<String>,
    pub(crate) sent_date_time: Option<String>,
    pub(crate) is_read: Option<bool>,
    pub(crate) is_draft: Option<bool>,
    pub(crate) flag: Option<FollowUp>,
    pub(crate) categories: Option<Vec<String>>,
    pub(crate) has_attachments: Option<bool>,
    pub(crate) subject: Option<String>,
    pub(crate) from: Option<Recipient>,
    pub(crate) sender: Option<Recipient>,
    pub(crate) to_recipients: Option<Vec<Recipient>>,
    pub(crate) cc_recipients: Option<Vec<Recipient>>,
    pub(crate) bcc_recipients: Option<Vec<Recipient>>,
    pub(crate) reply_to: Option<Vec<Recipient>>,
    pub(crate) internet_message_headers: Option<Vec<Header>>,
    pub(crate) body: Option<Body>,
    pub(crate) single_value_extended_properties: Option<Vec<Extended>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Removed {}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FollowUp {
    pub(crate) flag_status: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Recipient {
    pub(crate) email_address: Option<EmailAddress>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct EmailAddress {
    pub(crate) name: Option<String>,
    pub(crate) address: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Body {
    pub(crate) content: Option<String>,
}

/// A MAPI property by its type and tag: `Integer 0x1081`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Extended {
    pub(crate) id: String,
    pub(crate) value: Option<String>,
}

/// `microsoft.graph.mailFolder`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MailFolder {
    pub(crate) id: String,
    #[serde(rename = "@removed")]
    pub(crate) removed: Option<Removed>,
    pub(crate) display_name: Option<String>,
    pub(crate) parent_folder_id: Option<String>,
    pub(crate) total_item_count: Option<u64>,
}

/// `microsoft.graph.user`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) mail: Option<String>,
    pub(crate) user_principal_name: Option<String>,
}

/// `microsoft.graph.uploadSession`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadSession {
    pub(crate) upload_url: String,
}

/// `microsoft.graph.ODataErrors.ODataError`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ODataError {
    #[serde(default)]
    pub(crate) error: MainError,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct MainError {
    #[serde(default)]
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) message: String,
}
