//! Messages: reading, listing, changing, moving, copying, erasing.

use serde_json::{Value, json};

use super::call::{Call, Content, Outcome, Reply, answer, not_found, nothing, refuse};
use super::mailbox::Mailbox;
use super::message::Message;
use super::present::{self, Shape};

/// Messages of a page where the caller prefers nothing.
const PAGE: usize = 10;

fn shape(call: &Call) -> Shape {
    Shape::of(call.option("$select"), call.option("$expand"), call.immutable())
}

pub(crate) fn find<'a>(mailbox: &'a Mailbox, id: &str) -> Result<&'a Message, Reply> {
    if !id.starts_with("AA") {
        return Err(refuse(400, "ErrorInvalidIdMalformed", "Id is malformed."));
    }
    mailbox.by_id(id).ok_or_else(not_found)
}

pub(crate) fn shown(mailbox: &Mailbox, call: &Call, serial: u64, status: u16) -> Outcome {
    let message = mailbox.messages.get(&serial).ok_or_else(not_found)?;
    Ok(answer(status, present::message(message, &shape(call), None)))
}

pub(crate) fn show(mailbox: &Mailbox, call: &Call, id: &str) -> Outcome {
    let serial = find(mailbox, id)?.serial;
    shown(mailbox, call, serial, 200)
}

pub(crate) fn source(mailbox: &Mailbox, id: &str) -> Outcome {
    let source = find(mailbox, id)?.source();
    Ok(Reply { content: Content::Text(source), ..nothing(200) })
}

/// Lists messages, newest first; the filters are those a mail client needs.
pub(crate) fn list(mailbox: &Mailbox, call: &Call, folder: Option<&str>) -> Outcome {
    let folder = match folder {
        None => None,
        Some(name) => Some(mailbox.folder(name).ok_or_else(not_found)?.id.clone()),
    };
    let wanted = filter(call.option("$filter"))?;
    let inside = mailbox.messages.values().filter(|message| {
        folder.as_ref().is_none_or(|id| message.folder == *id) && wanted(message)
    });
    let mut inside: Vec<&Message> = inside.collect();
    inside.sort_by_key(|message| std::cmp::Reverse((message.received, message.serial)));
    let number = |name: &str| call.option(name).and_then(|text| text.parse::<usize>().ok());
    let (top, skip) = (number("$top").unwrap_or(PAGE), number("$skip").unwrap_or(0));
    let shape = shape(call);
    let page = inside.iter().skip(skip).take(top.clamp(1, 1_000));
    let value: Vec<Value> = page.map(|message| present::message(message, &shape, None)).collect();
    let mut body = json!({ "value": value });
    if call.option("$count") == Some("true")
        && let Some(body) = body.as_object_mut()
    {
        body.insert("@odata.count".into(), json!(inside.len()));
    }
    if inside.len() > skip + top
        && let Some(body) = body.as_object_mut()
    {
        let path = call.steps.join("/");
        let next = format!("{}/{path}?$top={top}&$skip={}", call.origin, skip + top);
        body.insert("@odata.nextLink".into(), json!(next));
    }
    Ok(answer(200, body))
}

type Filter = Box<dyn Fn(&Message) -> bool>;

fn filter(text: Option<&str>) -> Result<Filter, Reply> {
    let Some(text) = text else { return Ok(Box::new(|_| true)) };
    let quoted = |text: &str| {
        let inside = text.strip_prefix('\'')?.strip_suffix('\'')?;
        Some(inside.replace("''", "'"))
    };
    if let Some(id) = text.strip_prefix("internetMessageId eq ").and_then(quoted) {
        return Ok(Box::new(move |message| message.message_id == id));
    }
    let mut wanted: Vec<Filter> = Vec::new();
    for part in text.split(" and ") {
        let after = part.strip_prefix("receivedDateTime ge ").and_then(present::instant);
        let before = part.strip_prefix("receivedDateTime lt ").and_then(present::instant);
        wanted.push(match (after, before) {
            (Some(at), _) => Box::new(move |message| message.received >= at),
            (_, Some(at)) => Box::new(move |message| message.received < at),
            _ if part == "flag/flagStatus eq 'flagged'" => Box::new(|message| message.flagged),
            _ => {
                return Err(refuse(
                    400,
                    "ErrorInvalidUrlQueryFilter",
                    "The query filter contains one or more invalid nodes.",
                ));
            }
        });
    }
    Ok(Box::new(move |message| wanted.iter().all(|fits| fits(message))))
}

pub(crate) fn patch(mailbox: &mut Mailbox, call: &Call, id: &str) -> Outcome {
    let serial = find(mailbox, id)?.serial;
    let body = call.json()?;
    let Some(fields) = body.as_object() else {
        return Err(refuse(400, "BadRequest", "A JSON object is required."));
    };
    let mut properties: Vec<&'static str> = Vec::new();
    let draft = mailbox.messages.get(&serial).is_some_and(|message| message.draft);
    for name in fields.keys() {
        let known = match name.as_str() {
            "isRead" => "isRead",
            "flag" => "flag",
            "categories" => "categories",
            "singleValueExtendedProperties" => "singleValueExtendedProperties",
            "subject" if draft => "subject",
            "body" if draft => "body",
            "toRecipients" if draft => "toRecipients",
            "ccRecipients" if draft => "ccRecipients",
            "bccRecipients" if draft => "bccRecipients",
            _ => {
                return Err(refuse(
                    400,
                    "ErrorInvalidPropertySet",
                    &format!("The property '{name}' is read-only and cannot be set."),
                ));
            }
        };
        properties.push(known);
    }
    mailbox.change(serial, &properties, call.now, |message| set(message, &body));
    shown(mailbox, call, serial, 200)
}

/// Takes over the properties a request names.
pub(crate) fn set(message: &mut Message, body: &Value) {
    if let Some(read) = body.get("isRead").and_then(Value::as_bool) {
        message.read = read;
    }
    if let Some(status) = body.pointer("/flag/flagStatus").and_then(Value::as_str) {
        message.flagged = status == "flagged";
    }
    if let Some(names) = body.get("categories").and_then(Value::as_array) {
        message.categories = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let extended = body.get("singleValueExtendedProperties").and_then(Value::as_array);
    for property in extended.map(Vec::as_slice).unwrap_or_default() {
        let text = |name: &str| property.get(name).and_then(Value::as_str);
        match text("id") {
            Some("Integer 0x1081") => {
                message.verb = text("value").and_then(|value| value.parse().ok());
            }
            Some("String 0x1042") => message.in_reply_to = text("value").map(str::to_owned),
            Some("String 0x1039") => message.references = text("value").map(str::to_owned),
            _ => {}
        }
    }
    let written = ["subject", "body", "toRecipients", "ccRecipients", "bccRecipients"];
    if !written.iter().any(|name| body.get(name).is_some()) {
        return;
    }
    // What is written on is no longer the source it was made of.
    message.mime = None;
    if let Some(subject) = body.get("subject").and_then(Value::as_str) {
        message.subject = subject.to_owned();
    }
    if let Some(content) = body.pointer("/body/content").and_then(Value::as_str) {
        message.body = content.to_owned();
        let kind = body.pointer("/body/contentType").and_then(Value::as_str);
        message.html = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("html"));
    }
    let lists = [
        ("toRecipients", &mut message.to),
        ("ccRecipients", &mut message.cc),
        ("bccRecipients", &mut message.bcc),
    ];
    for (name, list) in lists {
        if body.get(name).is_some() {
            *list = present::people(body.get(name));
        }
    }
}

fn target(mailbox: &Mailbox, call: &Call) -> Result<String, Reply> {
    let body = call.json()?;
    let name = body.get("destinationId").and_then(Value::as_str).unwrap_or_default();
    mailbox.folder(name).map(|folder| folder.id.clone()).ok_or_else(not_found)
}

pub(crate) fn relocate(mailbox: &mut Mailbox, call: &Call, id: &str) -> Outcome {
    let serial = find(mailbox, id)?.serial;
    let target = target(mailbox, call)?;
    mailbox.shift(serial, &target, call.now);
    shown(mailbox, call, serial, 201)
}

pub(crate) fn copy(mailbox: &mut Mailbox, call: &Call, id: &str) -> Outcome {
    let message = Message { moves: 0, ..find(mailbox, id)?.clone() };
    let target = target(mailbox, call)?;
    let serial = mailbox.put(&target, message);
    shown(mailbox, call, serial, 201)
}

/// Removes a message: DELETE and `permanentDelete` both take it out of every folder a client sees.
pub(crate) fn erase(mailbox: &mut Mailbox, id: &str) -> Outcome {
    let serial = find(mailbox, id)?.serial;
    mailbox.remove(serial);
    Ok(nothing(204))
}
