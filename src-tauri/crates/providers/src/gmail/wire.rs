//! The Gmail API's JSON, as far as it is read (discovery document v1, revision 20261005).
//!
//! Numbers of 64 bits come as text; lists that are empty are left out.

use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    pub(super) email_address: String,
    pub(super) history_id: String,
    #[serde(default)]
    pub(super) messages_total: u64,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "Listed")]
pub(super) struct MessageList {
    pub(super) messages: Vec<Named>,
    pub(super) next_page_token: Option<String>,
    pub(super) result_size_estimate: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    messages: Option<Vec<Named>>,
    next_page_token: Option<String>,
    result_size_estimate: Option<u64>,
}

impl TryFrom<Listed> for MessageList {
    type Error = &'static str;

    /// An empty list still tells its size; JSON that has neither is no list, and must not be taken for an empty
    /// mailbox.
    fn try_from(listed: Listed) -> Result<Self, Self::Error> {
        match (listed.messages, listed.result_size_estimate) {
            (None, None) => Err("neither messages nor how many there are"),
            (messages, _) => Ok(Self {
                messages: messages.unwrap_or_default(),
                next_page_token: listed.next_page_token,
                result_size_estimate: listed.result_size_estimate.unwrap_or_default(),
            }),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Named {
    pub(super) id: String,
    #[serde(default)]
    pub(super) thread_id: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    pub(super) id: String,
    #[serde(default)]
    pub(super) thread_id: String,
    #[serde(default)]
    pub(super) label_ids: Vec<String>,
    #[serde(default)]
    pub(super) internal_date: String,
    #[serde(default)]
    pub(super) size_estimate: u64,
    #[serde(default)]
    pub(super) raw: Option<String>,
    #[serde(default)]
    pub(super) payload: Option<Payload>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Payload {
    #[serde(default)]
    pub(super) headers: Vec<Header>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Header {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HistoryList {
    #[serde(default)]
    pub(super) history: Vec<Record>,
    #[serde(default)]
    pub(super) next_page_token: Option<String>,
    pub(super) history_id: String,
}

/// `messages` is left out: it repeats what the typed lists say.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    #[serde(default)]
    pub(super) messages_added: Vec<Touched>,
    #[serde(default)]
    pub(super) messages_deleted: Vec<Touched>,
    #[serde(default)]
    pub(super) labels_added: Vec<Touched>,
    #[serde(default)]
    pub(super) labels_removed: Vec<Touched>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Touched {
    pub(super) message: TouchedMessage,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TouchedMessage {
    pub(super) id: String,
    /// What it carries now, where the record says so: the published shape promises the id alone.
    #[serde(default)]
    pub(super) label_ids: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LabelList {
    #[serde(default)]
    pub(super) labels: Vec<Label>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Label {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(default, rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DraftList {
    #[serde(default)]
    pub(super) drafts: Vec<Draft>,
    #[serde(default)]
    pub(super) next_page_token: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) message: Named,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Modify<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) ids: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) add_label_ids: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) remove_label_ids: &'a [&'a str],
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    pub(super) error: RefusalBody,
}

impl Refusal {
    /// Whether it says why, as every refusal of Google's does.
    pub(super) fn is_googles(&self) -> bool {
        let RefusalBody { message, errors, status } = &self.error;
        !(message.is_empty() && errors.is_empty() && status.is_empty())
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RefusalBody {
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) errors: Vec<Reason>,
    #[serde(default)]
    pub(super) status: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Reason {
    #[serde(default)]
    pub(super) reason: String,
}
