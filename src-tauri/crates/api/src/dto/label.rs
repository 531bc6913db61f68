//! Labels, and putting conversations off.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A label of the person's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Label {
    /// Row id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Index into the palette of labels, 0 to 9.
    pub color: u8,
    /// What providers call it.
    pub keyword: String,
    /// Conversations that carry it.
    #[ts(type = "number")]
    pub total: i64,
    /// Those with something unread.
    #[ts(type = "number")]
    pub unread: i64,
}

/// Every label, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LabelList {
    /// Them.
    pub labels: Vec<Label>,
}

/// Arguments of `label_put`: a label made or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LabelForm {
    /// `null` to make one.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Index into the palette; `null` for the next of it.
    pub color: Option<u8>,
}

/// Arguments of `label_page`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LabelPageArgs {
    /// The label.
    pub label_id: String,
    /// Only this account.
    pub account_id: Option<String>,
    /// From the page before; `null` for the newest.
    pub cursor: Option<String>,
    /// Rows wanted, 1 to 200.
    pub limit: u32,
}

/// Arguments of `conversations_label`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LabelArgs {
    /// Conversations; up to 1,000.
    pub ids: Vec<String>,
    /// The label.
    pub label_id: String,
    /// Put it on, or take it away.
    pub value: bool,
}

/// Arguments of `conversations_snooze`. An answer brings a conversation back in any case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SnoozeArgs {
    /// Conversations; up to 1,000.
    pub ids: Vec<String>,
    /// When they come back; `null` for when somebody answers.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
}

/// Arguments of commands that only name rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct IdsArgs {
    /// Which.
    pub ids: Vec<String>,
}

/// A natural time to put something off to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SnoozeChoice {
    /// `later_today this_evening tomorrow_morning this_weekend next_week`.
    pub kind: String,
    /// The instant meant by it.
    #[ts(type = "number")]
    pub at: i64,
}

/// What makes sense now, soonest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SnoozeChoices {
    /// Them.
    pub choices: Vec<SnoozeChoice>,
}
