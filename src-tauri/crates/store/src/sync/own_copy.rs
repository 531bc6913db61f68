//! A copy put among a provider's sent messages from here, where the provider may make one of its own as well.
//!
//! Invariant: a copy is named here only where it is certain that it was put there from here. Of an account one
//! message at a time is looked at once more; where that finds a second copy, all of its messages are.

use rusqlite::params;

use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{AccountId, Millis, OutgoingId};

use crate::store::Entity;
use crate::sync::transit;
use crate::table::account::set_saves_sent;
use crate::{StoreError, Write};

/// A copy was put among the sent messages under this name, after so many tries that came to nothing. It is looked at
/// again at an instant, unless another of the account's messages is.
pub fn made(
    w: &mut Write<'_>,
    account: AccountId,
    id: OutgoingId,
    name: &(String, RemoteKey),
    tries: u32,
    look_at: Millis,
) -> Result<(), StoreError> {
    transit::kept(w, id)?;
    w.execute(
        "UPDATE outgoing SET copy_scope = ?2, copy_key = ?3, looks = ?4,
           copy_look = CASE WHEN EXISTS (SELECT 1 FROM outgoing INDEXED BY outgoing_copied WHERE account_id = ?5 AND copy_look > 0)
             THEN 0 ELSE ?6 END
         WHERE id = ?1",
        params![id.0, name.0, name.1.0, tries, account.0, look_at],
    )?;
    Ok(())
}

/// Its provider is looked at again at an instant.
pub fn look(w: &mut Write<'_>, id: OutgoingId, at: Millis) -> Result<(), StoreError> {
    w.execute(
        "UPDATE outgoing SET copy_look = ?2 WHERE id = ?1 AND copy_key IS NOT NULL",
        params![id.0, at],
    )?;
    Ok(())
}

/// It is no longer looked at by itself; its name stays, for the case that another message tells more.
pub fn looked(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    look(w, id, 0)
}

/// The provider makes copies by itself after all, only later: none is made any more from here, and all that were are
/// looked at.
pub fn saved_late(w: &mut Write<'_>, account: AccountId) -> Result<(), StoreError> {
    set_saves_sent(w, account, true)?;
    w.execute(
        "UPDATE outgoing SET copy_look = ?2 WHERE account_id = ?1 AND copy_key IS NOT NULL AND copy_look = 0
           AND state IN ('accepted', 'sent', 'delivered', 'read')",
        params![account.0, w.now()],
    )?;
    Ok(())
}

/// There is no copy of ours any more: it was erased, or a person did something with it.
pub fn gone(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    w.execute(
        "UPDATE outgoing SET copy_scope = NULL, copy_key = NULL, copy_look = 0 WHERE id = ?1",
        [id.0],
    )?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}
