//! The rules of the store, each recomputed from scratch and compared with what the store keeps.

use std::collections::BTreeMap;

use deskbell_domain::conversation::{Member, View, views};
use deskbell_domain::message::Flags;
use deskbell_domain::{MailboxRole, Places, text};
use deskbell_store::Connection;
use rusqlite::Row;

use super::held;

fn rows<T>(c: &Connection, sql: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
    let mut statement = c.prepare(sql).expect("a statement of the rules");
    let rows = statement.query_map([], read).expect("it runs");
    rows.collect::<Result<_, _>>().expect("its rows are readable")
}

fn number(c: &Connection, sql: &str) -> i64 {
    c.query_row(sql, [], |row| row.get(0)).expect("a number")
}

macro_rules! rule {
    ($holds:expr, $($words:tt)+) => {
        if !$holds {
            return Err(format!($($words)+));
        }
    };
}

/// The first rule that is broken, in words.
pub fn check(c: &Connection) -> Result<(), String> {
    nothing_is_orphaned(c)?;
    messages_show_truth_and_edits(c)?;
    conversations_are_their_messages(c)?;
    lists_and_counters(c)?;
    labels(c)?;
    totals(c)?;
    rule!(rows(c, "PRAGMA quick_check", |r| r.get::<_, String>(0)) == ["ok"], "the file is whole");
    Ok(())
}

fn nothing_is_orphaned(c: &Connection) -> Result<(), String> {
    let broken = rows(c, "PRAGMA foreign_key_check", |row| row.get::<_, String>(0));
    rule!(broken.is_empty(), "every row belongs to one that exists: {broken:?}");
    for (what, sql) in [
        ("bodies", "SELECT count(*) FROM body WHERE message_id NOT IN (SELECT id FROM message)"),
        (
            "thread keys",
            "SELECT count(*) FROM thread_key WHERE conversation_id NOT IN (SELECT id FROM conversation)",
        ),
        (
            "participants",
            "SELECT count(*) FROM conversation_identity WHERE conversation_id NOT IN (SELECT id FROM conversation)",
        ),
        (
            "list rows",
            "SELECT count(*) FROM listing WHERE conversation_id NOT IN (SELECT id FROM conversation)",
        ),
        (
            "blob uses",
            "SELECT count(*) FROM body_blob WHERE message_id NOT IN (SELECT id FROM message)",
        ),
        (
            "empty conversations",
            "SELECT count(*) FROM conversation WHERE id NOT IN (SELECT conversation_id FROM message)",
        ),
        (
            "copyless messages not noted as such",
            "SELECT count(*) FROM message WHERE places = 0 AND orphaned_at IS NULL",
        ),
    ] {
        let left = number(c, sql);
        rule!(left == 0, "nothing is left behind: {left} {what}");
    }
    Ok(())
}

/// Scope, flags, role and key of a copy.
type Copy = (i64, i64, Option<MailboxRole>, String);

/// The overlay of waiting edits over the provider's truth, written a second time.
fn messages_show_truth_and_edits(c: &Connection) -> Result<(), String> {
    let mut copies: BTreeMap<i64, Vec<Copy>> = BTreeMap::new();
    for (message, scope, flags, role, key) in
        rows(c, "SELECT message_id, scope_id, flags, role, remote_key FROM location", |r| {
            Ok((
                r.get::<_, i64>(0)?,
                r.get::<_, i64>(1)?,
                r.get::<_, i64>(2)?,
                r.get::<_, String>(3)?,
                r.get::<_, String>(4)?,
            ))
        })
    {
        copies.entry(message).or_default().push((scope, flags, MailboxRole::parse(&role), key));
    }
    let items = rows(
        c,
        "SELECT message_id, scope_id, edit, state, prior, copy_key FROM outbox ORDER BY state = 'accepted' DESC, id",
        |r| {
            Ok((
                r.get::<_, i64>(0)?,
                r.get::<_, i64>(1)?,
                r.get::<_, String>(2)?,
                r.get::<_, String>(3)?,
                r.get::<_, String>(4)?,
                r.get::<_, Option<String>>(5)?,
            ))
        },
    );
    for (message, scope, edit, state, prior, meant) in items {
        let edit: serde_json::Value = serde_json::from_str(&edit).expect("an edit");
        let prior: serde_json::Value = serde_json::from_str(&prior).expect("a prior state");
        let to = || MailboxRole::parse(edit["to"].as_str().unwrap_or_default());
        let held = copies.entry(message).or_default();
        if state == "accepted" {
            let flags: Flags = serde_json::from_value(prior["flags"].clone()).expect("flags");
            held.push((scope, flags.bits(), to(), String::new()));
            continue;
        }
        let set = |bits: &mut i64, bit: i64| {
            *bits = if edit["value"] == true { *bits | bit } else { *bits & !bit };
        };
        for copy in held.iter_mut().filter(|copy| copy.0 == scope) {
            if meant.as_ref().is_some_and(|meant| *meant != copy.3) {
                continue;
            }
            match edit["edit"].as_str() {
                Some("seen") => set(&mut copy.1, 1),
                Some("starred") => set(&mut copy.1, 2),
                Some("label") => {}
                Some("answered") => set(&mut copy.1, 4),
                Some("move") => copy.2 = to(),
                _ => copy.2 = None,
            }
        }
    }
    for (id, flags, places) in rows(c, "SELECT id, flags, places FROM message", |r| {
        Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?))
    }) {
        let lying =
            copies.get(&id).into_iter().flatten().filter_map(|c| c.2.map(|role| (c.1, role)));
        let (all_flags, all_places) = lying
            .fold((0, Places::NONE), |(flags, places), (f, role)| (flags | f, places.with(role)));
        rule!(
            places == all_places.0,
            "message {id} lies where its copies and edits say: {places} is not {}",
            all_places.0
        );
        rule!(
            places == 0 || flags == all_flags,
            "message {id} has the flags its copies and edits say: {flags} is not {all_flags}"
        );
    }
    Ok(())
}

struct Part {
    flags: i64,
    places: Places,
    date: i64,
    author: String,
    subject: String,
    preview: String,
    own: bool,
    attachments: i64,
}

fn conversations_are_their_messages(c: &Connection) -> Result<(), String> {
    let mut parts: BTreeMap<i64, Vec<Part>> = BTreeMap::new();
    for (conversation, part) in rows(
        c,
        "SELECT conversation_id, flags, places, date, CASE from_name WHEN '' THEN from_address ELSE from_name END,
           subject, preview, own, attachments FROM message ORDER BY date, id",
        |r| {
            let part = Part {
                flags: r.get(1)?,
                places: Places(r.get(2)?),
                date: r.get(3)?,
                author: r.get(4)?,
                subject: r.get(5)?,
                preview: r.get(6)?,
                own: r.get(7)?,
                attachments: r.get(8)?,
            };
            Ok((r.get::<_, i64>(0)?, part))
        },
    ) {
        parts.entry(conversation).or_default().push(part);
    }
    let pending = rows(
        c,
        "SELECT DISTINCT m.conversation_id FROM outbox o JOIN message m ON m.id = o.message_id WHERE o.state IN ('queued', 'sending')",
        |r| r.get::<_, i64>(0),
    );
    let kept = rows(
        c,
        "SELECT id, subject || '|' || people || '|' || preview || '|' || last_at || '|' || messages || '|' || unread || '|' || starred
           || '|' || attachments || '|' || last_is_own || '|' || pending || '|' || views FROM conversation",
        |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?)),
    );
    for (id, row) in kept {
        let Some(all) = parts.get(&id) else {
            return Err(format!("conversation {id} has messages"));
        };
        let alive: Vec<&Part> =
            all.iter().filter(|p| p.places != Places::NONE && !p.places.is_discarded()).collect();
        // What is still being written speaks for a conversation only where nothing else is there.
        let written: Vec<&Part> = alive.iter().copied().filter(|p| p.flags & 8 == 0).collect();
        let shown = match (written.is_empty(), alive.is_empty()) {
            (false, _) => written,
            (true, false) => alive,
            (true, true) => all.iter().collect(),
        };
        let (first, last) = (shown[0], shown[shown.len() - 1]);
        let mut people: Vec<&str> = Vec::new();
        for part in shown.iter().rev().filter(|p| !p.own) {
            if !people.contains(&part.author.as_str()) {
                people.push(&part.author);
            }
        }
        people.truncate(4);
        if people.is_empty() {
            people.push(&last.author);
        }
        let members: Vec<Member> = all
            .iter()
            .map(|p| Member { flags: Flags::from_bits(p.flags), places: p.places })
            .collect();
        let bits: i64 = views(&members, false).into_iter().map(|view| 1 << view.code()).sum();
        let unread =
            all.iter().filter(|p| p.flags & 1 == 0 && p.places.has(MailboxRole::Inbox)).count();
        let again = format!(
            "{}|{}|{}|{}|{}|{unread}|{}|{}|{}|{}|{bits}",
            text::base_subject(&first.subject),
            people.join(", "),
            last.preview,
            last.date,
            shown.len(),
            i64::from(shown.iter().any(|p| p.flags & 2 != 0)),
            shown.iter().map(|p| p.attachments).sum::<i64>(),
            i64::from(last.own),
            i64::from(pending.contains(&id)),
        );
        rule!(
            row == again,
            "conversation {id} says what its messages say:\n  kept  {row}\n  again {again}"
        );
    }
    Ok(())
}

fn lists_and_counters(c: &Connection) -> Result<(), String> {
    let listed =
        rows(c, "SELECT view, account_id, last_at, conversation_id, unread FROM listing", |r| {
            Ok([r.get::<_, i64>(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?])
        });
    let mut again = Vec::new();
    for (id, account, last_at, unread, bits) in
        rows(c, "SELECT id, account_id, last_at, unread > 0, views FROM conversation", |r| {
            Ok((
                r.get::<_, i64>(0)?,
                r.get::<_, i64>(1)?,
                r.get::<_, i64>(2)?,
                r.get::<_, i64>(3)?,
                r.get::<_, i64>(4)?,
            ))
        })
    {
        for view in View::EVERY.into_iter().filter(|view| bits & (1 << view.code()) != 0) {
            again.push([view.code(), account, last_at, id, unread]);
        }
    }
    again.sort_unstable();
    rule!(
        listed == again,
        "the lists are the views of the conversations: {listed:?} is not {again:?}"
    );
    let mut counted: BTreeMap<(i64, i64), (i64, i64)> = BTreeMap::new();
    for row in &again {
        let counter = counted.entry((row[0], row[1])).or_default();
        counter.0 += 1;
        counter.1 += row[4];
    }
    let counters = rows(c, "SELECT view, account_id, total, unread FROM counter", |r| {
        Ok(((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?), (r.get::<_, i64>(2)?, r.get::<_, i64>(3)?)))
    });
    for (place, counter) in &counters {
        let really = counted.remove(place).unwrap_or_default();
        rule!(
            *counter == really,
            "a number on the screen is counted: {place:?} {counter:?} is not {really:?}"
        );
    }
    rule!(counted.is_empty(), "every list has its counter: {counted:?}");
    Ok(())
}

/// The lists of labels are the labels of the messages, and say how many they are.
fn labels(c: &Connection) -> Result<(), String> {
    let lost = number(
        c,
        "SELECT count(*) FROM location_label b JOIN location l USING (scope_id, remote_key)
         JOIN message m ON m.id = l.message_id WHERE m.places <> 0 AND l.flags & 16 = 0
           AND NOT EXISTS (SELECT 1 FROM message_label x WHERE x.message_id = l.message_id AND x.label_id = b.label_id)
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = l.message_id)",
    );
    rule!(lost == 0, "a message carries what its copies do: {lost} are lost");
    let listed = rows(
        c,
        "SELECT label_id || ' ' || conversation_id || ' ' || last_at || ' ' || unread FROM conversation_label
         ORDER BY label_id, conversation_id",
        |r| r.get::<_, String>(0),
    );
    let again = rows(
        c,
        "SELECT DISTINCT b.label_id || ' ' || c.id || ' ' || c.last_at || ' ' || (c.unread > 0) FROM message_label b
         JOIN message m ON m.id = b.message_id JOIN label n ON n.id = b.label_id JOIN conversation c ON c.id = m.conversation_id
         WHERE m.places <> 0 AND n.removed = 0 AND c.views & (1 << 9) <> 0 ORDER BY b.label_id, c.id",
        |r| r.get::<_, String>(0),
    );
    rule!(listed == again, "a label lists what carries it: {listed:?} is not {again:?}");
    let miscounted = number(
        c,
        "SELECT count(*) FROM label n WHERE (total, unread) <>
           (SELECT count(*), coalesce(sum(unread), 0) FROM conversation_label b WHERE b.label_id = n.id)",
    );
    rule!(miscounted == 0, "a label counts what carries it");
    Ok(())
}

fn totals(c: &Connection) -> Result<(), String> {
    let wrong = rows(
        c,
        "SELECT name FROM scope s WHERE local_total <> (SELECT count(*) FROM location l WHERE l.scope_id = s.id)",
        |r| r.get::<_, String>(0),
    );
    rule!(wrong.is_empty(), "a mailbox counts its copies: {wrong:?}");
    held::check(c)?;
    let indexed = rows(c, "SELECT rowid FROM message_text ORDER BY rowid", |r| r.get::<_, i64>(0));
    let readable =
        rows(c, "SELECT sort_key FROM message WHERE body_state <> 0 ORDER BY sort_key", |r| {
            r.get::<_, i64>(0)
        });
    rule!(
        indexed == readable,
        "what is here can be found, and nothing else: {indexed:?} is not {readable:?}"
    );
    let uses = number(
        c,
        "SELECT count(*) FROM blob b WHERE used <> (SELECT count(*) FROM body_blob x WHERE x.hash = b.hash)",
    );
    rule!(uses == 0, "a blob knows how many messages hold it");
    let busy = number(
        c,
        "SELECT count(*) FROM identity i WHERE conversations <> (SELECT count(*) FROM conversation_identity p WHERE p.identity_id = i.id)",
    );
    rule!(busy == 0, "an identity knows how many conversations it is in");
    Ok(())
}

/// Everything a person can see, in a form that compares: messages, conversations, lists, counters, edits.
pub fn picture(c: &Connection) -> Vec<String> {
    [
        "SELECT 'message ' || message_id || ' ' || flags || ' ' || places FROM message ORDER BY message_id",
        "SELECT 'conversation ' || subject || ' ' || last_at || ' ' || messages || ' ' || unread || ' ' || starred || ' ' || views
           FROM conversation ORDER BY subject, id",
        "SELECT 'list ' || l.view || ' ' || c.subject || ' ' || l.last_at || ' ' || l.unread
           FROM listing l JOIN conversation c ON c.id = l.conversation_id ORDER BY l.view, c.subject, c.id",
        "SELECT 'counter ' || view || ' ' || total || ' ' || unread FROM counter WHERE total > 0 ORDER BY view",
    ]
    .into_iter()
    .flat_map(|sql| rows(c, sql, |row| row.get(0)))
    .collect()
}
