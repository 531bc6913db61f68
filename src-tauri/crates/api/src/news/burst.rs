//! Bursts: a few messages are shown one by one, more of them as one notification that counts.

use std::collections::VecDeque;

use deskbell_domain::{ConversationId, Millis};
use deskbell_store::table::message::Message;

/// Notifications of single messages within one [`WINDOW`].
const ONE_BY_ONE: usize = 3;
/// News that follow each other within this are one burst.
const WINDOW: Millis = 20_000;
/// Authors remembered of a burst; more than are ever named.
const AUTHORS: usize = 50;

/// What to show.
#[derive(Debug)]
pub(super) enum Shown {
    /// A message.
    One(Box<Message>),
    /// All of a burst so far, in place of what was shown of it.
    Many {
        /// Messages.
        count: usize,
        /// Who wrote them, the latest first, each once: name and address.
        authors: Vec<(String, String)>,
        /// No notification of this burst was there before.
        begins: bool,
        /// Conversations that were shown one by one and are counted here.
        instead_of: Vec<ConversationId>,
    },
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Burst {
    singles: VecDeque<Single>,
    many: Option<Many>,
}

/// A message that was shown by itself.
#[derive(Debug)]
struct Single {
    at: Millis,
    conversation: ConversationId,
    /// Name and address.
    author: (String, String),
}

#[derive(Debug)]
struct Many {
    last: Millis,
    count: usize,
    authors: Vec<(String, String)>,
}

impl Burst {
    /// What to show of messages that came at one time.
    pub(super) fn heard(&mut self, messages: Vec<Message>, now: Millis) -> Vec<Shown> {
        if messages.is_empty() {
            return Vec::new();
        }
        // A clock that was set back ends a burst too.
        let over = |at: Millis| !(0..WINDOW).contains(&(now - at));
        self.singles.retain(|one| !over(one.at));
        if self.many.as_ref().is_some_and(|many| over(many.last)) {
            self.many = None;
        }
        if self.many.is_none() && self.singles.len() + messages.len() <= ONE_BY_ONE {
            return messages
                .into_iter()
                .map(|message| {
                    self.singles.push_back(Single {
                        at: now,
                        conversation: message.conversation,
                        author: (message.from_name.clone(), message.from_address.clone()),
                    });
                    Shown::One(Box::new(message))
                })
                .collect();
        }
        let mut many =
            self.many.take().unwrap_or(Many { last: now, count: 0, authors: Vec::new() });
        let begins = many.count == 0;
        let before = std::mem::take(&mut self.singles);
        many.last = now;
        many.count += before.len() + messages.len();
        let mut instead_of = Vec::new();
        let mut wrote = Vec::new();
        for one in before {
            instead_of.push(one.conversation);
            wrote.push(one.author);
        }
        wrote.extend(messages.into_iter().map(|m| (m.from_name, m.from_address)));
        for author in wrote {
            many.authors.retain(|other| other.1 != author.1);
            many.authors.insert(0, author);
        }
        many.authors.truncate(AUTHORS);
        let authors = many.authors.clone();
        let shown = Shown::Many { count: many.count, authors, begins, instead_of };
        self.many = Some(many);
        vec![shown]
    }

    /// What was shown of a conversation by itself was seen to: no burst counts it any more.
    pub(super) fn forget(&mut self, conversation: ConversationId) {
        self.singles.retain(|one| one.conversation != conversation);
    }

    /// Everything in the burst was seen to: what comes next is new.
    pub(super) fn end(&mut self) {
        self.many = None;
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::tests::letter;
    use super::*;

    fn from(names: &[&str]) -> Vec<Message> {
        names.iter().map(|name| letter(name, "Hello", "…")).collect()
    }

    fn said(shown: &[Shown]) -> Vec<String> {
        shown
            .iter()
            .map(|one| match one {
                Shown::One(message) => message.from_name.clone(),
                Shown::Many { count, authors, .. } => {
                    let names: Vec<&str> = authors.iter().map(|author| author.0.as_str()).collect();
                    format!("{count}: {}", names.join(" "))
                }
            })
            .collect()
    }

    #[test]
    fn a_few_are_shown_one_by_one_and_more_are_counted() {
        let mut burst = Burst::default();
        assert_eq!(said(&burst.heard(from(&["Mara"]), 0)), ["Mara"]);
        assert_eq!(said(&burst.heard(from(&["Ben", "Ida"]), 5_000)), ["Ben", "Ida"]);
        assert_eq!(
            said(&burst.heard(from(&["Jon"]), 6_000)),
            ["4: Jon Ida Ben Mara"],
            "with the fourth all of them are counted"
        );
        assert_eq!(
            said(&burst.heard(from(&["Mara", "Jon"]), 7_000)),
            ["6: Jon Mara Ida Ben"],
            "in one notification that grows, everyone named once"
        );
        assert_eq!(said(&burst.heard(from(&["Eve"]), 7_000 + WINDOW)), ["Eve"], "it is over");
    }

    #[test]
    fn what_comes_at_once_after_a_night_is_one_notification() {
        let mut burst = Burst::default();
        let night: Vec<Message> = (0..60).map(|n| letter(&format!("{n}"), "x", "y")).collect();
        let shown = burst.heard(night, 0);
        assert_eq!(shown.len(), 1);
        let Some(Shown::Many { count, authors, .. }) = shown.first() else { panic!("{shown:?}") };
        assert_eq!((*count, authors.len()), (60, AUTHORS), "all are counted, not all remembered");
    }

    #[test]
    fn nothing_heard_shows_nothing() {
        assert!(Burst::default().heard(Vec::new(), 0).is_empty());
    }
}
