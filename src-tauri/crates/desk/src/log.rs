//! What may stand in a log, however talkative a person makes it.

use tracing::{Level, Metadata};

/// Whether an event may be logged: the libraries below us write passwords and mail to their debug logs.
///
/// Everything of our own crates may, for they log nothing secret or personal; others may from `INFO` up.
pub fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let ours = target.starts_with("deskbell") || target == "bell" || target.starts_with("bell::");
    ours || *metadata.level() <= Level::INFO
}
