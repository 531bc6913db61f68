//! `bell doctor`.

use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::handlers::doctor;

use crate::exit::{Failure, PARTLY};
use crate::output::Output;
use crate::progress::busy;

pub async fn run(desk: &Desk, output: Output) -> Result<ExitCode, Failure> {
    let bar = busy(output, "Checking");
    let diagnosis =
        doctor::examine(desk, &|what| bar.set_message(format!("Checking the {what}"))).await;
    bar.finish_and_clear();
    let diagnosis = diagnosis?;
    output.answer(&diagnosis, || {
        let mark = |ok: bool| if ok { "✓" } else { "✗" };
        diagnosis
            .checks
            .iter()
            .map(|check| format!("{} {}: {}\n", mark(check.ok), check.what, check.detail))
            .collect()
    })?;
    Ok(if diagnosis.ok { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) })
}
