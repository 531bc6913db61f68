//! From a provider's bytes to a message the store can keep: MIME, charsets, HTML to text, threading keys.
//!
//! Invariant: every input gives a message, in time linear in its size, without I/O and without a panic. What
//! cannot be read is quarantined with a reason and its source, never dropped. The result of a message is
//! the same whether its header came first or all of it at once. Identities, conversations and the index
//! are the store's; making HTML safe to show is left to those who show it.

mod address;
mod attachment;
mod automatic;
mod body;
mod charset;
mod file;
mod head;
mod header;
mod html;
mod media;
mod mime;
mod opened;
mod preview;
mod report;
mod transfer;
mod word;

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::ingested::{IngestedBody, IngestedChange, IngestedMessage, IngestedPage};
use deskbell_domain::message::BodyState;
use deskbell_domain::sync::{Page, RemoteChange, RemoteMessage, RemoteSource};
use deskbell_domain::threading::ThreadKeys;
use deskbell_domain::{Address, text};

pub use attachment::safe_name;
pub use automatic::{Automatic, automatic};
pub use file::{File, file, file_text};
pub use opened::{Opened, Piece};

use self::head::Head;

/// Longest subject kept, in characters; the source keeps it whole.
const MAX_SUBJECT: usize = 1_000;

/// Header fields looked at by name, and bytes of each value; nobody writes rules for more.
const MAX_FIELDS: usize = 500;
const MAX_FIELD: usize = 2_000;

/// The header fields of a source, decoded, in their order.
pub fn header_fields(source: &[u8]) -> Vec<(String, String)> {
    let decode = |field: header::Field<'_>| {
        let value = field.value.get(..MAX_FIELD).unwrap_or(field.value);
        let name = String::from_utf8_lossy(field.name).trim().to_owned();
        (name, text::fold(&word::decode(value, None)))
    };
    header::fields(header::split(source).0).take(MAX_FIELDS).map(decode).collect()
}

/// Parses a page's messages; everything else passes through unchanged.
///
/// Where several cores are to share the work, the caller maps [`message`] over the changes itself.
pub fn page(page: Page) -> IngestedPage {
    IngestedPage {
        changes: page.changes.into_iter().map(change).collect(),
        cursor: Some(page.next),
        remote_total: page.remote_total,
        remaining: page.remaining,
    }
}

/// Parses one change.
pub fn change(change: RemoteChange) -> IngestedChange {
    match change {
        RemoteChange::Message(remote) => IngestedChange::Message(Box::new(message(remote))),
        RemoteChange::Flags { key, flags } => IngestedChange::Flags { key, flags },
        RemoteChange::Keywords { key, keywords } => IngestedChange::Keywords { key, keywords },
        RemoteChange::Labels { key, labels } => IngestedChange::Labels { key, labels },
        RemoteChange::Placed { key, role } => IngestedChange::Placed { key, role },
        RemoteChange::Gone(key) => IngestedChange::Gone(key),
        RemoteChange::Present { low, high, present } => {
            IngestedChange::Present { low, high, present }
        }
        RemoteChange::Renumbered => IngestedChange::Renumbered,
        RemoteChange::ListingBegan => IngestedChange::ListingBegan,
        RemoteChange::ListingEnded => IngestedChange::ListingEnded,
    }
}

/// Parses one message.
///
/// From [`RemoteSource::Headers`] comes a message without a body, from [`RemoteSource::Full`] a complete
/// one, from [`RemoteSource::Cut`] one that is set aside; called again with the full source of the same copy, it gives the same fingerprint, thread and
/// header fields. Never fails: see [`BodyState::Quarantined`].
pub fn message(remote: RemoteMessage) -> IngestedMessage {
    let (source, whole) = match &remote.source {
        RemoteSource::Headers(bytes) => (bytes.clone(), false),
        RemoteSource::Full(bytes) | RemoteSource::Cut(bytes) => (bytes.clone(), true),
    };
    let block = header::split(&source).0;
    let read = catch_unwind(AssertUnwindSafe(|| {
        let head = Head::read(block);
        let row = row(&remote, block, &head);
        (row, head.any)
    }));
    let (mut message, any) = match read {
        Ok(read) => read,
        Err(_) => (row(&remote, block, &Head::default()), true),
    };
    if !whole {
        return message;
    }
    let parsed = match &remote.source {
        // Half a message would pass for a whole one.
        RemoteSource::Cut(_) => Err(too_long(remote.size, source.len())),
        _ if any => body(source.clone()),
        _ => Err(NO_HEADER.to_owned()),
    };
    match parsed {
        Ok(body) => {
            message.body_state = BodyState::Full;
            message.body = Some(body);
        }
        Err(reason) => {
            message.body_state = BodyState::Quarantined;
            message.quarantine_reason = Some(reason);
            message.body = Some(IngestedBody { source, ..IngestedBody::default() });
        }
    }
    message
}

/// Why a message is set aside that is longer than what is read of one.
fn too_long(size: u64, read: usize) -> String {
    let (size, read) = (size.div_ceil(1 << 20), read >> 20);
    format!(
        "It is {size} MB long, and no more than {read} MB of a message are read; its beginning is kept."
    )
}

/// Why a source without a single header field is no message.
const NO_HEADER: &str =
    "It has no header: not one line at its start is of the form \"Name: value\".";
/// Why a source the parser broke on is set aside.
const BROKE: &str = "Its structure could not be read; its source is kept as it came.";

/// Parses the body of a whole source: text, preview and attachments.
///
/// # Errors
/// The reason, for a person to read, why the message must be quarantined.
pub fn body(source: Bytes) -> Result<IngestedBody, String> {
    if source.trim_ascii().is_empty() {
        return Err("It is empty: the provider sent no bytes for it.".to_owned());
    }
    let read = catch_unwind(AssertUnwindSafe(|| {
        let parts = mime::parts(&source);
        let bodies = body::bodies(&parts);
        let (text, preview) = body::text(&source, &parts, &bodies.list);
        let html = file::shown_html(&source, &parts, &bodies);
        let attachments = attachment::list(&source, &parts, &bodies, &html);
        (text, preview, attachments, report::report(&source, &parts))
    }));
    let (text, preview, attachments, report) = read.map_err(|_| BROKE.to_owned())?;
    Ok(IngestedBody { source, text, preview, attachments, report })
}

/// What the header alone tells.
fn row(remote: &RemoteMessage, block: &[u8], head: &Head<'_>) -> IngestedMessage {
    let hint = head.charset();
    let hint = hint.as_deref();
    let message_id = head.message_id();
    let fingerprint =
        Fingerprint::of(message_id.as_deref(), remote.size, remote.internal_date, block);
    let references = head.references();
    let references = references.iter().map(String::as_str);
    let thread = match &message_id {
        Some(own) => ThreadKeys::new(own, references),
        // No Message-ID begins with a NUL, so no message can claim to be this one's parent.
        None => ThreadKeys::new(&format!("\0{:016x}", fingerprint.0), references),
    };
    let all = |values: &[&[u8]]| -> Vec<Address> {
        values.iter().flat_map(|value| address::list(value, hint)).collect()
    };
    let from = [head.from, head.sender, head.return_path]
        .into_iter()
        .flatten()
        .find_map(|value| address::author(value, hint));
    let mut reply_to = head.reply_to.map(|value| address::list(value, hint)).unwrap_or_default();
    if let ([only], Some(from)) = (reply_to.as_slice(), &from)
        && only.key() == from.key()
    {
        reply_to.clear();
    }
    let subject = head.subject.map(|value| text::fold(&word::decode(value, hint)));
    IngestedMessage {
        key: remote.key.clone(),
        flags: remote.flags,
        role: remote.role,
        internal_date: remote.internal_date,
        date: head.date(remote.internal_date),
        size: remote.size,
        fingerprint,
        known_by: remote.known_by,
        message_id,
        thread,
        remote_thread: remote.thread.clone(),
        subject: text::clip(&subject.unwrap_or_default(), MAX_SUBJECT),
        from,
        to: all(&head.to),
        cc: all(&head.cc),
        bcc: all(&head.bcc),
        reply_to,
        bulk: head.bulk,
        body_state: BodyState::Missing,
        quarantine_reason: None,
        body: None,
    }
}

#[cfg(test)]
mod tests;
