//! A mailbox as a store would hold it: applies pages, nothing else.

use std::collections::BTreeMap;

use deskbell_domain::MailboxRole;
use deskbell_domain::message::Flags;
use deskbell_domain::port::MessageSource;
use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteChange, RemoteKey, RemoteMessage, RemoteScope, RemoteSource,
};

/// Everything a page may hold.
pub(crate) const ALL: PullOptions =
    PullOptions { max_messages: 500, max_bytes: 1 << 30, bodies: true, since: None, known: true };

/// A mailbox as a store would hold it after applying pages.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    pub(crate) held: BTreeMap<RemoteKey, RemoteMessage>,
    /// Keywords of the copies that have some.
    pub(crate) keywords: BTreeMap<RemoteKey, Vec<String>>,
    /// Labels by name, of the copies that were told any.
    pub(crate) labels: BTreeMap<RemoteKey, Vec<String>>,
    pub(crate) cursor: Option<Cursor>,
    /// Message keys in the order they came.
    pub(crate) order: Vec<RemoteKey>,
    unseen_in_listing: Option<Vec<RemoteKey>>,
    pub(crate) renumbered: u32,
}

impl Mirror {
    /// Pulls until nothing is waiting; the number of pages.
    pub(crate) async fn sync(
        &mut self,
        source: &dyn MessageSource,
        scope: &RemoteScope,
        options: PullOptions,
    ) -> usize {
        for count in 1.. {
            let page = source.pull(scope, self.cursor.as_ref(), options).await.expect("a page");
            if !self.apply(page) {
                return count;
            }
            assert!(count < 10_000, "the pull must come to an end");
        }
        0
    }

    /// Lists a scope that is known from nothing, as the engine does: what the listing does not tell is gone.
    pub(crate) async fn relist(
        &mut self,
        source: &dyn MessageSource,
        scope: &RemoteScope,
        options: PullOptions,
    ) {
        self.cursor = None;
        for count in 0.. {
            let page = source.pull(scope, self.cursor.as_ref(), options).await;
            let mut page = page.expect("a page");
            if count == 0 {
                page.changes.insert(0, RemoteChange::ListingBegan);
            }
            if !page.more {
                page.changes.push(RemoteChange::ListingEnded);
            }
            if !self.apply(page) {
                return;
            }
            assert!(count < 10_000, "the pull must come to an end");
        }
    }

    /// Applies a page and tells whether more is waiting.
    pub(crate) fn apply(&mut self, page: Page) -> bool {
        for key in told(&page) {
            self.keywords.remove(&key);
        }
        for change in page.changes {
            match change {
                RemoteChange::Message(message) => {
                    if let Some(unseen) = &mut self.unseen_in_listing {
                        unseen.retain(|key| *key != message.key);
                    }
                    self.order.push(message.key.clone());
                    self.held.insert(message.key.clone(), message);
                }
                RemoteChange::Flags { key, flags } => {
                    if let Some(unseen) = &mut self.unseen_in_listing {
                        unseen.retain(|known| *known != key);
                    }
                    if let Some(message) = self.held.get_mut(&key) {
                        message.flags = flags;
                    }
                }
                RemoteChange::Keywords { key, keywords } => {
                    self.keywords.insert(key, keywords);
                }
                RemoteChange::Labels { key, labels } => {
                    self.labels.insert(key, labels);
                }
                RemoteChange::Placed { key, role } => {
                    if let Some(unseen) = &mut self.unseen_in_listing {
                        unseen.retain(|known| *known != key);
                    }
                    if let Some(message) = self.held.get_mut(&key) {
                        message.role = Some(role);
                    }
                }
                RemoteChange::Gone(key) => {
                    self.held.remove(&key);
                    self.labels.remove(&key);
                }
                RemoteChange::Present { low, high, present } => {
                    let there: BTreeMap<_, _> = present.into_iter().collect();
                    if let Some(unseen) = &mut self.unseen_in_listing {
                        unseen.retain(|key| !there.contains_key(key));
                    }
                    self.held.retain(|key, message| {
                        if let Some(Some(flags)) = there.get(key) {
                            message.flags = *flags;
                        }
                        key < &low || key > &high || there.contains_key(key)
                    });
                }
                RemoteChange::Renumbered => {
                    self.renumbered += 1;
                    self.held.clear();
                }
                RemoteChange::ListingBegan => {
                    self.unseen_in_listing = Some(self.held.keys().cloned().collect());
                }
                RemoteChange::ListingEnded => {
                    for key in
                        self.unseen_in_listing.take().expect("a listing began before it ended")
                    {
                        self.held.remove(&key);
                    }
                }
            }
        }
        self.cursor = Some(page.next);
        page.more
    }

    pub(crate) fn keywords_of(&self, subject_wanted: &str) -> Vec<String> {
        let key = self.key_of(subject_wanted);
        self.keywords.get(&key).cloned().unwrap_or_default()
    }

    pub(crate) fn labels_of(&self, subject_wanted: &str) -> Vec<String> {
        let key = self.key_of(subject_wanted);
        self.labels.get(&key).cloned().unwrap_or_default()
    }

    /// The mailbox a message lies in, of a scope that holds several.
    pub(crate) fn role_of(&self, subject_wanted: &str) -> Option<MailboxRole> {
        self.held.values().find(|m| subject(&m.source) == subject_wanted)?.role
    }

    pub(crate) fn subjects(&self) -> Vec<String> {
        self.held.values().map(|message| subject(&message.source)).collect()
    }

    pub(crate) fn flags_of(&self, subject_wanted: &str) -> Option<Flags> {
        self.held
            .values()
            .find(|m| subject(&m.source) == subject_wanted)
            .map(|message| message.flags)
    }

    pub(crate) fn key_of(&self, subject_wanted: &str) -> RemoteKey {
        let found = self.held.values().find(|m| subject(&m.source) == subject_wanted);
        found.expect("the message is held").key.clone()
    }
}

/// The copies whose flags a page tells.
fn told(page: &Page) -> Vec<RemoteKey> {
    let mut keys = Vec::new();
    for change in &page.changes {
        match change {
            RemoteChange::Message(message) => keys.push(message.key.clone()),
            RemoteChange::Flags { key, .. } => keys.push(key.clone()),
            RemoteChange::Present { present, .. } => {
                let told = present.iter().filter(|(_, flags)| flags.is_some());
                keys.extend(told.map(|(key, _)| key.clone()));
            }
            _ => {}
        }
    }
    keys
}

pub(crate) fn subject(source: &RemoteSource) -> String {
    let (RemoteSource::Full(bytes) | RemoteSource::Cut(bytes) | RemoteSource::Headers(bytes)) =
        source;
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find_map(|line| line.strip_prefix("Subject: "));
    line.unwrap_or_default().to_owned()
}
