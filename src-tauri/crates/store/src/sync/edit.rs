//! What a person does to conversations, and taking it back. What becomes of it at the provider: `edited`.

use std::collections::BTreeSet;

use rusqlite::params;
use serde::{Deserialize, Serialize};

use deskbell_domain::conversation::{ConversationEdit, plan};
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_domain::time::DAY;
use deskbell_domain::{ConversationId, MailboxRole, MessageId, Places, ScopeId};

use crate::sync::effective::{Copy, copies, settle};
use crate::sync::{label, snooze};
use crate::table::outbox::NewItem;
use crate::table::{account, message, outbox, scope};
use crate::{StoreError, Write};

/// How long an edit can be taken back.
const UNDO_KEPT: i64 = DAY;

/// The edit that takes another back, and which copy it is meant for.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Inverse {
    /// Where the copy was; it may have moved since.
    scope: ScopeId,
    seen: Option<bool>,
    starred: Option<bool>,
    /// From where to where.
    back: Option<(MailboxRole, MailboxRole)>,
    /// How many copies lay there; they do not differ, so as many of those now beside them are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    copies: Option<usize>,
    /// Keyword, and whether it was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<(String, bool)>,
}

impl Inverse {
    /// What is to be done to a copy, if the edit taken back is on it.
    fn step(&self, copy: &Copy) -> Option<StateEdit> {
        let seen = self.seen.filter(|value| copy.flags.seen != *value);
        let starred = self.starred.filter(|value| copy.flags.starred != *value);
        let back = self.back.filter(|(from, _)| copy.role == Some(*from));
        seen.map(|value| StateEdit::Seen { value })
            .or(starred.map(|value| StateEdit::Starred { value }))
            .or(back.map(|(_, to)| StateEdit::Move { to }))
            .or(self.label.clone().map(|(keyword, value)| StateEdit::Label {
                keyword,
                name: String::new(),
                value,
            }))
    }
}

/// A fresh name for an edit: numbered, so that no two of a profile are alike.
pub fn new_group(w: &mut Write<'_>) -> Result<String, StoreError> {
    let number: i64 = w.query_row(
        "INSERT INTO undo_group (created_at) VALUES (?1) RETURNING id",
        [w.now()],
        |row| row.get(0),
    )?;
    Ok(format!("edit-{number}"))
}

/// Edits conversations at once, and queues what the provider must learn. Answers how many changed.
///
/// `group` names the edit for [`undo`]; it must be new.
pub fn edit(
    w: &mut Write<'_>,
    conversations: &[ConversationId],
    edit: ConversationEdit,
    group: &str,
) -> Result<u64, StoreError> {
    let mut changed = BTreeSet::new();
    for conversation in conversations {
        if snooze::edited(w, *conversation, edit, group)? {
            changed.insert(*conversation);
        }
    }
    changed.extend(apply_edit(w, conversations, edit, group)?);
    Ok(changed.len() as u64)
}

/// The edit itself, on the messages; which conversations changed.
pub(crate) fn apply_edit(
    w: &mut Write<'_>,
    conversations: &[ConversationId],
    edit: ConversationEdit,
    group: &str,
) -> Result<BTreeSet<ConversationId>, StoreError> {
    for table in ["undo", "undo_group", "snooze_undo"] {
        let sql = format!("DELETE FROM {table} WHERE created_at < ?1");
        w.prepare_cached(&sql)?.execute([w.now() - UNDO_KEPT])?;
    }
    let mut changed = BTreeSet::new();
    for conversation in conversations {
        let living = living(w, *conversation)?;
        let latest = spokesman(edit, &living);
        let mut touched = BTreeSet::new();
        for (id, _) in &living {
            let latest = latest == Some(*id);
            let copies = copies(w, *id)?;
            for copy in copies.iter().cloned() {
                let Some(role) = copy.role else { continue };
                let Some(step) = plan(edit, copy.flags, role, latest) else { continue };
                let beside = copies.iter().filter(|other| other.scope == copy.scope).count();
                remember(w, group, *id, &copy, role, &step, beside)?;
                lay(w, *conversation, *id, copy, &step, group)?;
                touched.insert(*id);
            }
        }
        if !touched.is_empty() {
            changed.insert(*conversation);
            settle(w, &touched, BTreeSet::from([*conversation]))?;
        }
    }
    Ok(changed)
}

/// Takes an edit back, whether or not the provider has learnt of it. Answers how many messages changed.
pub fn undo(w: &mut Write<'_>, group: &str) -> Result<u64, StoreError> {
    let steps: Vec<(i64, String)> = {
        let mut statement =
            w.prepare_cached("DELETE FROM undo WHERE undo_group = ?1 RETURNING message_id, edit")?;
        let rows = statement.query_map([group], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    let mut touched = BTreeSet::new();
    for (id, inverse) in steps {
        let id = MessageId(id);
        let Some(conversation) = message::conversation(w, id)? else { continue };
        let inverse: Inverse = serde_json::from_str(&inverse)
            .map_err(|error| StoreError::Body(format!("an undo step: {error}")))?;
        let copies = copies(w, id)?;
        let there: Vec<&Copy> = copies.iter().filter(|copy| copy.scope == inverse.scope).collect();
        // A copy that has left its scope meanwhile is known by what the edit made of it.
        let left = there.is_empty();
        let meant = if left { copies.iter().collect() } else { there };
        let steps: Vec<_> =
            meant.into_iter().filter_map(|copy| Some((copy, inverse.step(copy)?))).collect();
        // The newest are those that came last.
        let spared = match inverse.copies {
            Some(moved) if left => steps.len().saturating_sub(moved),
            _ => 0,
        };
        for (copy, step) in steps.into_iter().skip(spared) {
            let alone = copies.iter().filter(|other| other.scope == copy.scope).count() == 1;
            let one = copy.key.as_ref().filter(|_| left && !alone);
            lay_over(w, conversation, id, copy.clone(), &step, "", one)?;
            touched.insert(id);
        }
    }
    settle(w, &touched, BTreeSet::new())?;
    let woken = snooze::undo(w, group)?;
    Ok(touched.len() as u64 + woken)
}

/// The message an edit of the latest one alone is for: it must show in the list the person looks for it in.
///
/// What they wrote themselves is never unread, and what lies in the trash is not starred.
fn spokesman(edit: ConversationEdit, living: &[(MessageId, Places)]) -> Option<MessageId> {
    let last = |test: &dyn Fn(&Places) -> bool| {
        living.iter().rev().find(|(_, places)| test(places)).map(|(id, _)| *id)
    };
    let received = last(&|places| places.has(MailboxRole::Inbox));
    let kept = last(&|places| !places.is_discarded());
    let any = last(&|_| true);
    match edit {
        ConversationEdit::Unread => received.or(kept).or(any),
        _ => kept.or(any),
    }
}

/// The messages of a conversation that lie anywhere, oldest first.
fn living(w: &Write<'_>, id: ConversationId) -> Result<Vec<(MessageId, Places)>, StoreError> {
    let mut statement = w.prepare_cached(
        "SELECT id, places FROM message WHERE conversation_id = ?1 AND places <> 0 ORDER BY date, id",
    )?;
    let rows =
        statement.query_map([id.0], |row| Ok((MessageId(row.get(0)?), Places(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn remember(
    w: &Write<'_>,
    group: &str,
    id: MessageId,
    copy: &Copy,
    role: MailboxRole,
    step: &StateEdit,
    beside: usize,
) -> Result<(), StoreError> {
    let nothing = Inverse {
        scope: copy.scope,
        seen: None,
        starred: None,
        back: None,
        copies: None,
        label: None,
    };
    let inverse = match step {
        StateEdit::Seen { .. } => Inverse { seen: Some(copy.flags.seen), ..nothing },
        StateEdit::Starred { .. } => Inverse { starred: Some(copy.flags.starred), ..nothing },
        StateEdit::Move { to } => {
            Inverse { back: Some((*to, role)), copies: Some(beside), ..nothing }
        }
        StateEdit::Answered { .. } | StateEdit::Label { .. } | StateEdit::Erase => return Ok(()),
    };
    w.prepare_cached(
        "INSERT OR IGNORE INTO undo (undo_group, message_id, edit, created_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![group, id.0, outbox::encode(&inverse)?, w.now()])?;
    Ok(())
}

/// Remembers that a copy carried a keyword, or did not.
pub(crate) fn remember_label(
    w: &Write<'_>,
    group: &str,
    id: MessageId,
    scope: ScopeId,
    keyword: &str,
    carried: bool,
) -> Result<(), StoreError> {
    let label = Some((keyword.to_owned(), carried));
    let inverse = Inverse { scope, seen: None, starred: None, back: None, copies: None, label };
    w.prepare_cached(
        "INSERT OR IGNORE INTO undo (undo_group, message_id, edit, created_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![group, id.0, outbox::encode(&inverse)?, w.now()])?;
    Ok(())
}

/// Whether two edits are about the same thing, so that the later one takes the earlier one's place.
fn same_subject(one: &StateEdit, other: &StateEdit) -> bool {
    match (one, other) {
        (StateEdit::Label { keyword: a, .. }, StateEdit::Label { keyword: b, .. }) => {
            a.eq_ignore_ascii_case(b)
        }
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

/// Lays one edit over one copy. An edit of the same kind that has not left yet is replaced, and nothing is
/// queued where the provider's truth already is what the person wants.
pub(crate) fn lay(
    w: &Write<'_>,
    conversation: ConversationId,
    id: MessageId,
    copy: Copy,
    step: &StateEdit,
    group: &str,
) -> Result<(), StoreError> {
    lay_over(w, conversation, id, copy, step, group, None)
}

/// As [`lay`], over the one copy with this key, or over every copy of the message in the scope.
fn lay_over(
    w: &Write<'_>,
    conversation: ConversationId,
    id: MessageId,
    copy: Copy,
    step: &StateEdit,
    group: &str,
    key: Option<&RemoteKey>,
) -> Result<(), StoreError> {
    let mut under_way = false;
    for item in outbox::over_message(w, id)? {
        let same_copy = item.scope == copy.scope && item.key.as_ref() == key;
        if !same_copy || !same_subject(&item.edit, step) {
            continue;
        }
        match item.state.as_str() {
            // Begun and cut off: half of it may be done there, so it is carried to its end first.
            "queued" if item.step.is_some() => under_way = true,
            "queued" | "local" | "adrift" => outbox::delete(w, item.id)?,
            "sending" => under_way = true,
            _ => {}
        }
    }
    let scope = scope::get(w, copy.scope)?;
    let already = match step {
        StateEdit::Seen { value } => copy.truth.flags.seen == *value,
        StateEdit::Starred { value } => copy.truth.flags.starred == *value,
        StateEdit::Answered { value } => copy.truth.flags.answered == *value,
        // What was written here comes back to where it was: it has no place in an inbox.
        StateEdit::Move { to } => {
            copy.truth.role == *to || (scope.local && *to == MailboxRole::Inbox)
        }
        StateEdit::Label { keyword, value, .. } => {
            label::is_true(w, id, copy.scope, keyword, *value)?
        }
        StateEdit::Erase => false,
    };
    if already && !under_way {
        return Ok(());
    }
    let named = label::with_name(w, step)?;
    let local = scope.local || !account::get(w, scope.account)?.writes_back;
    outbox::insert(
        w,
        &NewItem {
            account: scope.account,
            conversation,
            message: id,
            scope: copy.scope,
            edit: named.as_ref().unwrap_or(step),
            prior: copy.truth,
            group,
            key,
            local,
        },
    )
}

/// Lays an edit that cannot be taken back over one copy.
pub(crate) fn lay_on(
    w: &Write<'_>,
    conversation: ConversationId,
    id: MessageId,
    copy: Copy,
    step: &StateEdit,
) -> Result<(), StoreError> {
    lay(w, conversation, id, copy, step, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_answered_by_us_is_marked_unread_by_what_the_client_wrote() {
        let living = [
            (MessageId(1), Places::of(MailboxRole::Inbox)),
            (MessageId(2), Places::of(MailboxRole::Sent)),
            (MessageId(3), Places::of(MailboxRole::Trash)),
        ];
        let meant = |edit| spokesman(edit, &living);
        assert_eq!(meant(ConversationEdit::Unread), Some(MessageId(1)), "our answer is not news");
        assert_eq!(meant(ConversationEdit::Star), Some(MessageId(2)), "the trash is not starred");
        assert_eq!(spokesman(ConversationEdit::Unread, &[]), None);
    }
}
