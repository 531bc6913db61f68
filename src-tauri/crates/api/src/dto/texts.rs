//! Who writes, and with which words: senders with their signatures, templates.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::dto::Person;

/// Who a person can write as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Sender {
    /// Row id.
    pub id: String,
    /// Its account.
    pub account_id: String,
    /// Display name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Signature as HTML, or empty.
    pub signature: String,
    /// Where answers should go, where not to the address.
    pub reply_to: Option<String>,
    /// The account's first.
    pub first: bool,
}

/// Every sender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SenderList {
    /// Them, by account.
    pub senders: Vec<Sender>,
}

/// Arguments of `sender_put`: a sender made or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SenderForm {
    /// `null` to make one.
    pub id: Option<String>,
    /// Its account.
    pub account_id: String,
    /// Display name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Signature as HTML, or empty.
    pub signature: String,
    /// Where answers should go, where not to the address.
    pub reply_to: Option<String>,
    /// Make it the account's first.
    pub first: bool,
}

/// A text kept for use again and again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Template {
    /// Row id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Typed behind `;` it puts the template in; may be empty.
    pub shortcut: String,
    /// Subject, with variables; empty leaves the message's own.
    pub subject: String,
    /// Text as HTML, with variables: `{{contact.first_name}}`.
    pub html: String,
    /// The variables it names.
    pub variables: Vec<String>,
}

/// Every template, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TemplateList {
    /// Them.
    pub templates: Vec<Template>,
    /// Every variable there is.
    pub variables: Vec<String>,
}

/// Arguments of `template_put`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TemplateForm {
    /// `null` to make one.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Typed behind `;` it puts the template in; may be empty.
    pub shortcut: String,
    /// Subject, with variables.
    pub subject: String,
    /// Text as HTML, with variables.
    pub html: String,
}

/// Arguments of `template_fill`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FillArgs {
    /// The template.
    pub id: String,
    /// The account that writes.
    pub account_id: String,
    /// Who stands in From; `null` for the account's first sender.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub from: Option<Person>,
    /// Whom it is for.
    pub to: Option<Person>,
    /// Language of dates: `en`, `de`.
    pub language: String,
}

/// A template with its variables filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Filled {
    /// Subject.
    pub subject: String,
    /// Text as HTML.
    pub html: String,
    /// Variables nothing is known for; they stand in the text as they were.
    pub missing: Vec<String>,
}
