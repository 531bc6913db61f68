//! Everything taken out into a folder, as far as it is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;

/// The answer of `export_begin`, `export_state` and `export_cancel`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportNow {
    /// The export under way, or the last one; `null` where there was none, also because no folder was chosen.
    pub export: Option<ExportState>,
}

/// How far an export is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportState {
    /// Where it is.
    pub stage: ExportStage,
    /// The folder it is written into.
    pub path: String,
    /// Copies of messages gone through.
    pub done: i64,
    /// Copies of messages in all, as counted when it began.
    pub total: i64,
    /// Messages whose text is not on this machine; they are only listed.
    pub without_body: i64,
    /// Files written.
    pub files: i64,
    /// Why it did not succeed.
    pub problem: Option<ApiError>,
}

/// Where an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportStage {
    /// Under way.
    Running,
    /// Everything was written.
    Done,
    /// The person ended it; what was written of it is gone.
    Cancelled,
    /// It came to a stop; begun again, the same folder is written anew.
    Failed,
}
