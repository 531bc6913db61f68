//! What the outbox loop has in hand and what it takes up next.
//!
//! Invariant: the store is asked again only when what it last gave out is taken up, so that a queue of ten
//! thousand is not read through for each message.

use std::collections::VecDeque;
use std::time::Duration;

use deskbell_domain::{AccountId, Millis, OutgoingId};
use deskbell_store::queries::outgoing::{Agenda, InHand, Ready, agenda};
use deskbell_store::sync::transit::{NEVER, heed_clock};
use deskbell_store::{Connection, StoreError};

use super::send::Sent;
use crate::core::Core;
use crate::error::RoundError;

/// Messages sent at once, each of another conversation.
const LANES: usize = 3;
/// Messages taken from the store at once.
const TAKEN: usize = 32;

/// A job that ended.
pub(super) enum Done {
    Send(Ready, Result<Sent, RoundError>),
    Errand(OutgoingId, Result<(), RoundError>),
}

/// Something to do besides sending; one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    Find(OutgoingId),
    Copy(OutgoingId),
    Rest(OutgoingId),
    Follow(OutgoingId),
    Recheck(OutgoingId),
}

impl Errand {
    fn message(self) -> OutgoingId {
        match self {
            Self::Find(id)
            | Self::Copy(id)
            | Self::Rest(id)
            | Self::Follow(id)
            | Self::Recheck(id) => id,
        }
    }
}

/// A job to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Send(Ready),
    Errand(Errand),
}

/// See the module.
pub(super) struct Work {
    /// Conversations a message of which is being sent, and messages an errand is about.
    in_hand: InHand,
    ready: VecDeque<Ready>,
    errands: VecDeque<Errand>,
    /// Something may have changed since the store was asked.
    stale: bool,
    /// When there is something to do, as the store says.
    next: Option<Millis>,
    /// Nothing can be sent before this instant; [`NEVER`] until something changes.
    blocked: Option<Millis>,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            in_hand: InHand::default(),
            ready: VecDeque::new(),
            errands: VecDeque::new(),
            stale: true,
            next: None,
            blocked: None,
        }
    }
}

impl Work {
    /// Asks the store what there is to do, if it may have changed and nothing is left of the last answer.
    pub(super) async fn refill(
        &mut self,
        core: &Core,
        account: AccountId,
        now: Millis,
    ) -> Result<(), StoreError> {
        if self.blocked.is_some_and(|until| until <= now) {
            self.rung();
        }
        if !self.stale || !self.ready.is_empty() {
            return Ok(());
        }
        self.stale = false;
        let mut found = self.ask(core, account, now).await?;
        if found.clock_moved {
            core.write(move |w| heed_clock(w, account)).await?;
            found = self.ask(core, account, now).await?;
        }
        self.take(found);
        Ok(())
    }

    async fn ask(
        &self,
        core: &Core,
        account: AccountId,
        now: Millis,
    ) -> Result<Agenda, StoreError> {
        let in_hand = self.in_hand.clone();
        core.store.read(move |c: &Connection| agenda(c, account, now, &in_hand, TAKEN)).await
    }

    fn take(&mut self, found: Agenda) {
        self.next = found.next;
        if self.blocked.is_none() {
            self.ready = found.ready.into();
        }
        // What may have left is looked for before copies are made: it holds its conversation up.
        let find = found.unknown.into_iter().map(Errand::Find);
        let copies = found.copies.into_iter().map(Errand::Copy);
        let rests = found.rests.into_iter().map(Errand::Rest);
        let followed = found.followed.into_iter().map(Errand::Follow);
        let rechecks = found.rechecks.into_iter().map(Errand::Recheck);
        self.errands = find.chain(copies).chain(rests).chain(followed).chain(rechecks).collect();
    }

    /// The next job to begin, if a lane is free for one.
    pub(super) fn next(&mut self, now: Millis) -> Option<Next> {
        if self.blocked.is_none_or(|until| until <= now)
            && self.in_hand.conversations.len() < LANES
            && let Some(ready) = self.ready.pop_front()
        {
            self.in_hand.conversations.insert(ready.conversation);
            return Some(Next::Send(ready));
        }
        if self.in_hand.messages.is_empty()
            && let Some(errand) = self.errands.pop_front()
        {
            self.in_hand.messages.insert(errand.message());
            return Some(Next::Errand(errand));
        }
        None
    }

    /// How long until there is something to do; `None` when nothing will be, unasked.
    pub(super) fn wait(&self, now: Millis) -> Option<Duration> {
        let unblocked = self.blocked.filter(|until| *until != NEVER);
        let at = self.next.into_iter().chain(unblocked).min()?;
        Some(Duration::from_millis(u64::try_from(at - now).unwrap_or(0)))
    }

    /// Takes note of a job that ended.
    pub(super) fn ended(&mut self, done: Done) -> Result<(), RoundError> {
        self.stale = true;
        match done {
            Done::Send(ready, outcome) => {
                self.in_hand.conversations.remove(&ready.conversation);
                if let Sent::Blocked(until) = outcome? {
                    self.blocked = Some(until);
                    self.ready.clear();
                }
                Ok(())
            }
            Done::Errand(id, outcome) => {
                self.in_hand.messages.remove(&id);
                outcome
            }
        }
    }

    /// Something changed: what was in the way may be gone.
    pub(super) fn rung(&mut self) {
        self.blocked = None;
        self.stale = true;
    }

    /// Time has passed.
    pub(super) fn look_again(&mut self) {
        self.stale = true;
    }
}

#[cfg(test)]
mod tests {
    use deskbell_domain::ConversationId;

    use super::*;

    fn ready(id: i64) -> Ready {
        Ready { id: OutgoingId(id), conversation: ConversationId(id) }
    }

    #[test]
    fn three_conversations_and_one_errand_at_a_time() {
        let mut work = Work::default();
        work.take(Agenda {
            ready: (1..=5).map(ready).collect(),
            unknown: vec![OutgoingId(8)],
            copies: vec![OutgoingId(9)],
            ..Agenda::default()
        });
        let begun: Vec<Next> = std::iter::from_fn(|| work.next(0)).collect();
        let sends = [1, 2, 3].map(|id| Next::Send(ready(id)));
        assert_eq!(begun[..3], sends);
        assert_eq!(begun[3..], [Next::Errand(Errand::Find(OutgoingId(8)))]);
        work.ended(Done::Send(ready(2), Ok(Sent::Settled))).expect("fine");
        assert_eq!(work.next(0), Some(Next::Send(ready(4))), "a free lane is used");
        work.ended(Done::Errand(OutgoingId(8), Ok(()))).expect("fine");
        assert_eq!(work.next(0), Some(Next::Errand(Errand::Copy(OutgoingId(9)))));
    }

    #[test]
    fn what_is_blocked_waits_for_its_time_or_a_change() {
        let mut work = Work::default();
        work.take(Agenda { ready: vec![ready(1), ready(2)], ..Agenda::default() });
        assert_eq!(work.next(0), Some(Next::Send(ready(1))));
        work.ended(Done::Send(ready(1), Ok(Sent::Blocked(500)))).expect("fine");
        assert_eq!(work.next(0), None, "nobody else is tried either");
        assert_eq!(work.wait(100), Some(Duration::from_millis(400)));
        work.ended(Done::Send(ready(1), Ok(Sent::Blocked(NEVER)))).expect("fine");
        assert_eq!(work.wait(100), None, "only a change helps");
        work.rung();
        work.take(Agenda { ready: vec![ready(1)], ..Agenda::default() });
        assert_eq!(work.next(100), Some(Next::Send(ready(1))));
    }
}
