//! What is on its way out: what the engine has to do next for an account, and the outbox as a screen shows it.
//!
//! Invariant: within a conversation nothing is ready while an earlier message that is due has not gone.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use deskbell_domain::outgoing::OutgoingState;
use deskbell_domain::{AccountId, ConversationId, Millis, OutgoingId};

use crate::StoreError;
use crate::sync::transit::{NEVER, believable};
use crate::table::account;
use crate::table::outgoing::{self, Outgoing};

/// A message that may leave now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Which.
    pub id: OutgoingId,
    /// Of which conversation.
    pub conversation: ConversationId,
}

/// What there is to do for an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agenda {
    /// Messages that may leave now, in the order they were begun; at most one of a conversation.
    pub ready: Vec<Ready>,
    /// Messages of unknown fate to be looked for now.
    pub unknown: Vec<OutgoingId>,
    /// Messages whose copy is to be put among the sent ones now.
    pub copies: Vec<OutgoingId>,
    /// Messages that have left for some, and are to be sent to the rest now.
    pub rests: Vec<OutgoingId>,
    /// Messages whose provider is to be asked now what became of them.
    pub followed: Vec<OutgoingId>,
    /// Messages of which it is looked now whether their provider made a copy beside ours.
    pub rechecks: Vec<OutgoingId>,
    /// When something that is not due yet will be; `None` when nothing will, unasked.
    pub next: Option<Millis>,
    /// The machine's clock was set back; see [`crate::sync::transit::heed_clock`].
    pub clock_moved: bool,
}

/// What is being done already, and is left out.
#[derive(Clone, Debug, Default)]
pub struct InHand {
    /// Messages.
    pub messages: BTreeSet<OutgoingId>,
    /// Conversations one of whose messages is being sent.
    pub conversations: BTreeSet<ConversationId>,
}

pub(crate) const WAITING: &str =
    "SELECT g.id, m.conversation_id, g.not_before, g.next_try, g.scheduled, g.attempts
   FROM outgoing g INDEXED BY outgoing_waiting CROSS JOIN message m ON m.id = g.message_id
   WHERE g.account_id = ?1 AND g.state = 'queued' ORDER BY g.not_before, g.id";

pub(crate) const UNSETTLED: &str = "SELECT g.id, m.conversation_id, g.state, g.next_try
   FROM outgoing g INDEXED BY outgoing_unsettled CROSS JOIN message m ON m.id = g.message_id
   WHERE g.account_id = ?1 AND g.state IN ('sending', 'unknown')";

pub(crate) const COPIES: &str = "SELECT id, next_try FROM outgoing INDEXED BY outgoing_copy WHERE account_id = ?1 AND copy_wanted = 1";

/// Whom a message waits for that may not have left at all is nobody's business yet.
pub(crate) const RESTS: &str = "SELECT id, rest_next FROM outgoing INDEXED BY outgoing_rest
   WHERE account_id = ?1 AND rest <> '[]' AND state IN ('accepted', 'sent', 'delivered', 'read')";

pub(crate) const FOLLOWED: &str = "SELECT id, follow_next FROM outgoing INDEXED BY outgoing_followed WHERE account_id = ?1 AND follow_next > 0 ORDER BY follow_next LIMIT ?2";

pub(crate) const COPIED: &str = "SELECT id, copy_look FROM outgoing INDEXED BY outgoing_copied WHERE account_id = ?1 AND copy_look > 0 ORDER BY copy_look LIMIT ?2";

pub(crate) const DEPARTED: &str = "SELECT departed_at FROM outgoing INDEXED BY outgoing_departed
   WHERE departed_at > ?1 AND coalesce(via_account_id, account_id) = ?2 ORDER BY departed_at";

/// When messages were about to leave by way of an account behind an instant, oldest first.
pub fn departures(
    c: &Connection,
    transmitter: AccountId,
    after: Millis,
) -> Result<Vec<Millis>, StoreError> {
    let mut statement = c.prepare_cached(DEPARTED)?;
    let rows = statement.query_map([after, transmitter.0], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What there is to do for an account; at most `limit` messages of each kind.
pub fn agenda(
    c: &Connection,
    id: AccountId,
    now: Millis,
    in_hand: &InHand,
    limit: usize,
) -> Result<Agenda, StoreError> {
    let (undo, pause) = believable(account::get(c, id)?.undo_ms);
    let mut agenda = Agenda::default();
    // Conversations in which something earlier has to go first.
    let mut held = in_hand.conversations.clone();
    let too_far = |next_try: Millis| next_try != NEVER && next_try > now + pause;
    let mut statement = c.prepare_cached(UNSETTLED)?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let (id, state): (_, String) = (OutgoingId(row.get(0)?), row.get(2)?);
        held.insert(ConversationId(row.get(1)?));
        if state == "unknown" && !in_hand.messages.contains(&id) {
            let next_try = row.get(3)?;
            agenda.clock_moved |= too_far(next_try);
            agenda.due_or_later(id, next_try, now, limit, |agenda| &mut agenda.unknown);
        }
    }
    let mut statement = c.prepare_cached(WAITING)?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let (id, conversation) = (OutgoingId(row.get(0)?), ConversationId(row.get(1)?));
        let (not_before, next_try): (Millis, Millis) = (row.get(2)?, row.get(3)?);
        let (scheduled, attempts): (bool, u32) = (row.get(4)?, row.get(5)?);
        if not_before > now {
            agenda.clock_moved |= !scheduled && not_before > now + undo;
            agenda.wake_at(not_before);
        } else if held.contains(&conversation) {
            // Its turn comes.
        } else if next_try > now {
            agenda.clock_moved |= too_far(next_try) && (!scheduled || attempts > 0);
            agenda.wake_at(next_try);
            held.insert(conversation);
        } else {
            held.insert(conversation);
            agenda.ready.push(Ready { id, conversation });
            if agenda.ready.len() >= limit {
                break;
            }
        }
    }
    let mut statement = c.prepare_cached(COPIES)?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let (id, next_try) = (OutgoingId(row.get(0)?), row.get(1)?);
        if !in_hand.messages.contains(&id) {
            agenda.clock_moved |= next_try != NEVER && next_try > now + pause;
            agenda.due_or_later(id, next_try, now, limit, |agenda| &mut agenda.copies);
        }
        if agenda.copies.len() >= limit {
            break;
        }
    }
    let mut statement = c.prepare_cached(RESTS)?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let (id, next_try) = (OutgoingId(row.get(0)?), row.get(1)?);
        if !in_hand.messages.contains(&id) {
            agenda.clock_moved |= next_try > now + pause;
            agenda.due_or_later(id, next_try, now, limit, |agenda| &mut agenda.rests);
        }
    }
    let mut statement = c.prepare_cached(FOLLOWED)?;
    // The soonest come first; those in hand are of them.
    let wanted = i64::try_from(limit + in_hand.messages.len()).unwrap_or(i64::MAX);
    let mut rows = statement.query([id.0, wanted])?;
    while let Some(row) = rows.next()? {
        let (id, next) = (OutgoingId(row.get(0)?), row.get(1)?);
        if !in_hand.messages.contains(&id) {
            agenda.clock_moved |= next > now + pause;
            agenda.due_or_later(id, next, now, limit, |agenda| &mut agenda.followed);
        }
    }
    let mut statement = c.prepare_cached(COPIED)?;
    let mut rows = statement.query(params![id.0, wanted])?;
    while let Some(row) = rows.next()? {
        let (id, next) = (OutgoingId(row.get(0)?), row.get(1)?);
        if !in_hand.messages.contains(&id) {
            agenda.clock_moved |= next > now + pause;
            agenda.due_or_later(id, next, now, limit, |agenda| &mut agenda.rechecks);
        }
    }
    Ok(agenda)
}

impl Agenda {
    /// Whether there is nothing to do now.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
            && self.unknown.is_empty()
            && self.copies.is_empty()
            && self.rests.is_empty()
            && self.followed.is_empty()
            && self.rechecks.is_empty()
    }

    fn wake_at(&mut self, at: Millis) {
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }

    fn due_or_later(
        &mut self,
        id: OutgoingId,
        at: Millis,
        now: Millis,
        limit: usize,
        list: impl Fn(&mut Self) -> &mut Vec<OutgoingId>,
    ) {
        if at > now {
            if at != NEVER {
                self.wake_at(at);
            }
        } else if list(self).len() < limit {
            list(self).push(id);
        }
    }
}

/// How many messages of an account are on their way: queued, being sent, or of unknown fate.
pub fn waiting(c: &Connection, account: AccountId) -> Result<i64, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM outgoing INDEXED BY outgoing_waiting WHERE account_id = ?1 AND state = 'queued')
       + (SELECT count(*) FROM outgoing INDEXED BY outgoing_unsettled WHERE account_id = ?1 AND state IN ('sending', 'unknown'))";
    Ok(c.prepare_cached(sql)?.query_row([account.0], |row| row.get(0))?)
}

/// Where a page of the outbox ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The row's `not_before`.
    pub not_before: Millis,
    /// The row's id.
    pub id: OutgoingId,
}

pub(crate) fn page_sql() -> String {
    format!(
        "SELECT {} FROM outgoing g INDEXED BY outgoing_screen
         WHERE g.state IN ('queued', 'sending', 'unknown', 'rejected') AND (g.not_before, g.id) > (?1, ?2)
           AND (?3 IS NULL OR g.account_id = ?3) AND (?4 = '' OR instr(?4, ' ' || g.state || ' ') > 0)
         ORDER BY g.not_before, g.id LIMIT ?5",
        outgoing::COLUMNS
    )
}

pub(crate) fn partly_sql() -> String {
    format!(
        "SELECT {} FROM outgoing g INDEXED BY outgoing_partly
         WHERE g.rest <> '[]' AND (g.not_before, g.id) > (?1, ?2) AND (?3 IS NULL OR g.account_id = ?3)
         ORDER BY g.not_before, g.id LIMIT ?4",
        outgoing::COLUMNS
    )
}

/// The page of the outbox after `after`, the next to leave first. Where `states` is empty it is all that has not
/// arrived, and so also what has left for some of its recipients and still waits for the rest.
pub fn page(
    c: &Connection,
    account: Option<AccountId>,
    states: &[OutgoingState],
    after: Option<Position>,
    limit: u32,
) -> Result<Vec<Outgoing>, StoreError> {
    let after = after.unwrap_or(Position { not_before: Millis::MIN, id: OutgoingId(0) });
    let mut wanted: String = states.iter().map(|state| format!(" {}", state.as_str())).collect();
    if !wanted.is_empty() {
        wanted.push(' ');
    }
    let mut statement = c.prepare_cached(&page_sql())?;
    let account = account.map(|id| id.0);
    let rows = statement
        .query_map(params![after.not_before, after.id.0, account, wanted, limit], outgoing::read)?;
    let mut page = rows.collect::<Result<Vec<_>, _>>()?;
    if states.is_empty() {
        let mut statement = c.prepare_cached(&partly_sql())?;
        let rows = statement
            .query_map(params![after.not_before, after.id.0, account, limit], outgoing::read)?;
        for row in rows {
            let row = row?;
            if row.state.is_gone() {
                page.push(row);
            }
        }
        page.sort_by_key(|row| (row.not_before, row.id));
        page.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    Ok(page)
}
