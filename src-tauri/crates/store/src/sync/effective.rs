//! How a person sees a message: the provider's truth with the waiting edits laid over it.

use std::collections::BTreeSet;

use rusqlite::params;

use deskbell_domain::message::Flags;
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_domain::{ConversationId, MailboxRole, MessageId, Places, ScopeId};

use crate::store::Entity;
use crate::sync::label;
use crate::table::location::Location;
use crate::table::outbox::{Item, Prior};
use crate::table::{conversation, label as table_label, location, message, outbox};
use crate::{StoreError, Write};

/// A copy as a person sees it.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    /// The scope that holds it; for a move carried out, but not seen at its new place, the one it came from.
    pub(crate) scope: ScopeId,
    /// Its key there; `None` for a move carried out, but not seen at its new place.
    pub(crate) key: Option<RemoteKey>,
    /// Flags, edits included.
    pub(crate) flags: Flags,
    /// Where it lies, moves included; `None` once erased, here or by another client.
    pub(crate) role: Option<MailboxRole>,
    /// Flags and place as the provider knows them.
    pub(crate) truth: Prior,
}

/// The copies of a message, edits laid over them.
pub(crate) fn copies(w: &Write<'_>, id: MessageId) -> Result<Vec<Copy>, StoreError> {
    let locations = location::of_message(w, id)?;
    let mut items = outbox::over_message(w, id)?;
    let seen_again = arrived(w, id, &locations, &items)?;
    if found(w, &locations, &items)? || seen_again {
        items = outbox::over_message(w, id)?;
    }
    let seen = locations.iter().map(|place| {
        (place.scope, Some(&place.key), Prior { flags: place.flags, role: place.role })
    });
    // A move the provider has carried out, whose copy has not been seen at its new place yet.
    let moved = items.iter().filter(|item| item.state == "accepted").filter_map(|item| {
        let StateEdit::Move { to } = item.edit else { return None };
        Some((item.scope, None, Prior { flags: item.prior.flags, role: to }))
    });
    let mut copies = Vec::with_capacity(locations.len());
    for (scope, key, truth) in seen.chain(moved) {
        let role = (!truth.flags.deleted).then_some(truth.role);
        let mut copy = Copy { scope, key: key.cloned(), flags: truth.flags, role, truth };
        let over = items.iter().filter(|item| item.scope == scope && item.state != "accepted");
        for item in over.filter(|item| item.key.is_none() || item.key.as_ref() == key) {
            lay(item, &mut copy);
        }
        copies.push(copy);
    }
    Ok(copies)
}

/// Ends the moves whose copies were seen at their new place; what waits for those copies follows them.
fn arrived(
    w: &Write<'_>,
    id: MessageId,
    locations: &[Location],
    items: &[Item],
) -> Result<bool, StoreError> {
    let mut any = false;
    for item in items.iter().filter(|item| item.state == "accepted") {
        let StateEdit::Move { to } = item.edit else { continue };
        let Some(place) = locations.iter().find(|place| place.role == to) else { continue };
        if locations.iter().all(|place| place.scope != item.scope) {
            outbox::readdress(w, id, item.scope, place.scope)?;
        }
        outbox::delete(w, item.id)?;
        any = true;
    }
    Ok(any)
}

/// Edits whose copy was gone from its scope follow it to where it is now. A move that wanted it there is done: it may
/// be our own, carried out just before we were cut off.
fn found(w: &Write<'_>, locations: &[Location], items: &[Item]) -> Result<bool, StoreError> {
    let mut any = false;
    for item in items.iter().filter(|item| item.state == "adrift") {
        if locations.iter().any(|place| place.scope == item.scope) {
            continue;
        }
        let Some(place) = locations.last() else { continue };
        if item.edit == (StateEdit::Move { to: place.role }) {
            outbox::delete(w, item.id)?;
        } else {
            outbox::readdress_one(w, item.id, place.scope)?;
        }
        any = true;
    }
    Ok(any)
}

fn lay(item: &Item, copy: &mut Copy) {
    match item.edit {
        StateEdit::Seen { value } => copy.flags.seen = value,
        StateEdit::Starred { value } => copy.flags.starred = value,
        StateEdit::Answered { value } => copy.flags.answered = value,
        StateEdit::Move { to } => copy.role = copy.role.and(Some(to)),
        StateEdit::Label { .. } => {}
        StateEdit::Erase => copy.role = None,
    }
}

/// Flags and places of a message from its copies: read anywhere is read, starred anywhere is starred.
pub(crate) fn fold(copies: &[Copy]) -> (Flags, Places) {
    let mut flags = Flags::default();
    let mut places = Places::NONE;
    for copy in copies {
        if let Some(role) = copy.role {
            places = places.with(role);
            flags.seen |= copy.flags.seen;
            flags.starred |= copy.flags.starred;
            flags.answered |= copy.flags.answered;
            flags.draft |= copy.flags.draft;
        }
    }
    (flags, places)
}

/// Recomputes messages, then every conversation they are in, and those named beside them.
pub(crate) fn settle(
    w: &mut Write<'_>,
    messages: &BTreeSet<MessageId>,
    mut conversations: BTreeSet<ConversationId>,
) -> Result<(), StoreError> {
    let labelled = table_label::any(w)?;
    for id in messages {
        let copies = copies(w, *id)?;
        if labelled {
            label::settle_one(w, *id, &copies)?;
        }
        let (flags, places) = fold(&copies);
        let orphaned = (places == Places::NONE).then_some(w.now());
        let changed = if orphaned.is_some() {
            // Its flags say how it was last seen; a copy may still turn up elsewhere.
            w.prepare_cached(
                "UPDATE message SET places = 0, orphaned_at = coalesce(orphaned_at, ?2) WHERE id = ?1",
            )?
            .execute(params![id.0, orphaned])?
        } else {
            w.prepare_cached(
                "UPDATE message SET flags = ?2, places = ?3, orphaned_at = NULL WHERE id = ?1
                   AND (flags <> ?2 OR places <> ?3 OR orphaned_at IS NOT NULL)",
            )?
            .execute(params![id.0, flags.bits(), places.0])?
        };
        if changed > 0 {
            w.touched(Entity::Message, id.0);
        }
        if let Some(conversation) = message::conversation(w, *id)? {
            conversations.insert(conversation);
        }
    }
    for id in conversations {
        conversation::refresh(w, id)?;
    }
    Ok(())
}
