//! Which way a search takes through the mail: the one that passes least of what cannot match.
//!
//! Newest first and stopping at a full page is quick where matches are many. Where an operator leaves few, as the
//! two starred mails of a million, the walk would pass nearly everything before it ends; so what an operator leaves
//! is counted first, no further than counting is worth it, and a few are read outright.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use deskbell_domain::MailboxRole;
use deskbell_domain::conversation::View;

use super::statement::Bound;
use super::{Filter, Request};
use crate::StoreError;

/// So many conversations are read and put in order in a moment ...
const FEW: i64 = 2_000;
/// ... and of so many each message can be looked up in the index of words by itself.
const VERY_FEW: i64 = 100;

/// See the module.
pub(super) enum Way {
    /// Along the index of words; only what is of a few conversations is looked at further.
    Words { among: Option<Few> },
    /// The messages of a few conversations.
    Few(Few),
    /// Messages in the order of an index of them.
    Walk(Index),
}

/// An index that holds messages newest first.
#[derive(Clone, Copy)]
pub(super) enum Index {
    /// All of them.
    All,
    /// The mail of one author.
    Author,
    /// What is unread.
    Unread,
    /// What has files.
    Attached,
}

/// Conversations, among which is every match.
pub(super) struct Few {
    /// Tables and conditions, with `{}` for the value.
    from: String,
    value: Option<Value>,
    /// Where just their matches stand in order.
    index: Option<Index>,
}

impl Few {
    fn of(from: impl Into<String>, value: Option<Value>) -> Self {
        Self { from: from.into(), value, index: None }
    }

    fn walked(from: &str, value: Option<Value>, index: Index) -> Self {
        Self { from: from.into(), value, index: Some(index) }
    }

    fn views(views: &[View]) -> Self {
        let codes: Vec<String> = views.iter().map(|view| view.code().to_string()).collect();
        Self::of(format!("listing WHERE view IN ({})", codes.join(", ")), None)
    }

    /// The statement that names them.
    pub(super) fn sql(&self, bound: &mut Bound) -> String {
        self.select("conversation_id", bound)
    }

    fn select(&self, what: &str, bound: &mut Bound) -> String {
        let value = self.value.clone().map(|value| bound.value(value)).unwrap_or_default();
        format!("SELECT {what} FROM {}", self.from.replace("{}", &value))
    }

    /// How many there are, counted to [`FEW`] and one, and in the index alone.
    fn count(&self, c: &Connection) -> Result<i64, StoreError> {
        let mut bound = Bound::default();
        let sql = self.select("1", &mut bound);
        let counted = format!("SELECT count(*) FROM ({sql} LIMIT {})", FEW + 1);
        let mut statement = c.prepare_cached(&counted)?;
        Ok(statement.query_one(params_from_iter(bound.into_values()), |row| row.get(0))?)
    }
}

pub(super) fn choose(c: &Connection, request: &Request) -> Result<Way, StoreError> {
    let filters = &request.query.filters;
    let words = request.query.expression.is_some();
    let mut fewest: Option<(i64, Few)> = None;
    let mut index = Index::All;
    for few in filters.iter().filter_map(|filter| few(filter, filters)) {
        let count = few.count(c)?;
        index = few.index.unwrap_or(index);
        if count <= FEW && fewest.as_ref().is_none_or(|(least, _)| count < *least) {
            fewest = Some((count, few));
        }
    }
    Ok(match fewest {
        Some((_, Few { index: Some(index), .. })) if !words => Way::Walk(index),
        Some((count, few)) if !words || count <= VERY_FEW => Way::Few(few),
        few if words => Way::Words { among: few.map(|(_, few)| few) },
        _ => Way::Walk(index),
    })
}

/// The conversations an operator leaves, where an index tells them.
fn few(filter: &Filter, filters: &[Filter]) -> Option<Few> {
    // The views of what is kept know nothing of what lies in spam and trash.
    let kept_only = !filters.iter().any(Filter::names_a_place);
    Some(match filter {
        Filter::Starred(true) if kept_only => Few::views(&[View::Starred]),
        // A conversation that is put off is not in the inbox's view.
        Filter::In(MailboxRole::Inbox, true) => Few::views(&[View::Inbox, View::Snoozed]),
        Filter::In(MailboxRole::Sent, true) => Few::views(&[View::Sent]),
        Filter::In(MailboxRole::Drafts, true) => Few::views(&[View::Drafts]),
        Filter::In(MailboxRole::Spam, true) => Few::views(&[View::Spam]),
        Filter::In(MailboxRole::Trash, true) => Few::views(&[View::Trash]),
        Filter::Snoozed(true) => Few::of("snooze WHERE returned_at IS NULL", None),
        Filter::Label(name, true) => Few::of(
            "label n CROSS JOIN conversation_label b ON b.label_id = n.id WHERE n.name_key = {} AND n.removed = 0",
            Some(name.clone().into()),
        ),
        Filter::Author(address, true) => Few::walked(
            "message INDEXED BY message_author WHERE from_address = {}",
            Some(address.clone().into()),
            Index::Author,
        ),
        Filter::Unread(true) => {
            let from = "message INDEXED BY message_unread WHERE flags & 1 = 0";
            Few::walked(from, None, Index::Unread)
        }
        Filter::Attachment(true) => {
            let from = "message INDEXED BY message_attached WHERE attachments > 0";
            Few::walked(from, None, Index::Attached)
        }
        Filter::Account(name, true) if kept_only => Few::of(
            format!(
                "account a CROSS JOIN listing l ON l.account_id = a.id AND l.view = {} WHERE instr(lower(a.name), {{}}) OR instr(lower(a.address), {{}})",
                View::All.code()
            ),
            Some(name.clone().into()),
        ),
        _ => return None,
    })
}
