//! From a message to SendGrid's mail, and from its refusals to plain words.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::Address;
use deskbell_domain::address::identity_key;
use deskbell_domain::outgoing::{OutgoingMessage, RefusedRecipient, SendOutcome};

use super::wire::{Attachment, Content, Mail, Person, Personalization, Refusal, Tracking};
use crate::http::{Answer, one_line as line, shorten};

/// The name under which a message's own token travels with it.
pub(super) const TOKEN: &str = "deskbell_token";
/// Most recipients of one request.
pub(super) const RECIPIENTS: u32 = 1000;
/// Largest message in bytes, files encoded.
pub(super) const LARGEST: u64 = 30_000_000;

/// The mail, without the recipients that are refused.
pub(super) fn mail(
    mail: &OutgoingMessage,
    refused: &[RefusedRecipient],
) -> Result<Mail, SendOutcome> {
    let composition = &mail.composition;
    if mail.recipients.len() > RECIPIENTS as usize {
        return Err(rejected(
            "recipients",
            format!("SendGrid takes at most {RECIPIENTS} recipients; send to fewer at once."),
        ));
    }
    if let Some((file, _)) = mail.files.iter().find(|(_, bytes)| bytes.is_empty()) {
        return Err(rejected(
            "attachments",
            format!("SendGrid carries no empty files; remove “{}”.", line(&file.name)),
        ));
    }
    let mut content = vec![Content { kind: "text/plain", value: filled(&composition.text) }];
    content.extend(
        composition.html.iter().map(|html| Content { kind: "text/html", value: filled(html) }),
    );
    let mut headers = BTreeMap::from([("Message-ID", format!("<{}>", mail.token))]);
    if let Some(id) = &composition.in_reply_to {
        headers.insert("In-Reply-To", line(&format!("<{id}>")));
    }
    if !composition.references.is_empty() {
        let ids = composition.references.iter().map(|id| format!("<{id}>"));
        headers.insert("References", line(&ids.collect::<Vec<_>>().join(" ")));
    }
    if mail.automatic {
        headers.insert("Auto-Submitted", "auto-replied".into());
    }
    Ok(Mail {
        personalizations: personalizations(mail, refused),
        from: person(&mail.sender),
        reply_to_list: composition.reply_to.iter().map(person).collect(),
        subject: filled(&line(&composition.subject)),
        content,
        attachments: mail
            .files
            .iter()
            .map(|(file, bytes)| Attachment {
                content: STANDARD.encode(bytes),
                kind: line(&file.media_type),
                filename: line(&file.name),
                disposition: if file.content_id.is_some() { "inline" } else { "attachment" },
                content_id: file.content_id.clone(),
            })
            .collect(),
        headers,
        tracking_settings: Tracking::default(),
    })
}

/// The envelopes. SendGrid wants each address once, and somebody under To: where there are only blind
/// copies, each gets an envelope of its own, so that none sees another.
fn personalizations(mail: &OutgoingMessage, refused: &[RefusedRecipient]) -> Vec<Personalization> {
    let mut seen = Vec::new();
    let mut of = |people: &[Address]| -> Vec<Person> {
        let mut list = Vec::new();
        for one in people {
            let key = one.key();
            let wanted = mail.recipients.iter().any(|other| identity_key(other) == key);
            let barred = refused.iter().any(|other| identity_key(&other.address) == key);
            if wanted && !barred && !seen.contains(&key) {
                seen.push(key);
                list.push(person(one));
            }
        }
        list
    };
    let composition = &mail.composition;
    let (mut to, mut cc, bcc) = (of(&composition.to), of(&composition.cc), of(&composition.bcc));
    let custom_args = BTreeMap::from([(TOKEN, mail.token.clone())]);
    if to.is_empty() {
        std::mem::swap(&mut to, &mut cc);
    }
    if to.is_empty() {
        let alone = |one| Personalization {
            to: vec![one],
            cc: Vec::new(),
            bcc: Vec::new(),
            custom_args: custom_args.clone(),
        };
        return bcc.into_iter().map(alone).collect();
    }
    vec![Personalization { to, cc, bcc, custom_args }]
}

fn person(address: &Address) -> Person {
    Person {
        email: line(&address.address),
        name: address.name.as_deref().map(line).filter(|name| !name.is_empty()),
    }
}

/// SendGrid refuses empty texts.
fn filled(text: &str) -> String {
    if text.is_empty() { " ".into() } else { text.to_owned() }
}

/// What a refusal means for the message.
pub(super) fn refusal(answer: &Answer, sender: &str) -> SendOutcome {
    let reasons = answer.json::<Refusal>().unwrap_or_default().errors;
    let words: Vec<String> = reasons
        .iter()
        .map(|reason| match &reason.field {
            Some(field) if !field.is_empty() => format!("{}: {}", field, reason.message),
            _ => reason.message.clone(),
        })
        .collect();
    let words = shorten(&words.join("; "));
    match answer.status {
        401 => SendOutcome::SignIn(format!("check the API key ({words})")),
        403 if words.to_ascii_lowercase().contains("permission")
            || words.contains("access forbidden") =>
        {
            SendOutcome::SignIn(format!(
                "this API key may not send; give it the right to send mail ({words})"
            ))
        }
        403 => rejected(
            "403",
            format!(
                "SendGrid does not let this account send as {sender}; verify the sender there ({words})"
            ),
        ),
        413 => rejected(
            "413",
            "The message is too large for SendGrid; remove a file or send a link.".into(),
        ),
        429 => {
            SendOutcome::Retry { after: answer.after, message: "SendGrid asks for a pause".into() }
        }
        503 => SendOutcome::Retry { after: answer.after, message: "SendGrid is not ready".into() },
        // Said by whatever stands before SendGrid, which may have handed the message on.
        500.. => SendOutcome::Unknown(format!(
            "SendGrid answered with an error of its own ({})",
            answer.status
        )),
        status => rejected(&status.to_string(), format!("SendGrid refused the message ({words})")),
    }
}

pub(super) fn rejected(code: &str, message: String) -> SendOutcome {
    SendOutcome::Rejected { code: code.into(), message, refused: Vec::new() }
}
