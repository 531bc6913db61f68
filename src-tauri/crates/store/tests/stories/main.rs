//! The store's stories: what must hold whatever happens to it. Each file tells of one danger.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a story may stop at the first surprise, also in what it is told with"
)]

#[path = "../support/mod.rs"]
mod support;

mod bodies;
mod carried_over;
mod counted;
mod damage;
mod full_disk;
mod history;
mod interleavings;
mod killed;
mod one_scope;
mod outgoing;
mod remote;
mod search;
mod search_text;
mod settings;
mod two_processes;
mod undo;
