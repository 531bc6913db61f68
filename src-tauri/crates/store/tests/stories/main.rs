//! The store's stories: what must hold whatever happens to it. Each file tells of one danger.

#[path = "../support/mod.rs"]
mod support;

mod bodies;
mod damage;
mod full_disk;
mod interleavings;
mod killed;
mod remote;
mod search;
mod search_text;
mod two_processes;
mod undo;
