//! The conversations that carry a label, newest first.

use rusqlite::{Connection, params};

use deskbell_domain::{AccountId, ConversationId, LabelId};

use crate::StoreError;
use crate::queries::inbox::Position;
use crate::table::conversation::{self, Conversation};

/// The page of a label after `after`.
pub fn page(
    c: &Connection,
    label: LabelId,
    account: Option<AccountId>,
    after: Option<Position>,
    limit: u32,
) -> Result<Vec<Conversation>, StoreError> {
    let after = after.unwrap_or(Position { last_at: i64::MAX, id: ConversationId(i64::MAX) });
    let rows = match account {
        Some(account) => c
            .prepare_cached(&account_sql())?
            .query_map(
                params![label.0, after.last_at, after.id.0, limit, account.0],
                conversation::read,
            )?
            .collect::<Result<_, _>>(),
        None => c
            .prepare_cached(&all_sql())?
            .query_map(params![label.0, after.last_at, after.id.0, limit], conversation::read)?
            .collect::<Result<_, _>>(),
    };
    Ok(rows?)
}

pub(crate) fn all_sql() -> String {
    sql("", "")
}

pub(crate) fn account_sql() -> String {
    sql("INDEXED BY conversation_label_account ", " AND l.account_id = ?5")
}

fn sql(index: &str, account: &str) -> String {
    format!(
        "SELECT {} FROM conversation_label l {index}CROSS JOIN conversation c ON c.id = l.conversation_id
         WHERE l.label_id = ?1{account} AND (l.last_at, l.conversation_id) < (?2, ?3)
         ORDER BY l.last_at DESC, l.conversation_id DESC LIMIT ?4",
        conversation::COLUMNS
    )
}
