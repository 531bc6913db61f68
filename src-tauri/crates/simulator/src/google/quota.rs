//! What a request costs, and how much may be spent in a minute.
//!
//! Source: Gmail API usage limits as published in 2026 for projects begun after 2026-05-01 (second-hand; older
//! copies of the page tell other numbers).

use std::collections::VecDeque;

/// A minute, in milliseconds.
const MINUTE: i64 = 60_000;

/// The quota of one user.
#[derive(Debug)]
pub struct Quota {
    /// Units a minute.
    pub per_minute: u32,
    /// Units spent since the world began, refused requests left out.
    pub spent: u64,
    /// Requests since the world began, each one of a batch counted.
    pub calls: u64,
    /// Requests that were refused.
    pub refused: u64,
    recent: VecDeque<(i64, u32)>,
    used: u64,
}

impl Default for Quota {
    fn default() -> Self {
        Self { per_minute: 6_000, spent: 0, calls: 0, refused: 0, recent: VecDeque::new(), used: 0 }
    }
}

impl Quota {
    /// Takes the units of a request; false if that is more than the minute has left.
    pub(super) fn take(&mut self, units: u32, now: i64) -> bool {
        self.calls += 1;
        while self.recent.front().is_some_and(|(at, _)| now - at >= MINUTE) {
            let gone = self.recent.pop_front();
            self.used -= gone.map_or(0, |(_, units)| u64::from(units));
        }
        if self.used + u64::from(units) > u64::from(self.per_minute) {
            self.refused += 1;
            return false;
        }
        self.recent.push_back((now, units));
        self.used += u64::from(units);
        self.spent += u64::from(units);
        true
    }
}

/// The units of a request: by its method and what stands after `users/me/`.
pub(super) fn cost(method: &str, path: &[&str]) -> u32 {
    match (method, path) {
        ("GET", ["profile" | "labels"]) => 1,
        ("GET", ["history"]) => 2,
        ("GET", ["messages" | "drafts"]) => 5,
        ("GET", ["messages", _]) | ("POST", ["messages", _, "trash" | "untrash"]) => 20,
        ("GET", ["drafts", _]) | ("GET", ["messages", _, "attachments", _]) => 20,
        ("POST", ["messages", "send"] | ["drafts", "send"] | ["watch"]) => 100,
        ("POST", ["messages", "batchModify" | "batchDelete"]) => 50,
        ("POST", ["messages"]) => 25,
        ("POST", ["drafts"]) | ("PUT" | "DELETE", ["drafts", _]) | ("DELETE", ["messages", _]) => {
            10
        }
        _ => 5,
    }
}
