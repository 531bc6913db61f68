//! What a person wrote, filed or put off, out of a damaged file: whole conversations come along, without the bodies
//! that their provider gives again, so that everything else finds its place. Imported mail comes with its bodies,
//! since nobody knows whether the file it came from is still there.
//!
//! Invariant: nothing leaves because of it. What waited to be sent is a draft again, for the damaged file may be
//! older than the last it was used; what was leaving is looked for, as after any end of the process.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::Connection;

use deskbell_domain::{ConversationId, MessageId, OutgoingId};

use super::{Between, Kept, Rows};
use crate::body::Packer;
use crate::store::Origin;
use crate::sync::bodies::index_again;
use crate::sync::effective::settle;
use crate::sync::outgoing::{index, ingested};
use crate::table::outgoing;
use crate::{StoreError, Write};

/// Conversations in which something was written; what was thrown away stays behind.
const WRITTEN: &str = "SELECT m.conversation_id FROM outgoing g JOIN message m ON m.id = g.message_id WHERE g.discarded_at IS NULL";
const PUT_OFF: &str = "SELECT conversation_id FROM snooze";
/// Conversations with edits that their provider has not learnt, or never will.
const FILED: &str = "SELECT m.conversation_id FROM outbox o JOIN message m ON m.id = o.message_id WHERE o.state <> 'accepted'";

const IMPORTED: &str = "SELECT id FROM conversation WHERE account_id IN (SELECT id FROM account WHERE provider = 'archive')";

const OF_CONVERSATION: &str = "conversation_id = ?1";
const OF_MESSAGES: &str = "message_id IN (SELECT id FROM message WHERE conversation_id = ?1)";
const WRITTEN_IN: &str =
    "message_id IN (SELECT id FROM message WHERE conversation_id = ?1) AND discarded_at IS NULL";
const PARTS_OF_WRITTEN: &str = "outgoing_id IN (SELECT id FROM outgoing WHERE discarded_at IS NULL AND message_id IN (SELECT id FROM message WHERE conversation_id = ?1))";
const BODY_OF_WRITTEN: &str = "message_id IN (SELECT message_id FROM outgoing WHERE discarded_at IS NULL AND message_id IN (SELECT id FROM message WHERE conversation_id = ?1))";
const TAKING_PART: &str =
    "id IN (SELECT identity_id FROM conversation_identity WHERE conversation_id = ?1)";
const BEHIND_THEM: &str = "id IN (SELECT contact_id FROM identity WHERE id IN (SELECT identity_id FROM conversation_identity WHERE conversation_id = ?1))";
const FILES_OF_WRITTEN: &str = "hash IN (
  SELECT f.blob FROM outgoing_file f JOIN outgoing g ON g.id = f.outgoing_id JOIN message m ON m.id = g.message_id WHERE m.conversation_id = ?1
  UNION ALL
  SELECT f.blob FROM draft_version_file f JOIN outgoing g ON g.id = f.outgoing_id JOIN message m ON m.id = g.message_id WHERE m.conversation_id = ?1
  UNION ALL
  SELECT b.hash FROM body_blob b JOIN outgoing g ON g.message_id = b.message_id JOIN message m ON m.id = g.message_id WHERE m.conversation_id = ?1)";

const FILES_OF_MESSAGES: &str = "hash IN (
  SELECT b.hash FROM body_blob b JOIN message m ON m.id = b.message_id WHERE m.conversation_id = ?1)";

/// Copies what a person wrote, filed, put off or imported, and notes what could not be read.
pub(in crate::recovery) fn carry_over(
    damaged: &Connection,
    fresh: &Connection,
    packer: &Arc<Packer>,
    kept: &mut Kept,
) -> Result<(), StoreError> {
    let between = Between { damaged, fresh };
    let (mut written, mut filed, mut imported) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let readable = between.numbers(WRITTEN, &mut written);
    kept.lost_writing |= !readable;
    kept.lost_filing |= !between.numbers(PUT_OFF, &mut filed);
    kept.lost_filing |= !between.numbers(FILED, &mut filed);
    kept.lost_imports |= !between.numbers(IMPORTED, &mut imported);
    let all: BTreeSet<i64> = [&written, &filed, &imported].into_iter().flatten().copied().collect();
    if all.is_empty() {
        return Ok(());
    }
    let transaction = fresh.unchecked_transaction()?;
    let now = fresh.query_row("SELECT unixepoch() * 1000", [], |row| row.get(0))?;
    let begun_anew =
        ["cursor", "remote_total", "local_total", "remaining", "synced_at", "bodies_missing"];
    between.copy(&Rows { left_out: &begun_anew, ..Rows::of("scope") });
    for id in &all {
        let whole = match (imported.contains(id), readable) {
            (true, _) => conversation(&between, *id, EVERY),
            (false, true) => conversation(&between, *id, OF_WRITTEN),
            (false, false) => conversation(&between, *id, NONE),
        };
        kept.lost_writing |= !whole && written.contains(id);
        kept.lost_filing |= !whole && filed.contains(id);
        if written.contains(id) {
            kept.lost_writing |= !writing(&between, *id);
        }
        if filed.contains(id) {
            kept.lost_filing |= !filing(&between, *id);
        }
        if imported.contains(id) {
            kept.lost_imports |= !whole || !bodies(&between, *id);
        }
    }
    kept.taken_back = take_back(fresh)?;
    let mut w = Write::new(fresh, packer, Origin::Local, now);
    show(&mut w, &all)?;
    transaction.commit()?;
    Ok(())
}

/// Messages whose bodies come along; those of all others come again.
const EVERY: &str = "1";
const OF_WRITTEN: &str =
    "message.id IN (SELECT message_id FROM outgoing WHERE discarded_at IS NULL)";
const NONE: &str = "0";

/// A conversation with its messages, their copies and who takes part in it.
fn conversation(between: &Between<'_>, id: i64, with_body: &str) -> bool {
    // Filled again from its messages.
    let counted = [
        "subject",
        "people",
        "preview",
        "last_at",
        "messages",
        "unread",
        "starred",
        "attachments",
        "last_is_own",
        "quarantined",
        "pending",
        "views",
        "labels",
        "snoozed",
        "snoozed_until",
        "back",
    ];
    let ranked = ["conversations", "sent", "received", "used_at", "rank"];
    let full = format!("CASE WHEN {with_body} THEN body_state ELSE 0 END");
    let files = format!("CASE WHEN {with_body} THEN attachments ELSE 0 END");
    let reason = format!("CASE WHEN {with_body} THEN quarantine_reason END");
    let instead = [
        ("body_state", full.as_str()),
        ("attachments", files.as_str()),
        ("quarantine_reason", reason.as_str()),
    ];
    let rows = [
        Rows { left_out: &counted, ..Rows::of("conversation").only("id = ?1", id) },
        Rows { instead: &instead, ..Rows::of("message").only(OF_CONVERSATION, id) },
        Rows::of("location").only(OF_MESSAGES, id),
        Rows::of("thread_key").only(OF_CONVERSATION, id),
        Rows::of("contact").only(BEHIND_THEM, id),
        Rows { left_out: &ranked, ..Rows::of("identity").only(TAKING_PART, id) },
        Rows::of("conversation_identity").only(OF_CONVERSATION, id),
    ];
    between.copy_all(&rows)
}

/// Drafts and messages on their way out, with their files and the versions that were set aside.
fn writing(between: &Between<'_>, id: i64) -> bool {
    let rows = [
        Rows { instead: &[("used", "0")], ..Rows::of("blob").only(FILES_OF_WRITTEN, id) },
        Rows::of("outgoing").only(WRITTEN_IN, id),
        Rows::of("outgoing_file").only(PARTS_OF_WRITTEN, id),
        Rows::of("draft_version").only(PARTS_OF_WRITTEN, id),
        Rows::of("draft_version_file").only(PARTS_OF_WRITTEN, id),
        Rows::of("body").only(BODY_OF_WRITTEN, id),
        Rows::of("body_blob").only(BODY_OF_WRITTEN, id),
        Rows::of("attachment").only(BODY_OF_WRITTEN, id),
    ];
    between.copy_all(&rows)
}

/// What was read of the messages of a conversation.
fn bodies(between: &Between<'_>, id: i64) -> bool {
    let rows = [
        Rows { instead: &[("used", "0")], ..Rows::of("blob").only(FILES_OF_MESSAGES, id) },
        Rows::of("body").only(OF_MESSAGES, id),
        Rows::of("body_blob").only(OF_MESSAGES, id),
        Rows::of("attachment").only(OF_MESSAGES, id),
    ];
    between.copy_all(&rows)
}

/// What waits to be told to the provider, and until when the conversation is put off.
fn filing(between: &Between<'_>, id: i64) -> bool {
    let waiting = format!("{OF_MESSAGES} AND state <> 'accepted'");
    // Edits of this file count their names from the beginning.
    let instead = [
        ("state", "CASE state WHEN 'sending' THEN 'queued' ELSE state END"),
        ("undo_group", "'before ' || undo_group"),
    ];
    let rows = [
        Rows { instead: &instead, ..Rows::of("outbox").only(&waiting, id) },
        Rows::of("snooze").only(OF_CONVERSATION, id),
    ];
    between.copy_all(&rows)
}

/// Makes drafts of what waited to be sent; how many.
fn take_back(fresh: &Connection) -> Result<usize, StoreError> {
    fresh.execute(
        "UPDATE location SET role = 'drafts', flags = flags | 8
         WHERE role = 'outbox' AND message_id IN (SELECT message_id FROM outgoing WHERE state = 'queued')",
        [],
    )?;
    let taken_back = fresh.execute(
        "UPDATE outgoing SET state = 'draft', not_before = 0, scheduled = 0, attempts = 0, next_try = 0, error = NULL,
           error_code = NULL, via_account_id = NULL, failing_since = NULL WHERE state = 'queued'",
        [],
    )?;
    // What had left without its body being read here is fetched like any other message.
    fresh.execute(
        "UPDATE message SET body_state = 0, attachments = 0 WHERE body_state <> 0
           AND id NOT IN (SELECT message_id FROM outgoing WHERE state IN ('draft', 'rejected'))
           AND id NOT IN (SELECT message_id FROM body)",
        [],
    )?;
    Ok(taken_back)
}

/// Lists and search show what came along.
fn show(w: &mut Write<'_>, conversations: &BTreeSet<i64>) -> Result<(), StoreError> {
    let numbers = |sql: &str| -> Result<Vec<i64>, StoreError> {
        let mut statement = w.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let messages: BTreeSet<MessageId> =
        numbers("SELECT id FROM message")?.into_iter().map(MessageId).collect();
    let written = numbers(
        "SELECT g.id FROM outgoing g JOIN message m ON m.id = g.message_id WHERE m.body_state <> 0 ORDER BY m.sort_key",
    )?;
    for id in written {
        let row = outgoing::get(w, OutgoingId(id))?;
        let files = outgoing::files(w, row.id)?;
        let parsed = ingested(w, row.account, &row.token, &row.composition, &files)?;
        let sort_key = crate::table::message::get(w, row.message)?.sort_key;
        index(w, sort_key, &parsed, &files, &row.composition.text)?;
    }
    let imported = numbers(
        "SELECT b.message_id FROM body b JOIN message m ON m.id = b.message_id
         WHERE b.message_id NOT IN (SELECT message_id FROM outgoing) ORDER BY m.sort_key",
    )?;
    for id in imported.into_iter().map(MessageId) {
        let text = crate::sync::text(w, w.packer(), id).unwrap_or_else(|error| {
            tracing::warn!(%error, message = id.0, "a text came along that cannot be read");
            None
        });
        index_again(w, &crate::table::message::get(w, id)?, &text.unwrap_or_default())?;
    }
    settle(w, &messages, conversations.iter().copied().map(ConversationId).collect())
}
