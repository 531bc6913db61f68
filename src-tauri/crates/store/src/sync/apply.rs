//! Applying a page: rows, index, counters and cursor in one transaction.

use std::collections::BTreeSet;
use std::sync::Arc;

use deskbell_domain::address::identity_key;
use deskbell_domain::ingested::{Attachment, IngestedChange, IngestedMessage};
use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::outgoing::ComposeKind;
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{
    AccountId, Address, ConversationId, MailboxRole, MessageId, Places, ScopeId, text,
};

use crate::store::Entity;
use crate::sync::effective::settle;
use crate::sync::prepare::PreparedPage;
use crate::sync::{fate, label, outgoing, rules};
use crate::table::outgoing as table_outgoing;
use crate::table::scope::Scope;
use crate::table::sync_run::Tally;
use crate::table::{
    account, attachment, body, identity, location, message, scope, search, sender, thread_key,
};
use crate::{PackedBody, StoreError, Write};

/// Addresses of one message that become participants; mail to a thousand people names the first of them.
const PARTICIPANTS: usize = 50;

/// What a page has touched so far.
#[derive(Default)]
struct Touched {
    messages: BTreeSet<MessageId>,
    conversations: BTreeSet<ConversationId>,
    tally: Tally,
    /// Sort keys and changes of messages whose text is to be indexed.
    to_index: Vec<(i64, usize)>,
}

/// A message of a page.
struct Incoming<'a> {
    message: &'a IngestedMessage,
    /// Its place in the page.
    change: usize,
    packed: Option<&'a PackedBody>,
}

/// Applies a page to a scope. Applying it twice changes nothing the second time.
pub fn apply(
    w: &mut Write<'_>,
    scope_id: ScopeId,
    prepared: &PreparedPage,
) -> Result<Tally, StoreError> {
    let scope = scope::get(w, scope_id)?;
    let own_address = identity_key(account::get(w, scope.account)?.own());
    if let Some(trained) = prepared.dictionary.as_ref().filter(|one| w.packer().still_stands(one)) {
        let number = body::insert_dictionary(w, &trained.bytes)?;
        let (packer, bytes) = (Arc::clone(w.packer()), trained.bytes.clone());
        w.after_commit(move || packer.adopt(number, &bytes));
    }
    let mut touched = Touched::default();
    for (place, change) in prepared.page.changes.iter().enumerate() {
        match change {
            IngestedChange::Message(message) => {
                let packed = prepared.packed.get(&place);
                let incoming = Incoming { message, change: place, packed };
                store_message(w, &scope, &own_address, &incoming, &mut touched)?;
            }
            IngestedChange::Flags { key, flags } => {
                set_flags(w, scope.id, key, *flags, &mut touched)?;
            }
            // Taken over together, once every copy of the page is known.
            IngestedChange::Keywords { .. } | IngestedChange::Labels { .. } => {}
            IngestedChange::Placed { key, role } => {
                set_role(w, scope.id, key, *role, &mut touched)?;
            }
            IngestedChange::Gone(key) => remove(w, scope.id, key, &mut touched)?,
            IngestedChange::Present { low, high, present } => {
                sweep(w, scope.id, low, high, present, &mut touched)?;
            }
            IngestedChange::Renumbered => location::set_aside(w, scope.id, true)?,
            IngestedChange::ListingBegan => location::set_aside(w, scope.id, false)?,
            IngestedChange::ListingEnded => {
                for id in location::remove_stale(w, scope.id)? {
                    touched.tally.removed += 1;
                    touched.messages.insert(id);
                }
            }
        }
    }
    touched.messages.extend(label::take_over(w, scope.id, &prepared.page)?);
    settle(w, &touched.messages, std::mem::take(&mut touched.conversations))?;
    let page = &prepared.page;
    // A count from before a message came or went is worse than none: it would say that one is missing, or too many.
    let outdated = page.cursor.is_some() && page.changes.iter().any(IngestedChange::counts);
    if outdated && page.remote_total.is_none() {
        scope::forget_total(w, scope.id)?;
    }
    scope::advance(w, scope.id, page.cursor.as_ref(), page.remote_total, page.remaining)?;
    if !page.changes.is_empty() {
        w.touched(Entity::Scope, scope.id.0);
    }
    index(w, prepared, &mut touched)?;
    Ok(touched.tally)
}

fn set_flags(
    w: &Write<'_>,
    scope: ScopeId,
    key: &RemoteKey,
    flags: Flags,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    if location::set_flags(w, scope, key, flags)?
        && let Some((id, _)) = location::message(w, scope, key)?
    {
        touched.tally.changed += 1;
        touched.messages.insert(id);
    }
    Ok(())
}

fn set_role(
    w: &mut Write<'_>,
    scope: ScopeId,
    key: &RemoteKey,
    role: MailboxRole,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    if location::set_role(w, scope, key, role)?
        && let Some((id, _)) = location::message(w, scope, key)?
    {
        outgoing::arrived(w, id, role)?;
        touched.tally.changed += 1;
        touched.messages.insert(id);
    }
    Ok(())
}

fn remove(
    w: &Write<'_>,
    scope: ScopeId,
    key: &RemoteKey,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    if let Some(id) = location::remove(w, scope, key)? {
        touched.tally.removed += 1;
        touched.messages.insert(id);
    }
    Ok(())
}

fn sweep(
    w: &Write<'_>,
    scope: ScopeId,
    low: &RemoteKey,
    high: &RemoteKey,
    present: &[(RemoteKey, Option<Flags>)],
    touched: &mut Touched,
) -> Result<(), StoreError> {
    for key in location::keys_between(w, scope, low, high)? {
        match present.binary_search_by(|(there, _)| there.cmp(&key)) {
            Ok(found) => {
                if let Some((_, Some(flags))) = present.get(found) {
                    set_flags(w, scope, &key, *flags, touched)?;
                }
                location::set_present(w, scope, &key)?;
            }
            Err(_) => remove(w, scope, &key, touched)?,
        }
    }
    Ok(())
}

fn store_message(
    w: &mut Write<'_>,
    scope: &Scope,
    own_address: &str,
    incoming: &Incoming<'_>,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let m = incoming.message;
    let role = m.role.unwrap_or(scope.remote.role);
    let known = known(w, scope, role, m)?;
    let before = location::message(w, scope.id, &m.key)?;
    if let Some((id, body_state)) = known {
        if before.is_some_and(|(there, _)| there != id) {
            remove(w, scope.id, &m.key, touched)?;
        }
        if let Some(name) = m.known_by {
            message::name(w, id, name)?;
        }
        if before != Some((id, m.flags)) {
            touched.tally.changed += 1;
        }
        location::drop_renumbered(w, scope.id, id)?;
        location::put(w, scope.id, &m.key, id, m.flags, role)?;
        outgoing::arrived(w, id, role)?;
        touched.conversations.extend(thread_key::follow(w, scope.account, id, m)?);
        let incomplete = matches!(body_state, BodyState::Missing | BodyState::TooLarge);
        if incomplete && m.body_state != BodyState::Missing {
            complete(w, id, incoming, touched)?;
        }
        touched.messages.insert(id);
        return Ok(());
    }
    if before.is_some() {
        remove(w, scope.id, &m.key, touched)?;
    }
    insert(w, scope, own_address, incoming, role, touched)
}

/// The message this is a copy of, if it is here already.
///
/// A name its provider gave decides alone. One that was stored without a name (by an earlier version, or because it
/// was written here) is known by what it looks like, and gets the name: the next name finds it no more.
fn known(
    w: &Write<'_>,
    scope: &Scope,
    role: MailboxRole,
    m: &IngestedMessage,
) -> Result<Option<(MessageId, BodyState)>, StoreError> {
    for fingerprint in m.known_by.into_iter().chain([m.fingerprint]) {
        let found = message::find(w, scope.account, fingerprint)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    let Some(ours) = written_here(w, scope.account, role, m)? else { return Ok(None) };
    Ok((!is_another(w, scope, ours.0, m)?).then_some(ours))
}

/// Whether a message written here lies at its provider under another name than this copy's, so that this is a second
/// message, however alike. Copies of drafts do not count: each version of one has a name of its own.
fn is_another(
    w: &Write<'_>,
    scope: &Scope,
    id: MessageId,
    m: &IngestedMessage,
) -> Result<bool, StoreError> {
    let (Some(_), Some(token)) = (m.known_by, &m.message_id) else { return Ok(false) };
    if message::fingerprint(w, id)? == outgoing::unsent(token) {
        return Ok(false);
    }
    Ok(location::of_message(w, id)?.iter().any(|copy| {
        !matches!(copy.role, MailboxRole::Drafts | MailboxRole::Outbox)
            && (copy.scope, &copy.key) != (scope.id, &m.key)
    }))
}

/// The message of which this is the provider's copy, where it was written here.
///
/// A Message-ID alone proves nothing: a mailing list hands on what it altered under the same one, and anybody who got
/// the message can use it again. Where mail of others comes too, the copy has to look like ours.
fn written_here(
    w: &Write<'_>,
    account: AccountId,
    role: MailboxRole,
    m: &IngestedMessage,
) -> Result<Option<(MessageId, BodyState)>, StoreError> {
    let Some(token) = &m.message_id else { return Ok(None) };
    let Some(row) = table_outgoing::of_token(w, account, token)? else { return Ok(None) };
    let ours = matches!(role, MailboxRole::Sent | MailboxRole::Drafts | MailboxRole::Outbox)
        || looks_like(w, &row, m)?;
    Ok(ours.then_some((row.message, BodyState::Full)))
}

/// Whether a copy has one of our authors and the subject that was written here, and no list's marks.
fn looks_like(
    w: &Write<'_>,
    row: &table_outgoing::Outgoing,
    m: &IngestedMessage,
) -> Result<bool, StoreError> {
    let Some(author) = m.from.as_ref().map(Address::key) else { return Ok(false) };
    // What answers by itself bears a machine's mark of its own.
    let handed_on = m.bulk && row.kind != ComposeKind::AutoReply;
    if handed_on || m.subject != text::fold(&row.composition.subject) {
        return Ok(false);
    }
    let account = account::get(w, row.account)?;
    let own = [account.own(), account.address.as_str()].map(identity_key);
    Ok(own.contains(&author)
        || row.composition.from.as_ref().is_some_and(|from| from.key() == author)
        || sender::of_account(w, row.account)?
            .iter()
            .any(|sender| identity_key(&sender.address) == author))
}

fn insert(
    w: &mut Write<'_>,
    scope: &Scope,
    own_address: &str,
    incoming: &Incoming<'_>,
    role: MailboxRole,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let m = incoming.message;
    let (conversation, emptied) = thread_key::place(w, scope.account, m)?;
    let own =
        role == MailboxRole::Sent || m.from.as_ref().is_some_and(|from| from.key() == own_address);
    let (id, sort_key) = message::insert(w, scope.account, conversation, own, Places::of(role), m)?;
    location::put(w, scope.id, &m.key, id, m.flags, role)?;
    let people = m.from.iter().chain(&m.to).chain(&m.cc).take(PARTICIPANTS);
    let channel = deskbell_domain::Channel::Email;
    for person in people {
        identity::take_part(w, channel, conversation, person, w.now())?;
    }
    if own {
        for person in m.to.iter().chain(&m.cc).take(PARTICIPANTS) {
            identity::used(w, channel, person, identity::Use::Sent, m.date)?;
        }
    } else if let Some(from) = m.from.as_ref().filter(|_| !m.bulk) {
        identity::used(w, channel, from, identity::Use::Received, m.date)?;
    }
    if m.body_state != BodyState::Missing {
        store_body(w, id, sort_key, incoming, touched)?;
    }
    if !own {
        rules::arrived(w, scope, id, role, m.internal_date)?;
    }
    touched.tally.added += 1;
    touched.conversations.insert(conversation);
    touched.conversations.extend(emptied);
    w.touched(Entity::Message, id.0);
    Ok(())
}

/// Adds the body to a message of which only headers were here.
fn complete(
    w: &mut Write<'_>,
    id: MessageId,
    incoming: &Incoming<'_>,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let sort_key = message::complete(w, id, incoming.message)?;
    // Of one that was too large, the headers are indexed already.
    search::delete(w, sort_key)?;
    store_body(w, id, sort_key, incoming, touched)?;
    w.touched(Entity::Message, id.0);
    Ok(())
}

/// Stores what came with a body; the index entry waits for the end of the page, see [`index`].
fn store_body(
    w: &mut Write<'_>,
    id: MessageId,
    sort_key: i64,
    incoming: &Incoming<'_>,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    if let (Some(packed), Some(parsed)) = (incoming.packed, &incoming.message.body) {
        if w.packer().holds(packed) {
            body::insert(w, id, packed)?;
        } else {
            // Between packing and now, a sweep took a file nobody held, or an erase the dictionary.
            body::insert(w, id, &w.packer().pack(&parsed.source, &parsed.text)?)?;
        }
    }
    attachment::insert(w, id, files(incoming.message))?;
    if let Some(report) = incoming.message.body.as_ref().and_then(|body| body.report.as_ref()) {
        fate::reported(w, id, report)?;
    }
    touched.to_index.push((sort_key, incoming.change));
    Ok(())
}

/// Indexes the messages of a page, one right after the other, in the order of their keys.
///
/// The index gathers entries in memory and writes them out as a segment, to be merged later, whenever a
/// statement with a savepoint of its own comes between or a key is lower than the one before.
fn index(w: &Write<'_>, prepared: &PreparedPage, touched: &mut Touched) -> Result<(), StoreError> {
    touched.to_index.sort_unstable();
    for (sort_key, change) in &touched.to_index {
        let Some(IngestedChange::Message(m)) = prepared.page.changes.get(*change) else { continue };
        let names: Vec<&str> = files(m).iter().map(|file| file.name.as_str()).collect();
        search::insert(
            w,
            *sort_key,
            &search::Document {
                subject: &m.subject,
                sender: &search::spell(m.from.iter()),
                recipients: &search::spell(m.to.iter().chain(&m.cc).chain(&m.bcc)),
                body: m.body.as_ref().map_or("", |parsed| parsed.text.as_str()),
                files: &names.join(" "),
            },
        )?;
    }
    Ok(())
}

fn files(m: &IngestedMessage) -> &[Attachment] {
    m.body.as_ref().map_or(&[], |parsed| parsed.attachments.as_slice())
}
