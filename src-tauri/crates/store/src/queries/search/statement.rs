//! The statements of a search.

use rusqlite::Connection;
use rusqlite::types::Value;

use deskbell_domain::ConversationId;

use super::way::{self, Index, Way};
use super::{Filter, Request, parse};
use crate::StoreError;
use crate::table::message;

/// The statement of a page; with words it walks the index, without them the messages, newest first.
pub(crate) fn page(c: &Connection, request: &Request) -> Result<(String, Vec<Value>), StoreError> {
    let mut bound = Bound::default();
    let words = request.query.expression.is_some();
    let (from, key) = match way::choose(c, request)? {
        Way::Words { among } => {
            if let Some(among) = among {
                // The plus keeps the index from being asked for each of them.
                let few = among.sql(&mut bound);
                bound.only(format!(
                    "+t.rowid IN (SELECT few.sort_key FROM message few INDEXED BY message_conversation WHERE few.conversation_id IN ({few}))"
                ));
            }
            (
                "message_text t CROSS JOIN message m INDEXED BY message_order ON m.sort_key = t.rowid",
                "t.rowid",
            )
        }
        Way::Few(few) => {
            let few = few.sql(&mut bound);
            bound.only(format!("m.conversation_id IN ({few})"));
            if words {
                (
                    "message m INDEXED BY message_conversation CROSS JOIN message_text t ON t.rowid = m.sort_key",
                    "m.sort_key",
                )
            } else {
                ("message m INDEXED BY message_conversation", "m.sort_key")
            }
        }
        Way::Walk(index) => {
            let table = match index {
                Index::All => "message m INDEXED BY message_order",
                Index::Author => "message m INDEXED BY message_author",
                Index::Unread => "message m INDEXED BY message_unread",
                Index::Attached => "message m INDEXED BY message_attached",
            };
            (table, "m.sort_key")
        }
    };
    if let Some(below) = request.below {
        let below = bound.value(below.into());
        bound.only(format!("{key} < {below}"));
    }
    let order = if from.ends_with("message_author") {
        // The index's own order; only letters of one millisecond are put in order beside it.
        " ORDER BY m.date DESC, m.sort_key DESC".to_owned()
    } else {
        format!(" ORDER BY {key} DESC")
    };
    Ok(bound.select(request, from, key, &order))
}

/// The statement that looks for a match of a conversation on the pages before the one that begins at `from`.
pub(crate) fn earlier(
    request: &Request,
    conversation: ConversationId,
    from: i64,
) -> (String, Vec<Value>) {
    let mut bound = Bound::default();
    let (conversation, begins) = (bound.value(conversation.0.into()), bound.value(from.into()));
    bound.only(format!("m.conversation_id = {conversation}"));
    bound.only(format!("m.sort_key >= {begins}"));
    let table = if request.query.expression.is_some() {
        "message m INDEXED BY message_conversation CROSS JOIN message_text t ON t.rowid = m.sort_key"
    } else {
        "message m INDEXED BY message_conversation"
    };
    bound.select(request, table, "m.sort_key", "")
}

/// Conditions, and the values they are bound to.
#[derive(Default)]
pub(super) struct Bound {
    values: Vec<Value>,
    wheres: Vec<String>,
}

impl Bound {
    /// The parameter of a value.
    pub(super) fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    fn only(&mut self, condition: String) {
        self.wheres.push(condition);
    }

    pub(super) fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// The whole statement, with what is asked for beside the conditions so far.
    fn select(
        mut self,
        request: &Request,
        from: &str,
        key: &str,
        order: &str,
    ) -> (String, Vec<Value>) {
        if let Some(expression) = &request.query.expression {
            let expression = self.value(expression.clone().into());
            self.only(format!("message_text MATCH {expression}"));
        }
        if let Some(account) = request.account {
            let account = self.value(account.0.into());
            self.only(format!("m.account_id = {account}"));
        }
        self.only("m.places <> 0".into());
        for filter in &request.query.filters {
            let condition = filter.condition(key, &mut |value| self.value(value));
            self.only(condition);
        }
        if !request.query.filters.iter().any(Filter::names_a_place) {
            // Spam and trash are searched only when asked for.
            let discarded = self.value(parse::discarded().into());
            self.only(format!("m.places & ~{discarded} <> 0"));
        }
        let (columns, wheres) = (message::COLUMNS, self.wheres.join(" AND "));
        (format!("SELECT {columns} FROM {from} WHERE {wheres}{order}"), self.values)
    }
}
