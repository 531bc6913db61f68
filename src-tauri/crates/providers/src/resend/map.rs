//! From a message to Resend's email, and from its refusals to plain words.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::Address;
use deskbell_domain::address::identity_key;
use deskbell_domain::outgoing::{OutgoingMessage, RefusedRecipient, SendOutcome};

use super::wire::{Attachment, Email, Refusal};
use crate::http::{Answer, one_line as line, shorten, spelled};

/// Most recipients of one email under To.
pub(super) const RECIPIENTS: u32 = 50;
/// Largest email in bytes, files encoded (Resend's help on attachments).
pub(super) const LARGEST: u64 = 40_000_000;

/// How Resend calls a key that it knows with another body.
pub(super) const OTHER_BODY: &str = "invalid_idempotent_request";

/// The email, without the recipients that are refused.
pub(super) fn email(
    mail: &OutgoingMessage,
    refused: &[RefusedRecipient],
) -> Result<Email, SendOutcome> {
    let composition = &mail.composition;
    let mut seen = Vec::new();
    let mut of = |people: &[Address]| -> Vec<String> {
        let mut list = Vec::new();
        for person in people {
            let key = person.key();
            let wanted = mail.recipients.iter().any(|one| identity_key(one) == key);
            let barred = refused.iter().any(|one| identity_key(&one.address) == key);
            if wanted && !barred && !seen.contains(&key) {
                seen.push(key);
                list.push(spelled(person));
            }
        }
        list
    };
    let (to, cc, bcc) = (of(&composition.to), of(&composition.cc), of(&composition.bcc));
    if to.is_empty() {
        return Err(rejected(
            "to",
            "Resend needs at least one recipient under To; add one.".into(),
        ));
    }
    if to.len() > RECIPIENTS as usize {
        return Err(rejected(
            "to",
            format!(
                "Resend takes at most {RECIPIENTS} recipients under To; send to fewer at once."
            ),
        ));
    }
    let mut headers = BTreeMap::from([("Message-ID", format!("<{}>", mail.token))]);
    if let Some(id) = &composition.in_reply_to {
        headers.insert("In-Reply-To", format!("<{id}>"));
    }
    if !composition.references.is_empty() {
        let ids = composition.references.iter().map(|id| format!("<{id}>"));
        headers.insert("References", ids.collect::<Vec<_>>().join(" "));
    }
    if mail.automatic {
        headers.insert("Auto-Submitted", "auto-replied".into());
    }
    let email = Email {
        from: spelled(&mail.sender),
        to,
        cc,
        bcc,
        reply_to: composition.reply_to.iter().map(spelled).collect(),
        subject: line(&composition.subject),
        html: composition.html.clone(),
        text: composition.text.clone(),
        headers: headers.into_iter().map(|(name, value)| (name, line(&value))).collect(),
        attachments: mail
            .files
            .iter()
            .map(|(file, bytes)| Attachment {
                filename: line(&file.name),
                content: STANDARD.encode(bytes),
                content_type: line(&file.media_type),
                content_id: file.content_id.clone(),
            })
            .collect(),
    };
    Ok(email)
}

/// What a refusal means for the message.
pub(super) fn refusal(answer: &Answer, sender: &str) -> SendOutcome {
    let Refusal { name, message } = answer.json().unwrap_or_default();
    let words = shorten(&message);
    let retry = |message: String| SendOutcome::Retry { after: answer.after, message };
    match (answer.status, name.as_str()) {
        (401, _) | (403, "invalid_api_key" | "restricted_api_key") => {
            SendOutcome::SignIn(format!("check the API key ({words})"))
        }
        (429, "daily_quota_exceeded") => SendOutcome::Retry {
            after: answer.after.or(Some(super::DAY / 24)),
            message: "Resend's quota for today is used up; it goes on by itself when it is renewed".into(),
        },
        (429, "monthly_quota_exceeded") => rejected(
            &name,
            "Resend's quota for this month is used up; raise the plan, or send with another account.".into(),
        ),
        (429, _) => retry("Resend asks for a pause".into()),
        (409, OTHER_BODY) => rejected(
            &name,
            "Another version of this message was handed to Resend within the last day; write it as a new message."
                .into(),
        ),
        // Whether it is taken nobody knows yet; the same once more settles it.
        (409, _) => SendOutcome::Unknown("Resend is still at work on this message".into()),
        (403, _) => rejected(
            &name,
            format!("Resend does not let this key send as {sender}; verify its domain there ({words})"),
        ),
        (413, _) => rejected(&name, "The message is too large for Resend; remove a file or send a link.".into()),
        // Trouble of their own may come after the message was taken.
        (500.., _) => SendOutcome::Unknown(format!("Resend has trouble of its own ({})", answer.status)),
        (_, name) => rejected(
            if name.is_empty() { "refused" } else { name },
            format!("Resend refused the message ({words})"),
        ),
    }
}

pub(super) fn rejected(code: &str, message: String) -> SendOutcome {
    SendOutcome::Rejected { code: code.into(), message, refused: Vec::new() }
}
