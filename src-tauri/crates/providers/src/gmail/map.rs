//! Gmail's words for ours: labels are flags, places and names; a message's parts are its source.

use bytes::Bytes;
use deskbell_domain::MailboxRole;
use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::message::Flags;
use deskbell_domain::sync::{RemoteChange, RemoteKey, RemoteMessage, RemoteSource};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::labels::Names;
use super::wire::Message;

/// base64url, padded or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn has(labels: &[String], label: &str) -> bool {
    labels.iter().any(|known| known == label)
}

/// What the labels say of reading, stars and drafts.
pub(super) fn flags(labels: &[String]) -> Flags {
    Flags {
        seen: !has(labels, "UNREAD"),
        starred: has(labels, "STARRED"),
        draft: has(labels, "DRAFT"),
        ..Flags::default()
    }
}

/// The mailbox the labels put a message into.
///
/// Sent mail and drafts keep that label for ever, so the trash comes before them; and what one writes to
/// oneself is in the inbox and among the sent.
pub(super) fn role(labels: &[String]) -> MailboxRole {
    use MailboxRole::{Archive, Drafts, Inbox, Sent, Spam, Trash};
    [("TRASH", Trash), ("SPAM", Spam), ("INBOX", Inbox), ("DRAFT", Drafts), ("SENT", Sent)]
        .into_iter()
        .find(|(label, _)| has(labels, label))
        .map_or(Archive, |(_, role)| role)
}

/// Whether it is mail at all.
pub(super) fn is_mail(labels: &[String]) -> bool {
    !has(labels, "CHAT")
}

/// What the labels of a message say, as changes of its copy.
pub(super) fn state(id: &str, labels: &[String], names: &Names) -> [RemoteChange; 3] {
    let key = || RemoteKey(id.to_owned());
    [
        RemoteChange::Flags { key: key(), flags: flags(labels) },
        RemoteChange::Placed { key: key(), role: role(labels) },
        RemoteChange::Labels { key: key(), labels: names.of(labels) },
    ]
}

/// A message, and the labels a person gave it; `None` for what is not mail or cannot be read.
pub(super) fn message(message: &Message, names: &Names) -> Option<[RemoteChange; 2]> {
    if !is_mail(&message.label_ids) {
        return None;
    }
    let key = RemoteKey(message.id.clone());
    let source = match (&message.raw, &message.payload) {
        (Some(raw), _) => RemoteSource::Full(source(raw)?),
        (None, Some(payload)) => RemoteSource::Headers(headers(payload)),
        (None, None) => return None,
    };
    let copy = RemoteMessage {
        key: key.clone(),
        flags: flags(&message.label_ids),
        internal_date: message.internal_date.parse().unwrap_or_default(),
        size: message.size_estimate,
        role: Some(role(&message.label_ids)),
        thread: Some(message.thread_id.clone()).filter(|thread| !thread.is_empty()),
        // Gmail's id stays with the message for good; over IMAP it is X-GM-MSGID, spelled in hexadecimal too.
        known_by: Some(Fingerprint::named(&message.id)),
        source,
    };
    let labels = names.of(&message.label_ids);
    Some([RemoteChange::Message(copy), RemoteChange::Labels { key, labels }])
}

/// The source out of an answer.
pub(super) fn source(raw: &str) -> Option<Bytes> {
    BASE64.decode(raw).ok().map(Bytes::from)
}

/// A header block out of its fields, each on one line.
fn headers(payload: &super::wire::Payload) -> Bytes {
    let mut block = String::new();
    for header in &payload.headers {
        let plain = header.value.replace(['\r', '\n'], " ");
        block.push_str(&format!("{}: {plain}\r\n", header.name.replace(['\r', '\n', ':'], "")));
    }
    block.push_str("\r\n");
    block.into()
}

/// The value of a header field in a source, unfolded.
pub(super) fn field(source: &[u8], wanted: &str) -> Option<String> {
    let mut value: Option<String> = None;
    for line in source.split(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            break;
        }
        let folded = line.starts_with([' ', '\t']);
        match (&mut value, folded, line.split_once(':')) {
            (Some(value), true, _) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (Some(_), false, _) => break,
            (None, false, Some((name, text))) if name.trim().eq_ignore_ascii_case(wanted) => {
                value = Some(text.trim().to_owned());
            }
            _ => {}
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_message_lies_where_gmail_would_show_it() {
        use MailboxRole::{Archive, Drafts, Inbox, Sent, Spam, Trash};
        for (words, expected) in [
            (&["INBOX", "UNREAD"][..], Inbox),
            (&["INBOX", "SENT"], Inbox),
            (&["SENT"], Sent),
            (&["SENT", "TRASH"], Trash),
            (&["DRAFT"], Drafts),
            (&["DRAFT", "TRASH"], Trash),
            (&["SPAM", "UNREAD"], Spam),
            (&["Label_1", "IMPORTANT"], Archive),
            (&[], Archive),
        ] {
            assert_eq!(role(&labels(words)), expected, "{words:?}");
        }
        assert!(flags(&labels(&["STARRED"])).seen && flags(&labels(&["STARRED"])).starred);
        assert!(!flags(&labels(&["UNREAD"])).seen);
    }

    #[test]
    fn a_field_is_read_whole_and_a_source_in_either_spelling() {
        let text = b"Subject: one\r\nIn-Reply-To:\r\n <a@b>\r\nX: y\r\n\r\nIn-Reply-To: <no>\r\n";
        assert_eq!(field(text, "in-reply-to").as_deref().map(str::trim), Some("<a@b>"));
        assert_eq!(field(text, "references"), None);
        for spelled in ["YQ", "YQ=="] {
            assert_eq!(source(spelled).as_deref(), Some(&b"a"[..]));
        }
    }
}
