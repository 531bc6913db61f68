//! Bodies a provider was asked for and did not give, and when each is asked for again.
//!
//! Invariant: none is given up. One that was refused rests for some hours, so that a message its server cannot read
//! is not asked for at every look; a person's own sync and the next start of the program ask at once. Until it
//! comes it counts as missing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use deskbell_domain::time::HOUR;
use deskbell_domain::{MessageId, Millis};

/// How long a body that was not given is left alone.
const REST: Millis = 6 * HOUR;
/// Syncs that may break on the same bodies before they rest. One is the server's bad moment; so many in a row, with
/// all else read before, are these messages' own.
const BREAKS: u32 = 3;

/// What is known of one body.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    /// Syncs in a row that broke on it.
    breaks: u32,
    /// Not asked for before; ms UTC.
    until: Millis,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct NotGiven(Mutex<BTreeMap<MessageId, Kept>>, AtomicBool);

impl NotGiven {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<MessageId, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True once: what earlier versions gave up is looked for at a start, since that walks every message.
    pub(crate) fn begins(&self) -> bool {
        !self.1.swap(true, Ordering::Relaxed)
    }

    /// Those that rest now.
    pub(crate) fn resting(&self, now: Millis) -> BTreeSet<MessageId> {
        // A clock set back does not make the rest longer.
        let rests = |kept: &Kept| kept.until > now && kept.until - now <= REST;
        self.kept().iter().filter(|(_, kept)| rests(kept)).map(|(id, _)| *id).collect()
    }

    /// These were refused, or answered with nothing.
    pub(crate) fn refused(&self, messages: impl IntoIterator<Item = MessageId>, now: Millis) {
        let mut kept = self.kept();
        for id in messages {
            kept.insert(id, Kept { breaks: 0, until: now + REST });
        }
    }

    /// A sync breaks on these; true once it did so too often for it to be a bad moment.
    pub(crate) fn broke(&self, messages: impl IntoIterator<Item = MessageId>) -> bool {
        let mut kept = self.kept();
        let mut often = true;
        for id in messages {
            let one = kept.entry(id).or_default();
            one.breaks += 1;
            often &= one.breaks >= BREAKS;
        }
        often
    }

    /// These came.
    pub(crate) fn given(&self, messages: impl IntoIterator<Item = MessageId>) {
        let mut kept = self.kept();
        for id in messages {
            kept.remove(&id);
        }
    }

    /// A person asks: nothing rests any longer.
    pub(crate) fn ask_again(&self) {
        for one in self.kept().values_mut() {
            one.until = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_790_000_000_000;

    #[test]
    fn a_refused_body_rests_for_hours_and_a_person_ends_the_rest() {
        let bodies = NotGiven::default();
        bodies.refused([MessageId(1), MessageId(2)], NOW);
        assert_eq!(bodies.resting(NOW + HOUR).len(), 2, "left alone for now");
        assert!(bodies.resting(NOW + 7 * HOUR).is_empty(), "and asked for again by itself");
        assert!(bodies.resting(NOW - 90 * HOUR).is_empty(), "a clock set back holds up nothing");
        bodies.given([MessageId(1)]);
        assert_eq!(bodies.resting(NOW), BTreeSet::from([MessageId(2)]));
        bodies.ask_again();
        assert!(bodies.resting(NOW).is_empty(), "a person asked");
    }

    #[test]
    fn a_bad_moment_is_told_from_messages_that_break_every_sync() {
        let bodies = NotGiven::default();
        let both = [MessageId(1), MessageId(2)];
        assert!(!bodies.broke(both) && !bodies.broke(both), "a moment passes");
        assert!(bodies.broke(both), "three in a row are these messages' own");
        bodies.given([MessageId(1)]);
        assert!(!bodies.broke(both), "one of them came meanwhile");
    }
}
