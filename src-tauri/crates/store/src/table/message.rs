//! `message`: what was written, once, however many mailboxes hold a copy; and how a person sees it.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::ingested::IngestedMessage;
use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::{AccountId, Address, ConversationId, MessageId, Millis, Places, text};

use crate::table::outgoing;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  account_id INTEGER NOT NULL REFERENCES account (id), -- whose
  conversation_id INTEGER NOT NULL REFERENCES conversation (id), -- its thread
  sort_key INTEGER NOT NULL, -- date in its upper bits, so that it orders by time; rowid of the search index
  fingerprint INTEGER NOT NULL, -- digest of Message-ID, size and INTERNALDATE
  message_id TEXT, -- Message-ID without brackets
  date INTEGER NOT NULL, -- when it was written, ms UTC
  internal_date INTEGER NOT NULL, -- when the provider received it, ms UTC
  size INTEGER NOT NULL, -- bytes, as the provider counts
  subject TEXT NOT NULL, -- decoded, one line
  from_name TEXT NOT NULL, -- display name of the author, or empty
  from_address TEXT NOT NULL, -- address of the author, or empty
  recipients TEXT NOT NULL, -- JSON: to, cc, bcc, reply_to
  preview TEXT NOT NULL, -- first words, one line
  flags INTEGER NOT NULL, -- as a person sees them, waiting edits included: seen 1, starred 2, answered 4, draft 8
  places INTEGER NOT NULL, -- set of mailbox roles, waiting edits included
  own INTEGER NOT NULL, -- 1: written by the account itself
  bulk INTEGER NOT NULL, -- 1: sent by a list or a machine
  body_state INTEGER NOT NULL, -- 0 missing, 1 full, 2 quarantined, 3 too large
  attachments INTEGER NOT NULL, -- attached files
  quarantine_reason TEXT, -- why it could not be read
  orphaned_at INTEGER -- since when no mailbox holds a copy, ms UTC
) STRICT;
CREATE UNIQUE INDEX message_order ON message (sort_key);
CREATE INDEX message_fingerprint ON message (account_id, fingerprint);
CREATE INDEX message_conversation ON message (conversation_id, date);
CREATE INDEX message_author ON message (from_address, date);
CREATE INDEX message_body_missing ON message (account_id, sort_key) WHERE body_state = 0;
CREATE INDEX message_quarantined ON message (account_id) WHERE body_state = 2;
CREATE INDEX message_orphaned ON message (account_id, orphaned_at) WHERE orphaned_at IS NOT NULL;
";

/// What a search by `is:unread` or `has:attachment` alone walks.
pub(crate) const V2: &str = "
CREATE INDEX message_unread ON message (sort_key) WHERE flags & 1 = 0;
CREATE INDEX message_attached ON message (sort_key) WHERE attachments > 0;
";

/// The addressees of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipients {
    /// To.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Address>,
    /// Cc.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<Address>,
    /// Bcc.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<Address>,
    /// Where answers go, where it differs from the author.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<Address>,
}

/// A message row.
#[derive(Clone, Debug)]
pub struct Message {
    /// Row id.
    pub id: MessageId,
    /// Whose.
    pub account: AccountId,
    /// Its thread.
    pub conversation: ConversationId,
    /// Rowid in the search index.
    pub sort_key: i64,
    /// Message-ID without brackets.
    pub message_id: Option<String>,
    /// When it was written.
    pub date: Millis,
    /// When the provider received it.
    pub internal_date: Millis,
    /// Bytes.
    pub size: i64,
    /// Decoded subject.
    pub subject: String,
    /// Author's name, or empty.
    pub from_name: String,
    /// Author's address, or empty.
    pub from_address: String,
    /// Addressees.
    pub recipients: Recipients,
    /// First words.
    pub preview: String,
    /// As a person sees them.
    pub flags: Flags,
    /// Where it lies as a person sees it.
    pub places: Places,
    /// Written by the account itself.
    pub own: bool,
    /// Sent by a list or a machine.
    pub bulk: bool,
    /// How much is here.
    pub body_state: BodyState,
    /// Attached files.
    pub attachments: i64,
    /// Why it could not be read.
    pub quarantine_reason: Option<String>,
}

/// The columns [`read`] expects, of a message aliased `m`.
pub(crate) const COLUMNS: &str = "m.id, m.account_id, m.conversation_id, m.sort_key, m.message_id, m.date, m.internal_date, m.size, m.subject, m.from_name, m.from_address, m.recipients, m.preview, m.flags, m.places, m.own, m.bulk, m.body_state, m.attachments, m.quarantine_reason";

pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: MessageId(row.get(0)?),
        account: AccountId(row.get(1)?),
        conversation: ConversationId(row.get(2)?),
        sort_key: row.get(3)?,
        message_id: row.get(4)?,
        date: row.get(5)?,
        internal_date: row.get(6)?,
        size: row.get(7)?,
        subject: row.get(8)?,
        from_name: row.get(9)?,
        from_address: row.get(10)?,
        recipients: serde_json::from_str(&row.get::<_, String>(11)?).unwrap_or_default(),
        preview: row.get(12)?,
        flags: Flags::from_bits(row.get(13)?),
        places: Places(row.get(14)?),
        own: row.get(15)?,
        bulk: row.get(16)?,
        body_state: BodyState::from_code(row.get(17)?),
        attachments: row.get(18)?,
        quarantine_reason: row.get(19)?,
    })
}

/// One message.
pub fn get(c: &Connection, id: MessageId) -> Result<Message, StoreError> {
    c.prepare_cached(&format!("SELECT {COLUMNS} FROM message m WHERE m.id = ?1"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or(StoreError::NotFound("message"))
}

/// The message with this fingerprint, and how much of it is here.
pub(crate) fn find(
    c: &Connection,
    account: AccountId,
    fingerprint: Fingerprint,
) -> Result<Option<(MessageId, BodyState)>, StoreError> {
    Ok(c.prepare_cached(
        "SELECT id, body_state FROM message WHERE account_id = ?1 AND fingerprint = ?2 ORDER BY id LIMIT 1",
    )?
    .query_row(params![account.0, fingerprint.0], |row| {
        Ok((MessageId(row.get(0)?), BodyState::from_code(row.get(1)?)))
    })
    .optional()?)
}

/// What a message is known by.
pub(crate) fn fingerprint(c: &Connection, id: MessageId) -> Result<Fingerprint, StoreError> {
    Ok(c.prepare_cached("SELECT fingerprint FROM message WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0).map(Fingerprint))?)
}

/// Notes what a message is known by from now on: its provider has a name for it.
pub(crate) fn name(c: &Connection, id: MessageId, known_by: Fingerprint) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE message SET fingerprint = ?2 WHERE id = ?1 AND fingerprint <> ?2")?
        .execute(params![id.0, known_by.0])?;
    Ok(())
}

/// Bits of a sort key below the date.
const SEQUENCE_BITS: u32 = 20;
/// Dates are clamped to what fits above them: year 1970 to about 2248.
const LATEST: Millis = (1 << (63 - SEQUENCE_BITS)) - 2;

/// The lowest sort key of an instant, for searches by date.
pub(crate) fn sort_key(date: Millis) -> i64 {
    date.clamp(0, LATEST) << SEQUENCE_BITS
}

/// Stores a new message with its first copy's flags and place.
pub(crate) fn insert(
    w: &Write<'_>,
    account: AccountId,
    conversation: ConversationId,
    own: bool,
    places: Places,
    m: &IngestedMessage,
) -> Result<(MessageId, i64), StoreError> {
    let sequence = m.fingerprint.0 & ((1 << SEQUENCE_BITS) - 1);
    let sort_key = free_sort_key(w, m.date, sequence)?;
    let (name, address) = author(m);
    let recipients = Recipients {
        to: m.to.clone(),
        cc: m.cc.clone(),
        bcc: m.bcc.clone(),
        reply_to: m.reply_to.clone(),
    };
    w.prepare_cached(
        "INSERT INTO message (account_id, conversation_id, sort_key, fingerprint, message_id, date, internal_date, size, subject,
           from_name, from_address, recipients, preview, flags, places, own, bulk, body_state, attachments, quarantine_reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
    )?
    .execute(params![
        account.0,
        conversation.0,
        sort_key,
        m.known_by.unwrap_or(m.fingerprint).0,
        m.message_id,
        m.date,
        m.internal_date,
        size(m),
        m.subject,
        name,
        address,
        serde_json::to_string(&recipients).unwrap_or_else(|_| "{}".into()),
        preview(m),
        m.flags.bits(),
        places.0,
        own,
        m.bulk,
        m.body_state.code(),
        listed_attachments(m),
        m.quarantine_reason,
    ])?;
    Ok((MessageId(w.last_insert_rowid()), sort_key))
}

/// Two messages of one millisecond and one sequence: the next free number.
fn free_sort_key(c: &Connection, date: Millis, sequence: i64) -> Result<i64, StoreError> {
    let mut key = sort_key(date) | sequence;
    while c.prepare_cached("SELECT 1 FROM message WHERE sort_key = ?1")?.exists([key])? {
        key += 1;
    }
    Ok(key)
}

/// Dates a message anew, and gives it its place among all others; its old and new key in the search index.
pub(crate) fn redate(
    w: &Write<'_>,
    id: MessageId,
    date: Millis,
    size: u64,
) -> Result<(i64, i64), StoreError> {
    let old: i64 = w
        .prepare_cached("SELECT sort_key FROM message WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    let new = free_sort_key(w, date, old & ((1 << SEQUENCE_BITS) - 1))?;
    w.prepare_cached(
        "UPDATE message SET sort_key = ?2, date = ?3, internal_date = ?3, size = ?4 WHERE id = ?1",
    )?
    .execute(params![id.0, new, date, i64::try_from(size).unwrap_or(i64::MAX)])?;
    Ok((old, new))
}

/// The size its provider told, else that of its source, once it is here.
fn size(m: &IngestedMessage) -> i64 {
    let here = m.body.as_ref().map_or(0, |body| body.source.len() as u64);
    i64::try_from(if m.size == 0 { here } else { m.size }).unwrap_or(i64::MAX)
}

/// Completes a message whose headers came first.
pub(crate) fn complete(
    w: &Write<'_>,
    id: MessageId,
    m: &IngestedMessage,
) -> Result<i64, StoreError> {
    Ok(w.prepare_cached(
        "UPDATE message SET preview = ?2, body_state = ?3, attachments = ?4, quarantine_reason = ?5, bulk = ?6, size = iif(size = 0, ?7, size) WHERE id = ?1
         RETURNING sort_key",
    )?
    .query_row(
        params![
            id.0,
            preview(m),
            m.body_state.code(),
            listed_attachments(m),
            m.quarantine_reason,
            m.bulk,
            size(m)
        ],
        |row| row.get(0),
    )?)
}

/// Rewrites a message that is still being written; its key in the search index stays.
pub(crate) fn rewrite(
    w: &Write<'_>,
    id: MessageId,
    m: &IngestedMessage,
    attachments: i64,
) -> Result<i64, StoreError> {
    let (name, address) = author(m);
    let recipients = Recipients {
        to: m.to.clone(),
        cc: m.cc.clone(),
        bcc: m.bcc.clone(),
        reply_to: m.reply_to.clone(),
    };
    Ok(w.prepare_cached(
        "UPDATE message SET date = ?2, internal_date = ?2, size = ?3, subject = ?4, from_name = ?5, from_address = ?6,
           recipients = ?7, preview = ?8, attachments = ?9, body_state = ?10 WHERE id = ?1 RETURNING sort_key",
    )?
    .query_row(
        params![
            id.0,
            m.date,
            i64::try_from(m.size).unwrap_or(i64::MAX),
            m.subject,
            name,
            address,
            serde_json::to_string(&recipients).unwrap_or_else(|_| "{}".into()),
            preview(m),
            attachments,
            m.body_state.code(),
        ],
        |row| row.get(0),
    )?)
}

fn author(m: &IngestedMessage) -> (&str, String) {
    m.from
        .as_ref()
        .map_or(("", String::new()), |from| (from.name.as_deref().unwrap_or_default(), from.key()))
}

/// Longest preview, in characters.
const PREVIEW: usize = 200;

fn preview(m: &IngestedMessage) -> String {
    m.body.as_ref().map_or_else(String::new, |body| text::clip(&body.preview, PREVIEW))
}

fn listed_attachments(m: &IngestedMessage) -> i64 {
    let count = m
        .body
        .as_ref()
        .map_or(0, |body| body.attachments.iter().filter(|file| !file.inline).count());
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Which conversation a message is in.
pub(crate) fn conversation(
    c: &Connection,
    id: MessageId,
) -> Result<Option<ConversationId>, StoreError> {
    Ok(c.prepare_cached("SELECT conversation_id FROM message WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0).map(ConversationId))
        .optional()?)
}

/// Erases a message with everything that hangs on it; its copies must be gone already.
pub(crate) fn delete(w: &mut Write<'_>, id: MessageId) -> Result<(), StoreError> {
    let sort_key: Option<i64> = w
        .prepare_cached("SELECT sort_key FROM message WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    let Some(sort_key) = sort_key else { return Ok(()) };
    crate::table::search::delete(w, sort_key)?;
    crate::table::body::delete(w, id)?;
    if let Some(row) = outgoing::of_message(w, id)? {
        outgoing::delete(w, row.id)?;
    }
    for sql in [
        "DELETE FROM attachment WHERE message_id = ?1",
        "DELETE FROM message_label WHERE message_id = ?1",
        "DELETE FROM rule_due WHERE message_id = ?1",
        "DELETE FROM outbox WHERE message_id = ?1",
        "DELETE FROM message WHERE id = ?1",
    ] {
        w.prepare_cached(sql)?.execute([id.0])?;
    }
    w.deleted(crate::Entity::Message, id.0);
    Ok(())
}
