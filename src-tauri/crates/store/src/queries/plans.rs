//! How SQLite carries out every statement of a screen and of a sync: always along an index, never by looking
//! at every row, never by sorting.

use rusqlite::types::Value;

use deskbell_domain::MailboxRole;
use deskbell_domain::ingested::IngestedChange;

use crate::Connection;
use crate::queries::{conversation, export, health, inbox, label, outgoing, rules, search};
use crate::sync::plans as sync_plans;
use crate::table::{
    account, attachment, held, identity, label as table_label, location, outbox,
    rule as table_rule, scope, snooze as table_snooze, sync_run,
};

#[path = "../../tests/support/mod.rs"]
mod support;

use support::{Desk, arrives, letter, mailbox, new_account};

const LETTERS: u32 = 3_000;

fn desk() -> Desk {
    let mut desk = Desk::with(&[MailboxRole::Inbox, MailboxRole::Archive, MailboxRole::Sent]);
    let roles = [MailboxRole::Inbox, MailboxRole::Archive, MailboxRole::Sent];
    for (part, role) in roles.into_iter().enumerate() {
        let letters: Vec<IngestedChange> = (0..LETTERS / 3)
            .map(|n| {
                let mut letter = letter(&format!("{part}-{n}@x.example"), i64::from(n));
                letter.from = format!("client{}@x.example", n % 50);
                letter.body = n % 10 != 0;
                if n % 4 == 0 {
                    arrives(n, &letter.answering(&format!("0-{}@x.example", n / 2)))
                } else {
                    arrives(n, &letter)
                }
            })
            .collect();
        desk.bring(role, letters);
    }
    for other in ["second@x.example", "third@x.example", "fourth@x.example"] {
        let account = new_account(other);
        desk.write(move |w| {
            let id = account::insert(w, &account)?;
            scope::adopt(w, id, &[MailboxRole::Inbox, MailboxRole::Archive].map(mailbox))
        })
        .expect("an account");
    }
    // The plans must be as good with statistics as without.
    desk.write(|w| Ok(w.execute_batch("ANALYZE")?)).expect("statistics");
    desk
}

fn plan(c: &Connection, sql: &str, values: Vec<Value>) -> Vec<String> {
    let mut statement = c.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a statement");
    let wanted = statement.parameter_count();
    let mut values = values;
    values.resize(wanted, Value::Integer(1));
    let rows = statement
        .query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3))
        .expect("a plan");
    rows.collect::<Result<_, _>>().expect("its lines")
}

fn searched(desk: &Desk, text: &str, below: Option<i64>) -> (String, Vec<Value>) {
    let query = search::parse(text, true, &jiff::tz::TimeZone::UTC);
    let request = search::Request { query, account: None, below, limit: 50 };
    desk.read(|c| search::statement(c, &request))
}

#[test]
fn every_list_walks_an_index() {
    let desk = desk();
    let columns = crate::table::conversation::COLUMNS;
    let mut statements: Vec<(&str, String, Vec<Value>)> = vec![
        ("a page of all accounts", inbox::all_sql(columns), vec![]),
        ("a page of one account", inbox::account_sql(columns), vec![]),
        ("a page of a label", label::all_sql(), vec![]),
        ("a page of a label in one account", label::account_sql(), vec![]),
        ("mail a dry run looks at", rules::candidates_sql(), vec![]),
        ("conversations whose time has come", table_snooze::DUE.into(), vec![]),
        ("what copies of a message are labelled", table_label::TRUTH.into(), vec![]),
        ("the messages of a conversation", conversation::messages_sql(), vec![]),
        ("recent conversations of an author", conversation::RECENT.into(), vec![]),
        ("bodies still to come", sync_plans::MISSING.into(), vec![]),
        ("copies of a message", sync_plans::COPIES.into(), vec![]),
        ("edits that are due", outbox::due_sql(), vec![]),
        ("edits over a message", outbox::over_message_sql(), vec![]),
        ("what an account has on its way out", outgoing::WAITING.into(), vec![]),
        ("what may have left", outgoing::UNSETTLED.into(), vec![]),
        ("copies of sent messages to be made", outgoing::COPIES.into(), vec![]),
        ("messages that have left for some only", outgoing::RESTS.into(), vec![]),
        ("messages whose provider is asked what became of them", outgoing::FOLLOWED.into(), vec![]),
        ("sent copies looked at once more", outgoing::COPIED.into(), vec![]),
        ("who was answered by itself", table_rule::ANSWERED.into(), vec![]),
        ("what left within the minute", outgoing::DEPARTED.into(), vec![]),
        ("a page of the outbox", outgoing::page_sql(), vec![]),
        ("what waits for some of its recipients", outgoing::partly_sql(), vec![]),
        ("the message behind a key", location::MESSAGE.into(), vec![]),
        ("the keys of a message", location::KEYS.into(), vec![]),
        ("the keys in a window", location::KEYS_BETWEEN.into(), vec![]),
        ("the people used most", identity::BUSIEST.into(), vec![]),
        (
            "people by the beginning of a word",
            identity::BEGINNING.into(),
            vec![Value::Text("\"ma\"*".into())],
        ),
        ("the copies of a message for its flags", location::OF_MESSAGE.into(), vec![]),
        ("how many messages there are", held::MESSAGES.into(), vec![]),
        ("how many messages are in a state", held::IN_STATE.into(), vec![]),
        ("how many of an account are in a state", held::OF_ACCOUNT.into(), vec![]),
        ("bytes of attachments", held::BLOB_BYTES.into(), vec![]),
        ("how many conversations there are", health::LISTED.into(), vec![]),
        ("counters of the rail", inbox::COUNTERS.into(), vec![]),
        ("what could not be read", health::QUARANTINED.into(), vec![]),
        ("mailboxes of an account", scope::list_sql(), vec![]),
        ("the latest syncs of an account", sync_run::LATEST.into(), vec![]),
        ("edits that wait", outbox::WAITING.into(), vec![]),
        ("the files of a message", attachment::OF_MESSAGE.into(), vec![]),
        ("copies of a mailbox for an export", export::COPIES.into(), vec![]),
        ("people for an export", export::PEOPLE.into(), vec![]),
    ];
    for (what, text) in [
        ("a search for words", "visit hello"),
        ("a search with operators", "from:client3 visit is:unread before:2030-01-01"),
        ("a search by operators alone", "before:2030-01-01 "),
        ("a search for what is unread", "is:unread "),
        ("a search for files", "has:attachment "),
        ("a search for one author's mail", "from:client3@x.example is:unread "),
    ] {
        for below in [Some(1 << 60), None] {
            let (sql, values) = searched(&desk, text, below);
            statements.push((what, sql, values));
        }
    }
    // What is few is read outright and put in order.
    for (what, text) in [
        ("a search for a few: of a label", "label:vip "),
        ("a search for a few: put off", "is:snoozed "),
        ("a search for a few: starred", "is:starred "),
        ("a search for a few: of a place", "in:inbox "),
        ("a search for a few: of an account", "account:second "),
        ("a search for a few, with words", "visit is:starred "),
        ("a search for a few of an author", "visit from:client3@x.example "),
        ("a search for words among a few", "visit in:sent "),
    ] {
        let (sql, values) = searched(&desk, text, None);
        statements.push((what, sql, values));
    }
    for (what, text) in [
        ("a match of words on an earlier page", "visit is:unread"),
        ("a match of operators on an earlier page", "is:unread"),
    ] {
        let query = search::parse(text, false, &jiff::tz::TimeZone::UTC);
        let request = search::Request { query, account: None, below: Some(1 << 60), limit: 50 };
        let (sql, values) = search::earlier(&request, deskbell_domain::ConversationId(1), 1 << 50);
        statements.push((what, sql, values));
    }
    for statistics in [true, false] {
        if !statistics {
            let connection = desk.directory.path().join("deskbell.db");
            #[expect(
                clippy::disallowed_methods,
                reason = "a connection that has not read statistics"
            )]
            let c = Connection::open(connection).expect("the file");
            c.execute_batch("DELETE FROM sqlite_stat1").expect("statistics forgotten");
        }
        let text = statements
            .iter()
            .map(|(what, sql, values)| {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "a connection that reads statistics afresh"
                )]
                let c =
                    Connection::open(desk.directory.path().join("deskbell.db")).expect("the file");
                let lines = plan(&c, sql, values.clone());
                for line in &lines {
                    assert!(
                        // Ties are put in order; that sorts a mail or two.
                        !line.contains("USE TEMP B-TREE")
                            || what.starts_with("a search for a few")
                            || line.ends_with("LAST TERM OF ORDER BY"),
                        "{what} is read in its index's order, never sorted: {lines:?}"
                    );
                    let scanned = line.starts_with("SCAN")
                        && !line.contains("VIRTUAL TABLE")
                        // Search by operators alone walks the messages newest first and stops at a page.
                        && !line.contains("m USING INDEX message_order")
                        && !line.contains("m USING INDEX message_unread")
                        && !line.contains("m USING INDEX message_attached")
                        // The most used come first, and so many are looked at and no more.
                        && !line.contains("identity USING INDEX identity_rank")
                        // Every one of what is put off, and every account, is asked for.
                        && !line.contains("snooze USING INDEX snooze_due")
                        && line != "SCAN a"
                        && line != "SCAN account"
                        // One row a view and account, and every one of them is shown.
                        && line != "SCAN counter";
                    assert!(!scanned, "{what} looks at no row it does not need: {lines:?}");
                }
                format!("{what}\n  {}\n", lines.join("\n  "))
            })
            .collect::<String>();
        insta::assert_snapshot!("plans", text);
    }
}
