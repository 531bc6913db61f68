//! The ports: what a provider may offer. The engine knows providers only by these traits.
//!
//! Every call may be dropped at any await: a provider must leave nothing behind that a fresh call could
//! not pick up. Everything is at-least-once; the store makes repeats harmless.

use std::time::Duration;

use async_trait::async_trait;

use crate::sync::{
    Cursor, EditOutcome, Page, PullOptions, RemoteBody, RemoteKey, RemoteScope, StateEdit,
};

/// Why a provider could not do what was asked. The engine decides by the variant, a person reads the text.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ProviderError {
    /// The sign-in was refused; trying again cannot help.
    #[error("the sign-in was refused: {0}")]
    Auth(String),
    /// Nobody answered, or the connection broke.
    #[error("not reachable: {0}")]
    Offline(String),
    /// The TLS connection could not be trusted (expired, unknown issuer, wrong name).
    #[error("the connection is not safe: {0}")]
    Tls(String),
    /// Asked too often; wait this long.
    #[error("asked too often; the provider wants a pause")]
    RateLimited {
        /// How long to wait, where the provider says so.
        after: Option<Duration>,
    },
    /// The cursor of this scope is no longer known; pull again without one.
    #[error("the position in {0} was lost")]
    CursorLost(String),
    /// The scope is no longer there.
    #[error("{0} is no longer there")]
    ScopeGone(String),
    /// The provider understood and said no.
    #[error("refused: {message}")]
    Rejected {
        /// The provider's own code.
        code: String,
        /// The provider's words, in plain language where we know them.
        message: String,
    },
    /// The answer makes no sense.
    #[error("an answer that makes no sense: {0}")]
    Protocol(String),
    /// A local file could not be read.
    #[error("{0}")]
    File(String),
}

/// What a provider can do; the window shows only what works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// New messages may arrive: it is worth watching and pulling again.
    pub receives: bool,
    /// Read, star, move and delete are written back.
    pub writes_state: bool,
    /// At most this many connections at once.
    pub connections: u8,
}

/// Something that holds messages.
#[async_trait]
pub trait MessageSource: Send + Sync {
    /// All scopes there are now.
    async fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError>;

    /// The next page of changes of one scope after `cursor`; `None` starts from nothing, newest first.
    async fn pull(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        options: PullOptions,
    ) -> Result<Page, ProviderError>;

    /// Whole messages; keys that are gone meanwhile are left out of the answer.
    ///
    /// `cursor` is the position the keys were stored with, `None` if they are of this provider's own last
    /// pull: under another numbering the same keys mean other messages, and the answer is `CursorLost`.
    async fn bodies(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        keys: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError>;

    /// Waits until something may have changed, and says in which scopes (by key); empty means anywhere.
    ///
    /// A hint to pull, nothing more. Ends with an error when the watch is lost.
    async fn watch(&self, scopes: &[RemoteScope]) -> Result<Vec<String>, ProviderError>;
}

/// Something that keeps what a person did to a message.
#[async_trait]
pub trait StateSink: Send + Sync {
    /// Applies one edit to copies of one scope. A copy that is no longer there counts as done and is left
    /// out of the answer. Repeating an edit is harmless. `cursor` as in [`MessageSource::bodies`].
    async fn apply(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        keys: &[RemoteKey],
        edit: &StateEdit,
    ) -> Result<Vec<EditOutcome>, ProviderError>;
}

/// A live connection to one account.
pub trait Provider: Send + Sync {
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// Its messages.
    fn messages(&self) -> Option<&dyn MessageSource>;
    /// Its state sink.
    fn state(&self) -> Option<&dyn StateSink>;
}
