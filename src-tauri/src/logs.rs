//! Logs: one file a day in the profile, a week of them, nothing secret or personal.

use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Files kept.
const DAYS: usize = 7;

/// Starts logging; the guard writes what is left when it is dropped.
pub(crate) fn start(profile: &Path) -> Option<WorkerGuard> {
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("deskbell")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(profile.join("logs"))
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(files);
    let filter = EnvFilter::try_from_env("DESKBELL_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,async_imap=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(writer).init();
    Some(guard)
}
