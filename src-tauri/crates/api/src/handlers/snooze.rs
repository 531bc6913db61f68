//! Putting conversations off, and bringing them back.

use jiff::tz::TimeZone;

use deskbell_domain::ConversationId;
use deskbell_domain::snooze::{Choice, check};
use deskbell_store::{sync, table};

use crate::desk::Desk;
use crate::dto::{
    ApiError, ById, Done, Edited, IdsArgs, NoArgs, SnoozeArgs, SnoozeChoice, SnoozeChoices,
};
use crate::handlers::id;
use crate::handlers::inbox::conversations;

/// Natural times to put something off to, on this machine's wall clock.
pub async fn choices(desk: &Desk, _: NoArgs) -> Result<SnoozeChoices, ApiError> {
    let (now, zone) = (desk.now(), TimeZone::system());
    let meant = |choice: Choice| {
        let at = choice.at(now, &zone)?;
        Some(SnoozeChoice { kind: choice.as_str().into(), at })
    };
    let mut choices: Vec<SnoozeChoice> = Choice::EVERY.into_iter().filter_map(meant).collect();
    choices.sort_by_key(|choice| choice.at);
    Ok(SnoozeChoices { choices })
}

/// Puts conversations off.
pub async fn set(desk: &Desk, args: SnoozeArgs) -> Result<Edited, ApiError> {
    let ids = conversations(&args.ids)?;
    if let Some(until) = args.until {
        check(until, desk.now())
            .map_err(|problem| ApiError::field("until", problem.to_string()))?;
    }
    edit(desk, ids, move |w, ids, group| sync::snooze::set(w, ids, args.until, group)).await
}

/// Brings conversations back before their time.
pub async fn wake(desk: &Desk, args: IdsArgs) -> Result<Edited, ApiError> {
    edit(desk, conversations(&args.ids)?, sync::snooze::end).await
}

/// Notes that a conversation that came back was looked at.
pub async fn seen(desk: &Desk, args: ById) -> Result<Done, ApiError> {
    let id: ConversationId = id("id", &args.id)?;
    desk.write(move |w| {
        table::conversation::get(w, id)?;
        sync::snooze::seen(w, id)
    })
    .await?;
    Ok(Done {})
}

async fn edit<F>(desk: &Desk, ids: Vec<ConversationId>, job: F) -> Result<Edited, ApiError>
where
    F: FnOnce(
            &mut deskbell_store::Write<'_>,
            &[ConversationId],
            &str,
        ) -> Result<u64, deskbell_store::StoreError>
        + Send
        + 'static,
{
    let (changed, group) = desk
        .write(move |w| {
            for id in &ids {
                table::conversation::get(w, *id)?;
            }
            let group = sync::new_group(w)?;
            Ok((job(w, &ids, &group)?, group))
        })
        .await?;
    Ok(Edited { changed, undo: (changed > 0).then_some(group) })
}
