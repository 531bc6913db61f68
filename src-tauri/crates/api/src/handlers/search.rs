//! Search.

use deskbell_domain::AccountId;
use deskbell_store::queries::search::{self, Request};

use crate::desk::Desk;
use crate::dto::{ApiError, SearchArgs, SearchHit, SearchPage};
use crate::handlers::{known, limit, optional_id};
use crate::present;

/// Finds conversations, newest first.
pub async fn search(desk: &Desk, args: SearchArgs) -> Result<SearchPage, ApiError> {
    let account = optional_id::<AccountId>("account_id", args.account_id.as_deref())?;
    let wanted = limit(args.limit)?;
    let below = args
        .cursor
        .as_deref()
        .map(|text| {
            text.parse()
                .map_err(|_| ApiError::field("cursor", "This is not a cursor of a page before."))
        })
        .transpose()?;
    // Finding the machine's zone can take longer than the search; only days ask for one.
    let typed = args.query.to_lowercase();
    let dated = ["before:", "after:"].iter().any(|field| typed.contains(field));
    let zone = if dated { jiff::tz::TimeZone::system() } else { jiff::tz::TimeZone::UTC };
    let query = search::parse(&args.query, args.typing, &zone);
    let problem = query.problem.clone();
    if query.expression.is_none() && query.filters.is_empty() {
        let empty = search::Page::default();
        return Ok(present_page(empty, problem, 0));
    }
    let packer = desk.store.packer();
    let request = Request { query, account, below, limit: wanted as usize };
    let (page, missing) = desk
        .store
        .read(move |c| {
            known(c, account)?;
            let page = search::run(c, &packer, &request)?;
            Ok((page, deskbell_store::queries::health::not_searchable(c)?))
        })
        .await?;
    Ok(present_page(page, problem, missing))
}

fn present_page(page: search::Page, problem: Option<String>, not_searched: i64) -> SearchPage {
    SearchPage {
        hits: page
            .hits
            .into_iter()
            .map(|hit| SearchHit {
                message_id: hit.message.id.to_string(),
                date: hit.message.date,
                own: hit.message.own,
                row: present::row(hit.conversation),
                from: present::fragments(hit.from),
                subject: present::fragments(hit.subject),
                snippet: present::fragments(hit.snippet),
            })
            .collect(),
        next: page.next.map(|next| next.to_string()),
        suggestion: page.suggestion,
        problem,
        not_searched,
    }
}
