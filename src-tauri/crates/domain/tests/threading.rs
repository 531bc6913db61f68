//! Threading does not depend on the order in which mail arrives, and finds the threads JWZ finds.
//!
//! The index kept here is the store's in small: keys to conversations, conversations that can be united.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use deskbell_domain::threading::{Join, ThreadKey, ThreadKeys, join};
use mail_threading::{Message, ThreadingOptions, thread_messages_with};
use proptest::prelude::*;

/// A message as far as threading sees it.
#[derive(Clone, Debug)]
struct Mail {
    id: String,
    references: Vec<String>,
    in_reply_to: Option<String>,
}

impl Mail {
    fn keys(&self) -> ThreadKeys {
        let references = self.references.iter().chain(&self.in_reply_to);
        ThreadKeys::new(&self.id, references.map(String::as_str))
    }
}

/// Which messages, by index, are together.
type Partition = BTreeSet<BTreeSet<usize>>;

#[derive(Default)]
struct Index {
    keys: HashMap<ThreadKey, u32>,
    conversations: BTreeMap<u32, BTreeSet<usize>>,
    begun: u32,
}

impl Index {
    fn arrive(&mut self, mail: usize, keys: &ThreadKeys) {
        let found = keys.0.iter().filter_map(|key| self.keys.get(key).copied());
        let conversation = match join(found) {
            Join::Begin => {
                self.begun += 1;
                self.begun
            }
            Join::Belong(conversation) => conversation,
            Join::Unite(stays, others) => {
                for other in others {
                    let moved = self.conversations.remove(&other).unwrap();
                    self.conversations.get_mut(&stays).unwrap().extend(moved);
                    self.keys.values_mut().filter(|c| **c == other).for_each(|c| *c = stays);
                }
                stays
            }
        };
        self.keys.extend(keys.0.iter().map(|key| (*key, conversation)));
        self.conversations.entry(conversation).or_default().insert(mail);
    }
}

/// The threads after the messages arrived in this order.
fn threads(mails: &[Mail], order: &[usize]) -> Partition {
    let mut index = Index::default();
    for &mail in order {
        index.arrive(mail, &mails[mail].keys());
    }
    index.conversations.into_values().collect()
}

/// The threads by definition: what is reachable over shared ids, found without any order.
fn reachable(mails: &[Mail]) -> Partition {
    let keys: Vec<_> = mails.iter().map(|mail| mail.keys().0).collect();
    let mut left: BTreeSet<usize> = (0..mails.len()).collect();
    let mut partition = Partition::new();
    while let Some(first) = left.pop_first() {
        let mut thread = BTreeSet::from([first]);
        let mut waiting = vec![first];
        while let Some(mail) = waiting.pop() {
            let near = |other: &usize| keys[*other].iter().any(|key| keys[mail].contains(key));
            let found: Vec<usize> = left.iter().copied().filter(near).collect();
            for other in found {
                left.remove(&other);
                thread.insert(other);
                waiting.push(other);
            }
        }
        partition.insert(thread);
    }
    partition
}

/// The threads mail-threading finds, subjects aside. A missing message still holds its replies together.
fn oracle(mails: &[Mail]) -> Partition {
    let message = |(index, mail): (usize, &Mail)| Message {
        id: index.to_string(),
        message_id: Some(format!("<{}>", mail.id)),
        in_reply_to: mail.in_reply_to.as_ref().map(|id| format!("<{id}>")),
        references: mail.references.iter().map(|id| format!("<{id}>")).collect(),
        date: Default::default(),
        subject: String::new(),
    };
    let messages: Vec<Message> = mails.iter().enumerate().map(message).collect();
    let options = ThreadingOptions {
        subject_merge: false,
        prune_phantoms: false,
        ..ThreadingOptions::default()
    };
    let threads = thread_messages_with(&messages, &options);
    let members = threads.into_iter().map(|thread| {
        thread.messages.iter().filter_map(|id| id.parse().ok()).collect::<BTreeSet<usize>>()
    });
    members.filter(|thread| !thread.is_empty()).collect()
}

/// Any messages at all: ids from a small set, so that they repeat, refer to themselves and in circles.
fn any_mails() -> impl Strategy<Value = Vec<Mail>> {
    let id = || (0..12_u8).prop_map(|n| format!("{n}@x.example"));
    let mail = (id(), prop::collection::vec(id(), 0..5), prop::option::of(id()));
    let mail = mail.prop_map(|(id, references, in_reply_to)| Mail { id, references, in_reply_to });
    prop::collection::vec(mail, 0..14)
}

/// How a mail program names the messages before.
#[derive(Clone, Copy, Debug)]
enum Habit {
    /// All of them, as RFC 5322 asks.
    Whole,
    /// The first and the last few, as old programs cut them.
    Cut,
    /// Only the parent, in In-Reply-To.
    Parent,
}

/// Reply trees of programs with these habits, some messages of which never arrived; and which tree each
/// message is of.
fn reply_trees(habits: &[Habit]) -> impl Strategy<Value = (Vec<Mail>, Vec<usize>)> + use<> {
    let habit = prop::sample::select(habits.to_vec());
    let arrived = prop::bool::weighted(0.75);
    let node = (any::<prop::sample::Index>(), prop::bool::weighted(0.15), habit, arrived);
    prop::collection::vec(node, 1..30).prop_map(|nodes| {
        let id = |n: usize| format!("{n}@x.example");
        let mut ancestors: Vec<Vec<usize>> = Vec::new();
        let (mut mails, mut trees) = (Vec::new(), Vec::new());
        for (n, (parent, root, habit, arrived)) in nodes.into_iter().enumerate() {
            let chain = if root || n == 0 {
                Vec::new()
            } else {
                let parent = parent.index(n);
                [ancestors[parent].as_slice(), &[parent]].concat()
            };
            let references = match habit {
                Habit::Cut if chain.len() > 3 => [&chain[..1], &chain[chain.len() - 2..]].concat(),
                Habit::Whole | Habit::Cut => chain.clone(),
                Habit::Parent => Vec::new(),
            };
            if arrived {
                trees.push(chain.first().copied().unwrap_or(n));
                mails.push(Mail {
                    id: id(n),
                    references: references.into_iter().map(id).collect(),
                    in_reply_to: chain.last().copied().map(id),
                });
            }
            ancestors.push(chain);
        }
        (mails, trees)
    })
}

/// Whether every thread of `fine` lies within one of `coarse`.
fn refines(fine: &Partition, coarse: &Partition) -> bool {
    fine.iter().all(|small| coarse.iter().any(|large| small.is_subset(large)))
}

fn with_order(
    mails: impl Strategy<Value = Vec<Mail>>,
) -> impl Strategy<Value = (Vec<Mail>, Vec<usize>)> {
    mails.prop_flat_map(|mails| {
        let order: Vec<usize> = (0..mails.len()).collect();
        (Just(mails), Just(order).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_makes_no_difference((mails, order) in with_order(any_mails())) {
        prop_assert_eq!(threads(&mails, &order), reachable(&mails));
    }

    #[test]
    fn a_message_that_arrives_again_changes_nothing((mails, order) in with_order(any_mails())) {
        let twice = [order.as_slice(), order.as_slice()].concat();
        prop_assert_eq!(threads(&mails, &twice), threads(&mails, &order));
    }

    #[test]
    fn whole_and_cut_references_are_threaded_as_jwz_threads_them(
        (mails, order) in with_order(reply_trees(&[Habit::Whole, Habit::Cut]).prop_map(|t| t.0))
    ) {
        prop_assert_eq!(threads(&mails, &order), oracle(&mails));
    }

    #[test]
    fn replies_without_references_are_threaded_as_jwz_threads_them(
        (mails, order) in with_order(reply_trees(&[Habit::Whole, Habit::Parent]).prop_map(|t| t.0))
    ) {
        prop_assert_eq!(threads(&mails, &order), oracle(&mails));
    }

    /// Where programs of all habits meet and messages are missing, JWZ, which allows one parent a message,
    /// drops what a later reply tells of an earlier one. Nothing is dropped here, and nothing made up.
    #[test]
    fn no_thread_is_smaller_than_jwzs_or_wider_than_the_truth(
        (mails, trees) in reply_trees(&[Habit::Whole, Habit::Cut, Habit::Parent])
    ) {
        let order: Vec<usize> = (0..mails.len()).collect();
        let ours = threads(&mails, &order);
        prop_assert!(refines(&oracle(&mails), &ours), "JWZ found more than {ours:?}");
        let mut truth: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (mail, tree) in trees.into_iter().enumerate() {
            truth.entry(tree).or_default().insert(mail);
        }
        prop_assert!(refines(&ours, &truth.into_values().collect()), "strangers joined in {ours:?}");
    }
}

#[test]
fn a_missing_parent_keeps_its_replies_together() {
    let reply = |id: &str| Mail {
        id: id.to_owned(),
        references: vec!["lost@x.example".to_owned()],
        in_reply_to: None,
    };
    let mails = [reply("a@x.example"), reply("b@x.example")];
    assert_eq!(threads(&mails, &[0, 1]).len(), 1, "one conversation");
    assert_eq!(oracle(&mails).len(), 1, "the oracle agrees");
}

#[test]
fn equal_subjects_do_not_join_strangers() {
    let mail = |id: &str| Mail { id: id.to_owned(), references: Vec::new(), in_reply_to: None };
    let mails = [mail("a@x.example"), mail("b@x.example")];
    assert_eq!(threads(&mails, &[1, 0]).len(), 2, "two clients, two conversations");
}
