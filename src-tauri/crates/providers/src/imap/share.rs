//! The connections of one account: servers count them, whoever of us holds them.
//!
//! Invariant: no more than [`CONNECTIONS`] at once. A provider that was closed is let go of only when its last call has
//! ended; until then it and the one that took its place share one number.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::error::ImapError;

/// Connections an account uses at most: pulls, edits, watch.
pub(super) const CONNECTIONS: u8 = 3;

/// See the module.
#[derive(Clone, Debug)]
pub struct Connections(Arc<Semaphore>);

impl Default for Connections {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(usize::from(CONNECTIONS))))
    }
}

impl Connections {
    /// Waits until a connection may be made, and holds its place until it is dropped.
    pub(super) async fn place(&self, patience: Duration) -> Result<Place, ImapError> {
        match timeout(patience, Arc::clone(&self.0).acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(ImapError::Lost(
                "all connections of this account are still in use; it is tried again".into(),
            )),
        }
    }

    /// How many may be made now.
    #[cfg(test)]
    pub(super) fn free(&self) -> usize {
        self.0.available_permits()
    }
}

/// The place of one connection, given back when it is dropped.
pub(crate) type Place = OwnedSemaphorePermit;
