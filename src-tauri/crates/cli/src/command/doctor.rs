//! `bell doctor`.

use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::handlers::doctor;

use crate::exit::{Failure, PARTLY};
use crate::output::Output;

pub async fn run(desk: &Desk, output: Output) -> Result<ExitCode, Failure> {
    let diagnosis = doctor::examine(desk).await?;
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
