//! The mail a dry run of rules looks at.

use rusqlite::{Connection, params};

use deskbell_domain::{MailboxRole, Millis, Places};

use crate::StoreError;
use crate::table::message::{self, Message};

/// Messages of others behind a sort key, received since an instant, oldest first.
///
/// Where a message came in first is no longer known: what lies in spam or in the trash only, or was written
/// here, is left out.
pub fn candidates(
    c: &Connection,
    since: Millis,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<Message>, StoreError> {
    let mut statement = c.prepare_cached(&candidates_sql())?;
    let here = Places::of(MailboxRole::Inbox)
        .with(MailboxRole::Archive)
        .with(MailboxRole::All)
        .with(MailboxRole::Other);
    let first = after.map_or(message::sort_key(since), |after| after + 1);
    let rows = statement.query_map(params![first, here.0, limit], message::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn candidates_sql() -> String {
    format!(
        "SELECT {} FROM message m INDEXED BY message_order
         WHERE m.sort_key >= ?1 AND m.own = 0 AND m.places & ?2 <> 0 AND m.body_state <> 0
         ORDER BY m.sort_key LIMIT ?3",
        message::COLUMNS
    )
}
