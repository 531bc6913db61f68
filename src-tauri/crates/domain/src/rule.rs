//! Rules: what is done by itself with mail that arrives. What a rule says; matching it is in [`set`].
//!
//! Invariant: a rule never erases and never sends to more than the one person who wrote; what it cannot
//! understand it refuses when it is written, not when mail arrives.

mod check;
mod mail;
mod set;

use serde::{Deserialize, Serialize};

use crate::{AccountId, Channel, LabelId, Millis, TemplateId};

pub use check::{Problem, check};
pub use mail::Mail;
pub use set::{RuleSet, Verdict};

/// What a person wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What they call it.
    pub name: String,
    /// Whether it is used.
    pub enabled: bool,
    /// No rule after it is looked at for a message it matched.
    pub stop: bool,
    /// When it applies.
    pub when: Group,
    /// What it does then, in this order.
    pub actions: Vec<Action>,
}

/// Conditions taken together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// How many of them must hold.
    pub quantifier: Quantifier,
    /// The conditions.
    pub of: Vec<Condition>,
}

/// How many conditions of a group must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantifier {
    /// Each.
    All,
    /// At least one.
    Any,
    /// Not one.
    None,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Condition {
    /// A group inside the group.
    Group(Group),
    /// Words in a field; case never matters.
    Text {
        /// Where.
        field: Field,
        /// How.
        how: How,
        /// What.
        value: String,
    },
    /// It has attached files, or none.
    Attachment {
        /// Which of the two.
        value: bool,
    },
    /// It is larger than so many bytes.
    Larger {
        /// Bytes.
        bytes: u64,
    },
    /// It is smaller than so many bytes.
    Smaller {
        /// Bytes.
        bytes: u64,
    },
    /// It came to one of these accounts.
    Account {
        /// Them.
        accounts: Vec<AccountId>,
    },
    /// It came on this channel.
    Channel {
        /// Which.
        channel: Channel,
    },
    /// It was sent by a list or a machine, or by a person.
    Bulk {
        /// Which of the two.
        value: bool,
    },
    /// It answers another message, or begins a conversation.
    Reply {
        /// Which of the two.
        value: bool,
    },
    /// Words in any header field, by its name; case never matters.
    Header {
        /// The field's name, without its colon.
        name: String,
        /// How.
        how: How,
        /// What.
        value: String,
    },
    /// It says that it was written within these instants; one of them at least is given.
    Date {
        /// At this instant or later, ms UTC.
        after: Option<Millis>,
        /// Before this instant, ms UTC.
        before: Option<Millis>,
    },
    /// Its author wrote before, or was written to; or is a stranger.
    Known {
        /// Which of the two.
        value: bool,
    },
}

/// A field of a message that holds words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The author: name and address.
    From,
    /// To.
    To,
    /// Cc.
    Cc,
    /// To, Cc or Bcc.
    Recipient,
    /// Subject.
    Subject,
    /// The text.
    Body,
    /// The mailing list it came through (List-Id, RFC 2919).
    List,
    /// The name of an attached file.
    File,
    /// Bcc.
    Bcc,
    /// Where answers go (Reply-To), where that is not the author.
    ReplyTo,
}

impl Field {
    /// Every field, in the order an editor lists them.
    pub const EVERY: [Self; 10] = [
        Self::From,
        Self::To,
        Self::Cc,
        Self::Recipient,
        Self::Subject,
        Self::Body,
        Self::List,
        Self::File,
        Self::Bcc,
        Self::ReplyTo,
    ];
}

/// How words are compared; case never matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// They occur.
    Contains,
    /// They are all of it.
    Is,
    /// It begins with them.
    Starts,
    /// It ends with them.
    Ends,
    /// A regular expression finds something; matching takes time linear in the text.
    Regex,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// Put a label on the conversation.
    Label {
        /// Which.
        label: LabelId,
    },
    /// Star it.
    Star,
    /// Mark it read.
    Read,
    /// Out of the inbox, kept.
    Archive,
    /// To the trash.
    Trash,
    /// To spam.
    Spam,
    /// Tell the person at once.
    Notify,
    /// Answer with a template, once per person and day, and never a machine (RFC 3834).
    AutoReply {
        /// Which template.
        template: TemplateId,
    },
}

impl Action {
    /// Whether it takes the message out of the inbox; a rule does so in one way only.
    pub fn moves(&self) -> bool {
        matches!(self, Self::Archive | Self::Trash | Self::Spam)
    }
}

/// Local parts of addresses behind which nobody reads.
const NOBODY: [&str; 9] = [
    "noreply",
    "donotreply",
    "dontreply",
    "mailerdaemon",
    "postmaster",
    "bounce",
    "bounces",
    "nepasrepondre",
    "keineantwort",
];

/// Whether an address says that nobody reads what is sent to it.
pub fn is_unread_address(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    let letters: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
    // `bounce+mara=x.example@`, `noreply-news@`, `owner-list@`, `list-request@` (RFC 2142).
    NOBODY.iter().any(|word| letters == *word || letters.starts_with(&format!("{word}s")))
        || ["noreply", "donotreply", "mailerdaemon"].iter().any(|word| letters.contains(word))
        || local.starts_with("bounce")
        || local.starts_with("owner-")
        || local.ends_with("-request")
        || local.ends_with("-owner")
        || local.ends_with("-bounces")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_nobody_reads_are_known_by_their_words() {
        for address in [
            "no-reply@x.example",
            "NoReply+7@x.example",
            "do_not_reply@x.example",
            "MAILER-DAEMON@x.example",
            "bounces+mara=y.example@x.example",
            "owner-ink@lists.example",
            "ink-request@lists.example",
            "news-noreply@x.example",
        ] {
            assert!(is_unread_address(address), "{address}");
        }
        for address in
            ["mara@x.example", "reply@x.example", "noreen@x.example", "bob.bouncer@x.example"]
        {
            assert!(!is_unread_address(address), "{address}");
        }
    }
}
