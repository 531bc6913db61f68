//! Instants as milliseconds since the Unix epoch, UTC.
//!
//! Time is always passed in; only the engine's clock asks the machine for it.

use std::time::Duration;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// One second in [`Millis`].
pub const SECOND: Millis = 1_000;
/// One minute in [`Millis`].
pub const MINUTE: Millis = 60 * SECOND;
/// One hour in [`Millis`].
pub const HOUR: Millis = 60 * MINUTE;
/// One day of 24 hours in [`Millis`].
pub const DAY: Millis = 24 * HOUR;

/// Where the time comes from: the machine in the app, a number in a test.
pub trait Clock: Send + Sync {
    /// The instant it is now.
    fn now(&self) -> Millis;

    /// How often whoever waits for an instant compares this clock with the timer, which stands still while the
    /// machine sleeps.
    fn compared_every(&self) -> Duration {
        COMPARED
    }
}

/// A machine that slept is noticed within this.
const COMPARED: Duration = Duration::from_secs(30);

/// An instant as RFC 3339 writes it, `2026-11-21T07:00:00Z`; one beyond year 9999 is the beginning of time.
pub fn rfc3339(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_utc() {
        assert_eq!(rfc3339(1_795_176_000_000), "2026-11-20T12:00:00Z");
        assert_eq!(rfc3339(Millis::MAX), "1970-01-01T00:00:00Z");
    }
}
