//! Letting go: messages no mailbox holds, scopes and accounts that are gone, blobs nobody uses.
//!
//! A copy that disappears is no reason to forget a message: it may have been moved, and turn up in a scope
//! not looked at yet. Only a complete round over all scopes tells.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::params;

use deskbell_domain::time::DAY;
use deskbell_domain::{AccountId, ConversationId, MessageId, Millis, ScopeId};

use crate::sync::effective::settle;
use crate::sync::transit;
use crate::table::sync_run::Tally;
use crate::table::{account, body, location, message, scope};
use crate::{Entity, Store, StoreError, Write};

/// Messages erased in one transaction, so that the writer is never held up for long.
const ERASED_AT_ONCE: i64 = 500;

/// Ends a complete, successful round over all scopes that began at `started_at`: moves still unconfirmed
/// are taken as the provider now shows them, and messages without a copy are erased.
pub fn close_round(
    w: &mut Write<'_>,
    account: AccountId,
    started_at: Millis,
) -> Result<Tally, StoreError> {
    let confirmed: BTreeSet<MessageId> = ids(
        w,
        "DELETE FROM outbox WHERE account_id = ?1 AND state = 'accepted' AND not_before < ?2 RETURNING message_id",
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

/// Erases an account with all of its messages, in steps small enough to interrupt and to resume: once begun,
/// the account is shown nowhere, and [`account::erasing`] names it until nothing of it is left.
pub async fn erase(store: &Store, account: AccountId, now: Millis) -> Result<(), StoreError> {
    let origin = crate::Origin::Local;
    store
        .write(origin, now, move |w| {
            account::begin_erasing(w, account)?;
            transit::forget_transmitter(w, account)
        })
        .await?;
    loop {
        let left = store.write(origin, now, move |w| erase_some(w, account)).await?;
        if !left {
            break;
        }
    }
    sweep_blobs(store, now).await
}

/// Erases some messages of an account, then its scopes and itself; true while there is more.
fn erase_some(w: &mut Write<'_>, id: AccountId) -> Result<bool, StoreError> {
    let some = ids(
        w,
        "SELECT id FROM message WHERE account_id = ?1 LIMIT ?2",
        params![id.0, ERASED_AT_ONCE],
    )?;
    if some.is_empty() {
        // A union may leave a conversation without messages behind a crash; none must outlive its account.
        let left = ids(w, "SELECT id FROM conversation WHERE account_id = ?1", params![id.0])?;
        settle(w, &BTreeSet::new(), left.into_iter().map(ConversationId).collect())?;
        for scope in ids(w, "SELECT id FROM scope WHERE account_id = ?1", params![id.0])? {
            empty_scope(w, ScopeId(scope))?;
        }
        w.execute("DELETE FROM thread_key WHERE account_id = ?1", [id.0])?;
        w.execute("DELETE FROM outbox WHERE account_id = ?1", [id.0])?;
        w.execute("DELETE FROM counter WHERE account_id = ?1", [id.0])?;
        w.execute("DELETE FROM auto_reply WHERE account_id = ?1", [id.0])?;
        forget_strangers(w)?;
        if body::delete_idle_dictionaries(w)? {
            let packer = Arc::clone(w.packer());
            w.after_commit(move || packer.forget_dictionaries());
        }
        account::delete(w, id)?;
        return Ok(false);
    }
    let mut conversations = BTreeSet::new();
    for message in some.into_iter().map(MessageId) {
        conversations.extend(message::conversation(w, message)?);
        w.prepare_cached("DELETE FROM location WHERE message_id = ?1")?.execute([message.0])?;
        message::delete(w, message)?;
    }
    settle(w, &BTreeSet::new(), conversations)?;
    w.touched(Entity::Account, id.0);
    Ok(true)
}

/// Forgets people who take part in nothing any more, and the words only their mail held.
fn forget_strangers(w: &Write<'_>) -> Result<(), StoreError> {
    w.execute("DELETE FROM identity WHERE conversations = 0", [])?;
    w.execute("DELETE FROM contact WHERE id NOT IN (SELECT contact_id FROM identity)", [])?;
    w.execute("INSERT INTO message_text (message_text) VALUES ('optimize')", [])?;
    Ok(())
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

fn remove_after_commit(w: &mut Write<'_>, hashes: Vec<[u8; 32]>) {
    let packer = Arc::clone(w.packer());
    w.after_commit(move || packer.remove_blobs(&hashes));
}

fn ids(w: &Write<'_>, sql: &str, values: impl rusqlite::Params) -> Result<Vec<i64>, StoreError> {
    let mut statement = w.prepare_cached(sql)?;
    let rows = statement.query_map(values, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use deskbell_domain::{Address, Channel};

    use super::*;
    use crate::table::account::NewAccount;
    use crate::table::{conversation, identity};
    use crate::{OpenOptions, Origin};

    #[tokio::test]
    async fn an_erased_account_leaves_no_names_behind() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path(), OpenOptions::default()).expect("opens").store;
        let new = NewAccount {
            provider: "archive".into(),
            channel: Channel::Email,
            address: "/mail".into(),
            name: "Mail".into(),
            settings: "{}".into(),
            schedule: "*/15 * * * *".into(),
            writes_back: false,
            sends: false,
        };
        let account = store
            .write(Origin::Local, 1, move |w| {
                let account = account::insert(w, &new)?;
                let id = conversation::insert(w, account)?;
                let ruth = Address {
                    name: Some("Ruth Okafor".into()),
                    address: "ruth@okafor.example".into(),
                };
                identity::take_part(w, Channel::Email, id, &ruth, 1)?;
                Ok(account)
            })
            .await
            .expect("writes");
        erase(&store, account, 2).await.expect("erases");
        let left = store
            .read(|c| {
                let sql = "SELECT (SELECT count(*) FROM identity) + (SELECT count(*) FROM contact)";
                Ok(c.query_row(sql, [], |row| row.get::<_, i64>(0))?)
            })
            .await
            .expect("reads");
        assert_eq!(left, 0, "nobody is remembered");
        drop(store);
        let bytes = std::fs::read(directory.path().join("deskbell.db")).expect("the file");
        let found = bytes.windows(11).any(|window| window == b"Ruth Okafor");
        assert!(!found, "nor do the file's free pages hold the name");
    }
}
