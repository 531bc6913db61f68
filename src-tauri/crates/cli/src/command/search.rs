//! `bell search`.

use std::process::ExitCode;

use deskbell_api::dto::SearchArgs;
use deskbell_api::handlers::search;
use deskbell_api::{Desk, clip};

use crate::exit::Failure;
use crate::output::{Output, table, time};

pub async fn run(
    desk: &Desk,
    output: Output,
    query: String,
    limit: u32,
    account_id: Option<String>,
) -> Result<ExitCode, Failure> {
    let args = SearchArgs { query, account_id, cursor: None, limit, typing: false };
    let page = search::search(desk, args).await?;
    if let Some(problem) = &page.problem {
        output.note(problem);
    }
    if page.not_searched > 0 {
        output.note(&format!(
            "{} messages are not here in full yet and were not searched.",
            page.not_searched
        ));
    }
    output.answer(&page, || {
        if page.hits.is_empty() {
            return match &page.suggestion {
                Some(suggestion) => format!("Nothing found. Did you mean “{suggestion}”?"),
                None => "Nothing found.".into(),
            };
        }
        let rows = page.hits.iter().map(|hit| {
            let plain = |parts: &[deskbell_api::dto::Fragment]| {
                parts.iter().map(|part| part.text.as_str()).collect::<String>()
            };
            [
                hit.row.id.clone(),
                time(hit.date),
                clip(&plain(&hit.from), 30),
                clip(&plain(&hit.subject), 40),
                clip(&plain(&hit.snippet), 60),
            ]
        });
        table(["ID", "WHEN", "WHO", "SUBJECT", "TEXT"], rows)
    })?;
    Ok(ExitCode::SUCCESS)
}
