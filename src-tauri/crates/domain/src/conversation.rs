//! The views a conversation can be listed in, and the rule that says in which it is.

use serde::{Deserialize, Serialize};

use crate::message::Flags;
use crate::place::{MailboxRole, Places};
use crate::sync::StateEdit;

/// A list in the inbox's side bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// In the inbox.
    Inbox,
    /// In the inbox and not read.
    Unread,
    /// Starred, wherever it lies.
    Starred,
    /// Holds something sent.
    Sent,
    /// Holds a draft.
    Drafts,
    /// Holds something on its way out.
    Outbox,
    /// Put off until a time, or until somebody answers.
    Snoozed,
    /// Kept, but out of the inbox.
    Archived,
    /// Unwanted.
    Spam,
    /// Deleted.
    Trash,
    /// Everything that is neither spam nor deleted.
    All,
}

impl View {
    /// Every view, in the order the side bar shows them.
    pub const EVERY: [Self; 11] = [
        Self::Inbox,
        Self::Unread,
        Self::Starred,
        Self::Sent,
        Self::Drafts,
        Self::Outbox,
        Self::Snoozed,
        Self::Archived,
        Self::Spam,
        Self::Trash,
        Self::All,
    ];

    /// The word used in `bell inbox --view` and by the window.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Unread => "unread",
            Self::Starred => "starred",
            Self::Sent => "sent",
            Self::Drafts => "drafts",
            Self::Outbox => "outbox",
            Self::Snoozed => "snoozed",
            Self::Archived => "archived",
            Self::Spam => "spam",
            Self::Trash => "trash",
            Self::All => "all",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|view| view.as_str() == word)
    }

    /// The number stored in the database; never reused for another view.
    pub fn code(self) -> i64 {
        match self {
            Self::Inbox => 1,
            Self::Unread => 2,
            Self::Starred => 3,
            Self::Sent => 4,
            Self::Drafts => 5,
            Self::Archived => 6,
            Self::Spam => 7,
            Self::Trash => 8,
            Self::All => 9,
            Self::Outbox => 10,
            Self::Snoozed => 11,
        }
    }
}

/// What the rule needs to know of one message of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The message's flags as the person sees them.
    pub flags: Flags,
    /// Where it lies as the person sees it.
    pub places: Places,
}

/// The views a conversation belongs to, in [`View::EVERY`]'s order.
///
/// A conversation that is put off is out of the inbox until its time, wherever its provider holds it.
pub fn views(members: &[Member], snoozed: bool) -> Vec<View> {
    let any = |test: &dyn Fn(&Member) -> bool| members.iter().any(test);
    let lies = |role: MailboxRole| any(&|m| m.places.has(role));
    let kept = any(&|m| m.places != Places::NONE && !m.places.is_discarded());
    let inbox = lies(MailboxRole::Inbox);
    let mut views = Vec::with_capacity(4);
    for view in View::EVERY {
        let belongs = match view {
            View::Inbox => inbox && !snoozed,
            View::Unread => !snoozed && any(&|m| m.places.has(MailboxRole::Inbox) && !m.flags.seen),
            View::Starred => {
                any(&|m| m.flags.starred && m.places != Places::NONE && !m.places.is_discarded())
            }
            View::Sent => lies(MailboxRole::Sent),
            View::Drafts => any(&|m| m.places.has(MailboxRole::Drafts) && !m.places.is_discarded()),
            View::Outbox => lies(MailboxRole::Outbox),
            View::Snoozed => snoozed && kept,
            View::Archived => {
                !inbox
                    && any(&|m| {
                        m.places.has(MailboxRole::Archive)
                            || m.places.has(MailboxRole::All)
                            || m.places.has(MailboxRole::Other)
                    })
            }
            View::Spam => lies(MailboxRole::Spam),
            View::Trash => lies(MailboxRole::Trash),
            View::All => kept,
        };
        if belongs {
            views.push(view);
        }
    }
    views
}

/// What a person does to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationEdit {
    /// Mark everything read.
    Read,
    /// Mark the latest message unread.
    Unread,
    /// Star the latest message.
    Star,
    /// Take every star away.
    Unstar,
    /// Out of the inbox, kept.
    Archive,
    /// Back into the inbox.
    Inbox,
    /// To the trash.
    Trash,
    /// To spam.
    Spam,
}

/// What an edit of a conversation means for one copy of one of its messages, as the person sees that copy;
/// `None` where nothing changes.
pub fn plan(
    edit: ConversationEdit,
    flags: Flags,
    role: MailboxRole,
    latest: bool,
) -> Option<StateEdit> {
    use MailboxRole::{All, Archive, Drafts, Inbox, Other, Sent, Spam, Trash};
    let moves = |from: &[MailboxRole], to| from.contains(&role).then_some(StateEdit::Move { to });
    match edit {
        ConversationEdit::Read => (!flags.seen).then_some(StateEdit::Seen { value: true }),
        ConversationEdit::Unread => {
            (latest && flags.seen).then_some(StateEdit::Seen { value: false })
        }
        ConversationEdit::Star => {
            (latest && !flags.starred).then_some(StateEdit::Starred { value: true })
        }
        ConversationEdit::Unstar => flags.starred.then_some(StateEdit::Starred { value: false }),
        ConversationEdit::Archive => moves(&[Inbox], Archive),
        ConversationEdit::Inbox => moves(&[Archive, Other, All, Spam, Trash], Inbox),
        ConversationEdit::Trash => moves(&[Inbox, Archive, Other, All, Spam, Sent, Drafts], Trash),
        ConversationEdit::Spam => moves(&[Inbox, Archive, Other, All], Spam),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(role: MailboxRole, seen: bool) -> Member {
        Member { flags: Flags { seen, ..Flags::default() }, places: Places::of(role) }
    }

    #[test]
    fn a_reply_in_sent_does_not_take_the_conversation_out_of_the_inbox() {
        let views =
            views(&[member(MailboxRole::Inbox, true), member(MailboxRole::Sent, true)], false);
        assert_eq!(views, [View::Inbox, View::Sent, View::All], "inbox and sent at once");
    }

    #[test]
    fn what_is_put_off_leaves_the_inbox_and_its_count_of_unread() {
        let views = views(&[member(MailboxRole::Inbox, false)], true);
        assert_eq!(views, [View::Snoozed, View::All]);
    }

    #[test]
    fn unread_spam_is_not_counted_as_unread() {
        let views = views(&[member(MailboxRole::Spam, false)], false);
        assert_eq!(views, [View::Spam], "spam shows in spam alone");
    }
}
