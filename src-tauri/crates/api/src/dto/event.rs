//! What the window is told unasked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ExportState, SignInState, SyncProgress};

/// An event; the window asks again for what it shows of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A transaction was committed.
    Changes {
        /// What it touched; more than 500 rows are summed up by `everything`.
        changes: Vec<Change>,
        /// Too much changed to list: ask for everything again.
        everything: bool,
    },
    /// A sync moved on.
    Progress {
        /// How far.
        progress: SyncProgress,
    },
    /// A rule asks that the person be told of a message.
    Notice {
        /// What the rule is called.
        rule: String,
        /// The conversation.
        conversation_id: String,
        /// The message.
        message_id: String,
    },
    /// A sign-in in the browser moved on.
    SignIn {
        /// How it goes.
        state: Box<SignInState>,
    },
    /// An export moved on.
    Export {
        /// How far.
        state: Box<ExportState>,
    },
    /// A sync ended; `progress` of that account is over.
    Idle {
        /// Whose.
        account_id: String,
    },
}

/// A row that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Change {
    /// `account conversation message scope`.
    pub entity: String,
    /// Its id.
    pub id: String,
    /// It is gone.
    pub deleted: bool,
}
