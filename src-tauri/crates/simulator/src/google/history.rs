//! What changed since a position.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::call::{Answered, Call, Room, invalid, not_found};
use super::mailbox::{Record, What};
use super::messages::{page_after, page_size, page_token};
use super::shape;
use crate::journal::Trouble;

const LARGEST_PAGE: usize = 500;

pub(super) fn list(room: &mut Room<'_>, call: &Call) -> Result<Answered, Answered> {
    let start = call.one("startHistoryId").and_then(|id| id.parse::<u64>().ok());
    let start = start.ok_or_else(|| invalid("Invalid startHistoryId"))?;
    if start < room.mailbox.oldest || start > room.mailbox.history_id {
        return Err(not_found());
    }
    let kinds = call.every("historyTypes");
    let of = format!("history {start} {kinds:?}");
    let after = page_after(room, call, &of)?.map_or(start, |(_, id)| id);
    let size = page_size(call, 100, LARGEST_PAGE)?;
    let wanted = |record: &&Record| kinds.is_empty() || kinds.contains(&kind(&record.what));
    let mut rest =
        room.mailbox.history.iter().filter(|record| record.id > after).filter(wanted).peekable();
    let page: Vec<Record> = rest.by_ref().take(size).cloned().collect();
    let more = rest.peek().is_some();
    let mut answer = json!({ "historyId": room.mailbox.history_id.to_string() });
    if let Value::Object(fields) = &mut answer {
        if !page.is_empty() {
            let tells = room.tells_labels;
            let records: Vec<Value> = page.iter().map(|record| shown(record, tells)).collect();
            fields.insert("history".into(), records.into());
        }
        if let Some(last) = page.last().filter(|_| more) {
            let token = page_token(room, &of, (0, last.id));
            fields.insert("nextPageToken".into(), token.into());
        }
    }
    Ok((200, answer))
}

/// What was in the way of who asked: the start is not known any more, or records tell of one message again.
pub(super) fn trouble((status, answer): &Answered) -> Vec<Trouble> {
    let records = answer.get("history").and_then(Value::as_array);
    let mut seen = BTreeSet::new();
    let again = records.into_iter().flatten().any(|record| {
        let told = record.pointer("/messages/0/id").and_then(Value::as_str);
        told.is_some_and(|id| !seen.insert(id))
    });
    let gone = (*status == 404).then_some(Trouble::Evicted);
    gone.into_iter().chain(again.then_some(Trouble::Repeated)).collect()
}

fn kind(what: &What) -> &'static str {
    match what {
        What::Added => "messageAdded",
        What::Deleted => "messageDeleted",
        What::LabelsAdded(_) => "labelAdded",
        What::LabelsRemoved(_) => "labelRemoved",
    }
}

fn shown(record: &Record, tells_labels: bool) -> Value {
    let bare = shape::named(record.message, record.thread);
    let message = if tells_labels {
        shape::labelled(record.message, record.thread, &record.labels)
    } else {
        bare.clone()
    };
    let (field, item) = match &record.what {
        What::Added => ("messagesAdded", json!({ "message": message })),
        What::Deleted => ("messagesDeleted", json!({ "message": message })),
        What::LabelsAdded(ids) => ("labelsAdded", json!({ "message": message, "labelIds": ids })),
        What::LabelsRemoved(ids) => {
            ("labelsRemoved", json!({ "message": message, "labelIds": ids }))
        }
    };
    let mut shape = json!({ "id": record.id.to_string(), "messages": [bare] });
    if let Value::Object(fields) = &mut shape {
        fields.insert(field.into(), json!([item]));
    }
    shape
}
