//! Counting a sync: how much is done, how much is left, and how long that takes at the rate measured.

use std::collections::BTreeMap;
use std::time::Duration;

use deskbell_domain::{AccountId, ScopeId};
use tokio::time::Instant;

use crate::events::SyncProgress;

/// A rate is not worth telling before this much time was measured.
const SETTLED: Duration = Duration::from_secs(1);

/// Counts one sync of one account.
#[derive(Debug)]
pub(crate) struct Meter {
    account: AccountId,
    began: Instant,
    done: u64,
    left: BTreeMap<ScopeId, u64>,
    /// Scopes of which it is not known yet how much is left.
    unknown: bool,
}

impl Meter {
    pub(crate) fn new(account: AccountId) -> Self {
        Self { account, began: Instant::now(), done: 0, left: BTreeMap::new(), unknown: false }
    }

    /// Begins to count something else: bodies after headers.
    pub(crate) fn restart(&mut self) {
        *self = Self::new(self.account);
    }

    /// Whether some scope has not said yet how much it holds.
    pub(crate) fn set_unknown(&mut self, unknown: bool) {
        self.unknown = unknown;
    }

    /// Says how much of a scope is left.
    pub(crate) fn set_left(&mut self, scope: ScopeId, left: u64) {
        self.left.insert(scope, left);
    }

    /// Counts messages of a scope that were written, and says where the sync is now.
    pub(crate) fn count(&mut self, scope: &str, messages: u64) -> SyncProgress {
        self.done += messages;
        let left: u64 = self.left.values().sum();
        let total = (!self.unknown).then_some(self.done + left);
        let eta_ms = if self.unknown { None } else { eta(self.done, left, self.began.elapsed()) };
        SyncProgress {
            account: self.account,
            scope: scope.to_owned(),
            done: self.done,
            total,
            eta_ms,
        }
    }

    /// Whether there is enough to do that a person should see it.
    pub(crate) fn is_worth_telling(&self) -> bool {
        self.unknown || self.left.values().any(|left| *left > 0)
    }
}

/// Milliseconds for what is left, if the rate so far holds.
fn eta(done: u64, left: u64, spent: Duration) -> Option<u64> {
    if spent < SETTLED || done == 0 {
        return None;
    }
    let ms = spent.as_secs_f64() * 1_000.0 / done as f64 * left as f64;
    Some(ms.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_measured_not_guessed() {
        assert_eq!(eta(100, 900, Duration::from_millis(500)), None, "too early to say");
        assert_eq!(eta(0, 900, Duration::from_secs(10)), None, "nothing done, nothing measured");
        assert_eq!(eta(1_000, 3_000, Duration::from_secs(10)), Some(30_000));
    }

    #[test]
    fn no_total_is_told_while_a_mailbox_is_uncounted() {
        let mut meter = Meter::new(AccountId(1));
        meter.set_unknown(true);
        meter.set_left(ScopeId(1), 10);
        assert_eq!(meter.count("Inbox", 5).total, None);
        meter.set_unknown(false);
        assert_eq!(meter.count("Inbox", 5).total, Some(20), "10 done and 10 left");
    }
}
