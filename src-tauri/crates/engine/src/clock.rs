//! The machine's clock: the one place that asks it for the time. Everything else is told.

use deskbell_domain::Millis;
use deskbell_domain::time::Clock;

/// The clock of the machine Deskbell runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the time")]
    fn now(&self) -> Millis {
        let now = std::time::SystemTime::now();
        // A clock set before 1970 reads as 1970; every instant we compare it with is later anyway.
        let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
    }
}
