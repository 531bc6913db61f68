//! `listing` and `counter`: which conversations a view shows, in which order, and how many there are.
//!
//! Invariant: `listing` holds exactly the bits of `conversation.views`; `counter` is kept by triggers on it.

use rusqlite::params;

use deskbell_domain::conversation::View;
use deskbell_domain::{AccountId, ConversationId, Millis};

use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE listing (
  view INTEGER NOT NULL, -- view code
  account_id INTEGER NOT NULL, -- whose
  last_at INTEGER NOT NULL, -- the conversation's last_at: the order of the list
  conversation_id INTEGER NOT NULL, -- which
  unread INTEGER NOT NULL, -- 1: something in it is unread
  PRIMARY KEY (view, account_id, last_at, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX listing_all ON listing (view, last_at, conversation_id);
CREATE TABLE counter (
  view INTEGER NOT NULL, -- view code
  account_id INTEGER NOT NULL, -- whose
  total INTEGER NOT NULL, -- conversations in the view
  unread INTEGER NOT NULL, -- those with something unread
  PRIMARY KEY (view, account_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER listing_added AFTER INSERT ON listing BEGIN
  INSERT INTO counter (view, account_id, total, unread) VALUES (new.view, new.account_id, 1, new.unread)
  ON CONFLICT (view, account_id) DO UPDATE SET total = total + 1, unread = unread + new.unread;
END;
CREATE TRIGGER listing_removed AFTER DELETE ON listing BEGIN
  UPDATE counter SET total = total - 1, unread = unread - old.unread WHERE view = old.view AND account_id = old.account_id;
END;
CREATE TRIGGER listing_changed AFTER UPDATE OF unread ON listing BEGIN
  UPDATE counter SET unread = unread - old.unread + new.unread WHERE view = new.view AND account_id = new.account_id;
END;
";

/// A conversation's place in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) account: AccountId,
    pub(crate) conversation: ConversationId,
    pub(crate) last_at: Millis,
    pub(crate) unread: bool,
}

/// Moves a conversation from the lists it was in to those it is in now.
pub(crate) fn replace(
    w: &Write<'_>,
    old: Entry,
    old_bits: i64,
    new: Entry,
    new_bits: i64,
) -> Result<(), StoreError> {
    for view in View::EVERY {
        let bit = 1_i64 << view.code();
        let (was, is) = (old_bits & bit != 0, new_bits & bit != 0);
        if was && is && old.last_at == new.last_at {
            if old.unread != new.unread {
                w.prepare_cached(
                    "UPDATE listing SET unread = ?5 WHERE view = ?1 AND account_id = ?2 AND last_at = ?3 AND conversation_id = ?4",
                )?
                .execute(params![view.code(), new.account.0, new.last_at, new.conversation.0, new.unread])?;
            }
            continue;
        }
        if was {
            w.prepare_cached(
                "DELETE FROM listing WHERE view = ?1 AND account_id = ?2 AND last_at = ?3 AND conversation_id = ?4",
            )?
            .execute(params![view.code(), old.account.0, old.last_at, old.conversation.0])?;
        }
        if is {
            w.prepare_cached(
                "INSERT INTO listing (view, account_id, last_at, conversation_id, unread) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![view.code(), new.account.0, new.last_at, new.conversation.0, new.unread])?;
        }
    }
    Ok(())
}
