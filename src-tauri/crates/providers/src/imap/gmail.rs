//! Gmail over IMAP (X-GM-EXT-1): what lies where is a matter of labels.
//!
//! Where the server offers the extension and shows All Mail, only All Mail, Spam and Trash are scopes: they hold
//! every message once, and every other mailbox is a label. Invariant: within All Mail a message is never moved or
//! expunged, which would only take a label off; it changes its labels, or moves to Spam or Trash.
//! Where All Mail is hidden from IMAP (Gmail's settings allow that), every mailbox is a scope, and a message lies in
//! as many as it has labels. It is one message all the same: X-GM-MSGID, which a message keeps wherever it goes,
//! decides what is the same.
//! Source: "IMAP Extensions", Google for Developers.

use std::collections::HashMap;

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};
use deskbell_domain::MailboxRole;
use deskbell_domain::port::EditSteps;
use deskbell_domain::sync::{EditOutcome, RemoteChange, RemoteKey, RemoteScope, StateEdit};

use super::edit::erase;
use super::error::ImapError;
use super::folders::{Folder, existing, for_role};
use super::pace::UIDS_PER_COMMAND;
use super::relocation::relocate;
use super::session::Session;
use super::uids::sequence_set;
use super::utf7;
use super::wire::Command;

/// What is asked of a message beside its flags.
pub(super) const ITEMS: &str = " X-GM-MSGID X-GM-LABELS X-GM-THRID";
/// What is asked where a message is known already.
pub(super) const STATE_ITEMS: &str = " X-GM-LABELS";

/// The scopes among the mailboxes: where All Mail is shown, the three that hold every message once.
pub(super) fn scopes(all: Vec<RemoteScope>) -> Vec<RemoteScope> {
    use MailboxRole::{All, Spam, Trash};
    if !all.iter().any(|scope| scope.role == All && scope.selectable) {
        return all;
    }
    let kept = |scope: &RemoteScope| matches!(scope.role, All | Spam | Trash) && scope.selectable;
    all.into_iter().filter(kept).collect()
}

/// The labels a FETCH answer tells, as a person or the system spells them.
pub(super) fn labels(attribute: &AttributeValue<'_>) -> Option<Vec<String>> {
    let AttributeValue::GmailLabels(words) = attribute else { return None };
    // The parser leaves the backslashes of quoted strings in, before quotes and before backslashes.
    let plain = |word: &str| utf7::decode(&word.replace("\\\"", "\"").replace("\\\\", "\\"));
    Some(words.iter().map(|word| plain(word)).collect())
}

fn is_system(label: &str) -> bool {
    label.starts_with('\\')
}

/// The names a person gave a message of this mailbox.
fn names(scope: &RemoteScope, labels: &[String]) -> Vec<String> {
    // What Gmail calls important is written without a backslash by some of its servers.
    let own = |label: &&String| !is_system(label) && !label.eq_ignore_ascii_case("important");
    let mut names: Vec<String> = labels.iter().filter(own).cloned().collect();
    // Of the mailbox that is selected Gmail does not repeat the label (seen, not documented).
    if is_label(scope) && !names.iter().any(|name| name.eq_ignore_ascii_case(&scope.name)) {
        names.push(scope.name.clone());
    }
    names
}

/// Whether a mailbox is a label of the person's own.
fn is_label(scope: &RemoteScope) -> bool {
    let gmails_own = ["[Gmail]/", "[Google Mail]/"].iter().any(|own| scope.name.starts_with(own));
    scope.role == MailboxRole::Other && !gmails_own
}

/// The mailbox the labels put a message of All Mail into.
fn role(labels: &[String]) -> MailboxRole {
    use MailboxRole::{Archive, Drafts, Inbox, Sent};
    let has = |word: &str| labels.iter().any(|label| label.eq_ignore_ascii_case(word));
    let places = [("\\Inbox", Inbox), ("\\Draft", Drafts), ("\\Drafts", Drafts), ("\\Sent", Sent)];
    places.into_iter().find(|(word, _)| has(word)).map_or(Archive, |(_, role)| role)
}

/// Adds what the labels say to a page: names, and in All Mail the place.
pub(super) fn tell(session: &mut Session, scope: &RemoteScope, changes: &mut Vec<RemoteChange>) {
    let Some(selected) = &mut session.selected else { return };
    selected.keywords.clear();
    let pile = scope.role == MailboxRole::All;
    let mut told = Vec::new();
    let mut known = |key: &RemoteKey| key.to_uid().and_then(|uid| selected.labels.remove(&uid));
    let state = |key: &RemoteKey, labels: &[String], told: &mut Vec<RemoteChange>| {
        if pile {
            told.push(RemoteChange::Placed { key: key.clone(), role: role(labels) });
        }
        told.push(RemoteChange::Labels { key: key.clone(), labels: names(scope, labels) });
    };
    for change in changes.iter_mut() {
        match change {
            RemoteChange::Message(message) => {
                let labels = known(&message.key).unwrap_or_default();
                message.role = pile.then(|| role(&labels));
                let key = message.key.clone();
                told.push(RemoteChange::Labels { key, labels: names(scope, &labels) });
            }
            RemoteChange::Flags { key, .. } => {
                if let Some(labels) = known(key) {
                    state(key, &labels, &mut told);
                }
            }
            RemoteChange::Present { present, .. } => {
                for (key, _) in present.iter().filter(|(_, flags)| flags.is_some()) {
                    if let Some(labels) = known(key) {
                        state(key, &labels, &mut told);
                    }
                }
            }
            _ => {}
        }
    }
    changes.extend(told);
}

/// Keeps what FETCH answers tell of labels.
pub(super) fn note(known: &mut HashMap<u32, Vec<String>>, response: &Response<'_>) {
    let Response::Fetch(_, attributes) = response else { return };
    let uid = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) if *uid > 0 => Some(*uid),
        _ => None,
    });
    if let (Some(uid), Some(labels)) = (uid, attributes.iter().find_map(labels)) {
        known.insert(uid, labels);
    }
}

/// What an edit is in labels, each with its sign; `None` for an edit that is none.
fn relabelling(scope: &RemoteScope, edit: &StateEdit) -> Option<(char, String)> {
    match edit {
        StateEdit::Label { name, keyword, value } => {
            let name = if name.is_empty() { keyword } else { name };
            let quoted = utf7::encode(name).replace('\\', "\\\\").replace('"', "\\\"");
            Some((if *value { '+' } else { '-' }, format!("\"{quoted}\"")))
        }
        StateEdit::Move { to } if scope.role == MailboxRole::All => match to {
            MailboxRole::Inbox => Some(('+', "\\Inbox".into())),
            MailboxRole::Trash | MailboxRole::Spam => None,
            // What was sent or is a draft keeps that label, and lies there once the inbox lets it go.
            _ => Some(('-', "\\Inbox".into())),
        },
        _ => None,
    }
}

/// Applies an edit that is one of labels, or erases what only leaves All Mail through the trash; `None` for any
/// other edit.
pub(super) async fn apply(
    session: &mut Session,
    scope: &RemoteScope,
    uids: &[u32],
    edit: &StateEdit,
    known: &[Folder],
    steps: &dyn EditSteps,
) -> Result<Option<Vec<EditOutcome>>, ImapError> {
    let relabelling = relabelling(scope, edit);
    let erases = scope.role == MailboxRole::All && *edit == StateEdit::Erase;
    if relabelling.is_none() && !erases {
        return Ok(None);
    }
    let mut outcomes = Vec::new();
    for chunk in uids.chunks(UIDS_PER_COMMAND) {
        let present = session.search(&sequence_set(chunk)).await?;
        if present.is_empty() {
            continue;
        }
        match &relabelling {
            Some((sign, label)) => {
                let set = sequence_set(&present);
                let store = format!("UID STORE {set} {sign}X-GM-LABELS ({label})");
                session.run(Command::new(store), |_| {}).await?;
            }
            None => erase_through_trash(session, &scope.key, &present, known, steps).await?,
        }
        let moves = matches!(edit, StateEdit::Move { .. });
        outcomes.extend(present.into_iter().map(|uid| {
            let key = RemoteKey::from_uid(uid);
            let moved_to = moves.then(|| (scope.key.clone(), key.clone()));
            EditOutcome { key, moved_to }
        }));
    }
    Ok(Some(outcomes))
}

/// Erases messages of All Mail, which is selected: only in the trash is an expunged message gone.
pub(super) async fn erase_through_trash(
    session: &mut Session,
    all: &str,
    uids: &[u32],
    known: &[Folder],
    steps: &dyn EditSteps,
) -> Result<(), ImapError> {
    let trash = for_role(session, MailboxRole::Trash, known).await?;
    let moves = relocate(session, all, uids, &trash, steps).await?;
    let mut there: Vec<u32> = moves.into_values().collect();
    there.sort_unstable();
    if !there.is_empty() {
        session.select(&trash, None).await?;
        erase(session, &sequence_set(&there)).await?;
        session.select(all, None).await?;
    }
    Ok(())
}

/// All Mail, where the server has the extension and shows it.
pub(super) async fn pile(
    session: &mut Session,
    known: &[Folder],
) -> Result<Option<String>, ImapError> {
    if !session.caps.gmail {
        return Ok(None);
    }
    existing(session, MailboxRole::All, known).await
}

/// The UIDs in All Mail of messages with this Message-ID that lie in a mailbox.
pub(super) async fn find(
    session: &mut Session,
    all: &str,
    role: MailboxRole,
    message_id: &str,
) -> Result<Vec<u32>, ImapError> {
    session.select(all, None).await?;
    let place = match role {
        MailboxRole::Inbox => "in:inbox ",
        MailboxRole::Sent => "in:sent ",
        MailboxRole::Drafts => "in:drafts ",
        _ => "",
    };
    let query = format!("{place}rfc822msgid:{message_id}");
    search(session, Command::new("UID SEARCH X-GM-RAW ").argument(&query)).await
}

/// The UID in All Mail of a message of another mailbox, and the numbering it was given under.
pub(super) async fn uid_in(
    session: &mut Session,
    all: &str,
    mailbox: &str,
    uid: u32,
) -> Result<Option<(u32, u32)>, ImapError> {
    session.select(mailbox, None).await?;
    let mut name = None;
    session
        .run(Command::new(format!("UID FETCH {uid} (UID X-GM-MSGID)")), |response| {
            let Response::Fetch(_, attributes) = response else { return };
            name = name.or(attributes.iter().find_map(|attribute| match attribute {
                AttributeValue::GmailMsgId(id) => Some(*id),
                _ => None,
            }));
        })
        .await?;
    let Some(name) = name else { return Ok(None) };
    let (view, _) = session.select(all, None).await?;
    let found = search(session, Command::new(format!("UID SEARCH X-GM-MSGID {name}"))).await?;
    Ok(found.last().map(|uid| (view.uid_validity, *uid)))
}

async fn search(session: &mut Session, command: Command) -> Result<Vec<u32>, ImapError> {
    let mut found = Vec::new();
    session
        .run(command, |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend_from_slice(uids);
            }
        })
        .await?;
    found.retain(|uid| *uid > 0);
    found.sort_unstable();
    Ok(found)
}
