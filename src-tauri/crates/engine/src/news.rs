//! News: what arrives and is worth telling a person of. Who tells it, and in which words, is a face's.
//!
//! Invariant: only what rules are shown for the first time can become news, in that one transaction; so nothing is news
//! twice, whatever is synced again, and a first sync's history and imported archives never are.

use deskbell_domain::message::Flags;
use deskbell_domain::settings::{Announce, Settings};
use deskbell_domain::{AccountId, Channel, ConversationId, MailboxRole, MessageId, Millis, Places};
use deskbell_store::table::message::{self, Message};
use deskbell_store::{Connection, StoreError};
use jiff::tz::TimeZone;

/// What its provider received longer ago than this is no news any more: the list shows it.
pub const STALE: Millis = 24 * 60 * 60 * 1_000;

/// A message a person is to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Which.
    pub message: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// Whose.
    pub account: AccountId,
    /// A rule of the person's asked for it.
    pub asked: bool,
}

/// What decides whether a message is news.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    flags: Flags,
    places: Places,
    own: bool,
    bulk: bool,
    received_at: Millis,
    asked: bool,
}

/// Decides for the messages one transaction brought. Nothing where the person wants quiet.
pub(crate) struct Desk {
    settings: Settings,
    quiet: bool,
    now: Millis,
}

impl Desk {
    pub(crate) fn new(c: &Connection, now: Millis) -> Result<Self, StoreError> {
        let settings = deskbell_store::table::setting::load(c)?;
        let quiet = settings.is_quiet(now, &TimeZone::system());
        Ok(Self { settings, quiet, now })
    }

    /// The news of a message, as it stands after its rules acted; `asked`: one of them wants it told.
    pub(crate) fn news_of(
        &self,
        c: &Connection,
        id: MessageId,
        asked: bool,
    ) -> Result<Option<News>, StoreError> {
        if self.quiet {
            return Ok(None);
        }
        let m = message::get(c, id)?;
        let announce = self.settings.announce(m.account, Channel::Email);
        Ok(is_news(arrival(&m, asked), announce, self.now).then_some(News {
            message: id,
            conversation: m.conversation,
            account: m.account,
            asked,
        }))
    }
}

fn arrival(m: &Message, asked: bool) -> Arrival {
    Arrival {
        flags: m.flags,
        places: m.places,
        own: m.own,
        bulk: m.bulk,
        received_at: m.internal_date,
        asked,
    }
}

/// Never what is one's own, read, unwanted or old. Otherwise what lies in the inbox and its author is of those
/// announced; what a rule asks for, wherever it lies.
fn is_news(arrival: Arrival, announce: Announce, now: Millis) -> bool {
    let Arrival { flags, places, own, bulk, received_at, asked } = arrival;
    if own || flags.seen || flags.draft || places.is_discarded() || now - received_at > STALE {
        return false;
    }
    asked
        || places.has(MailboxRole::Inbox)
            && match announce {
                Announce::Everything => true,
                Announce::People => !bulk,
                Announce::Nothing => false,
            }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_795_176_000_000;

    fn arrival() -> Arrival {
        Arrival {
            flags: Flags::default(),
            places: Places::of(MailboxRole::Inbox),
            own: false,
            bulk: false,
            received_at: NOW - 1_000,
            asked: false,
        }
    }

    fn told(arrival: Arrival, announce: Announce) -> bool {
        is_news(arrival, announce, NOW)
    }

    #[test]
    fn unread_mail_in_the_inbox_is_news() {
        assert!(told(arrival(), Announce::Everything));
        assert!(told(arrival(), Announce::People), "people write");
        assert!(!told(arrival(), Announce::Nothing), "unless nothing is to be told");
    }

    #[test]
    fn newsletters_are_no_news_where_only_people_count() {
        let letter = Arrival { bulk: true, ..arrival() };
        assert!(told(letter, Announce::Everything));
        assert!(!told(letter, Announce::People));
    }

    #[test]
    fn what_is_own_read_unwanted_or_old_is_never_news_even_if_a_rule_asks() {
        for asked in [false, true] {
            let base = Arrival { asked, ..arrival() };
            let seen = Flags { seen: true, ..Flags::default() };
            for (why, one) in [
                ("own", Arrival { own: true, ..base }),
                ("read", Arrival { flags: seen, ..base }),
                ("spam", Arrival { places: Places::of(MailboxRole::Spam), ..base }),
                ("trash", Arrival { places: Places::of(MailboxRole::Trash), ..base }),
                ("old", Arrival { received_at: NOW - STALE - 1, ..base }),
            ] {
                assert!(!told(one, Announce::Everything), "{why} is no news");
            }
        }
    }

    #[test]
    fn a_rule_has_told_what_lies_elsewhere_and_what_nobody_else_would() {
        let archived = Arrival { places: Places::of(MailboxRole::Archive), ..arrival() };
        assert!(!told(archived, Announce::Everything), "only the inbox is announced");
        let asked = Arrival { asked: true, bulk: true, ..archived };
        assert!(told(asked, Announce::Nothing), "a rule says more than the account's choice");
    }
}
