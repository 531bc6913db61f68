//! Moving messages to another mailbox: MOVE, or COPY and erasing where the server has no MOVE.
//!
//! Invariant: where a move takes several commands, the point in the target from which copies of ours may lie is
//! written down before the first copy is made. A move taken up again looks there first, so that a cut after
//! COPY leaves one copy and not two.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode, StatusAttribute};
use async_trait::async_trait;
use deskbell_domain::port::EditSteps;

use super::copies::message_id_of;
use super::edit::erase;
use super::error::ImapError;
use super::fetch::Fetched;
use super::pace::UIDS_PER_COMMAND;
use super::session::Session;
use super::uids::sequence_set;
use super::wire::Command;

/// Where the copies of a move went: source UID to target UID.
pub(super) type Moves = HashMap<u32, u32>;

/// From where on copies of ours may lie in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Landing {
    uid_validity: u32,
    uid_next: u32,
    mailbox: String,
}

impl Landing {
    fn write(&self) -> String {
        format!("copy:{}:{}:{}", self.uid_validity, self.uid_next, self.mailbox)
    }

    fn read(step: &str) -> Option<Self> {
        let mut parts = step.strip_prefix("copy:")?.splitn(3, ':');
        let mut number = || parts.next()?.parse().ok();
        let (uid_validity, uid_next) = (number()?, number()?);
        Some(Self { uid_validity, uid_next, mailbox: parts.next()?.to_owned() })
    }
}

/// Nobody remembers: an edit that is tried once.
pub(super) struct Once;

#[async_trait]
impl EditSteps for Once {
    fn earlier(&self) -> Option<String> {
        None
    }

    async fn remember(&self, _step: &str) -> Result<(), String> {
        Ok(())
    }
}

/// Moves messages of the selected mailbox `source`.
pub(super) async fn relocate(
    session: &mut Session,
    source: &str,
    uids: &[u32],
    target: &str,
    steps: &dyn EditSteps,
) -> Result<Moves, ImapError> {
    if session.caps.can_move {
        return hand_over(session, "MOVE", &sequence_set(uids), target).await;
    }
    let mut moves = match steps.earlier().as_deref().and_then(Landing::read) {
        Some(landing) => landed(session, source, uids, &landing).await?,
        None => {
            let landing = landing(session, target).await?;
            steps.remember(&landing.write()).await.map_err(ImapError::Lost)?;
            Moves::new()
        }
    };
    let missing: Vec<u32> = uids.iter().copied().filter(|uid| !moves.contains_key(uid)).collect();
    if !missing.is_empty() {
        moves.extend(hand_over(session, "COPY", &sequence_set(&missing), target).await?);
    }
    erase(session, &sequence_set(uids)).await?;
    Ok(moves)
}

/// Where the next message of a mailbox will lie. A mailbox of which that is not told is looked at whole.
async fn landing(session: &mut Session, mailbox: &str) -> Result<Landing, ImapError> {
    let mut landing = Landing { uid_validity: 0, uid_next: 1, mailbox: mailbox.to_owned() };
    let ask = Command::new("STATUS ").argument(mailbox).text(" (UIDNEXT UIDVALIDITY)");
    let told = session
        .run(ask, |response| {
            let Response::MailboxData(MailboxDatum::Status { status, .. }) = response else {
                return;
            };
            for attribute in status {
                match attribute {
                    StatusAttribute::UidNext(uid) => landing.uid_next = (*uid).max(1),
                    StatusAttribute::UidValidity(number) => landing.uid_validity = *number,
                    _ => {}
                }
            }
        })
        .await;
    match told {
        Ok(_) => Ok(landing),
        // Removed in between; COPY will have it made anew.
        Err(error) if error.concerns_one_command() => Ok(landing),
        Err(error) => Err(error),
    }
}

/// By what a copy is known as the same message: Message-ID and size, which COPY keeps.
type Identity = (Option<String>, u32);

/// The copies that an earlier try has made already. Leaves `source` selected.
async fn landed(
    session: &mut Session,
    source: &str,
    uids: &[u32],
    landing: &Landing,
) -> Result<Moves, ImapError> {
    let wanted = identities(session, &sequence_set(uids)).await?;
    let view = match session.select(&landing.mailbox, None).await {
        Ok((view, _)) => Some(view),
        Err(ImapError::MailboxGone) => None,
        Err(error) => return Err(error),
    };
    let mut there = Vec::new();
    if let Some(view) = view.filter(|view| view.exists > 0) {
        let same = view.uid_validity == landing.uid_validity;
        let from = if same { landing.uid_next } else { 1 };
        there = identities(session, &format!("{from}:*")).await?;
        // `n:*` names the last message, whatever its UID.
        there.retain(|(uid, _)| *uid >= from);
    }
    session.select(source, None).await?;
    Ok(pair(wanted, there))
}

/// Gives each message one copy at most, in order: of a message that lies there twice both are to move.
fn pair(wanted: Vec<(u32, Identity)>, mut there: Vec<(u32, Identity)>) -> Moves {
    let mut moves = Moves::new();
    for (uid, identity) in wanted {
        if let Some(at) = there.iter().position(|(_, other)| *other == identity) {
            moves.insert(uid, there.remove(at).0);
        }
    }
    moves
}

async fn identities(session: &mut Session, set: &str) -> Result<Vec<(u32, Identity)>, ImapError> {
    let what = "(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])";
    let mut found = Vec::new();
    session
        .run(Command::new(format!("UID FETCH {set} {what}")), |response| {
            let Some(fetched) = Fetched::read(response) else { return };
            if let (Some(uid), Some(size)) = (fetched.uid, fetched.size) {
                found.push((uid, (fetched.header.as_deref().and_then(message_id_of), size)));
            }
        })
        .await?;
    found.sort_unstable();
    Ok(found)
}

/// MOVE or COPY; a target that somebody has removed is made anew.
async fn hand_over(
    session: &mut Session,
    verb: &str,
    set: &str,
    target: &str,
) -> Result<Moves, ImapError> {
    match transfer(session, verb, set, target).await {
        // The mailbox was there when it was looked up, and somebody removed it since.
        Err(ImapError::No { text }) if text.contains("[TRYCREATE]") => {
            session.run(Command::new("CREATE ").argument(target), |_| {}).await?;
            session.run(Command::new("SUBSCRIBE ").argument(target), |_| {}).await?;
            transfer(session, verb, set, target).await
        }
        other => other,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_landing_is_read_as_it_was_written() {
        let landing = Landing { uid_validity: 7, uid_next: 12, mailbox: "Alte Post: 2026".into() };
        assert_eq!(Landing::read(&landing.write()), Some(landing));
        for nonsense in ["", "copy:", "copy:1:2", "copy:x:2:A", "move:1:2:A"] {
            assert_eq!(Landing::read(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn a_message_that_lies_there_twice_needs_two_copies() {
        let id = |name: &str| (Some(name.to_owned()), 10);
        let wanted = vec![(1, id("a")), (2, id("a")), (3, id("b"))];
        let there = vec![(20, id("a")), (21, id("c"))];
        assert_eq!(pair(wanted, there), Moves::from([(1, 20)]));
    }
}
