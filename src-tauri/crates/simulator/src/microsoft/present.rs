//! What Graph shows of a message and of a folder: properties by `$select`, extended ones by `$expand`, times.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::mailbox::{Folder, Mailbox};
use super::message::{Message, Person};
use super::mime;

/// Properties shown where nothing is selected; the headers are shown only when asked for.
const USUAL: [&str; 24] = [
    "createdDateTime",
    "lastModifiedDateTime",
    "changeKey",
    "categories",
    "receivedDateTime",
    "sentDateTime",
    "hasAttachments",
    "internetMessageId",
    "subject",
    "bodyPreview",
    "importance",
    "parentFolderId",
    "conversationId",
    "isDeliveryReceiptRequested",
    "isReadReceiptRequested",
    "isRead",
    "isDraft",
    "body",
    "sender",
    "from",
    "toRecipients",
    "ccRecipients",
    "bccRecipients",
    "flag",
];

/// What a caller wants to see.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Shape {
    pub(crate) select: Vec<String>,
    pub(crate) expand: String,
    pub(crate) immutable: bool,
}

impl Shape {
    pub(crate) fn of(select: Option<&str>, expand: Option<&str>, immutable: bool) -> Self {
        let select = select.unwrap_or_default().split(',').map(str::trim);
        let select = select.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Self { select, expand: expand.unwrap_or_default().to_owned(), immutable }
    }
}

/// The name of a message for this caller.
pub(crate) fn id(message: &Message, immutable: bool) -> String {
    if immutable {
        format!("AAkALgAA{:010}", message.serial)
    } else {
        format!("AAMkADAA{:010}-{:04}", message.serial, message.moves)
    }
}

/// A message; of `only` these properties, where the caller is told of a change.
pub(crate) fn message(message: &Message, shape: &Shape, only: Option<&[&str]>) -> Value {
    let mut shown = Map::new();
    shown.insert("@odata.type".into(), json!("#microsoft.graph.message"));
    shown.insert("@odata.etag".into(), json!(format!("W/\"{}\"", change_key(message))));
    shown.insert("id".into(), json!(id(message, shape.immutable)));
    let selected: Vec<&str> = if shape.select.is_empty() {
        USUAL.to_vec()
    } else {
        shape.select.iter().map(String::as_str).collect()
    };
    for name in selected {
        let told = only.is_none_or(|only| only.contains(&name));
        if let Some(value) = property(message, name).filter(|_| told && name != "id") {
            shown.insert(name.into(), value);
        }
    }
    if shape.expand.contains("singleValueExtendedProperties") && only.is_none() {
        let extended = extended(message, &shape.expand);
        if !extended.is_empty() {
            shown.insert("singleValueExtendedProperties".into(), extended.into());
        }
    }
    Value::Object(shown)
}

fn change_key(message: &Message) -> String {
    format!("CQAAABYA{:08}", message.version)
}

fn property(message: &Message, name: &str) -> Option<Value> {
    Some(match name {
        "createdDateTime" => json!(iso(message.created)),
        "lastModifiedDateTime" => json!(iso(message.modified)),
        "changeKey" => json!(change_key(message)),
        "categories" => json!(message.categories),
        "receivedDateTime" => json!(iso(message.received)),
        "sentDateTime" => json!(iso(message.sent)),
        "hasAttachments" => {
            json!(message.files || message.attachments.iter().any(|file| !file.inline))
        }
        "internetMessageId" => json!(message.message_id),
        "subject" => json!(message.subject),
        "bodyPreview" => json!(message.body.chars().take(255).collect::<String>()),
        "importance" => json!("normal"),
        "parentFolderId" => json!(message.folder),
        "conversationId" => json!(message.conversation),
        "isDeliveryReceiptRequested" | "isReadReceiptRequested" => json!(false),
        "isRead" => json!(message.read),
        "isDraft" => json!(message.draft),
        "body" => {
            let kind = if message.html { "html" } else { "text" };
            json!({ "contentType": kind, "content": message.body })
        }
        "sender" | "from" => recipient(&message.from),
        "toRecipients" => recipients(&message.to),
        "ccRecipients" => recipients(&message.cc),
        "bccRecipients" => recipients(&message.bcc),
        "replyTo" => json!([]),
        "flag" => {
            json!({ "flagStatus": if message.flagged { "flagged" } else { "notFlagged" } })
        }
        "internetMessageHeaders" if message.arrived => {
            let (fields, _) = mime::split(message.mime.as_deref().unwrap_or_default());
            let each =
                fields.into_iter().map(|(name, value)| json!({ "name": name, "value": value }));
            Value::Array(each.collect())
        }
        _ => return None,
    })
}

/// MAPI properties: the last verb executed, In-Reply-To and References.
fn extended(message: &Message, expand: &str) -> Vec<Value> {
    let known = [
        ("Integer 0x1081", message.verb.map(|verb| verb.to_string())),
        ("String 0x1042", message.in_reply_to.clone()),
        ("String 0x1039", message.references.clone()),
    ];
    let each = known.into_iter().filter(|(id, _)| expand.contains(id));
    each.filter_map(|(id, value)| Some(json!({ "id": id, "value": value? }))).collect()
}

fn recipient(person: &Person) -> Value {
    json!({ "emailAddress": { "name": person.name, "address": person.address } })
}

fn recipients(people: &[Person]) -> Value {
    people.iter().map(recipient).collect()
}

/// People out of a list of recipients.
pub(crate) fn people(value: Option<&Value>) -> Vec<Person> {
    let each = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    each.iter()
        .filter_map(|one| {
            let one = one.get("emailAddress")?;
            let text = |name: &str| one.get(name).and_then(Value::as_str).map(str::to_owned);
            Some(Person { name: text("name").unwrap_or_default(), address: text("address")? })
        })
        .collect()
}

/// A folder with its counters.
pub(crate) fn folder(mailbox: &Mailbox, folder: &Folder) -> Value {
    let inside = mailbox.messages.values().filter(|message| message.folder == folder.id);
    let (mut total, mut unread) = (0, 0);
    for message in inside {
        total += 1;
        unread += usize::from(!message.read);
    }
    let children =
        mailbox.folders.iter().filter(|one| one.parent.as_ref() == Some(&folder.id)).count();
    json!({
        "id": folder.id,
        "displayName": folder.name,
        "parentFolderId": folder.parent.as_deref().unwrap_or("AQMkRoot"),
        "childFolderCount": children,
        "unreadItemCount": unread,
        "totalItemCount": total,
        "isHidden": false,
    })
}

/// Days since 1970 as year, month and day.
fn civil(days: i64) -> (i64, i64, i64) {
    // Years counted from March, so that the leap day is the last of its year; 719468 days from year 0.
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let month = (march + 2) % 12 + 1;
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * march + 2) / 5 + 1)
}

/// `2026-11-21T07:00:00Z`.
pub(crate) fn iso(ms: i64) -> String {
    let seconds = ms.div_euclid(1_000);
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute) = (of_day / 3_600, of_day / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", of_day % 60)
}

/// `Sat, 21 Nov 2026 07:00:00 +0000`.
pub(crate) fn http_date(ms: i64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let seconds = ms.div_euclid(1_000);
    let days = seconds.div_euclid(86_400);
    let (year, month, day) = civil(days);
    let of_day = seconds.rem_euclid(86_400);
    let pick = |names: &'static [&'static str], at: i64| {
        usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
    };
    format!(
        "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} +0000",
        pick(&DAYS, days.rem_euclid(7)),
        pick(&MONTHS, month - 1),
        of_day / 3_600,
        of_day / 60 % 60,
        of_day % 60
    )
}

/// The instant an ISO time in UTC names, to the second.
pub(crate) fn instant(text: &str) -> Option<i64> {
    let (date, time) = text.trim_end_matches('Z').split_once('T')?;
    let mut date = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut time = time.split(':').map(|part| part.split('.').next()?.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some((days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_they_are_read() {
        assert_eq!(iso(1_795_244_400_000), "2026-11-21T07:00:00Z");
        assert_eq!(http_date(1_795_244_400_000), "Sat, 21 Nov 2026 07:00:00 +0000");
        for ms in [0, 951_782_400_000, 951_868_800_000, 4_102_444_799_000] {
            assert_eq!(instant(&iso(ms)), Some(ms), "{}", iso(ms));
        }
    }
}
