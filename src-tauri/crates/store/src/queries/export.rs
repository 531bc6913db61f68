//! Going through everything of an account, and what a person made beside their mail, for export.

use rusqlite::{Connection, OptionalExtension, params};

use deskbell_domain::message::Flags;
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_domain::{AccountId, ConversationId, MessageId, Millis, OutgoingId, ScopeId};

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

pub(crate) const COPIES: &str = "SELECT remote_key, message_id, flags FROM location WHERE scope_id = ?1 AND remote_key > ?2 AND flags & 16 = 0 ORDER BY remote_key LIMIT ?3";

/// The copies of a scope after a key, in the order of their keys, without those given up at the provider.
pub fn copies(
    c: &Connection,
    scope: ScopeId,
    after: Option<&RemoteKey>,
    limit: u32,
) -> Result<Vec<Copy>, StoreError> {
    let mut statement = c.prepare_cached(COPIES)?;
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

/// Somebody who takes part in conversations.
#[derive(Clone, Debug)]
pub struct Person {
    /// Row id; the order of a walk.
    pub id: i64,
    /// On which channel.
    pub channel: String,
    /// In its comparable form.
    pub address: String,
    /// Display name, or empty.
    pub name: String,
    /// Conversations it takes part in.
    pub conversations: i64,
    /// Messages sent to it.
    pub sent: i64,
    /// Messages a person wrote from it.
    pub received: i64,
}

pub(crate) const PEOPLE: &str = "SELECT id, channel, address, name, conversations, sent, received FROM identity WHERE id > ?1 ORDER BY id LIMIT ?2";

/// Everybody who takes part in something, after a row.
pub fn people(c: &Connection, after: i64, limit: u32) -> Result<Vec<Person>, StoreError> {
    let mut statement = c.prepare_cached(PEOPLE)?;
    let rows = statement.query_map(params![after, limit], |row| {
        Ok(Person {
            id: row.get(0)?,
            channel: row.get(1)?,
            address: row.get(2)?,
            name: row.get(3)?,
            conversations: row.get(4)?,
            sent: row.get(5)?,
            received: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A conversation that is put off.
#[derive(Clone, Debug)]
pub struct PutOff {
    /// Which.
    pub conversation: ConversationId,
    /// When it comes back; `None` for when somebody answers.
    pub until: Option<Millis>,
    /// When it was put off.
    pub set_at: Millis,
    /// Whose.
    pub account: AccountId,
    /// Its subject.
    pub subject: String,
    /// The Message-IDs of its messages, without brackets.
    pub message_ids: Vec<String>,
}

/// Every conversation that is put off.
pub fn put_off(c: &Connection) -> Result<Vec<PutOff>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT s.conversation_id, s.until, s.set_at, n.account_id, n.subject FROM snooze s
         JOIN conversation n ON n.id = s.conversation_id WHERE s.returned_at IS NULL ORDER BY s.conversation_id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(PutOff {
            conversation: ConversationId(row.get(0)?),
            until: row.get(1)?,
            set_at: row.get(2)?,
            account: AccountId(row.get(3)?),
            subject: row.get(4)?,
            message_ids: Vec::new(),
        })
    })?;
    let mut all: Vec<PutOff> = rows.collect::<Result<_, _>>()?;
    let mut ids = c.prepare_cached(
        "SELECT message_id FROM message WHERE conversation_id = ?1 AND message_id IS NOT NULL ORDER BY date, id",
    )?;
    for one in &mut all {
        let found = ids.query_map([one.conversation.0], |row| row.get(0))?;
        one.message_ids = found.collect::<Result<_, _>>()?;
    }
    Ok(all)
}

/// What a person writes or sends and no provider has yet: drafts, messages that wait or were refused, and those of
/// which nobody knows whether they left.
pub fn unsent(c: &Connection) -> Result<Vec<OutgoingId>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT id FROM outgoing WHERE discarded_at IS NULL AND state IN ('draft', 'queued', 'sending', 'unknown', 'rejected') ORDER BY id",
    )?;
    let rows = statement.query_map([], |row| row.get(0).map(OutgoingId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What has left and lies nowhere but here, by the scope that holds it; `None` where an account has no such scope.
pub fn sent_from_here(
    c: &Connection,
    account: AccountId,
) -> Result<Option<(ScopeId, i64)>, StoreError> {
    Ok(c.prepare_cached(
        "SELECT s.id, (SELECT count(*) FROM location l JOIN body b ON b.message_id = l.message_id
           WHERE l.scope_id = s.id AND l.role = 'sent') FROM scope s WHERE s.account_id = ?1 AND s.local = 1",
    )?
    .query_row([account.0], |row| Ok((ScopeId(row.get(0)?), row.get(1)?)))
    .optional()?)
}
