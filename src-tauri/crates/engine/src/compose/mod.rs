//! Messages written here, as sources: built when they are shown, kept as a draft at the provider, or sent.
//!
//! Invariants: nothing a person types can begin a header field of its own; Bcc is never in what leaves; the
//! same words, names and files are read out of a source as were put in. Nothing of the machine is told.

mod address;
mod blind;
mod clean;
mod day;
mod flowed;
mod header;
mod mime;
mod parse;
mod plain;
pub mod reply;
mod shown;

use bytes::Bytes;
use jiff::Timestamp;

use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingFile, OutgoingMessage};
use deskbell_domain::{Address, Millis};
use deskbell_store::table::account::Account;
use deskbell_store::table::outgoing::Outgoing;

pub use address::{fault, parse_list};
pub use blind::without_blind;
pub use clean::clean;
pub use day::day_in_words;
pub use header::bounded;
pub use parse::{Attached, Parsed, parse};
pub use plain::text_of;

/// Why a message cannot be built for sending. The text names what is wrong and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Nobody to send it to.
    #[error("this message has no recipient; enter one")]
    NoRecipient,
    /// An address that cannot be one.
    #[error("“{address}” {fault}")]
    Address {
        /// `from`, `to`, `cc`, `bcc` or `reply_to`.
        field: &'static str,
        /// As typed.
        address: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// No randomness for a token.
    #[error("the machine gives no random numbers: {0}")]
    Random(String),
}

/// For whom a source is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// Its recipients: without Bcc.
    Recipients,
    /// Its author, in a mailbox of their own: with Bcc, and with whatever was typed so far.
    Author,
}

/// A message ready to be sent at `date`: the source, the envelope, and the parts.
///
/// # Errors
/// An address that cannot be one, or no recipient at all.
pub fn build(
    row: &Outgoing,
    files: &[(OutgoingFile, Bytes)],
    account: &Account,
    date: Millis,
) -> Result<OutgoingMessage, ComposeError> {
    let written = &row.composition;
    let sender = sender(written, account);
    check("from", std::slice::from_ref(&sender))?;
    check("reply_to", &written.reply_to)?;
    check("to", &written.to)?;
    check("cc", &written.cc)?;
    check("bcc", &written.bcc)?;
    let mut recipients: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for person in written.recipients() {
        if seen.insert(person.key()) {
            recipients.push(person.address.trim().to_owned());
        }
    }
    if recipients.is_empty() {
        return Err(ComposeError::NoRecipient);
    }
    let automatic = row.kind == ComposeKind::AutoReply;
    let files = mime::carried(written.html.as_deref(), files);
    let source = source(Reader::Recipients, row, &files, &sender, date);
    Ok(OutgoingMessage {
        token: row.token.clone(),
        sender,
        recipients,
        source: Bytes::from(source),
        composition: Composition {
            html: written.html.as_deref().map(without_marks),
            ..written.clone()
        },
        files,
        date,
        automatic,
    })
}

/// The source of a message that is still here, to be shown to its author or kept among the provider's drafts.
///
/// With Bcc, so that another program can send it; with whatever stands in it, finished or not.
pub fn draft(
    row: &Outgoing,
    files: &[(OutgoingFile, Bytes)],
    account: &Account,
    date: Millis,
) -> Vec<u8> {
    let files = mime::carried(row.composition.html.as_deref(), files);
    source(Reader::Author, row, &files, &sender(&row.composition, account), date)
}

/// A fresh Message-ID without brackets: random, at the domain of its sender, with nothing of the machine.
///
/// # Errors
/// When the system has no randomness to give.
pub fn token(sender: &str) -> Result<String, ComposeError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| ComposeError::Random(error.to_string()))?;
    // RFC 9562: version 4, variant 10.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut id = String::with_capacity(40);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        id.push_str(&format!("{byte:02x}"));
    }
    let domain = sender.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase());
    let fits = |domain: &String| {
        !domain.is_empty()
            && domain.len() <= 200
            && domain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
    };
    // A Message-ID is ASCII; what cannot be said in it is left out.
    let domain = domain.filter(fits).unwrap_or_else(|| "mail.invalid".to_owned());
    Ok(format!("{id}@{domain}"))
}

/// Bytes a file takes on the wire: base64 in lines.
pub fn encoded_size(bytes: u64) -> u64 {
    let encoded = bytes.div_ceil(3).saturating_mul(4);
    encoded.saturating_add(encoded.div_ceil(76).saturating_mul(2))
}

/// Who a message is from: whom it says, or the account.
pub fn sender(written: &Composition, account: &Account) -> Address {
    written.from.clone().unwrap_or_else(|| Address { name: None, address: account.address.clone() })
}

fn check(field: &'static str, people: &[Address]) -> Result<(), ComposeError> {
    for person in people {
        if let Some(fault) = fault(person.address.trim()) {
            return Err(ComposeError::Address { field, address: person.address.clone(), fault });
        }
    }
    Ok(())
}

fn source(
    reader: Reader,
    row: &Outgoing,
    files: &[(OutgoingFile, Bytes)],
    sender: &Address,
    date: Millis,
) -> Vec<u8> {
    let written = &row.composition;
    let mut head = String::new();
    head.push_str("Date: ");
    head.push_str(&rfc2822(date));
    head.push_str("\r\n");
    header::addresses("From", std::slice::from_ref(sender), &mut head);
    header::addresses("To", &written.to, &mut head);
    header::addresses("Cc", &written.cc, &mut head);
    match reader {
        Reader::Author => header::addresses("Bcc", &written.bcc, &mut head),
        // RFC 5322 section 3.6.3: a header without any recipient is refused by some.
        Reader::Recipients if written.to.is_empty() && written.cc.is_empty() => {
            head.push_str("To: undisclosed-recipients:;\r\n");
        }
        Reader::Recipients => {}
    }
    header::addresses("Reply-To", &written.reply_to, &mut head);
    header::text("Subject", &written.subject, &mut head);
    header::ids("Message-ID", std::slice::from_ref(&row.token), &mut head);
    header::ids("In-Reply-To", written.in_reply_to.as_slice(), &mut head);
    header::ids("References", &bounded(written.references.clone()), &mut head);
    if row.kind == ComposeKind::AutoReply {
        head.push_str("Auto-Submitted: auto-replied\r\n");
    }
    head.push_str("MIME-Version: 1.0\r\n");
    let html = written.html.as_deref().map(|html| match reader {
        Reader::Author => html.to_owned(),
        Reader::Recipients => without_marks(html),
    });
    let plain = match &html {
        Some(html) if written.text.trim().is_empty() => text_of(html),
        _ => written.text.clone(),
    };
    let mut source = head.into_bytes();
    source.extend_from_slice(&mime::body(&plain, html.as_deref(), files));
    source
}

/// HTML without the marks by which the composer finds the signature and the quotation again.
fn without_marks(html: &str) -> String {
    let mut marked = html.to_owned();
    for mark in [" data-signature=\"", " data-quote=\""] {
        let mut out = String::with_capacity(marked.len());
        let mut rest = marked.as_str();
        while let Some((before, after)) = rest.split_once(mark) {
            out.push_str(before);
            rest = after.split_once('"').map_or("", |(_, rest)| rest);
        }
        out.push_str(rest);
        marked = out;
    }
    marked
}

/// The date as a header says it, in UTC: where the writer is, is nobody's business.
fn rfc2822(date: Millis) -> String {
    let at = Timestamp::from_millisecond(date).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
