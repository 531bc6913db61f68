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
    let files = files(profile)?;
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

/// The day's file, in a folder made for it.
fn files(profile: &Path) -> Option<RollingFileAppender> {
    let folder = profile.join("logs");
    // The appender looks for old files before it makes their folder, and complains aloud where there is none.
    std::fs::create_dir_all(&folder).ok()?;
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("deskbell")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: &str = "DESKBELL_TEST_LOGS";

    #[test]
    #[ignore = "run as a child of the other test here"]
    fn one_start() {
        let profile = std::env::var_os(PROFILE).expect("the profile to log in");
        assert!(files(Path::new(&profile)).is_some(), "a log can be written");
    }

    #[test]
    fn the_first_start_of_a_profile_complains_of_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let child = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "logs::tests::one_start", "--ignored", "--nocapture"])
            .env(PROFILE, directory.path().join("new/profile"))
            .output()
            .expect("the child runs");
        assert!(child.status.success(), "{child:?}");
        assert_eq!(String::from_utf8_lossy(&child.stderr), "", "nothing is printed");
    }
}
