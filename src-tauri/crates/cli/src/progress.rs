//! How much of a long job is done, on standard error, while a person watches.

use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::Output;

/// Steps of a bar that shows a share.
const STEPS: u64 = 1_000;

/// A bar for a share from 0 to 1; it appears with the first one told.
pub struct Share {
    output: Output,
    doing: &'static str,
    bar: OnceLock<ProgressBar>,
}

impl Share {
    /// For a job with this name.
    pub fn new(output: Output, doing: &'static str) -> Self {
        Self { output, doing, bar: OnceLock::new() }
    }

    /// So much is done.
    pub fn tell(&self, share: f64) {
        let bar = self.bar.get_or_init(|| {
            if !self.output.watched() {
                return ProgressBar::hidden();
            }
            let style = ProgressStyle::with_template("{prefix} {bar:30} {percent} % {eta}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(STEPS).with_style(style).with_prefix(self.doing)
        });
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
        bar.set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64);
    }

    /// The job is done.
    pub fn end(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
