//! The position in a mailbox: what is known, what is still to be fetched, what is still to be compared.
//!
//! Invariant: every UID below `uid_next` is in `todo`, was handed over or lies outside the history window; `modseq` covers only
//! changes that were handed over completely.

use deskbell_domain::Millis;
use deskbell_domain::sync::Cursor;
use serde::{Deserialize, Serialize};

/// Ranges of UIDs a cursor holds, about.
const RANGES_AT_MOST: usize = 200;

/// Raised when the meaning of a field changes; a cursor of another version is lost.
const VERSION: u8 = 1;

/// A position in one mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    version: u8,
    /// The numbering the UIDs belong to.
    pub(crate) uid_validity: u32,
    /// Every UID below is known of.
    pub(crate) uid_next: u32,
    /// All changes up to this mod-sequence were handed over, if the mailbox has mod-sequences.
    pub(crate) modseq: Option<u64>,
    /// How many messages below `uid_next` there were at the last comparison, if that is known.
    pub(crate) exists: Option<u32>,
    /// UID ranges still to be fetched, highest first, not touching each other.
    pub(crate) todo: Vec<(u32, u32)>,
    /// UIDs the server lists and did not hand out; they are asked for again with every new round.
    pub(crate) skipped: Vec<u32>,
    /// The comparison in progress.
    pub(crate) round: Option<Round>,
    /// `todo` is part of a full listing whose end is still to be told.
    pub(crate) listing: bool,
    /// The listing is for finding known messages under new numbers: headers are enough.
    pub(crate) headers_only: bool,
    /// Of `todo` only what was received from this instant on, ms UTC, and what is starred or a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Millis>,
}

/// A comparison of known messages with the server, from the newest down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Round {
    /// UIDs below this are still to be compared.
    pub(crate) below: u32,
    /// How they are compared.
    pub(crate) rung: Rung,
    /// What `modseq` becomes when the comparison ends.
    pub(crate) modseq: Option<u64>,
    /// What `exists` becomes when the comparison ends.
    pub(crate) exists: Option<u32>,
    /// Keys must be compared, not only flags: something was expunged and the server does not say what.
    pub(crate) keys: bool,
}

/// The way changes are found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rung {
    /// The server tells flags and expunges since a mod-sequence.
    Qresync,
    /// The server tells flags since a mod-sequence; keys are compared.
    Condstore,
    /// Flags and keys are compared.
    Sweep,
}

impl Position {
    /// Before the first message: everything below `uid_next` is still to come.
    pub(crate) fn start(
        uid_validity: u32,
        uid_next: u32,
        modseq: Option<u64>,
        exists: u32,
    ) -> Self {
        let todo = if uid_next > 1 && exists > 0 { vec![(1, uid_next - 1)] } else { Vec::new() };
        Self {
            version: VERSION,
            uid_validity,
            uid_next,
            modseq,
            exists: Some(exists),
            todo,
            skipped: Vec::new(),
            round: None,
            listing: true,
            headers_only: false,
            since: None,
        }
    }

    /// Reads a stored cursor; `None` if it is of another version or damaged.
    pub(crate) fn read(cursor: &Cursor) -> Option<Self> {
        let mut position: Self = serde_json::from_str(&cursor.0).ok()?;
        position.todo.retain(|(low, high)| *low >= 1 && low <= high);
        (position.version == VERSION).then_some(position)
    }

    /// The cursor to store.
    pub(crate) fn write(&self) -> Cursor {
        Cursor(serde_json::to_string(self).unwrap_or_default())
    }

    /// The same without what the server said of changes so far: what is known is swept once.
    pub(crate) fn doubted(self) -> Self {
        Self { modseq: None, exists: None, round: None, ..self }
    }

    /// More is waiting.
    pub(crate) fn unfinished(&self) -> bool {
        !self.todo.is_empty() || self.round.is_some() || self.listing
    }

    /// Messages with UIDs from `uid_next` up to below `next` arrived.
    pub(crate) fn arrived(&mut self, next: u32) {
        if next <= self.uid_next {
            return;
        }
        match self.todo.first_mut() {
            Some((_, high)) if high.checked_add(1) == Some(self.uid_next) => *high = next - 1,
            _ => self.todo.insert(0, (self.uid_next, next - 1)),
        }
        self.uid_next = next;
        self.exists = None;
        if let Some(round) = &mut self.round {
            round.exists = None;
        }
    }

    /// These (ascending) are to be fetched, again or for the first time.
    pub(crate) fn want(&mut self, uids: &[u32]) {
        let mut ranges = std::mem::take(&mut self.todo);
        ranges.extend(uids.iter().filter(|uid| **uid < self.uid_next).map(|uid| (*uid, *uid)));
        ranges.sort_unstable_by(|a, b| b.cmp(a));
        self.todo = joined(&ranges, 0);
        if self.todo.len() > RANGES_AT_MOST {
            // What lies in the gaps is fetched once more than needed.
            let mut gaps: Vec<u32> =
                self.todo.windows(2).map(|pair| gap(pair.first(), pair.last())).collect();
            gaps.sort_unstable();
            let widest = gaps.get(gaps.len().saturating_sub(RANGES_AT_MOST)).copied().unwrap_or(0);
            self.todo = joined(&self.todo, widest);
        }
    }

    /// Asks once more for what could not be had; only where nothing else is to be fetched.
    pub(crate) fn retry_skipped(&mut self) {
        self.skipped.sort_unstable();
        self.skipped.dedup();
        self.skipped.retain(|uid| (1..self.uid_next).contains(uid));
        self.todo.extend(self.skipped.drain(..).rev().map(|uid| (uid, uid)));
    }

    /// Everything from `low` up was handed over.
    pub(crate) fn fetched_from(&mut self, low: u32) {
        self.todo.retain_mut(|(from, to)| {
            *to = (*to).min(low.saturating_sub(1));
            *from <= *to
        });
    }

    /// The highest UID below the latest arrivals that are still to be fetched.
    pub(crate) fn highest_known(&self) -> u32 {
        match self.todo.first() {
            Some((low, high)) if high.checked_add(1) == Some(self.uid_next) => {
                low.saturating_sub(1)
            }
            _ => self.uid_next.saturating_sub(1),
        }
    }

    /// Whether the message is still to be fetched, so that its flags will come with it.
    pub(crate) fn awaits(&self, uid: u32) -> bool {
        self.todo.iter().any(|(low, high)| (low..=high).contains(&&uid))
    }
}

/// UIDs between a range and the next lower one.
fn gap(upper: Option<&(u32, u32)>, lower: Option<&(u32, u32)>) -> u32 {
    match (upper, lower) {
        (Some((low, _)), Some((_, high))) => low.saturating_sub(high.saturating_add(1)),
        _ => 0,
    }
}

/// Ranges, highest first, with gaps of up to so many UIDs closed.
fn joined(ranges: &[(u32, u32)], widest: u32) -> Vec<(u32, u32)> {
    let mut joined: Vec<(u32, u32)> = Vec::new();
    for &(low, high) in ranges {
        match joined.last_mut() {
            Some(upper) if gap(Some(upper), Some(&(low, high))) <= widest => {
                *upper = (upper.0.min(low), upper.1.max(high));
            }
            _ => joined.push((low, high)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_again_is_asked_for_newest_first_and_in_few_ranges() {
        let mut position = Position::start(7, 10_001, None, 10_000);
        position.todo = vec![(9_000, 10_000)];
        position.want(&[3, 4, 5, 8_999, 9_500]);
        assert_eq!(position.todo, [(8_999, 10_000), (3, 5)]);
        let scattered: Vec<u32> = (1..=5_000).filter(|uid| uid % 2 == 0).collect();
        position.want(&scattered);
        assert!(position.todo.len() <= RANGES_AT_MOST + 1, "{} ranges", position.todo.len());
        assert!(scattered.iter().all(|uid| position.awaits(*uid)), "none is left out");
        assert!(position.todo.windows(2).all(|pair| pair[0].0 > pair[1].1), "highest first");
        position.want(&[10_001, u32::MAX]);
        assert!(!position.awaits(u32::MAX), "what has not come yet comes by itself");
    }

    #[test]
    fn arrivals_during_the_first_pull_come_first_and_nothing_is_skipped() {
        let mut position = Position::start(7, 101, None, 100);
        position.fetched_from(61);
        position.arrived(111);
        assert_eq!(position.todo, [(101, 110), (1, 60)], "newest first");
        position.arrived(121);
        assert_eq!(position.todo, [(101, 120), (1, 60)], "arrivals that touch are one range");
        assert_eq!(position.highest_known(), 100, "what arrived brings its flags");
        position.fetched_from(101);
        assert_eq!(position.todo, [(1, 60)]);
        assert_eq!(position.highest_known(), 120);
        position.fetched_from(1);
        assert!(position.todo.is_empty());
    }

    #[test]
    fn a_position_reads_back_and_a_stranger_is_refused() {
        let mut position = Position::start(7, 101, Some(u64::MAX), 100);
        position.round =
            Some(Round { below: 9, rung: Rung::Sweep, modseq: None, exists: Some(3), keys: true });
        assert_eq!(Position::read(&position.write()), Some(position));
        for stranger in ["", "{}", "null", r#"{"version":99}"#] {
            assert_eq!(Position::read(&Cursor(stranger.into())), None, "{stranger}");
        }
    }

    #[test]
    fn an_empty_mailbox_has_nothing_to_do() {
        assert!(Position::start(7, 1, None, 0).todo.is_empty());
        assert!(Position::start(7, 900, Some(3), 0).todo.is_empty(), "all of it was deleted");
    }
}
