//! The compression dictionary: trained on the profile's own mail, then used for everything after, until mail it
//! may have been trained on is erased.

use std::sync::{Mutex, PoisonError};

/// Samples collected before training.
pub(crate) const SAMPLES: usize = 1_500;
/// The longest part of a message used as a sample.
const SAMPLE: usize = 8 * 1024;
/// Size of the dictionary; larger ones gain little on mail and slow every decompression down.
const SIZE: usize = 112 * 1024;

/// A dictionary trained on what was packed, and at which beginning the collection of its samples stood.
#[derive(Debug)]
pub(crate) struct Trained {
    pub(crate) bytes: Vec<u8>,
    beginning: u64,
}

/// Collects messages until there are enough to train on.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    collected: Mutex<Collected>,
}

#[derive(Debug, Default)]
struct Collected {
    /// `None` where none are wanted.
    samples: Option<Vec<Vec<u8>>>,
    /// Grows whenever mail is erased that may be among the samples.
    beginning: u64,
}

impl Samples {
    pub(crate) fn wanted() -> Self {
        let samples = Self::default();
        samples.begin_anew(true);
        samples
    }

    /// Forgets what was collected, and what is being trained on it; `wanted`: collects once more.
    pub(crate) fn begin_anew(&self, wanted: bool) {
        let mut collected = self.collected.lock().unwrap_or_else(PoisonError::into_inner);
        collected.samples = wanted.then(Vec::new);
        collected.beginning += 1;
    }

    /// Whether nothing was erased since this was trained.
    pub(crate) fn still_stands(&self, trained: &Trained) -> bool {
        let collected = self.collected.lock().unwrap_or_else(PoisonError::into_inner);
        collected.beginning == trained.beginning
    }

    /// Adds a message; trains once there is enough, and wants no more from then on.
    pub(crate) fn offer(&self, source: &[u8]) -> Option<Trained> {
        let (samples, beginning) = {
            let mut collected = self.collected.lock().unwrap_or_else(PoisonError::into_inner);
            let samples = collected.samples.as_mut()?;
            samples.push(sample(source));
            if samples.len() < SAMPLES {
                return None;
            }
            (collected.samples.take()?, collected.beginning)
        };
        Some(Trained { bytes: train(&samples)?, beginning })
    }
}

/// The part of a message that is trained on.
pub(crate) fn sample(source: &[u8]) -> Vec<u8> {
    source.iter().take(SAMPLE).copied().collect()
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
