//! Bodies: which are still to come, and giving back those that are here.

use rusqlite::{Connection, params};

use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{AccountId, MailboxRole, MessageId, Millis, ScopeId};

use crate::store::Entity;
use crate::table::message::{self, Message};
use crate::table::{attachment, body, location, search};
use crate::{Packer, StoreError, Write};

/// A message of which only the headers are here, and the copy to fetch it from.
#[derive(Clone, Debug)]
pub struct MissingBody {
    /// Which message.
    pub message: MessageId,
    /// The copy's scope.
    pub scope: ScopeId,
    /// The copy's key.
    pub key: RemoteKey,
    /// Bytes, as the provider counts.
    pub size: i64,
    /// The copy's flags.
    pub flags: Flags,
    /// The mailbox role of the copy.
    pub role: MailboxRole,
    /// When the provider received it.
    pub internal_date: Millis,
    /// What the message is known by.
    pub fingerprint: Fingerprint,
}

macro_rules! select {
    ($source:literal, $conditions:literal) => {
        concat!(
            "SELECT m.id, l.scope_id, l.remote_key, m.size, l.flags, m.internal_date, l.role, m.fingerprint FROM message m ",
            $source,
            " CROSS JOIN location l ON l.message_id = m.id WHERE l.",
            location::valid_key!(),
            " AND ",
            $conditions
        )
    };
}

pub(crate) const MISSING: &str = select!(
    "INDEXED BY message_body_missing",
    "m.account_id = ?1 AND m.body_state = 0 ORDER BY m.sort_key DESC LIMIT ?2"
);

pub(crate) const COPIES: &str = select!("", "m.id = ?1");

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<MissingBody> {
    Ok(MissingBody {
        message: MessageId(row.get(0)?),
        scope: ScopeId(row.get(1)?),
        key: RemoteKey(row.get(2)?),
        size: row.get(3)?,
        flags: Flags::from_bits(row.get(4)?),
        internal_date: row.get(5)?,
        role: MailboxRole::parse(&row.get::<_, String>(6)?).unwrap_or(MailboxRole::Other),
        fingerprint: Fingerprint(row.get(7)?),
    })
}

/// The newest messages whose bodies are still to come.
pub fn bodies_missing(
    c: &Connection,
    account: AccountId,
    limit: u32,
) -> Result<Vec<MissingBody>, StoreError> {
    let mut statement = c.prepare_cached(MISSING)?;
    let rows = statement.query_map(params![account.0, limit], read)?;
    let mut missing = rows.collect::<Result<Vec<_>, _>>()?;
    // One copy of each message is enough.
    missing.dedup_by_key(|row| row.message);
    Ok(missing)
}

/// Where to fetch the body of one message from; empty when no provider holds a copy.
pub fn copies(c: &Connection, message: MessageId) -> Result<Vec<MissingBody>, StoreError> {
    let mut statement = c.prepare_cached(COPIES)?;
    let rows = statement.query_map([message.0], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that a body will not come by itself, because it is too large.
///
/// It is asked for again when a person opens the message; until then what its headers say can be searched.
pub fn body_unavailable(
    w: &mut Write<'_>,
    scope: ScopeId,
    key: &RemoteKey,
) -> Result<(), StoreError> {
    if let Some((id, _)) = location::message(w, scope, key)? {
        let noted = w.execute(
            "UPDATE message SET body_state = ?2 WHERE id = ?1 AND body_state = 0",
            params![id.0, BodyState::TooLarge.code()],
        )?;
        if noted > 0 {
            index_again(w, &message::get(w, id)?, "")?;
        }
        w.touched(Entity::Message, id.0);
    }
    Ok(())
}

/// Indexes a message as it stands here, with its text where that is here.
pub(crate) fn index_again(w: &Write<'_>, m: &Message, text: &str) -> Result<(), StoreError> {
    let from = if m.from_name.is_empty() {
        m.from_address.clone()
    } else {
        format!("{} {}", m.from_name, m.from_address)
    };
    let to = m.recipients.to.iter().chain(&m.recipients.cc).chain(&m.recipients.bcc);
    let files = attachment::of_message(w, m.id)?;
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    search::delete(w, m.sort_key)?;
    search::insert(
        w,
        m.sort_key,
        &search::Document {
            subject: &m.subject,
            sender: &from,
            recipients: &search::spell(to),
            body: text,
            files: &names.join(" "),
        },
    )
}

/// Counts the bodies up to a size as missing that were noted with [`body_unavailable`].
pub fn bodies_wanted(
    w: &mut Write<'_>,
    account: AccountId,
    largest: i64,
) -> Result<(), StoreError> {
    let ids: Vec<i64> = w
        .prepare_cached(
            "UPDATE message SET body_state = 0 WHERE account_id = ?1 AND body_state = ?2 AND size <= ?3 RETURNING id",
        )?
        .query_map(params![account.0, BodyState::TooLarge.code(), largest], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in ids {
        w.touched(Entity::Message, id);
    }
    Ok(())
}

/// The source of a message, byte for byte; `None` while it is not here.
pub fn source(
    c: &Connection,
    packer: &Packer,
    message: MessageId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((packed, layout)) = body::source(c, message)? else { return Ok(None) };
    packer.unpack(&packed, layout.as_deref()).map(Some)
}

/// The plain text of a message as it was indexed; `None` while it is not here.
pub fn text(
    c: &Connection,
    packer: &Packer,
    message: MessageId,
) -> Result<Option<String>, StoreError> {
    let Some(packed) = body::text(c, message)? else { return Ok(None) };
    packer.unpack_text(&packed).map(Some)
}
