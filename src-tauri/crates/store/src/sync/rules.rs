//! Which mail rules look at, and what they do to it.
//!
//! Invariant: only mail that its provider received after its account was added here is looked at, and never mail
//! that a history window left out before: a first sync's history, imported archives and what comes back with a
//! wider window are left as they are.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use deskbell_domain::conversation::{ConversationEdit, plan};
use deskbell_domain::rule::Action;
use deskbell_domain::{MailboxRole, MessageId, Millis};

use crate::sync::effective::{copies, settle};
use crate::sync::{edit, label};
use crate::table::scope::Scope;
use crate::table::{history, label as table_label, message, rule};
use crate::{StoreError, Write};

/// Notes that a message of somebody else's arrived, if rules are to look at it.
pub(crate) fn arrived(
    w: &Write<'_>,
    scope: &Scope,
    id: MessageId,
    role: MailboxRole,
    received_at: Millis,
) -> Result<(), StoreError> {
    use MailboxRole::{Drafts, Outbox, Sent, Spam, Trash};
    if matches!(role, Drafts | Outbox | Sent | Spam | Trash) {
        return Ok(());
    }
    if received_at >= history::news_since(w, scope.account)? {
        rule::set_due(w, id)
    } else {
        Ok(())
    }
}

/// Does to one message what a rule says; what is done already is left alone. Notifying and answering are
/// the engine's.
pub fn act(w: &mut Write<'_>, id: MessageId, actions: &[Action]) -> Result<(), StoreError> {
    let Some(conversation) = message::conversation(w, id)? else { return Ok(()) };
    for action in actions {
        let change = match action {
            Action::Label { label } => {
                // A rule may outlive the label it names.
                if let Ok(row) = table_label::get(w, *label) {
                    label::set_one(w, conversation, id, &row.keyword, true, None)?;
                }
                continue;
            }
            Action::Star => ConversationEdit::Star,
            Action::Read => ConversationEdit::Read,
            Action::Archive => ConversationEdit::Archive,
            Action::Trash => ConversationEdit::Trash,
            Action::Spam => ConversationEdit::Spam,
            Action::Notify | Action::AutoReply { .. } => continue,
        };
        for copy in copies(w, id)? {
            let Some(role) = copy.role else { continue };
            if let Some(step) = plan(change, copy.flags, role, true) {
                edit::lay_on(w, conversation, id, copy, &step)?;
            }
        }
    }
    settle(w, &BTreeSet::from([id]), BTreeSet::from([conversation]))
}

/// Whether the author of a message is no stranger: they wrote before, or are in another conversation.
pub fn is_known(c: &Connection, m: &message::Message) -> Result<bool, StoreError> {
    let wrote = c
        .prepare_cached("SELECT 1 FROM message WHERE from_address = ?1 AND date < ?2 LIMIT 1")?
        .exists(rusqlite::params![m.from_address, m.date])?;
    if wrote {
        return Ok(true);
    }
    let others: Option<bool> = c
        .prepare_cached(
            "SELECT conversations > 1 FROM identity WHERE channel = 'email' AND address = ?1",
        )?
        .query_row([&m.from_address], |row| row.get(0))
        .optional()?;
    Ok(others.unwrap_or(false))
}
