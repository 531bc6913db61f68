//! Wire to domain: flags, dates, keys, labels, and a header block where only its parts are told.
//!
//! Invariant: the same item always gives the same key, date and size: by these a message is known again. Graph
//! tells no size that stays, so the size is 0: not told.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use deskbell_domain::Millis;
use deskbell_domain::message::Flags;
use deskbell_domain::sync::{RemoteKey, RemoteMessage, RemoteSource};

use super::wire::{Item, Recipient};

/// What is asked of every message. `internetMessageHeaders` comes only when selected.
pub(crate) const SELECT: &str = "id,parentFolderId,conversationId,internetMessageId,receivedDateTime,lastModifiedDateTime,sentDateTime,isRead,isDraft,flag,categories,hasAttachments,subject,from,sender,toRecipients,ccRecipients,bccRecipients,replyTo,internetMessageHeaders";
/// And of drafts: what is written decides whether one was written on.
pub(crate) const SELECT_DRAFT: &str = "id,parentFolderId,conversationId,internetMessageId,receivedDateTime,lastModifiedDateTime,sentDateTime,isRead,isDraft,flag,categories,hasAttachments,subject,from,sender,toRecipients,ccRecipients,bccRecipients,replyTo,body";

/// PidTagLastVerbExecuted (MS-OXOMSG 2.2.1.6): Graph has no property of its own for "answered".
pub(crate) const LAST_VERB: &str = "Integer 0x1081";
/// PidTagInReplyToId and PidTagInternetReferences (MS-OXOMSG 2.2.1.14, 2.2.1.26).
const IN_REPLY_TO: &str = "String 0x1042";
const REFERENCES: &str = "String 0x1039";
/// The extended properties asked of every message.
pub(crate) const EXPAND: &str = "singleValueExtendedProperties($filter=id eq 'Integer 0x1081' or id eq 'String 0x1042' or id eq 'String 0x1039')";
/// Last verbs that are an answer: to the sender, to all.
pub(crate) const ANSWERED: [&str; 2] = ["102", "103"];

/// Stands between the id of a draft and the digest of what is written; no id has it.
const DIGEST: char = '.';

/// Whether the item tells all that is asked of every message.
pub(crate) fn is_complete(item: &Item) -> bool {
    item.is_read.is_some()
        && item.is_draft.is_some()
        && item.flag.is_some()
        && item.categories.is_some()
        && item.received_date_time.is_some()
        && item.parent_folder_id.is_some()
}

/// Graph's id in a key.
pub(crate) fn id_of(key: &RemoteKey) -> &str {
    key.0.split(DIGEST).next().unwrap_or_default()
}

/// The key of an item. A draft is written on under one id; what is written is part of its key, so that a copy
/// that was written on elsewhere is another copy.
pub(crate) fn key(item: &Item, among_drafts: bool) -> RemoteKey {
    if !among_drafts {
        return RemoteKey(item.id.clone());
    }
    let mut hasher = blake3::Hasher::new();
    let mut note = |text: &str| {
        hasher.update(text.as_bytes()).update(b"\0");
    };
    note(item.subject.as_deref().unwrap_or_default());
    note(item.body.as_ref().and_then(|body| body.content.as_deref()).unwrap_or_default());
    for people in [&item.to_recipients, &item.cc_recipients, &item.bcc_recipients] {
        for person in people.iter().flatten() {
            note(address(person));
        }
        note("");
    }
    note(if item.has_attachments == Some(true) { "files" } else { "" });
    let digest = hasher.finalize().to_hex();
    RemoteKey(format!("{}{DIGEST}{}", item.id, digest.get(..12).unwrap_or_default()))
}

pub(crate) fn flags(item: &Item) -> Flags {
    let verb = extended(item, LAST_VERB);
    Flags {
        seen: item.is_read.unwrap_or(false),
        starred: item.flag.as_ref().and_then(|flag| flag.flag_status.as_deref()) == Some("flagged"),
        answered: verb.is_some_and(|verb| ANSWERED.contains(&verb)),
        draft: item.is_draft.unwrap_or(false),
        deleted: false,
    }
}

/// A complete item as a message of which the header is known.
pub(crate) fn message(item: &Item, among_drafts: bool) -> RemoteMessage {
    let received = item.received_date_time.as_deref().and_then(instant);
    // A draft that was written on is another message to be read, and was never received.
    let modified = item.last_modified_date_time.as_deref().and_then(instant);
    let date = if among_drafts { modified.or(received) } else { received };
    RemoteMessage {
        key: key(item, among_drafts),
        flags: flags(item),
        internal_date: date.unwrap_or(0),
        size: 0,
        role: None,
        thread: item.conversation_id.clone(),
        known_by: None,
        source: RemoteSource::Headers(header_block(item)),
    }
}

/// The header: as the post brought it, or made of the properties.
fn header_block(item: &Item) -> Bytes {
    let mut block = String::new();
    let mut told: Vec<String> = Vec::new();
    for header in item.internet_message_headers.iter().flatten() {
        let sound = !header.name.is_empty()
            && header.name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
        if sound {
            told.push(header.name.to_ascii_lowercase());
            field(&mut block, &header.name, header.value.as_deref().unwrap_or_default());
        }
    }
    let mut add = |name: &str, value: Option<String>| {
        let value = value.filter(|value| !value.is_empty());
        if let Some(value) = value.filter(|_| !told.contains(&name.to_ascii_lowercase())) {
            field(&mut block, name, &value);
        }
    };
    let list = |people: &Option<Vec<Recipient>>| {
        let each = people.iter().flatten().filter(|person| !address(person).is_empty());
        Some(each.map(spelled).collect::<Vec<_>>().join(", "))
    };
    add("Message-ID", item.internet_message_id.clone());
    let sent = item.sent_date_time.as_deref().or(item.received_date_time.as_deref());
    add("Date", sent.and_then(instant).and_then(http_date));
    let author = item.from.as_ref().filter(|from| !address(from).is_empty());
    add("From", author.or(item.sender.as_ref()).map(spelled));
    add("To", list(&item.to_recipients));
    add("Cc", list(&item.cc_recipients));
    add("Bcc", list(&item.bcc_recipients));
    add("Reply-To", list(&item.reply_to));
    add("Subject", item.subject.as_deref().map(encoded));
    add("In-Reply-To", extended(item, IN_REPLY_TO).map(str::to_owned));
    add("References", extended(item, REFERENCES).map(str::to_owned));
    block.push_str("\r\n");
    block.into()
}

/// One field on one line: what could begin another is made a space.
fn field(block: &mut String, name: &str, value: &str) {
    let line = crate::http::one_line(value);
    block.push_str(name);
    block.push_str(": ");
    block.push_str(&line);
    block.push_str("\r\n");
}

fn extended<'a>(item: &'a Item, id: &str) -> Option<&'a str> {
    let mut all = item.single_value_extended_properties.iter().flatten();
    all.find(|property| property.id.eq_ignore_ascii_case(id))?.value.as_deref()
}

fn address(person: &Recipient) -> &str {
    let address = person.email_address.as_ref().and_then(|known| known.address.as_deref());
    address.unwrap_or_default()
}

fn spelled(person: &Recipient) -> String {
    let name = person.email_address.as_ref().and_then(|known| known.name.as_deref());
    let name = name.map(str::trim).filter(|name| !name.is_empty() && *name != address(person));
    match name {
        None => format!("<{}>", address(person)),
        Some(name) if name.is_ascii() => {
            let plain = name.replace(['\\', '"'], "");
            format!("\"{plain}\" <{}>", address(person))
        }
        Some(name) => format!("{} <{}>", encoded(name), address(person)),
    }
}

/// Text as a header carries it: encoded words (RFC 2047) where it is more than ASCII.
fn encoded(text: &str) -> String {
    /// 45 bytes are 60 characters of base64; with its frame a word has at most 75 (RFC 2047 section 2).
    const WORD: usize = 45;
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for c in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + c.len_utf8() <= WORD => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let each = words.iter().map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
    each.collect::<Vec<_>>().join(" ")
}

/// `Sat, 21 Nov 2026 07:00:00 GMT`.
fn http_date(at: Millis) -> Option<String> {
    let since = std::time::Duration::from_millis(u64::try_from(at).ok()?);
    Some(httpdate::fmt_http_date(std::time::UNIX_EPOCH.checked_add(since)?))
}

/// The instant of `2026-11-21T07:00:00.123Z`: Graph tells times in UTC.
pub(crate) fn instant(text: &str) -> Option<Millis> {
    let (date, time) = text.trim().trim_end_matches('Z').split_once('T')?;
    let mut date = date.splitn(3, '-').map(str::parse::<i64>);
    let mut part = || date.next()?.ok();
    let (year, month, day) = (part()?, part()?, part()?);
    let mut time = time.splitn(3, ':');
    let hour = time.next()?.parse::<i64>().ok()?;
    let minute = time.next()?.parse::<i64>().ok()?;
    let seconds = time.next()?.parse::<f64>().ok()?;
    let sound = (1..=12).contains(&month) && (1..=31).contains(&day) && (0..=9_999).contains(&year);
    if !sound
        || !(0..=24).contains(&hour)
        || !(0..61).contains(&minute)
        || !(0.0..61.0).contains(&seconds)
    {
        return None;
    }
    // Years counted from March, so that the leap day is the last of its year; 719468 days from year 0.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    #[expect(clippy::cast_possible_truncation, reason = "less than 61,000")]
    let ms = (seconds * 1_000.0) as i64;
    Some((days * 86_400 + hour * 3_600 + minute * 60) * 1_000 + ms)
}
