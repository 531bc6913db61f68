//! How a person sees a message: the provider's truth with the waiting edits laid over it.

use std::collections::BTreeSet;

use rusqlite::params;

use deskbell_domain::message::Flags;
use deskbell_domain::sync::StateEdit;
use deskbell_domain::{ConversationId, MailboxRole, MessageId, Places, ScopeId};

use crate::store::Entity;
use crate::table::outbox::Item;
use crate::table::{conversation, location, message, outbox};
use crate::{StoreError, Write};

/// A copy as a person sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copy {
    /// The scope that holds it; for a move under way the scope it comes from.
    pub(crate) scope: ScopeId,
    /// Flags, edits included.
    pub(crate) flags: Flags,
    /// Where it lies, moves included; `None` once erased.
    pub(crate) role: Option<MailboxRole>,
    /// It is really there: an edit can be addressed to it.
    pub(crate) real: bool,
}

/// The copies of a message, edits laid over them.
pub(crate) fn copies(w: &Write<'_>, id: MessageId) -> Result<Vec<Copy>, StoreError> {
    let locations = location::of_message(w, id)?;
    let items = outbox::over_message(w, id)?;
    let mut copies = Vec::with_capacity(locations.len());
    for place in &locations {
        let mut copy = Copy {
            scope: place.scope,
            flags: place.flags,
            role: Some(place.role),
            real: true,
        };
        for item in items.iter().filter(|item| item.scope == place.scope && item.state != "accepted") {
            lay(item, &mut copy);
        }
        copies.push(copy);
    }
    // A move the provider has carried out, whose copy has not been seen at its new place yet.
    for item in items.iter().filter(|item| item.state == "accepted") {
        if let StateEdit::Move { to } = item.edit {
            if locations.iter().any(|place| place.role == to) {
                outbox::delete(w, item.id)?;
            } else {
                let flags = item.prior.flags;
                copies.push(Copy { scope: item.scope, flags, role: Some(to), real: false });
            }
        }
    }
    Ok(copies)
}

fn lay(item: &Item, copy: &mut Copy) {
    match item.edit {
        StateEdit::Seen { value } => copy.flags.seen = value,
        StateEdit::Starred { value } => copy.flags.starred = value,
        StateEdit::Move { to } => copy.role = Some(to),
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
    for id in messages {
        let copies = copies(w, *id)?;
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
