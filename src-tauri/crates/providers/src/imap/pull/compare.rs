//! One window of a comparison between known messages and the server, from the newest down.
//!
//! Invariant: what a window does not bring stays below `round.below`, and the mod-sequence moves only with
//! the last window.

use deskbell_domain::message::Flags;
use deskbell_domain::sync::{RemoteChange, RemoteKey};

use super::super::cursor::{Position, Round, Rung};
use super::super::error::ImapError;
use super::super::fetch::Fetched;
use super::super::session::{Resync, Session};
use super::super::wire::Command;
use super::{present, push_vanished};

/// Compares the next window, if a comparison is in progress.
pub(super) async fn window(
    session: &mut Session,
    position: &mut Position,
    resync: Resync,
    changes: &mut Vec<RemoteChange>,
) -> Result<(), ImapError> {
    let Some(round) = position.round.take() else { return Ok(()) };
    let top = round.below.saturating_sub(1);
    let low = if top == 0 {
        1
    } else {
        match round.rung {
            Rung::Qresync => {
                push_vanished(changes, &resync.vanished, top);
                let mut flags = resync.flags;
                flags.retain(|(uid, _)| !position.awaits(*uid));
                let (low, flags) = newest(flags, top, session.limits.compared_per_page);
                push_flags(changes, position, flags);
                low
            }
            Rung::Condstore => condstore(session, position, &round, top, changes).await?,
            Rung::Sweep => sweep(session, position, top, changes).await?,
        }
    };
    if let Some(selected) = &mut session.selected {
        selected.news.flags.clear();
    }
    if low <= 1 {
        position.modseq = round.modseq;
        position.exists = round.exists;
    } else {
        position.round = Some(Round { below: low, ..round });
    }
    Ok(())
}

/// Flags since a mod-sequence, and keys where something was expunged.
async fn condstore(
    session: &mut Session,
    position: &Position,
    round: &Round,
    top: u32,
    changes: &mut Vec<RemoteChange>,
) -> Result<u32, ImapError> {
    let mut low = 1;
    let mut flags = Vec::new();
    let known = position.highest_known().min(top);
    if position.modseq != round.modseq && known > 0 {
        let since = position.modseq.unwrap_or(1);
        let items = session.state_items();
        let command = Command::new(format!("UID FETCH 1:{known} ({items}) (CHANGEDSINCE {since})"));
        flags = fetch_flags(session, command).await?;
        (low, flags) = newest(flags, top, session.limits.compared_per_page);
    }
    if round.keys {
        let (from, there) = keys(session, top).await?;
        low = low.max(from);
        let there = there.into_iter().filter(|uid| *uid >= low);
        changes.push(present(low, top, there.map(|uid| (uid, None))));
    }
    flags.retain(|(uid, _)| *uid >= low);
    push_flags(changes, position, flags);
    Ok(low)
}

/// Flags and keys of the newest messages below the last window.
async fn sweep(
    session: &mut Session,
    position: &Position,
    top: u32,
    changes: &mut Vec<RemoteChange>,
) -> Result<u32, ImapError> {
    let (low, there) = keys(session, top).await?;
    let known = position.highest_known().min(top);
    let mut flags = Vec::new();
    if there.first().is_some_and(|lowest| *lowest <= known) {
        let items = session.state_items();
        let command = Command::new(format!("UID FETCH {low}:{known} ({items})"));
        flags = fetch_flags(session, command).await?;
        flags.sort_unstable_by_key(|(uid, _)| *uid);
    }
    let found = |uid: u32| {
        let at = flags.binary_search_by_key(&uid, |(uid, _)| *uid).ok()?;
        flags.get(at).map(|(_, flags)| *flags)
    };
    changes.push(present(low, top, there.into_iter().map(|uid| (uid, found(uid)))));
    Ok(low)
}

/// The newest keys up to `top`, ascending, and the UID the window begins with (1 if nothing is below it).
async fn keys(session: &mut Session, top: u32) -> Result<(u32, Vec<u32>), ImapError> {
    let mut present = session.list("1:*", true).await?;
    present.truncate(present.partition_point(|uid| *uid <= top));
    let most = session.limits.compared_per_page;
    if present.len() <= most {
        return Ok((1, present));
    }
    let present = present.split_off(present.len() - most);
    Ok((present.first().copied().unwrap_or(1), present))
}

async fn fetch_flags(
    session: &mut Session,
    command: Command,
) -> Result<Vec<(u32, Flags)>, ImapError> {
    let mut flags = Vec::new();
    session
        .run(command, |response| {
            if let Some(Fetched { uid: Some(uid), flags: Some(told), .. }) = Fetched::read(response)
            {
                flags.push((uid, told));
            }
        })
        .await?;
    Ok(flags)
}

/// As many of the newest changes as fit a page, and the UID below which others are left (1 if none are).
fn newest(mut flags: Vec<(u32, Flags)>, top: u32, most: usize) -> (u32, Vec<(u32, Flags)>) {
    flags.retain(|(uid, _)| *uid <= top);
    // Stable, and the later of two answers about one message is the truer: it is kept by the reverse order.
    flags.reverse();
    flags.sort_by_key(|(uid, _)| *uid);
    flags.dedup_by_key(|(uid, _)| *uid);
    if flags.len() <= most {
        return (1, flags);
    }
    let flags = flags.split_off(flags.len() - most);
    (flags.first().map_or(1, |(uid, _)| *uid), flags)
}

fn push_flags(changes: &mut Vec<RemoteChange>, position: &Position, flags: Vec<(u32, Flags)>) {
    changes.extend(
        flags
            .into_iter()
            .rev()
            .filter(|(uid, _)| !position.awaits(*uid))
            .map(|(uid, flags)| RemoteChange::Flags { key: RemoteKey::from_uid(uid), flags }),
    );
}
