//! `conversation`: threads, with everything a list row shows. Derived from `message`; see [`refresh`].

use rusqlite::{Connection, OptionalExtension, Row, params};

use deskbell_domain::conversation::{Member, View, views};
use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::{AccountId, ConversationId, LabelId, Millis, Places, text};

use crate::store::Entity;
use crate::sync::snooze::Heard;
use crate::sync::{label as sync_label, snooze as sync_snooze};
use crate::table::{label, listing, snooze};
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  account_id INTEGER NOT NULL REFERENCES account (id), -- whose
  subject TEXT NOT NULL DEFAULT '', -- of its first message, without reply marks
  people TEXT NOT NULL DEFAULT '', -- who wrote, latest first
  preview TEXT NOT NULL DEFAULT '', -- first words of the latest message
  last_at INTEGER NOT NULL DEFAULT 0, -- date of the latest message, ms UTC
  messages INTEGER NOT NULL DEFAULT 0, -- messages in it
  unread INTEGER NOT NULL DEFAULT 0, -- unread messages of the inbox in it
  starred INTEGER NOT NULL DEFAULT 0, -- 1: one of them is starred
  attachments INTEGER NOT NULL DEFAULT 0, -- attached files in it
  last_is_own INTEGER NOT NULL DEFAULT 0, -- 1: the latest message is ours
  quarantined INTEGER NOT NULL DEFAULT 0, -- 1: one of them could not be read
  pending INTEGER NOT NULL DEFAULT 0, -- 1: changes of it wait to be written back
  views INTEGER NOT NULL DEFAULT 0 -- set of views it is in, one bit a view code
) STRICT;
CREATE INDEX conversation_account ON conversation (account_id);
";

pub(crate) const V2: &str = "
ALTER TABLE conversation ADD COLUMN remote_thread TEXT; -- the provider's own name for it, where it has one
CREATE UNIQUE INDEX conversation_remote_thread ON conversation (account_id, remote_thread) WHERE remote_thread IS NOT NULL;
";

/// A conversation row.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Row id.
    pub id: ConversationId,
    /// Whose.
    pub account: AccountId,
    /// Subject without reply marks.
    pub subject: String,
    /// Who wrote, latest first.
    pub people: String,
    /// First words of the latest message.
    pub preview: String,
    /// Date of the latest message.
    pub last_at: Millis,
    /// Messages in it.
    pub messages: i64,
    /// Unread messages of the inbox in it.
    pub unread: i64,
    /// One of them is starred.
    pub starred: bool,
    /// Attached files in it.
    pub attachments: i64,
    /// The latest message is ours.
    pub last_is_own: bool,
    /// One of them could not be read.
    pub quarantined: bool,
    /// Changes of it wait to be written back.
    pub pending: bool,
    /// The views it is in.
    pub views: Vec<View>,
    /// Its labels, by name.
    pub labels: Vec<LabelId>,
    /// It is put off.
    pub snoozed: bool,
    /// Until when it is put off; `None` for until somebody answers.
    pub snoozed_until: Option<Millis>,
    /// It came back, and nobody has looked at it since.
    pub back: bool,
}

/// The columns [`read`] expects, of a conversation aliased `c`.
pub(crate) const COLUMNS: &str = "c.id, c.account_id, c.subject, c.people, c.preview, c.last_at, c.messages, c.unread, c.starred, c.attachments, c.last_is_own, c.quarantined, c.pending, c.views, c.labels, c.snoozed, c.snoozed_until, c.back";

pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    let bits: i64 = row.get(13)?;
    let labels: String = row.get(14)?;
    Ok(Conversation {
        id: ConversationId(row.get(0)?),
        account: AccountId(row.get(1)?),
        subject: row.get(2)?,
        people: row.get(3)?,
        preview: row.get(4)?,
        last_at: row.get(5)?,
        messages: row.get(6)?,
        unread: row.get(7)?,
        starred: row.get(8)?,
        attachments: row.get(9)?,
        last_is_own: row.get(10)?,
        quarantined: row.get(11)?,
        pending: row.get(12)?,
        views: View::EVERY.into_iter().filter(|view| bits & bit(*view) != 0).collect(),
        labels: labels.split(',').filter_map(|id| id.parse().ok()).collect(),
        snoozed: row.get(15)?,
        snoozed_until: row.get(16)?,
        back: row.get(17)?,
    })
}

fn bit(view: View) -> i64 {
    1 << view.code()
}

/// One conversation.
pub fn get(c: &Connection, id: ConversationId) -> Result<Conversation, StoreError> {
    c.prepare_cached(&format!("SELECT {COLUMNS} FROM conversation c WHERE c.id = ?1"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or(StoreError::NotFound("conversation"))
}

/// Begins an empty conversation; [`refresh`] fills it.
pub(crate) fn insert(c: &Connection, account: AccountId) -> Result<ConversationId, StoreError> {
    c.prepare_cached("INSERT INTO conversation (account_id) VALUES (?1)")?.execute([account.0])?;
    Ok(ConversationId(c.last_insert_rowid()))
}

/// What a refresh needs of each message.
struct Part {
    id: i64,
    internal_date: Millis,
    flags: Flags,
    places: Places,
    date: Millis,
    author: String,
    subject: String,
    preview: String,
    own: bool,
    attachments: i64,
    body_state: BodyState,
}

/// How many authors a list row names.
const NAMED: usize = 4;

/// Recomputes a conversation from its messages: its row, the lists it is in, their counters.
///
/// A conversation without messages is deleted.
pub(crate) fn refresh(w: &mut Write<'_>, id: ConversationId) -> Result<(), StoreError> {
    let Some((account, old_bits, old_at, old_unread)) = w
        .prepare_cached(
            "SELECT account_id, views, last_at, unread FROM conversation WHERE id = ?1",
        )?
        .query_row([id.0], |r| {
            Ok((AccountId(r.get(0)?), r.get::<_, i64>(1)?, r.get(2)?, r.get::<_, i64>(3)?))
        })
        .optional()?
    else {
        return Ok(());
    };
    let old = listing::Entry { account, conversation: id, last_at: old_at, unread: old_unread > 0 };
    let parts = parts(w, id)?;
    if parts.is_empty() {
        listing::replace(w, old, old_bits, old, 0)?;
        w.prepare_cached("DELETE FROM conversation_identity WHERE conversation_id = ?1")?
            .execute([id.0])?;
        w.prepare_cached("DELETE FROM thread_key WHERE conversation_id = ?1")?.execute([id.0])?;
        sync_label::unlist(w, id)?;
        snooze::put(w, id, None)?;
        w.prepare_cached("DELETE FROM conversation WHERE id = ?1")?.execute([id.0])?;
        w.deleted(Entity::Conversation, id.0);
        return Ok(());
    }
    let members: Vec<Member> =
        parts.iter().map(|p| Member { flags: p.flags, places: p.places }).collect();
    let heard = parts.iter().filter(|p| !p.flags.draft).map(|p| Heard {
        id: p.id,
        internal_date: p.internal_date,
        own: p.own,
        places: p.places,
    });
    let nap = sync_snooze::heard(w, id, heard)?;
    let asleep = nap.is_some_and(|nap| nap.is_asleep());
    let bits = views(&members, asleep).into_iter().map(bit).fold(0, |all, one| all | one);
    // What lies in the trash does not speak for a conversation that is alive.
    let alive: Vec<&Part> =
        parts.iter().filter(|p| p.places != Places::NONE && !p.places.is_discarded()).collect();
    // Nor does what is still being written, where anything else is there.
    let written: Vec<&Part> = alive.iter().copied().filter(|p| !p.flags.draft).collect();
    let shown: Vec<&Part> = match (written.is_empty(), alive.is_empty()) {
        (false, _) => written,
        (true, false) => alive,
        (true, true) => parts.iter().collect(),
    };
    let unread = parts
        .iter()
        .filter(|p| !p.flags.seen && p.places.has(deskbell_domain::MailboxRole::Inbox))
        .count();
    let last = shown.last();
    // What came back stands where it came back, not where it was left.
    let last_at = last.map_or(0, |p| p.date).max(nap.and_then(|nap| nap.returned_at).unwrap_or(0));
    let pending: bool = w
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE conversation_id = ?1 AND state IN ('queued', 'sending'))",
        )?
        .query_row([id.0], |r| r.get(0))?;
    let place = sync_label::Place {
        conversation: id,
        account: account.0,
        last_at,
        unread: unread > 0,
        kept: bits & bit(View::All) != 0,
    };
    let labels = if label::any(w)? { sync_label::list(w, place)? } else { String::new() };
    w.prepare_cached(
        "UPDATE conversation SET subject = ?2, people = ?3, preview = ?4, last_at = ?5, messages = ?6, unread = ?7,
           starred = ?8, attachments = ?9, last_is_own = ?10, quarantined = ?11, pending = ?12, views = ?13,
           labels = ?14, snoozed = ?15, snoozed_until = ?16, back = ?17
         WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        shown.first().map_or_else(String::new, |p| text::base_subject(&p.subject)),
        people(&shown),
        last.map_or("", |p| p.preview.as_str()),
        last_at,
        i64::try_from(shown.len()).unwrap_or(i64::MAX),
        i64::try_from(unread).unwrap_or(i64::MAX),
        shown.iter().any(|p| p.flags.starred),
        shown.iter().map(|p| p.attachments).sum::<i64>(),
        last.is_some_and(|p| p.own),
        shown.iter().any(|p| p.body_state == BodyState::Quarantined),
        pending,
        bits,
        labels,
        asleep,
        nap.filter(|nap| nap.is_asleep()).and_then(|nap| nap.until),
        nap.is_some_and(|nap| nap.fresh),
    ])?;
    let new = listing::Entry { account, conversation: id, last_at, unread: unread > 0 };
    listing::replace(w, old, old_bits, new, bits)?;
    w.touched(Entity::Conversation, id.0);
    Ok(())
}

fn parts(c: &Connection, id: ConversationId) -> Result<Vec<Part>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT flags, places, date, from_name, from_address, subject, preview, own, attachments, body_state, id, internal_date
         FROM message WHERE conversation_id = ?1 ORDER BY date, id",
    )?;
    let rows = statement.query_map([id.0], |row| {
        let name: String = row.get(3)?;
        Ok(Part {
            flags: Flags::from_bits(row.get(0)?),
            places: Places(row.get(1)?),
            date: row.get(2)?,
            author: if name.is_empty() { row.get(4)? } else { name },
            subject: row.get(5)?,
            preview: row.get(6)?,
            own: row.get(7)?,
            attachments: row.get(8)?,
            body_state: BodyState::from_code(row.get(9)?),
            id: row.get(10)?,
            internal_date: row.get(11)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The authors, latest first, our own left out unless nobody else wrote.
fn people(shown: &[&Part]) -> String {
    let mut names: Vec<&str> = Vec::new();
    let others = shown.iter().rev().filter(|p| !p.own);
    let own = shown.iter().rev().filter(|p| p.own);
    for part in others {
        if names.len() < NAMED && !names.contains(&part.author.as_str()) {
            names.push(&part.author);
        }
    }
    if names.is_empty() {
        names.extend(own.take(1).map(|part| part.author.as_str()));
    }
    names.join(", ")
}
