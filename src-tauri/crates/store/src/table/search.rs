//! `message_text`: the full-text index. It holds no text of its own; its rowid is `message.sort_key`, so that
//! "newest first" is the index's own order and a search stops after the first page.

use rusqlite::{Connection, params};

use deskbell_domain::Address;
use deskbell_domain::text::separate;

use crate::StoreError;

pub(crate) const V1: &str = "
CREATE VIRTUAL TABLE message_text USING fts5(
  subject, -- as written
  sender, -- name and address
  recipients, -- names and addresses of to, cc, bcc
  body, -- plain text
  files, -- names of attachments
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE message_word USING fts5vocab(message_text, 'row');
INSERT INTO message_text (message_text, rank) VALUES ('automerge', 8);
INSERT INTO message_text (message_text, rank) VALUES ('crisismerge', 32);
INSERT INTO message_text (message_text, rank) VALUES ('hashsize', 33554432);
";

/// Pages of the index written by one step of a merge.
const MERGED_AT_ONCE: i64 = 400;

/// Merges a bit of the index towards one piece; true while there is more to do.
pub(crate) fn merge_some(c: &Connection) -> Result<bool, StoreError> {
    let before = c.total_changes();
    // A negative number merges every segment there is (FTS5, "The 'merge' Command"). With a positive one a merge
    // of fewer segments than `usermerge` is not taken up again, and the words of deleted rows stay.
    let pages = -MERGED_AT_ONCE;
    c.prepare_cached("INSERT INTO message_text (message_text, rank) VALUES ('merge', ?1)")?
        .execute([pages])?;
    // One change is the statement itself.
    Ok(c.total_changes() - before >= 2)
}

/// What of a message can be searched.
pub(crate) struct Document<'a> {
    pub(crate) subject: &'a str,
    pub(crate) sender: &'a str,
    pub(crate) recipients: &'a str,
    pub(crate) body: &'a str,
    pub(crate) files: &'a str,
}

/// People as the index takes them: each one's name and address.
pub(crate) fn spell<'a>(people: impl Iterator<Item = &'a Address>) -> String {
    let mut words = String::new();
    for person in people {
        if let Some(name) = &person.name {
            words.push_str(name);
            words.push(' ');
        }
        words.push_str(&person.address);
        words.push(' ');
    }
    words
}

/// Indexes a message, replacing what was indexed under its key.
pub(crate) fn insert(c: &Connection, sort_key: i64, d: &Document<'_>) -> Result<(), StoreError> {
    c.prepare_cached(
        "INSERT INTO message_text (rowid, subject, sender, recipients, body, files) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        sort_key,
        separate(d.subject),
        separate(d.sender),
        separate(d.recipients),
        separate(d.body),
        separate(d.files)
    ])?;
    Ok(())
}

/// Takes a message out of the index.
pub(crate) fn delete(c: &Connection, sort_key: i64) -> Result<(), StoreError> {
    c.prepare_cached("DELETE FROM message_text WHERE rowid = ?1")?.execute([sort_key])?;
    Ok(())
}
