//! Rules at work: what arrives is looked at once, in the transaction that stores it, and what rules say is done.
//!
//! Invariant: a message leaves the list of those due in the transaction that carries out what its rules say,
//! so a kill anywhere neither skips nor repeats a rule. A dry run writes nothing.

mod answer;
mod dry_run;

use deskbell_domain::rule::{Action, Field, Mail, RuleSet};
use deskbell_domain::{Channel, ConversationId, MessageId, RuleId};
use deskbell_store::table::message::{self, Message};
use deskbell_store::table::{attachment, rule};
use deskbell_store::{Connection, Packer, StoreError, Write, sync};

use crate::ingest::{Automatic, automatic, header_fields};
use crate::news::{self, News};

pub use dry_run::{DryRun, LOOKS_BACK, Position, Touched, Trial, dry_run};

/// A rule asks that a person be told of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which rule.
    pub rule: RuleId,
    /// What it is called.
    pub name: String,
    /// Of which message.
    pub message: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
}

/// What looking at the messages that are due came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// What a person is to be told once it is committed.
    pub(crate) notices: Vec<Notice>,
    /// What is new to a person, whatever rules say of it.
    pub(crate) news: Vec<News>,
    /// A message was changed or answered: those who write back have something to do.
    pub(crate) acted: bool,
}

/// Lets the rules look at every message that is due.
pub(crate) fn run_due(w: &mut Write<'_>) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome::default();
    let due = rule::due(w)?;
    if due.is_empty() {
        return Ok(outcome);
    }
    let rows = rule::list(w)?;
    let set = RuleSet::new(rows.iter().map(|row| &row.rule));
    let desk = news::Desk::new(w, w.now())?;
    for id in due {
        if !rule::take_due(w, id)? {
            continue;
        }
        let told = outcome.notices.len();
        if !set.is_empty() {
            run_one(w, id, &set, &rows, &mut outcome)?;
        }
        let asked = outcome.notices.len() > told;
        outcome.news.extend(desk.news_of(w, id, asked)?);
    }
    Ok(outcome)
}

/// Does what the rules say of one message.
fn run_one(
    w: &mut Write<'_>,
    id: MessageId,
    set: &RuleSet,
    rows: &[rule::RuleRow],
    outcome: &mut Outcome,
) -> Result<(), StoreError> {
    let packer = std::sync::Arc::clone(w.packer());
    let m = message::get(w, id)?;
    let matched = set.judge(&describe(w, &packer, &m, set)?).matched;
    let actions: Vec<(&rule::RuleRow, &Action)> = matched
        .iter()
        .filter_map(|index| rows.get(*index))
        .flat_map(|row| row.rule.actions.iter().map(move |action| (row, action)))
        .collect();
    for row in matched.iter().filter_map(|index| rows.get(*index)) {
        rule::count(w, row.id)?;
        outcome.acted = true;
    }
    sync::rules::act(w, id, &settled(actions.iter().map(|(_, action)| *action)))?;
    for (row, action) in actions {
        match action {
            Action::Notify => outcome.notices.push(Notice {
                rule: row.id,
                name: row.rule.name.clone(),
                message: id,
                conversation: m.conversation,
            }),
            Action::AutoReply { template } => answer::answer(w, &m, *template)?,
            _ => {}
        }
    }
    Ok(())
}

/// The actions of several rules, each once; the first that moves the message decides where to.
fn settled<'a>(actions: impl Iterator<Item = &'a Action>) -> Vec<Action> {
    let mut settled: Vec<Action> = Vec::new();
    for action in actions {
        let moved = action.moves() && settled.iter().any(Action::moves);
        if !moved && !settled.contains(action) {
            settled.push(action.clone());
        }
    }
    // What moves a message comes last: its labels and flags go with it.
    settled.sort_by_key(Action::moves);
    settled
}

/// A message as rules see it, as far as these rules look.
pub fn describe(
    c: &Connection,
    packer: &Packer,
    m: &Message,
    set: &RuleSet,
) -> Result<Mail, StoreError> {
    let mut mail = Mail::new(m.account, Channel::Email);
    mail.size = m.size.unsigned_abs();
    mail.attachment = m.attachments > 0;
    mail.bulk = m.bulk;
    mail.date = m.date;
    // What no rule looks at need not be made ready.
    let mut add = |field: Field, value: &str| {
        if set.reads(field) {
            mail.add(field, value);
        }
    };
    add(Field::From, &m.from_name);
    add(Field::From, &m.from_address);
    add(Field::Subject, &m.subject);
    let people = &m.recipients;
    let lists = [
        (Field::To, &people.to),
        (Field::Cc, &people.cc),
        (Field::Bcc, &people.bcc),
        (Field::ReplyTo, &people.reply_to),
    ];
    for (field, list) in lists {
        for person in list {
            add(field, person.name.as_deref().unwrap_or_default());
            add(field, &person.address);
        }
    }
    for person in people.to.iter().chain(&people.cc).chain(&people.bcc) {
        add(Field::Recipient, person.name.as_deref().unwrap_or_default());
        add(Field::Recipient, &person.address);
    }
    if set.reads(Field::Body)
        && let Some(text) = sync::text(c, packer, m.id)?
    {
        mail.add(Field::Body, &text);
    }
    if set.reads(Field::File) && m.attachments > 0 {
        for file in attachment::of_message(c, m.id)? {
            mail.add(Field::File, &file.name);
        }
    }
    if set.reads(Field::List) || set.asks_reply() {
        let said = header(c, packer, m.id)?;
        mail.add(Field::List, said.list.as_deref().unwrap_or_default());
        mail.reply = said.reply;
    }
    if set.asks_headers() {
        let source = sync::source(c, packer, m.id)?.unwrap_or_default();
        for (name, value) in header_fields(&source) {
            mail.add_header(&name, &value);
        }
    }
    if set.asks_known() {
        mail.known = sync::rules::is_known(c, m)?;
    }
    Ok(mail)
}

/// What the header of a message says; nothing where its source is not here.
fn header(c: &Connection, packer: &Packer, id: MessageId) -> Result<Automatic, StoreError> {
    Ok(sync::source(c, packer, id)?.map(|source| automatic(&source)).unwrap_or_default())
}
