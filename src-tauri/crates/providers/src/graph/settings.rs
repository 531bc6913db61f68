//! What a Microsoft account is beside its sign-in.

use serde::{Deserialize, Serialize};

/// Microsoft Graph, the worldwide service; the national clouds have addresses of their own.
const BASE: &str = "https://graph.microsoft.com/v1.0";

/// Where an account's mailbox is; its tokens are kept elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphSettings {
    /// The mail address of the account.
    #[serde(default)]
    pub address: String,
    /// Everything the mailbox is called; the name one signs in by may be another address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Another Graph than the worldwide one: a national cloud, or a rehearsal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
}

impl GraphSettings {
    /// Where Graph is asked.
    pub(crate) fn base(&self) -> &str {
        self.base_url.as_deref().filter(|base| !base.trim().is_empty()).unwrap_or(BASE)
    }
}
