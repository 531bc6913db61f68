//! Bursts: a few messages are shown one by one, more of them as one notification that counts.

use std::collections::VecDeque;

use deskbell_domain::Millis;
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
    },
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Burst {
    singles: VecDeque<Millis>,
    many: Option<Many>,
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
        self.singles.retain(|at| !over(*at));
        if self.many.as_ref().is_some_and(|many| over(many.last)) {
            self.many = None;
        }
        if self.many.is_none() && self.singles.len() + messages.len() <= ONE_BY_ONE {
            return messages
                .into_iter()
                .map(|message| {
                    self.singles.push_back(now);
                    Shown::One(Box::new(message))
                })
                .collect();
        }
        let mut many =
            self.many.take().unwrap_or(Many { last: now, count: 0, authors: Vec::new() });
        many.last = now;
        many.count += messages.len();
        for message in messages {
            let author = (message.from_name, message.from_address);
            many.authors.retain(|other| other.1 != author.1);
            many.authors.insert(0, author);
        }
        many.authors.truncate(AUTHORS);
        let shown = Shown::Many { count: many.count, authors: many.authors.clone() };
        self.many = Some(many);
        vec![shown]
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
                Shown::Many { count, authors } => {
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
        assert_eq!(said(&burst.heard(from(&["Jon"]), 6_000)), ["1: Jon"], "the fourth is counted");
        assert_eq!(
            said(&burst.heard(from(&["Mara", "Jon"]), 7_000)),
            ["3: Jon Mara"],
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
        let Some(Shown::Many { count, authors }) = shown.first() else { panic!("{shown:?}") };
        assert_eq!((*count, authors.len()), (60, AUTHORS), "all are counted, not all remembered");
    }

    #[test]
    fn nothing_heard_shows_nothing() {
        assert!(Burst::default().heard(Vec::new(), 0).is_empty());
    }
}
