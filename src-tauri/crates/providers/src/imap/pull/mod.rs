//! One page of changes of one mailbox.
//!
//! Every pull compares a window of known messages, if a comparison is due, and fetches a page of unknown
//! ones, newest first. Invariant: the cursor of a page claims nothing the page does not bring.

mod compare;
mod messages;
mod resume;
mod window;

use deskbell_domain::message::Flags;
use deskbell_domain::sync::{Cursor, Page, PullOptions, RemoteChange, RemoteKey, RemoteScope};

use super::cursor::{Position, Rung};
use super::error::ImapError;
use super::gmail;
use super::pace::VANISHED_ONE_BY_ONE;
use super::session::{Resync, Session, View};

/// Pulls the next page; also the server's view of the mailbox, for whoever watches it.
pub(crate) async fn pull(
    session: &mut Session,
    scope: &RemoteScope,
    cursor: Option<&Cursor>,
    options: PullOptions,
) -> Result<(Page, View), ImapError> {
    let mut changes = Vec::new();
    let mut resync = Resync::default();
    let mut position = match cursor.map(Position::read) {
        None => resume::begin(session, &scope.key, options, &mut changes).await?,
        Some(None) => return Err(ImapError::Renumbered),
        Some(Some(mut known)) => {
            if known.unfinished()
                && !asks_select(&known)
                && session.holds(&scope.key, known.uid_validity)
            {
                resume::notice_arrivals(session, &mut known).await?;
                known
            } else {
                resume::reopen(session, &scope.key, known, options, &mut changes, &mut resync)
                    .await?
            }
        }
    };
    let moved = window::adopt(session, &mut position, options.since).await?;
    compare::window(session, &mut position, resync, &mut changes).await?;
    window::welcome_starred(session, &mut position, &changes).await?;
    let first = position.listing;
    let waiting = messages::page(session, &mut position, options, &mut changes).await?;
    if position.listing && position.todo.is_empty() {
        position.listing = false;
        position.headers_only = false;
        changes.push(RemoteChange::ListingEnded);
    }
    if session.caps.gmail {
        gmail::tell(session, scope, &mut changes);
    } else {
        tell_keywords(session, &mut changes);
    }
    let view = session.selected.as_ref().map(|selected| selected.view.clone()).unwrap_or_default();
    let remote_total = match options.since {
        None => Some(u64::from(view.exists)),
        // What the window holds costs a search; it is told at the end, where something may have changed.
        Some(_) if position.unfinished() || (changes.is_empty() && !moved) => None,
        Some(since) => Some(window::inside(session, "1:*", since).await?.len() as u64),
    };
    let page = Page {
        changes,
        more: position.unfinished(),
        next: position.write(),
        remote_total,
        remaining: (first || waiting > 0).then_some(waiting),
    };
    Ok((page, view))
}

/// Tells the keywords of every message whose flags the page tells.
fn tell_keywords(session: &mut Session, changes: &mut Vec<RemoteChange>) {
    let Some(selected) = &mut session.selected else { return };
    if selected.keywords.is_empty() {
        return;
    }
    let mut told = Vec::new();
    let mut tell = |key: &RemoteKey| {
        if let Some(keywords) = key.to_uid().and_then(|uid| selected.keywords.remove(&uid)) {
            told.push(RemoteChange::Keywords { key: key.clone(), keywords });
        }
    };
    for change in changes.iter() {
        match change {
            RemoteChange::Message(message) => tell(&message.key),
            RemoteChange::Flags { key, .. } => tell(key),
            RemoteChange::Present { present, .. } => {
                present.iter().filter(|(_, flags)| flags.is_some()).for_each(|(key, _)| tell(key));
            }
            _ => {}
        }
    }
    changes.extend(told);
}

/// QRESYNC tells its changes only with SELECT.
fn asks_select(position: &Position) -> bool {
    position.round.as_ref().is_some_and(|round| round.rung == Rung::Qresync)
}

/// Tells that these UIDs are gone.
fn push_vanished(changes: &mut Vec<RemoteChange>, ranges: &[(u32, u32)], top: u32) {
    for &(low, high) in ranges {
        let high = high.min(top);
        if low > high {
            continue;
        }
        if high - low < VANISHED_ONE_BY_ONE {
            changes.extend((low..=high).map(|uid| RemoteChange::Gone(RemoteKey::from_uid(uid))));
        } else {
            changes.push(present(low, high, std::iter::empty()));
        }
    }
}

/// Tells that from `low` to `high` there are these messages, ascending, and no others.
///
/// `high` lies below the UIDNEXT of a selection made before they were listed: what arrives after the listing
/// is numbered above it and must not be told as gone.
fn present(low: u32, high: u32, there: impl Iterator<Item = (u32, Option<Flags>)>) -> RemoteChange {
    RemoteChange::Present {
        low: RemoteKey::from_uid(low),
        high: RemoteKey::from_uid(high),
        present: there.map(|(uid, flags)| (RemoteKey::from_uid(uid), flags)).collect(),
    }
}
