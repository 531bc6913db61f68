//! The one way past the store's rules: the writer's own connection, lent to a job between two transactions.
//!
//! For tests that count commits, or end the world at one of them: SQLite's hooks want the connection itself, and a
//! cargo feature for it would build every crate above this one twice.
//! Invariant: nothing of the product calls it, which `tests/architecture.rs` holds; a person cannot reach it.

use rusqlite::Connection;

use crate::{Store, StoreError};

impl Store {
    /// Runs a job on the writer's connection, outside of any transaction. For tests only; see the module.
    #[doc(hidden)]
    pub async fn with_writer_for_tests<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> T + Send + 'static,
    {
        self.writer().ok_or(StoreError::ReadOnly)?.lend(job).await
    }
}
