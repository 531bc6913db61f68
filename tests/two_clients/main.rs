//! Two clients on one mailbox: whatever they do, and whenever ours is cut off or killed, both sides end equal.
//!
//! Every run prints its seed. `DESKBELL_SEED=n` plays that one again, `DESKBELL_OPERATIONS=n` makes it longer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod ours;
mod play;
#[path = "../support/mod.rs"]
mod support;
mod theirs;
mod verdict;

use deskbell_testbed::Capabilities;

use play::play;
use support::dice::fresh_seed;

/// The seed that every run of the tests plays, beside one that nobody chose.
const SEED: u64 = 20_261_121;

/// What the environment asks for, if anything.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
}

fn run(capabilities: &Capabilities, operations: u64, seeds: &[u64]) {
    let operations = asked("DESKBELL_OPERATIONS").unwrap_or(operations);
    match asked("DESKBELL_SEED") {
        Some(seed) => play(capabilities, operations, seed),
        None => seeds.iter().for_each(|seed| play(capabilities, operations, *seed)),
    }
}

#[test]
fn both_sides_end_equal_with_qresync() {
    run(&Capabilities::Full, 200, &[SEED]);
}

#[test]
fn both_sides_end_equal_by_a_seed_nobody_chose() {
    run(&Capabilities::Full, 200, &[fresh_seed()]);
}

#[test]
fn both_sides_end_equal_with_condstore_alone() {
    run(&Capabilities::NoQresync, 80, &[SEED]);
}

#[test]
fn both_sides_end_equal_by_comparing_flags() {
    run(&Capabilities::NoCondstore, 80, &[SEED]);
}

/// MOVE is replaced by COPY, a mark and an expunge, and ours is killed between them too.
#[test]
fn both_sides_end_equal_without_move() {
    let words =
        "IMAP4rev1 LITERAL+ ENABLE IDLE UIDPLUS LIST-EXTENDED SPECIAL-USE CONDSTORE QRESYNC";
    run(&Capabilities::Only(words.into()), 80, &[SEED, fresh_seed()]);
}
