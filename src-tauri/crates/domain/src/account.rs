//! Accounts: a connection to one provider, its channel and the state it is in.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::time::DAY;

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

/// The edge of a history window of so many days: mail received before it is not kept. It moves at midnight, UTC.
pub fn history_edge(days: u32, now: Millis) -> Millis {
    (now - now.rem_euclid(DAY)) - Millis::from(days) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR;

    #[test]
    fn the_edge_of_a_window_moves_once_a_day() {
        let noon = 1_795_176_000_000;
        let edge = history_edge(30, noon);
        assert_eq!(
            edge,
            noon - 12 * HOUR - 30 * DAY,
            "thirty whole days and what there is of today"
        );
        assert_eq!(history_edge(30, noon + 11 * HOUR), edge, "it stays all day");
        assert_eq!(history_edge(30, noon + 12 * HOUR), edge + DAY);
    }
}
