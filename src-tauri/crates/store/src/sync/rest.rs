//! A message that has left for some of its recipients, on its way to the rest of them.
//!
//! Invariant: that it leaves for them is written before it does; where the answer is lost it is told, and they are
//! not tried again.

use rusqlite::params;

use deskbell_domain::outgoing::RefusedRecipient;
use deskbell_domain::{Millis, OutgoingId};

use crate::store::Entity;
use crate::sync::in_vain;
use crate::sync::transit::show;
use crate::table::outbox::encode;
use crate::table::outgoing;
use crate::{StoreError, Write};

/// Writes down that a message that has left for some leaves now for the rest of them. To be committed durably
/// before the byte goes.
pub fn departs(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if !row.state.is_gone() || row.rest.is_empty() {
        return Err(StoreError::Conflict("it was taken back just now".into()));
    }
    w.execute(
        "UPDATE outgoing SET rest_leaves = 1, departed_at = ?2 WHERE id = ?1",
        params![id.0, w.now()],
    )?;
    Ok(())
}

/// What became of a try for the rest: who was refused for good, and who is to be tried again, and when.
pub fn settled(
    w: &mut Write<'_>,
    id: OutgoingId,
    refused: &[RefusedRecipient],
    rest: &[RefusedRecipient],
    next_try: Millis,
) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    let all: Vec<RefusedRecipient> = row.refused.iter().chain(refused).cloned().collect();
    let since = (!rest.is_empty()).then(|| in_vain::rest_since(&row, w.now()));
    w.execute(
        "UPDATE outgoing SET refused = ?2, rest = ?3, rest_next = ?4, rest_attempts = rest_attempts + 1, rest_leaves = 0,
           failing_since = ?5 WHERE id = ?1",
        params![id.0, encode(&all)?, encode(&rest)?, next_try, since],
    )?;
    w.touched(Entity::Outgoing, id.0);
    show(w, &row)
}

/// The rest could not be tried now, which says nothing of them.
pub fn later(w: &mut Write<'_>, id: OutgoingId, next_try: Millis) -> Result<(), StoreError> {
    w.execute(
        "UPDATE outgoing SET rest_next = ?2, rest_leaves = 0 WHERE id = ?1",
        params![id.0, next_try],
    )?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}

/// A message was being sent to the rest when the answer was lost: whether they got it nobody knows, and sending it
/// once more could give it to them twice.
pub fn lost(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    let now_lost = row.rest.iter().map(|one| RefusedRecipient {
        address: one.address.clone(),
        reason: format!(
            "Nobody knows whether it reached {}: the answer was lost while it was sent again",
            one.address
        ),
    });
    let lost: Vec<RefusedRecipient> = row.lost.iter().cloned().chain(now_lost).collect();
    w.execute("UPDATE outgoing SET lost = ?2 WHERE id = ?1", params![id.0, encode(&lost)?])?;
    settled(w, id, &[], &[], 0)
}
