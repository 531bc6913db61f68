//! `bell stats`.

use std::process::ExitCode;

use serde_json::json;

use deskbell_api::Desk;
use deskbell_api::dto::NoArgs;
use deskbell_api::handlers::{health, inbox};

use crate::exit::Failure;
use crate::output::{Output, bytes, table};

pub async fn run(desk: &Desk, output: Output) -> Result<ExitCode, Failure> {
    let health = health::health(desk, NoArgs {}).await?;
    let counters = inbox::counters(desk, NoArgs {}).await?.counters;
    let totals: Vec<_> = counters.iter().filter(|row| row.account_id.is_none()).collect();
    let answer = json!({
        "messages": health.messages,
        "conversations": health.conversations,
        "database_bytes": health.database_bytes,
        "blob_bytes": health.blob_bytes,
        "views": totals,
    });
    output.answer(&answer, || {
        let rows = totals
            .iter()
            .map(|row| [row.view.clone(), row.total.to_string(), row.unread.to_string()]);
        format!(
            "{} messages in {} conversations; {} of database, {} of attachments\n{}",
            health.messages,
            health.conversations,
            bytes(health.database_bytes),
            bytes(health.blob_bytes),
            table(["VIEW", "CONVERSATIONS", "UNREAD"], rows)
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
