//! Taking the time of programs.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::table::median;
use crate::shell;

/// How long a program takes from its start to its end.
pub(super) fn timed(command: &mut Command) -> anyhow::Result<Duration> {
    let start = Instant::now();
    shell::output(command)?;
    Ok(start.elapsed())
}

/// The middle of so many measurements.
pub(super) fn middle(
    runs: usize,
    mut once: impl FnMut() -> anyhow::Result<Duration>,
) -> anyhow::Result<Duration> {
    let times = (0..runs).map(|_| once()).collect::<anyhow::Result<Vec<_>>>()?;
    median(&times).context("nothing was measured")
}
