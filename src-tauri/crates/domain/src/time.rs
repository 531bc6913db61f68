//! Instants as milliseconds since the Unix epoch, UTC.
//!
//! Time is always passed in; only the engine's clock asks the machine for it.

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
}
