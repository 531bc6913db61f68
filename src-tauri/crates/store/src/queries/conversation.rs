//! One conversation: its messages and who takes part.

use rusqlite::{Connection, params};

use deskbell_domain::{ConversationId, MessageId, Millis};

use crate::StoreError;
use crate::table::message::{self, Message};

/// The latest messages of a conversation, oldest first. What lies in no mailbox is left out.
pub fn messages(
    c: &Connection,
    id: ConversationId,
    limit: u32,
) -> Result<Vec<Message>, StoreError> {
    let mut statement = c.prepare_cached(&messages_sql())?;
    let rows = statement.query_map(params![id.0, limit], message::read)?;
    let mut messages = rows.collect::<Result<Vec<_>, _>>()?;
    messages.reverse();
    Ok(messages)
}

pub(crate) fn messages_sql() -> String {
    format!(
        "SELECT {} FROM message m WHERE m.conversation_id = ?1 AND m.places <> 0 ORDER BY m.date DESC, m.id DESC LIMIT ?2",
        message::COLUMNS
    )
}

/// The names of the mailboxes that hold a message.
pub fn mailboxes(c: &Connection, id: MessageId) -> Result<Vec<String>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT DISTINCT s.name FROM location l JOIN scope s ON s.id = l.scope_id WHERE l.message_id = ?1 AND s.local = 0 ORDER BY s.name",
    )?;
    let names = statement.query_map([id.0], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Another conversation with the same author.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Which.
    pub id: ConversationId,
    /// Its subject.
    pub subject: String,
    /// Date of its latest message.
    pub last_at: Millis,
}

/// How many messages of an author are looked at for [`recent`].
const LOOKED_AT: u32 = 60;

/// The latest conversations an address has written in, newest first, without `except`.
pub fn recent(
    c: &Connection,
    address: &str,
    except: ConversationId,
    limit: usize,
) -> Result<Vec<Recent>, StoreError> {
    let mut statement = c.prepare_cached(RECENT)?;
    let rows = statement.query_map(params![address, LOOKED_AT], |row| {
        Ok(Recent { id: ConversationId(row.get(0)?), subject: row.get(1)?, last_at: row.get(2)? })
    })?;
    let mut recent: Vec<Recent> = Vec::new();
    for row in rows {
        let row = row?;
        if row.id != except && recent.len() < limit && !recent.iter().any(|r| r.id == row.id) {
            recent.push(row);
        }
    }
    Ok(recent)
}

pub(crate) const RECENT: &str = "SELECT c.id, c.subject, c.last_at FROM message m CROSS JOIN conversation c ON c.id = m.conversation_id
   WHERE m.from_address = ?1 AND m.places <> 0 ORDER BY m.date DESC LIMIT ?2";
