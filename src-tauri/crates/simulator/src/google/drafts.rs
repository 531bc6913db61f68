//! Drafts: messages with a name of their own beside the message's.

use serde_json::{Value, json};

use super::call::{Answered, Call, Room, invalid, not_found};
use super::messages::{brought, page_after, page_size, page_token, shown};
use super::shape;

const LARGEST_PAGE: usize = 500;

pub(super) fn list(room: &mut Room<'_>, call: &Call) -> Result<Answered, Answered> {
    let after = page_after(room, call, "drafts")?;
    let size = page_size(call, 100, LARGEST_PAGE)?;
    let mut all: Vec<(String, u64)> =
        room.mailbox.drafts.iter().map(|(id, message)| (id.clone(), *message)).collect();
    all.sort_unstable_by_key(|(_, message)| std::cmp::Reverse(*message));
    let estimate = all.len();
    let mut rest =
        all.into_iter().filter(|(_, id)| after.is_none_or(|(_, after)| *id < after)).peekable();
    let page: Vec<(String, u64)> = rest.by_ref().take(size).collect();
    let more = rest.peek().is_some();
    let mut answer = json!({ "resultSizeEstimate": estimate });
    if let Value::Object(fields) = &mut answer {
        if !page.is_empty() {
            let drafts: Vec<Value> =
                page.iter().map(|(id, message)| named(room, id, *message)).collect();
            fields.insert("drafts".into(), drafts.into());
        }
        if let Some((_, id)) = page.last().filter(|_| more) {
            let token = page_token(room, "drafts", (0, *id));
            fields.insert("nextPageToken".into(), token.into());
        }
    }
    Ok((200, answer))
}

fn named(room: &Room<'_>, id: &str, message: u64) -> Value {
    let thread = room.mailbox.messages.get(&message).map_or(message, |message| message.thread);
    json!({ "id": id, "message": shape::named(message, thread) })
}

pub(super) fn create(room: &mut Room<'_>, call: &Call) -> Result<Answered, Answered> {
    let asked = call.json()?;
    let (source, thread) = brought(room, asked.get("message").unwrap_or(&Value::Null))?;
    keep(room, source, thread)
}

pub(super) fn keep(
    room: &mut Room<'_>,
    source: Vec<u8>,
    thread: Option<u64>,
) -> Result<Answered, Answered> {
    let at = room.now;
    let message = room.mailbox.add(source, &["DRAFT"], at, thread);
    let id = format!("r{}", room.mailbox.fresh());
    room.mailbox.drafts.insert(id.clone(), message);
    let (_, shape) = shown(room, message)?;
    Ok((200, json!({ "id": id, "message": shape })))
}

pub(super) fn get(room: &mut Room<'_>, call: &Call, id: &str) -> Result<Answered, Answered> {
    let message = *room.mailbox.drafts.get(id).ok_or_else(not_found)?;
    let held = room.mailbox.messages.get(&message).ok_or_else(not_found)?;
    let format = call.one("format").unwrap_or("full");
    let shape =
        shape::message(message, held, format, &[]).ok_or_else(|| invalid("Invalid format"))?;
    Ok((200, json!({ "id": id, "message": shape })))
}

pub(super) fn delete(room: &mut Room<'_>, id: &str) -> Result<Answered, Answered> {
    let message = *room.mailbox.drafts.get(id).ok_or_else(not_found)?;
    room.mailbox.delete(message);
    Ok((204, Value::Null))
}
