//! Going through everything of an account, for export.

use rusqlite::{Connection, params};

use deskbell_domain::message::Flags;
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_domain::{MessageId, ScopeId};

use crate::StoreError;
use crate::table::outbox;

/// A copy of a message in a scope.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The copy's key.
    pub key: RemoteKey,
    /// Of which message.
    pub message: MessageId,
    /// As the person sees them: what waits to be written back is laid over what the provider knows.
    pub flags: Flags,
}

/// The copies of a scope after a key, in the order of their keys, without those given up at the provider.
pub fn copies(
    c: &Connection,
    scope: ScopeId,
    after: Option<&RemoteKey>,
    limit: u32,
) -> Result<Vec<Copy>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT remote_key, message_id, flags FROM location WHERE scope_id = ?1 AND remote_key > ?2 AND flags & 16 = 0 ORDER BY remote_key LIMIT ?3",
    )?;
    let after = after.map_or("", |key| key.0.as_str());
    let rows = statement.query_map(params![scope.0, after, limit], |row| {
        Ok(Copy {
            key: RemoteKey(row.get(0)?),
            message: MessageId(row.get(1)?),
            flags: Flags::from_bits(row.get(2)?),
        })
    })?;
    let mut copies: Vec<Copy> = rows.collect::<Result<_, _>>()?;
    for copy in &mut copies {
        for item in outbox::over_message(c, copy.message)? {
            match item.edit {
                _ if item.scope != scope || item.state == "accepted" => {}
                StateEdit::Seen { value } => copy.flags.seen = value,
                StateEdit::Starred { value } => copy.flags.starred = value,
                StateEdit::Answered { value } => copy.flags.answered = value,
                StateEdit::Move { .. } | StateEdit::Label { .. } | StateEdit::Erase => {}
            }
        }
    }
    Ok(copies)
}
