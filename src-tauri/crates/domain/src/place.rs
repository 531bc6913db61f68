//! Where a message lies: the roles of mailboxes, and the set of roles that hold a message.

use serde::{Deserialize, Serialize};

/// What a mailbox is for (RFC 6154 special-use, or guessed from its name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxRole {
    /// New mail arrives here.
    Inbox,
    /// Copies of what was sent.
    Sent,
    /// Unfinished mail.
    Drafts,
    /// Done, but kept.
    Archive,
    /// Deleted, until the provider empties it.
    Trash,
    /// Unwanted.
    Spam,
    /// Holds every message once (Gmail's All Mail).
    All,
    /// A folder of the person's own.
    Other,
    /// On its way out; no provider has such a mailbox.
    Outbox,
}

impl MailboxRole {
    /// Every role, in the order a list of mailboxes shows them.
    pub const EVERY: [Self; 9] = [
        Self::Inbox,
        Self::Drafts,
        Self::Outbox,
        Self::Sent,
        Self::Archive,
        Self::All,
        Self::Other,
        Self::Spam,
        Self::Trash,
    ];

    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Sent => "sent",
            Self::Drafts => "drafts",
            Self::Archive => "archive",
            Self::Trash => "trash",
            Self::Spam => "spam",
            Self::All => "all",
            Self::Other => "other",
            Self::Outbox => "outbox",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|role| role.as_str() == word)
    }
}

/// A set of mailbox roles, as bits: the places in which copies of one message lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Places(pub i64);

impl Places {
    /// In no mailbox at all.
    pub const NONE: Self = Self(0);

    /// The set with this one role.
    pub const fn of(role: MailboxRole) -> Self {
        Self(1 << role as i64)
    }

    /// This set and one role more.
    #[must_use]
    pub const fn with(self, role: MailboxRole) -> Self {
        Self(self.0 | Self::of(role).0)
    }

    /// Whether the role is in the set.
    pub const fn has(self, role: MailboxRole) -> bool {
        self.0 & Self::of(role).0 != 0
    }

    /// The members of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the message lies only where deleted or unwanted mail lies.
    pub const fn is_discarded(self) -> bool {
        let discarded = Self::of(MailboxRole::Trash).0 | Self::of(MailboxRole::Spam).0;
        self.0 != 0 && self.0 & !discarded == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_in_the_archive_keeps_a_message_from_being_discarded() {
        let trash = Places::of(MailboxRole::Trash);
        assert!(trash.is_discarded(), "only in the trash is discarded");
        assert!(!trash.with(MailboxRole::Archive).is_discarded(), "an archived copy counts");
        assert!(!Places::NONE.is_discarded(), "no place is not a discarded place");
    }

    #[test]
    fn roles_read_back_from_their_stored_word() {
        for role in MailboxRole::EVERY {
            assert_eq!(MailboxRole::parse(role.as_str()), Some(role), "{role:?}");
        }
    }
}
