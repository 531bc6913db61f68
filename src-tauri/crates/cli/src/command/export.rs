//! `bell export`.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use deskbell_api::Desk;
use deskbell_api::handlers::export::{self, Exported};

use crate::exit::{Failure, PARTLY};
use crate::output::Output;
use crate::progress::counting;
use crate::stop::asked_to_stop;

pub async fn run(desk: &Desk, output: Output, directory: PathBuf) -> Result<ExitCode, Failure> {
    let bar = counting(output, "Exporting");
    let told = bar.clone();
    let shown = directory.display().to_string();
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let heard = move |so_far: &Exported| {
        told.set_length(so_far.total.max(so_far.done()));
        told.set_position(so_far.done());
        if stopped.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let work = export::export(desk, directory, heard);
    tokio::pin!(work);
    let exported = tokio::select! {
        exported = &mut work => exported,
        () = asked_to_stop() => {
            // It ends behind the message it is writing.
            stop.store(true, Ordering::Relaxed);
            work.await
        }
    }?;
    bar.finish_and_clear();
    let missing = exported.total.saturating_sub(exported.done());
    let missing = if exported.stopped { missing } else { 0 };
    let answer = json!({
        "messages": exported.messages,
        "without_body": exported.without_body,
        "too_large": exported.too_large,
        "files": exported.files,
        "stopped": exported.stopped,
        "missing": missing,
    });
    output.answer(&answer, || said(&exported, missing, &shown))?;
    let whole = exported.without_body == 0 && !exported.stopped;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) })
}

fn said(exported: &Exported, missing: u64, directory: &str) -> String {
    let Exported { messages, files, without_body, too_large, .. } = exported;
    let to_come = without_body - too_large;
    let mut text = if exported.stopped {
        format!(
            "Stopped: {messages} messages were written to {directory}, and {missing} are missing. Export into it again \
             to have all of them."
        )
    } else {
        format!("{messages} messages written to {directory} in {files} files.")
    };
    if to_come > 0 {
        text.push_str(&format!(
            " {to_come} are not here in full yet and only listed; run `bell sync` first."
        ));
    }
    if *too_large > 0 {
        // No sync brings these.
        text.push_str(&format!(
            " {too_large} are too large to be fetched unasked and only listed; open each of them first."
        ));
    }
    text
}
