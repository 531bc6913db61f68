//! Putting conversations off, and their coming back.
//!
//! Invariant: a conversation that is put off comes back at its time, at an answer, or by a person's hand, and
//! in no other way is it lost sight of; whoever files it meanwhile ends it.

use rusqlite::params;

use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::{ConversationId, MailboxRole, Millis, Places};

use crate::store::Entity;
use crate::table::conversation;
use crate::table::snooze::{self, Snooze};
use crate::{StoreError, Write};

/// Puts conversations off until an instant, or with `None` until somebody answers; an answer ends it in any
/// case. Answers how many changed; `group` names the edit for [`crate::sync::undo`].
pub fn set(
    w: &mut Write<'_>,
    conversations: &[ConversationId],
    until: Option<Millis>,
    group: &str,
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for id in conversations {
        let prior = snooze::of(w, *id)?;
        if prior.is_some_and(|known| known.is_asleep() && known.until == until) {
            continue;
        }
        let (after_id, after_at, from_inbox) = known(w, *id)?;
        let new = Snooze {
            until,
            set_at: w.now(),
            after_id,
            after_at,
            from_inbox,
            returned_at: None,
            fresh: false,
        };
        replace(w, *id, prior.as_ref(), Some(&new), Some(group))?;
        changed += 1;
    }
    Ok(changed)
}

/// Brings conversations back before their time.
pub fn end(
    w: &mut Write<'_>,
    conversations: &[ConversationId],
    group: &str,
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for id in conversations {
        let Some(prior) = snooze::of(w, *id)?.filter(Snooze::is_asleep) else { continue };
        replace(w, *id, Some(&prior), None, Some(group))?;
        changed += 1;
    }
    Ok(changed)
}

/// Brings back every conversation whose time has come; which.
pub fn wake_due(w: &mut Write<'_>) -> Result<Vec<ConversationId>, StoreError> {
    let due = snooze::due(w, w.now())?;
    for id in &due {
        let Some(prior) = snooze::of(w, *id)? else { continue };
        let returned = Snooze { returned_at: Some(w.now()), fresh: true, ..prior };
        replace(w, *id, Some(&prior), Some(&returned), None)?;
        if !prior.from_inbox {
            // Put off from the archive, it comes back to where a person looks. What lay in the inbox and does
            // so no more was filed by another client, and stays filed.
            let group = crate::sync::new_group(w)?;
            crate::sync::edit::apply_edit(w, &[*id], ConversationEdit::Inbox, &group)?;
        }
    }
    Ok(due)
}

/// Notes that somebody has looked at a conversation that came back.
pub fn seen(w: &mut Write<'_>, id: ConversationId) -> Result<(), StoreError> {
    let Some(prior) = snooze::of(w, id)?.filter(|known| known.fresh) else { return Ok(()) };
    replace(w, id, Some(&prior), Some(&Snooze { fresh: false, ..prior }), None)
}

/// Ends what an edit by a person ends; true if that changed anything.
pub(crate) fn edited(
    w: &mut Write<'_>,
    id: ConversationId,
    edit: ConversationEdit,
    group: &str,
) -> Result<bool, StoreError> {
    use ConversationEdit::{Archive, Inbox, Spam, Trash};
    let Some(prior) = snooze::of(w, id)? else { return Ok(false) };
    let files = matches!(edit, Archive | Inbox | Spam | Trash);
    match (prior.is_asleep(), files) {
        (true, true) => replace(w, id, Some(&prior), None, Some(group))?,
        (false, _) if prior.fresh => {
            let looked_at = Snooze { fresh: false, ..prior };
            replace(w, id, Some(&prior), Some(&looked_at), Some(group))?;
        }
        _ => return Ok(false),
    }
    Ok(prior.is_asleep())
}

/// Puts conversations back as they were before an edit; how many.
pub(crate) fn undo(w: &mut Write<'_>, group: &str) -> Result<u64, StoreError> {
    let mut changed = 0;
    for (id, prior) in snooze::recall(w, group)? {
        let exists =
            w.prepare_cached("SELECT 1 FROM conversation WHERE id = ?1")?.exists([id.0])?;
        if exists {
            snooze::put(w, id, prior.as_ref())?;
            conversation::refresh(w, id)?;
            changed += 1;
        }
    }
    Ok(changed)
}

/// One message of a conversation, as far as it can end a snooze.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    pub(crate) id: i64,
    pub(crate) internal_date: Millis,
    pub(crate) own: bool,
    pub(crate) places: Places,
}

/// What is known of a conversation after these messages: somebody's answer brings it back.
pub(crate) fn heard(
    w: &Write<'_>,
    id: ConversationId,
    messages: impl IntoIterator<Item = Heard>,
) -> Result<Option<Snooze>, StoreError> {
    let Some(known) = snooze::of(w, id)? else { return Ok(None) };
    let answers = |m: Heard| {
        let arrived = m.id > known.after_id && m.internal_date >= known.after_at;
        arrived && !m.own && m.places.has(MailboxRole::Inbox)
    };
    if !known.is_asleep() || !messages.into_iter().any(answers) {
        return Ok(Some(known));
    }
    let returned = Snooze { returned_at: Some(w.now()), fresh: true, ..known };
    snooze::put(w, id, Some(&returned))?;
    Ok(Some(returned))
}

fn replace(
    w: &mut Write<'_>,
    id: ConversationId,
    prior: Option<&Snooze>,
    new: Option<&Snooze>,
    group: Option<&str>,
) -> Result<(), StoreError> {
    if let Some(group) = group {
        snooze::remember(w, group, id, prior)?;
    }
    snooze::put(w, id, new)?;
    conversation::refresh(w, id)?;
    w.touched(Entity::Conversation, id.0);
    Ok(())
}

/// The latest message there is, when the provider received the latest that is not ours, and whether it lies in the inbox.
fn known(w: &Write<'_>, id: ConversationId) -> Result<(i64, Millis, bool), StoreError> {
    let inbox = Places::of(MailboxRole::Inbox).0;
    Ok(w.prepare_cached(
        "SELECT coalesce(max(id), 0), coalesce(max(CASE own WHEN 0 THEN internal_date END), 0), coalesce(max(places & ?2 <> 0), 0)
         FROM message WHERE conversation_id = ?1",
    )?
    .query_row(params![id.0, inbox], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}
