//! A Gmail mailbox: messages with labels, threads, and the history of what changed.
//!
//! Everything here may also be done by a test, as another client would: it is written into the history like
//! what comes over the API. Invariant: history ids rise, with gaps; a record of a message that is gone stays.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::raw;
use crate::kept::bytes;

/// One mailbox.
#[derive(Debug, Serialize, Deserialize)]
pub struct GmailMailbox {
    pub(super) messages: BTreeMap<u64, GmailMessage>,
    /// Names of the labels made by its owner, by id.
    pub(super) labels: BTreeMap<String, String>,
    pub(super) drafts: BTreeMap<String, u64>,
    pub(super) history: Vec<Record>,
    pub(super) history_id: u64,
    /// A start id below this one is too old.
    pub(super) oldest: u64,
    pub(super) page_tokens: BTreeMap<String, PageToken>,
    /// Message-IDs, and the messages that have them.
    names: BTreeMap<String, BTreeSet<u64>>,
    /// Every message by its date.
    pub(super) order: BTreeSet<(i64, u64)>,
    /// Changes are published until then, ms UTC, to this topic; `None` where nobody watches.
    pub(super) watched: Option<(i64, String)>,
    /// How far the history was told to those who watch, and when.
    pub(super) told: (u64, i64),
    made: u64,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GmailMessage {
    /// Its thread.
    pub thread: u64,
    /// Ids of its labels.
    pub labels: BTreeSet<String>,
    /// Its source.
    #[serde(with = "bytes")]
    pub raw: Vec<u8>,
    /// When it came, ms UTC.
    pub internal_date: i64,
    /// The last record that changed it.
    pub history_id: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) id: u64,
    pub(super) what: What,
    pub(super) message: u64,
    pub(super) thread: u64,
    /// What it carried right after.
    pub(super) labels: BTreeSet<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum What {
    Added,
    Deleted,
    LabelsAdded(Vec<String>),
    LabelsRemoved(Vec<String>),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PageToken {
    pub(super) at: i64,
    /// What it goes on with: everything the request asked, but for the token.
    pub(super) of: String,
    /// After which item it goes on.
    pub(super) after: (i64, u64),
}

/// Labels every mailbox has.
pub(super) const SYSTEM: [&str; 14] = [
    "INBOX",
    "SENT",
    "DRAFT",
    "TRASH",
    "SPAM",
    "UNREAD",
    "STARRED",
    "IMPORTANT",
    "CHAT",
    "CATEGORY_PERSONAL",
    "CATEGORY_SOCIAL",
    "CATEGORY_PROMOTIONS",
    "CATEGORY_UPDATES",
    "CATEGORY_FORUMS",
];

/// The id of a message or a thread as it is spelled.
pub(super) fn spelled(id: u64) -> String {
    format!("{id:016x}")
}

/// Reads it back.
pub(super) fn parsed(id: &str) -> Option<u64> {
    (id.len() <= 16).then(|| u64::from_str_radix(id, 16).ok()).flatten()
}

impl GmailMailbox {
    pub(super) fn new(now: i64) -> Self {
        let began = u64::try_from(now).unwrap_or_default();
        Self {
            messages: BTreeMap::new(),
            labels: BTreeMap::new(),
            drafts: BTreeMap::new(),
            history: Vec::new(),
            history_id: began / 1_000,
            oldest: 0,
            page_tokens: BTreeMap::new(),
            names: BTreeMap::new(),
            order: BTreeSet::new(),
            watched: None,
            told: (0, 0),
            made: began << 20,
        }
    }

    pub(super) fn fresh(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Puts a message in, as a server, another client or an import would; its id.
    pub fn put(&mut self, source: &[u8], labels: &[&str], at: i64) -> String {
        spelled(self.add(source.to_vec(), labels, at, None))
    }

    /// A new message arrives unread in the inbox; its id.
    pub fn deliver(&mut self, source: &[u8], at: i64) -> String {
        self.put(source, &["INBOX", "UNREAD", "CATEGORY_PERSONAL"], at)
    }

    pub(super) fn add(
        &mut self,
        raw: Vec<u8>,
        labels: &[&str],
        at: i64,
        thread: Option<u64>,
    ) -> u64 {
        let id = self.fresh();
        let thread = thread.or_else(|| self.thread_of(&raw)).unwrap_or(id);
        let labels: BTreeSet<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        let message =
            GmailMessage { thread, labels: labels.clone(), raw, internal_date: at, history_id: 0 };
        if let Some(name) = raw::message_id(&message.raw) {
            self.names.entry(name).or_default().insert(id);
        }
        self.order.insert((at, id));
        self.messages.insert(id, message);
        self.record(id, What::Added);
        // The labels it comes with are told a second time, under an id of their own.
        self.record(id, What::LabelsAdded(labels.into_iter().collect()));
        id
    }

    /// A message answers another one of its thread by what it refers to and by its subject.
    fn thread_of(&self, raw: &[u8]) -> Option<u64> {
        let referred = raw::references(raw);
        if referred.is_empty() {
            return None;
        }
        let subject = raw::base_subject(raw);
        let named = referred.iter().filter_map(|name| self.names.get(name)).flatten();
        let known: BTreeSet<u64> = named.copied().collect();
        known
            .iter()
            .filter_map(|id| self.messages.get(id))
            .find(|other| raw::base_subject(&other.raw) == subject)
            .map(|other| other.thread)
    }

    /// Whether a message may be put into a thread: it must refer into it and have its subject.
    pub(super) fn fits(&self, raw: &[u8], thread: u64) -> bool {
        self.thread_of(raw) == Some(thread)
    }

    pub(super) fn record(&mut self, id: u64, what: What) {
        // Ids rise in steps nobody can foretell.
        self.history_id += 1 + self.history_id.wrapping_mul(2_654_435_761) % 37;
        let at = self.history_id;
        let Some(message) = self.messages.get_mut(&id) else { return };
        message.history_id = at;
        let (thread, labels) = (message.thread, message.labels.clone());
        self.history.push(Record { id: at, what, message: id, thread, labels });
    }

    /// Puts labels on a message and takes others off, by their ids; false if there is no such message.
    pub fn relabel(&mut self, id: &str, add: &[&str], remove: &[&str]) -> bool {
        parsed(id).is_some_and(|id| self.change(id, add, remove))
    }

    pub(super) fn change(&mut self, id: u64, add: &[&str], remove: &[&str]) -> bool {
        let Some(message) = self.messages.get_mut(&id) else { return false };
        let mut drop: Vec<&str> = remove.to_vec();
        // What is thrown away or unwanted lies nowhere else.
        for place in ["TRASH", "SPAM"].into_iter().filter(|place| add.contains(place)) {
            drop.extend(["INBOX", "TRASH", "SPAM"].into_iter().filter(|other| *other != place));
        }
        let added: Vec<String> = add
            .iter()
            .filter(|label| message.labels.insert((**label).to_owned()))
            .map(|label| (*label).to_owned())
            .collect();
        let removed: Vec<String> = drop
            .iter()
            .filter(|label| message.labels.remove(**label))
            .map(|label| (*label).to_owned())
            .collect();
        if !added.is_empty() {
            self.record(id, What::LabelsAdded(added));
        }
        if !removed.is_empty() {
            self.record(id, What::LabelsRemoved(removed));
        }
        true
    }

    /// Erases a message for good; false if there is none.
    pub fn erase(&mut self, id: &str) -> bool {
        parsed(id).is_some_and(|id| self.delete(id))
    }

    pub(super) fn delete(&mut self, id: u64) -> bool {
        if !self.messages.contains_key(&id) {
            return false;
        }
        self.record(id, What::Deleted);
        if let Some(gone) = self.messages.remove(&id) {
            self.order.remove(&(gone.internal_date, id));
            if let Some(name) = raw::message_id(&gone.raw)
                && let Some(ids) = self.names.get_mut(&name)
            {
                ids.remove(&id);
            }
        }
        self.drafts.retain(|_, message| *message != id);
        true
    }

    /// Makes a label of the owner's; its id. A known name gives the known label.
    pub fn label(&mut self, name: &str) -> String {
        let known = self.labels.iter().find(|(_, known)| known.eq_ignore_ascii_case(name));
        if let Some((id, _)) = known {
            return id.clone();
        }
        let id = format!("Label_{}", self.labels.len() + 1);
        self.labels.insert(id.clone(), name.to_owned());
        id
    }

    /// Gives a label of the owner's another name, of which the history says nothing.
    pub fn rename_label(&mut self, id: &str, name: &str) {
        if let Some(known) = self.labels.get_mut(id) {
            name.clone_into(known);
        }
    }

    /// Does something the history says nothing of.
    pub fn silently<T>(&mut self, does: impl FnOnce(&mut Self) -> T) -> T {
        let told = self.history.len();
        let done = does(self);
        self.history.truncate(told);
        done
    }

    /// Forgets history up to now: a start id from before meets a 404.
    pub fn forget_history(&mut self) {
        self.history_id += 1;
        self.oldest = self.history_id;
        self.history.clear();
    }

    /// Everything it holds, by id.
    pub fn all(&self) -> BTreeMap<String, &GmailMessage> {
        self.messages.iter().map(|(id, message)| (spelled(*id), message)).collect()
    }

    /// The name of a label of the owner's.
    pub fn label_name(&self, id: &str) -> Option<&str> {
        self.labels.get(id).map(String::as_str)
    }

    /// The position of the latest change.
    pub fn history_id(&self) -> u64 {
        self.history_id
    }
}

impl GmailMessage {
    /// The first value of a header field.
    pub fn field(&self, name: &str) -> Option<String> {
        raw::field(&self.raw, name)
    }
}
