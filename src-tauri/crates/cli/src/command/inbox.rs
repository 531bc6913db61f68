//! `bell inbox`.

use std::process::ExitCode;

use deskbell_api::dto::{ConversationRow, PageArgs};
use deskbell_api::handlers::inbox;
use deskbell_api::{Desk, clip};

use crate::exit::Failure;
use crate::output::{Output, table, time};

pub async fn run(
    desk: &Desk,
    output: Output,
    view: String,
    account_id: Option<String>,
    limit: u32,
    cursor: Option<String>,
) -> Result<ExitCode, Failure> {
    let page = inbox::page(desk, PageArgs { view, account_id, cursor, limit }).await?;
    output.answer(&page, || {
        if page.rows.is_empty() {
            return "Nothing here.".into();
        }
        table(["ID", "", "WHEN", "WHO", "WHAT"], page.rows.iter().map(row))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A conversation as one line.
pub fn row(row: &ConversationRow) -> [String; 5] {
    let marks = format!(
        "{}{}{}",
        if row.unread > 0 { "●" } else { "" },
        if row.starred { "★" } else { "" },
        if row.attachments > 0 { "@" } else { "" }
    );
    let what = if row.subject.is_empty() { &row.preview } else { &row.subject };
    [row.id.clone(), marks, time(row.last_at), clip(&row.people, 30), clip(what, 70)]
}
