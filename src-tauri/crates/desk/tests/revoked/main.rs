//! A sign-in that is taken back in the middle of a sync, between two pages: the account waits for its person, keeps
//! what it has, asks nobody in a loop, and goes on where it was once somebody has signed in again.
//!
//! The engine, the store, the providers and their tokens are the real ones; behind the APIs is the simulator, behind
//! IMAP a real Dovecot that asks a real OpenID Connect server about each token.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

#[cfg(test)]
mod between;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod mailbox;
#[cfg(test)]
mod stories;
