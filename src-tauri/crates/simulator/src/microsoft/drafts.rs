//! Drafts and sending: made of JSON or MIME, filled with files, sent once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::call::{Call, Outcome, Reply, answer, nothing, refuse};
use super::mailbox::Mailbox;
use super::message::{Attachment, Message, Person};
use super::messages::{find, set, shown};
use super::{mime, present};

/// Larger requests are refused: 4 MB and a little for the frame.
const LARGEST_REQUEST: usize = 4 * 1024 * 1024 + 64 * 1024;
/// A file larger than this goes by an upload session, a smaller one does not.
const LARGEST_INLINE: usize = 3 * 1024 * 1024;
/// A range of an upload.
const LARGEST_RANGE: usize = 4 * 1024 * 1024;

/// An upload may take so long, in milliseconds.
const UPLOAD_LIVES: i64 = 24 * 60 * 60 * 1_000;

/// An upload under way.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    message: u64,
    file: Attachment,
    size: usize,
    until: i64,
}

/// What goes out: who it is for, and what is written on it.
pub(crate) struct Departed {
    pub(crate) id: String,
    pub(crate) message: Message,
}

fn draft_of(mailbox: &Mailbox, call: &Call) -> Result<Message, Reply> {
    if call.body.len() > LARGEST_REQUEST {
        return Err(refuse(
            413,
            "RequestBodyTooLarge",
            "The request body exceeds the maximum size of 4 MB.",
        ));
    }
    let mut message = if call.is_mime() {
        let text: Vec<u8> =
            call.body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let source = STANDARD.decode(text).map_err(|_| {
            refuse(
                400,
                "ErrorMimeContentInvalidBase64String",
                "Invalid base64 string for MIME content.",
            )
        })?;
        Message::read(&source, call.now)
    } else {
        let body = call.json()?;
        let body = body.get("message").unwrap_or(&body);
        let mut message = Message { mime: None, ..Message::read(b"\r\n\r\n", call.now) };
        set(&mut message, body);
        let from = json!([body.get("from").cloned().unwrap_or_default()]);
        message.from = present::people(Some(&from)).into_iter().next().unwrap_or_default();
        if let Some(id) = body.get("internetMessageId").and_then(Value::as_str) {
            message.message_id = id.to_owned();
        }
        for file in body.get("attachments").and_then(Value::as_array).into_iter().flatten() {
            message.attachments.push(attachment(file, message.attachments.len())?);
        }
        message
    };
    if message.from.address.is_empty() {
        message.from = Person { name: String::new(), address: mailbox.address.clone() };
    }
    (message.draft, message.read) = (true, true);
    Ok(message)
}

pub(crate) fn create(mailbox: &mut Mailbox, call: &Call, folder: &str) -> Outcome {
    let message = draft_of(mailbox, call)?;
    let serial = mailbox.put(folder, message);
    shown(mailbox, call, serial, 201)
}

/// A draft that answers a message.
pub(crate) fn reply(mailbox: &mut Mailbox, call: &Call, id: &str, verb: &str) -> Outcome {
    let before = find(mailbox, id)?.clone();
    let own = Person { name: String::new(), address: mailbox.address.clone() };
    let mut message = Message { mime: None, ..Message::read(b"\r\n\r\n", call.now) };
    let forward = verb == "createForward";
    message.subject = format!("{}: {}", if forward { "FW" } else { "RE" }, before.subject);
    message.body = before.body.clone();
    if !forward {
        message.to = vec![before.from.clone()];
        message.in_reply_to = Some(before.message_id.clone());
        message.references = Some(before.message_id.clone());
    }
    if verb == "createReplyAll" {
        message.cc = before.to.iter().chain(&before.cc).cloned().collect();
        message.cc.retain(|person| !person.address.eq_ignore_ascii_case(&mailbox.address));
    }
    (message.from, message.draft, message.read) = (own, true, true);
    let serial = mailbox.put("drafts", message);
    shown(mailbox, call, serial, 201)
}

fn attachment(body: &Value, number: usize) -> Result<Attachment, Reply> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let wrong = |words: &str| refuse(400, "ErrorInvalidRequest", words);
    let kind = text("@odata.type").unwrap_or_default();
    if !kind.ends_with("microsoft.graph.fileAttachment") {
        return Err(wrong("Specify the type of the attachment in @odata.type."));
    }
    let bytes = STANDARD
        .decode(text("contentBytes").unwrap_or_default())
        .map_err(|_| wrong("contentBytes is not base64."))?;
    if bytes.len() >= LARGEST_INLINE {
        return Err(refuse(
            413,
            "ErrorMessageSizeExceeded",
            "Use an upload session for files over 3 MB.",
        ));
    }
    Ok(Attachment {
        id: format!("AAMkAttachment{number:04}"),
        name: text("name").ok_or_else(|| wrong("name is required."))?,
        media_type: text("contentType").unwrap_or_else(|| "application/octet-stream".into()),
        inline: body.get("isInline").and_then(Value::as_bool).unwrap_or(false),
        content_id: text("contentId"),
        bytes,
    })
}

fn show_file(file: &Attachment, content: bool) -> Value {
    let mut shown = json!({
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": file.id,
        "name": file.name,
        "contentType": file.media_type,
        "size": file.bytes.len(),
        "isInline": file.inline,
        "contentId": file.content_id,
    });
    if let Some(shown) = shown.as_object_mut().filter(|_| content) {
        shown.insert("contentBytes".into(), json!(STANDARD.encode(&file.bytes)));
    }
    shown
}

pub(crate) fn files(mailbox: &Mailbox, id: &str) -> Outcome {
    let message = find(mailbox, id)?;
    let value: Vec<Value> = message.attachments.iter().map(|file| show_file(file, true)).collect();
    Ok(answer(200, json!({ "value": value })))
}

pub(crate) fn attach(mailbox: &mut Mailbox, call: &Call, id: &str) -> Outcome {
    let message = find(mailbox, id)?;
    let (serial, number) = (message.serial, message.attachments.len());
    let file = attachment(&call.json()?, number)?;
    let shown = show_file(&file, false);
    mailbox.change(serial, &["hasAttachments"], call.now, |message| message.attachments.push(file));
    Ok(answer(201, shown))
}

/// Opens an upload; the address it gives is the key to it.
pub(crate) fn open_upload(mailbox: &mut Mailbox, call: &Call, id: &str, host: &str) -> Outcome {
    let message = find(mailbox, id)?;
    let (serial, number) = (message.serial, message.attachments.len());
    let body = call.json()?;
    let item = body.get("AttachmentItem").or_else(|| body.get("attachmentItem"));
    let text = |name: &str| item.and_then(|item| item.get(name)?.as_str()).map(str::to_owned);
    let size = item.and_then(|item| item.get("size")?.as_u64());
    let (Some(name), Some(size)) = (text("name"), size) else {
        return Err(refuse(400, "ErrorInvalidRequest", "AttachmentItem needs name and size."));
    };
    let file = Attachment {
        id: format!("AAMkAttachment{number:04}"),
        name,
        media_type: text("contentType").unwrap_or_else(|| "application/octet-stream".into()),
        inline: item.and_then(|item| item.get("isInline")?.as_bool()).unwrap_or(false),
        content_id: text("contentId"),
        bytes: Vec::new(),
    };
    let key = format!("up{:08}", mailbox.next());
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let until = call.now + UPLOAD_LIVES;
    mailbox.uploads.insert(key.clone(), Upload { message: serial, file, size, until });
    Ok(answer(
        201,
        json!({
            "uploadUrl": format!("{host}/upload/{}/{key}?authtoken=eyJ", call.address),
            "expirationDateTime": present::iso(until),
            "nextExpectedRanges": ["0-"],
        }),
    ))
}

/// A range of an upload.
pub(crate) fn put_range(
    mailbox: &mut Mailbox,
    key: &str,
    range: &str,
    signed: bool,
    body: &[u8],
    now: i64,
) -> Outcome {
    if signed {
        return Err(refuse(401, "InvalidAudience", "The upload address takes no Authorization."));
    }
    mailbox.uploads.retain(|_, upload| now < upload.until);
    let Some(upload) = mailbox.uploads.get_mut(key) else {
        return Err(refuse(404, "ErrorItemNotFound", "The upload session was not found."));
    };
    let expected = upload.file.bytes.len();
    let spelled = format!("bytes {expected}-{}/{}", expected + body.len() - 1, upload.size);
    if body.is_empty() || body.len() > LARGEST_RANGE || range != spelled {
        return Err(refuse(
            416,
            "ErrorInvalidRange",
            &format!("Expected a range of at most 4 MB that begins at {expected}."),
        ));
    }
    upload.file.bytes.extend_from_slice(body);
    let have = upload.file.bytes.len();
    if have < upload.size {
        return Ok(answer(200, json!({ "nextExpectedRanges": [format!("{have}-")] })));
    }
    let Some(upload) = mailbox.uploads.remove(key) else { return Ok(nothing(404)) };
    let id = upload.file.id.clone();
    let file = upload.file;
    mailbox.change(upload.message, &["hasAttachments"], now, |message| {
        message.attachments.push(file);
    });
    Ok(nothing(201).header("location", format!("https://outlook.office.com/attachments('{id}')")))
}

/// What is checked before a message leaves.
fn check(mailbox: &Mailbox, message: &Message) -> Result<(), Reply> {
    if message.to.is_empty() && message.cc.is_empty() && message.bcc.is_empty() {
        return Err(refuse(
            400,
            "ErrorInvalidRecipients",
            "At least one recipient isn't valid., A message can't be sent because it contains no recipients.",
        ));
    }
    if !message.from.address.eq_ignore_ascii_case(&mailbox.address) {
        return Err(refuse(
            403,
            "ErrorSendAsDenied",
            "The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.",
        ));
    }
    Ok(())
}

pub(crate) fn send(
    mailbox: &mut Mailbox,
    call: &Call,
    id: &str,
) -> Result<(Reply, Departed), Reply> {
    let message = find(mailbox, id)?.clone();
    if !message.draft {
        return Err(refuse(400, "ErrorInvalidRequest", "The message has been sent already."));
    }
    check(mailbox, &message)?;
    let serial = message.serial;
    mailbox.change(serial, &["isDraft", "sentDateTime"], call.now, |message| {
        message.draft = false;
        (message.sent, message.received) = (call.now, call.now);
    });
    mailbox.shift(serial, "sentitems", call.now);
    Ok((nothing(202), Departed { id: message.immutable_id(), message }))
}

pub(crate) fn send_mail(mailbox: &mut Mailbox, call: &Call) -> Result<(Reply, Departed), Reply> {
    let mut message = draft_of(mailbox, call)?;
    check(mailbox, &message)?;
    message.draft = false;
    let keep = call.is_mime()
        || call.json()?.get("saveToSentItems").and_then(Value::as_bool).unwrap_or(true);
    let id = if keep {
        let serial = mailbox.put("sentitems", message.clone());
        mailbox.messages.get(&serial).map(Message::immutable_id).unwrap_or_default()
    } else {
        String::new()
    };
    Ok((nothing(202), Departed { id, message }))
}

/// The message as its recipients get it: without Bcc.
pub(crate) fn as_received(message: &Message) -> Vec<u8> {
    let source = mime::source(message);
    let mut out = Vec::with_capacity(source.len());
    let mut skipping = false;
    let mut in_header = true;
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        let begins = line.first().is_some_and(|byte| !byte.is_ascii_whitespace());
        if in_header && begins {
            skipping = line.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"bcc:"));
        }
        if in_header && line.trim_ascii().is_empty() {
            (in_header, skipping) = (false, false);
        }
        if !skipping {
            out.extend_from_slice(line);
        }
    }
    out
}
