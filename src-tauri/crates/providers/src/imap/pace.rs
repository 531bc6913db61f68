//! Every timeout and size of the IMAP provider, named, with its reason.
//!
//! Invariant: nothing else in this folder waits or measures by a number of its own.

use std::time::{Duration, SystemTime};

/// A TCP connection or a TLS handshake that takes longer has failed.
const CONNECT: Duration = Duration::from_secs(20);
/// An IMAP server speaks first; one that is silent for so long speaks something else.
const GREETING: Duration = Duration::from_secs(15);
/// When a port does not speak as the settings say, it is tried once the other way, for the words of the error.
pub(super) const SECOND_LOOK: Duration = Duration::from_secs(3);
/// No byte for so long in the middle of an answer means that the connection is dead.
const SILENCE: Duration = Duration::from_secs(60);
/// RFC 2177 allows 29 minutes; many servers and NATs forget a silent connection after ten.
const IDLE_RENEWAL: Duration = Duration::from_secs(9 * 60);
/// How often the mailboxes that are not watched by IDLE are asked for their counts.
const STATUS_POLL: Duration = Duration::from_secs(60);
/// The same while a person looks at the account: soon enough to be there before they wonder, and so rarely that even a
/// hundred mailboxes are no more than seven questions a second, sent together.
const STATUS_ATTENTIVE: Duration = Duration::from_secs(15);
/// How often the clocks are compared to notice that the machine slept.
const CLOCK_CHECK: Duration = Duration::from_secs(5);
/// The wall clock running ahead of the monotonic one by so much means that the machine slept.
pub(super) const SLEEP_GAP: Duration = Duration::from_secs(20);
/// A connection unused for so long is asked for a sign of life before it is trusted with a command.
const TRUST: Duration = Duration::from_secs(10);
/// How long that sign of life may take.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// So long a connection waits for its turn while the account has as many as it may.
const PLACE: Duration = Duration::from_secs(30);

/// A message larger than this comes with its headers only, unless its body is asked for by name.
const LARGE_MESSAGE: u64 = 64 * 1024 * 1024;
/// Of one header block at most this much is fetched with a page of headers; the whole comes with the body.
pub(super) const HEADER_KEPT: u32 = 256 * 1024;
/// Header blocks asked for by one command.
pub(super) const HEADERS_PER_FETCH: usize = 256;
/// Flags or keys compared in one page.
const COMPARED_PER_PAGE: usize = 20_000;
/// A stretch of vanished UIDs longer than this is told as a window in which nothing is present.
pub(super) const VANISHED_ONE_BY_ONE: u32 = 64;
/// More messages than this that are listed and not handed out are a broken server, not broken messages.
pub(super) const SKIPPED_AT_MOST: usize = 256;
/// STATUS commands sent before their answers are read.
pub(super) const STATUS_AT_ONCE: usize = 32;
/// UIDs named in one command by an edit or a body fetch.
pub(super) const UIDS_PER_COMMAND: usize = 500;

/// How long the provider waits for what; tests set shorter times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) connect: Duration,
    pub(crate) greeting: Duration,
    pub(crate) silence: Duration,
    pub(crate) idle_renewal: Duration,
    pub(crate) status_poll: Duration,
    pub(crate) status_attentive: Duration,
    pub(crate) clock_check: Duration,
    /// The clock that goes on while the machine sleeps.
    pub(crate) wall: fn() -> SystemTime,
    pub(crate) trust: Duration,
    pub(crate) sign_of_life: Duration,
    pub(crate) place: Duration,
    /// Compress on loopback too, where it only costs time.
    pub(crate) compress_always: bool,
    pub(crate) limits: Limits,
}

/// How much one page may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) large_message: u64,
    pub(crate) compared_per_page: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { large_message: LARGE_MESSAGE, compared_per_page: COMPARED_PER_PAGE }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connect: CONNECT,
            greeting: GREETING,
            silence: SILENCE,
            idle_renewal: IDLE_RENEWAL,
            status_poll: STATUS_POLL,
            status_attentive: STATUS_ATTENTIVE,
            clock_check: CLOCK_CHECK,
            wall: wall_clock,
            trust: TRUST,
            sign_of_life: SIGN_OF_LIFE,
            place: PLACE,
            compress_always: false,
            limits: Limits::default(),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a sleeping machine shows only against the wall clock"
)]
fn wall_clock() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_is_renewed_before_anybody_forgets_the_connection() {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        let renewed = Pace::default().idle_renewal;
        assert_eq!(renewed, minutes(9), "NATs forget a silent connection after ten minutes");
        assert!(renewed < minutes(29), "RFC 2177 allows 29");
    }

    #[test]
    fn mailboxes_are_asked_every_minute_and_every_quarter_of_one_while_a_person_looks() {
        let Pace { status_poll, status_attentive, .. } = Pace::default();
        assert_eq!(status_poll, Duration::from_secs(60));
        assert_eq!(status_attentive, Duration::from_secs(15));
    }
}
