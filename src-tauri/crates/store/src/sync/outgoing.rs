//! Messages written here, as everything else sees them: each has a message row in a local scope from its
//! first draft on, so that lists, search and threads show it like any other.
//!
//! Invariant: the local copy lies in Drafts while it is written, in the Outbox while it is on its way, and in
//! Sent once the provider took it over; it goes away when the provider's own copy is seen in Sent.

use std::collections::BTreeSet;

use rusqlite::params;

use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::ingested::IngestedMessage;
use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingFile, OutgoingState};
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_domain::threading::ThreadKeys;
use deskbell_domain::time::DAY;
use deskbell_domain::{
    AccountId, Address, Channel, ConversationId, MailboxRole, MessageId, Millis, OutgoingId,
    Places, text,
};

use crate::store::Entity;
use crate::sync::edit::lay_on;
use crate::sync::effective::{copies, settle};
use crate::sync::transit;
use crate::table::outgoing::{self, NewOutgoing, Outgoing};
use crate::table::{
    account, attachment, body, identity, location, message, scope, search, thread_key,
};
use crate::{StoreError, Write};

/// A draft to be begun.
#[derive(Clone, Debug)]
pub struct NewDraft {
    /// Whose message it is.
    pub account: AccountId,
    /// Why it is written.
    pub kind: ComposeKind,
    /// The message answered or handed on.
    pub about: Option<MessageId>,
    /// Its Message-ID without brackets; unique in the world.
    pub token: String,
    /// What stands in it to begin with.
    pub composition: Composition,
    /// Its files; their bytes must be in the store already.
    pub files: Vec<OutgoingFile>,
}

/// Begins a draft.
pub fn create(w: &mut Write<'_>, new: &NewDraft) -> Result<OutgoingId, StoreError> {
    let ingested = ingested(w, new.account, &new.token, &new.composition, &new.files)?;
    let (conversation, emptied) = thread_key::place(w, new.account, &ingested)?;
    let places = Places::of(MailboxRole::Drafts);
    let (id, sort_key) = message::insert(w, new.account, conversation, true, places, &ingested)?;
    for person in new.composition.recipients() {
        identity::take_part(w, Channel::Email, conversation, person, w.now())?;
    }
    index(w, sort_key, &ingested, &new.files, &new.composition.text)?;
    let row = outgoing::insert(
        w,
        &NewOutgoing {
            account: new.account,
            message: id,
            token: &new.token,
            kind: new.kind,
            about: new.about,
            composition: &new.composition,
        },
    )?;
    outgoing::set_files(w, row, &new.files)?;
    lie(w, &outgoing::get(w, row)?, Some(MailboxRole::Drafts))?;
    let mut touched: BTreeSet<_> = emptied.into_iter().collect();
    touched.insert(conversation);
    settle(w, &BTreeSet::from([id]), touched)?;
    Ok(row)
}

/// Begins a draft in the place of one that was written with another program, whose copies at the provider go.
pub fn adopt(w: &mut Write<'_>, new: &NewDraft, from: MessageId) -> Result<OutgoingId, StoreError> {
    let id = create(w, new)?;
    let Some(conversation) = message::conversation(w, from)? else { return Ok(id) };
    let local = scope::local(w, new.account)?;
    for copy in copies(w, from)? {
        if copy.scope != local {
            lay_on(w, conversation, from, copy, &StateEdit::Erase)?;
        }
    }
    settle(w, &BTreeSet::from([from]), BTreeSet::new())?;
    Ok(id)
}

/// Saves what was written since. `based_on` is the revision the writer saw: where another one is there
/// meanwhile (another client wrote on), that one is set aside as a version, and the newest wins.
pub fn save(
    w: &mut Write<'_>,
    id: OutgoingId,
    based_on: i64,
    composition: &Composition,
    files: &[OutgoingFile],
) -> Result<i64, StoreError> {
    let row = writable(w, id)?;
    if row.composition == *composition && outgoing::files(w, id)? == files {
        return Ok(row.revision);
    }
    if row.revision != based_on {
        let before = outgoing::files(w, id)?;
        outgoing::keep_version(w, id, &row.composition, &before, "elsewhere")?;
    }
    let revision = outgoing::set_composition(w, id, composition)?;
    outgoing::set_files(w, id, files)?;
    show(w, id)?;
    Ok(revision)
}

/// A draft that is to be written with another account becomes that account's, with the versions set aside; its new
/// row. `based_on` as with [`save`]: what was written on it elsewhere meanwhile is one of them.
pub fn move_to(
    w: &mut Write<'_>,
    id: OutgoingId,
    based_on: i64,
    new: &NewDraft,
) -> Result<OutgoingId, StoreError> {
    let row = writable(w, id)?;
    let made = create(w, new)?;
    outgoing::hand_on_versions(w, id, made)?;
    if row.revision != based_on {
        let before = outgoing::files(w, id)?;
        outgoing::keep_version(w, made, &row.composition, &before, "elsewhere")?;
    }
    discard(w, id)?;
    Ok(made)
}

fn writable(w: &Write<'_>, id: OutgoingId) -> Result<Outgoing, StoreError> {
    let row = outgoing::get(w, id)?;
    if row.state != OutgoingState::Draft || row.discarded_at.is_some() {
        return Err(StoreError::Conflict(format!(
            "this message is {} and can no longer be written on",
            if row.discarded_at.is_some() { "discarded" } else { row.state.as_str() }
        )));
    }
    Ok(row)
}

/// Adds files to a draft, so that their bytes are held before the writer's next save lists them.
pub fn attach(w: &mut Write<'_>, id: OutgoingId, files: &[OutgoingFile]) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if row.state != OutgoingState::Draft || row.discarded_at.is_some() {
        return Err(StoreError::Conflict("this message can no longer be written on".into()));
    }
    let mut all = outgoing::files(w, id)?;
    all.extend(files.iter().filter(|file| !all.contains(file)).cloned().collect::<Vec<_>>());
    outgoing::set_files(w, id, &all)?;
    // The provider's copy is behind, although no word changed.
    w.execute("UPDATE outgoing SET draft_revision = 0 WHERE id = ?1", [id.0])?;
    w.touched(Entity::Outgoing, id.0);
    show(w, id)
}

/// Throws a draft away; [`restore`] brings it back for a day. The provider's copy goes too.
pub fn discard(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if !row.state.is_here() {
        return Err(StoreError::Conflict("this message may have left already".into()));
    }
    if row.state != OutgoingState::Draft {
        outgoing::set_state(w, id, OutgoingState::Draft)?;
    }
    w.execute("UPDATE outgoing SET discarded_at = ?2 WHERE id = ?1", params![id.0, w.now()])?;
    w.touched(Entity::Outgoing, id.0);
    lie(w, &row, None)?;
    erase_drafts(w, &row)?;
    settle(w, &BTreeSet::from([row.message]), BTreeSet::new())
}

/// Brings a discarded draft back.
pub fn restore(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if row.discarded_at.is_none() {
        return Ok(());
    }
    w.execute("UPDATE outgoing SET discarded_at = NULL WHERE id = ?1", [id.0])?;
    w.touched(Entity::Outgoing, id.0);
    lie(w, &row, Some(MailboxRole::Drafts))?;
    settle(w, &BTreeSet::from([row.message]), BTreeSet::new())
}

/// Gives a draft over to be sent, not before an instant. Its copies among the provider's drafts go.
///
/// Where no account can send it, it stays a draft, and the answer says so.
pub fn queue(
    w: &mut Write<'_>,
    id: OutgoingId,
    not_before: Millis,
    scheduled: bool,
) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if row.discarded_at.is_some() {
        return Err(StoreError::Conflict("this draft was thrown away; restore it first".into()));
    }
    transit::needs_a_sender(w, row.account)?;
    if row.state != OutgoingState::Draft {
        return Err(StoreError::Conflict(outgoing::refusal(row.state, OutgoingState::Queued)));
    }
    outgoing::set_state(w, id, OutgoingState::Queued)?;
    transit::begin_again(w, id, not_before, scheduled)?;
    for person in row.composition.recipients() {
        identity::used(w, Channel::Email, person, identity::Use::Sent, w.now())?;
    }
    lie(w, &row, Some(MailboxRole::Outbox))?;
    erase_drafts(w, &row)?;
    settle(w, &BTreeSet::from([row.message]), BTreeSet::new())
}

/// Takes a message back into the drafts: it has not left, or a person says so.
pub fn take_back(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    outgoing::set_state(w, id, OutgoingState::Draft)?;
    let row = outgoing::get(w, id)?;
    thaw(w, &row)?;
    lie(w, &row, Some(MailboxRole::Drafts))?;
    show(w, id)
}

/// Notes that the provider's own copy of a message was seen among its sent ones.
pub(crate) fn arrived(
    w: &mut Write<'_>,
    id: MessageId,
    role: MailboxRole,
) -> Result<(), StoreError> {
    if role != MailboxRole::Sent {
        return Ok(());
    }
    let Some(row) = outgoing::of_message(w, id)? else { return Ok(()) };
    // Seen there, it has left, whatever its sink could say.
    let step: &[OutgoingState] = match row.state {
        OutgoingState::Sending | OutgoingState::Unknown => {
            &[OutgoingState::Accepted, OutgoingState::Sent]
        }
        OutgoingState::Accepted => &[OutgoingState::Sent],
        _ => &[],
    };
    for state in step {
        outgoing::set_state(w, row.id, *state)?;
    }
    if row.state.is_gone() || !step.is_empty() {
        w.execute(
            "UPDATE outgoing SET copy_wanted = 0, error = NULL, left_at = coalesce(left_at, ?2) WHERE id = ?1",
            params![row.id.0, w.now()],
        )?;
        lie(w, &row, None)?;
    }
    Ok(())
}

/// Places the local copy, or takes it away.
pub(crate) fn lie(
    w: &mut Write<'_>,
    row: &Outgoing,
    role: Option<MailboxRole>,
) -> Result<(), StoreError> {
    let (scope, key) = (scope::local(w, row.account)?, RemoteKey(row.token.clone()));
    // Where a person had put it before counts no more.
    w.prepare_cached(
        "DELETE FROM outbox WHERE message_id = ?1 AND scope_id = ?2 AND state = 'local'",
    )?
    .execute(params![row.message.0, scope.0])?;
    match role {
        Some(role) => {
            let flags =
                Flags { seen: true, draft: role == MailboxRole::Drafts, ..Flags::default() };
            location::put(w, scope, &key, row.message, flags, role)
        }
        None => location::remove(w, scope, &key).map(|_| ()),
    }
}

/// Brings the message row and the index up to date with what was written.
pub(crate) fn show(w: &mut Write<'_>, id: OutgoingId) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    let files = outgoing::files(w, id)?;
    let ingested = ingested(w, row.account, &row.token, &row.composition, &files)?;
    let sort_key = message::rewrite(w, row.message, &ingested, listed(&files))?;
    search::delete(w, sort_key)?;
    index(w, sort_key, &ingested, &files, &row.composition.text)?;
    if let Some(conversation) = message::conversation(w, row.message)? {
        for person in row.composition.recipients() {
            identity::take_part(w, Channel::Email, conversation, person, w.now())?;
        }
    }
    w.touched(Entity::Message, row.message.0);
    let conversation = message::conversation(w, row.message)?;
    settle(w, &BTreeSet::from([row.message]), conversation.into_iter().collect())
}

/// Erases the drafts thrown away more than a day ago, with their files; how many.
///
/// One whose copy the provider still shows waits until that is gone, lest it come back as a stranger's.
pub fn erase_discarded(w: &mut Write<'_>) -> Result<u64, StoreError> {
    let old: Vec<(i64, i64)> = {
        let mut statement = w.prepare_cached(
            "SELECT g.message_id, m.conversation_id FROM outgoing g JOIN message m ON m.id = g.message_id
             WHERE g.discarded_at < ?1 AND NOT EXISTS (SELECT 1 FROM location WHERE message_id = m.id)",
        )?;
        let rows = statement.query_map([w.now() - DAY], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (id, _) in &old {
        message::delete(w, MessageId(*id))?;
    }
    let conversations = old.iter().map(|(_, id)| ConversationId(*id)).collect();
    settle(w, &BTreeSet::new(), conversations)?;
    Ok(old.len() as u64)
}

/// Forgets the source kept when it was about to leave.
pub(crate) fn thaw(w: &Write<'_>, row: &Outgoing) -> Result<(), StoreError> {
    body::delete(w, row.message)?;
    attachment::delete(w, row.message)
}

/// Erases the provider's copies of a draft, as if a person had deleted them.
fn erase_drafts(w: &mut Write<'_>, row: &Outgoing) -> Result<(), StoreError> {
    let Some(conversation) = message::conversation(w, row.message)? else { return Ok(()) };
    let local = scope::local(w, row.account)?;
    for copy in copies(w, row.message)? {
        if copy.scope != local && copy.role == Some(MailboxRole::Drafts) {
            lay_on(w, conversation, row.message, copy, &StateEdit::Erase)?;
        }
    }
    // A copy made just now may not have been pulled yet: its name stays until it is erased there.
    w.execute("UPDATE outgoing SET draft_revision = 0 WHERE id = ?1", [row.id.0])?;
    Ok(())
}

/// What was written, in the form every message is stored in.
pub(crate) fn ingested(
    w: &Write<'_>,
    account_id: AccountId,
    token: &str,
    composition: &Composition,
    files: &[OutgoingFile],
) -> Result<IngestedMessage, StoreError> {
    let account = account::get(w, account_id)?;
    let from = composition.from.clone().unwrap_or(Address { name: None, address: account.address });
    let references = composition.references.iter().chain(&composition.in_reply_to);
    let size = files.iter().map(|file| file.size).sum::<u64>() + composition.text.len() as u64;
    Ok(IngestedMessage {
        key: RemoteKey(token.to_owned()),
        flags: Flags { seen: true, draft: true, ..Flags::default() },
        role: None,
        internal_date: w.now(),
        date: w.now(),
        size,
        fingerprint: unsent(token),
        known_by: None,
        message_id: Some(token.to_owned()),
        thread: ThreadKeys::new(token, references.map(String::as_str)),
        remote_thread: None,
        subject: text::fold(&composition.subject),
        from: Some(from),
        to: composition.to.clone(),
        cc: composition.cc.clone(),
        bcc: composition.bcc.clone(),
        reply_to: composition.reply_to.clone(),
        bulk: false,
        body_state: BodyState::Full,
        quarantine_reason: None,
        body: Some(deskbell_domain::ingested::IngestedBody {
            preview: text::clip(&text::fold(&composition.text), PREVIEW),
            ..Default::default()
        }),
    })
}

/// What a message written here is known by until its provider has a name for it.
pub(crate) fn unsent(token: &str) -> Fingerprint {
    Fingerprint::of(Some(token), 0, 0, &[])
}

/// Longest preview, in characters.
const PREVIEW: usize = 200;

fn listed(files: &[OutgoingFile]) -> i64 {
    i64::try_from(files.iter().filter(|file| file.content_id.is_none()).count()).unwrap_or(i64::MAX)
}

pub(crate) fn index(
    w: &Write<'_>,
    sort_key: i64,
    m: &IngestedMessage,
    files: &[OutgoingFile],
    body: &str,
) -> Result<(), StoreError> {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    search::insert(
        w,
        sort_key,
        &search::Document {
            subject: &m.subject,
            sender: &search::spell(m.from.iter()),
            recipients: &search::spell(m.to.iter().chain(&m.cc).chain(&m.bcc)),
            body,
            files: &names.join(" "),
        },
    )
}
