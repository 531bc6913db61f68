//! Taking everything out from the window: into a folder that the person picks, beside whatever else they do.
//!
//! Invariant: one at a time. What is cancelled leaves nothing behind; what fails keeps its mark and is begun anew in
//! its own folder. The paths are the host's, never the webview's.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::desk::Desk;
use crate::dto::{ApiError, Code, Done, ExportNow, ExportStage, ExportState, NoArgs};
use crate::handlers::export::{self, Ended, Exported};
use crate::handlers::unfinished::Unfinished;

/// The window hears of it again after so many messages.
const TOLD_EVERY: u64 = 50;

/// The export of a desk: the one under way, or the last.
pub(crate) struct Exports {
    known: watch::Sender<Option<Known>>,
    stop: AtomicBool,
}

/// An export and its folder.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) state: ExportState,
    folder: PathBuf,
}

impl Default for Exports {
    fn default() -> Self {
        Self { known: watch::channel(None).0, stop: AtomicBool::new(false) }
    }
}

impl Exports {
    pub(crate) fn subscribe(&self) -> watch::Receiver<Option<Known>> {
        self.known.subscribe()
    }

    fn now(&self) -> ExportNow {
        ExportNow { export: self.known.borrow().as_ref().map(|known| known.state.clone()) }
    }

    fn is_running(&self) -> bool {
        self.known.borrow().as_ref().is_some_and(Known::is_running)
    }

    /// Takes the place of the one before, unless that one is still at it.
    fn begin(&self, folder: PathBuf, total: i64) -> bool {
        let state = ExportState {
            stage: ExportStage::Running,
            path: folder.display().to_string(),
            done: 0,
            total,
            without_body: 0,
            files: 0,
            problem: None,
        };
        self.known.send_if_modified(|known| {
            let free = !known.as_ref().is_some_and(Known::is_running);
            if free {
                self.stop.store(false, Ordering::Relaxed);
                *known = Some(Known { state, folder });
            }
            free
        })
    }

    /// Has the one under way end. Looked at and told in one, so that none that begins meanwhile is meant.
    fn cancel(&self) {
        self.known.send_if_modified(|known| {
            if known.as_ref().is_some_and(Known::is_running) {
                self.stop.store(true, Ordering::Relaxed);
            }
            false
        });
    }

    fn tell(&self, change: impl FnOnce(&mut ExportState)) {
        self.known.send_modify(|known| {
            if let Some(known) = known {
                change(&mut known.state);
            }
        });
    }

    fn heard(&self, so_far: &Exported) -> ControlFlow<()> {
        if so_far.done().is_multiple_of(TOLD_EVERY) {
            self.tell(|state| count(state, so_far));
        }
        if self.stop.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

impl Known {
    fn is_running(&self) -> bool {
        self.state.stage == ExportStage::Running
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(state: &mut ExportState, so_far: &Exported) {
    state.done = whole(so_far.done());
    state.without_body = whole(so_far.without_body);
    state.files = whole(so_far.files);
}

/// Lets the person pick a folder, and begins to write into it.
pub async fn begin(desk: &Desk, _: NoArgs) -> Result<ExportNow, ApiError> {
    refuse_second(desk)?;
    let Some(picked) = desk.host.pick_folder().await else { return Ok(ExportNow { export: None }) };
    let today = Timestamp::from_millisecond(desk.now()).unwrap_or(Timestamp::UNIX_EPOCH);
    let today = today.to_zoned(TimeZone::system()).date();
    let cut_short = || ApiError::new(Code::Internal, "The export was cut short.");
    let folder = tokio::task::spawn_blocking(move || place(&picked, today))
        .await
        .map_err(|_| cut_short())?;
    let store = desk.store.clone();
    let total = tokio::task::spawn_blocking(move || export::total(&store))
        .await
        .map_err(|_| cut_short())??;
    if !desk.exports.begin(folder.clone(), whole(total)) {
        return Err(second());
    }
    let (store, exports) = (desk.store.clone(), desk.exports.clone());
    let writing = async move {
        let told = exports.clone();
        let write =
            move || export::write(&store, &folder, Ended::Removed, |so_far| told.heard(so_far));
        let outcome = tokio::task::spawn_blocking(write).await;
        exports.tell(|state| match outcome.map_err(|_| cut_short()).and_then(|written| written) {
            Ok(exported) if exported.stopped => state.stage = ExportStage::Cancelled,
            Ok(exported) => {
                count(state, &exported);
                state.stage = ExportStage::Done;
            }
            Err(problem) => {
                tracing::warn!(code = ?problem.code, "an export did not come to its end");
                state.stage = ExportStage::Failed;
                state.problem = Some(problem);
            }
        });
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "no loop: it ends with its export, which a closed store or the person ends too"
    )]
    tokio::spawn(writing);
    Ok(desk.exports.now())
}

/// The export under way, or the last.
pub async fn state(desk: &Desk, _: NoArgs) -> Result<ExportNow, ApiError> {
    Ok(desk.exports.now())
}

/// Ends the export under way; how it ended is told as an event.
pub async fn cancel(desk: &Desk, _: NoArgs) -> Result<ExportNow, ApiError> {
    desk.exports.cancel();
    Ok(desk.exports.now())
}

/// Shows the folder of the last export in the system's program for folders.
pub async fn show(desk: &Desk, _: NoArgs) -> Result<Done, ApiError> {
    let folder = desk.exports.known.borrow().as_ref().map(|known| known.folder.clone());
    let folder = folder.ok_or_else(|| {
        ApiError::new(Code::NotFound, "Nothing was exported since Deskbell started.")
    })?;
    desk.host.open_file(&folder).map_err(|error| {
        ApiError::new(Code::Internal, format!("No program opened “{}”: {error}.", folder.display()))
    })?;
    Ok(Done {})
}

fn refuse_second(desk: &Desk) -> Result<(), ApiError> {
    if desk.exports.is_running() { Err(second()) } else { Ok(()) }
}

fn second() -> ApiError {
    ApiError::new(
        Code::Invalid,
        "An export is under way already; wait for its end, or cancel it first.",
    )
}

/// The folder itself where it is empty or ours to go on with, and else a new one in it: whoever picks their documents
/// means to find the export there.
fn place(picked: &Path, today: Date) -> PathBuf {
    let empty = picked.read_dir().is_ok_and(|mut entries| entries.next().is_none());
    if empty || Unfinished::lies_in(picked) {
        return picked.to_owned();
    }
    let name = format!("Deskbell {today}");
    let mut free = (2_u32..).map(|n| format!("{name} ({n})"));
    let mut folder = picked.join(&name);
    while folder.exists() && !Unfinished::lies_in(&folder) {
        let Some(next) = free.next() else { break };
        folder = picked.join(next);
    }
    folder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_never_goes_among_what_lies_in_a_folder_already() {
        let directory = tempfile::tempdir().expect("a directory");
        let documents = directory.path();
        let today = jiff::civil::date(2026, 11, 23);
        assert_eq!(place(documents, today), documents, "an empty folder is taken as it is");
        std::fs::write(documents.join("letter.odt"), "mine").expect("written");
        let first = documents.join("Deskbell 2026-11-23");
        assert_eq!(place(documents, today), first);
        std::fs::create_dir(&first).expect("made");
        std::fs::write(first.join("labels.json"), "[]").expect("written");
        let second = documents.join("Deskbell 2026-11-23 (2)");
        assert_eq!(place(documents, today), second, "the export of this morning stays");
        drop(Unfinished::begin(&second).expect("an export that is cut"));
        assert_eq!(place(documents, today), second, "what was interrupted is begun anew");
    }
}
