//! `contact`, `identity`, `conversation_identity`: who takes part in what. One contact an identity so far;
//! merging is a person's decision.

use rusqlite::{Connection, OptionalExtension, params};

use deskbell_domain::{Address, Channel, ConversationId, IdentityId, Millis};

use crate::StoreError;

pub(crate) const V1: &str = "
CREATE TABLE contact (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  name TEXT NOT NULL, -- best name known
  created_at INTEGER NOT NULL -- ms UTC
) STRICT;
CREATE TABLE identity (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  contact_id INTEGER NOT NULL REFERENCES contact (id), -- whose
  channel TEXT NOT NULL, -- email
  address TEXT NOT NULL, -- in its comparable form
  name TEXT NOT NULL, -- display name last seen, or empty
  conversations INTEGER NOT NULL DEFAULT 0 -- conversations it takes part in; kept by triggers
) STRICT;
CREATE UNIQUE INDEX identity_once ON identity (channel, address);
CREATE INDEX identity_contact ON identity (contact_id);
CREATE TABLE conversation_identity (
  conversation_id INTEGER NOT NULL, -- in what
  identity_id INTEGER NOT NULL REFERENCES identity (id), -- who
  PRIMARY KEY (conversation_id, identity_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER participation_added AFTER INSERT ON conversation_identity BEGIN
  UPDATE identity SET conversations = conversations + 1 WHERE id = new.identity_id;
END;
CREATE TRIGGER participation_removed AFTER DELETE ON conversation_identity BEGIN
  UPDATE identity SET conversations = conversations - 1 WHERE id = old.identity_id;
END;
";

/// Someone who takes part in a conversation.
#[derive(Clone, Debug)]
pub struct Participant {
    /// Address in its comparable form.
    pub address: String,
    /// Display name, or empty.
    pub name: String,
    /// Conversations with this address in all.
    pub conversations: i64,
}

/// Finds or makes the identity of an address and notes that it takes part.
pub(crate) fn take_part(
    c: &Connection,
    channel: Channel,
    conversation: ConversationId,
    address: &Address,
    now: Millis,
) -> Result<(), StoreError> {
    let key = address.key();
    if key.is_empty() {
        return Ok(());
    }
    let known: Option<(i64, String)> = c
        .prepare_cached("SELECT id, name FROM identity WHERE channel = ?1 AND address = ?2")?
        .query_row(params![channel.as_str(), key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let name = address.name.as_deref().unwrap_or_default();
    let identity = match known {
        Some((id, known_name)) => {
            if known_name.is_empty() && !name.is_empty() {
                c.prepare_cached("UPDATE identity SET name = ?2 WHERE id = ?1")?
                    .execute(params![id, name])?;
                c.prepare_cached("UPDATE contact SET name = ?2 WHERE id = (SELECT contact_id FROM identity WHERE id = ?1)")?
                    .execute(params![id, name])?;
            }
            IdentityId(id)
        }
        None => {
            c.prepare_cached("INSERT INTO contact (name, created_at) VALUES (?1, ?2)")?
                .execute(params![address.label(), now])?;
            let contact = c.last_insert_rowid();
            c.prepare_cached(
                "INSERT INTO identity (contact_id, channel, address, name) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![contact, channel.as_str(), key, name])?;
            IdentityId(c.last_insert_rowid())
        }
    };
    c.prepare_cached(
        "INSERT OR IGNORE INTO conversation_identity (conversation_id, identity_id) VALUES (?1, ?2)",
    )?
    .execute(params![conversation.0, identity.0])?;
    Ok(())
}

/// Participants shown.
const SHOWN: usize = 50;

/// Who takes part in a conversation, the busiest first; at most 50.
pub fn participants(
    c: &Connection,
    conversation: ConversationId,
) -> Result<Vec<Participant>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT i.address, i.name, i.conversations FROM conversation_identity p JOIN identity i ON i.id = p.identity_id
         WHERE p.conversation_id = ?1",
    )?;
    let rows = statement.query_map([conversation.0], |row| {
        Ok(Participant { address: row.get(0)?, name: row.get(1)?, conversations: row.get(2)? })
    })?;
    let mut participants = rows.collect::<Result<Vec<Participant>, _>>()?;
    participants.sort_by_key(|person| std::cmp::Reverse(person.conversations));
    participants.truncate(SHOWN);
    Ok(participants)
}
