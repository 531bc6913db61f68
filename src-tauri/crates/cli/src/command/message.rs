//! `bell message`.

use std::process::ExitCode;

use serde_json::json;

use deskbell_api::dto::{BodyArgs, FrameWords};
use deskbell_api::handlers::conversation;
use deskbell_api::{Desk, render};

use crate::args::MessageForm;
use crate::exit::Failure;
use crate::output::Output;

pub async fn run(
    desk: &Desk,
    output: Output,
    id: String,
    form: MessageForm,
) -> Result<ExitCode, Failure> {
    if form.raw && !output.json {
        output.raw(&conversation::raw(desk, &id).await?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if form.html {
        let words =
            FrameWords { show_quoted: "Quoted text".into(), cut: "This message was cut.".into() };
        let args = BodyArgs { id, remote_images: false, theme: "light".into(), words };
        let body = conversation::body(desk, args).await?;
        output
            .answer(&body, || body.document.clone().or(body.missing.clone()).unwrap_or_default())?;
        return Ok(ExitCode::SUCCESS);
    }
    let head = conversation::message(desk, &id).await?;
    let source = conversation::raw(desk, &id).await?;
    let text = render::plain(&source);
    let answer = if form.raw {
        json!({ "message": head, "source": String::from_utf8_lossy(&source) })
    } else {
        json!({ "message": head, "text": text })
    };
    output.answer(&answer, || {
        format!("{}\n{}", super::conversation::describe(&head), harmless(&text))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The text without control characters: a mail must not steer the terminal that shows it.
fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
