//! A draft given over to be sent: what keeps it here, and what a person looks at first.
//!
//! Invariant: nothing leaves without passing [`send`]; what is refused there stays a draft, with the field named.

use deskbell_domain::outgoing::{Composition, OutgoingFile};
use deskbell_domain::time::DAY;
use deskbell_domain::{Address, Millis, OutgoingId, template};
use deskbell_engine::compose::fault;
use deskbell_store::sync::outgoing as drafts;
use deskbell_store::sync::transit;
use deskbell_store::table::{account, outgoing};

use crate::compose::{own_words, warnings};
use crate::desk::Desk;
use crate::dto::{
    ApiError, Code, FieldError, Outgoing, RescheduleArgs, SendArgs, SendResult, Warning,
};
use crate::handlers::limits::{self, Limits, Most};
use crate::handlers::{attach, id, outbox};

/// Furthest a message may be put off: about ten years.
const FURTHEST: Millis = 3_660 * DAY;

/// Gives a draft over to be sent, unless something is wrong with it or should be looked at first.
pub async fn send(desk: &Desk, args: SendArgs) -> Result<SendResult, ApiError> {
    let draft: OutgoingId = id("id", &args.id)?;
    let (row, files, own) = desk
        .store
        .read(move |c| {
            let row = outgoing::get(c, draft)?;
            let own = account::get(c, row.account)?;
            let files = outgoing::files(c, draft)?;
            Ok((row, files, own))
        })
        .await?;
    let limits = limits::of(desk, row.account).await?;
    if !limits.sends {
        return Err(ApiError::new(
            Code::NoSender,
            "This account cannot send yet. Enter its outgoing mail server in its settings, or choose an account that sends for it. The message stays a draft.",
        ));
    }
    let mut wrong = faults(&row.composition, &own, limits.most);
    limits::empty(&files, limits.most, &mut wrong);
    attach::lost(desk, &files, &mut wrong).await?;
    let bare = limits::bare(&row, &own);
    limits::too_large(bare, &files, limits.most, &mut wrong);
    let now = desk.now();
    wrong.extend(wrong_instant(args.at, now));
    if let Some(first) = wrong.first() {
        let mut refusal = ApiError::new(Code::Invalid, first.message.clone());
        refusal.fields = wrong;
        return Err(refusal);
    }
    let mut look = warnings(row.kind, &row.composition, &files);
    look.extend(not_for_the_stand_in(&limits, bare, &row.composition, &files));
    look.retain(|warning| !args.confirmed.contains(warning));
    if !look.is_empty() {
        return Ok(SendResult { outgoing: None, warnings: look });
    }
    let (not_before, scheduled) = leaves(args.at, now, &own);
    // Told that it is on its way, a person may pull the plug.
    desk.write_durably(move |w| drafts::queue(w, draft, not_before, scheduled)).await?;
    Ok(SendResult { outgoing: Some(outbox::show(desk, draft).await?), warnings: Vec::new() })
}

/// Another instant for a message that waits: one a person chose, or as soon as nobody can take it back any more.
pub async fn reschedule(desk: &Desk, args: RescheduleArgs) -> Result<Outgoing, ApiError> {
    let item: OutgoingId = id("id", &args.id)?;
    let now = desk.now();
    if let Some(wrong) = wrong_instant(args.at, now) {
        return Err(ApiError::field(&wrong.field, wrong.message));
    }
    desk.write_durably(move |w| {
        let own = account::get(w, outgoing::get(w, item)?.account)?;
        let (not_before, scheduled) = leaves(args.at, now, &own);
        transit::reschedule(w, item, not_before, scheduled)
    })
    .await?;
    outbox::show(desk, item).await
}

/// What is wrong with an instant chosen for sending.
fn wrong_instant(at: Option<Millis>, now: Millis) -> Option<FieldError> {
    match at {
        Some(at) if at <= now => {
            Some(FieldError::new("at", "This time has passed; choose one in the future."))
        }
        Some(at) if at > now + FURTHEST => {
            Some(FieldError::new("at", "This is too far ahead. Choose a time within ten years."))
        }
        _ => None,
    }
}

/// When a message leaves, and whether a person chose that.
fn leaves(at: Option<Millis>, now: Millis, account: &account::Account) -> (Millis, bool) {
    (at.unwrap_or(now + account.undo_ms.max(0)), at.is_some())
}

/// A message that only the account itself can send: the one that stands in for it takes less.
fn not_for_the_stand_in(
    limits: &Limits,
    bare: u64,
    written: &Composition,
    files: &[OutgoingFile],
) -> Option<Warning> {
    let (name, most) = limits.stand_in.as_ref()?;
    let large = bare + limits::carried(files) > most.bytes
        || written.recipients().count() > most.recipients;
    let wrong = (most.needs_to && written.to.is_empty())
        || (most.no_empty_files && files.iter().any(|file| file.size == 0));
    let kind = "not_for_stand_in".to_owned();
    (large || wrong).then(|| Warning { kind, detail: name.clone() })
}

/// What keeps a message from being sent, by field.
fn faults(written: &Composition, account: &account::Account, most: Most) -> Vec<FieldError> {
    let Most { recipients, needs_to, .. } = most;
    let mut wrong = Vec::new();
    let from = deskbell_engine::compose::sender(written, account);
    let lists: [(&str, &[Address]); 5] = [
        ("from", std::slice::from_ref(&from)),
        ("to", &written.to),
        ("cc", &written.cc),
        ("bcc", &written.bcc),
        ("reply_to", &written.reply_to),
    ];
    for (field, people) in lists {
        for person in people {
            if let Some(fault) = fault(person.address.trim()) {
                wrong.push(FieldError::new(field, format!("“{}” {fault}.", person.address)));
            }
        }
    }
    let count = written.recipients().count();
    if count == 0 {
        wrong.push(FieldError::new("to", "Enter at least one recipient."));
    } else if count > recipients {
        wrong.push(FieldError::new(
            "to",
            format!("This message has {count} recipients; this account sends to {recipients} at most. Send it in parts."),
        ));
    } else if written.to.is_empty() && needs_to {
        wrong.push(FieldError::new(
            "to",
            "This account's provider needs somebody under To. Enter at least one there, such as yourself.",
        ));
    }
    let own = own_words(&written.text);
    for (field, text) in [("subject", written.subject.as_str()), ("text", own.as_str())] {
        let names = template::left_over(text);
        if let Some(name) = names.iter().find(|name| is_of_a_template(name)) {
            wrong.push(FieldError::new(
                field,
                format!("“{{{{{name}}}}}” of a template is not filled in. Write what it stands for, or take it out."),
            ));
        }
    }
    wrong
}

/// Braces are only text to those who write about braces; our variables begin like ours.
fn is_of_a_template(name: &str) -> bool {
    let begins = |kind: &str| name.split('.').next() == Some(kind) && name.contains('.');
    ["contact", "sender", "account", "date", "appointment"].into_iter().any(begins)
}
