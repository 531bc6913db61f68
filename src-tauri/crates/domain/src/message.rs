//! What is known of a message beyond its immutable content: flags, body state, direction.

use serde::{Deserialize, Serialize};

/// The flags a person sets and a provider keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Flags {
    /// Read.
    pub seen: bool,
    /// Starred.
    pub starred: bool,
    /// Replied to.
    pub answered: bool,
    /// Unfinished.
    pub draft: bool,
    /// Given up, and kept by its provider until it clears up: shown nowhere (IMAP's `\Deleted`).
    pub deleted: bool,
}

impl Flags {
    /// The flags as bits, for the database: seen 1, starred 2, answered 4, draft 8, deleted 16.
    pub fn bits(self) -> i64 {
        i64::from(self.seen)
            | i64::from(self.starred) << 1
            | i64::from(self.answered) << 2
            | i64::from(self.draft) << 3
            | i64::from(self.deleted) << 4
    }

    /// Reads the bits back.
    pub fn from_bits(bits: i64) -> Self {
        Self {
            seen: bits & 1 != 0,
            starred: bits & 2 != 0,
            answered: bits & 4 != 0,
            draft: bits & 8 != 0,
            deleted: bits & 16 != 0,
        }
    }
}

/// How much of a message is on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyState {
    /// Only its headers; the body is still to come.
    Missing,
    /// All of it.
    Full,
    /// Its raw source is kept, but it could not be read.
    Quarantined,
    /// Too large to fetch unasked; the headers are here.
    TooLarge,
}

impl BodyState {
    /// The number stored in the database.
    pub fn code(self) -> i64 {
        match self {
            Self::Missing => 0,
            Self::Full => 1,
            Self::Quarantined => 2,
            Self::TooLarge => 3,
        }
    }

    /// Reads the stored number; an unknown one means the body must be fetched again.
    pub fn from_code(code: i64) -> Self {
        match code {
            1 => Self::Full,
            2 => Self::Quarantined,
            3 => Self::TooLarge,
            _ => Self::Missing,
        }
    }
}
