//! What stands on the screen: which conversations each notification is about, until all of them were seen to.
//!
//! Invariant: a message is told of by one notification at a time; a burst takes the place of what was shown of it one by
//! one. What has become of the conversations is for others to look up.

use std::collections::{BTreeMap, VecDeque};

use deskbell_domain::{ConversationId, MailboxRole, Millis};
use deskbell_store::table::message::Message;

use super::Tag;
use super::burst::{Burst, Shown};

/// Notifications of single messages remembered, to be taken away again.
const REMEMBERED: usize = 20;

/// A conversation that was announced, and whether what was announced of it lay in the inbox.
pub(super) type Announced = (ConversationId, bool);

/// What a host is to do, before it is put in words.
#[derive(Debug)]
pub(super) enum Step {
    /// Take this away.
    Withdraw(Tag),
    /// Show a message.
    One(Box<Message>),
    /// Show a burst: how many messages, and who wrote them.
    Many(usize, Vec<(String, String)>),
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Standing {
    burst: Burst,
    singles: VecDeque<Announced>,
    many: BTreeMap<ConversationId, bool>,
}

impl Standing {
    /// What to do about messages that came at one time.
    pub(super) fn heard(&mut self, messages: Vec<Message>, now: Millis) -> Vec<Step> {
        let announced = |m: &Message| (m.conversation, m.places.has(MailboxRole::Inbox));
        let all: Vec<Announced> = messages.iter().map(announced).collect();
        let mut steps = Vec::new();
        for shown in self.burst.heard(messages, now) {
            match shown {
                Shown::One(m) => {
                    self.singles.retain(|(id, _)| *id != m.conversation);
                    self.singles.push_back(announced(&m));
                    if self.singles.len() > REMEMBERED {
                        self.singles.pop_front();
                    }
                    steps.push(Step::One(m));
                }
                Shown::Many { count, authors, begins, instead_of } => {
                    if begins {
                        // The notification of an earlier burst is replaced, and nothing stands for that any more.
                        self.many.clear();
                    }
                    for id in instead_of {
                        let Some(place) = self.singles.iter().position(|one| one.0 == id) else {
                            continue;
                        };
                        if let Some((id, in_inbox)) = self.singles.remove(place) {
                            self.take_in((id, in_inbox));
                            steps.push(Step::Withdraw(Tag::Conversation(id)));
                        }
                    }
                    all.iter().for_each(|one| self.take_in(*one));
                    steps.push(Step::Many(count, authors));
                }
            }
        }
        steps
    }

    /// Everything announced that still stands there.
    pub(super) fn announced(&self) -> impl Iterator<Item = Announced> {
        self.singles.iter().copied().chain(self.many.iter().map(|(id, inbox)| (*id, *inbox)))
    }

    /// Takes note of what was seen to; the notifications with nothing left to say.
    pub(super) fn settled(&mut self, settled: &[Announced]) -> Vec<Tag> {
        let mut over = Vec::new();
        for (id, in_inbox) in settled {
            let before = self.singles.len();
            self.singles.retain(|one| *one != (*id, *in_inbox));
            if self.singles.len() < before {
                self.burst.forget(*id);
                over.push(Tag::Conversation(*id));
            }
            if self.many.get(id) == Some(in_inbox) {
                self.many.remove(id);
                if self.many.is_empty() {
                    self.burst.end();
                    over.push(Tag::Many);
                }
            }
        }
        over
    }

    fn take_in(&mut self, (id, in_inbox): Announced) {
        *self.many.entry(id).or_default() |= in_inbox;
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::tests::letter;
    use super::*;

    /// Letters of these conversations, by somebody each.
    fn letters(conversations: &[i64]) -> Vec<Message> {
        let one = |id: &i64| Message {
            conversation: ConversationId(*id),
            ..letter(&format!("C{id}"), "Hello", "…")
        };
        conversations.iter().map(one).collect()
    }

    fn said(steps: &[Step]) -> Vec<String> {
        let said = |step: &Step| match step {
            Step::Withdraw(Tag::Conversation(id)) => format!("-{}", id.0),
            Step::Withdraw(Tag::Many) => "-many".into(),
            Step::One(m) => format!("+{}", m.conversation.0),
            Step::Many(count, _) => format!("+many of {count}"),
        };
        steps.iter().map(said).collect()
    }

    fn settle(standing: &mut Standing, ids: &[i64]) -> Vec<Tag> {
        let of = |one: &Announced| ids.contains(&one.0.0);
        let settled: Vec<Announced> = standing.announced().filter(of).collect();
        standing.settled(&settled)
    }

    #[test]
    fn a_burst_is_taken_away_once_everything_in_it_was_seen_to() {
        let mut standing = Standing::default();
        assert_eq!(said(&standing.heard(letters(&[1, 2, 3, 4]), 0)), ["+many of 4"]);
        assert_eq!(settle(&mut standing, &[1, 3]), [], "two are still to be looked at");
        assert_eq!(settle(&mut standing, &[9]), [], "of no concern");
        assert_eq!(said(&standing.heard(letters(&[5]), 1_000)), ["+many of 5"], "it grows");
        assert_eq!(settle(&mut standing, &[2, 4]), []);
        assert_eq!(settle(&mut standing, &[5]), [Tag::Many], "nothing is left of it");
        assert_eq!(standing.announced().count(), 0);
        assert_eq!(said(&standing.heard(letters(&[6]), 2_000)), ["+6"], "and the next one is new");
    }

    #[test]
    fn a_burst_takes_the_place_of_what_was_shown_one_by_one() {
        let mut standing = Standing::default();
        assert_eq!(said(&standing.heard(letters(&[1, 2]), 0)), ["+1", "+2"]);
        assert_eq!(settle(&mut standing, &[2]), [Tag::Conversation(ConversationId(2))]);
        assert_eq!(
            said(&standing.heard(letters(&[3, 4, 5]), 5_000)),
            ["-1", "+many of 4"],
            "the one that is still unread is one of the burst, the one that was read is not"
        );
        assert_eq!(settle(&mut standing, &[3, 4, 5]), [], "the first one stands for it");
        assert_eq!(settle(&mut standing, &[1]), [Tag::Many]);
    }

    #[test]
    fn the_next_burst_takes_the_place_of_one_that_nobody_looked_at() {
        let mut standing = Standing::default();
        standing.heard(letters(&[1, 2, 3, 4]), 0);
        let next = standing.heard(letters(&[5, 6, 7, 8]), 60_000);
        assert_eq!(said(&next), ["+many of 4"]);
        assert_eq!(
            settle(&mut standing, &[5, 6, 7, 8]),
            [Tag::Many],
            "what it no longer tells of does not keep it"
        );
    }
}
