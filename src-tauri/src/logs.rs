//! Logs: one file a day in the profile, a week of them, nothing secret or personal.

use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

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
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer))
        .with(filter)
        .with(filter_fn(deskbell_desk::may_be_logged))
        .init();
    Some(guard)
}
