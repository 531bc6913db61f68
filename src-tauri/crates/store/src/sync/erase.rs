//! Erasing an account: its messages, then every trace of their words in what all accounts share.
//!
//! Shared are the compression dictionary, which was trained on mail of all accounts, the search index, whose
//! segments keep the words of deleted rows until they are merged, and the write-ahead log. Invariant: once
//! begun, the account is shown nowhere, and [`account::erasing`] names it until nothing of it is left; a process
//! killed at any step goes on at the next start. In the end the file is written anew, so that no page holds what
//! once stood on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::params;

use deskbell_domain::{AccountId, ConversationId, MessageId, Millis, ScopeId};

use crate::body::{SAMPLES, train};
use crate::sync::cleanup::{empty_scope, ids, sweep_blobs};
use crate::sync::effective::settle;
use crate::sync::transit;
use crate::table::{account, body, held, message, search};
use crate::{Entity, Origin, Store, StoreError, Write, migrate};

/// Messages erased in one transaction, so that the writer is never held up for long.
const ERASED_AT_ONCE: i64 = 500;
/// Bodies looked at in one step of packing anew.
const LOOKED_AT: i64 = 2_000;
/// Bodies packed anew in one transaction, and their packed bytes.
const PACKED_AT_ONCE: usize = 200;
const PACKED_BYTES: usize = 1024 * 1024;
/// Shares of the whole that are done once the messages are gone, and once bodies are packed anew.
const MESSAGES: f64 = 0.5;
const BODIES: f64 = 0.9;

/// Erases an account with all of its messages, in steps small enough to interrupt and to resume. `told` hears
/// how much of the work is done, from 0 to 1.
pub async fn erase(
    store: &Store,
    account: AccountId,
    now: Millis,
    told: &(dyn Fn(f64) + Send + Sync),
) -> Result<(), StoreError> {
    // Two at a time would train a dictionary on each other's mail.
    let _alone = store.erasing().lock().await;
    let origin = Origin::Local;
    let (there, resumed) = store
        .read(move |c| Ok((account::exists(c, account)?, account::erasing(c)?.contains(&account))))
        .await?;
    if !there {
        return Ok(());
    }
    let total = store
        .write(origin, now, move |w| {
            account::begin_erasing(w, account)?;
            transit::forget_transmitter(w, account)?;
            let sql = "SELECT count(*) FROM message WHERE account_id = ?1";
            Ok(w.query_row(sql, [account.0], |row| row.get::<_, i64>(0))?)
        })
        .await?;
    let mut done = 0;
    loop {
        let erased = store.write(origin, now, move |w| erase_some(w, account)).await?;
        if erased == 0 {
            break;
        }
        done += erased;
        told(MESSAGES * share(done, total));
    }
    renew_dictionary(store, account, now, told).await?;
    told(BODIES);
    merge_index(store, now).await?;
    store.write(origin, now, move |w| erase_rest(w, account)).await?;
    sweep_blobs(store, now).await?;
    // What the file held before its last migration lies beside it.
    migrate::forget_backup(store.directory());
    if total > 0 || resumed {
        store.compact().await?;
    }
    store.write(origin, now, move |w| account::delete(w, account)).await?;
    store.empty_log().await?;
    told(1.0);
    Ok(())
}

fn share(done: i64, total: i64) -> f64 {
    (done as f64 / total.max(1) as f64).clamp(0.0, 1.0)
}

/// Erases some messages of an account; how many.
fn erase_some(w: &mut Write<'_>, id: AccountId) -> Result<i64, StoreError> {
    let some = ids(
        w,
        "SELECT id FROM message WHERE account_id = ?1 LIMIT ?2",
        params![id.0, ERASED_AT_ONCE],
    )?;
    let count = i64::try_from(some.len()).unwrap_or(i64::MAX);
    let mut conversations = BTreeSet::new();
    for message in some.into_iter().map(MessageId) {
        conversations.extend(message::conversation(w, message)?);
        w.prepare_cached("DELETE FROM location WHERE message_id = ?1")?.execute([message.0])?;
        message::delete(w, message)?;
    }
    settle(w, &BTreeSet::new(), conversations)?;
    w.touched(Entity::Account, id.0);
    Ok(count)
}

/// Erases what is left of an account without messages, but for its own row.
fn erase_rest(w: &mut Write<'_>, id: AccountId) -> Result<(), StoreError> {
    // A union may leave a conversation without messages behind a crash; none must outlive its account.
    let left = ids(w, "SELECT id FROM conversation WHERE account_id = ?1", params![id.0])?;
    settle(w, &BTreeSet::new(), left.into_iter().map(ConversationId).collect())?;
    for scope in ids(w, "SELECT id FROM scope WHERE account_id = ?1", params![id.0])? {
        empty_scope(w, ScopeId(scope))?;
    }
    for sql in [
        "DELETE FROM thread_key WHERE account_id = ?1",
        "DELETE FROM outbox WHERE account_id = ?1",
        "DELETE FROM counter WHERE account_id = ?1",
        "DELETE FROM auto_reply WHERE account_id = ?1",
    ] {
        w.execute(sql, [id.0])?;
    }
    held::forget(w, id)?;
    // People who take part in nothing any more.
    w.execute("DELETE FROM identity WHERE conversations = 0", [])?;
    w.execute("DELETE FROM contact WHERE id NOT IN (SELECT contact_id FROM identity)", [])?;
    // What its provider said of it, and whom it writes as.
    w.execute("DELETE FROM sync_run WHERE account_id = ?1", [id.0])?;
    w.execute("DELETE FROM sender WHERE account_id = ?1", [id.0])?;
    Ok(())
}

/// Has no dictionary hold words of the erased mail: a new one is trained on the mail that stays, and what the
/// old ones packed is packed anew.
async fn renew_dictionary(
    store: &Store,
    account: AccountId,
    now: Millis,
    told: &(dyn Fn(f64) + Send + Sync),
) -> Result<(), StoreError> {
    // A process killed in the middle has left some.
    pack_anew(store, now, told).await?;
    if store.read(move |c| body::may_hold(c, account)).await? {
        let packer = store.packer();
        let trained = store.read(move |c| {
            let sources = body::newest_sources(c, SAMPLES)?;
            let samples: Vec<_> =
                sources.iter().filter_map(|source| packer.sample(source)).collect();
            Ok(if samples.len() < SAMPLES { None } else { train(&samples) })
        });
        let trained = trained.await?;
        store
            .write(Origin::Local, now, move |w| {
                let retired = body::retire_dictionaries(w)?;
                let fresh = match trained {
                    Some(bytes) => Some((body::insert_dictionary(w, &bytes)?, bytes)),
                    None => None,
                };
                let packer = Arc::clone(w.packer());
                w.after_commit(move || {
                    packer.retire(&retired);
                    if let Some((number, bytes)) = fresh {
                        packer.adopt(number, &bytes);
                    }
                });
                Ok(())
            })
            .await?;
        pack_anew(store, now, told).await?;
    }
    // On the writer's thread, so that nothing that was trained before is taken over after.
    let renewed = |w: &mut Write<'_>| {
        w.packer().begin_samples_anew();
        Ok(())
    };
    store.write(Origin::Local, now, renewed).await
}

/// Packs anew what retired dictionaries packed, then erases them. Nothing more is packed with them meanwhile.
async fn pack_anew(
    store: &Store,
    now: Millis,
    told: &(dyn Fn(f64) + Send + Sync),
) -> Result<(), StoreError> {
    let (retired, last): (Vec<i64>, i64) = store
        .read(|c| {
            let last = "SELECT coalesce(max(message_id), 0) FROM body";
            Ok((body::retired_dictionaries(c)?, c.query_row(last, [], |row| row.get(0))?))
        })
        .await?;
    if retired.is_empty() {
        return Ok(());
    }
    let mut after = Some(0);
    while let Some(from) = after {
        let numbers = retired.clone();
        let look = move |c: &rusqlite::Connection| body::packed_with(c, &numbers, from, LOOKED_AT);
        let (mut found, end) = store.read(look).await?;
        while !found.is_empty() {
            found = store.write(Origin::Local, now, move |w| pack_some(w, found)).await?;
        }
        after = end;
        told(MESSAGES + (BODIES - MESSAGES) * share(end.unwrap_or(last), last));
    }
    store
        .write(Origin::Local, now, move |w| {
            body::delete_dictionaries(w, &retired)?;
            let packer = Arc::clone(w.packer());
            w.after_commit(move || packer.forget(&retired));
            Ok(())
        })
        .await
}

/// Packs some of these bodies anew; those that are left.
fn pack_some(w: &mut Write<'_>, mut messages: Vec<i64>) -> Result<Vec<i64>, StoreError> {
    let (mut count, mut bytes) = (0, 0);
    while let Some(message) = messages.pop() {
        let Some((id, source, text)) = body::packed(w, message)? else { continue };
        count += 1;
        bytes += source.len() + text.len();
        // A damaged body cannot be read either way; it must not keep an account from being erased.
        match (w.packer().repack(&source), w.packer().repack(&text)) {
            (Ok(source), Ok(text)) => body::replace_packed(w, &(id, source, text))?,
            (Err(error), _) | (_, Err(error)) => {
                tracing::warn!(message = id, %error, "a damaged body is left as it is");
            }
        }
        if count >= PACKED_AT_ONCE || bytes >= PACKED_BYTES {
            break;
        }
    }
    Ok(messages)
}

/// Merges the search index into one piece, step by step: the words of deleted rows are gone then.
async fn merge_index(store: &Store, now: Millis) -> Result<(), StoreError> {
    while store.write(Origin::Local, now, |w| search::merge_some(w)).await? {}
    Ok(())
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
        erase(&store, account, 2, &|_| {}).await.expect("erases");
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
