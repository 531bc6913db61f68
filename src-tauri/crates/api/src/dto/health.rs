//! Health: what each account is up to, and whether everything is here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Account, Said};

/// Everything Health shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Health {
    /// One entry an account.
    pub accounts: Vec<AccountHealth>,
    /// Bytes of the database.
    #[ts(type = "number")]
    pub database_bytes: u64,
    /// Bytes of the attachments.
    #[ts(type = "number")]
    pub blob_bytes: u64,
    /// Messages in all.
    #[ts(type = "number")]
    pub messages: i64,
    /// Conversations in all.
    #[ts(type = "number")]
    pub conversations: i64,
}

/// One account's health.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AccountHealth {
    /// The account.
    pub account: Account,
    /// Its mailboxes.
    pub scopes: Vec<ScopeHealth>,
    /// Its latest sync runs, newest first, at most 50.
    pub runs: Vec<SyncRun>,
    /// Messages that could not be read, those that came last first, at most 200.
    pub quarantined: Vec<Quarantined>,
    /// How many there are in all.
    #[ts(type = "number")]
    pub unreadable: i64,
    /// Operations that are paused after failures: name and when they are tried again.
    pub breakers: Vec<Breaker>,
}

/// A mailbox: is everything here?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ScopeHealth {
    /// Row id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role: `inbox sent drafts archive trash spam all other`.
    pub role: String,
    /// Copies here.
    #[ts(type = "number")]
    pub local: i64,
    /// Copies there, as the provider counts, of an account with a history window those inside of it; `null` until it
    /// said so.
    #[ts(type = "number | null")]
    pub remote: Option<i64>,
    /// Bodies still to come.
    #[ts(type = "number")]
    pub bodies_missing: i64,
    /// When it was last known to be up to date.
    #[ts(type = "number | null")]
    pub synced_at: Option<i64>,
}

/// One pass of a sync.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SyncRun {
    /// Row id.
    pub id: String,
    /// When it began.
    #[ts(type = "number")]
    pub started_at: i64,
    /// How long it took, in milliseconds; `null` while it runs.
    #[ts(type = "number | null")]
    pub duration_ms: Option<i64>,
    /// `running ok offline sign_in_needed stopped error`.
    pub outcome: String,
    /// What went wrong, in plain words.
    pub error: Option<String>,
    /// The same, for a window of another language.
    pub error_said: Option<Said>,
    /// Messages new.
    #[ts(type = "number")]
    pub added: i64,
    /// Messages changed.
    #[ts(type = "number")]
    pub changed: i64,
    /// Copies gone.
    #[ts(type = "number")]
    pub removed: i64,
}

/// A message that could not be read; its source is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Quarantined {
    /// The message.
    pub message_id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// Why.
    pub reason: String,
    /// The same, for a window of another language.
    pub reason_said: Option<Said>,
    /// When it came.
    #[ts(type = "number")]
    pub at: i64,
}

/// A paused operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Breaker {
    /// The operation: `imap_pull`, `imap_edit`.
    pub operation: String,
    /// Failures in a row.
    pub failures: u32,
    /// When it is tried again.
    #[ts(type = "number")]
    pub retry_at: i64,
}

/// What one round of a sync brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SyncOutcome {
    /// Whose.
    pub account_id: String,
    /// Messages new.
    #[ts(type = "number")]
    pub added: i64,
    /// Messages changed.
    #[ts(type = "number")]
    pub changed: i64,
    /// Copies gone.
    #[ts(type = "number")]
    pub removed: i64,
    /// Changes the provider has learnt of.
    pub edits_sent: u32,
    /// Changes that still wait.
    #[ts(type = "number")]
    pub edits_waiting: i64,
}

/// Everything that was checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Diagnosis {
    /// Nothing is wrong.
    pub ok: bool,
    /// One entry a thing looked at.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Check {
    /// What.
    pub what: String,
    /// It is as it should be.
    pub ok: bool,
    /// How it is.
    pub detail: String,
}
