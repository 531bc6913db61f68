//! Opening a mailbox where the cursor left it: what is new, what must be compared, and by which rung.
//!
//! Invariant: a cursor is carried on only under the numbering it was made under. A comparison that begins
//! reaches up to the server's UIDNEXT, beyond the cursor's: a copy that our own move made is known by its
//! COPYUID before its mailbox is pulled, and may be gone again by then.

use deskbell_domain::sync::{PullOptions, RemoteChange};

use super::super::cursor::{Position, Round, Rung};
use super::super::error::ImapError;
use super::super::session::{Resync, Session, Since, View};
use super::present;

/// Starts from nothing.
pub(super) async fn begin(
    session: &mut Session,
    name: &str,
    options: PullOptions,
    changes: &mut Vec<RemoteChange>,
) -> Result<Position, ImapError> {
    let (view, _) = session.select(name, None).await?;
    changes.push(RemoteChange::ListingBegan);
    let mut start = Position::start(view.uid_validity, view.uid_next, view.modseq, view.exists);
    if options.since.is_some() && options.known && !start.todo.is_empty() {
        // Not all of it will be listed: what is known already must not look as if it were gone.
        let there = session.list("1:*", true).await?;
        let top = view.uid_next - 1;
        let there = there.into_iter().filter(|uid| *uid <= top).map(|uid| (uid, None));
        changes.push(present(1, top, there));
    }
    start.since = options.since;
    Ok(start)
}

/// Goes on from a cursor on a fresh selection.
pub(super) async fn reopen(
    session: &mut Session,
    name: &str,
    mut position: Position,
    options: PullOptions,
    changes: &mut Vec<RemoteChange>,
    resync: &mut Resync,
) -> Result<Position, ImapError> {
    let since = position.modseq.map(|modseq| Since {
        uid_validity: position.uid_validity,
        modseq,
        up_to: position.round.as_ref().map(|round| round.below.saturating_sub(1)),
    });
    let (view, told) = session.select(name, since).await?;
    if view.uid_validity != position.uid_validity || view.uid_next < position.uid_next {
        // UIDNEXT going back is a mailbox restored from a backup: its UIDs will be given again.
        changes.push(RemoteChange::Renumbered);
        changes.push(RemoteChange::ListingBegan);
        let mut fresh = Position::start(view.uid_validity, view.uid_next, view.modseq, view.exists);
        fresh.headers_only = true;
        fresh.since = options.since;
        return Ok(fresh);
    }
    *resync = told;
    let rung = choose(session, &view, &position);
    let busy = !position.todo.is_empty();
    if !busy {
        position.retry_skipped();
    }
    if let Some(round) = &mut position.round {
        if round.rung != rung {
            *round = Round { rung, modseq: view.modseq, exists: None, keys: true, ..round.clone() };
        }
        position.arrived(view.uid_next);
        return Ok(position);
    }
    if rung == Rung::Sweep && busy {
        // A sweep costs as much as the mailbox is long; the first pull must not pay it with every page.
        position.arrived(view.uid_next);
        return Ok(position);
    }
    let before = position.uid_next;
    let unchanged = rung != Rung::Sweep
        && position.modseq == view.modseq
        && position.exists == Some(view.exists)
        && before == view.uid_next
        && resync.flags.is_empty()
        && resync.vanished.is_empty();
    if unchanged {
        return Ok(position);
    }
    let keys = match rung {
        Rung::Qresync => false,
        Rung::Sweep => true,
        Rung::Condstore => {
            let arrived = if view.uid_next > before {
                session.search(&format!("{before}:{}", view.uid_next - 1)).await?
            } else {
                Vec::new()
            };
            // Below the old UIDNEXT messages can only disappear: an equal count means equal keys there.
            let expected = position.exists.map(|count| count as usize + arrived.len());
            let equal = expected == Some(view.exists as usize);
            if equal && view.uid_next > before {
                let arrived = arrived.into_iter().map(|uid| (uid, None));
                changes.push(present(before, view.uid_next - 1, arrived));
            }
            !equal
        }
    };
    position.arrived(view.uid_next);
    let below = position.uid_next;
    position.round =
        Some(Round { below, rung, modseq: view.modseq, exists: Some(view.exists), keys });
    Ok(position)
}

/// The best rung the server offers for this mailbox and this cursor.
fn choose(session: &Session, view: &View, position: &Position) -> Rung {
    // A HIGHESTMODSEQ that went back says nothing about what changed in between.
    let comparable =
        matches!((position.modseq, view.modseq), (Some(known), Some(now)) if known <= now);
    if !comparable {
        Rung::Sweep
    } else if session.caps.qresync {
        Rung::Qresync
    } else if session.caps.condstore {
        Rung::Condstore
    } else {
        Rung::Sweep
    }
}

/// Looks for messages that arrived while pages of older ones were fetched on the same selection.
pub(super) async fn notice_arrivals(
    session: &mut Session,
    position: &mut Position,
) -> Result<(), ImapError> {
    let grown =
        session.selected.as_mut().is_some_and(|selected| std::mem::take(&mut selected.news.grown));
    if !grown {
        return Ok(());
    }
    let mut arrived = session.search(&format!("{}:*", position.uid_next)).await?;
    arrived.retain(|uid| *uid >= position.uid_next);
    let Some(highest) = arrived.last() else { return Ok(()) };
    let before = position.todo.clone();
    position.arrived(highest.saturating_add(1));
    if let Some(selected) = &mut session.selected {
        selected.view.uid_next = selected.view.uid_next.max(position.uid_next);
        if position.since.is_some() {
            // Some of it may lie outside the window: listed anew, with the rest.
            selected.waiting = None;
        } else if let Some(waiting) =
            selected.waiting.as_mut().filter(|waiting| waiting.todo == before)
        {
            waiting.uids.extend_from_slice(&arrived);
            waiting.todo.clone_from(&position.todo);
        }
    }
    Ok(())
}
