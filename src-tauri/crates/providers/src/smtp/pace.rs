//! Every timeout and size of the SMTP provider, named, with its reason.
//!
//! Invariant: nothing else in this folder waits or measures by a number of its own.

use std::time::Duration;

/// A TCP connection or a TLS handshake that takes longer has failed.
const CONNECT: Duration = Duration::from_secs(20);
/// RFC 5321 section 4.5.3.2 allows five minutes; servers that hold strangers off wait some seconds.
const GREETING: Duration = Duration::from_secs(60);
/// One command and its reply. RFC 5321 allows five minutes; a person waits for this one.
const COMMAND: Duration = Duration::from_secs(120);
/// The message makes no headway for so long (RFC 5321 section 4.5.3.2.5: three minutes).
const BLOCK: Duration = Duration::from_secs(180);
/// The verdict on the whole message (RFC 5321 section 4.5.3.2.6: ten minutes). Giving up early would leave
/// a message of unknown fate.
const VERDICT: Duration = Duration::from_secs(600);
/// A connection unused for so long is ended; a queue is drained over one.
const IDLE: Duration = Duration::from_secs(20);
/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// Bytes of a message written at once.
pub(super) const CHUNK: usize = 64 * 1024;
/// Of a reply at most this much is remembered; an EHLO reply has some hundred bytes.
pub(super) const HEARD: usize = 64 * 1024;
/// A server's words are cut after this many characters.
pub(super) const WORDS_KEPT: usize = 300;

/// How long the provider waits for what; tests set shorter times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) connect: Duration,
    pub(crate) greeting: Duration,
    pub(crate) command: Duration,
    pub(crate) block: Duration,
    pub(crate) verdict: Duration,
    pub(crate) idle: Duration,
    pub(crate) farewell: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connect: CONNECT,
            greeting: GREETING,
            command: COMMAND,
            block: BLOCK,
            verdict: VERDICT,
            idle: IDLE,
            farewell: FAREWELL,
        }
    }
}
