//! How much of a long job is done, on standard error, while a person watches.

use std::sync::OnceLock;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::Output;

/// Steps of a bar that shows a share.
const STEPS: u64 = 1_000;

/// How often a sign of life moves.
const TICK: Duration = Duration::from_millis(120);

/// A bar that counts: a position, how many there are, and how long it will take.
pub fn counting(output: Output, doing: &str) -> ProgressBar {
    if !output.watched() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} {msg} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_prefix(doing.to_owned())
}

/// A sign of life, for a job of which nobody knows how long it takes.
pub fn busy(output: Output, doing: &str) -> ProgressBar {
    if !output.watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message(doing.to_owned());
    bar.tick();
    bar.enable_steady_tick(TICK);
    bar
}

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
