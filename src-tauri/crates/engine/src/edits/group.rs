//! Which edits can be told to the provider together.
//!
//! Invariant: edits of one message are told in the order a person made them, except that flags go before
//! moves: once the message has moved, its old key no longer takes flags.

use deskbell_domain::sync::StateEdit;
use deskbell_domain::{MessageId, OutboxId, ScopeId};
use deskbell_store::table::outbox::Item;

/// Edits that are one command: the same change in the same scope, begun together or not at all.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) scope: ScopeId,
    pub(super) edit: StateEdit,
    pub(super) items: Vec<Item>,
}

impl Group {
    /// The edits.
    pub(super) fn members(&self) -> Vec<OutboxId> {
        self.items.iter().map(|item| item.id).collect()
    }

    /// How far the edits have come, in the provider's words.
    pub(super) fn step(&self) -> Option<String> {
        self.items.first().and_then(|item| item.step.clone())
    }

    fn holds(&self, message: MessageId) -> bool {
        self.items.iter().any(|item| item.message == message)
    }
}

/// Groups edits given oldest first.
pub(super) fn groups(items: Vec<Item>) -> Vec<Group> {
    let (flags, moves): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|item| !matches!(item.edit, StateEdit::Move { .. } | StateEdit::Erase));
    let mut groups = gather(flags);
    groups.extend(gather(moves));
    groups
}

fn gather(items: Vec<Item>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for item in items {
        // An earlier edit of the same message must stay earlier.
        let after = groups.iter().rposition(|group| group.holds(item.message));
        let joined = groups.iter_mut().skip(after.unwrap_or(0)).find(|group| {
            group.scope == item.scope && group.edit == item.edit && group.step() == item.step
        });
        match joined {
            Some(group) => group.items.push(item),
            None => {
                groups.push(Group { scope: item.scope, edit: item.edit.clone(), items: vec![item] })
            }
        }
    }
    groups
}
