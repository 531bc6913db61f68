//! One message over one connection: MAIL, RCPT, DATA, the message, the verdict.
//!
//! Invariant: as long as the end of the message was not handed to the connection, nothing has left; once it
//! was, only the server's verdict can tell, and without it the fate is `Unknown`.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use deskbell_domain::outgoing::{OutgoingMessage, RefusedRecipient, SendOutcome};
use deskbell_domain::port::{Departure, Parting};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{MailBodyParameter, MailParameter, RcptParameter};

use super::connect::Line;
use super::envelope::Envelope;
use super::pace::{CHUNK, Pace};
use super::reply::{Reply, Trouble, shorten};

/// How a transaction ended.
pub(crate) enum Ended {
    /// With an outcome; `bool` says whether the connection is still good.
    With(SendOutcome, bool),
    /// The connection turned out to be dead before anything was asked of the server.
    Dead(Trouble),
}

/// Hands one message over.
pub(crate) async fn hand_over(
    line: &mut Line,
    mail: &OutgoingMessage,
    envelope: &Envelope,
    departure: &dyn Departure,
    pace: &Pace,
) -> Ended {
    if line.used
        && let Err(trouble) = line.command(Rset).await
    {
        return Ended::Dead(trouble);
    }
    let reused = std::mem::replace(&mut line.used, true);
    if let Err(outcome) = envelope.suits(&line.offers) {
        return Ended::With(outcome, true);
    }
    let mut parameters = Vec::new();
    if line.offers.size.is_some() {
        parameters.push(MailParameter::Size(envelope.bytes()));
    }
    if envelope.eight_bit {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    if envelope.utf8 {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if line.offers.dsn {
        let other = |keyword: &str, value: &str| MailParameter::Other {
            keyword: keyword.to_owned(),
            value: Some(value.to_owned()),
        };
        parameters.extend([other("RET", "HDRS"), other("ENVID", &mail.token)]);
    }
    match line.command(Mail::new(Some(envelope.sender.clone()), parameters)).await {
        Ok(_) => {}
        // Some servers take a number of messages and then end the connection.
        Err(trouble) if reused && trouble.spoils_connection() => return Ended::Dead(trouble),
        Err(trouble) => return before(trouble, mail),
    }
    let (mut refused, mut later) = (Vec::new(), Vec::new());
    let mut permanent = None;
    for (written, address) in &envelope.recipients {
        let reports =
            if line.offers.dsn { wanted_reports(written, mail.automatic) } else { Vec::new() };
        match line.command(Rcpt::new(address.clone(), reports)).await {
            Ok(_) => {}
            Err(Trouble::Refused(reply)) if reply.code != 421 => {
                let reason = reply.about_recipient(written);
                let one = RefusedRecipient { address: written.clone(), reason };
                if reply.is_temporary() {
                    later.push(one);
                } else {
                    refused.push(one);
                    permanent.get_or_insert(reply);
                }
            }
            Err(trouble) => return before(trouble, mail),
        }
    }
    if refused.len() + later.len() == envelope.recipients.len() {
        return Ended::With(nobody(refused, &later, permanent), true);
    }
    match line.command(Data).await {
        Ok(reply) if reply.has_code(354) => {}
        Ok(_) => {
            return before(Trouble::Lost("the server did not ask for the message".into()), mail);
        }
        Err(trouble) => return before(trouble, mail),
    }
    let known = Parting { note: None, refused, later };
    if let Err(reason) = departure.departs_with(&known).await {
        // The server waits for the message now; without its end nothing of it counts.
        return Ended::With(SendOutcome::Retry { after: None, message: reason }, false);
    }
    deliver(line, mail, known, pace).await
}

/// Which reports on delivery are wanted of a recipient (RFC 3461): what came back or waits, and nothing of what a rule
/// sent (RFC 3834). That it arrived is not asked for: each such report would be one more mail to read.
fn wanted_reports(written: &str, automatic: bool) -> Vec<RcptParameter> {
    let other = |keyword: &str, value: String| RcptParameter::Other {
        keyword: keyword.to_owned(),
        value: Some(value),
    };
    let notify = if automatic { "NEVER" } else { "FAILURE,DELAY" };
    let mut parameters = vec![other("NOTIFY", notify.to_owned())];
    if written.is_ascii() {
        parameters.push(other("ORCPT", format!("rfc822;{written}")));
    }
    parameters
}

/// Sends the message itself and reads the verdict.
async fn deliver(line: &mut Line, mail: &OutgoingMessage, known: Parting, pace: &Pace) -> Ended {
    let Parting { refused, later, .. } = known;
    let source = with_crlf(&mail.source);
    // lettre puts CRLF, a dot and CRLF behind the message, whether it ends in CRLF or not.
    let body = source.strip_suffix(b"\r\n").unwrap_or(&source);
    let ended = AtomicBool::new(false);
    let mut chunks = body.chunks(CHUNK);
    let stream = line.stream.clone();
    stream.set_patience(pace.block);
    let pieces = std::iter::from_fn(|| {
        let next = chunks.next();
        if next.is_none() {
            ended.store(true, Ordering::Relaxed);
            stream.set_patience(pace.verdict);
        }
        next
    });
    let verdict = line.smtp.message_iter(pieces).await;
    line.stream.set_patience(pace.command);
    let outcome = match verdict {
        Ok(reply) if u16::from(reply.code()) < 300 => {
            let remote_id = queue_id(&reply.message().collect::<Vec<_>>());
            if later.is_empty() {
                SendOutcome::Accepted { remote_id, refused }
            } else {
                SendOutcome::Partly { remote_id, refused, later }
            }
        }
        Ok(_) => SendOutcome::Unknown("the server's verdict makes no sense".into()),
        Err(error) => match Trouble::of(&error) {
            Trouble::Refused(reply) => {
                let good = reply.code != 421;
                return Ended::With(verdict_of(&reply, mail), good);
            }
            trouble if ended.load(Ordering::Relaxed) => SendOutcome::Unknown(format!(
                "{trouble} before it said whether it took the message"
            )),
            trouble => retry(trouble.to_string()),
        },
    };
    let good = matches!(outcome, SendOutcome::Accepted { .. } | SendOutcome::Partly { .. });
    Ended::With(outcome, good)
}

/// Trouble before the message was asked for: nothing has left.
fn before(trouble: Trouble, mail: &OutgoingMessage) -> Ended {
    let good = !trouble.spoils_connection();
    let outcome = match trouble {
        Trouble::Refused(reply) => verdict_of(&reply, mail),
        Trouble::SignIn(text) => SendOutcome::SignIn(text),
        other => retry(other.to_string()),
    };
    Ended::With(outcome, good)
}

fn verdict_of(reply: &Reply, mail: &OutgoingMessage) -> SendOutcome {
    let message = reply.about_message(&mail.sender.address);
    if reply.code == 421 {
        // The server goes down: it is the server that is away, not this message that is unwelcome.
        retry(message)
    } else if reply.is_temporary() {
        SendOutcome::Later { message }
    } else if reply.code == 530 {
        SendOutcome::SignIn(message)
    } else {
        SendOutcome::Rejected { code: reply.code(), message, refused: Vec::new() }
    }
}

/// Every recipient was refused: for good only if none was refused for the moment.
fn nobody(
    refused: Vec<RefusedRecipient>,
    later: &[RefusedRecipient],
    permanent: Option<Reply>,
) -> SendOutcome {
    let first = later.first().or(refused.first());
    let reason = first.map(|one| one.reason.clone()).unwrap_or_default();
    match permanent {
        Some(reply) if later.is_empty() => {
            let message = match refused.len() {
                1 => reason,
                count => format!("The server refused all {count} recipients. {reason}"),
            };
            SendOutcome::Rejected { code: reply.code(), message, refused }
        }
        _ => SendOutcome::Later { message: reason },
    }
}

pub(super) fn retry(message: String) -> SendOutcome {
    SendOutcome::Retry { after: None, message }
}

/// The name a server gives a message in its queue, where it tells one: "queued as 4Xk2".
fn queue_id(lines: &[&str]) -> Option<String> {
    let text = shorten(&lines.join(" "));
    let (_, behind) = text.split_once("queued as ").or_else(|| text.split_once("id="))?;
    let name = behind.split_whitespace().next()?.trim_end_matches(['.', ')', ';']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// The message with every line ended by CRLF: a lone CR or LF reads as a line end to some servers, and a
/// dot behind it as the end of the message (CVE-2023-51764).
fn with_crlf(source: &Bytes) -> Bytes {
    let mut before = 0;
    let lone = source.iter().enumerate().any(|(at, byte)| {
        let after = source.get(at + 1).copied();
        let wrong = match byte {
            b'\n' => before != b'\r',
            b'\r' => after != Some(b'\n'),
            _ => false,
        };
        before = *byte;
        wrong
    });
    if !lone {
        return source.clone();
    }
    let mut whole = Vec::with_capacity(source.len() + source.len() / 32);
    let mut bytes = source.iter().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if(|next| **next == b'\n');
                whole.extend_from_slice(b"\r\n");
            }
            b'\n' => whole.extend_from_slice(b"\r\n"),
            other => whole.push(*other),
        }
    }
    whole.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_ends_as_mail_wants_it() {
        for (given, sent) in [
            ("a\r\nb\r\n", "a\r\nb\r\n"),
            ("a\nb", "a\r\nb"),
            ("a\rb\r\n", "a\r\nb\r\n"),
            ("a\r\r\nb", "a\r\n\r\nb"),
            ("x\n.\r\ny\r.\r", "x\r\n.\r\ny\r\n.\r\n"),
            ("", ""),
        ] {
            let whole = with_crlf(&Bytes::from_static(given.as_bytes()));
            assert_eq!(String::from_utf8_lossy(&whole), sent, "{given:?}");
        }
    }

    #[test]
    fn the_servers_name_for_a_message_is_found_where_it_is_told() {
        assert_eq!(queue_id(&["2.0.0 Ok: queued as 4Xk2Zz"]).as_deref(), Some("4Xk2Zz"));
        assert_eq!(queue_id(&["OK id=1tE-0002-Ab"]).as_deref(), Some("1tE-0002-Ab"));
        assert_eq!(queue_id(&["thanks"]), None);
    }
}
