//! The compression dictionary: trained once on the profile's own mail, then used for everything after.

use std::sync::{Mutex, PoisonError};

/// Samples collected before training.
const SAMPLES: usize = 1_500;
/// The longest part of a message used as a sample.
const SAMPLE: usize = 8 * 1024;
/// Size of the dictionary; larger ones gain little on mail and slow every decompression down.
const SIZE: usize = 112 * 1024;

/// Collects the first messages of a new profile until there are enough to train on.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    collected: Mutex<Option<Vec<Vec<u8>>>>,
}

impl Samples {
    pub(crate) fn wanted() -> Self {
        Self { collected: Mutex::new(Some(Vec::new())) }
    }

    /// Begins to collect anew.
    pub(crate) fn want(&self) {
        *self.collected.lock().unwrap_or_else(PoisonError::into_inner) = Some(Vec::new());
    }

    /// Adds a message; hands everything over once there is enough, and wants no more from then on.
    pub(crate) fn offer(&self, source: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut collected = self.collected.lock().unwrap_or_else(PoisonError::into_inner);
        let samples = collected.as_mut()?;
        samples.push(source.iter().take(SAMPLE).copied().collect());
        if samples.len() < SAMPLES {
            return None;
        }
        collected.take()
    }
}

/// Trains a dictionary; `None` where the samples are too alike or too few.
pub(crate) fn train(samples: &[Vec<u8>]) -> Option<Vec<u8>> {
    match zstd::dict::from_samples(samples, SIZE) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            tracing::warn!(%error, "no compression dictionary could be trained");
            None
        }
    }
}
