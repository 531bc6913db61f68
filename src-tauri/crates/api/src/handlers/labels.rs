//! Labels: their list, and putting them on conversations.

use deskbell_domain::label::{COLORS, tidy_name};
use deskbell_domain::{AccountId, ConversationId, LabelId};
use deskbell_store::queries::label as queries;
use deskbell_store::{StoreError, sync, table};

use crate::desk::Desk;
use crate::dto::{
    ApiError, ById, ConversationPage, Done, Edited, Label, LabelArgs, LabelForm, LabelList,
    LabelPageArgs, NoArgs,
};
use crate::handlers::inbox::{conversations, listed, position};
use crate::handlers::{id, known, limit, optional_id};

/// Every label.
pub async fn list(desk: &Desk, _: NoArgs) -> Result<LabelList, ApiError> {
    let rows = desk.store.read(table::label::list).await?;
    Ok(LabelList { labels: rows.into_iter().map(label).collect() })
}

fn label(row: table::label::Label) -> Label {
    Label {
        id: row.id.to_string(),
        name: row.name,
        color: row.color,
        keyword: row.keyword,
        total: row.total,
        unread: row.unread,
    }
}

/// Makes a label, or changes one.
pub async fn put(desk: &Desk, form: LabelForm) -> Result<Label, ApiError> {
    let name =
        tidy_name(&form.name).map_err(|problem| ApiError::field("name", problem.to_string()))?;
    if form.color.is_some_and(|color| color >= COLORS) {
        return Err(ApiError::field("color", format!("Choose a colour from 0 to {}.", COLORS - 1)));
    }
    let known = optional_id::<LabelId>("id", form.id.as_deref())?;
    let (wanted, color) = (name.clone(), form.color);
    let put = desk
        .write(move |w| {
            let id = match known {
                None => table::label::insert(w, &wanted, color)?,
                Some(id) => {
                    let color = color
                        .map_or_else(|| Ok(table::label::get(w, id)?.color), Ok::<_, StoreError>)?;
                    table::label::update(w, id, &wanted, color)?;
                    id
                }
            };
            table::label::get(w, id)
        })
        .await;
    match put {
        Err(StoreError::Conflict(_)) => {
            let words = format!("There is a label “{name}” already; choose another name.");
            Err(ApiError::field("name", words))
        }
        put => Ok(label(put?)),
    }
}

/// Takes a label from everything that carries it, and removes it.
pub async fn remove(desk: &Desk, args: ById) -> Result<Done, ApiError> {
    let id: LabelId = id("id", &args.id)?;
    desk.write(move |w| sync::label::remove(w, id)).await?;
    Ok(Done {})
}

/// A page of the conversations that carry a label.
pub async fn page(desk: &Desk, args: LabelPageArgs) -> Result<ConversationPage, ApiError> {
    let label: LabelId = id("label_id", &args.label_id)?;
    let account = optional_id::<AccountId>("account_id", args.account_id.as_deref())?;
    let after = args.cursor.as_deref().map(position).transpose()?;
    let wanted = limit(args.limit)?;
    let rows = desk
        .store
        .read(move |c| {
            known(c, account)?;
            table::label::get(c, label)?;
            queries::page(c, label, account, after, wanted + 1)
        })
        .await?;
    Ok(listed(rows, wanted))
}

/// Puts a label on conversations, or takes it away.
pub async fn set(desk: &Desk, args: LabelArgs) -> Result<Edited, ApiError> {
    let ids: Vec<ConversationId> = conversations(&args.ids)?;
    let label: LabelId = id("label_id", &args.label_id)?;
    let (changed, group) = desk
        .write(move |w| {
            for id in &ids {
                table::conversation::get(w, *id)?;
            }
            let group = sync::new_group(w)?;
            Ok((sync::label::set(w, &ids, label, args.value, &group)?, group))
        })
        .await?;
    Ok(Edited { changed, undo: (changed > 0).then_some(group) })
}

/// The label with this name, for `bell`.
pub async fn named(desk: &Desk, name: &str) -> Result<Label, ApiError> {
    let wanted = name.to_owned();
    let found = desk.store.read(move |c| table::label::named(c, &wanted)).await?;
    found.map(label).ok_or_else(|| {
        ApiError::field(
            "label",
            format!("There is no label “{name}”; `bell label list` shows them."),
        )
    })
}
