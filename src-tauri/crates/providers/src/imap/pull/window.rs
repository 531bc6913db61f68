//! The history window: which messages of a mailbox are asked for at all.
//!
//! SEARCH knows whole days alone, by a clock of the server's own (RFC 3501 section 6.4.4 disregards the time zone),
//! so the days around the edge are told apart by INTERNALDATE itself. Starred mail and drafts lie inside whatever
//! their age. Invariant: only what is fetched depends on the window; what is compared never does, so that nothing
//! outside of it is ever told as gone while it is there.

use std::time::{Duration, UNIX_EPOCH};

use deskbell_domain::Millis;
use deskbell_domain::sync::RemoteChange;
use deskbell_domain::time::DAY;

use super::super::cursor::Position;
use super::super::error::ImapError;
use super::super::fetch::Fetched;
use super::super::pace::UIDS_PER_COMMAND;
use super::super::session::Session;
use super::super::uids::sequence_set;
use super::super::wire::Command;

/// The messages of a set that lie inside the window, ascending.
pub(super) async fn inside(
    session: &mut Session,
    set: &str,
    since: Millis,
) -> Result<Vec<u32>, ImapError> {
    // Clocks differ from UTC by 14 hours at most: from the day after next on, every date is inside.
    let (first, sure) = (day(since - DAY), day(since + DAY));
    let mut found = session.search(&format!("{set} OR SINCE {first} OR FLAGGED DRAFT")).await?;
    let doubtful = format!("{set} SINCE {first} BEFORE {sure} UNFLAGGED UNDRAFT");
    let doubtful = session.search(&doubtful).await?;
    let mut outside = Vec::new();
    for some in doubtful.chunks(UIDS_PER_COMMAND) {
        let command = format!("UID FETCH {} (UID INTERNALDATE)", sequence_set(some));
        let note = |response: &async_imap::imap_proto::Response<'_>| {
            if let Some(Fetched { uid: Some(uid), internal_date: Some(date), .. }) =
                Fetched::read(response)
                && date < since
            {
                outside.push(uid);
            }
        };
        session.run(Command::new(command), note).await?;
    }
    outside.sort_unstable();
    found.retain(|uid| outside.binary_search(uid).is_err());
    Ok(found)
}

/// Takes over the window of this pull. Where it reaches further back than before, what lies between is to be
/// fetched; true if it is another than before.
pub(super) async fn adopt(
    session: &mut Session,
    position: &mut Position,
    since: Option<Millis>,
) -> Result<bool, ImapError> {
    let before = std::mem::replace(&mut position.since, since);
    if before == since {
        return Ok(false);
    }
    if let Some(selected) = &mut session.selected {
        selected.waiting = None;
    }
    let known = position.uid_next.saturating_sub(1);
    let wider = before.filter(|edge| since.is_none_or(|since| since < *edge));
    if let (Some(edge), 1..) = (wider, known) {
        let back_to = since.map(|since| format!(" SINCE {}", day(since - DAY))).unwrap_or_default();
        let between = format!("1:{known}{back_to} BEFORE {}", day(edge + DAY));
        let between = session.search(&between).await?;
        position.want(&between);
    }
    Ok(true)
}

/// Has older messages fetched that another client has starred; their flags are told in this page.
pub(super) async fn welcome_starred(
    session: &mut Session,
    position: &mut Position,
    changes: &[RemoteChange],
) -> Result<(), ImapError> {
    let Some(since) = position.since else { return Ok(()) };
    let starred = changes.iter().filter_map(|change| match change {
        RemoteChange::Flags { key, flags } if flags.starred && !flags.deleted => key.to_uid(),
        _ => None,
    });
    let mut starred: Vec<u32> = starred.collect();
    starred.sort_unstable();
    starred.dedup();
    for some in starred.chunks(UIDS_PER_COMMAND) {
        let older = format!("{} BEFORE {}", sequence_set(some), day(since + DAY));
        let older = session.search(&older).await?;
        position.want(&older);
    }
    Ok(())
}

/// The day of an instant as SEARCH writes it.
fn day(at: Millis) -> String {
    let since_epoch = Duration::from_millis(u64::try_from(at).unwrap_or(0));
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    let date = httpdate::fmt_http_date(UNIX_EPOCH + since_epoch);
    let words: Vec<&str> = date.split(' ').skip(1).take(3).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_the_protocol_writes_them() {
        assert_eq!(day(1_795_176_000_000), "20-Nov-2026");
        assert_eq!(day(-5), "01-Jan-1970", "nothing is older than mail");
    }
}
