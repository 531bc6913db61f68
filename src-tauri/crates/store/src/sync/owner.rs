//! Whose mail an account holds, said after it is here: tells the person's own messages from all others anew.

use std::collections::BTreeSet;

use deskbell_domain::address::identity_key;
use deskbell_domain::{AccountId, ConversationId, MailboxRole, Millis, Places};
use rusqlite::params;

use crate::store::{Origin, Store};
use crate::table::account;
use crate::{StoreError, Write};

use super::effective::settle;

/// Conversations recomputed in one transaction, so that nobody waits long for the writer.
const AT_ONCE: i64 = 500;

/// Says whose mail it is, in steps small enough not to hold up anyone; a step that was not reached is made up for
/// by saying it again.
pub async fn set_owner(
    store: &Store,
    account: AccountId,
    address: Option<String>,
    now: Millis,
) -> Result<(), StoreError> {
    let key = store
        .write(Origin::Local, now, move |w| {
            account::set_own_address(w, account, address.as_deref())?;
            Ok(identity_key(account::get(w, account)?.own()))
        })
        .await?;
    let mut after = Some(0);
    while let Some(from) = after {
        let key = key.clone();
        after = store.write(Origin::Local, now, move |w| step(w, account, &key, from)).await?;
    }
    Ok(())
}

/// Tells the messages of some conversations apart; the last of them, or `None` behind the end.
fn step(
    w: &mut Write<'_>,
    account: AccountId,
    key: &str,
    after: i64,
) -> Result<Option<i64>, StoreError> {
    let ids: Vec<i64> = w
        .prepare_cached(
            "SELECT id FROM conversation WHERE account_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        )?
        .query_map(params![account.0, after, AT_ONCE], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut changed = BTreeSet::new();
    for id in &ids {
        let told = w
            .prepare_cached(
                "UPDATE message SET own = (places & ?3 <> 0 OR from_address = ?2)
                 WHERE conversation_id = ?1 AND own <> (places & ?3 <> 0 OR from_address = ?2)",
            )?
            .execute(params![id, key, Places::of(MailboxRole::Sent).0])?;
        if told > 0 {
            changed.insert(ConversationId(*id));
        }
    }
    settle(w, &BTreeSet::new(), changed)?;
    Ok(ids.last().copied())
}
