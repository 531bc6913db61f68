//! Accounts: a connection to one provider, its channel and the state it is in.

use serde::{Deserialize, Serialize};

/// The way a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Internet mail.
    Email,
}

impl Channel {
    /// The word stored in the database and used in searches.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "email" | "mail" => Some(Self::Email),
            _ => None,
        }
    }
}

/// What an account is able to do right now; the person reads it in Health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Never synced yet.
    New,
    /// The last sync succeeded.
    Ok,
    /// The provider cannot be reached; local data stays readable.
    Offline,
    /// The provider refused the sign-in; nothing is tried until the person signs in again.
    SignInNeeded,
    /// The person stopped it.
    Paused,
    /// The disk is full or the store refused a write; sync waits.
    StorageFull,
    /// The provider answered something that cannot be worked with.
    Error,
}

impl AccountState {
    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ok => "ok",
            Self::Offline => "offline",
            Self::SignInNeeded => "sign_in_needed",
            Self::Paused => "paused",
            Self::StorageFull => "storage_full",
            Self::Error => "error",
        }
    }

    /// Reads the stored word; an unknown one is an error state rather than a guess of health.
    pub fn parse(word: &str) -> Self {
        match word {
            "new" => Self::New,
            "ok" => Self::Ok,
            "offline" => Self::Offline,
            "sign_in_needed" => Self::SignInNeeded,
            "paused" => Self::Paused,
            "storage_full" => Self::StorageFull,
            _ => Self::Error,
        }
    }
}
