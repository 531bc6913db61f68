//! What the engine tells whoever listens: how far a sync is, and that it ended.

use deskbell_domain::AccountId;

use crate::news::News;
use crate::rules::Notice;

/// Something happened in the engine. What changed in the data is announced by the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineEvent {
    /// A sync moved on.
    Progress(SyncProgress),
    /// No sync of this account is under way any more.
    Idle(AccountId),
    /// A rule asks that a person be told of a message.
    Notice(Notice),
    /// Mail arrived that is new to a person; what came in one transaction comes together.
    News(Vec<News>),
}

/// How far a sync is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncProgress {
    /// Whose.
    pub account: AccountId,
    /// The mailbox it is in, by name.
    pub scope: String,
    /// Messages done.
    pub done: u64,
    /// Messages in all, once known.
    pub total: Option<u64>,
    /// Milliseconds left at the rate measured so far, once it can be said.
    pub eta_ms: Option<u64>,
}
