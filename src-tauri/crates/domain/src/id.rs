//! Row identities: one newtype a table, so that an account's number cannot be passed for a message's.
//!
//! They are opaque to every face: the window and `bell --json` carry them as strings.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! row_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

row_id! {
    /// A connection to one provider.
    AccountId,
    /// A unit of sync: an IMAP mailbox, a folder, an archive file.
    ScopeId,
    /// A thread as its provider sees it.
    ConversationId,
    /// One message, however many mailboxes hold a copy of it.
    MessageId,
    /// A person or business.
    ContactId,
    /// An address on a channel.
    IdentityId,
    /// An intended change of a message.
    OutboxId,
    /// A message on its way out.
    OutgoingId,
    /// A label of the person's own.
    LabelId,
    /// A rule.
    RuleId,
    /// A text kept for use again and again.
    TemplateId,
    /// Who a person can write as.
    SenderId,
    /// A message that could not be read.
    QuarantineId,
}
