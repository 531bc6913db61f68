//! How much of the file the writer keeps in memory: a little while single rows are written, more while whole mailboxes
//! come in, and a little again afterwards.
//!
//! Invariant: it changes between transactions only, and what is committed does not depend on it.

use rusqlite::Connection;

/// While single rows are written: what is open and the tops of the indexes.
const LITTLE_KIB: i32 = 16 * 1024;
/// While whole mailboxes come in: the hot pages of every index.
const MUCH_KIB: i32 = 64 * 1024;
/// So many rows in one transaction are a page of a mailbox.
const PAGE: usize = 500;
/// So many pages make a mailbox that comes in. A single one is the news of a busy hour, such as the copies of an outbox
/// that is drained: for these the cache would only grow to what it never needs.
const PAGES: u32 = 3;
/// Transactions of few rows between two pages of one mailbox, at most.
const BETWEEN: u32 = 8;
/// After so many transactions of few rows the mailbox is in.
const QUIET: u32 = 200;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    much: bool,
    /// Pages that came close behind each other.
    pages: u32,
    /// Transactions of few rows since the last one of many.
    quiet: u32,
}

impl Cache {
    /// As a writer begins.
    pub(crate) fn begin(connection: &Connection) -> rusqlite::Result<()> {
        connection.pragma_update(None, "cache_size", -LITTLE_KIB)
    }

    /// Takes note of a transaction that touched so many rows.
    pub(crate) fn committed(&mut self, connection: &Connection, rows: usize) {
        let Some(size) = self.next(rows) else { return };
        if let Err(error) = connection.pragma_update(None, "cache_size", -size) {
            tracing::debug!(%error, "the writer's cache stays as it is");
        }
    }

    /// The size to change to, in KiB; `None` to leave it.
    fn next(&mut self, rows: usize) -> Option<i32> {
        if rows >= PAGE {
            let follows = self.pages > 0 && self.quiet <= BETWEEN;
            self.pages = if follows { self.pages.saturating_add(1) } else { 1 };
            self.quiet = 0;
            let grows = self.pages >= PAGES && !self.much;
            self.much |= grows;
            return grows.then_some(MUCH_KIB);
        }
        self.quiet = self.quiet.saturating_add(1);
        let over = self.much && self.quiet >= QUIET;
        self.much &= !over;
        over.then_some(LITTLE_KIB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_for_a_mailbox_that_comes_in_and_shrinks_once_it_is_in() {
        let mut cache = Cache::default();
        assert_eq!(cache.next(1), None, "single rows need little");
        let pages = |cache: &mut Cache| [(); 4].map(|()| cache.next(PAGE));
        let grown = [None, None, Some(MUCH_KIB), None];
        assert_eq!(pages(&mut cache), grown, "at the third page, once");
        let changes: Vec<i32> = (0..3 * QUIET).filter_map(|_| cache.next(1)).collect();
        assert_eq!(changes, [LITTLE_KIB], "once, when single rows are written for a while");
        assert_eq!(pages(&mut cache), grown, "and again for the next mailbox");
    }

    #[test]
    fn an_outbox_that_is_drained_does_not_let_it_grow() {
        let mut cache = Cache::default();
        let mut changes: Vec<i32> = Vec::new();
        for _ in 0..100 {
            // Some messages leave, and their copies come in at once.
            changes.extend((0..3 * BETWEEN).filter_map(|_| cache.next(4)));
            changes.extend(cache.next(PAGE));
        }
        assert!(changes.is_empty(), "however long it takes: {changes:?}");
    }
}
