//! The ports: what a provider may offer. The engine knows providers only by these traits.
//!
//! Every call may be dropped at any await: a provider must leave nothing behind that a fresh call could
//! not pick up. Everything is at-least-once; the store makes repeats harmless.

use std::time::Duration;

use async_trait::async_trait;

use crate::message::Flags;
use crate::outgoing::{
    Found, OutgoingMessage, Progress, RefusedRecipient, SendLimits, SendOutcome,
};
use crate::secret::Secret;
use crate::sync::{
    Cursor, EditOutcome, Listed, Page, PullOptions, RemoteBody, RemoteChange, RemoteKey,
    RemoteScope, StateEdit,
};
use crate::time::DAY;
use crate::{MailboxRole, Millis};

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
    /// The answer makes no sense; the text says what was said, or by whom.
    #[error("{0}")]
    Protocol(String),
    /// A local file could not be read.
    #[error("{0}")]
    File(String),
}

/// Gives out access tokens of one account that signed in by OAuth 2.
#[async_trait]
pub trait AccessTokens: Send + Sync {
    /// A token believed to be good. `refused` is one the provider has just turned away: it is not given again,
    /// and a fresh one is fetched; callers that were refused at the same time share one refresh.
    ///
    /// # Errors
    /// [`ProviderError::Auth`] once only a person can help (`invalid_grant`, a missing scope), else what kept
    /// the refresh from its answer ([`ProviderError::Offline`], [`ProviderError::RateLimited`], …).
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError>;
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

    /// A position from which the next pulls compare everything that is known, keys and flags, with what is there, and
    /// believe nothing that was told before; `None` where only a listing from nothing does that.
    fn doubted(&self, _cursor: &Cursor) -> Option<Cursor> {
        None
    }

    /// Whether everything can be compared by [`Self::listed`], at a small part of what fetching each copy costs.
    fn lists(&self) -> bool {
        false
    }

    /// Every copy in a scope, or in its window, as listings tell of it. What changes meanwhile may be told as it was
    /// before or after.
    async fn listed(
        &self,
        _scope: &RemoteScope,
        _since: Option<Millis>,
    ) -> Result<Vec<Listed>, ProviderError> {
        Ok(Vec::new())
    }

    /// What copies are now, with headers; one that is not there any more is told to be gone.
    async fn look_again(
        &self,
        _scope: &RemoteScope,
        _keys: &[RemoteKey],
        _since: Option<Millis>,
    ) -> Result<Vec<RemoteChange>, ProviderError> {
        Ok(Vec::new())
    }

    /// How often everything may be compared with what is there without being a burden to the provider.
    fn compared_every(&self) -> Millis {
        DAY
    }

    /// Waits until something may have changed, and says in which scopes (by key); empty means anywhere.
    ///
    /// A hint to pull, nothing more. Ends with an error when the watch is lost.
    async fn watch(&self, scopes: &[RemoteScope]) -> Result<Vec<String>, ProviderError>;

    /// Says whether a person looks at the account now; until it is said, nobody does.
    ///
    /// While a person looks, [`Self::watch`] may look for changes more often, a watch under way too: it goes on, and
    /// looks at once where its last look is older than that pace. Never waits and asks nobody; saying it again
    /// changes nothing. A provider that is told of every change need not heed it.
    fn attend(&self, _looked_at: bool) {}
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

    /// The same for an edit that may take several steps: what must be known to take it up again after a cut is
    /// written into `steps` before the step that could not be repeated.
    async fn apply_in_steps(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        keys: &[RemoteKey],
        edit: &StateEdit,
        _steps: &dyn EditSteps,
    ) -> Result<Vec<EditOutcome>, ProviderError> {
        self.apply(scope, cursor, keys, edit).await
    }
}

/// What a provider remembers of an edit that takes several steps, over cuts and restarts.
#[async_trait]
pub trait EditSteps: Send + Sync {
    /// What the last try wrote down, if there was one and it came so far.
    fn earlier(&self) -> Option<String>;

    /// Writes it down for the next try. An error means that it could not be; the step must not be taken then.
    async fn remember(&self, step: &str) -> Result<(), String>;
}

/// Called by a sink at the last instant at which nothing has left.
#[async_trait]
pub trait Departure: Send + Sync {
    /// Writes down that the message is about to leave. An error means it could not be written down: nothing
    /// may leave then, and the sink answers [`SendOutcome::Retry`].
    /// What is known by then is kept beside the message, since the answer may be lost with the process.
    async fn departs_with(&self, known: &Parting) -> Result<(), String>;

    /// [`Self::departs_with`], where the message leaves for everyone and there is nothing to be noted.
    async fn departs(&self) -> Result<(), String> {
        self.departs_with(&Parting::default()).await
    }
}

/// What is known of a message when it is about to leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parting {
    /// What the sink has to know to hand exactly this over once more ([`MessageSink::repeat`]).
    pub note: Option<String>,
    /// Whom it does not leave for, since the provider refused them.
    pub refused: Vec<RefusedRecipient>,
    /// Whom it does not leave for now, since the provider takes it for them only later.
    pub later: Vec<RefusedRecipient>,
}

/// Something that sends messages.
#[async_trait]
pub trait MessageSink: Send + Sync {
    /// What it can send, as far as it is known before a connection is made.
    fn limits(&self) -> SendLimits;

    /// Sends one message. `departure` is called once, right before the byte that commits it (the end of DATA,
    /// the body of a request): what fails before is [`SendOutcome::Retry`] or `Rejected`, and only what fails
    /// after it can be [`SendOutcome::Unknown`].
    async fn send(&self, mail: &OutgoingMessage, departure: &dyn Departure) -> SendOutcome;

    /// Looks for a message that may have left, by its token and the name the provider gave it.
    async fn find(&self, token: &str, remote_id: Option<&str>) -> Result<Found, ProviderError>;

    /// Hands a message over once more whose answer was lost, where the provider knows it again by its token and so
    /// can deliver it no second time. `note` is what [`Parting::note`] kept, `age` how long ago that was.
    ///
    /// `None` where it could be delivered twice: it is looked for instead. [`SendOutcome::Rejected`] says that it was
    /// never taken. An error says nothing, and it is asked again.
    async fn repeat(
        &self,
        _mail: &OutgoingMessage,
        _note: &str,
        _age: Duration,
    ) -> Result<Option<SendOutcome>, ProviderError> {
        Ok(None)
    }

    /// Whether the provider puts a copy of everything it sends among the account's sent messages by itself;
    /// `None` where that is not known and has to be learnt from the first message.
    fn saves_sent(&self) -> Option<bool> {
        None
    }

    /// Whether it can be asked what became of a message it took over; where nothing can be asked, only reports
    /// that come back tell.
    fn follows(&self) -> bool {
        false
    }

    /// What became of a message it took over under this name, for these recipients.
    async fn follow(
        &self,
        _remote_id: &str,
        _recipients: &[String],
    ) -> Result<Progress, ProviderError> {
        Ok(Progress { over: true, ..Progress::default() })
    }
}

/// A copy of a message in a mailbox: the scope's key and the copy's.
pub type CopyName = (String, RemoteKey);

/// Something that keeps messages made here: sent ones and drafts.
#[async_trait]
pub trait CopySink: Send + Sync {
    /// The copies of a message in the mailbox with this role, by its Message-ID without brackets.
    async fn copies(
        &self,
        role: MailboxRole,
        message_id: &str,
    ) -> Result<Vec<CopyName>, ProviderError>;

    /// Puts a message into the mailbox with this role, which is made if there is none. The copy's name where
    /// the provider tells it.
    async fn keep(
        &self,
        role: MailboxRole,
        source: &[u8],
        flags: Flags,
        date: Millis,
    ) -> Result<Option<CopyName>, ProviderError>;

    /// Erases copies for good; those that are gone count as erased.
    async fn forget(&self, copies: &[CopyName]) -> Result<(), ProviderError>;
}

/// A live connection to one account.
pub trait Provider: Send + Sync {
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// Its messages.
    fn messages(&self) -> Option<&dyn MessageSource>;
    /// Its state sink.
    fn state(&self) -> Option<&dyn StateSink>;
    /// What sends its messages.
    fn sink(&self) -> Option<&dyn MessageSink> {
        None
    }
    /// Another takes its place: connections at rest are closed now, and those in use once they are not.
    fn retire(&self) {}
    /// What keeps copies of sent messages and drafts; `None` where the provider does so by itself, or not at all.
    fn copies(&self) -> Option<&dyn CopySink> {
        None
    }
}
