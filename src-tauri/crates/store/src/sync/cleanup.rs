//! Letting go: messages no mailbox holds, scopes that are gone, blobs nobody uses. Accounts: `erase`.
//!
//! A copy that disappears is no reason to forget a message: it may have been moved, and turn up in a scope
//! not looked at yet. Only a complete round over all scopes tells.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::params;

use deskbell_domain::time::DAY;
use deskbell_domain::{AccountId, MessageId, Millis, ScopeId};

use crate::sync::effective::settle;
use crate::table::sync_run::Tally;
use crate::table::{account, body, location, message, scope};
use crate::{Store, StoreError, Write};

/// Ends a complete, successful round over all scopes that began at `started_at`: moves still unconfirmed
/// are taken as the provider now shows them, edits whose copy turned up nowhere are dropped, and messages without a copy are erased.
pub fn close_round(
    w: &mut Write<'_>,
    account: AccountId,
    started_at: Millis,
) -> Result<Tally, StoreError> {
    let confirmed: BTreeSet<MessageId> = ids(
        w,
        "DELETE FROM outbox WHERE account_id = ?1 AND state IN ('accepted', 'adrift') AND not_before < ?2 RETURNING message_id",
        params![account.0, started_at],
    )?
    .into_iter()
    .map(MessageId)
    .collect();
    settle(w, &confirmed, BTreeSet::new())?;
    let orphans = ids(
        w,
        "SELECT id FROM message WHERE account_id = ?1 AND orphaned_at < ?2
           AND NOT EXISTS (SELECT 1 FROM location WHERE message_id = message.id)
           AND NOT EXISTS (SELECT 1 FROM outgoing WHERE message_id = message.id AND discarded_at > ?3)",
        params![account.0, started_at, w.now() - DAY],
    )?;
    let mut conversations = BTreeSet::new();
    let removed = i64::try_from(orphans.len()).unwrap_or(i64::MAX);
    for id in orphans.into_iter().map(MessageId) {
        conversations.extend(message::conversation(w, id)?);
        message::delete(w, id)?;
    }
    settle(w, &BTreeSet::new(), conversations)?;
    let unused = body::take_unused_blobs(w)?;
    remove_after_commit(w, unused);
    account::set_synced(w, account)?;
    Ok(Tally { removed, ..Tally::default() })
}

/// Removes a scope that is gone at the provider, with its copies; messages that lie elsewhere too stay.
pub fn empty_scope(w: &mut Write<'_>, id: ScopeId) -> Result<(), StoreError> {
    location::set_aside(w, id, false)?;
    let mut messages: BTreeSet<MessageId> = location::remove_stale(w, id)?.into_iter().collect();
    let edited = ids(w, "DELETE FROM outbox WHERE scope_id = ?1 RETURNING message_id", [id.0])?;
    messages.extend(edited.into_iter().map(MessageId));
    settle(w, &messages, BTreeSet::new())?;
    scope::delete(w, id)
}

/// Files deleted in one transaction.
const FILES_AT_ONCE: usize = 2_000;

/// Deletes the attachment files no message holds any more, and those a killed process left without a row.
///
/// A page may be prepared meanwhile that counts on one of them; [`crate::sync::apply()`] looks again.
pub async fn sweep_blobs(store: &Store, now: Millis) -> Result<(), StoreError> {
    let origin = crate::Origin::Local;
    store
        .write(origin, now, |w| {
            let hashes = body::take_unused_blobs(w)?;
            remove_after_commit(w, hashes);
            Ok(())
        })
        .await?;
    let packer = store.packer();
    // Looking through the folder needs no transaction; only what it suggests is decided inside one.
    let unnamed = store.read(move |c| body::unnamed_blobs(c, packer.blob_files())).await?;
    for some in unnamed.chunks(FILES_AT_ONCE).map(<[_]>::to_vec) {
        store
            .write(origin, now, |w| {
                let hashes = body::unnamed_blobs(w, some)?;
                remove_after_commit(w, hashes);
                Ok(())
            })
            .await?;
    }
    Ok(())
}

pub(super) fn remove_after_commit(w: &mut Write<'_>, hashes: Vec<[u8; 32]>) {
    let packer = Arc::clone(w.packer());
    w.after_commit(move || packer.remove_blobs(&hashes));
}

pub(super) fn ids(
    w: &Write<'_>,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<i64>, StoreError> {
    let mut statement = w.prepare_cached(sql)?;
    let rows = statement.query_map(values, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
