//! A page of messages that are still to be fetched, newest first.
//!
//! Invariant: a page passes `max_bytes` by one message at most; a message that cannot be fetched alone is
//! passed over, so that it never stops its mailbox, and kept in the cursor, so that it is asked for again.

use std::collections::HashMap;

use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::sync::{PullOptions, RemoteChange, RemoteKey, RemoteMessage, RemoteSource};

use super::super::cursor::Position;
use super::super::error::ImapError;
use super::super::fetch::Fetched;
use super::super::gmail;
use super::super::pace::{HEADER_KEPT, HEADERS_PER_FETCH, SKIPPED_AT_MOST};
use super::super::session::{Selected, Session, Waiting};
use super::super::uids::{ranges_set, sequence_set, window_set};
use super::super::wire::Command;
use super::{push_vanished, window};

/// What is asked of each message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Full,
    Header,
}

/// Fetches a page and tells how many messages are still waiting after it.
pub(super) async fn page(
    session: &mut Session,
    position: &mut Position,
    options: PullOptions,
    changes: &mut Vec<RemoteChange>,
) -> Result<u64, ImapError> {
    if position.todo.is_empty() {
        tell_news(session, position, changes, &HashMap::new());
        return Ok(0);
    }
    let mut waiting = list_waiting(session, position).await?;
    let window =
        waiting.split_off(waiting.len().saturating_sub(options.max_messages.max(1) as usize));
    let full = options.bodies && !position.headers_only;
    let (left, found) = if full {
        whole_messages(session, position, &window, options.max_bytes).await?
    } else {
        headers(session, position, &window, options.max_bytes).await?
    };
    let chosen = window.get(left..).unwrap_or_default();
    if let Some(lowest) = chosen.first() {
        position.fetched_from(*lowest);
    }
    waiting.extend_from_slice(window.get(..left).unwrap_or_default());
    if waiting.is_empty() {
        position.todo.clear();
    }
    let mut fetched = found;
    tell_news(session, position, changes, &fetched);
    for uid in chosen.iter().rev() {
        changes.extend(
            fetched.remove(uid).and_then(|one| message(*uid, one)).map(RemoteChange::Message),
        );
    }
    let remaining = waiting.len() as u64;
    if let Some(selected) = &mut session.selected {
        selected.sizes.retain(|uid, _| waiting.binary_search(uid).is_ok());
        selected.waiting = Some(Waiting { todo: position.todo.clone(), uids: waiting });
    }
    Ok(remaining)
}

/// The UIDs still to be fetched, ascending.
async fn list_waiting(session: &mut Session, position: &Position) -> Result<Vec<u32>, ImapError> {
    let kept = session.selected.as_mut().and_then(|selected| selected.waiting.take());
    if let Some(kept) = kept.filter(|kept| kept.todo == position.todo) {
        return Ok(kept.uids);
    }
    if let Some(since) = position.since {
        let mut waiting = window::inside(session, &ranges_set(&position.todo), since).await?;
        waiting.retain(|uid| position.awaits(*uid));
        return Ok(waiting);
    }
    let everything = matches!(position.todo.as_slice(), [(1, high)] if high.checked_add(1) == Some(position.uid_next));
    let mut waiting = session.list(&ranges_set(&position.todo), everything).await?;
    waiting.retain(|uid| position.awaits(*uid));
    Ok(waiting)
}

/// Whole messages from the end of the window until the bytes are spent; how many of the window are left.
async fn whole_messages(
    session: &mut Session,
    position: &mut Position,
    window: &[u32],
    max_bytes: u64,
) -> Result<(usize, HashMap<u32, Fetched>), ImapError> {
    learn_sizes(session, position, window).await?;
    let size = |selected: &Option<Selected>, uid: &u32| {
        selected
            .as_ref()
            .and_then(|selected| selected.sizes.get(uid))
            .map_or(0, |size| u64::from(*size))
    };
    let (mut left, mut bytes) = (window.len(), 0);
    let mut large = Vec::new();
    for uid in window.iter().rev() {
        if bytes >= max_bytes && left < window.len() {
            break;
        }
        left -= 1;
        match size(&session.selected, uid) {
            too_much if too_much > session.limits.large_message => large.push(*uid),
            fits => bytes += fits,
        }
    }
    large.reverse();
    let chosen: Vec<u32> =
        window.iter().skip(left).copied().filter(|uid| large.binary_search(uid).is_err()).collect();
    let ranges = without(&position.todo, &large);
    let mut found =
        fetch(session, position, &set_of(position, &chosen, &ranges), &chosen, Part::Full).await?;
    if !large.is_empty() {
        found.extend(fetch(session, position, &sequence_set(&large), &large, Part::Header).await?);
    }
    Ok((left, found))
}

/// Header blocks from the end of the window until the bytes are spent; how many of the window are left.
async fn headers(
    session: &mut Session,
    position: &mut Position,
    window: &[u32],
    max_bytes: u64,
) -> Result<(usize, HashMap<u32, Fetched>), ImapError> {
    let (mut left, mut bytes) = (window.len(), 0);
    let mut found = HashMap::new();
    for chunk in window.rchunks(HEADERS_PER_FETCH) {
        if bytes >= max_bytes && left < window.len() {
            break;
        }
        left -= chunk.len();
        let set = set_of(position, chunk, &position.todo);
        let part = fetch(session, position, &set, chunk, Part::Header).await?;
        bytes += part
            .values()
            .filter_map(|one| one.header.as_ref())
            .map(|h| h.len() as u64)
            .sum::<u64>();
        found.extend(part);
    }
    Ok((left, found))
}

/// The set that names these UIDs; between those inside the history window there are others.
fn set_of(position: &Position, chosen: &[u32], ranges: &[(u32, u32)]) -> String {
    match position.since {
        None => window_set(chosen, ranges),
        Some(_) => sequence_set(chosen),
    }
}

/// Asks for the sizes in this window that are not known yet.
async fn learn_sizes(
    session: &mut Session,
    position: &Position,
    window: &[u32],
) -> Result<(), ImapError> {
    let unknown: Vec<u32> = match &session.selected {
        Some(selected) => {
            window.iter().copied().filter(|uid| !selected.sizes.contains_key(uid)).collect()
        }
        None => window.to_vec(),
    };
    if unknown.is_empty() {
        return Ok(());
    }
    let set = set_of(position, &unknown, &position.todo);
    let mut sizes = Vec::new();
    session
        .run(Command::new(format!("UID FETCH {set} (UID RFC822.SIZE)")), |response| {
            if let Some(Fetched { uid: Some(uid), size: Some(size), .. }) = Fetched::read(response)
            {
                sizes.push((uid, size));
            }
        })
        .await?;
    if let Some(selected) = &mut session.selected {
        selected.sizes.extend(sizes);
    }
    Ok(())
}

/// Fetches these messages; those the server passed over, or refused with the rest, are asked for one by one.
async fn fetch(
    session: &mut Session,
    position: &mut Position,
    set: &str,
    wanted: &[u32],
    part: Part,
) -> Result<HashMap<u32, Fetched>, ImapError> {
    let mut found = HashMap::with_capacity(wanted.len());
    if wanted.is_empty() {
        return Ok(found);
    }
    match fetch_once(session, set, wanted, part, &mut found).await {
        Err(error) if !error.concerns_one_command() => return Err(error),
        Ok(()) | Err(_) => {}
    }
    if found.len() == wanted.len() {
        return Ok(found);
    }
    let missing: Vec<u32> = wanted.iter().copied().filter(|uid| !found.contains_key(uid)).collect();
    for uid in session.search(&sequence_set(&missing)).await? {
        match fetch_once(session, &uid.to_string(), &[uid], part, &mut found).await {
            Err(error) if !error.concerns_one_command() => return Err(error),
            Ok(()) | Err(_) => {}
        }
        if !found.contains_key(&uid) {
            if position.skipped.len() >= SKIPPED_AT_MOST {
                return Err(ImapError::Lost(
                    "the server lists messages and does not hand them out".into(),
                ));
            }
            tracing::warn!(
                uid,
                "the server lists a message that it does not hand out; passed over for now"
            );
            position.skipped.push(uid);
        }
    }
    Ok(found)
}

async fn fetch_once(
    session: &mut Session,
    set: &str,
    wanted: &[u32],
    part: Part,
    found: &mut HashMap<u32, Fetched>,
) -> Result<(), ImapError> {
    let what = match part {
        Part::Full => "BODY.PEEK[]".to_owned(),
        Part::Header => format!("BODY.PEEK[HEADER]<0.{HEADER_KEPT}>"),
    };
    let labels = if session.caps.gmail { gmail::ITEMS } else { "" };
    let command = Command::new(format!(
        "UID FETCH {set} (UID FLAGS INTERNALDATE RFC822.SIZE{labels} {what})"
    ));
    session
        .run(command, |response| {
            let Some(fetched) = Fetched::read(response) else { return };
            let complete = match part {
                Part::Full => fetched.full.is_some(),
                Part::Header => fetched.header.is_some(),
            };
            if let (Some(uid), true) = (fetched.uid, complete)
                && wanted.binary_search(&uid).is_ok()
            {
                found.insert(uid, fetched);
            }
        })
        .await
        .map(|_| ())
}

/// Ranges with single UIDs cut out.
fn without(ranges: &[(u32, u32)], cut: &[u32]) -> Vec<(u32, u32)> {
    let mut pieces = ranges.to_vec();
    for uid in cut {
        pieces = pieces
            .into_iter()
            .flat_map(|(low, high)| {
                if (low..=high).contains(uid) {
                    vec![(low, uid - 1), (uid.saturating_add(1), high)]
                } else {
                    vec![(low, high)]
                }
            })
            .filter(|(low, high)| low <= high)
            .collect();
    }
    pieces
}

fn message(uid: u32, fetched: Fetched) -> Option<RemoteMessage> {
    let source = match (fetched.full, fetched.header) {
        (Some(full), _) => RemoteSource::Full(full),
        (None, Some(header)) => RemoteSource::Headers(header),
        (None, None) => return None,
    };
    let held = match &source {
        RemoteSource::Full(bytes) | RemoteSource::Cut(bytes) | RemoteSource::Headers(bytes) => {
            bytes.len() as u64
        }
    };
    Some(RemoteMessage {
        key: RemoteKey::from_uid(uid),
        flags: fetched.flags.unwrap_or_default(),
        internal_date: fetched.internal_date.unwrap_or_default(),
        size: fetched.size.map_or(held, u64::from),
        role: None,
        // As Gmail's API spells it: the same account over either is the same threads.
        thread: fetched.thread.map(|thread| format!("{thread:x}")),
        known_by: fetched.name.map(|name| Fingerprint::named(&format!("{name:x}"))),
        source,
    })
}

/// Passes on what the server told unasked while the page was fetched.
fn tell_news(
    session: &mut Session,
    position: &Position,
    changes: &mut Vec<RemoteChange>,
    fetched: &HashMap<u32, Fetched>,
) {
    let Some(selected) = &mut session.selected else { return };
    let vanished = std::mem::take(&mut selected.news.vanished);
    let flags = std::mem::take(&mut selected.news.flags);
    push_vanished(changes, &vanished, u32::MAX);
    for (uid, flags) in flags {
        if uid < position.uid_next && !position.awaits(uid) && !fetched.contains_key(&uid) {
            changes.push(RemoteChange::Flags { key: RemoteKey::from_uid(uid), flags });
        }
    }
}
