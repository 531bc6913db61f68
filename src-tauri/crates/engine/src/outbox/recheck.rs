//! A server that makes its copy of a sent message late: after it was taken for one that makes none, and was given ours.
//!
//! Invariants: only a copy is erased that was put there from here, by its own name, and only while another of the same
//! message is beside it. That the server makes its own is written down first: after a crash in between, nothing tells
//! it any more.

use deskbell_domain::time::{DAY, MINUTE};
use deskbell_domain::{MailboxRole, Millis, OutgoingId};
use deskbell_store::sync::own_copy;
use deskbell_store::table::outgoing;
use deskbell_store::{Connection, StoreError};

use super::copy::hint_sent;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;

/// How long after a message left it is looked at again.
const PAUSES: [Millis; 2] = [MINUTE, 15 * MINUTE];
/// A provider that does not answer is asked again after this.
const UNANSWERED: Millis = 5 * MINUTE;
/// A message is not looked at any more where nobody answered for so long.
const OLD: Millis = DAY;

/// When a message whose copy was made just now is first looked at again.
pub(super) fn first(now: Millis) -> Millis {
    now + PAUSES.first().copied().unwrap_or(MINUTE)
}

/// Looks at the copies of one message once.
pub(super) async fn recheck(core: &Core, link: &Link, id: OutgoingId) -> Result<(), RoundError> {
    let row = match core.store.read(move |c: &Connection| outgoing::get(c, id)).await {
        Ok(row) if row.copy_look > 0 => row,
        Ok(_) | Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let now = core.now();
    let left = row.left_at.unwrap_or(now);
    let provider = match link.provider(core).await {
        Ok(provider) => provider,
        Err(RoundError::Store(error)) => return Err(error.into()),
        Err(_) => return unanswered(core, id, now, left).await,
    };
    let (Some(copies), Some(ours)) = (provider.copies(), row.own_copy.clone()) else {
        return Ok(core.write(move |w| own_copy::gone(w, id)).await?);
    };
    let there = match copies.copies(MailboxRole::Sent, &row.token).await {
        Ok(there) => there,
        Err(error) => {
            tracing::debug!(account = %link.account, %error, "a sent copy could not be looked at again");
            return unanswered(core, id, now, left).await;
        }
    };
    if !there.contains(&ours) {
        return Ok(core.write(move |w| own_copy::gone(w, id)).await?);
    }
    if there.iter().all(|copy| *copy == ours) {
        let next = PAUSES.iter().map(|pause| left + pause).find(|at| *at > now).unwrap_or(0);
        return Ok(core.write(move |w| own_copy::look(w, id, next)).await?);
    }
    let account = core.account(link.account).await?;
    // After a try whose answer was lost both may be ours, which says nothing of the server.
    if row.looks == 0 && account.saves_sent != Some(true) {
        tracing::info!(account = %account.id, "the server makes copies of what it sends, only late");
        let own = account.id;
        core.write(move |w| own_copy::saved_late(w, own)).await?;
    }
    if let Err(error) = copies.forget(std::slice::from_ref(&ours)).await {
        tracing::debug!(account = %account.id, %error, "a second copy of a sent message stays for now");
        return unanswered(core, id, now, left).await;
    }
    core.write(move |w| own_copy::gone(w, id)).await?;
    Ok(hint_sent(core, account.id).await?)
}

/// Tries again later, or no more where nobody answered since an instant long ago.
async fn unanswered(
    core: &Core,
    id: OutgoingId,
    now: Millis,
    since: Millis,
) -> Result<(), RoundError> {
    let next = if now - since < OLD { now + UNANSWERED } else { 0 };
    Ok(core.write(move |w| own_copy::look(w, id, next)).await?)
}
