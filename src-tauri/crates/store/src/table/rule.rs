//! `rule`, `rule_due`, `auto_reply`: what a person wants done by itself, the mail that waits to be looked at,
//! and whom was answered when.
//!
//! Invariant: a message is in `rule_due` from its arrival until the one transaction in which rules looked at
//! it and did what they say; so each message is looked at exactly once.

use rusqlite::{Connection, OptionalExtension, Row, params};

use deskbell_domain::rule::Rule;
use deskbell_domain::{AccountId, MessageId, Millis, RuleId};

use crate::store::Entity;
use crate::table::outbox::encode;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE rule (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  position INTEGER NOT NULL, -- order in which rules are looked at
  rule TEXT NOT NULL, -- JSON: name, enabled, stop, when, actions
  matched INTEGER NOT NULL DEFAULT 0, -- messages it has acted on
  matched_at INTEGER, -- when it last did, ms UTC
  created_at INTEGER NOT NULL -- ms UTC
) STRICT;
CREATE TABLE rule_due (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) -- arrived, and no rule has looked at it
) STRICT;
CREATE TABLE auto_reply (
  account_id INTEGER NOT NULL REFERENCES account (id), -- who answered
  address TEXT NOT NULL, -- whom, in its comparable form
  sent_at INTEGER NOT NULL, -- when last, ms UTC
  PRIMARY KEY (account_id, address)
) STRICT, WITHOUT ROWID;
";

/// A rule row.
#[derive(Clone, Debug)]
pub struct RuleRow {
    /// Row id.
    pub id: RuleId,
    /// What it says.
    pub rule: Rule,
    /// Messages it has acted on.
    pub matched: i64,
    /// When it last did.
    pub matched_at: Option<Millis>,
}

const COLUMNS: &str = "id, rule, matched, matched_at";

fn read(row: &Row<'_>) -> rusqlite::Result<RuleRow> {
    let text: String = row.get(1)?;
    let rule = serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(error))
    })?;
    Ok(RuleRow { id: RuleId(row.get(0)?), rule, matched: row.get(2)?, matched_at: row.get(3)? })
}

/// Every rule, in the order they are looked at.
pub fn list(c: &Connection) -> Result<Vec<RuleRow>, StoreError> {
    let mut statement =
        c.prepare_cached(&format!("SELECT {COLUMNS} FROM rule ORDER BY position, id"))?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One rule.
pub fn get(c: &Connection, id: RuleId) -> Result<RuleRow, StoreError> {
    c.prepare_cached(&format!("SELECT {COLUMNS} FROM rule WHERE id = ?1"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or(StoreError::NotFound("rule"))
}

/// Makes a rule, behind all others.
pub fn insert(w: &mut Write<'_>, rule: &Rule) -> Result<RuleId, StoreError> {
    w.prepare_cached(
        "INSERT INTO rule (position, rule, created_at) VALUES ((SELECT coalesce(max(position), -1) + 1 FROM rule), ?1, ?2)",
    )?
    .execute(params![encode(rule)?, w.now()])?;
    let id = w.last_insert_rowid();
    w.touched(Entity::Rule, id);
    Ok(RuleId(id))
}

/// Rewrites a rule.
pub fn update(w: &mut Write<'_>, id: RuleId, rule: &Rule) -> Result<(), StoreError> {
    get(w, id)?;
    w.prepare_cached("UPDATE rule SET rule = ?2 WHERE id = ?1")?
        .execute(params![id.0, encode(rule)?])?;
    w.touched(Entity::Rule, id.0);
    Ok(())
}

/// Puts rules into this order; those not named come behind, as they were.
pub fn set_order(w: &mut Write<'_>, order: &[RuleId]) -> Result<(), StoreError> {
    let mut ids: Vec<RuleId> = Vec::new();
    for id in order {
        get(w, *id)?;
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    let rest: Vec<RuleId> =
        list(w)?.into_iter().map(|row| row.id).filter(|id| !ids.contains(id)).collect();
    for (position, id) in ids.into_iter().chain(rest).enumerate() {
        w.prepare_cached("UPDATE rule SET position = ?2 WHERE id = ?1")?
            .execute(params![id.0, i64::try_from(position).unwrap_or(i64::MAX)])?;
        w.touched(Entity::Rule, id.0);
    }
    Ok(())
}

/// Removes a rule.
pub fn delete(w: &mut Write<'_>, id: RuleId) -> Result<(), StoreError> {
    get(w, id)?;
    w.prepare_cached("DELETE FROM rule WHERE id = ?1")?.execute([id.0])?;
    w.deleted(Entity::Rule, id.0);
    Ok(())
}

/// Notes that a rule acted on a message.
pub fn count(w: &mut Write<'_>, id: RuleId) -> Result<(), StoreError> {
    w.prepare_cached("UPDATE rule SET matched = matched + 1, matched_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, w.now()])?;
    w.touched(Entity::Rule, id.0);
    Ok(())
}

/// Notes that a message arrived which rules are to look at.
pub(crate) fn set_due(w: &Write<'_>, message: MessageId) -> Result<(), StoreError> {
    w.prepare_cached("INSERT OR IGNORE INTO rule_due (message_id) VALUES (?1)")?
        .execute([message.0])?;
    Ok(())
}

/// Messages that arrived and are here as far as they will come by themselves, oldest first.
pub fn due(c: &Connection) -> Result<Vec<MessageId>, StoreError> {
    let mut statement = c.prepare_cached(DUE)?;
    let rows = statement.query_map([], |row| row.get(0).map(MessageId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) const DUE: &str =
    "SELECT d.message_id FROM rule_due d CROSS JOIN message m ON m.id = d.message_id
     WHERE m.body_state <> 0 ORDER BY d.message_id";

/// Notes that rules have looked at a message; false if they had before.
pub fn take_due(w: &Write<'_>, message: MessageId) -> Result<bool, StoreError> {
    let taken =
        w.prepare_cached("DELETE FROM rule_due WHERE message_id = ?1")?.execute([message.0])?;
    Ok(taken > 0)
}

/// When an address was last answered by itself, by any account: to who wrote, all of them are one desk.
pub fn answered_at(c: &Connection, address: &str) -> Result<Option<Millis>, StoreError> {
    Ok(c.prepare_cached(ANSWERED)?.query_row([address], |row| row.get(0))?)
}

pub(crate) const ANSWERED: &str = "SELECT max(r.sent_at) FROM account a CROSS JOIN auto_reply r
     ON r.account_id = a.id AND r.address = ?1";

/// An answer that was noted in the future was given by a clock that has been set back since: it counts as given now, so
/// that it holds nobody's next answer up for longer than any other.
pub fn answered_by_now(w: &Write<'_>, address: &str) -> Result<(), StoreError> {
    w.prepare_cached(
        "UPDATE auto_reply SET sent_at = ?2
         WHERE account_id IN (SELECT id FROM account) AND address = ?1 AND sent_at > ?2",
    )?
    .execute(params![address, w.now()])?;
    Ok(())
}

/// Notes that an address is answered by itself now.
pub fn set_answered(w: &Write<'_>, account: AccountId, address: &str) -> Result<(), StoreError> {
    w.prepare_cached(
        "INSERT INTO auto_reply (account_id, address, sent_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (account_id, address) DO UPDATE SET sent_at = excluded.sent_at",
    )?
    .execute(params![account.0, address, w.now()])?;
    Ok(())
}
