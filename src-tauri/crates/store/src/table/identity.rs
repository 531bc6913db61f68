//! `contact`, `identity`, `conversation_identity`: who takes part in what. One contact an identity so far;
//! merging is a person's decision.

use rusqlite::{Connection, OptionalExtension, params};

use deskbell_domain::time::DAY;
use deskbell_domain::{Address, Channel, ConversationId, IdentityId, Millis};

use crate::StoreError;

pub(crate) const V1: &str = "
CREATE TABLE contact (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  name TEXT NOT NULL, -- best name known
  created_at INTEGER NOT NULL -- ms UTC
) STRICT;
CREATE TABLE identity (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  contact_id INTEGER NOT NULL REFERENCES contact (id), -- whose
  channel TEXT NOT NULL, -- email
  address TEXT NOT NULL, -- in its comparable form
  name TEXT NOT NULL, -- display name last seen, or empty
  conversations INTEGER NOT NULL DEFAULT 0 -- conversations it takes part in; kept by triggers
) STRICT;
CREATE UNIQUE INDEX identity_once ON identity (channel, address);
CREATE INDEX identity_contact ON identity (contact_id);
CREATE TABLE conversation_identity (
  conversation_id INTEGER NOT NULL, -- in what
  identity_id INTEGER NOT NULL REFERENCES identity (id), -- who
  PRIMARY KEY (conversation_id, identity_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER participation_added AFTER INSERT ON conversation_identity BEGIN
  UPDATE identity SET conversations = conversations + 1 WHERE id = new.identity_id;
END;
CREATE TRIGGER participation_removed AFTER DELETE ON conversation_identity BEGIN
  UPDATE identity SET conversations = conversations - 1 WHERE id = old.identity_id;
END;
";

pub(crate) const V2: &str = "
ALTER TABLE identity ADD COLUMN sent INTEGER NOT NULL DEFAULT 0; -- messages sent to it
ALTER TABLE identity ADD COLUMN received INTEGER NOT NULL DEFAULT 0; -- messages a person wrote from it
ALTER TABLE identity ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0; -- when the latest of them was written, ms UTC
ALTER TABLE identity ADD COLUMN rank INTEGER NOT NULL DEFAULT 0; -- the higher, the earlier it is proposed; 0 for machines
CREATE INDEX identity_rank ON identity (rank) WHERE rank > 0;
UPDATE identity SET received = (SELECT count(*) FROM message m WHERE m.from_address = identity.address AND m.bulk = 0 AND m.own = 0),
  used_at = coalesce((SELECT max(m.date) FROM message m WHERE m.from_address = identity.address AND m.bulk = 0), 0);
UPDATE identity SET rank = max(used_at / 86400000, 1) + 40 WHERE received > 0;
CREATE VIRTUAL TABLE identity_search USING fts5(
  name, -- display name
  address, -- in its comparable form
  content = 'identity', content_rowid = 'id', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO identity_search (identity_search, rank) VALUES ('secure-delete', 1);
INSERT INTO identity_search (identity_search) VALUES ('rebuild');
CREATE TRIGGER identity_listed AFTER INSERT ON identity BEGIN
  INSERT INTO identity_search (rowid, name, address) VALUES (new.id, new.name, new.address);
END;
CREATE TRIGGER identity_unlisted AFTER DELETE ON identity BEGIN
  INSERT INTO identity_search (identity_search, rowid, name, address) VALUES ('delete', old.id, old.name, old.address);
END;
CREATE TRIGGER identity_renamed AFTER UPDATE OF name, address ON identity BEGIN
  INSERT INTO identity_search (identity_search, rowid, name, address) VALUES ('delete', old.id, old.name, old.address);
  INSERT INTO identity_search (rowid, name, address) VALUES (new.id, new.name, new.address);
END;
";

/// Someone who takes part in a conversation.
#[derive(Clone, Debug)]
pub struct Participant {
    /// Address in its comparable form.
    pub address: String,
    /// Display name, or empty.
    pub name: String,
    /// Conversations with this address in all.
    pub conversations: i64,
}

/// Finds or makes the identity of an address and notes that it takes part.
pub(crate) fn take_part(
    c: &Connection,
    channel: Channel,
    conversation: ConversationId,
    address: &Address,
    now: Millis,
) -> Result<(), StoreError> {
    let key = address.key();
    if key.is_empty() {
        return Ok(());
    }
    let known: Option<(i64, String)> = c
        .prepare_cached("SELECT id, name FROM identity WHERE channel = ?1 AND address = ?2")?
        .query_row(params![channel.as_str(), key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let name = address.name.as_deref().unwrap_or_default();
    let identity = match known {
        Some((id, known_name)) => {
            if known_name.is_empty() && !name.is_empty() {
                c.prepare_cached("UPDATE identity SET name = ?2 WHERE id = ?1")?
                    .execute(params![id, name])?;
                c.prepare_cached("UPDATE contact SET name = ?2 WHERE id = (SELECT contact_id FROM identity WHERE id = ?1)")?
                    .execute(params![id, name])?;
            }
            IdentityId(id)
        }
        None => {
            c.prepare_cached("INSERT INTO contact (name, created_at) VALUES (?1, ?2)")?
                .execute(params![address.label(), now])?;
            let contact = c.last_insert_rowid();
            c.prepare_cached(
                "INSERT INTO identity (contact_id, channel, address, name) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![contact, channel.as_str(), key, name])?;
            IdentityId(c.last_insert_rowid())
        }
    };
    c.prepare_cached(
        "INSERT OR IGNORE INTO conversation_identity (conversation_id, identity_id) VALUES (?1, ?2)",
    )?
    .execute(params![conversation.0, identity.0])?;
    Ok(())
}

/// How an address was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// The person wrote to it.
    Sent,
    /// It wrote to the person.
    Received,
}

/// What a message sent to somebody counts beside one received from them.
const SENT_WEIGHT: i64 = 4;
/// Days of age that ten times as much mail outweighs.
const DECADE: f64 = 140.0;

/// Notes that an address was used, so that it is proposed the earlier. Addresses that answer nobody are not.
pub(crate) fn used(
    c: &Connection,
    channel: Channel,
    address: &Address,
    how: Use,
    at: Millis,
) -> Result<(), StoreError> {
    let key = address.key();
    let silent = key.trim_start_matches("do").replace(['-', '_', '.'], "");
    if silent.starts_with("noreply") || silent.starts_with("notreply") {
        return Ok(());
    }
    let known: Option<(i64, i64, i64, Millis)> = c
        .prepare_cached(
            "SELECT id, sent, received, used_at FROM identity WHERE channel = ?1 AND address = ?2",
        )?
        .query_row(params![channel.as_str(), key], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((id, mut sent, mut received, used_at)) = known else { return Ok(()) };
    match how {
        Use::Sent => sent += 1,
        Use::Received => received += 1,
    }
    let used_at = used_at.max(at);
    c.prepare_cached(
        "UPDATE identity SET sent = ?2, received = ?3, used_at = ?4, rank = ?5 WHERE id = ?1",
    )?
    .execute(params![id, sent, received, used_at, rank(sent, received, used_at)])?;
    Ok(())
}

/// Recency in days, and more for those written with more.
fn rank(sent: i64, received: i64, used_at: Millis) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "a rough order")]
    let weight = (SENT_WEIGHT * sent + received + 1) as f64;
    #[expect(clippy::cast_possible_truncation, reason = "small by its logarithm")]
    let bonus = (weight.log10() * DECADE) as i64;
    (used_at / DAY).max(1) + bonus
}

/// The most used people looked at one by one for a prefix.
const LOOKED_AT: u32 = 3_000;
/// Hits of the index taken for a prefix.
const HITS: u32 = 500;

pub(crate) const BUSIEST: &str = "SELECT id, name, address, rank FROM identity INDEXED BY identity_rank WHERE rank > 0 ORDER BY rank DESC LIMIT ?1";
pub(crate) const BEGINNING: &str = "SELECT i.id, i.name, i.address, i.rank FROM identity_search s CROSS JOIN identity i ON i.id = s.rowid
  WHERE s.identity_search MATCH ?1 ORDER BY s.rowid DESC LIMIT ?2";

/// People of whose name or address some word begins with each word typed, those used most first.
pub fn complete(c: &Connection, typed: &str, limit: usize) -> Result<Vec<Address>, StoreError> {
    let typed = typed.to_lowercase();
    let words: Vec<&str> = words(&typed).take(WORDS).collect();
    if words.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let row = |row: &rusqlite::Row<'_>| {
        Ok((
            row.get::<_, i64>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, i64>(3)?,
        ))
    };
    let mut found = Vec::new();
    let mut statement = c.prepare_cached(BUSIEST)?;
    let mut rows = statement.query_map([LOOKED_AT], row)?;
    while found.len() < limit
        && let Some(person) = rows.next()
    {
        let person = person?;
        if begins(&person.1, &words, &typed) || begins(&person.2, &words, &typed) || {
            let both = format!("{} {}", person.1, person.2);
            words.len() > 1 && begins(&both, &words, &typed)
        } {
            found.push(person);
        }
    }
    drop(rows);
    if found.len() < limit {
        let query: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
        let mut statement = c.prepare_cached(BEGINNING)?;
        let rows = statement.query_map(params![query.join(" "), HITS], row)?;
        let mut more = rows.collect::<Result<Vec<_>, _>>()?;
        more.retain(|person| {
            found.iter().all(|known: &(i64, String, String, i64)| known.0 != person.0)
        });
        more.sort_by_key(|person| std::cmp::Reverse(person.3));
        found.extend(more);
    }
    found.truncate(limit);
    Ok(found
        .into_iter()
        .map(|(_, name, address, _)| Address {
            name: Some(name).filter(|name| !name.is_empty()),
            address,
        })
        .collect())
}

/// Words of what was typed that are looked for.
const WORDS: usize = 6;

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn begins(text: &str, typed: &[&str], whole: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with(whole)
        || typed.iter().all(|prefix| words(&text).any(|word| word.starts_with(prefix)))
}

/// Participants shown.
const SHOWN: usize = 50;

/// Who takes part in a conversation, the busiest first; at most 50.
pub fn participants(
    c: &Connection,
    conversation: ConversationId,
) -> Result<Vec<Participant>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT i.address, i.name, i.conversations FROM conversation_identity p JOIN identity i ON i.id = p.identity_id
         WHERE p.conversation_id = ?1",
    )?;
    let rows = statement.query_map([conversation.0], |row| {
        Ok(Participant { address: row.get(0)?, name: row.get(1)?, conversations: row.get(2)? })
    })?;
    let mut participants = rows.collect::<Result<Vec<Participant>, _>>()?;
    participants.sort_by_key(|person| std::cmp::Reverse(person.conversations));
    participants.truncate(SHOWN);
    Ok(participants)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(c: &Connection) {
        for (name, address) in [
            ("Mara Voss", "mv@x.example"),
            ("", "marek@studio.example"),
            ("Zoë Müller", "zoe@mara.example"),
            ("", "no-reply@mara.example"),
        ] {
            c.execute("INSERT INTO contact (name, created_at) VALUES ('', 0)", []).expect("a row");
            c.execute(
                "INSERT INTO identity (contact_id, channel, address, name) VALUES (?1, 'email', ?2, ?3)",
                params![c.last_insert_rowid(), address, name],
            )
            .expect("a row");
        }
    }

    fn found(c: &Connection, typed: &str) -> Vec<String> {
        let people = complete(c, typed, 8).expect("an answer");
        people.into_iter().map(|person| person.address).collect()
    }

    fn mailed(c: &Connection, address: &str, how: Use, times: usize, at: Millis) {
        let address = Address { name: None, address: address.into() };
        for _ in 0..times {
            used(c, Channel::Email, &address, how, at).expect("is noted");
        }
    }

    #[test]
    fn use_decides_the_order_and_every_word_is_found() {
        let mut c = Connection::open_in_memory().expect("a database");
        crate::migrate::migrate(&mut c, std::path::Path::new(""), &|_| {}).expect("the schema");
        people(&c);
        assert_eq!(found(&c, "mül"), ["zoe@mara.example"], "nobody was used yet");
        assert_eq!(found(&c, "mull"), ["zoe@mara.example"], "and accents need not be typed");
        mailed(&c, "marek@studio.example", Use::Received, 3, 300 * DAY);
        mailed(&c, "mv@x.example", Use::Sent, 3, 300 * DAY);
        mailed(&c, "no-reply@mara.example", Use::Received, 50, 300 * DAY);
        let order = ["mv@x.example", "marek@studio.example"];
        assert_eq!(found(&c, "mar").get(..2).unwrap_or_default(), order, "written to before read");
        assert_eq!(found(&c, "voss mar"), ["mv@x.example"], "words in any order");
        mailed(&c, "zoe@mara.example", Use::Received, 1, 700 * DAY);
        assert_eq!(
            found(&c, "mar").first().map(String::as_str),
            Some("zoe@mara.example"),
            "lately"
        );
        c.execute("DELETE FROM identity WHERE address = 'mv@x.example'", []).expect("is erased");
        assert!(found(&c, "voss").is_empty(), "who is erased is proposed no more");
    }
}
