//! What Health shows, counted once more and compared with the numbers the store keeps.

use std::fmt::Debug;

use deskbell_store::Connection;

fn words(c: &Connection, sql: &str) -> Vec<String> {
    let mut statement = c.prepare(sql).expect("a statement of the counters");
    let rows = statement.query_map([], |row| row.get(0)).expect("it runs");
    rows.collect::<Result<_, _>>().expect("its rows are readable")
}

fn number(c: &Connection, sql: &str) -> i64 {
    c.query_row(sql, [], |row| row.get(0)).expect("a number")
}

fn agree<T: PartialEq + Debug>(told: T, real: T, rule: &str) -> Result<(), String> {
    if told == real { Ok(()) } else { Err(format!("{rule}: {told:?} is not {real:?}")) }
}

/// What Health shows is counted: messages by state, bodies to come, bytes.
pub fn check(c: &Connection) -> Result<(), String> {
    let told = words(
        c,
        "SELECT account_id || ' ' || body_state || ' ' || total FROM message_counter WHERE total <> 0 ORDER BY 1",
    );
    let real = words(
        c,
        "SELECT account_id || ' ' || body_state || ' ' || count(*) FROM message GROUP BY account_id, body_state ORDER BY 1",
    );
    agree(told, real, "an account counts its messages by state")?;
    let told = words(
        c,
        "SELECT id || ' ' || bodies_missing FROM scope WHERE bodies_missing <> 0 ORDER BY id",
    );
    let real = words(
        c,
        "SELECT l.scope_id || ' ' || count(*) FROM location l JOIN message m ON m.id = l.message_id
         WHERE m.body_state = 0 GROUP BY l.scope_id ORDER BY l.scope_id",
    );
    agree(told, real, "a mailbox counts the bodies still to come")?;
    let told = number(c, "SELECT bytes FROM blob_counter");
    let real = number(c, "SELECT coalesce(sum(size), 0) FROM blob");
    agree(told, real, "the bytes of attachments are counted")
}
