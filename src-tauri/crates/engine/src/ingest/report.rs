//! What a mail server or a mail program reports of a message that was sent: RFC 3464 (delivery), RFC 8098 (reading).
//!
//! Invariant: only what is said is taken over. A report that names no message, or none of its recipients, is a mail
//! like any other; whether the message it names is one of ours, the store knows.

use deskbell_domain::outgoing::{Fate, Report, Told};

use super::header::{self, Field};
use super::mime::Part;

/// Parts of a report are small; of a larger one the beginning is read.
const MAX_PART: usize = 256 * 1024;
/// Recipients read of one report.
const MAX_TOLD: usize = 1_000;
/// The words of a server are cut after so many characters.
const WORDS: usize = 300;

/// Reads the report a message is, if it is one.
pub(super) fn report(source: &[u8], parts: &[Part]) -> Option<Report> {
    let root = parts.first()?;
    if root.media.kind != "multipart/report" {
        return None;
    }
    let part = |kinds: &[&str]| {
        let found = parts.iter().find(|part| kinds.contains(&part.media.kind.as_str()))?;
        Some(found.transfer.decode(found.body_of(source), MAX_PART).into_owned())
    };
    if let Some(status) = part(&["message/delivery-status", "message/global-delivery-status"]) {
        let returned = part(&[
            "message/rfc822",
            "message/global",
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/global-headers",
        ]);
        let named = returned.and_then(|source| first_id(&source, "Message-ID"));
        return delivery(&status, named);
    }
    let kinds = ["message/disposition-notification", "message/global-disposition-notification"];
    reading(&part(&kinds)?)
}

fn delivery(status: &[u8], named: Option<String>) -> Option<Report> {
    let mut groups = groups(status);
    let envelope = groups.next().and_then(|group| value(group, "Original-Envelope-Id"));
    let token = named.or(envelope.map(|id| bare(&id)))?;
    let told: Vec<Told> = groups.filter_map(recipient).take(MAX_TOLD).collect();
    (!told.is_empty()).then_some(Report { token, told })
}

fn recipient(group: &[u8]) -> Option<Told> {
    let fate = match value(group, "Action")?.to_ascii_lowercase().as_str() {
        "failed" => Fate::Failed,
        "delayed" => Fate::Delayed,
        "delivered" => Fate::Delivered,
        // Handed on to a server that reports nothing, or to a list: nobody knows more than before.
        _ => return None,
    };
    let address = value(group, "Original-Recipient").or_else(|| value(group, "Final-Recipient"))?;
    let said = value(group, "Diagnostic-Code").map(|said| behind_type(&said).to_owned());
    let reason = said.or_else(|| value(group, "Status")).unwrap_or_default();
    let reason = reason.chars().take(WORDS).collect();
    Some(Told { address: behind_type(&address).to_owned(), fate, reason })
}

fn reading(notification: &[u8]) -> Option<Report> {
    let token = bare(&value(notification, "Original-Message-ID")?);
    let disposition = value(notification, "Disposition")?.to_ascii_lowercase();
    let (_, what) = disposition.split_once(';')?;
    // "deleted" and "dispatched" say that nobody looked, or nothing.
    if what.trim().split(['/', ',']).next()?.trim() != "displayed" {
        return None;
    }
    let address = value(notification, "Original-Recipient")
        .or_else(|| value(notification, "Final-Recipient"))?;
    let address = behind_type(&address).to_owned();
    Some(Report { token, told: vec![Told { address, fate: Fate::Read, reason: String::new() }] })
}

/// The groups of fields, which empty lines part.
fn groups(status: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = status;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len();
        let mut at = 0;
        for line in rest.split_inclusive(|byte| *byte == b'\n') {
            if line.trim_ascii().is_empty() {
                end = at;
                break;
            }
            at += line.len();
        }
        let (group, behind) = rest.split_at(end);
        rest = behind;
        Some(group)
    })
}

fn value(group: &[u8], name: &str) -> Option<String> {
    let field: Field<'_> = header::fields(group).find(|field| field.is(name))?;
    let text = String::from_utf8_lossy(field.value);
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!folded.is_empty()).then_some(folded)
}

/// `rfc822; bob@b.example` without its type.
fn behind_type(text: &str) -> &str {
    text.split_once(';').map_or(text, |(_, rest)| rest).trim().trim_matches(['<', '>'])
}

fn first_id(source: &[u8], name: &str) -> Option<String> {
    let block = header::split(source).0;
    let field = header::fields(block).find(|field| field.is(name))?;
    Some(bare(&String::from_utf8_lossy(field.value)))
}

fn bare(id: &str) -> String {
    id.trim().trim_start_matches('<').trim_end_matches('>').to_owned()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn read(source: &str) -> Option<Report> {
        let source = source.replace('\n', "\r\n");
        super::super::body(Bytes::from(source)).expect("a mail").report
    }

    fn dsn(groups: &str, returned: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.example\nTo: ada@studio.example\nSubject: Report\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n\
             Here is what became of it.\n--b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.example\nOriginal-Envelope-ID: one@studio.example\n\n{groups}\n\
             --b\nContent-Type: {returned}\n\nMessage-ID: <one@studio.example>\nSubject: Friday\n\n--b--\n"
        )
    }

    #[test]
    fn each_recipient_of_a_delivery_report_is_told_apart() {
        let groups = "Final-Recipient: rfc822; bob@b.example\nAction: delivered\nStatus: 2.0.0\n\n\
             Original-Recipient: rfc822;gone@b.example\nFinal-Recipient: rfc822;other@c.example\nAction: failed\n\
             Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1\n no such user\n\n\
             Final-Recipient: rfc822;slow@b.example\nAction: delayed\nStatus: 4.4.1\n\n\
             Final-Recipient: rfc822;old@b.example\nAction: relayed\nStatus: 2.0.0\n";
        for returned in ["text/rfc822-headers", "message/rfc822"] {
            let report = read(&dsn(groups, returned)).expect("a report");
            assert_eq!(report.token, "one@studio.example");
            let told: Vec<_> =
                report.told.iter().map(|one| (one.address.as_str(), one.fate)).collect();
            let expected = [
                ("bob@b.example", Fate::Delivered),
                ("gone@b.example", Fate::Failed),
                ("slow@b.example", Fate::Delayed),
            ];
            assert_eq!(told, expected, "what was only handed on is not delivered");
            assert_eq!(report.told[1].reason, "550 5.1.1 no such user", "in the server's words");
        }
    }

    #[test]
    fn the_envelopes_name_serves_where_nothing_of_the_message_comes_back() {
        let groups = "Final-Recipient: rfc822; bob@b.example\nAction: delivered\n";
        let bare = dsn(groups, "text/plain");
        assert_eq!(read(&bare).expect("a report").token, "one@studio.example");
        let nameless = bare.replace("Original-Envelope-ID", "X-Nothing");
        assert_eq!(read(&nameless), None, "a report on nothing is a mail like any other");
    }

    #[test]
    fn only_a_message_that_was_shown_counts_as_read() {
        let mdn = |what: &str| {
            format!(
                "From: bob@b.example\nSubject: Read\nMIME-Version: 1.0\n\
                 Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\n\
                 Read.\n--b\nContent-Type: message/disposition-notification\n\n\
                 Final-Recipient: rfc822; bob@b.example\nOriginal-Message-ID: <one@studio.example>\n\
                 Disposition: manual-action/MDN-sent-manually; {what}\n\n--b--\n"
            )
        };
        let report = read(&mdn("displayed")).expect("a report");
        assert_eq!(
            (report.token.as_str(), report.told[0].fate),
            ("one@studio.example", Fate::Read)
        );
        for what in ["deleted", "dispatched", "displayed-not"] {
            assert_eq!(read(&mdn(what)), None, "{what}");
        }
    }

    #[test]
    fn a_mail_that_only_speaks_of_a_report_is_none() {
        for source in [
            "Subject: x\nContent-Type: text/plain\n\nAction: delivered\n",
            "Subject: x\nContent-Type: multipart/report; boundary=b\n\n--b\n\nnothing\n--b--\n",
            "Subject: x\nContent-Type: multipart/report; boundary=b\n\n",
        ] {
            assert_eq!(read(source), None, "{source:?}");
        }
    }
}
