//! Answering by rule, as RFC 3834 wants it: once per person and day, whichever of our addresses they wrote to; never a
//! list, a machine or oneself.
//!
//! Invariant: the answer, and the note of whom was answered when, are written with the message that asked for
//! it; the outbox then sends it like any other.

use std::sync::Arc;

use deskbell_domain::outgoing::{ComposeKind, Composition};
use deskbell_domain::rule::is_unread_address;
use deskbell_domain::settings::Language;
use deskbell_domain::template::{Form, Values, Variable, fill, first_name};
use deskbell_domain::time::DAY;
use deskbell_domain::{Address, TemplateId, text};
use deskbell_store::table::account::{self, Account};
use deskbell_store::table::message::Message;
use deskbell_store::table::{rule, sender, setting, template};
use deskbell_store::{Connection, StoreError, Write, sync};

use super::header;
use crate::compose::{bounded, day_in_words, fault, reply, text_of, token};
use crate::ingest::Automatic;

/// Puts an answer on its way, if the message is one to be answered.
pub(super) fn answer(w: &mut Write<'_>, m: &Message, id: TemplateId) -> Result<(), StoreError> {
    let packer = Arc::clone(w.packer());
    let account = account::get(w, m.account)?;
    let said = header(w, &packer, m.id)?;
    let Some(to) = recipient(w, m, &account, &said)? else { return Ok(()) };
    let known = remembered(m, &to);
    known.iter().try_for_each(|key| rule::answered_by_now(w, key))?;
    for key in &known {
        if rule::answered_at(w, key)?.is_some_and(|at| w.now() - at < DAY) {
            return Ok(());
        }
    }
    // The template may have been removed since the rule was written.
    let Ok(template) = template::get(w, id) else { return Ok(()) };
    let first = sender::of_account(w, m.account)?.into_iter().find(|sender| sender.first);
    let from = first.map_or_else(
        || Address { name: None, address: account.address.clone() },
        |sender| sender.mailbox(),
    );
    let Ok(token) = token(&from.address) else {
        tracing::warn!("the machine gives no random numbers; a rule's answer is left out");
        return Ok(());
    };
    let german = is_german(setting::load(w)?.language);
    let values = values(&to, &from, &account, w.now(), german);
    let (subject, missing) = fill(&template.subject, &values, Form::Plain);
    let (html, missing_below) = fill(&template.html, &values, Form::Html);
    let whole = missing.is_empty() && missing_below.is_empty();
    let base = text::base_subject(&m.subject);
    let source = sync::source(w, &packer, m.id)?.unwrap_or_default();
    let (own, mut references) = reply::thread_of(&source);
    let message_id = m.message_id.clone().or(own);
    references.extend(message_id.clone());
    let composition = Composition {
        from: Some(from),
        to: vec![to.clone()],
        // RFC 3834, section 3.1.5: "Auto:" tells a person what it is.
        subject: if subject.trim().is_empty() { format!("Auto: {base}") } else { subject },
        text: text_of(&html),
        html: Some(html),
        in_reply_to: message_id,
        references: bounded(references),
        ..Composition::default()
    };
    let draft = sync::outgoing::NewDraft {
        account: m.account,
        kind: ComposeKind::AutoReply,
        about: Some(m.id),
        token,
        composition,
        files: Vec::new(),
    };
    let outgoing = sync::outgoing::create(w, &draft)?;
    // Nobody is sent a gap: what could not be filled in waits among the drafts for a person.
    if whole {
        sync::outgoing::queue(w, outgoing, w.now(), false)?;
    }
    known.iter().try_for_each(|key| rule::set_answered(w, m.account, key))
}

/// Under what somebody answered is remembered: where the answer went, and who wrote. Some senders come back to another
/// address with every mail; the person stays the same.
pub(super) fn remembered(m: &Message, to: &Address) -> [String; 2] {
    let author = Address { name: None, address: m.from_address.clone() };
    [to.key(), author.key()]
}

/// Whom an automatic answer goes to; `None` where there must be none.
pub(super) fn recipient(
    c: &Connection,
    m: &Message,
    account: &Account,
    said: &Automatic,
) -> Result<Option<Address>, StoreError> {
    let bounce = said.return_path.as_deref().unwrap_or(&m.from_address);
    let unwelcome = said.machine || m.bulk || m.own || !account.sends;
    let nobody = |address: &str| fault(address).is_some() || is_unread_address(address);
    if unwelcome || nobody(bounce) || nobody(&m.from_address) {
        return Ok(None);
    }
    let own = |address: &Address| -> Result<bool, StoreError> {
        let key = address.key();
        let account = deskbell_domain::address::identity_key(&account.address);
        Ok(key == account || sender::is_own(c, &key)?)
    };
    let to = Address {
        name: Some(m.from_name.clone()).filter(|name| !name.is_empty()),
        address: bounce.to_owned(),
    };
    let author = Address { name: None, address: m.from_address.clone() };
    if own(&to)? || own(&author)? {
        return Ok(None);
    }
    // RFC 3834, section 2: only where the message was addressed to us by name.
    for person in m.recipients.to.iter().chain(&m.recipients.cc) {
        if own(person)? {
            return Ok(Some(to));
        }
    }
    Ok(None)
}

/// Whether dates are written in German: as it is set, or as the system has it.
fn is_german(language: Language) -> bool {
    match language {
        Language::De => true,
        Language::En => false,
        Language::System => ["LC_ALL", "LC_TIME", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .is_some_and(|value| value.starts_with("de")),
    }
}

fn values(to: &Address, from: &Address, account: &Account, now: i64, german: bool) -> Values {
    let name = to.label().to_owned();
    let own = from.name.clone().filter(|name| !name.trim().is_empty());
    let day = |ahead: i64| day_in_words(now + ahead * DAY, german);
    Values::from([
        (Variable::ContactFirstName, first_name(&name).to_owned()),
        (Variable::ContactName, name),
        (Variable::ContactAddress, to.address.clone()),
        (Variable::SenderName, own.unwrap_or_else(|| account.name.clone())),
        (Variable::SenderAddress, from.address.clone()),
        (Variable::AccountName, account.name.clone()),
        (Variable::DateToday, day(0)),
        (Variable::DateTomorrow, day(1)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_in_the_language_that_is_set() {
        assert!(is_german(Language::De) && !is_german(Language::En));
    }
}
