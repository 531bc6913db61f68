//! How much to ask for at once: whole messages while the line is fast, headers first where it is not.
//!
//! The inbox must be usable in seconds, and its text complete as soon as the line allows.

use std::time::Duration;

use deskbell_domain::sync::{Page, PullOptions, RemoteChange, RemoteSource};

/// The first look into a scope: enough headers to fill a list.
pub(crate) const GLIMPSE: PullOptions = PullOptions {
    max_messages: 200,
    max_bytes: PAGE_BYTES,
    bodies: false,
    since: None,
    known: false,
};
/// Bytes of whole messages in a page or a batch of bodies.
pub(crate) const PAGE_BYTES: u64 = 8 * 1024 * 1024;
/// Whole messages in a page or a batch of bodies.
pub(crate) const PAGE_MESSAGES: u32 = 500;
/// A larger message is fetched when a person opens it, not before.
pub(crate) const LARGEST_UNASKED: i64 = 64 * 1024 * 1024;
/// Headers in a page.
const PAGE_HEADERS: u32 = 1_000;
/// A rest of the scope that would take longer than this whole is listed by its headers first.
const PATIENCE: Duration = Duration::from_secs(60);
/// The rate is believed after this much time, or this many bytes.
const MEASURED_TIME: Duration = Duration::from_secs(3);
const MEASURED_BYTES: u64 = 2 * PAGE_BYTES;

/// Watches the pages of one scope and chooses the size and kind of the next.
#[derive(Debug)]
pub(crate) struct Pace {
    /// Whether headers may come first; not for local files, which are read from end to end either way.
    may_list: bool,
    headers_only: bool,
    bytes: u64,
    messages: u64,
    spent: Duration,
}

impl Pace {
    pub(crate) fn new(may_list: bool) -> Self {
        Self { may_list, headers_only: false, bytes: 0, messages: 0, spent: Duration::ZERO }
    }

    /// What to ask for next.
    pub(crate) fn options(&self) -> PullOptions {
        let max_messages = if self.headers_only { PAGE_HEADERS } else { PAGE_MESSAGES };
        PullOptions {
            max_messages,
            max_bytes: PAGE_BYTES,
            bodies: !self.headers_only,
            since: None,
            known: false,
        }
    }

    /// Takes note of a page that took `spent` to arrive.
    pub(crate) fn observe(&mut self, page: &Page, spent: Duration) {
        if self.headers_only || !self.may_list {
            return;
        }
        for change in &page.changes {
            if let RemoteChange::Message(message) = change
                && let RemoteSource::Full(source) | RemoteSource::Cut(source) = &message.source
            {
                self.bytes += source.len() as u64;
                self.messages += 1;
            }
        }
        self.spent += spent;
        let measured = self.spent >= MEASURED_TIME || self.bytes >= MEASURED_BYTES;
        if measured && self.messages > 0 {
            let per_message = self.spent.as_secs_f64() / self.messages as f64;
            let left = page.remaining.unwrap_or(0) as f64 * per_message;
            self.headers_only = left > PATIENCE.as_secs_f64();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use deskbell_domain::message::Flags;
    use deskbell_domain::sync::{Cursor, RemoteKey, RemoteMessage};

    fn page(messages: u32, size: usize, remaining: u64) -> Page {
        let message = |uid| {
            RemoteChange::Message(RemoteMessage {
                key: RemoteKey::from_uid(uid),
                flags: Flags::default(),
                internal_date: 0,
                size: size as u64,
                role: None,
                thread: None,
                known_by: None,
                source: RemoteSource::Full(Bytes::from(vec![b'x'; size])),
            })
        };
        Page {
            changes: (1..=messages).map(message).collect(),
            next: Cursor(String::new()),
            more: remaining > 0,
            remote_total: None,
            remaining: Some(remaining),
        }
    }

    #[test]
    fn a_slow_line_lists_headers_first() {
        let mut pace = Pace::new(true);
        pace.observe(&page(50, 7_000, 40_000), Duration::from_secs(4));
        let options = pace.options();
        assert!(!options.bodies, "40,000 more at 12 a second would take an hour");
        assert_eq!(options.max_messages, PAGE_HEADERS);
    }

    #[test]
    fn a_fast_line_and_a_short_rest_bring_whole_messages() {
        let mut fast = Pace::new(true);
        fast.observe(&page(500, 40_000, 50_000), Duration::from_millis(300));
        assert!(fast.options().bodies, "50,000 at 1,600 a second take half a minute");
        let mut short = Pace::new(true);
        short.observe(&page(50, 7_000, 100), Duration::from_secs(4));
        assert!(short.options().bodies, "100 more take 8 s");
    }

    #[test]
    fn a_single_slow_page_is_not_yet_a_slow_line() {
        let mut pace = Pace::new(true);
        pace.observe(&page(5, 7_000, 40_000), Duration::from_secs(1));
        assert!(pace.options().bodies, "too little was measured");
    }

    #[test]
    fn local_files_are_never_listed() {
        let mut pace = Pace::new(false);
        pace.observe(&page(5, 7_000, 40_000), Duration::from_secs(30));
        assert!(pace.options().bodies);
    }
}
