//! Drafts and the provider's copies of them: which are behind, which were written on elsewhere, which are left over.
//!
//! Invariant: nothing written is ever overwritten: of two versions the newer one stands, the other is set aside.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use deskbell_domain::outgoing::{Composition, OutgoingFile, OutgoingState};
use deskbell_domain::port::CopyName;
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{AccountId, Millis, OutgoingId};

use crate::store::Entity;
use crate::sync::outgoing::show;
use crate::table::outgoing;
use crate::{StoreError, Write};

pub(crate) const BEHIND: &str = "SELECT id, max(updated_at + ?2, draft_next_try) FROM outgoing
   WHERE account_id = ?1 AND state = 'draft' AND discarded_at IS NULL AND draft_revision < revision ORDER BY id";

/// Drafts the provider's copy of which is behind, each with when it is to be brought up to date: once nothing
/// was written for `quiet`.
pub fn behind(
    c: &Connection,
    account: AccountId,
    quiet: Millis,
) -> Result<Vec<(OutgoingId, Millis)>, StoreError> {
    let mut statement = c.prepare_cached(BEHIND)?;
    let rows = statement
        .query_map(params![account.0, quiet], |row| Ok((OutgoingId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A copy among the provider's drafts that is not the one we made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Of which draft.
    pub id: OutgoingId,
    /// The copy.
    pub copy: CopyName,
    /// The draft is no draft any more: the copy is left over.
    pub left_over: bool,
}

pub(crate) const STRAYS: &str = "SELECT g.id, s.key, l.remote_key, g.state <> 'draft' OR g.discarded_at IS NOT NULL
   FROM outgoing g CROSS JOIN location l ON l.message_id = g.message_id CROSS JOIN scope s ON s.id = l.scope_id
   WHERE g.account_id = ?1 AND s.local = 0 AND l.role = 'drafts'
     AND (g.state <> 'draft' OR g.discarded_at IS NOT NULL OR g.draft_key IS NULL OR g.draft_key <> l.remote_key OR g.draft_scope <> s.key)";

/// Copies of drafts that were written on with another program, and copies of what is no draft any more.
pub fn strays(c: &Connection, account: AccountId) -> Result<Vec<Stray>, StoreError> {
    let mut statement = c.prepare_cached(STRAYS)?;
    let rows = statement.query_map([account.0], |row| {
        Ok(Stray {
            id: OutgoingId(row.get(0)?),
            copy: (row.get(1)?, RemoteKey(row.get(2)?)),
            left_over: row.get(3)?,
        })
    })?;
    let mut strays = rows.collect::<Result<Vec<_>, _>>()?;
    // A copy that was made right before its draft was sent or thrown away, and has not been pulled yet.
    let mut statement = c.prepare_cached(
        "SELECT id, draft_scope, draft_key FROM outgoing INDEXED BY outgoing_due
         WHERE account_id = ?1 AND draft_key IS NOT NULL AND (state <> 'draft' OR discarded_at IS NOT NULL)",
    )?;
    let rows = statement.query_map([account.0], |row| {
        Ok(Stray {
            id: OutgoingId(row.get(0)?),
            copy: (row.get(1)?, RemoteKey(row.get(2)?)),
            left_over: true,
        })
    })?;
    for stray in rows {
        let stray = stray?;
        if !strays.contains(&stray) {
            strays.push(stray);
        }
    }
    Ok(strays)
}

pub(crate) const HEIRS: &str = "SELECT g.id, s.key, l.remote_key
   FROM outgoing g INDEXED BY outgoing_due CROSS JOIN message d ON d.id = g.message_id
     CROSS JOIN scope s ON s.account_id = g.account_id AND s.key = g.draft_scope
     CROSS JOIN location l ON l.scope_id = s.id AND l.remote_key > g.draft_key AND l.role = 'drafts'
     CROSS JOIN message m ON m.id = l.message_id
   WHERE g.account_id = ?1 AND g.state = 'draft' AND g.discarded_at IS NULL AND g.draft_key IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM location o WHERE o.scope_id = s.id AND o.remote_key = g.draft_key)
     AND NOT EXISTS (SELECT 1 FROM outgoing x WHERE x.message_id = m.id)
     AND (m.conversation_id = d.conversation_id OR (m.subject <> '' AND m.subject = d.subject
       AND m.recipients ->> '$.to' IS d.recipients ->> '$.to'))";

/// Drafts that took the place of ours under a Message-ID of their own: our copy is gone, and a later one in
/// the same mailbox belongs to the same conversation, or has the same subject and recipients. Where several
/// would do, none is taken for it: both stand, and nothing is lost.
pub fn heirs(
    c: &Connection,
    account: AccountId,
) -> Result<Vec<(OutgoingId, CopyName)>, StoreError> {
    let mut statement = c.prepare_cached(HEIRS)?;
    let rows = statement.query_map([account.0], |row| {
        Ok((OutgoingId(row.get(0)?), (row.get(1)?, RemoteKey(row.get(2)?))))
    })?;
    let all: Vec<(OutgoingId, CopyName)> = rows.collect::<Result<_, _>>()?;
    let alone = |(id, copy): &&(OutgoingId, CopyName)| {
        all.iter().filter(|(other, name)| other == id || name == copy).count() == 1
    };
    Ok(all.iter().filter(alone).cloned().collect())
}

/// Whether a copy is known to lie among the drafts: one that was moved elsewhere is nobody's draft any more.
pub fn lies_there(
    c: &Connection,
    account: AccountId,
    (scope, key): &CopyName,
) -> Result<bool, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT 1 FROM scope s CROSS JOIN location l ON l.scope_id = s.id AND l.remote_key = ?3
         WHERE s.account_id = ?1 AND s.key = ?2 AND l.role = 'drafts'",
    )?;
    Ok(statement.exists(params![account.0, scope, key.0])?)
}

/// A copy of a draft that its provider was asked to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// What it says, as a fingerprint.
    pub gist: String,
    /// When it was made.
    pub at: Millis,
}

/// Copies of one draft that are remembered: of those before them nothing is left at the provider.
const REMEMBERED: usize = 16;

/// The latest copies of a draft its provider was asked to keep, the oldest first.
pub fn made(c: &Connection, id: OutgoingId) -> Result<Vec<Made>, StoreError> {
    let mut statement = c.prepare_cached("SELECT draft_made FROM outgoing WHERE id = ?1")?;
    let made: String = statement.query_row([id.0], |row| row.get(0))?;
    Ok(serde_json::from_str(&made).unwrap_or_default())
}

/// Notes what a copy says before the provider is asked to keep it: what becomes of it may never be known here.
pub fn making(w: &Write<'_>, id: OutgoingId, gist: String, at: Millis) -> Result<(), StoreError> {
    let mut made = made(w, id)?;
    made.push(Made { gist, at });
    made.drain(..made.len().saturating_sub(REMEMBERED));
    let json = serde_json::to_string(&made).unwrap_or_else(|_| "[]".into());
    w.execute("UPDATE outgoing SET draft_made = ?2 WHERE id = ?1", params![id.0, json])?;
    Ok(())
}

/// Notes which copy of a draft the provider has, and which revision it holds.
pub fn kept(
    w: &mut Write<'_>,
    id: OutgoingId,
    revision: i64,
    copy: Option<&CopyName>,
) -> Result<(), StoreError> {
    w.execute(
        "UPDATE outgoing SET draft_scope = ?2, draft_key = ?3, draft_revision = ?4, draft_next_try = 0 WHERE id = ?1",
        params![id.0, copy.map(|(scope, _)| scope), copy.map(|(_, key)| &key.0), revision],
    )?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}

/// Notes that no copy of ours is left there.
pub fn forgotten(w: &Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    w.execute("UPDATE outgoing SET draft_scope = NULL, draft_key = NULL WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Leaves a draft alone until then.
pub fn put_off(w: &Write<'_>, id: OutgoingId, until: Millis) -> Result<(), StoreError> {
    w.execute("UPDATE outgoing SET draft_next_try = ?2 WHERE id = ?1", params![id.0, until])?;
    Ok(())
}

/// What was written on a draft elsewhere takes its place; what stood here is set aside. Refused once the draft
/// was written on or sent since `revision`.
pub fn taken_over(
    w: &mut Write<'_>,
    id: OutgoingId,
    revision: i64,
    written: &Composition,
    files: &[OutgoingFile],
    copy: &CopyName,
) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if row.state != OutgoingState::Draft || row.discarded_at.is_some() || row.revision != revision {
        return Err(StoreError::Conflict("this draft was written on here meanwhile".into()));
    }
    let before = outgoing::files(w, id)?;
    if row.composition != *written || before != files {
        outgoing::keep_version(w, id, &row.composition, &before, "here")?;
    }
    let revision = outgoing::set_composition(w, id, written)?;
    outgoing::set_files(w, id, files)?;
    kept(w, id, revision, Some(copy))?;
    show(w, id)
}

/// Sets aside what was written elsewhere, because what stands here is newer.
pub fn set_aside(
    w: &mut Write<'_>,
    id: OutgoingId,
    written: &Composition,
    files: &[OutgoingFile],
) -> Result<(), StoreError> {
    outgoing::keep_version(w, id, written, files, "elsewhere")?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}
