//! `outbox`: what a person did here that the provider has yet to learn.
//!
//! One row is one edit of one message in one scope. While a row waits, `sync::effective` lays it over
//! the provider's truth, so the person sees what they did at once, and a sync cannot take it back.
//!
//! An edit whose copy is gone from its scope is `adrift`: it waits for the copy to turn up in another one, since
//! it may have been moved by another client, or by us just before we were cut off.

use rusqlite::{Connection, OptionalExtension, Row, params};

use deskbell_domain::message::Flags;
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_domain::{
    AccountId, ConversationId, MailboxRole, MessageId, Millis, OutboxId, ScopeId,
};

use crate::table::location;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- order of edits
  account_id INTEGER NOT NULL REFERENCES account (id), -- whose
  conversation_id INTEGER NOT NULL, -- of which conversation
  message_id INTEGER NOT NULL REFERENCES message (id), -- of which message
  scope_id INTEGER NOT NULL REFERENCES scope (id), -- the copy in which scope
  edit TEXT NOT NULL, -- JSON: seen, starred, move, erase
  state TEXT NOT NULL, -- queued, sending, accepted (a move whose copy has not been seen yet), local (nobody to tell)
  prior TEXT NOT NULL, -- JSON: flags and role of the copy before, for undo
  undo_group TEXT NOT NULL, -- edits taken back together
  attempts INTEGER NOT NULL DEFAULT 0, -- tries so far
  not_before INTEGER NOT NULL, -- earliest next try, ms UTC
  error TEXT, -- what the provider last said
  created_at INTEGER NOT NULL -- ms UTC
) STRICT;
CREATE INDEX outbox_message ON outbox (message_id);
CREATE INDEX outbox_due ON outbox (account_id, state, id);
CREATE INDEX outbox_conversation ON outbox (conversation_id, state);
CREATE INDEX outbox_undo ON outbox (undo_group);
CREATE TABLE undo_group (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- number in the name of an edit
  created_at INTEGER NOT NULL -- ms UTC
) STRICT;
CREATE TABLE undo (
  undo_group TEXT NOT NULL, -- the token a face holds
  message_id INTEGER NOT NULL, -- what was edited
  edit TEXT NOT NULL, -- JSON: the edit that takes it back
  created_at INTEGER NOT NULL, -- ms UTC
  PRIMARY KEY (undo_group, message_id, edit)
) STRICT, WITHOUT ROWID;
";

pub(crate) const V2: &str = "
ALTER TABLE outbox ADD COLUMN step TEXT; -- what the provider must know to take the edit up again; NULL: it was not begun
";

pub(crate) const V3: &str = "
ALTER TABLE outbox ADD COLUMN copy_key TEXT; -- the one copy in the scope that is meant; NULL: every copy there
";

/// A copy as it was before an edit.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Prior {
    pub(crate) flags: Flags,
    pub(crate) role: MailboxRole,
}

/// A waiting edit.
#[derive(Clone, Debug)]
pub struct Item {
    /// Row id; edits apply in its order.
    pub id: OutboxId,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Of which message.
    pub message: MessageId,
    /// The copy in which scope.
    pub scope: ScopeId,
    /// What to do.
    pub edit: StateEdit,
    /// Tries so far.
    pub attempts: u32,
    /// The one copy in the scope that is meant; `None` for every copy there.
    pub key: Option<RemoteKey>,
    /// What the provider must know to take it up again, in its own words; `None` where nothing was begun.
    pub step: Option<String>,
    pub(crate) state: String,
    pub(crate) prior: Prior,
}

const COLUMNS: &str =
    "id, conversation_id, message_id, scope_id, edit, attempts, state, prior, step, copy_key";

fn read(row: &Row<'_>) -> rusqlite::Result<Item> {
    let json = |index: usize, text: &str, error: serde_json::Error| {
        tracing::error!(text, "an outbox row cannot be read");
        rusqlite::Error::FromSqlConversionFailure(
            index,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    };
    let (edit, prior): (String, String) = (row.get(4)?, row.get(7)?);
    Ok(Item {
        id: OutboxId(row.get(0)?),
        conversation: ConversationId(row.get(1)?),
        message: MessageId(row.get(2)?),
        scope: ScopeId(row.get(3)?),
        edit: serde_json::from_str(&edit).map_err(|error| json(4, &edit, error))?,
        attempts: row.get(5)?,
        state: row.get(6)?,
        prior: serde_json::from_str(&prior).map_err(|error| json(7, &prior, error))?,
        step: row.get(8)?,
        key: row.get::<_, Option<String>>(9)?.map(RemoteKey),
    })
}

/// A new row, before it has an id.
pub(crate) struct NewItem<'a> {
    pub(crate) account: AccountId,
    pub(crate) conversation: ConversationId,
    pub(crate) message: MessageId,
    pub(crate) scope: ScopeId,
    pub(crate) edit: &'a StateEdit,
    pub(crate) prior: Prior,
    pub(crate) group: &'a str,
    pub(crate) key: Option<&'a RemoteKey>,
    pub(crate) local: bool,
}

pub(crate) fn insert(w: &Write<'_>, new: &NewItem<'_>) -> Result<(), StoreError> {
    w.prepare_cached(
        "INSERT INTO outbox (account_id, conversation_id, message_id, scope_id, edit, state, prior, undo_group, not_before, created_at, copy_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)",
    )?
    .execute(params![
        new.account.0,
        new.conversation.0,
        new.message.0,
        new.scope.0,
        encode(new.edit)?,
        if new.local { "local" } else { "queued" },
        encode(&new.prior)?,
        new.group,
        w.now(),
        new.key.map(|key| &key.0)
    ])?;
    Ok(())
}

pub(crate) fn encode<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Body(error.to_string()))
}

pub(crate) fn over_message_sql() -> String {
    format!("SELECT {COLUMNS} FROM outbox WHERE message_id = ?1 ORDER BY id")
}

/// Everything that still lies over a message, oldest first.
pub(crate) fn over_message(c: &Connection, message: MessageId) -> Result<Vec<Item>, StoreError> {
    let mut statement = c.prepare_cached(&over_message_sql())?;
    let rows = statement.query_map([message.0], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An edit waits while its copy is only between two names: moved by the provider and not seen at its new
/// place yet, or set aside by a renumbering. Sent then, it would be taken for an edit of a copy that is gone.
const ADDRESSABLE: &str = concat!(
    "(EXISTS (SELECT 1 FROM location l WHERE l.message_id = o.message_id AND l.scope_id = o.scope_id AND l.",
    location::valid_key!(),
    ") OR NOT (EXISTS (SELECT 1 FROM location l WHERE l.message_id = o.message_id AND l.scope_id = o.scope_id)
       OR EXISTS (SELECT 1 FROM outbox a WHERE a.message_id = o.message_id AND a.scope_id = o.scope_id AND a.state = 'accepted')))"
);

/// Edits of an account that may be tried now, oldest first.
pub fn due(
    c: &Connection,
    account: AccountId,
    now: Millis,
    limit: u32,
) -> Result<Vec<Item>, StoreError> {
    let mut statement = c.prepare_cached(&due_sql())?;
    let rows = statement.query_map(params![account.0, now, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn due_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM outbox o WHERE account_id = ?1 AND state = 'queued' AND not_before <= ?2 AND {ADDRESSABLE} ORDER BY id LIMIT ?3"
    )
}

/// The keys of the copies that an edit is meant for.
///
/// One copy of several is known by its key; where that is of an earlier numbering another one serves, since copies
/// of a message do not differ.
pub fn keys(c: &Connection, id: OutboxId) -> Result<Vec<RemoteKey>, StoreError> {
    let Some((item, _)) = get(c, id)? else { return Ok(Vec::new()) };
    let mut keys = location::keys(c, item.scope, item.message)?;
    if let Some(meant) = &item.key {
        let one = keys.iter().find(|key| *key == meant).or(keys.last()).cloned();
        keys = one.into_iter().collect();
    }
    Ok(keys)
}

/// Whether an edit still waits for a copy in this scope and may be tried now.
pub fn is_due_in(
    c: &Connection,
    id: OutboxId,
    scope: ScopeId,
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT 1 FROM outbox o WHERE id = ?1 AND scope_id = ?2 AND state = 'queued' AND not_before <= ?3 AND {ADDRESSABLE}"
    );
    Ok(c.prepare_cached(&sql)?.exists(params![id.0, scope.0, now])?)
}

/// When the next waiting edit of an account may be tried; `None` when none waits, or when those that wait
/// have no copy to be addressed to before the provider shows one.
pub fn next_due(c: &Connection, account: AccountId) -> Result<Option<Millis>, StoreError> {
    Ok(c.prepare_cached(&format!(
        "SELECT min(not_before) FROM outbox o WHERE account_id = ?1 AND state = 'queued' AND {ADDRESSABLE}"
    ))?
    .query_row([account.0], |row| row.get(0))?)
}

pub(crate) const WAITING: &str =
    "SELECT count(*) FROM outbox WHERE account_id = ?1 AND state IN ('queued', 'sending')";

/// How many edits of an account wait; only those are looked at.
pub fn waiting(c: &Connection, account: AccountId) -> Result<i64, StoreError> {
    Ok(c.prepare_cached(WAITING)?.query_row([account.0], |row| row.get(0))?)
}

/// Marks edits as being sent, so that an undo meanwhile does not pretend they never left.
pub fn set_sending(w: &mut Write<'_>, ids: &[OutboxId]) -> Result<(), StoreError> {
    for id in ids {
        w.prepare_cached("UPDATE outbox SET state = 'sending' WHERE id = ?1")?.execute([id.0])?;
    }
    Ok(())
}

/// Writes down what the provider must know to take edits up again.
pub fn set_step(w: &mut Write<'_>, ids: &[OutboxId], step: &str) -> Result<(), StoreError> {
    for id in ids {
        w.prepare_cached("UPDATE outbox SET step = ?2 WHERE id = ?1")?
            .execute(params![id.0, step])?;
    }
    Ok(())
}

/// Keeps an edit that its provider will not take, as one that nobody need be told.
pub(crate) fn keep_here(w: &Write<'_>, id: OutboxId) -> Result<(), StoreError> {
    w.prepare_cached("UPDATE outbox SET state = 'local', error = NULL WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// Puts edits back to be tried again: all of an account's when `ids` is empty (at start: a killed process
/// cannot know whether they arrived, and repeating an edit is harmless).
pub fn requeue(
    w: &mut Write<'_>,
    account: AccountId,
    ids: &[OutboxId],
    not_before: Millis,
    error: Option<&str>,
) -> Result<(), StoreError> {
    if ids.is_empty() {
        w.execute(
            "UPDATE outbox SET state = 'queued' WHERE account_id = ?1 AND state = 'sending'",
            [account.0],
        )?;
    }
    for id in ids {
        w.prepare_cached(
            "UPDATE outbox SET state = 'queued', attempts = attempts + 1, not_before = ?2, error = ?3 WHERE id = ?1",
        )?
        .execute(params![id.0, not_before, error])?;
    }
    Ok(())
}

/// One edit, and whose.
pub(crate) fn get(c: &Connection, id: OutboxId) -> Result<Option<(Item, AccountId)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, account_id FROM outbox WHERE id = ?1");
    Ok(c.prepare_cached(&sql)?
        .query_row([id.0], |row| Ok((read(row)?, AccountId(row.get(10)?))))
        .optional()?)
}

/// Keeps an edit whose copy is not where it was, until the copy is seen elsewhere or a full round shows it nowhere.
pub(crate) fn set_adrift(w: &Write<'_>, id: OutboxId) -> Result<(), StoreError> {
    w.prepare_cached("UPDATE outbox SET state = 'adrift', not_before = ?2 WHERE id = ?1")?
        .execute(params![id.0, w.now()])?;
    Ok(())
}

/// Keeps a carried-out move over its message until the copy is seen at its new place.
pub(crate) fn insert_accepted(
    w: &Write<'_>,
    item: &Item,
    account: AccountId,
    to: MailboxRole,
    flags: Flags,
) -> Result<(), StoreError> {
    w.prepare_cached(
        "INSERT INTO outbox (account_id, conversation_id, message_id, scope_id, edit, state, prior, undo_group, not_before, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 'accepted', ?6, '', ?7, ?7)",
    )?
    .execute(params![
        account.0,
        item.conversation.0,
        item.message.0,
        item.scope.0,
        encode(&StateEdit::Move { to })?,
        encode(&Prior { flags, role: item.prior.role })?,
        w.now()
    ])?;
    Ok(())
}

/// Readdresses the edits that wait for a message in one scope to the scope its copy went to.
pub(crate) fn readdress(
    w: &Write<'_>,
    message: MessageId,
    from: ScopeId,
    to: ScopeId,
) -> Result<(), StoreError> {
    w.prepare_cached(
        "UPDATE outbox SET scope_id = ?3, copy_key = NULL WHERE message_id = ?1 AND scope_id = ?2 AND state IN ('queued', 'sending', 'local')",
    )?
    .execute(params![message.0, from.0, to.0])?;
    Ok(())
}

/// Queues an edit that was adrift for the scope its copy turned up in.
pub(crate) fn readdress_one(w: &Write<'_>, id: OutboxId, to: ScopeId) -> Result<(), StoreError> {
    w.prepare_cached(
        "UPDATE outbox SET state = 'queued', scope_id = ?2, copy_key = NULL, step = NULL WHERE id = ?1",
    )?
    .execute([id.0, to.0])?;
    Ok(())
}

pub(crate) fn delete(w: &Write<'_>, id: OutboxId) -> Result<(), StoreError> {
    w.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([id.0])?;
    Ok(())
}
