//! Writing back what a person did: flags, moves, erasures.
//!
//! Leaves moves to `relocation`.
//! Invariant: a message is expunged by its UID or not at all; a blind EXPUNGE would remove what other
//! clients only marked. A copy that is gone already is done.

use deskbell_domain::port::EditSteps;
use deskbell_domain::sync::{EditOutcome, RemoteKey, RemoteScope, StateEdit};

use super::error::ImapError;
use super::folders::{Folder, for_role};
use super::gmail;
use super::pace::UIDS_PER_COMMAND;
use super::relocation::{Moves, relocate};
use super::session::Session;
use super::uids::sequence_set;
use super::wire::Command;

/// Applies one edit to messages of the selected mailbox.
pub(crate) async fn apply(
    session: &mut Session,
    scope: &RemoteScope,
    uids: &[u32],
    edit: &StateEdit,
    known: &[Folder],
    steps: &dyn EditSteps,
) -> Result<Vec<EditOutcome>, ImapError> {
    if session.caps.gmail
        && let Some(outcomes) = gmail::apply(session, scope, uids, edit, known, steps).await?
    {
        return Ok(outcomes);
    }
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
                moves = relocate(session, &scope.key, &present, target, steps).await?;
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
pub(super) async fn erase(session: &mut Session, set: &str) -> Result<(), ImapError> {
    store(session, set, true, "\\Deleted").await?;
    if session.caps.uidplus {
        session.run(Command::new(format!("UID EXPUNGE {set}")), |_| {}).await?;
    }
    Ok(())
}
