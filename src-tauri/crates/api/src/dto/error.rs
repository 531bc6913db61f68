//! The one error a face sees.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of failure it is; a face decides by this, a person reads the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// An argument is wrong; `fields` says which.
    Invalid,
    /// The provider refused the sign-in.
    SignIn,
    /// A server on this machine shows a certificate that nobody known has signed. The message of the field
    /// `pin_certificate` is its SHA-256 fingerprint; sent back in that field, the certificate is trusted.
    Certificate,
    /// The provider cannot be reached.
    Offline,
    /// The provider understood and said no.
    Rejected,
    /// No account can send; the message stays a draft.
    NoSender,
    /// The mailbox is here already, by whichever route; the message of the field `account_id` is that account's id.
    Duplicate,
    /// There is no such row (any more).
    NotFound,
    /// Another process holds the profile.
    ReadOnly,
    /// The disk or the database refused.
    Storage,
    /// A fault of Deskbell's own.
    Internal,
}

/// A failure, in words a person can act on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ApiError {
    /// What kind.
    pub code: Code,
    /// One or two sentences: what happened and what to do.
    pub message: String,
    /// The same, for a window of another language; `null` for words that are not Deskbell's own.
    pub said: Option<Said>,
    /// For [`Code::Invalid`] and refused forms: which fields are wrong and why.
    pub fields: Vec<FieldError>,
}

/// One field of a form that must be corrected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FieldError {
    /// The field's name in the command's arguments.
    pub field: String,
    /// What is wrong and what to enter.
    pub message: String,
    /// The same, for a window of another language.
    pub said: Option<Said>,
}

/// A sentence of the core by its key in `said-…` of the window's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Said {
    /// Which sentence.
    pub key: String,
    /// What was put into it, by name.
    pub parts: BTreeMap<String, SaidPart>,
}

/// What was put into a sentence: a name, a number, a server's own words, or another sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum SaidPart {
    /// As it came.
    Text(String),
    /// A sentence of its own.
    Said(Said),
}
