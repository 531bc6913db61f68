//! Writing back what a person did: flags, moves, erasures.
//!
//! Invariant: a message is expunged by its UID or not at all; a blind EXPUNGE would remove what other
//! clients only marked. A copy that is gone already is done.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{Response, ResponseCode};
use deskbell_domain::sync::{EditOutcome, RemoteKey, RemoteScope, StateEdit};

use super::error::ImapError;
use super::folders::{Folder, for_role};
use super::pace::UIDS_PER_COMMAND;
use super::session::Session;
use super::uids::sequence_set;
use super::wire::Command;

/// Where the copies of a move went: source UID to target UID.
type Moves = HashMap<u32, u32>;

/// Applies one edit to messages of the selected mailbox.
pub(crate) async fn apply(
    session: &mut Session,
    scope: &RemoteScope,
    uids: &[u32],
    edit: &StateEdit,
    known: &[Folder],
) -> Result<Vec<EditOutcome>, ImapError> {
    let target = match edit {
        StateEdit::Move { to } if *to == scope.role => Some(scope.key.clone()),
        StateEdit::Move { to } => Some(for_role(session, *to, known).await?),
        _ => None,
    };
    if let StateEdit::Label { keyword, value: true, .. } = edit {
        may_keep(session, keyword)?;
    }
    let mut outcomes = Vec::new();
    for chunk in uids.chunks(UIDS_PER_COMMAND) {
        let present = session.search(&sequence_set(chunk)).await?;
        if present.is_empty() {
            continue;
        }
        let set = sequence_set(&present);
        let mut moves = Moves::new();
        match (edit, &target) {
            (StateEdit::Seen { value }, _) => store(session, &set, *value, "\\Seen").await?,
            (StateEdit::Starred { value }, _) => store(session, &set, *value, "\\Flagged").await?,
            (StateEdit::Answered { value }, _) => {
                store(session, &set, *value, "\\Answered").await?;
            }
            (StateEdit::Label { keyword, value, .. }, _) => {
                store(session, &set, *value, keyword).await?;
            }
            (StateEdit::Erase, _) => erase(session, &set).await?,
            (StateEdit::Move { .. }, Some(target)) if *target == scope.key => {}
            (StateEdit::Move { .. }, Some(target)) => {
                moves = relocate(session, &set, target).await?
            }
            (StateEdit::Move { .. }, None) => {}
        }
        outcomes.extend(present.into_iter().map(|uid| EditOutcome {
            key: RemoteKey::from_uid(uid),
            moved_to: target.as_ref().and_then(|target| {
                moves.get(&uid).map(|to| (target.clone(), RemoteKey::from_uid(*to)))
            }),
        }));
    }
    Ok(outcomes)
}

/// A keyword the server would forget with the session is none it keeps.
fn may_keep(session: &Session, keyword: &str) -> Result<(), ImapError> {
    if session.selected.as_ref().is_none_or(|selected| selected.keeps(keyword)) {
        return Ok(());
    }
    Err(ImapError::No { text: "[CANNOT] this mailbox keeps no keywords of its clients".into() })
}

async fn store(session: &mut Session, set: &str, value: bool, flag: &str) -> Result<(), ImapError> {
    let sign = if value { '+' } else { '-' };
    session
        .run(Command::new(format!("UID STORE {set} {sign}FLAGS.SILENT ({flag})")), |_| {})
        .await
        .map(|_| ())
}

/// Without UIDPLUS the message stays marked; the server or another client will expunge it.
async fn erase(session: &mut Session, set: &str) -> Result<(), ImapError> {
    store(session, set, true, "\\Deleted").await?;
    if session.caps.uidplus {
        session.run(Command::new(format!("UID EXPUNGE {set}")), |_| {}).await?;
    }
    Ok(())
}

async fn relocate(session: &mut Session, set: &str, target: &str) -> Result<Moves, ImapError> {
    let verb = if session.caps.can_move { "MOVE" } else { "COPY" };
    let moves = match transfer(session, verb, set, target).await {
        // The mailbox was there when it was looked up, and somebody removed it since.
        Err(ImapError::No { text }) if text.contains("[TRYCREATE]") => {
            session.run(Command::new("CREATE ").argument(target), |_| {}).await?;
            session.run(Command::new("SUBSCRIBE ").argument(target), |_| {}).await?;
            transfer(session, verb, set, target).await?
        }
        other => other?,
    };
    if !session.caps.can_move {
        erase(session, set).await?;
    }
    Ok(moves)
}

async fn transfer(
    session: &mut Session,
    verb: &str,
    set: &str,
    target: &str,
) -> Result<Moves, ImapError> {
    let mut moves = Moves::new();
    let command = Command::new(format!("UID {verb} {set} ")).argument(target);
    let done = session
        .run(command, |response| {
            // RFC 6851 section 4.3: MOVE tells COPYUID in an untagged OK.
            if let Response::Data { outcome, .. } = response
                && let Some(code) = &outcome.code
            {
                note_copies(code, &mut moves);
            }
        })
        .await?;
    if let Some(code) = &done.code {
        note_copies(code, &mut moves);
    }
    Ok(moves)
}

fn note_copies(code: &ResponseCode<'_>, moves: &mut Moves) {
    let ResponseCode::CopyUid(_, from, to) = code else { return };
    let count = |set: &[UidSetMember]| {
        set.iter().map(span).map(|one| u64::from(one.end() - one.start()) + 1).sum::<u64>()
    };
    // Sets of different length, or longer than any command of ours, tell nothing.
    if count(from) != count(to) || count(from) > UIDS_PER_COMMAND as u64 {
        return;
    }
    moves.extend(from.iter().flat_map(span).zip(to.iter().flat_map(span)));
}

fn span(member: &UidSetMember) -> RangeInclusive<u32> {
    match member {
        UidSetMember::Uid(uid) => *uid..=*uid,
        UidSetMember::UidRange(range) => {
            *range.start().min(range.end())..=*range.start().max(range.end())
        }
    }
}
