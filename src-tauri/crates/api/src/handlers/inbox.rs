//! Lists, counters, and what a person does to conversations.

use deskbell_domain::conversation::View;
use deskbell_domain::{AccountId, ConversationId};
use deskbell_store::queries::inbox::{self, Position};
use deskbell_store::{sync, table};

use crate::desk::Desk;
use crate::dto::{
    ApiError, ConversationPage, Counter, Counters, Done, EditArgs, Edited, NoArgs, PageArgs,
    UndoArgs,
};
use crate::handlers::{id, known, limit, optional_id};
use crate::present;

/// Conversations one edit may name.
const LARGEST_EDIT: usize = 1_000;

/// A page of a view.
pub async fn page(desk: &Desk, args: PageArgs) -> Result<ConversationPage, ApiError> {
    let view = view("view", &args.view)?;
    let account = optional_id::<AccountId>("account_id", args.account_id.as_deref())?;
    let after = args.cursor.as_deref().map(position).transpose()?;
    let wanted = limit(args.limit)?;
    let rows = desk
        .store
        .read(move |c| {
            known(c, account)?;
            inbox::page(c, view, account, after, wanted + 1)
        })
        .await?;
    Ok(listed(rows, wanted))
}

/// The rows wanted, of those read, and where the next page begins if there were more.
pub(crate) fn listed(
    rows: Vec<table::conversation::Conversation>,
    wanted: u32,
) -> ConversationPage {
    let more = rows.len() > wanted as usize;
    let rows: Vec<_> = rows.into_iter().take(wanted as usize).collect();
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.last_at, row.id));
    ConversationPage { rows: rows.into_iter().map(present::row).collect(), next }
}

/// The conversations an edit names.
pub(crate) fn conversations(ids: &[String]) -> Result<Vec<ConversationId>, ApiError> {
    if ids.is_empty() || ids.len() > LARGEST_EDIT {
        let message = format!("Choose 1 to {LARGEST_EDIT} conversations.");
        return Err(ApiError::field("ids", message));
    }
    ids.iter().map(|text| id("ids", text)).collect()
}

pub(crate) fn view(field: &str, word: &str) -> Result<View, ApiError> {
    View::parse(word).ok_or_else(|| {
        let views = View::EVERY.map(View::as_str).join(", ");
        ApiError::field(field, format!("There is no view “{word}”; there are {views}."))
    })
}

pub(crate) fn position(text: &str) -> Result<Position, ApiError> {
    let wrong = || ApiError::field("cursor", "This is not a cursor of a page before.");
    let (last_at, row) = text.split_once('.').ok_or_else(wrong)?;
    Ok(Position {
        last_at: last_at.parse().map_err(|_| wrong())?,
        id: row.parse().map_err(|_| wrong())?,
    })
}

/// The totals of every view, for each account and for all.
pub async fn counters(desk: &Desk, _: NoArgs) -> Result<Counters, ApiError> {
    let rows = desk.store.read(inbox::counters).await?;
    let mut counters = Vec::new();
    for view in View::EVERY {
        let of_view: Vec<_> = rows.iter().filter(|row| row.view == view).collect();
        counters.push(Counter {
            view: view.as_str().into(),
            account_id: None,
            total: of_view.iter().map(|row| row.total).sum(),
            unread: of_view.iter().map(|row| row.unread).sum(),
        });
        counters.extend(of_view.into_iter().map(|row| Counter {
            view: view.as_str().into(),
            account_id: Some(row.account.to_string()),
            total: row.total,
            unread: row.unread,
        }));
    }
    Ok(Counters { counters })
}

/// Edits conversations at once; the provider learns of it when it can be reached.
pub async fn edit(desk: &Desk, args: EditArgs) -> Result<Edited, ApiError> {
    let ids = conversations(&args.ids)?;
    let edit = args.edit.into();
    let (changed, group) = desk
        .write(move |w| {
            for id in &ids {
                table::conversation::get(w, *id)?;
            }
            let group = sync::new_group(w)?;
            Ok((sync::edit(w, &ids, edit, &group)?, group))
        })
        .await?;
    Ok(Edited { changed, undo: (changed > 0).then_some(group) })
}

/// Takes an edit back.
pub async fn undo(desk: &Desk, args: UndoArgs) -> Result<Done, ApiError> {
    let changed = desk.write(move |w| sync::undo(w, &args.undo)).await?;
    if changed == 0 {
        return Err(ApiError::new(
            crate::dto::Code::NotFound,
            "This can no longer be taken back; the messages are where the provider put them.",
        ));
    }
    Ok(Done {})
}
