//! `thread_key`: the index behind threading; every message id ever named, and the conversation it belongs to.
//!
//! Invariant: a conversation its provider has a name for (`remote_thread`) holds the messages of that thread, and
//! besides them only messages no provider names a thread for (what was written here and has not come back
//! yet). Which messages share a conversation depends on the messages alone, not on their order.

use rusqlite::{Connection, OptionalExtension, params};

use deskbell_domain::ingested::IngestedMessage;
use deskbell_domain::threading::{Join, ThreadKey, ThreadKeys, join};
use deskbell_domain::{AccountId, ConversationId, MessageId};

use crate::table::{conversation, message, snooze};
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE thread_key (
  account_id INTEGER NOT NULL, -- whose
  key INTEGER NOT NULL, -- digest of a message id that was written or referred to
  conversation_id INTEGER NOT NULL, -- where it belongs
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_key_conversation ON thread_key (conversation_id);
";

/// Finds or makes the conversation of a message, uniting conversations it shows to be one.
///
/// Conversations that were emptied by a union are returned; the caller refreshes them away.
pub(crate) fn place(
    w: &mut Write<'_>,
    account: AccountId,
    m: &IngestedMessage,
) -> Result<(ConversationId, Vec<ConversationId>), StoreError> {
    let found = found(w, account, &m.thread)?;
    let unbound = found.iter().filter(|(_, bound)| !bound).map(|(id, _)| *id);
    // Without a thread of its own it belongs beside the message it answers, whose key is the last.
    let bound = match &m.remote_thread {
        Some(thread) => named(w, account, thread)?,
        None => found.iter().rev().find(|(_, bound)| *bound).map(|(id, _)| *id),
    };
    let (conversation, emptied) = match join(unbound.chain(bound)) {
        Join::Begin => (conversation::insert(w, account)?, Vec::new()),
        Join::Belong(only) => (only, Vec::new()),
        Join::Unite(oldest, rest) => {
            for other in &rest {
                unite(w, oldest, *other)?;
            }
            (oldest, rest)
        }
    };
    if let Some(thread) = &m.remote_thread {
        bind(w, conversation, thread)?;
        claim(w, account, &m.thread, conversation)?;
    }
    let mut insert = w.prepare_cached(
        "INSERT OR IGNORE INTO thread_key (account_id, key, conversation_id) VALUES (?1, ?2, ?3)",
    )?;
    for key in &m.thread.0 {
        insert.execute(params![account.0, key.0, conversation.0])?;
    }
    Ok((conversation, emptied))
}

/// Takes a message that is here already to the thread its provider names; the conversations that changed.
pub(crate) fn follow(
    w: &mut Write<'_>,
    account: AccountId,
    id: MessageId,
    m: &IngestedMessage,
) -> Result<Vec<ConversationId>, StoreError> {
    let Some(thread) = &m.remote_thread else { return Ok(Vec::new()) };
    let Some(now) = message::conversation(w, id)? else { return Ok(Vec::new()) };
    let bound: Option<String> = w
        .prepare_cached("SELECT remote_thread FROM conversation WHERE id = ?1")?
        .query_row([now.0], |row| row.get(0))?;
    if bound.as_ref() == Some(thread) {
        return Ok(Vec::new());
    }
    let target = named(w, account, thread)?;
    if bound.is_none() {
        let Some(target) = target else {
            bind(w, now, thread)?;
            claim(w, account, &m.thread, now)?;
            return Ok(Vec::new());
        };
        let (into, from) = (now.min(target), now.max(target));
        unite(w, into, from)?;
        claim(w, account, &m.thread, into)?;
        return Ok(vec![into, from]);
    }
    let target = match target {
        Some(target) => target,
        None => conversation::insert(w, account)?,
    };
    bind(w, target, thread)?;
    claim(w, account, &m.thread, target)?;
    for sql in [
        "UPDATE message SET conversation_id = ?1 WHERE id = ?2",
        "UPDATE outbox SET conversation_id = ?1 WHERE message_id = ?2",
    ] {
        w.prepare_cached(sql)?.execute(params![target.0, id.0])?;
    }
    // Who takes part in both is not known message by message; who took part in the one may in the other.
    w.prepare_cached(
        "INSERT OR IGNORE INTO conversation_identity (identity_id, conversation_id)
         SELECT identity_id, ?1 FROM conversation_identity WHERE conversation_id = ?2",
    )?
    .execute(params![target.0, now.0])?;
    Ok(vec![now, target])
}

/// The conversations the keys are known in, in the order of the keys, and whether each is its provider's.
fn found(
    c: &Connection,
    account: AccountId,
    keys: &ThreadKeys,
) -> Result<Vec<(ConversationId, bool)>, StoreError> {
    let mut lookup = c.prepare_cached(
        "SELECT k.conversation_id, c.remote_thread IS NOT NULL FROM thread_key k
         CROSS JOIN conversation c ON c.id = k.conversation_id WHERE k.account_id = ?1 AND k.key = ?2",
    )?;
    let mut found = Vec::new();
    for ThreadKey(key) in &keys.0 {
        let row = lookup
            .query_row(params![account.0, key], |row| {
                Ok((ConversationId(row.get(0)?), row.get(1)?))
            })
            .optional()?;
        found.extend(row);
    }
    Ok(found)
}

/// The conversation its provider calls by this name.
fn named(
    c: &Connection,
    account: AccountId,
    thread: &str,
) -> Result<Option<ConversationId>, StoreError> {
    Ok(c.prepare_cached(
        "SELECT id FROM conversation WHERE account_id = ?1 AND remote_thread = ?2",
    )?
    .query_row(params![account.0, thread], |row| row.get(0).map(ConversationId))
    .optional()?)
}

fn bind(c: &Connection, id: ConversationId, thread: &str) -> Result<(), StoreError> {
    c.prepare_cached(
        "UPDATE conversation SET remote_thread = ?2 WHERE id = ?1 AND remote_thread IS NULL",
    )?
    .execute(params![id.0, thread])?;
    Ok(())
}

/// A message's own key leads to where its provider has it, whatever answers to it made of that before.
fn claim(
    c: &Connection,
    account: AccountId,
    keys: &ThreadKeys,
    conversation: ConversationId,
) -> Result<(), StoreError> {
    if let Some(own) = keys.0.first() {
        c.prepare_cached(
            "INSERT INTO thread_key (account_id, key, conversation_id) VALUES (?1, ?2, ?3)
             ON CONFLICT (account_id, key) DO UPDATE SET conversation_id = excluded.conversation_id",
        )?
        .execute(params![account.0, own.0, conversation.0])?;
    }
    Ok(())
}

fn unite(c: &Connection, into: ConversationId, from: ConversationId) -> Result<(), StoreError> {
    snooze::unite(c, into, from)?;
    // One of them at most has a name; it is taken from there first, because no two may have the same.
    let thread: Option<String> = c
        .prepare_cached("SELECT remote_thread FROM conversation WHERE id = ?1")?
        .query_row([from.0], |row| row.get(0))?;
    if let Some(thread) = thread {
        c.prepare_cached("UPDATE conversation SET remote_thread = NULL WHERE id = ?1")?
            .execute([from.0])?;
        bind(c, into, &thread)?;
    }
    for sql in [
        "UPDATE thread_key SET conversation_id = ?1 WHERE conversation_id = ?2",
        "UPDATE message SET conversation_id = ?1 WHERE conversation_id = ?2",
        "UPDATE outbox SET conversation_id = ?1 WHERE conversation_id = ?2",
        "INSERT OR IGNORE INTO conversation_identity (identity_id, conversation_id)
           SELECT identity_id, ?1 FROM conversation_identity WHERE conversation_id = ?2",
    ] {
        c.prepare_cached(sql)?.execute(params![into.0, from.0])?;
    }
    Ok(())
}
