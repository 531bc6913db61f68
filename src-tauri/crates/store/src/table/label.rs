//! `label`, `location_label`, `message_label`, `conversation_label`: a person's own names for conversations.
//!
//! Invariant: `location_label` is the provider's truth; `message_label` is that with waiting edits laid over
//! it, and `conversation_label` the union over a conversation's messages. A removed label stays as a row
//! nobody sees, so that its keyword, still set at a provider, does not bring it back.

use rusqlite::{Connection, OptionalExtension, Row, params};

use deskbell_domain::label::{self, COLORS};
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{ConversationId, LabelId, MessageId, ScopeId, text};

use crate::store::Entity;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE label (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  name TEXT NOT NULL, -- as a person wrote it
  name_key TEXT NOT NULL, -- in lower case: what two labels differ in
  keyword TEXT NOT NULL COLLATE NOCASE, -- what providers call it, an IMAP atom
  color INTEGER NOT NULL, -- index into the palette of labels
  removed INTEGER NOT NULL DEFAULT 0, -- 1: a person removed it; shown nowhere
  total INTEGER NOT NULL DEFAULT 0, -- conversations that carry it; kept by triggers
  unread INTEGER NOT NULL DEFAULT 0, -- those with something unread; kept by triggers
  created_at INTEGER NOT NULL -- ms UTC
) STRICT;
CREATE UNIQUE INDEX label_name ON label (name_key);
CREATE UNIQUE INDEX label_keyword ON label (keyword);
CREATE TABLE location_label (
  scope_id INTEGER NOT NULL, -- where
  remote_key TEXT NOT NULL, -- which copy
  label_id INTEGER NOT NULL REFERENCES label (id), -- what the provider says it carries
  PRIMARY KEY (scope_id, remote_key, label_id),
  FOREIGN KEY (scope_id, remote_key) REFERENCES location (scope_id, remote_key) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE message_label (
  message_id INTEGER NOT NULL REFERENCES message (id), -- which message
  label_id INTEGER NOT NULL REFERENCES label (id), -- carries what, waiting edits included
  PRIMARY KEY (message_id, label_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE conversation_label (
  label_id INTEGER NOT NULL REFERENCES label (id), -- what it carries
  last_at INTEGER NOT NULL, -- the conversation's last_at: the order of the list
  conversation_id INTEGER NOT NULL, -- which
  account_id INTEGER NOT NULL, -- whose
  unread INTEGER NOT NULL, -- 1: something in it is unread
  PRIMARY KEY (label_id, last_at, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_label_account ON conversation_label (label_id, account_id, last_at, conversation_id);
CREATE INDEX conversation_label_of ON conversation_label (conversation_id);
CREATE TRIGGER conversation_label_added AFTER INSERT ON conversation_label BEGIN
  UPDATE label SET total = total + 1, unread = unread + new.unread WHERE id = new.label_id;
END;
CREATE TRIGGER conversation_label_removed AFTER DELETE ON conversation_label BEGIN
  UPDATE label SET total = total - 1, unread = unread - old.unread WHERE id = old.label_id;
END;
ALTER TABLE conversation ADD COLUMN labels TEXT NOT NULL DEFAULT ''; -- ids of its labels, a comma between them
";

pub(crate) const V2: &str = "
ALTER TABLE label ADD COLUMN remote_name TEXT NOT NULL DEFAULT ''; -- what providers that keep labels by name call it
ALTER TABLE label ADD COLUMN remote_key TEXT NOT NULL DEFAULT ''; -- that in lower case
UPDATE label SET remote_name = name, remote_key = name_key;
CREATE UNIQUE INDEX label_remote_name ON label (remote_key);
";

/// Labels made by keywords alone; a server that makes up more is not followed.
const MOST_ADOPTED: i64 = 500;

/// A label row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Row id.
    pub id: LabelId,
    /// As a person wrote it.
    pub name: String,
    /// What providers call it.
    pub keyword: String,
    /// Index into the palette.
    pub color: u8,
    /// Conversations that carry it.
    pub total: i64,
    /// Those with something unread.
    pub unread: i64,
}

const COLUMNS: &str = "id, name, keyword, color, total, unread";

fn read(row: &Row<'_>) -> rusqlite::Result<Label> {
    Ok(Label {
        id: LabelId(row.get(0)?),
        name: row.get(1)?,
        keyword: row.get(2)?,
        color: row.get(3)?,
        total: row.get(4)?,
        unread: row.get(5)?,
    })
}

/// Every label, by name.
pub fn list(c: &Connection) -> Result<Vec<Label>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM label WHERE removed = 0 ORDER BY name_key");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One label.
pub fn get(c: &Connection, id: LabelId) -> Result<Label, StoreError> {
    c.prepare_cached(&format!("SELECT {COLUMNS} FROM label WHERE id = ?1 AND removed = 0"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or(StoreError::NotFound("label"))
}

/// The label with this name, whatever its case.
pub fn named(c: &Connection, name: &str) -> Result<Option<Label>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM label WHERE name_key = ?1 AND removed = 0");
    Ok(c.prepare_cached(&sql)?.query_row([label::name_key(name)], read).optional()?)
}

/// Makes a label of a tidy name; one removed earlier comes back. Refuses a name that is taken.
pub fn insert(w: &mut Write<'_>, name: &str, color: Option<u8>) -> Result<LabelId, StoreError> {
    let key = label::name_key(name);
    let known: Option<(i64, bool)> = w
        .prepare_cached("SELECT id, removed FROM label WHERE name_key = ?1")?
        .query_row([&key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let color = match color {
        Some(color) => color % COLORS,
        None => next_color(w)?,
    };
    match known {
        Some((_, false)) => Err(StoreError::Conflict(format!("there is a label “{name}” already"))),
        Some((id, true)) => {
            w.prepare_cached("UPDATE label SET removed = 0, name = ?2, color = ?3 WHERE id = ?1")?
                .execute(params![id, name, color])?;
            w.touched(Entity::Label, id);
            Ok(LabelId(id))
        }
        None => {
            let keyword = free_keyword(w, &label::keyword(name))?;
            let remote_name = free_remote_name(w, name)?;
            add(w, name, &keyword, &remote_name, color)
        }
    }
}

/// Names or colours a label anew; its keyword, and the name providers know it by, stay.
pub fn update(w: &mut Write<'_>, id: LabelId, name: &str, color: u8) -> Result<(), StoreError> {
    get(w, id)?;
    let key = label::name_key(name);
    let taken = w
        .prepare_cached("SELECT 1 FROM label WHERE name_key = ?1 AND id <> ?2 AND removed = 0")?
        .exists(params![key, id.0])?;
    if taken {
        return Err(StoreError::Conflict(format!("there is a label “{name}” already")));
    }
    // A removed label gives its name away; its keyword is what it is remembered by.
    w.prepare_cached(
        "UPDATE label SET name_key = name_key || char(1) || id WHERE name_key = ?1 AND removed = 1",
    )?
    .execute([&key])?;
    w.prepare_cached("UPDATE label SET name = ?2, name_key = ?3, color = ?4 WHERE id = ?1")?
        .execute(params![id.0, name, key, color % COLORS])?;
    w.touched(Entity::Label, id.0);
    Ok(())
}

/// Hides a label for good; what carries it must have lost it before.
pub(crate) fn remove(w: &mut Write<'_>, id: LabelId) -> Result<(), StoreError> {
    w.prepare_cached("UPDATE label SET removed = 1 WHERE id = ?1")?.execute([id.0])?;
    w.deleted(Entity::Label, id.0);
    Ok(())
}

/// The label a provider's keyword stands for, made if it is new; `None` for a system's own keyword.
pub(crate) fn of_keyword(w: &mut Write<'_>, keyword: &str) -> Result<Option<LabelId>, StoreError> {
    if !label::is_label(keyword) {
        return Ok(None);
    }
    if let Some(id) = find(w, keyword)? {
        return Ok(Some(id));
    }
    if has_adopted_enough(w)? {
        return Ok(None);
    }
    let name = free_name(w, &label::name_of_keyword(keyword))?;
    let color = next_color(w)?;
    let remote_name = free_remote_name(w, &name)?;
    add(w, &name, keyword, &remote_name, color).map(Some)
}

/// The label a provider knows by this name, made if it is new; `None` for a name no label can have.
pub(crate) fn of_remote_name(
    w: &mut Write<'_>,
    remote_name: &str,
) -> Result<Option<LabelId>, StoreError> {
    let known = w
        .prepare_cached("SELECT id FROM label WHERE remote_key = ?1")?
        .query_row([label::name_key(remote_name)], |row| row.get(0).map(LabelId))
        .optional()?;
    if known.is_some() {
        return Ok(known);
    }
    let Some(shown) = shown_as(remote_name) else { return Ok(None) };
    if has_adopted_enough(w)? {
        return Ok(None);
    }
    let name = free_name(w, &shown)?;
    let keyword = free_keyword(w, &label::keyword(&name))?;
    let color = next_color(w)?;
    add(w, &name, &keyword, remote_name, color).map(Some)
}

/// The name a label gets that a provider knows by this one; `None` for a name no label can have.
pub(crate) fn shown_as(remote_name: &str) -> Option<String> {
    // A provider's names may be longer than ours.
    let shown = remote_name.split_whitespace().collect::<Vec<_>>().join(" ");
    label::tidy_name(&text::clip(&shown, label::LONGEST_NAME)).ok()
}

/// What providers that keep labels by name call the one with this keyword; empty where there is none.
pub(crate) fn remote_name(c: &Connection, keyword: &str) -> Result<String, StoreError> {
    let name = c
        .prepare_cached("SELECT remote_name FROM label WHERE keyword = ?1")?
        .query_row([keyword], |row| row.get(0))
        .optional()?;
    Ok(name.unwrap_or_default())
}

pub(crate) fn has_adopted_enough(c: &Connection) -> Result<bool, StoreError> {
    let many = c
        .prepare_cached("SELECT count(*) >= ?1 FROM label")?
        .query_row([MOST_ADOPTED], |row| row.get(0))?;
    if many {
        tracing::warn!("a provider sets more labels than are taken over");
    }
    Ok(many)
}

fn free_name(c: &Connection, wanted: &str) -> Result<String, StoreError> {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while c
        .prepare_cached("SELECT 1 FROM label WHERE name_key = ?1")?
        .exists([label::name_key(&name)])?
    {
        name = format!("{wanted} {number}");
        number += 1;
    }
    Ok(name)
}

/// A label made here may be named as one was that has another name by now.
fn free_remote_name(c: &Connection, wanted: &str) -> Result<String, StoreError> {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while c
        .prepare_cached("SELECT 1 FROM label WHERE remote_key = ?1")?
        .exists([label::name_key(&name)])?
    {
        name = format!("{wanted} {number}");
        number += 1;
    }
    Ok(name)
}

/// The label with this keyword, removed ones included.
pub(crate) fn find(c: &Connection, keyword: &str) -> Result<Option<LabelId>, StoreError> {
    Ok(c.prepare_cached("SELECT id FROM label WHERE keyword = ?1")?
        .query_row([keyword], |row| row.get(0).map(LabelId))
        .optional()?)
}

/// Whether there is any label at all, removed ones included: nothing else need be looked at if not.
pub(crate) fn any(c: &Connection) -> Result<bool, StoreError> {
    Ok(c.prepare_cached("SELECT 1 FROM label LIMIT 1")?.exists([])?)
}

fn add(
    w: &mut Write<'_>,
    name: &str,
    keyword: &str,
    remote_name: &str,
    color: u8,
) -> Result<LabelId, StoreError> {
    w.prepare_cached(
        "INSERT INTO label (name, name_key, keyword, remote_name, remote_key, color, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        name,
        label::name_key(name),
        keyword,
        remote_name,
        label::name_key(remote_name),
        color,
        w.now()
    ])?;
    let id = w.last_insert_rowid();
    w.touched(Entity::Label, id);
    Ok(LabelId(id))
}

fn next_color(c: &Connection) -> Result<u8, StoreError> {
    let made: i64 =
        c.query_row("SELECT count(*) FROM label WHERE removed = 0", [], |row| row.get(0))?;
    Ok(u8::try_from(made % i64::from(COLORS)).unwrap_or(0))
}

fn free_keyword(c: &Connection, wanted: &str) -> Result<String, StoreError> {
    let mut keyword = wanted.to_owned();
    let mut number = 2;
    while find(c, &keyword)?.is_some() {
        keyword = format!("{wanted}-{number}");
        number += 1;
    }
    Ok(keyword)
}

/// What the provider says copies of a message carry, by scope.
pub(crate) fn truth(c: &Connection, id: MessageId) -> Result<Vec<(ScopeId, LabelId)>, StoreError> {
    let mut statement = c.prepare_cached(TRUTH)?;
    let rows =
        statement.query_map([id.0], |row| Ok((ScopeId(row.get(0)?), LabelId(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) const TRUTH: &str = "SELECT l.scope_id, b.label_id FROM location l
   CROSS JOIN location_label b ON b.scope_id = l.scope_id AND b.remote_key = l.remote_key WHERE l.message_id = ?1";

/// What the provider says one copy carries.
pub(crate) fn of_copy(
    c: &Connection,
    scope: ScopeId,
    key: &RemoteKey,
) -> Result<Vec<LabelId>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT label_id FROM location_label WHERE scope_id = ?1 AND remote_key = ?2 ORDER BY label_id",
    )?;
    let rows = statement.query_map(params![scope.0, key.0], |row| row.get(0).map(LabelId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes what the provider says one copy carries; true if that differs from before.
pub(crate) fn set_copy(
    c: &Connection,
    scope: ScopeId,
    key: &RemoteKey,
    labels: &[LabelId],
) -> Result<bool, StoreError> {
    let before = of_copy(c, scope, key)?;
    for gone in before.iter().filter(|id| !labels.contains(id)) {
        c.prepare_cached(
            "DELETE FROM location_label WHERE scope_id = ?1 AND remote_key = ?2 AND label_id = ?3",
        )?
        .execute(params![scope.0, key.0, gone.0])?;
    }
    for new in labels.iter().filter(|id| !before.contains(id)) {
        c.prepare_cached(
            "INSERT OR IGNORE INTO location_label (scope_id, remote_key, label_id) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![scope.0, key.0, new.0])?;
    }
    Ok(before.len() != labels.len() || before.iter().any(|id| !labels.contains(id)))
}

/// The labels of a message, as a person sees it.
pub fn of_message(c: &Connection, id: MessageId) -> Result<Vec<LabelId>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT label_id FROM message_label WHERE message_id = ?1 ORDER BY label_id",
    )?;
    let rows = statement.query_map([id.0], |row| row.get(0).map(LabelId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The labels of the messages of a conversation that lie anywhere.
pub(crate) fn of_conversation(
    c: &Connection,
    id: ConversationId,
) -> Result<Vec<LabelId>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT DISTINCT b.label_id FROM message m CROSS JOIN message_label b ON b.message_id = m.id
         CROSS JOIN label l ON l.id = b.label_id
         WHERE m.conversation_id = ?1 AND m.places <> 0 AND l.removed = 0 ORDER BY l.name_key",
    )?;
    let rows = statement.query_map([id.0], |row| row.get(0).map(LabelId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
