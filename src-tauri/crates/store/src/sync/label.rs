//! Labels on conversations: what a person sets, what providers say, and what of both is seen.
//!
//! Invariant: a label set here lies over every copy of every message of the conversation as an edit, and is
//! written back as a keyword where the provider keeps keywords; elsewhere the edit stays, and stays here.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use deskbell_domain::ingested::{IngestedChange, IngestedPage};
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_domain::{ConversationId, LabelId, MessageId, ScopeId};

use crate::store::Entity;
use crate::sync::edit::{lay, remember_label};
use crate::sync::effective::{Copy, copies, settle};
use crate::table::{label, location, outbox, scope as table_scope};
use crate::{StoreError, Write};

/// Puts a label on conversations, or takes it away. Answers how many changed; `group` names the edit for
/// [`crate::sync::undo`].
pub fn set(
    w: &mut Write<'_>,
    conversations: &[ConversationId],
    label: LabelId,
    value: bool,
    group: &str,
) -> Result<u64, StoreError> {
    let keyword = label::get(w, label)?.keyword;
    let mut changed = 0;
    for conversation in conversations {
        let messages = living(w, *conversation)?;
        let mut touched = BTreeSet::new();
        for id in messages {
            let carries = label::of_message(w, id)?.contains(&label);
            if carries != value {
                set_one(w, *conversation, id, &keyword, value, Some(group))?;
                touched.insert(id);
            }
        }
        if !touched.is_empty() {
            changed += 1;
            settle(w, &touched, BTreeSet::from([*conversation]))?;
        }
    }
    Ok(changed)
}

/// Puts a label on one message, or takes it away; the caller settles it.
pub(crate) fn set_one(
    w: &Write<'_>,
    conversation: ConversationId,
    id: MessageId,
    keyword: &str,
    value: bool,
    group: Option<&str>,
) -> Result<(), StoreError> {
    let step = StateEdit::Label { keyword: keyword.to_owned(), name: String::new(), value };
    for copy in copies(w, id)? {
        if copy.role.is_none() {
            continue;
        }
        if let Some(group) = group {
            remember_label(w, group, id, copy.scope, keyword, !value)?;
        }
        lay(w, conversation, id, copy, &step, group.unwrap_or_default())?;
    }
    Ok(())
}

/// Takes a label from everything that carries it and removes it.
pub fn remove(w: &mut Write<'_>, label: LabelId) -> Result<(), StoreError> {
    label::get(w, label)?;
    let carrying: Vec<ConversationId> = {
        let mut statement = w.prepare_cached(
            "SELECT DISTINCT m.conversation_id FROM message_label b JOIN message m ON m.id = b.message_id WHERE b.label_id = ?1",
        )?;
        let rows = statement.query_map([label.0], |row| row.get(0).map(ConversationId))?;
        rows.collect::<Result<_, _>>()?
    };
    let group = crate::sync::new_group(w)?;
    set(w, &carrying, label, false, &group)?;
    // Nobody can take it back: the label it would put on is gone.
    w.prepare_cached("DELETE FROM undo WHERE undo_group = ?1")?.execute([&group])?;
    label::remove(w, label)
}

fn living(w: &Write<'_>, id: ConversationId) -> Result<Vec<MessageId>, StoreError> {
    let mut statement = w.prepare_cached(
        "SELECT id FROM message WHERE conversation_id = ?1 AND places <> 0 ORDER BY date, id",
    )?;
    let rows = statement.query_map([id.0], |row| row.get(0).map(MessageId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An edit that sets a label, with the name its provider may know the label by; `None` for any other edit.
pub(crate) fn with_name(w: &Write<'_>, step: &StateEdit) -> Result<Option<StateEdit>, StoreError> {
    let StateEdit::Label { keyword, value, .. } = step else { return Ok(None) };
    let name = label::remote_name(w, keyword)?;
    Ok(Some(StateEdit::Label { keyword: keyword.clone(), name, value: *value }))
}

/// Whether the provider's truth of a copy already is what an edit wants.
pub(crate) fn is_true(
    w: &Write<'_>,
    id: MessageId,
    scope: ScopeId,
    keyword: &str,
    value: bool,
) -> Result<bool, StoreError> {
    let Some(label) = label::find(w, keyword)? else { return Ok(!value) };
    let carries = label::truth(w, id)?.contains(&(scope, label));
    Ok(carries == value)
}

/// Takes over that the provider has set a keyword on, or taken it from, the copies of a message in a scope.
pub(crate) fn accepted(
    w: &mut Write<'_>,
    id: MessageId,
    scope: ScopeId,
    keyword: &str,
    value: bool,
) -> Result<(), StoreError> {
    let Some(label) = label::find(w, keyword)? else { return Ok(()) };
    for place in location::of_message(w, id)?.into_iter().filter(|place| place.scope == scope) {
        let mut labels = label::of_copy(w, scope, &place.key)?;
        labels.retain(|known| *known != label);
        if value {
            labels.push(label);
        }
        label::set_copy(w, scope, &place.key, &labels)?;
    }
    Ok(())
}

/// Carries what a copy is labelled with over to its new key.
pub(crate) fn moved(
    w: &Write<'_>,
    labels: &[LabelId],
    scope: ScopeId,
    key: &RemoteKey,
) -> Result<(), StoreError> {
    if labels.is_empty() {
        return Ok(());
    }
    label::set_copy(w, scope, key, labels).map(|_| ())
}

/// Takes over the keywords or labels a page tells; the messages whose labels changed.
///
/// Only a page with a position tells state; one without brings bodies of messages known before.
pub(crate) fn take_over(
    w: &mut Write<'_>,
    scope: ScopeId,
    page: &IngestedPage,
) -> Result<BTreeSet<MessageId>, StoreError> {
    let mut told: BTreeMap<&RemoteKey, &[String]> = BTreeMap::new();
    let mut named: BTreeMap<&RemoteKey, &[String]> = BTreeMap::new();
    for change in &page.changes {
        match change {
            IngestedChange::Keywords { key, keywords } => _ = told.insert(key, keywords),
            IngestedChange::Labels { key, labels } => _ = named.insert(key, labels),
            _ => {}
        }
    }
    let mut changed = BTreeSet::new();
    if page.cursor.is_none() {
        return Ok(changed);
    }
    if !named.is_empty() {
        table_scope::set_names_labels(w, scope)?;
    }
    for (key, names) in named {
        take_named(w, scope, key, names, &mut changed)?;
    }
    // What tells labels says nothing by not telling keywords.
    if (told.is_empty() && !carries_any(w, scope)?) || table_scope::names_labels(w, scope)? {
        return Ok(changed);
    }
    for change in &page.changes {
        match change {
            IngestedChange::Message(m) => take_copy(w, scope, &m.key, &told, &mut changed)?,
            IngestedChange::Flags { key, .. } => take_copy(w, scope, key, &told, &mut changed)?,
            IngestedChange::Present { present, .. } => {
                for (key, _) in present.iter().filter(|(_, flags)| flags.is_some()) {
                    take_copy(w, scope, key, &told, &mut changed)?;
                }
            }
            _ => {}
        }
    }
    Ok(changed)
}

fn take_copy(
    w: &mut Write<'_>,
    scope: ScopeId,
    key: &RemoteKey,
    told: &BTreeMap<&RemoteKey, &[String]>,
    changed: &mut BTreeSet<MessageId>,
) -> Result<(), StoreError> {
    let Some((message, _)) = location::message(w, scope, key)? else { return Ok(()) };
    let mut labels = Vec::new();
    for keyword in told.get(key).copied().unwrap_or_default() {
        labels.extend(label::of_keyword(w, keyword)?.filter(|id| !labels.contains(id)));
    }
    if label::set_copy(w, scope, key, &labels)? {
        changed.insert(message);
    }
    Ok(())
}

fn take_named(
    w: &mut Write<'_>,
    scope: ScopeId,
    key: &RemoteKey,
    names: &[String],
    changed: &mut BTreeSet<MessageId>,
) -> Result<(), StoreError> {
    let Some((message, _)) = location::message(w, scope, key)? else { return Ok(()) };
    let mut labels = Vec::new();
    for name in names {
        labels.extend(label::of_remote_name(w, name)?.filter(|id| !labels.contains(id)));
    }
    if label::set_copy(w, scope, key, &labels)? {
        changed.insert(message);
    }
    Ok(())
}

fn carries_any(w: &Write<'_>, scope: ScopeId) -> Result<bool, StoreError> {
    Ok(w.prepare_cached("SELECT 1 FROM location_label WHERE scope_id = ?1 LIMIT 1")?
        .exists([scope.0])?)
}

/// Recomputes the labels of a message from its copies; true if they changed.
pub(crate) fn settle_one(
    w: &mut Write<'_>,
    id: MessageId,
    copies: &[Copy],
) -> Result<bool, StoreError> {
    let before = label::of_message(w, id)?;
    let truth = label::truth(w, id)?;
    let items = outbox::over_message(w, id)?;
    let labelling = items.iter().any(|item| matches!(item.edit, StateEdit::Label { .. }));
    if before.is_empty() && truth.is_empty() && !labelling {
        return Ok(false);
    }
    let moving = items.iter().any(|item| item.state == "accepted");
    let mut now: BTreeSet<LabelId> = BTreeSet::new();
    for copy in copies.iter().filter(|copy| copy.role.is_some()) {
        let mut carried: BTreeSet<LabelId> =
            truth.iter().filter(|(scope, _)| *scope == copy.scope).map(|(_, id)| *id).collect();
        if moving {
            // Between two mailboxes nobody says what the copy carries: it is what it was.
            carried.extend(&before);
        }
        for item in items.iter().filter(|item| item.scope == copy.scope) {
            let StateEdit::Label { keyword, value, .. } = &item.edit else { continue };
            let Some(label) = label::find(w, keyword)? else { continue };
            if *value {
                carried.insert(label);
            } else {
                carried.remove(&label);
            }
        }
        now.extend(carried);
    }
    if copies.iter().all(|copy| copy.role.is_none()) {
        // As with flags: it is remembered how it was last seen.
        return Ok(false);
    }
    if now.iter().copied().eq(before.iter().copied()) {
        return Ok(false);
    }
    w.prepare_cached("DELETE FROM message_label WHERE message_id = ?1")?.execute([id.0])?;
    for label in &now {
        w.prepare_cached("INSERT INTO message_label (message_id, label_id) VALUES (?1, ?2)")?
            .execute([id.0, label.0])?;
    }
    w.touched(Entity::Message, id.0);
    Ok(true)
}

/// A conversation's place in the lists of its labels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) conversation: ConversationId,
    pub(crate) account: i64,
    pub(crate) last_at: i64,
    pub(crate) unread: bool,
    /// Neither spam nor deleted.
    pub(crate) kept: bool,
}

/// Lists a conversation under its labels; what its row says of them.
pub(crate) fn list(w: &mut Write<'_>, place: Place) -> Result<String, StoreError> {
    let labels = label::of_conversation(w, place.conversation)?;
    relist(w, place, if place.kept { &labels } else { &[] })?;
    Ok(labels.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}

/// Takes a conversation out of the lists of labels.
pub(crate) fn unlist(w: &mut Write<'_>, conversation: ConversationId) -> Result<(), StoreError> {
    let place = Place { conversation, account: 0, last_at: 0, unread: false, kept: false };
    relist(w, place, &[])
}

fn relist(w: &mut Write<'_>, place: Place, labels: &[LabelId]) -> Result<(), StoreError> {
    let before: Vec<(LabelId, i64, bool)> = {
        let mut statement = w.prepare_cached(
            "SELECT label_id, last_at, unread FROM conversation_label WHERE conversation_id = ?1",
        )?;
        let rows = statement.query_map([place.conversation.0], |row| {
            Ok((LabelId(row.get(0)?), row.get(1)?, row.get(2)?))
        })?;
        rows.collect::<Result<_, _>>()?
    };
    for (label, last_at, unread) in &before {
        if labels.contains(label) && (*last_at, *unread) == (place.last_at, place.unread) {
            continue;
        }
        w.prepare_cached(
            "DELETE FROM conversation_label WHERE label_id = ?1 AND last_at = ?2 AND conversation_id = ?3",
        )?
        .execute(params![label.0, last_at, place.conversation.0])?;
        w.touched(Entity::Label, label.0);
    }
    for label in labels {
        if before.contains(&(*label, place.last_at, place.unread)) {
            continue;
        }
        w.prepare_cached(
            "INSERT INTO conversation_label (label_id, last_at, conversation_id, account_id, unread) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![label.0, place.last_at, place.conversation.0, place.account, place.unread])?;
        w.touched(Entity::Label, label.0);
    }
    Ok(())
}
