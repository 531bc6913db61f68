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
    let unreadable: Vec<_> = health
        .accounts
        .iter()
        .flat_map(|entry| entry.quarantined.iter().map(|message| (&entry.account.id, message)))
        .collect();
    let total: i64 = health.accounts.iter().map(|entry| entry.unreadable).sum();
    let answer = json!({
        "messages": health.messages,
        "conversations": health.conversations,
        "database_bytes": health.database_bytes,
        "blob_bytes": health.blob_bytes,
        "views": totals,
        "unreadable": total,
        "quarantined": unreadable
            .iter()
            .map(|(account, message)| json!({
                "account_id": account,
                "message_id": message.message_id,
                "conversation_id": message.conversation_id,
                "reason": message.reason,
                "at": message.at,
            }))
            .collect::<Vec<_>>(),
    });
    output.answer(&answer, || {
        let rows = totals
            .iter()
            .map(|row| [row.view.clone(), row.total.to_string(), row.unread.to_string()]);
        let mut text = format!(
            "{} messages in {} conversations; {} of database, {} of attachments\n{}",
            health.messages,
            health.conversations,
            bytes(health.database_bytes),
            bytes(health.blob_bytes),
            table(["VIEW", "CONVERSATIONS", "UNREAD"], rows)
        );
        if !unreadable.is_empty() {
            let rows = unreadable.iter().map(|(account, message)| {
                [message.message_id.clone(), (*account).clone(), message.reason.clone()]
            });
            let listed = table(["COULD NOT BE READ", "ACCOUNT", "WHY"], rows);
            text.push_str(&format!("\n\n{listed}"));
            let shown = unreadable.len();
            if i64::try_from(shown).is_ok_and(|shown| shown < total) {
                text.push_str(&format!("\nThese are {shown} of {total}, those that came last."));
            }
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}
