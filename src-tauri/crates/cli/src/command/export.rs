//! `bell export`.

use std::path::PathBuf;
use std::process::ExitCode;

use indicatif::ProgressBar;
use serde_json::json;

use deskbell_api::Desk;
use deskbell_api::handlers::export;

use crate::exit::{Failure, PARTLY};
use crate::output::Output;

pub async fn run(desk: &Desk, output: Output, directory: PathBuf) -> Result<ExitCode, Failure> {
    let bar = if output.watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    let told = bar.clone();
    let shown = directory.display().to_string();
    let exported = export::export(desk, directory, move |done| told.set_position(done)).await?;
    bar.finish_and_clear();
    let answer = json!({
        "messages": exported.messages,
        "without_body": exported.without_body,
        "files": exported.files,
    });
    output.answer(&answer, || {
        let mut text = format!(
            "{} messages written to {shown} in {} files.",
            exported.messages, exported.files
        );
        if exported.without_body > 0 {
            text.push_str(&format!(
                " {} are not here in full yet and only listed; run `bell sync` first.",
                exported.without_body
            ));
        }
        text
    })?;
    Ok(if exported.without_body == 0 { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) })
}
