//! Why a sync did not succeed, and what that means for the account.

use std::time::Duration;

use deskbell_domain::{AccountId, AccountState, Millis, ProviderError};
use deskbell_store::StoreError;
use deskbell_store::table::sync_run::Tally;

/// A sync that did not succeed. Callers decide by the variant; the text is for a person.
#[derive(Debug, thiserror::Error)]
pub enum RoundError {
    /// The provider said so.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The store said so.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password cannot be read.
    #[error("the password cannot be read: {0}")]
    Secret(String),
    /// The operation failed too often and rests.
    #[error("{operation} failed repeatedly and is tried again in a moment")]
    Resting {
        /// Which.
        operation: String,
        /// When it is tried again, ms UTC.
        retry_at: Millis,
    },
    /// A person stopped the account.
    #[error("this account is paused; resume it first")]
    Paused,
    /// It was told to stop.
    #[error("the sync was stopped")]
    Stopped,
    /// The provider has nothing of the kind.
    #[error("this account's provider holds no messages")]
    NoMessages,
    /// No copy of this message is left at the provider.
    #[error("the provider no longer holds this message")]
    BodyGone,
    /// A defect of ours; the sync was given up, nothing was half-written.
    #[error("an internal error ended the sync: {0}")]
    Internal(&'static str),
}

/// What a sync brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundSummary {
    /// Whose.
    pub account: AccountId,
    /// Messages new, changed and gone.
    pub tally: Tally,
    /// Edits the provider has learnt of.
    pub edits: u32,
    /// Edits that still wait.
    pub edits_waiting: i64,
}

impl RoundError {
    /// The state an account is left in; `None` where the failure says nothing about the account.
    pub(crate) fn state(&self) -> Option<AccountState> {
        Some(match self {
            Self::Provider(ProviderError::Auth(_)) | Self::Secret(_) => AccountState::SignInNeeded,
            Self::Provider(ProviderError::Offline(_)) => AccountState::Offline,
            Self::Provider(_) | Self::NoMessages | Self::Internal(_) => AccountState::Error,
            Self::Store(StoreError::DiskFull) => AccountState::StorageFull,
            Self::Store(StoreError::Closed | StoreError::NotFound(_)) => return None,
            Self::Store(_) => AccountState::Error,
            Self::Resting { .. } | Self::Paused | Self::Stopped | Self::BodyGone => return None,
        })
    }

    /// The state in words, with the remedy where there is one.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Provider(ProviderError::Auth(_)) => {
                format!("{self}. Enter the password again.")
            }
            Self::Secret(_) => format!("{self}. Unlock the keychain, or enter the password again."),
            Self::Provider(ProviderError::Tls(_)) => {
                format!("{self}. Nothing was sent. Check the server's name and certificate.")
            }
            _ => self.to_string(),
        }
    }

    /// The word for the sync's outcome in its history.
    pub(crate) fn outcome(&self) -> &'static str {
        match self.state() {
            Some(AccountState::SignInNeeded) => "sign_in_needed",
            Some(AccountState::Offline) => "offline",
            None => "stopped",
            Some(_) => "error",
        }
    }

    /// Whether it counts against the breaker: the provider answered, and the answer was no use.
    pub(crate) fn trips(&self) -> bool {
        matches!(
            self,
            Self::Provider(
                ProviderError::Rejected { .. } | ProviderError::Protocol(_) | ProviderError::Tls(_)
            )
        )
    }

    /// The pause the provider asked for.
    pub(crate) fn asked_pause(&self) -> Option<Duration> {
        match self {
            Self::Provider(ProviderError::RateLimited { after }) => *after,
            _ => None,
        }
    }
}
