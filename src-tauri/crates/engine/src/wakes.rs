//! Wakes: what a sync loop is asked to look at, coalesced until it gets round to it.
//!
//! Invariant: asking a hundred times before the loop looks is one look; nothing asked for is forgotten.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// What a sync should look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Everything.
    pub(crate) full: bool,
    /// A person asked: try even what is resting or waits for a sign-in.
    pub(crate) by_person: bool,
    /// These scopes, by the provider's key.
    pub(crate) scopes: BTreeSet<String>,
}

impl Ask {
    fn is_nothing(&self) -> bool {
        !self.full && self.scopes.is_empty()
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Wakes {
    pending: Mutex<Ask>,
    bell: Notify,
}

impl Wakes {
    fn add(&self, change: impl FnOnce(&mut Ask)) {
        change(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        self.bell.notify_one();
    }

    /// Asks for everything.
    pub(crate) fn full(&self, by_person: bool) {
        self.add(|ask| {
            ask.full = true;
            ask.by_person |= by_person;
        });
    }

    /// Hints at scopes; no scope at all means anywhere.
    pub(crate) fn hint(&self, scopes: impl IntoIterator<Item = String>) {
        self.add(|ask| {
            let mut scopes = scopes.into_iter().peekable();
            // Also while others are hinted at: a machine that slept may have missed any.
            ask.full |= scopes.peek().is_none();
            ask.scopes.extend(scopes);
        });
    }

    /// Takes what is asked for now, leaving nothing; `None` if nothing is.
    pub(crate) fn take(&self) -> Option<Ask> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let ask = std::mem::take(&mut *pending);
        (!ask.is_nothing()).then_some(ask)
    }

    /// Takes the scopes alone; a wish to see everything stays for the next sync.
    pub(crate) fn take_scopes(&self) -> BTreeSet<String> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut pending.scopes)
    }

    /// Whether any scope but this one is hinted at.
    pub(crate) fn hints_beyond(&self, key: &str) -> bool {
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.scopes.iter().any(|scope| scope != key)
    }

    /// Waits until something is asked for.
    pub(crate) async fn next(&self) -> Ask {
        loop {
            let rung = self.bell.notified();
            if let Some(ask) = self.take() {
                return ask;
            }
            rung.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hundred_hints_are_one_look() {
        let wakes = Wakes::default();
        for _ in 0..100 {
            wakes.hint(["INBOX".to_owned()]);
        }
        wakes.hint(["Sent".to_owned()]);
        let ask = wakes.next().await;
        assert_eq!(ask.scopes.len(), 2, "each scope once");
        assert!(!ask.full, "hints do not make a full sync");
        assert_eq!(wakes.take(), None, "and nothing is left");
    }

    #[tokio::test]
    async fn a_hint_at_nothing_in_particular_means_everything() {
        let wakes = Wakes::default();
        wakes.hint([]);
        assert!(wakes.next().await.full);
        wakes.full(true);
        wakes.hint(["INBOX".to_owned()]);
        assert_eq!(wakes.take_scopes().len(), 1);
        let ask = wakes.next().await;
        assert!(ask.full && ask.by_person, "serving the scopes leaves the wish to see everything");
    }
}
