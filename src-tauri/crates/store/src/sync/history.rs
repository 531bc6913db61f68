//! Forgetting what is older than an account's history window. Here only: nothing is told to any provider.
//!
//! Invariant: what a person starred, put off or is writing, what waits to be told or sent, and what lies only
//! here, stays whatever its age. People stay known, and so do the threads older mail belonged to, so that it
//! finds back into them if it is fetched again.

use std::collections::BTreeSet;

use rusqlite::params;

use deskbell_domain::message::Flags;
use deskbell_domain::{AccountId, MessageId};

use crate::sync::cleanup::remove_after_commit;
use crate::sync::effective::settle;
use crate::table::{body, history, message};
use crate::{Entity, StoreError, Write};

/// Messages looked at in one transaction.
const LOOKED_AT: i64 = 2_000;
/// Messages forgotten in one transaction, so that the writer is never held up for long.
const FORGOTTEN_AT_ONCE: usize = 250;

/// How far a walk over an account's messages has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    fingerprint: Option<i64>,
    message: i64,
}

/// What a step of the walk did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// Messages that are no longer here.
    pub messages: i64,
    /// Where the walk goes on; `None` at its end.
    pub next: Option<Place>,
}

pub(crate) const OF_ACCOUNT: &str =
    "SELECT id, fingerprint, internal_date < ?4, flags FROM message INDEXED BY message_fingerprint
     WHERE account_id = ?1 AND (fingerprint, id) > (?2, ?3) ORDER BY fingerprint, id LIMIT ?5";

/// Why a message stays whatever its age: a waiting edit, a message on its way or being written (or one it
/// answers), a star or a draft as the provider knows it, a copy that exists only here, a conversation put off, a
/// rule that has yet to look.
pub(crate) const STAYS: &str = "SELECT 1 FROM message AS m WHERE m.id = ?1 AND (
       EXISTS (SELECT 1 FROM outbox WHERE message_id = m.id)
    OR EXISTS (SELECT 1 FROM rule_due WHERE message_id = m.id)
    OR EXISTS (SELECT 1 FROM snooze WHERE conversation_id = m.conversation_id AND returned_at IS NULL)
    OR EXISTS (SELECT 1 FROM location AS l JOIN scope AS s ON s.id = l.scope_id WHERE l.message_id = m.id
               AND (s.local = 1 OR l.role = 'drafts' OR l.flags & 10 <> 0))
    OR EXISTS (SELECT 1 FROM outgoing WHERE message_id = m.id
               AND (state NOT IN ('sent', 'delivered', 'read') OR copy_wanted = 1 OR rest <> '[]'))
    OR EXISTS (SELECT 1 FROM outgoing WHERE about = m.id AND state IN ('draft', 'queued', 'sending', 'unknown')))";

/// Forgets some of the messages below the account's edge; begun with `Place::default()`, it is repeated until
/// there is no next place. Killed in between, the walk begins anew and finds what is left.
pub fn forget_some(
    w: &mut Write<'_>,
    account: AccountId,
    after: Place,
) -> Result<Forgotten, StoreError> {
    let Some(since) = history::get(w, account)?.since else {
        return Ok(Forgotten { messages: 0, next: None });
    };
    let from = after.fingerprint.unwrap_or(i64::MIN);
    let rows: Vec<(i64, i64, bool, i64)> = w
        .prepare_cached(OF_ACCOUNT)?
        .query_map(params![account.0, from, after.message, since, LOOKED_AT], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    let mut conversations = BTreeSet::new();
    let (mut messages, mut place) = (0, None);
    for (id, fingerprint, old, flags) in rows {
        place = Some(Place { fingerprint: Some(fingerprint), message: id });
        let flags = Flags::from_bits(flags);
        if !old || flags.starred || flags.draft || w.prepare_cached(STAYS)?.exists([id])? {
            continue;
        }
        let id = MessageId(id);
        conversations.extend(message::conversation(w, id)?);
        w.prepare_cached("DELETE FROM location WHERE message_id = ?1")?.execute([id.0])?;
        message::delete(w, id)?;
        messages += 1;
        if conversations.len() >= FORGOTTEN_AT_ONCE || messages >= FORGOTTEN_AT_ONCE {
            break;
        }
    }
    settle(w, &BTreeSet::new(), conversations)?;
    if messages > 0 {
        let unused = body::take_unused_blobs(w)?;
        remove_after_commit(w, unused);
        w.touched(Entity::Account, account.0);
    }
    if place.is_none() {
        history::set_forgotten(w, account)?;
    }
    Ok(Forgotten { messages: i64::try_from(messages).unwrap_or(i64::MAX), next: place })
}
