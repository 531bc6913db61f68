//! A message between the outbox and its provider: departure, what the provider said, what a person says.
//!
//! Invariants: `sending` is written before the byte that commits a message leaves, and with it the exact
//! source; a message whose fate is unknown is queued again only after its provider was asked and does not
//! have it, or by a person's word. When things are tried is the engine's.

use std::collections::BTreeSet;

use bytes::Bytes;
use rusqlite::params;

use deskbell_domain::ingested::Attachment;
use deskbell_domain::outgoing::{ComposeKind, OutgoingState, RefusedRecipient};
use deskbell_domain::port::Parting;
use deskbell_domain::sync::StateEdit;
use deskbell_domain::time::{DAY, MINUTE};
use deskbell_domain::{AccountId, MailboxRole, MessageId, Millis, OutgoingId};

use crate::store::Entity;
use crate::sync::edit::lay_on;
use crate::sync::effective::{copies, settle};
use crate::sync::outgoing::{index, ingested, lie, thaw};
use crate::sync::{in_vain, rest};
use crate::table::outbox::encode;
use crate::table::outgoing::{self, Outgoing};
use crate::table::{account, attachment, body, message, search};
use crate::{PackedBody, StoreError, Write};

/// In `next_try`: nothing happens by itself any more.
pub const NEVER: Millis = Millis::MAX;

/// A message about to leave.
#[derive(Debug)]
pub struct Leaving {
    /// Which.
    pub id: OutgoingId,
    /// The revision its source was built from.
    pub revision: i64,
    /// Who transmits it, where it is another account.
    pub via: Option<AccountId>,
    /// The date it carries.
    pub date: Millis,
    /// What leaves, byte for byte.
    pub source: Bytes,
    /// Its text, for excerpts.
    pub text: String,
    /// Its files, as they stand in the source.
    pub files: Vec<Attachment>,
    /// The packed source and text.
    pub packed: PackedBody,
}

/// Refuses where nobody could send for this account.
pub(crate) fn needs_a_sender(w: &Write<'_>, id: AccountId) -> Result<(), StoreError> {
    let own = account::get(w, id)?;
    let fallback = own.fallback.map(|id| account::get(w, id)).transpose();
    if own.sends || matches!(fallback, Ok(Some(other)) if other.sends) {
        return Ok(());
    }
    Err(StoreError::Conflict(
        "this account cannot send yet: enter its outgoing mail server in its settings, or choose an account that sends for it; the message stays a draft".into(),
    ))
}

/// Forgets how earlier tries went.
pub(crate) fn begin_again(
    w: &mut Write<'_>,
    id: OutgoingId,
    not_before: Millis,
    scheduled: bool,
) -> Result<(), StoreError> {
    w.execute(
        "UPDATE outgoing SET not_before = ?2, scheduled = ?3, attempts = 0, next_try = ?2, looks = 0, error = NULL,
           error_code = NULL, refused = '[]', remote_id = NULL, via_account_id = NULL, rest = '[]', rest_attempts = 0,
           rest_leaves = 0, failing_since = NULL, follow_next = 0, follows = 0, lost = '[]', sent_as = NULL WHERE id = ?1",
        params![id.0, not_before, scheduled],
    )?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}

/// Writes down that a message leaves now, with its source. To be committed durably before the byte goes.
///
/// Refused where a person took it back, wrote on it or put it off since its source was built.
///
/// `known` counts once it is known that it has left, however that is learnt: see [`accepted`].
pub fn departs(w: &mut Write<'_>, leaving: &Leaving, known: &Parting) -> Result<(), StoreError> {
    let row = outgoing::get(w, leaving.id)?;
    let same = row.revision == leaving.revision && row.not_before <= w.now();
    if row.state != OutgoingState::Queued || !same {
        return Err(StoreError::Conflict("it was taken back just now".into()));
    }
    if let Some(other) = leaving.via {
        account::get(w, other)?;
    }
    outgoing::set_state(w, row.id, OutgoingState::Sending)?;
    w.execute(
        "UPDATE outgoing SET via_account_id = ?2, sent_as = ?3, departed_at = ?4, refused = ?5, rest = ?6, rest_next = ?4
         WHERE id = ?1",
        params![
            row.id.0,
            leaving.via.map(|id| id.0),
            known.note,
            w.now(),
            encode(&known.refused)?,
            encode(&known.later)?
        ],
    )?;
    thaw(w, &row)?;
    if w.packer().holds(&leaving.packed) {
        body::insert(w, row.message, &leaving.packed)?;
    } else {
        body::insert(w, row.message, &w.packer().pack(&leaving.source, &leaving.text)?)?;
    }
    attachment::insert(w, row.message, &leaving.files)?;
    let files = outgoing::files(w, row.id)?;
    let parsed = ingested(w, row.account, &row.token, &row.composition, &files)?;
    let (old, new) = message::redate(w, row.message, leaving.date, leaving.source.len() as u64)?;
    search::delete(w, old)?;
    index(w, new, &parsed, &files, &row.composition.text)?;
    w.touched(Entity::Message, row.message.0);
    show(w, &row)
}

/// The provider took it over, but for those it was known not to leave for. `copy_at` is when to make or look for the copy in the provider's sent messages,
/// `None` where there is none to be made.
pub fn accepted(
    w: &mut Write<'_>,
    id: OutgoingId,
    remote_id: Option<&str>,
    refused: &[RefusedRecipient],
    copy_at: Option<Millis>,
) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    // Its copy may have been seen among the sent messages before the answer came.
    if !row.state.is_gone() {
        outgoing::set_state(w, id, OutgoingState::Accepted)?;
        w.execute(
            "UPDATE outgoing SET copy_wanted = ?2, next_try = ?3, left_at = ?4, failing_since = NULL WHERE id = ?1",
            params![id.0, copy_at.is_some(), copy_at.unwrap_or(0), w.now()],
        )?;
        lie(w, &row, Some(MailboxRole::Sent))?;
    }
    let mut all = row.refused.clone();
    all.extend(
        refused
            .iter()
            .filter(|one| row.refused.iter().all(|known| known.address != one.address))
            .cloned(),
    );
    w.execute(
        "UPDATE outgoing SET attempts = attempts + 1, error = NULL, error_code = NULL, refused = ?2,
           remote_id = coalesce(?3, remote_id) WHERE id = ?1",
        params![id.0, encode(&all)?, remote_id],
    )?;
    w.touched(Entity::Outgoing, id.0);
    answer(w, &row)?;
    show(w, &row)
}

/// The provider took it over for some, and takes it for others only later; see [`accepted`].
pub fn partly(
    w: &mut Write<'_>,
    id: OutgoingId,
    remote_id: Option<&str>,
    refused: &[RefusedRecipient],
    rest: &[RefusedRecipient],
    next_try: Millis,
    copy_at: Option<Millis>,
) -> Result<(), StoreError> {
    accepted(w, id, remote_id, refused, copy_at)?;
    rest::settled(w, id, &[], rest, next_try)
}

/// Marks the message it answers as answered.
fn answer(w: &mut Write<'_>, row: &Outgoing) -> Result<(), StoreError> {
    let answers =
        matches!(row.kind, ComposeKind::Reply | ComposeKind::ReplyAll | ComposeKind::AutoReply);
    let Some(about) = row.about.filter(|_| answers) else { return Ok(()) };
    // It may be erased meanwhile.
    let Some(conversation) = message::conversation(w, about)? else { return Ok(()) };
    for copy in copies(w, about)? {
        if copy.role.is_some() && !copy.flags.answered {
            lay_on(w, conversation, about, copy, &StateEdit::Answered { value: true })?;
        }
    }
    settle(w, &BTreeSet::from([about]), BTreeSet::new())
}

/// The provider said no, for good, and nothing left; it waits for a person.
pub fn rejected(
    w: &mut Write<'_>,
    id: OutgoingId,
    code: &str,
    words: &str,
    refused: &[RefusedRecipient],
) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if row.state.is_gone() || row.state == OutgoingState::Draft {
        return Ok(());
    }
    outgoing::set_state(w, id, OutgoingState::Rejected)?;
    w.execute(
        "UPDATE outgoing SET attempts = attempts + 1, error_code = ?2, error = ?3, refused = ?4, rest = '[]' WHERE id = ?1",
        params![id.0, code, words, encode(&refused)?],
    )?;
    show(w, &row)
}

/// Nothing left, and it is tried again at an instant.
pub fn put_off(
    w: &mut Write<'_>,
    id: OutgoingId,
    next_try: Millis,
    code: Option<&str>,
    words: &str,
) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    match row.state {
        OutgoingState::Sending => {
            outgoing::set_state(w, id, OutgoingState::Queued)?;
            forget_parting(w, id)?;
        }
        OutgoingState::Queued => {}
        _ => return Ok(()),
    }
    w.execute(
        "UPDATE outgoing SET attempts = attempts + 1, next_try = ?2, error_code = ?3, error = ?4,
           failing_since = ?5 WHERE id = ?1",
        params![id.0, next_try, code, words, in_vain::since(&row, w.now())],
    )?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}

/// The provider's answer was lost; it is looked for at an instant.
pub fn unknown(
    w: &mut Write<'_>,
    id: OutgoingId,
    first_look: Millis,
    words: &str,
) -> Result<(), StoreError> {
    if outgoing::get(w, id)?.state != OutgoingState::Sending {
        return Ok(());
    }
    outgoing::set_state(w, id, OutgoingState::Unknown)?;
    w.execute(
        "UPDATE outgoing SET attempts = attempts + 1, looks = 0, next_try = ?2, error_code = NULL, error = ?3 WHERE id = ?1",
        params![id.0, first_look, words],
    )?;
    Ok(())
}

/// It was looked for in vain, or could not be looked for (`counts` says which); next at an instant, or
/// [`NEVER`].
pub fn look_again(
    w: &mut Write<'_>,
    id: OutgoingId,
    next_look: Millis,
    counts: bool,
) -> Result<(), StoreError> {
    w.execute(
        "UPDATE outgoing SET looks = looks + ?3, next_try = ?2 WHERE id = ?1 AND state = 'unknown'",
        params![id.0, next_look, counts],
    )?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}

/// Its provider was asked often enough and certainly does not have it: it is sent again.
pub fn not_found(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if row.state != OutgoingState::Unknown {
        return Ok(());
    }
    outgoing::set_state(w, id, OutgoingState::Queued)?;
    w.execute(
        "UPDATE outgoing SET looks = 0, next_try = 0, via_account_id = NULL WHERE id = ?1",
        [id.0],
    )?;
    forget_parting(w, id)
}

/// It has left for nobody: what was known of some says nothing of the next try.
fn forget_parting(w: &Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    w.execute("UPDATE outgoing SET refused = '[]', rest = '[]' WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Its copy is among the provider's sent messages.
pub fn kept(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    if outgoing::get(w, id)?.state == OutgoingState::Accepted {
        outgoing::set_state(w, id, OutgoingState::Sent)?;
    }
    no_copy(w, id)
}

/// No copy is to be made among the provider's sent messages: the local one stays.
pub fn no_copy(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    w.execute("UPDATE outgoing SET copy_wanted = 0, next_try = 0 WHERE id = ?1", [id.0])?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}

/// Its copy is tried again at an instant.
pub fn copy_later(w: &mut Write<'_>, id: OutgoingId, next_try: Millis) -> Result<(), StoreError> {
    w.execute(
        "UPDATE outgoing SET next_try = ?2, looks = looks + 1 WHERE id = ?1 AND copy_wanted = 1",
        params![id.0, next_try],
    )?;
    Ok(())
}

/// A person says that a message of unknown fate has arrived.
pub fn confirm(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if row.state != OutgoingState::Unknown {
        return Err(StoreError::Conflict(
            "only a message of which nobody knows whether it left can be settled by hand".into(),
        ));
    }
    let now = w.now();
    accepted(w, id, None, &[], Some(now))
}

/// A person wants a message sent now: one that was refused, one of unknown fate, or one that waits.
pub fn retry(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    match row.state {
        OutgoingState::Queued => {}
        OutgoingState::Rejected | OutgoingState::Unknown => {
            needs_a_sender(w, row.account)?;
            outgoing::set_state(w, id, OutgoingState::Queued)?;
        }
        other => {
            return Err(StoreError::Conflict(outgoing::refusal(other, OutgoingState::Queued)));
        }
    }
    // What waits behind it keeps its turn.
    let at = row.not_before.min(w.now());
    begin_again(w, id, at, false)?;
    lie(w, &row, Some(MailboxRole::Outbox))?;
    show(w, &row)
}

/// A person chose another instant for a message that waits.
pub fn reschedule(
    w: &mut Write<'_>,
    id: OutgoingId,
    not_before: Millis,
    scheduled: bool,
) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if row.state != OutgoingState::Queued {
        return Err(StoreError::Conflict(outgoing::refusal(row.state, OutgoingState::Queued)));
    }
    begin_again(w, id, not_before, scheduled)
}

/// What was being sent when the process ended may have left; the number of such messages.
pub fn interrupted(w: &mut Write<'_>, account: AccountId) -> Result<usize, StoreError> {
    let words = "Deskbell ended while this message was being sent; it is looked for before it is sent again";
    let ids: Vec<i64> = {
        let mut statement = w.prepare_cached(
            "UPDATE outgoing SET state = 'unknown', looks = 0, next_try = ?2, error = ?3, attempts = attempts + 1
             WHERE account_id = ?1 AND state = 'sending' RETURNING id",
        )?;
        let rows = statement.query_map(params![account.0, w.now(), words], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    for id in &ids {
        w.touched(Entity::Outgoing, *id);
    }
    let rests: Vec<i64> = {
        let mut statement = w.prepare_cached(
            "SELECT id FROM outgoing WHERE account_id = ?1 AND rest <> '[]' AND rest_leaves = 1",
        )?;
        let rows = statement.query_map([account.0], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    for id in rests {
        rest::lost(w, OutgoingId(id))?;
    }
    Ok(ids.len())
}

/// The longest an undo delay is believed, and the longest pause between tries: what lies further ahead was
/// written before the machine's clock was set back.
pub(crate) fn believable(undo_ms: i64) -> (Millis, Millis) {
    (undo_ms.max(MINUTE), DAY)
}

/// Brings instants that only a wrong clock can have set back to now. What a person scheduled stays.
pub fn heed_clock(w: &mut Write<'_>, id: AccountId) -> Result<(), StoreError> {
    let (undo, pause) = believable(account::get(w, id)?.undo_ms);
    let now = w.now();
    // The first try is due when the message is; a pause between tries may be as long as it says.
    w.execute(
        "UPDATE outgoing SET not_before = ?2, next_try = iif(attempts = 0 AND next_try < ?4, min(next_try, ?2), next_try)
         WHERE account_id = ?1 AND state = 'queued' AND scheduled = 0 AND not_before > ?3",
        params![id.0, now, now + undo, NEVER],
    )?;
    w.execute(
        "UPDATE outgoing SET rest_next = ?2 WHERE account_id = ?1 AND rest <> '[]' AND rest_next > ?3",
        params![id.0, now, now + pause],
    )?;
    w.execute(
        "UPDATE outgoing SET follow_next = ?2 WHERE account_id = ?1 AND follow_next > ?3",
        params![id.0, now, now + pause],
    )?;
    w.execute(
        "UPDATE outgoing SET copy_look = ?2 WHERE account_id = ?1 AND copy_look > ?3",
        params![id.0, now, now + pause],
    )?;
    // Neither `NEVER` nor the first try of what a person scheduled is a pause.
    w.execute(
        "UPDATE outgoing SET next_try = ?2 WHERE account_id = ?1 AND next_try > ?3 AND next_try < ?4
           AND (state = 'unknown' OR copy_wanted = 1 OR (state = 'queued' AND (scheduled = 0 OR attempts > 0)))",
        params![id.0, now, now + pause, NEVER],
    )?;
    Ok(())
}

/// Nothing may be asked of an account that goes: whose fate only it knew stays unknown for a person to
/// settle, and nobody counts on it to send.
pub(crate) fn forget_transmitter(w: &mut Write<'_>, id: AccountId) -> Result<(), StoreError> {
    w.execute(
        "UPDATE outgoing SET state = 'unknown', next_try = ?2 WHERE via_account_id = ?1 AND state IN ('sending', 'unknown')",
        params![id.0, NEVER],
    )?;
    w.execute("UPDATE outgoing SET via_account_id = NULL WHERE via_account_id = ?1", [id.0])?;
    w.execute("UPDATE account SET fallback_id = NULL WHERE fallback_id = ?1", [id.0])?;
    Ok(())
}

pub(crate) fn show(w: &mut Write<'_>, row: &Outgoing) -> Result<(), StoreError> {
    let conversation = message::conversation(w, row.message)?;
    let messages: BTreeSet<MessageId> = BTreeSet::from([row.message]);
    settle(w, &messages, conversation.into_iter().collect())
}
