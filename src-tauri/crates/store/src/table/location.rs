//! `location`: the copies of messages, one row for each key in each scope. The provider's truth, unedited.

use rusqlite::{Connection, OptionalExtension, params};

use deskbell_domain::message::Flags;
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{MailboxRole, MessageId, ScopeId};

use crate::StoreError;

pub(crate) const V1: &str = "
CREATE TABLE location (
  scope_id INTEGER NOT NULL REFERENCES scope (id), -- where
  remote_key TEXT NOT NULL, -- the provider's name for this copy
  message_id INTEGER NOT NULL REFERENCES message (id), -- of what
  flags INTEGER NOT NULL, -- as the provider knows them: seen 1, starred 2, answered 4, draft 8, deleted 16
  role TEXT NOT NULL, -- the mailbox role of this copy
  stale INTEGER NOT NULL DEFAULT 0, -- 1: set aside until a full listing shows it again
  PRIMARY KEY (scope_id, remote_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX location_message ON location (message_id, scope_id);
CREATE INDEX location_stale ON location (scope_id) WHERE stale = 1;
CREATE TRIGGER location_added AFTER INSERT ON location BEGIN
  UPDATE scope SET local_total = local_total + 1 WHERE id = new.scope_id;
END;
CREATE TRIGGER location_removed AFTER DELETE ON location BEGIN
  UPDATE scope SET local_total = local_total - 1 WHERE id = old.scope_id;
END;
";

/// Before the key of a copy whose number became invalid; no provider's key begins with a control character.
const INVALID: char = '\u{1}';
/// Tells valid keys from those set aside by a renumbering, in the column `remote_key`.
macro_rules! valid_key {
    () => {
        "remote_key NOT GLOB char(1) || '*'"
    };
}
pub(crate) use valid_key;

/// A copy of a message.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    pub(crate) scope: ScopeId,
    pub(crate) key: RemoteKey,
    pub(crate) flags: Flags,
    pub(crate) role: MailboxRole,
}

pub(crate) const MESSAGE: &str =
    "SELECT message_id, flags FROM location WHERE scope_id = ?1 AND remote_key = ?2";

/// The message behind a key.
pub(crate) fn message(
    c: &Connection,
    scope: ScopeId,
    key: &RemoteKey,
) -> Result<Option<(MessageId, Flags)>, StoreError> {
    Ok(c.prepare_cached(MESSAGE)?
        .query_row(params![scope.0, key.0], |row| {
            Ok((MessageId(row.get(0)?), Flags::from_bits(row.get(1)?)))
        })
        .optional()?)
}

/// Records a copy, replacing what was known under this key.
pub(crate) fn put(
    c: &Connection,
    scope: ScopeId,
    key: &RemoteKey,
    message: MessageId,
    flags: Flags,
    role: MailboxRole,
) -> Result<(), StoreError> {
    c.prepare_cached(
        "INSERT INTO location (scope_id, remote_key, message_id, flags, role, stale) VALUES (?1, ?2, ?3, ?4, ?5, 0)
         ON CONFLICT (scope_id, remote_key) DO UPDATE
         SET message_id = excluded.message_id, flags = excluded.flags, role = excluded.role, stale = 0",
    )?
    .execute(params![scope.0, key.0, message.0, flags.bits(), role.as_str()])?;
    Ok(())
}

/// Sets the flags of a copy, and that it was seen; true if the flags differ from before.
pub(crate) fn set_flags(
    c: &Connection,
    scope: ScopeId,
    key: &RemoteKey,
    flags: Flags,
) -> Result<bool, StoreError> {
    let changed = c
        .prepare_cached(
            "UPDATE location SET flags = ?3, stale = 0 WHERE scope_id = ?1 AND remote_key = ?2 AND (flags <> ?3 OR stale = 1)",
        )?
        .execute(params![scope.0, key.0, flags.bits()])?;
    Ok(changed > 0)
}

/// Sets the mailbox a copy lies in, and that it was seen; true if it lay elsewhere before.
pub(crate) fn set_role(
    c: &Connection,
    scope: ScopeId,
    key: &RemoteKey,
    role: MailboxRole,
) -> Result<bool, StoreError> {
    let changed = c
        .prepare_cached(
            "UPDATE location SET role = ?3, stale = 0 WHERE scope_id = ?1 AND remote_key = ?2 AND (role <> ?3 OR stale = 1)",
        )?
        .execute(params![scope.0, key.0, role.as_str()])?;
    Ok(changed > 0)
}

/// Changes the flags of every copy of a message in a scope.
pub(crate) fn change_flags(
    c: &Connection,
    scope: ScopeId,
    message: MessageId,
    change: impl Fn(&mut Flags),
) -> Result<(), StoreError> {
    for mut place in of_message(c, message)?.into_iter().filter(|place| place.scope == scope) {
        change(&mut place.flags);
        c.prepare_cached("UPDATE location SET flags = ?3 WHERE scope_id = ?1 AND remote_key = ?2")?
            .execute(params![scope.0, place.key.0, place.flags.bits()])?;
    }
    Ok(())
}

/// Removes a copy; the message it was of.
pub(crate) fn remove(
    c: &Connection,
    scope: ScopeId,
    key: &RemoteKey,
) -> Result<Option<MessageId>, StoreError> {
    Ok(c.prepare_cached(
        "DELETE FROM location WHERE scope_id = ?1 AND remote_key = ?2 RETURNING message_id",
    )?
    .query_row(params![scope.0, key.0], |row| row.get(0).map(MessageId))
    .optional()?)
}

pub(crate) const KEYS_BETWEEN: &str = concat!(
    "SELECT remote_key FROM location WHERE scope_id = ?1 AND remote_key BETWEEN ?2 AND ?3 AND ",
    valid_key!(),
    " ORDER BY remote_key"
);

/// The keys in a window, ascending, leaving out those that became invalid.
pub(crate) fn keys_between(
    c: &Connection,
    scope: ScopeId,
    low: &RemoteKey,
    high: &RemoteKey,
) -> Result<Vec<RemoteKey>, StoreError> {
    let mut statement = c.prepare_cached(KEYS_BETWEEN)?;
    let keys =
        statement.query_map(params![scope.0, low.0, high.0], |row| row.get(0).map(RemoteKey))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Notes that a copy is still there, so that the end of a listing does not remove it.
pub(crate) fn set_present(
    c: &Connection,
    scope: ScopeId,
    key: &RemoteKey,
) -> Result<(), StoreError> {
    c.prepare_cached(
        "UPDATE location SET stale = 0 WHERE scope_id = ?1 AND remote_key = ?2 AND stale = 1",
    )?
    .execute(params![scope.0, key.0])?;
    Ok(())
}

/// Sets every copy of a scope aside; with `renumbered` their keys no longer count either.
pub(crate) fn set_aside(
    c: &Connection,
    scope: ScopeId,
    renumbered: bool,
) -> Result<(), StoreError> {
    if renumbered {
        // A scope may be renumbered again before all of it was listed: each time has a mark of its own,
        // so that an old key 5 and a new key 5 set aside do not collide.
        let latest: Option<String> = c
            .prepare_cached(
                "SELECT max(remote_key) FROM location WHERE scope_id = ?1 AND remote_key GLOB char(1) || '*'",
            )?
            .query_row([scope.0], |row| row.get(0))?;
        let time = latest
            .as_deref()
            .and_then(|key| key.trim_start_matches(INVALID).split_once(INVALID))
            .and_then(|(time, _)| time.parse::<u32>().ok())
            .map_or(0, |time| time.saturating_add(1));
        let mark = format!("{INVALID}{time:010}{INVALID}");
        c.prepare_cached(concat!(
            "UPDATE location SET stale = 1, remote_key = ?2 || remote_key WHERE scope_id = ?1 AND ",
            valid_key!()
        ))?
        .execute(params![scope.0, mark])?;
    }
    c.execute("UPDATE location SET stale = 1 WHERE scope_id = ?1 AND stale = 0", [scope.0])?;
    Ok(())
}

/// Drops one copy of a message in a scope whose key became invalid: it was seen under its new key.
///
/// A copy that only waits for a listing to show it stays; it may be a second copy in the same mailbox.
pub(crate) fn drop_renumbered(
    c: &Connection,
    scope: ScopeId,
    message: MessageId,
) -> Result<(), StoreError> {
    c.prepare_cached(
        "DELETE FROM location WHERE scope_id = ?1 AND remote_key = (
           SELECT remote_key FROM location WHERE message_id = ?2 AND scope_id = ?1 AND remote_key GLOB char(1) || '*' LIMIT 1)",
    )?
    .execute(params![scope.0, message.0])?;
    Ok(())
}

/// Removes what a full listing did not show again; the messages they were of.
pub(crate) fn remove_stale(c: &Connection, scope: ScopeId) -> Result<Vec<MessageId>, StoreError> {
    let mut statement = c.prepare_cached(
        "DELETE FROM location WHERE scope_id = ?1 AND stale = 1 RETURNING message_id",
    )?;
    let messages = statement.query_map([scope.0], |row| row.get(0).map(MessageId))?;
    Ok(messages.collect::<Result<_, _>>()?)
}

pub(crate) const OF_MESSAGE: &str =
    "SELECT scope_id, remote_key, flags, role FROM location WHERE message_id = ?1";

/// All copies of a message.
pub(crate) fn of_message(c: &Connection, message: MessageId) -> Result<Vec<Location>, StoreError> {
    let mut statement = c.prepare_cached(OF_MESSAGE)?;
    let rows = statement.query_map([message.0], |row| {
        Ok(Location {
            scope: ScopeId(row.get(0)?),
            key: RemoteKey(row.get(1)?),
            flags: Flags::from_bits(row.get(2)?),
            role: MailboxRole::parse(&row.get::<_, String>(3)?).unwrap_or(MailboxRole::Other),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The keys under which a scope holds a message; none while a renumbered scope is being listed again, and
/// none of copies its provider only keeps until it clears up.
pub fn keys(
    c: &Connection,
    scope: ScopeId,
    message: MessageId,
) -> Result<Vec<RemoteKey>, StoreError> {
    let mut statement = c.prepare_cached(KEYS)?;
    let keys = statement.query_map(params![message.0, scope.0], |row| row.get(0).map(RemoteKey))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

pub(crate) const KEYS: &str = concat!(
    "SELECT remote_key FROM location WHERE message_id = ?1 AND scope_id = ?2 AND flags & 16 = 0 AND ",
    valid_key!()
);
