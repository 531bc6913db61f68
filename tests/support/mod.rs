//! What the stories share: `bell` as a person runs it, what lies on a server, and a dice that can be thrown again.
//!
//! Every story has a profile, servers and ports of its own, and ends only what it started.

#![allow(dead_code, reason = "each story is a crate of its own and uses some of this")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

pub mod bell;
pub mod browser;
pub mod dice;
pub mod mbox;
pub mod server;

use std::time::{Duration, Instant};

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(10);

/// Looks at a condition until it gives a value; past the deadline the story has failed.
#[track_caller]
pub fn wait_until<T>(what: &str, seconds: u64, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(value) = look() {
            return value;
        }
        assert!(Instant::now() < end, "waited {seconds} s in vain for {what}");
        std::thread::sleep(POLL);
    }
}

/// A plain mail with its own Message-ID `<name@stories.example>`.
pub fn mail(name: &str, subject: &str, body: &str) -> Vec<u8> {
    format!(
        "From: Mara Voss <mara@client.example>\r\nTo: Studio <studio@testbed.example>\r\n\
         Subject: {subject}\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\
         Message-ID: <{name}@stories.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}
