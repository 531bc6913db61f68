//! A message that lies in a file outside the store.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Message;

/// A message in a file, and where it could be imported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GivenMail {
    /// In the form of any message; its id is the token, which `message_body` and the attachment commands take too.
    pub message: Message,
    /// Collections of single messages it could be imported into, besides a new one.
    pub collections: Vec<Collection>,
}

/// A collection of single messages, each imported from its file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Collection {
    /// The account it is.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Arguments of `given_import`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GivenImport {
    /// The message.
    pub token: String,
    /// Into which collection; a new one where absent.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub account_id: Option<String>,
    /// The name of a new one; a usual one when empty.
    #[serde(default)]
    pub name: String,
    /// The address of the person whose mail a new one holds; nobody's when empty.
    #[serde(default)]
    pub own_address: String,
}

/// Arguments of `given_bytes`: a single message dropped on the window, which knows no path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GivenBytes {
    /// The file's name.
    pub name: String,
    /// The bytes in base64.
    pub base64: String,
}
