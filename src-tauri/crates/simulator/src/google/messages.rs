//! Messages: listed, read, labelled, sent, erased.

use serde_json::{Value, json};

use super::call::{Answered, Call, Room, invalid, not_found};
use super::mailbox::{GmailMessage, PageToken, SYSTEM, parsed};
use super::{raw, shape};

/// A page holds at most so many messages.
const LARGEST_PAGE: usize = 500;
/// Changes of several messages at once name at most so many.
const LARGEST_BATCH: usize = 1_000;
/// A message that is sent has at most so many bytes.
const LARGEST_SENT: usize = 36_700_160;

/// What a page goes on after, for lists of any kind.
pub(super) fn page_after(
    room: &mut Room<'_>,
    call: &Call,
    of: &str,
) -> Result<Option<(i64, u64)>, Answered> {
    let Some(token) = call.one("pageToken").filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    let now = room.now;
    let lives = room.tokens_live;
    room.mailbox.page_tokens.retain(|_, token| lives.is_none_or(|lives| now - token.at < lives));
    match room.mailbox.page_tokens.get(token) {
        Some(known) if known.of == of => Ok(Some(known.after)),
        _ => Err(invalid("Invalid pageToken")),
    }
}

/// A token that goes on after an item.
pub(super) fn page_token(room: &mut Room<'_>, of: &str, after: (i64, u64)) -> String {
    let token = format!("{:020}", room.mailbox.fresh());
    let kept = PageToken { at: room.now, of: of.to_owned(), after };
    room.mailbox.page_tokens.insert(token.clone(), kept);
    token
}

/// How many items a page may hold.
pub(super) fn page_size(call: &Call, usual: usize, largest: usize) -> Result<usize, Answered> {
    match call.one("maxResults").map(str::parse::<usize>) {
        None => Ok(usual),
        Some(Ok(size)) if size > 0 => Ok(size.min(largest)),
        Some(_) => Err(invalid("Invalid maxResults")),
    }
}

pub(super) fn list(room: &mut Room<'_>, call: &Call) -> Result<Answered, Answered> {
    let labels = call.every("labelIds");
    let everywhere = call.one("includeSpamTrash") == Some("true");
    let query = call.one("q").unwrap_or_default();
    let terms = terms(query).ok_or_else(|| invalid("Invalid q"))?;
    let of = format!("messages {labels:?} {everywhere} {query}");
    let after = page_after(room, call, &of)?;
    let size = page_size(call, 100, LARGEST_PAGE)?;
    let hidden = |message: &GmailMessage| {
        let aside = message.labels.contains("TRASH") || message.labels.contains("SPAM");
        let asked = labels.iter().any(|label| matches!(*label, "TRASH" | "SPAM"));
        aside && !everywhere && !asked
    };
    let mailbox = &*room.mailbox;
    let mut rest = mailbox
        .order
        .range(..after.unwrap_or((i64::MAX, u64::MAX)))
        .rev()
        .filter_map(|(at, id)| Some((*at, *id, mailbox.messages.get(id)?)))
        .filter(|(_, _, message)| !hidden(message))
        .filter(|(_, _, message)| labels.iter().all(|label| message.labels.contains(*label)))
        .filter(|(_, _, message)| terms.iter().all(|term| term.fits(message)))
        .map(|(at, id, message)| (at, id, message.thread))
        .peekable();
    let page: Vec<(i64, u64, u64)> = rest.by_ref().take(size).collect();
    let more = rest.peek().is_some();
    // No more than an estimate, there as here.
    let estimate = if more { mailbox.messages.len() } else { page.len() };
    let mut answer = json!({ "resultSizeEstimate": estimate });
    if let Value::Object(fields) = &mut answer {
        if !page.is_empty() {
            let names: Vec<Value> = page.iter().map(|(_, id, t)| shape::named(*id, *t)).collect();
            fields.insert("messages".into(), names.into());
        }
        if let Some((at, id, _)) = page.last().filter(|_| more) {
            let token = page_token(room, &of, (*at, *id));
            fields.insert("nextPageToken".into(), token.into());
        }
    }
    Ok((200, answer))
}

/// A word of a search.
enum Term<'a> {
    MessageId(&'a str),
    Larger(usize),
    Before(i64),
    After(i64),
    In(&'a str),
    NotIn(&'a str),
    Starred,
    /// Any of these.
    Any(Vec<Self>),
}

/// The words of a search; those in braces are alternatives.
fn terms(query: &str) -> Option<Vec<Term<'_>>> {
    let mut terms = Vec::new();
    let mut rest = query;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, behind) = after.split_once('}')?;
        let mut any = Vec::new();
        for word in inside.split_whitespace() {
            any.push(term(word)?);
        }
        for word in before.split_whitespace() {
            terms.push(term(word)?);
        }
        terms.push(Term::Any(any));
        rest = behind;
    }
    for word in rest.split_whitespace() {
        terms.push(term(word)?);
    }
    Some(terms)
}

fn term(word: &str) -> Option<Term<'_>> {
    let (name, value) = word.split_once(':')?;
    match name {
        "rfc822msgid" => Some(Term::MessageId(value.trim_matches(['<', '>']))),
        "larger" => {
            let (number, unit) =
                value.split_at(value.len() - usize::from(value.ends_with(['K', 'M'])));
            let unit = match unit {
                "K" => 1_000,
                "M" => 1_000_000,
                _ => 1,
            };
            Some(Term::Larger(number.parse::<usize>().ok()? * unit))
        }
        "before" => Some(Term::Before(value.parse().ok()?)),
        "after" => Some(Term::After(value.parse().ok()?)),
        "in" => Some(Term::In(value)),
        "-in" => Some(Term::NotIn(value)),
        "is" if value == "starred" => Some(Term::Starred),
        _ => None,
    }
}

/// The label behind a place of a search.
fn label_of(place: &str) -> String {
    match place {
        "chats" => "CHAT".into(),
        "drafts" => "DRAFT".into(),
        place => place.to_uppercase(),
    }
}

impl Term<'_> {
    fn fits(&self, message: &GmailMessage) -> bool {
        match self {
            Self::MessageId(id) => raw::message_id(&message.raw).as_deref() == Some(id),
            Self::Larger(bytes) => message.raw.len() > *bytes,
            Self::Before(second) => message.internal_date < second * 1_000,
            Self::After(second) => message.internal_date >= second * 1_000,
            Self::In(place) => message.labels.contains(&label_of(place)),
            Self::NotIn(place) => !message.labels.contains(&label_of(place)),
            Self::Starred => message.labels.contains("STARRED"),
            Self::Any(terms) => terms.iter().any(|term| term.fits(message)),
        }
    }
}

pub(super) fn get(room: &mut Room<'_>, call: &Call, id: &str) -> Result<Answered, Answered> {
    let id = parsed(id).ok_or_else(|| invalid("Invalid id value"))?;
    let message = room.mailbox.messages.get(&id).ok_or_else(not_found)?;
    let format = call.one("format").unwrap_or("full");
    let only = call.every("metadataHeaders");
    let shape =
        shape::message(id, message, format, &only).ok_or_else(|| invalid("Invalid format"))?;
    Ok((200, shape))
}

fn ids(value: &Value, field: &str) -> Vec<String> {
    let all = value.get(field).and_then(Value::as_array);
    all.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Labels to put on and to take off, where all of them exist and may be.
fn change(room: &Room<'_>, asked: &Value) -> Result<(Vec<String>, Vec<String>), Answered> {
    let (add, remove) = (ids(asked, "addLabelIds"), ids(asked, "removeLabelIds"));
    if add.is_empty() && remove.is_empty() {
        return Err(invalid("No label add or removes specified"));
    }
    for label in add.iter().chain(&remove) {
        if matches!(label.as_str(), "SENT" | "DRAFT" | "CHAT") {
            return Err(invalid(&format!("Invalid label: {label}")));
        }
        if !SYSTEM.contains(&label.as_str()) && !room.mailbox.labels.contains_key(label) {
            return Err(invalid(&format!("Invalid label: {label}")));
        }
    }
    if add.iter().any(|label| remove.contains(label)) {
        return Err(invalid("Cannot both add and remove the same label"));
    }
    Ok((add, remove))
}

fn refs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

pub(super) fn modify(room: &mut Room<'_>, call: &Call, id: &str) -> Result<Answered, Answered> {
    let (add, remove) = change(room, &call.json()?)?;
    place(room, id, &refs(&add), &refs(&remove))
}

/// Changes the labels of one message and shows them.
pub(super) fn place(
    room: &mut Room<'_>,
    id: &str,
    add: &[&str],
    remove: &[&str],
) -> Result<Answered, Answered> {
    let id = parsed(id).ok_or_else(|| invalid("Invalid id value"))?;
    if !room.mailbox.change(id, add, remove) {
        return Err(not_found());
    }
    let message = room.mailbox.messages.get(&id).ok_or_else(not_found)?;
    Ok((200, shape::labelled(id, message.thread, &message.labels)))
}

pub(super) fn batch_modify(room: &mut Room<'_>, call: &Call) -> Result<Answered, Answered> {
    let asked = call.json()?;
    let ids = ids(&asked, "ids");
    if ids.is_empty() || ids.len() > LARGEST_BATCH {
        return Err(invalid("Invalid number of ids"));
    }
    let (add, remove) = change(room, &asked)?;
    // Nothing is promised of messages that are not there.
    for id in ids.iter().filter_map(|id| parsed(id)) {
        room.mailbox.change(id, &refs(&add), &refs(&remove));
    }
    Ok((204, Value::Null))
}

pub(super) fn batch_delete(room: &mut Room<'_>, call: &Call) -> Result<Answered, Answered> {
    let ids = ids(&call.json()?, "ids");
    if ids.is_empty() || ids.len() > LARGEST_BATCH {
        return Err(invalid("Invalid number of ids"));
    }
    for id in ids.iter().filter_map(|id| parsed(id)) {
        room.mailbox.delete(id);
    }
    Ok((204, Value::Null))
}

pub(super) fn delete(room: &mut Room<'_>, id: &str) -> Result<Answered, Answered> {
    let id = parsed(id).ok_or_else(|| invalid("Invalid id value"))?;
    if room.mailbox.delete(id) { Ok((204, Value::Null)) } else { Err(not_found()) }
}

/// The source and the thread a request brings.
pub(super) fn brought(
    room: &Room<'_>,
    message: &Value,
) -> Result<(Vec<u8>, Option<u64>), Answered> {
    let text = message.get("raw").and_then(Value::as_str).unwrap_or_default();
    let source = shape::decoded(text).filter(|source| !source.is_empty());
    let source =
        source.ok_or_else(|| invalid("'raw' RFC822 payload message string is required"))?;
    let thread = match message.get("threadId").and_then(Value::as_str) {
        None | Some("") => None,
        Some(id) => {
            let thread = parsed(id).ok_or_else(|| invalid("Invalid thread_id value"))?;
            let exists = room.mailbox.messages.values().any(|other| other.thread == thread);
            if !exists {
                return Err(not_found());
            }
            // What does not refer into it begins a thread of its own.
            room.mailbox.fits(&source, thread).then_some(thread)
        }
    };
    Ok((source, thread))
}

pub(super) fn insert(room: &mut Room<'_>, call: &Call) -> Result<Answered, Answered> {
    let asked = call.json()?;
    let (source, thread) = brought(room, &asked)?;
    let labels = ids(&asked, "labelIds");
    let at = room.now;
    let id = room.mailbox.add(source, &refs(&labels), at, thread);
    shown(room, id)
}

pub(super) fn shown(room: &Room<'_>, id: u64) -> Result<Answered, Answered> {
    let message = room.mailbox.messages.get(&id).ok_or_else(not_found)?;
    Ok((200, shape::labelled(id, message.thread, &message.labels)))
}

pub(super) fn send(room: &mut Room<'_>, call: &Call) -> Result<Answered, Answered> {
    let asked = call.json()?;
    let (source, thread) = brought(room, &asked)?;
    leave(room, source, thread)
}

/// Sends a message, and keeps the copy that Gmail makes of everything it sends.
pub(super) fn leave(
    room: &mut Room<'_>,
    mut source: Vec<u8>,
    thread: Option<u64>,
) -> Result<Answered, Answered> {
    if source.len() > LARGEST_SENT {
        return Err(invalid("Message too large"));
    }
    let mut to: Vec<String> =
        ["to", "cc", "bcc"].iter().flat_map(|name| raw::addresses(&source, name)).collect();
    to.sort();
    to.dedup();
    if to.is_empty() {
        return Err(invalid("Recipient address required"));
    }
    if raw::message_id(&source).is_none() {
        let bare = raw::without(&source, "message-id");
        let own = format!("Message-ID: <{:x}@mail.gmail.com>\r\n", room.mailbox.fresh());
        source = [own.as_bytes(), &bare].concat();
    }
    let to_self = to.contains(&room.user);
    to.retain(|address| *address != room.user);
    let labels: &[&str] = if to_self { &["SENT", "INBOX", "UNREAD"] } else { &["SENT"] };
    let at = room.now;
    let id = room.mailbox.add(source.clone(), labels, at, thread);
    let delivered = raw::without(&source, "bcc");
    let reached = if to_self { [to, vec![room.user.clone()]].concat() } else { to };
    let others: Vec<String> = reached;
    room.leaving.push((others, delivered, Some(id)));
    shown(room, id)
}
