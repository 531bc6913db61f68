//! What is held here, counted: messages by how much of them is here, bodies still to come, bytes of blobs.
//!
//! Invariant: every number equals the rows it counts; triggers keep it in the transaction that changes them. The
//! copies of a mailbox are counted beside it, in `scope`.

use rusqlite::Connection;

use deskbell_domain::AccountId;
use deskbell_domain::message::BodyState;

use crate::StoreError;

pub(crate) const V1: &str = "
CREATE TABLE message_counter (
  body_state INTEGER NOT NULL, -- as in message.body_state
  account_id INTEGER NOT NULL, -- whose
  total INTEGER NOT NULL, -- messages in that state; kept by triggers on message
  PRIMARY KEY (body_state, account_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE blob_counter (
  id INTEGER PRIMARY KEY CHECK (id = 1), -- there is one row
  bytes INTEGER NOT NULL -- of all blobs; kept by triggers on blob
) STRICT;
ALTER TABLE scope ADD COLUMN bodies_missing INTEGER NOT NULL DEFAULT 0; -- copies here whose bodies are still to come; kept by triggers on location and message
INSERT INTO message_counter (body_state, account_id, total)
  SELECT body_state, account_id, count(*) FROM message GROUP BY body_state, account_id;
INSERT INTO blob_counter (id, bytes) SELECT 1, coalesce(sum(size), 0) FROM blob;
UPDATE scope SET bodies_missing = coalesce((
  SELECT n.total FROM (
    SELECT l.scope_id, count(*) AS total FROM message m JOIN location l ON l.message_id = m.id WHERE m.body_state = 0 GROUP BY l.scope_id
  ) n WHERE n.scope_id = scope.id), 0);
CREATE TRIGGER message_added AFTER INSERT ON message BEGIN
  INSERT INTO message_counter (body_state, account_id, total) VALUES (new.body_state, new.account_id, 1)
  ON CONFLICT (body_state, account_id) DO UPDATE SET total = total + 1;
END;
CREATE TRIGGER message_removed AFTER DELETE ON message BEGIN
  UPDATE message_counter SET total = total - 1 WHERE body_state = old.body_state AND account_id = old.account_id;
END;
CREATE TRIGGER message_completed AFTER UPDATE OF body_state ON message WHEN old.body_state <> new.body_state BEGIN
  UPDATE message_counter SET total = total - 1 WHERE body_state = old.body_state AND account_id = old.account_id;
  INSERT INTO message_counter (body_state, account_id, total) VALUES (new.body_state, new.account_id, 1)
  ON CONFLICT (body_state, account_id) DO UPDATE SET total = total + 1;
  UPDATE scope SET bodies_missing = bodies_missing + ((new.body_state = 0) - (old.body_state = 0))
    * (SELECT count(*) FROM location l WHERE l.message_id = new.id AND l.scope_id = scope.id)
  WHERE (new.body_state = 0) <> (old.body_state = 0) AND id IN (SELECT scope_id FROM location WHERE message_id = new.id);
END;
DROP TRIGGER location_added;
DROP TRIGGER location_removed;
CREATE TRIGGER location_added AFTER INSERT ON location BEGIN
  UPDATE scope SET local_total = local_total + 1,
    bodies_missing = bodies_missing + coalesce((SELECT body_state = 0 FROM message WHERE id = new.message_id), 0) WHERE id = new.scope_id;
END;
CREATE TRIGGER location_removed AFTER DELETE ON location BEGIN
  UPDATE scope SET local_total = local_total - 1,
    bodies_missing = bodies_missing - coalesce((SELECT body_state = 0 FROM message WHERE id = old.message_id), 0) WHERE id = old.scope_id;
END;
CREATE TRIGGER location_retaken AFTER UPDATE OF message_id ON location WHEN old.message_id <> new.message_id BEGIN
  UPDATE scope SET bodies_missing = bodies_missing - coalesce((SELECT body_state = 0 FROM message WHERE id = old.message_id), 0)
    + coalesce((SELECT body_state = 0 FROM message WHERE id = new.message_id), 0) WHERE id = new.scope_id;
END;
CREATE TRIGGER blob_added AFTER INSERT ON blob BEGIN
  UPDATE blob_counter SET bytes = bytes + new.size;
END;
CREATE TRIGGER blob_removed AFTER DELETE ON blob BEGIN
  UPDATE blob_counter SET bytes = bytes - old.size;
END;
";

pub(crate) const MESSAGES: &str =
    "SELECT coalesce(sum(total), 0) FROM message_counter WHERE body_state IN (0, 1, 2, 3)";
pub(crate) const IN_STATE: &str =
    "SELECT coalesce(sum(total), 0) FROM message_counter WHERE body_state = ?1";
pub(crate) const OF_ACCOUNT: &str =
    "SELECT coalesce(sum(total), 0) FROM message_counter WHERE body_state = ?1 AND account_id = ?2";
pub(crate) const BLOB_BYTES: &str = "SELECT bytes FROM blob_counter WHERE id = 1";

/// Messages of all accounts.
pub fn messages(c: &Connection) -> Result<i64, StoreError> {
    Ok(c.prepare_cached(MESSAGES)?.query_row([], |row| row.get(0))?)
}

/// Messages of all accounts of which so much is here.
pub fn in_state(c: &Connection, state: BodyState) -> Result<i64, StoreError> {
    Ok(c.prepare_cached(IN_STATE)?.query_row([state.code()], |row| row.get(0))?)
}

/// Messages of one account of which so much is here.
pub fn of_account(c: &Connection, account: AccountId, state: BodyState) -> Result<i64, StoreError> {
    Ok(c.prepare_cached(OF_ACCOUNT)?.query_row([state.code(), account.0], |row| row.get(0))?)
}

/// Bytes of all blobs.
pub fn blob_bytes(c: &Connection) -> Result<i64, StoreError> {
    Ok(c.prepare_cached(BLOB_BYTES)?.query_row([], |row| row.get(0))?)
}

/// Forgets the counters of an account whose messages are gone.
pub(crate) fn forget(c: &Connection, account: AccountId) -> Result<(), StoreError> {
    c.execute("DELETE FROM message_counter WHERE account_id = ?1", [account.0])?;
    Ok(())
}

/// The counters that differ from what they count, by what they count; walks every message and every blob.
pub(crate) fn miscounted(c: &Connection) -> Result<Vec<&'static str>, StoreError> {
    let mut wrong = Vec::new();
    for (what, sql) in [
        (
            "conversations",
            "SELECT 1 FROM (
               SELECT view, account_id, count(*) AS total, sum(unread) AS unread FROM listing GROUP BY view, account_id) l
             FULL JOIN counter r USING (view, account_id)
             WHERE coalesce(l.total, 0) <> coalesce(r.total, 0) OR coalesce(l.unread, 0) <> coalesce(r.unread, 0)",
        ),
        (
            "messages",
            "SELECT 1 FROM (
               SELECT body_state, account_id, count(*) AS total FROM message GROUP BY body_state, account_id) m
             FULL JOIN message_counter r USING (body_state, account_id) WHERE coalesce(m.total, 0) <> coalesce(r.total, 0)",
        ),
        (
            "copies in a mailbox",
            "SELECT 1 FROM scope s LEFT JOIN (
               SELECT l.scope_id, count(*) AS total, sum(m.body_state = 0) AS missing
               FROM location l JOIN message m ON m.id = l.message_id GROUP BY l.scope_id) h ON h.scope_id = s.id
             WHERE s.local_total <> coalesce(h.total, 0) OR s.bodies_missing <> coalesce(h.missing, 0)",
        ),
        (
            "bytes of attachments",
            "SELECT 1 FROM blob_counter WHERE bytes <> (SELECT coalesce(sum(size), 0) FROM blob)",
        ),
    ] {
        if c.prepare(sql)?.exists([])? {
            wrong.push(what);
        }
    }
    Ok(wrong)
}
