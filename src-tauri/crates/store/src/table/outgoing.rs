//! `outgoing`, `outgoing_file`, `draft_version`: messages a person writes here, from the first word to the
//! recipient's reading of it.
//!
//! Invariant: a row changes state only along [`OutgoingState::may_become`]. What lists show of it is the
//! message row beside it, which `sync::outgoing` keeps true.

use rusqlite::{Connection, OptionalExtension, Row, params};

use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingState, RefusedRecipient, Told};
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{AccountId, MessageId, Millis, OutgoingId};

use crate::store::Entity;
use crate::table::outbox::encode;
use crate::{StoreError, Write};

mod files;
mod own_copy;

pub use files::{DraftVersion, files, versions};
pub(crate) use files::{hand_on_versions, keep_version, set_files};
pub(crate) use own_copy::V8;

pub(crate) const V1: &str = "
CREATE TABLE outgoing (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- order of writing
  account_id INTEGER NOT NULL REFERENCES account (id), -- whose message it is; its sent copy goes there
  via_account_id INTEGER REFERENCES account (id), -- who transmits it, where it is another account
  message_id INTEGER NOT NULL UNIQUE REFERENCES message (id), -- how lists and searches show it
  token TEXT NOT NULL UNIQUE, -- its Message-ID without brackets, from its first draft on
  kind TEXT NOT NULL, -- new, reply, reply_all, forward, forward_attached, auto_reply
  about INTEGER, -- the message answered or handed on
  composition TEXT NOT NULL, -- JSON: addresses, subject, text
  revision INTEGER NOT NULL DEFAULT 1, -- grows with every save
  state TEXT NOT NULL, -- draft, queued, sending, unknown, accepted, sent, delivered, read, rejected
  not_before INTEGER NOT NULL DEFAULT 0, -- earliest instant it may leave: undo delay or send later, ms UTC
  scheduled INTEGER NOT NULL DEFAULT 0, -- 1: a person chose that instant
  attempts INTEGER NOT NULL DEFAULT 0, -- tries so far
  next_try INTEGER NOT NULL DEFAULT 0, -- earliest next try or look, ms UTC
  error_code TEXT, -- the provider's code of what went wrong
  error TEXT, -- what went wrong, in plain words
  refused TEXT NOT NULL DEFAULT '[]', -- JSON: recipients the provider refused
  remote_id TEXT, -- the provider's name for it
  copy_wanted INTEGER NOT NULL DEFAULT 0, -- 1: its copy in the provider's sent messages is still to be made or seen
  draft_scope TEXT, -- key of the mailbox that holds the provider's copy of the draft
  draft_key TEXT, -- key of that copy
  draft_revision INTEGER NOT NULL DEFAULT 0, -- the revision that copy holds
  draft_next_try INTEGER NOT NULL DEFAULT 0, -- earliest next try to bring that copy up to date, ms UTC
  discarded_at INTEGER, -- when a person threw the draft away, ms UTC
  created_at INTEGER NOT NULL, -- ms UTC
  updated_at INTEGER NOT NULL, -- when it was last saved, ms UTC
  left_at INTEGER -- when the provider took it over, ms UTC
) STRICT;
CREATE INDEX outgoing_due ON outgoing (account_id, state, next_try);
CREATE INDEX outgoing_copy ON outgoing (account_id) WHERE copy_wanted = 1;
CREATE TABLE outgoing_file (
  outgoing_id INTEGER NOT NULL REFERENCES outgoing (id), -- of what
  position INTEGER NOT NULL, -- order
  blob BLOB NOT NULL REFERENCES blob (hash), -- its bytes
  name TEXT NOT NULL, -- file name without any path
  media_type TEXT NOT NULL, -- lower case
  size INTEGER NOT NULL, -- bytes
  content_id TEXT, -- without brackets, for an image inside the text
  PRIMARY KEY (outgoing_id, position)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER outgoing_file_added AFTER INSERT ON outgoing_file BEGIN
  UPDATE blob SET used = used + 1 WHERE hash = new.blob;
END;
CREATE TRIGGER outgoing_file_removed AFTER DELETE ON outgoing_file BEGIN
  UPDATE blob SET used = used - 1 WHERE hash = old.blob;
END;
CREATE TABLE draft_version (
  outgoing_id INTEGER NOT NULL REFERENCES outgoing (id), -- of what
  saved_at INTEGER NOT NULL, -- when it was set aside, ms UTC
  composition TEXT NOT NULL, -- JSON: addresses, subject, text
  origin TEXT NOT NULL, -- here, elsewhere: who had written this version
  PRIMARY KEY (outgoing_id, saved_at)
) STRICT, WITHOUT ROWID;
ALTER TABLE account ADD COLUMN sends INTEGER NOT NULL DEFAULT 0; -- 1: messages can be sent with it
ALTER TABLE account ADD COLUMN fallback_id INTEGER; -- the account that sends where this one cannot
ALTER TABLE account ADD COLUMN undo_ms INTEGER NOT NULL DEFAULT 10000; -- how long a message waits to be taken back
ALTER TABLE scope ADD COLUMN local INTEGER NOT NULL DEFAULT 0; -- 1: holds what its provider does not: drafts, messages on their way out
";

pub(crate) const V2: &str = "
ALTER TABLE outgoing ADD COLUMN looks INTEGER NOT NULL DEFAULT 0; -- how often it was looked for since its fate is unknown
ALTER TABLE account ADD COLUMN saves_sent INTEGER; -- 1: its provider puts what it sends among the sent messages by itself, 0: it does not, NULL: not learnt yet
ALTER TABLE account ADD COLUMN fallback_ms INTEGER NOT NULL DEFAULT 60000; -- how long it must have failed to send before its fallback sends for it
CREATE INDEX outgoing_waiting ON outgoing (account_id, id) WHERE state IN ('queued', 'sending', 'unknown');
CREATE INDEX outgoing_screen ON outgoing (not_before, id) WHERE state IN ('queued', 'sending', 'unknown', 'rejected');
CREATE INDEX outgoing_discarded ON outgoing (discarded_at) WHERE discarded_at IS NOT NULL;
";

pub(crate) const V3: &str = "
ALTER TABLE outgoing ADD COLUMN rest TEXT NOT NULL DEFAULT '[]'; -- JSON: recipients who are still to get what has left for the others, and why they did not
ALTER TABLE outgoing ADD COLUMN rest_next INTEGER NOT NULL DEFAULT 0; -- earliest next try for them, ms UTC
ALTER TABLE outgoing ADD COLUMN rest_attempts INTEGER NOT NULL DEFAULT 0; -- tries for them so far
ALTER TABLE outgoing ADD COLUMN rest_leaves INTEGER NOT NULL DEFAULT 0; -- 1: it is being sent to them just now
ALTER TABLE outgoing ADD COLUMN failing_since INTEGER; -- when the first of the tries failed that have failed so far, ms UTC
CREATE INDEX outgoing_rest ON outgoing (account_id) WHERE rest <> '[]';
";

pub(crate) const V4: &str = "
ALTER TABLE outgoing ADD COLUMN reports TEXT NOT NULL DEFAULT '[]'; -- JSON: what reports that came back say, by recipient
CREATE TABLE draft_version_file (
  outgoing_id INTEGER NOT NULL REFERENCES outgoing (id), -- of what
  saved_at INTEGER NOT NULL, -- of which version
  position INTEGER NOT NULL, -- order
  blob BLOB NOT NULL REFERENCES blob (hash), -- its bytes
  name TEXT NOT NULL, -- file name without any path
  media_type TEXT NOT NULL, -- lower case
  size INTEGER NOT NULL, -- bytes
  content_id TEXT, -- without brackets, for an image inside the text
  PRIMARY KEY (outgoing_id, saved_at, position)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER draft_version_file_added AFTER INSERT ON draft_version_file BEGIN
  UPDATE blob SET used = used + 1 WHERE hash = new.blob;
END;
CREATE TRIGGER draft_version_file_removed AFTER DELETE ON draft_version_file BEGIN
  UPDATE blob SET used = used - 1 WHERE hash = old.blob;
END;
";

pub(crate) const V5: &str = "
ALTER TABLE outgoing ADD COLUMN follow_next INTEGER NOT NULL DEFAULT 0; -- when its provider is next asked what became of it, ms UTC; 0: not any more
ALTER TABLE outgoing ADD COLUMN follows INTEGER NOT NULL DEFAULT 0; -- how often its provider has answered that so far
CREATE INDEX outgoing_followed ON outgoing (account_id, follow_next) WHERE follow_next > 0;
";

pub(crate) const V6: &str = "
ALTER TABLE outgoing ADD COLUMN lost TEXT NOT NULL DEFAULT '[]'; -- JSON: recipients of whom nobody knows whether it reached them
ALTER TABLE outgoing ADD COLUMN sent_as TEXT; -- what its provider has to know to be handed exactly this over once more
ALTER TABLE outgoing ADD COLUMN departed_at INTEGER NOT NULL DEFAULT 0; -- when it was last about to leave, ms UTC
ALTER TABLE account ADD COLUMN per_minute INTEGER; -- messages it may send in a minute, where a person chose; NULL: what is usual at its provider
CREATE INDEX outgoing_partly ON outgoing (not_before, id) WHERE rest <> '[]';
";

/// What was given over first goes first, whenever it was begun.
pub(crate) const V7: &str = "
DROP INDEX outgoing_waiting;
CREATE INDEX outgoing_waiting ON outgoing (account_id, not_before, id) WHERE state = 'queued';
CREATE INDEX outgoing_unsettled ON outgoing (account_id) WHERE state IN ('sending', 'unknown');
";

/// What left within the last minute counts for the next one, whichever process sent it.
pub(crate) const V9: &str = "CREATE INDEX outgoing_departed ON outgoing (departed_at);";

pub(crate) const V10: &str = "
ALTER TABLE outgoing ADD COLUMN draft_made TEXT NOT NULL DEFAULT '[]'; -- JSON: what the latest copies said that the provider was asked to keep of the draft, and when
";

/// A row of `outgoing`, without its files.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Row id.
    pub id: OutgoingId,
    /// Whose message it is.
    pub account: AccountId,
    /// Who transmits it, where it is another account.
    pub via: Option<AccountId>,
    /// How lists show it.
    pub message: MessageId,
    /// Its Message-ID without brackets.
    pub token: String,
    /// Why it is written.
    pub kind: ComposeKind,
    /// The message answered or handed on.
    pub about: Option<MessageId>,
    /// What was written.
    pub composition: Composition,
    /// Grows with every save.
    pub revision: i64,
    /// How far it has come.
    pub state: OutgoingState,
    /// Earliest instant it may leave.
    pub not_before: Millis,
    /// A person chose that instant.
    pub scheduled: bool,
    /// Tries so far.
    pub attempts: u32,
    /// Earliest next try or look.
    pub next_try: Millis,
    /// How often it was looked for since its fate is unknown.
    pub looks: u32,
    /// The provider's code of what went wrong.
    pub error_code: Option<String>,
    /// What went wrong, in plain words.
    pub error: Option<String>,
    /// Recipients the provider refused.
    pub refused: Vec<RefusedRecipient>,
    /// Recipients who are still to get what has left for the others.
    pub rest: Vec<RefusedRecipient>,
    /// Earliest next try for them.
    pub rest_next: Millis,
    /// Tries for them so far.
    pub rest_attempts: u32,
    /// Recipients of whom nobody knows whether it reached them.
    pub lost: Vec<RefusedRecipient>,
    /// What reports that came back say, by recipient.
    pub reports: Vec<Told>,
    /// What its provider has to know to be handed exactly this over once more.
    pub sent_as: Option<String>,
    /// When it was last about to leave.
    pub departed_at: Millis,
    /// When the first of the tries failed that have failed so far.
    pub failing_since: Option<Millis>,
    /// When its provider is next asked what became of it; 0: not any more.
    pub follow_next: Millis,
    /// How often its provider has answered that so far.
    pub follows: u32,
    /// The provider's name for it.
    pub remote_id: Option<String>,
    /// Its copy in the provider's sent messages is still to be made or seen.
    pub copy_wanted: bool,
    /// The copy put among the provider's sent messages from here: scope key and copy key.
    pub own_copy: Option<(String, RemoteKey)>,
    /// When it is looked next whether the provider made one too; 0: not by itself.
    pub copy_look: Millis,
    /// The provider's copy of the draft: scope key and copy key.
    pub draft_copy: Option<(String, RemoteKey)>,
    /// The revision that copy holds.
    pub draft_revision: i64,
    /// When it was last saved.
    pub updated_at: Millis,
    /// When the provider took it over.
    pub left_at: Option<Millis>,
    /// When it was thrown away.
    pub discarded_at: Option<Millis>,
}

/// The columns [`read`] expects, of a row aliased `g`.
pub(crate) const COLUMNS: &str = "g.id, g.account_id, g.via_account_id, g.message_id, g.token, g.kind, g.about, g.composition, g.revision, g.state, g.not_before, g.scheduled, g.attempts, g.next_try, g.error_code, g.error, g.refused, g.remote_id, g.copy_wanted, g.draft_scope, g.draft_key, g.draft_revision, g.updated_at, g.left_at, g.discarded_at, g.looks, g.rest, g.rest_next, g.rest_attempts, g.failing_since, g.reports, g.follow_next, g.follows, g.lost, g.sent_as, g.departed_at, g.copy_scope, g.copy_key, g.copy_look";

pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Outgoing> {
    let wrong = |index: usize, error: serde_json::Error| {
        rusqlite::Error::FromSqlConversionFailure(
            index,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    };
    let state: String = row.get(9)?;
    let scope: Option<String> = row.get(19)?;
    let key: Option<String> = row.get(20)?;
    let copy_scope: Option<String> = row.get(36)?;
    let copy_key: Option<String> = row.get(37)?;
    Ok(Outgoing {
        id: OutgoingId(row.get(0)?),
        account: AccountId(row.get(1)?),
        via: row.get::<_, Option<i64>>(2)?.map(AccountId),
        message: MessageId(row.get(3)?),
        token: row.get(4)?,
        kind: ComposeKind::parse(&row.get::<_, String>(5)?),
        about: row.get::<_, Option<i64>>(6)?.map(MessageId),
        composition: serde_json::from_str(&row.get::<_, String>(7)?).map_err(|e| wrong(7, e))?,
        revision: row.get(8)?,
        // A word of a later version is held, not guessed: nothing is sent from `Unknown` by itself.
        state: OutgoingState::parse(&state).unwrap_or(OutgoingState::Unknown),
        not_before: row.get(10)?,
        scheduled: row.get(11)?,
        attempts: row.get(12)?,
        next_try: row.get(13)?,
        error_code: row.get(14)?,
        error: row.get(15)?,
        refused: serde_json::from_str(&row.get::<_, String>(16)?).map_err(|e| wrong(16, e))?,
        remote_id: row.get(17)?,
        copy_wanted: row.get(18)?,
        own_copy: copy_scope.zip(copy_key.map(RemoteKey)),
        copy_look: row.get(38)?,
        draft_copy: scope.zip(key.map(RemoteKey)),
        draft_revision: row.get(21)?,
        updated_at: row.get(22)?,
        left_at: row.get(23)?,
        discarded_at: row.get(24)?,
        looks: row.get(25)?,
        rest: serde_json::from_str(&row.get::<_, String>(26)?).map_err(|e| wrong(26, e))?,
        rest_next: row.get(27)?,
        rest_attempts: row.get(28)?,
        failing_since: row.get(29)?,
        reports: serde_json::from_str(&row.get::<_, String>(30)?).map_err(|e| wrong(30, e))?,
        follow_next: row.get(31)?,
        follows: row.get(32)?,
        lost: serde_json::from_str(&row.get::<_, String>(33)?).map_err(|e| wrong(33, e))?,
        sent_as: row.get(34)?,
        departed_at: row.get(35)?,
    })
}

/// One message on its way out.
pub fn get(c: &Connection, id: OutgoingId) -> Result<Outgoing, StoreError> {
    c.prepare_cached(&format!("SELECT {COLUMNS} FROM outgoing g WHERE g.id = ?1"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or(StoreError::NotFound("message on its way out"))
}

/// The one that lists show as this message.
pub fn of_message(c: &Connection, message: MessageId) -> Result<Option<Outgoing>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outgoing g WHERE g.message_id = ?1");
    Ok(c.prepare_cached(&sql)?.query_row([message.0], read).optional()?)
}

/// The one with this Message-ID.
pub fn of_token(
    c: &Connection,
    account: AccountId,
    token: &str,
) -> Result<Option<Outgoing>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outgoing g WHERE g.token = ?1 AND g.account_id = ?2");
    Ok(c.prepare_cached(&sql)?.query_row(params![token, account.0], read).optional()?)
}

/// A new row.
pub(crate) struct NewOutgoing<'a> {
    pub(crate) account: AccountId,
    pub(crate) message: MessageId,
    pub(crate) token: &'a str,
    pub(crate) kind: ComposeKind,
    pub(crate) about: Option<MessageId>,
    pub(crate) composition: &'a Composition,
}

pub(crate) fn insert(w: &mut Write<'_>, new: &NewOutgoing<'_>) -> Result<OutgoingId, StoreError> {
    let id: i64 = w
        .prepare_cached(
            "INSERT INTO outgoing (account_id, message_id, token, kind, about, composition, state, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'draft', ?7, ?7) RETURNING id",
        )?
        .query_row(
            params![
                new.account.0,
                new.message.0,
                new.token,
                new.kind.as_str(),
                new.about.map(|id| id.0),
                encode(new.composition)?,
                w.now()
            ],
            |row| row.get(0),
        )?;
    w.touched(Entity::Outgoing, id);
    Ok(OutgoingId(id))
}

/// Replaces what was written; the new revision.
pub(crate) fn set_composition(
    w: &mut Write<'_>,
    id: OutgoingId,
    composition: &Composition,
) -> Result<i64, StoreError> {
    let revision = w
        .prepare_cached(
            "UPDATE outgoing SET composition = ?2, revision = revision + 1, updated_at = ?3 WHERE id = ?1 RETURNING revision",
        )?
        .query_row(params![id.0, encode(composition)?, w.now()], |row| row.get(0))?;
    w.touched(Entity::Outgoing, id.0);
    Ok(revision)
}

/// Moves it to another state; refused where the states do not follow each other.
pub(crate) fn set_state(
    w: &mut Write<'_>,
    id: OutgoingId,
    next: OutgoingState,
) -> Result<(), StoreError> {
    let now = get(w, id)?.state;
    if !now.may_become(next) {
        return Err(StoreError::Conflict(refusal(now, next)));
    }
    w.prepare_cached("UPDATE outgoing SET state = ?2 WHERE id = ?1")?
        .execute(params![id.0, next.as_str()])?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}

/// Why a message may not go from one state to another, in plain words.
pub(crate) fn refusal(now: OutgoingState, next: OutgoingState) -> String {
    use OutgoingState::{Draft, Queued, Sending, Unknown};
    match (now, next) {
        (Sending, _) => "this message is leaving right now; wait for what becomes of it".into(),
        (gone, _) if gone.is_gone() => {
            "this message has left and can no longer be taken back or sent again".into()
        }
        (Draft, Draft) => "this message is a draft already".into(),
        (Queued, Queued) => "this message waits to be sent already".into(),
        (Draft, _) => "this message is a draft and was not given over to be sent".into(),
        (Unknown, _) => "nobody knows yet whether this message left".into(),
        _ => format!("a message that is {} cannot become {}", now.as_str(), next.as_str()),
    }
}

/// Erases the row and its files; its message is the caller's.
pub(crate) fn delete(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM outgoing_file WHERE outgoing_id = ?1",
        "DELETE FROM draft_version_file WHERE outgoing_id = ?1",
        "DELETE FROM draft_version WHERE outgoing_id = ?1",
        "DELETE FROM outgoing WHERE id = ?1",
    ] {
        w.prepare_cached(sql)?.execute([id.0])?;
    }
    w.deleted(Entity::Outgoing, id.0);
    Ok(())
}
