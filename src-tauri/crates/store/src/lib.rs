//! Deskbell's memory: one SQLite file, its tables, lists, search and blobs.
//!
//! Invariants: one writer; a cursor moves in the transaction of its rows; lists and counters change in the
//! transaction of the rows they show; every committed write is logged and announced.

#[cfg(test)]
extern crate self as deskbell_store;

mod body;
mod cache;
mod checkpoint;
mod checkup;
pub mod erasure;
mod error;
mod lock;
mod migrate;
mod open;
mod pool;
pub mod queries;
mod recovery;
pub mod schema;
mod seam;
mod store;
pub mod sync;
pub mod table;
mod write;

pub use body::{PackedBody, Packer};
pub use error::StoreError;
pub use open::{Notice, OpenOptions, Opened};
pub use recovery::Kept;
pub use store::{Change, ChangeBatch, Entity, Origin, Store};
pub use write::Write;

/// A connection to read with, as handed to [`Store::read`].
pub use rusqlite::Connection;
