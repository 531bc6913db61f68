//! What became of an edit at its provider: taken over into its truth, or taken back.

use std::collections::BTreeSet;

use rusqlite::params;

use deskbell_domain::OutboxId;
use deskbell_domain::sync::{EditOutcome, StateEdit};

use crate::store::Entity;
use crate::sync::effective::settle;
use crate::sync::label;
use crate::table::{label as table_label, location, outbox, scope};
use crate::{StoreError, Write};

/// Takes over what the provider did. `outcome` is `None` when the copy was gone already: an erasure is then done,
/// and anything else follows the copy to where it turns up.
pub fn edit_accepted(
    w: &mut Write<'_>,
    id: OutboxId,
    outcome: Option<&EditOutcome>,
) -> Result<(), StoreError> {
    let Some((item, account)) = outbox::get(w, id)? else { return Ok(()) };
    if outcome.is_none() && item.edit != StateEdit::Erase {
        outbox::set_adrift(w, id)?;
    } else {
        outbox::delete(w, id)?;
    }
    if let Some(outcome) = outcome {
        match &item.edit {
            StateEdit::Seen { value } => {
                location::change_flags(w, item.scope, item.message, |flags| flags.seen = *value)?;
            }
            StateEdit::Starred { value } => {
                location::change_flags(w, item.scope, item.message, |flags| {
                    flags.starred = *value
                })?;
            }
            StateEdit::Answered { value } => {
                location::change_flags(w, item.scope, item.message, |flags| {
                    flags.answered = *value
                })?;
            }
            // It lay there already.
            StateEdit::Move { to }
                if outcome.moved_to.is_none() && scope::get(w, item.scope)?.remote.role == *to => {}
            StateEdit::Move { to } => {
                let mut flags = item.prior.flags;
                if let Some((_, there)) = location::message(w, item.scope, &outcome.key)? {
                    flags = there;
                }
                let labels = table_label::of_copy(w, item.scope, &outcome.key)?;
                location::remove(w, item.scope, &outcome.key)?;
                let target = match &outcome.moved_to {
                    Some((scope_key, key)) => {
                        scope::find(w, account, scope_key)?.map(|row| (row, key))
                    }
                    None => None,
                };
                // A key we know as another message's is of a numbering we have not heard of yet.
                let believed = match &target {
                    Some((row, key)) => location::message(w, row.id, key)?
                        .is_none_or(|(there, _)| there == item.message),
                    None => false,
                };
                match target.filter(|_| believed) {
                    Some((row, key)) => {
                        // Within a scope that holds several mailboxes the copy lies where it was sent.
                        let role = if row.id == item.scope { *to } else { row.remote.role };
                        location::put(w, row.id, key, item.message, flags, role)?;
                        label::moved(w, &labels, row.id, key)?;
                        let left = location::of_message(w, item.message)?;
                        if left.iter().all(|place| place.scope != item.scope) {
                            outbox::readdress(w, item.message, item.scope, row.id)?;
                        }
                    }
                    None => outbox::insert_accepted(w, &item, account, *to, flags)?,
                }
            }
            StateEdit::Label { keyword, value, .. } => {
                label::accepted(w, item.message, item.scope, keyword, *value)?;
            }
            StateEdit::Erase => {
                location::remove(w, item.scope, &outcome.key)?;
            }
        }
    }
    settle(w, &BTreeSet::from([item.message]), BTreeSet::from([item.conversation]))?;
    w.touched(Entity::Account, account.0);
    Ok(())
}

/// Takes an edit back that the provider refused, and keeps its reason for the person.
pub fn edit_rejected(w: &mut Write<'_>, id: OutboxId, reason: &str) -> Result<(), StoreError> {
    let Some((item, account)) = outbox::get(w, id)? else { return Ok(()) };
    if matches!(item.edit, StateEdit::Label { .. }) {
        // A provider that keeps no keywords is told nothing; the label is kept here.
        outbox::keep_here(w, id)?;
        return settle(w, &BTreeSet::from([item.message]), BTreeSet::from([item.conversation]));
    }
    outbox::delete(w, id)?;
    let detail = format!("The provider refused a change: {reason}");
    w.execute("UPDATE account SET detail = ?2 WHERE id = ?1", params![account.0, detail])?;
    w.touched(Entity::Account, account.0);
    settle(w, &BTreeSet::from([item.message]), BTreeSet::from([item.conversation]))
}
