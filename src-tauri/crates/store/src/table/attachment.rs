//! `attachment`: the files of messages, by name; their bytes are read from the message's source.

use rusqlite::{Connection, params};

use deskbell_domain::MessageId;
use deskbell_domain::ingested::Attachment;

use crate::StoreError;

pub(crate) const V1: &str = "
CREATE TABLE attachment (
  message_id INTEGER NOT NULL REFERENCES message (id), -- of what
  part INTEGER NOT NULL, -- index of the part in the parsed source
  name TEXT NOT NULL, -- file name without any path
  media_type TEXT NOT NULL, -- lower case
  size INTEGER NOT NULL, -- decoded bytes
  content_id TEXT, -- without brackets
  inline INTEGER NOT NULL, -- 1: shown inside the text
  PRIMARY KEY (message_id, part)
) STRICT, WITHOUT ROWID;
";

/// Stores the files of a message.
pub(crate) fn insert(
    c: &Connection,
    message: MessageId,
    files: &[Attachment],
) -> Result<(), StoreError> {
    for file in files {
        c.prepare_cached(
            "INSERT OR REPLACE INTO attachment (message_id, part, name, media_type, size, content_id, inline)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            message.0,
            file.part,
            file.name,
            file.media_type,
            i64::try_from(file.size).unwrap_or(i64::MAX),
            file.content_id,
            file.inline
        ])?;
    }
    Ok(())
}

/// Forgets the files of a message.
pub(crate) fn delete(c: &Connection, message: MessageId) -> Result<(), StoreError> {
    c.prepare_cached("DELETE FROM attachment WHERE message_id = ?1")?.execute([message.0])?;
    Ok(())
}

pub(crate) const OF_MESSAGE: &str = "SELECT part, name, media_type, size, content_id, inline FROM attachment WHERE message_id = ?1 ORDER BY part";

/// The files of a message, in the order of its parts.
pub fn of_message(c: &Connection, message: MessageId) -> Result<Vec<Attachment>, StoreError> {
    let mut statement = c.prepare_cached(OF_MESSAGE)?;
    let rows = statement.query_map([message.0], |row| {
        Ok(Attachment {
            part: row.get(0)?,
            name: row.get(1)?,
            media_type: row.get(2)?,
            size: row.get::<_, i64>(3)?.unsigned_abs(),
            content_id: row.get(4)?,
            inline: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
