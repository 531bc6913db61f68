//! Files of older versions, filled as far as they go: brought up to date whole, or left whole.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use deskbell_domain::message::BodyState;

use super::{MIGRATIONS, known_version, run, version};
use crate::{OpenOptions, Store, StoreError, table};

const BACKUP: &str = "deskbell.before-update.db";

#[expect(clippy::disallowed_methods, reason = "a file of an older version is made by hand")]
fn open(path: &Path) -> Connection {
    Connection::open(path).expect("a file")
}

/// A file as the version of so many migrations left it.
fn of_version(path: &Path, count: usize) -> Connection {
    let mut connection = open(path);
    run(&mut connection, &path.with_file_name("unused"), &MIGRATIONS[..count], &|_| {})
        .expect("an old file");
    connection
}

fn tables(connection: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
                 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'refinery%' ORDER BY name";
    let mut statement = connection.prepare(sql).expect("tables");
    let names = statement.query_map([], |row| row.get(0)).expect("names");
    names.collect::<Result<_, _>>().expect("names")
}

fn columns(connection: &Connection, table: &str) -> Vec<(String, String)> {
    let sql = "SELECT name, type FROM pragma_table_info(?1)";
    let mut statement = connection.prepare(sql).expect("columns");
    let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.expect("columns").collect::<Result<_, _>>().expect("columns")
}

/// A row in every table, numbered 1 everywhere, so that each reference finds what it names.
fn fill(connection: &Connection) {
    connection.execute_batch("PRAGMA foreign_keys = OFF").expect("switched off");
    for table in tables(connection) {
        let columns = columns(connection, &table);
        let values = columns.iter().map(|(name, kind)| match kind.as_str() {
            "INTEGER" | "REAL" => Value::Integer(1),
            "BLOB" => Value::Blob(vec![7]),
            _ => Value::Text(format!("{table}.{name}")),
        });
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "));
        // A row that its own triggers or another table's have made is as good.
        if let Err(error) = connection.execute(&sql, params_from_iter(values)) {
            assert!(!rows(connection, &table, &names).is_empty(), "{table}: {error}");
        }
    }
}

fn rows(connection: &Connection, table: &str, columns: &[&str]) -> Vec<Vec<Value>> {
    let sql = format!("SELECT {} FROM {table} ORDER BY 1", columns.join(", "));
    let mut statement = connection.prepare(&sql).expect("a table");
    let rows = statement.query_map([], |row| (0..columns.len()).map(|at| row.get(at)).collect());
    rows.expect("rows").collect::<Result<_, _>>().expect("rows")
}

type Contents = BTreeMap<String, (Vec<String>, Vec<Vec<Value>>)>;

fn contents(connection: &Connection) -> Contents {
    let of = |table: String| {
        let names: Vec<String> = columns(connection, &table).into_iter().map(|(n, _)| n).collect();
        let borrowed: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows = rows(connection, &table, &borrowed);
        (table, (names, rows))
    };
    tables(connection).into_iter().map(of).collect()
}

fn check(connection: &Connection) -> String {
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a verdict")
}

#[test]
fn a_filled_file_of_every_older_version_is_brought_up_to_date_and_loses_nothing() {
    for count in 1..MIGRATIONS.len() {
        let directory = tempfile::tempdir().expect("a directory");
        let (path, backup) = (directory.path().join("deskbell.db"), directory.path().join(BACKUP));
        let mut connection = of_version(&path, count);
        fill(&connection);
        let before = contents(&connection);
        assert!(
            before.values().any(|(_, rows)| !rows.is_empty()),
            "version {count} holds something"
        );
        run(&mut connection, &backup, MIGRATIONS, &|_| {})
            .unwrap_or_else(|error| panic!("{count}: {error}"));
        assert_eq!(version(&connection).expect("a version"), known_version());
        assert_eq!(check(&connection), "ok", "from version {count}");
        let now = tables(&connection);
        for (table, (columns, held)) in &before {
            assert!(now.contains(table), "{table} of version {count} is still there");
            let names: Vec<&str> = columns.iter().map(String::as_str).collect();
            let kept = rows(&connection, table, &names);
            assert!(
                held.iter().all(|row| kept.contains(row)),
                "{table} of version {count}: {kept:?}"
            );
        }
        let copy = open(&backup);
        assert_eq!(version(&copy).expect("a version") as usize, count, "the copy is of before");
        assert_eq!(contents(&copy), before, "the copy holds what version {count} held");
        assert_eq!(check(&copy), "ok");
    }
}

#[test]
fn a_profile_of_an_older_version_opens_with_its_accounts() {
    let directory = tempfile::tempdir().expect("a directory");
    let connection = of_version(&directory.path().join("deskbell.db"), 15);
    connection
        .execute(
            "INSERT INTO account (provider, channel, address, name, settings, schedule, created_at)
             VALUES ('imap', 'email', 'desk@studio.example', 'Studio', '{}', '0 * * * *', 1)",
            [],
        )
        .expect("an account");
    drop(connection);
    let opened = Store::open(directory.path(), OpenOptions::default()).expect("it opens");
    assert_eq!(opened.notice, None, "nothing to tell");
    let read = opened.store.read(table::account::list);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let accounts = runtime.block_on(read).expect("the accounts");
    assert_eq!(accounts.first().map(|row| row.address.as_str()), Some("desk@studio.example"));
    assert_eq!(version(&open(&directory.path().join(BACKUP))).expect("a version"), 15);
}

#[test]
fn a_migration_that_fails_changes_nothing_and_says_where_the_copy_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let (path, backup) = (directory.path().join("deskbell.db"), directory.path().join(BACKUP));
    let count = MIGRATIONS.len() - 2;
    let mut connection = of_version(&path, count);
    fill(&connection);
    let before = contents(&connection);
    let mut faulty = MIGRATIONS.to_vec();
    faulty.push((
        "half",
        "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);",
    ));
    // Tried again at the next start, it fails again, and the copy is still one of the whole file.
    for _ in 0..2 {
        let failed =
            run(&mut connection, &backup, &faulty, &|_| {}).expect_err("nowhere is no table");
        assert!(matches!(failed, StoreError::Migration(_)), "{failed:?}");
        let words = failed.to_string();
        for part in [
            "could not be brought up to date",
            "no such table: nowhere",
            BACKUP,
            "Nothing in it was changed",
        ] {
            assert!(words.contains(part), "a person reads {part:?}: {words}");
        }
        assert_eq!(
            version(&connection).expect("a version") as usize,
            count,
            "not one step was taken"
        );
        assert_eq!(contents(&connection), before, "no row is lost and no table is new");
        assert_eq!(check(&connection), "ok");
        assert_eq!(contents(&open(&backup)), before, "the copy is whole");
    }
    drop(connection);
    assert_eq!(contents(&open(&path)), before, "nor after it was closed");
    assert_eq!(
        std::fs::read_dir(&directory)
            .expect("listed")
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "partial"))
            .count(),
        0
    );
}

#[test]
fn the_copy_before_an_update_says_how_far_it_is_and_one_cut_off_is_made_anew() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("deskbell.db");
    let connection = of_version(&file, MIGRATIONS.len() - 1);
    connection
        .execute_batch(
            "CREATE TABLE bulk (x); INSERT INTO bulk WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
             SELECT randomblob(4000) FROM n; DROP TABLE bulk;",
        )
        .expect("a file of 32 MB");
    drop(connection);
    // A process was killed while it copied.
    std::fs::write(directory.path().join("deskbell.before-update.partial"), [7; 10_000])
        .expect("half a copy");
    assert!(Store::is_outdated(directory.path()), "it will take its time");
    let told = std::cell::RefCell::new(Vec::new());
    let opened = Store::open_telling(directory.path(), OpenOptions::default(), &|share| {
        told.borrow_mut().push(share);
    });
    opened.expect("it is brought up to date");
    let told = told.into_inner();
    assert!(told.len() >= 4, "not only at its end: {told:?}");
    assert!(
        told.is_sorted() && told.first() == Some(&0.0) && told.last() == Some(&1.0),
        "{told:?}"
    );
    assert!(directory.path().join(BACKUP).exists(), "the copy is whole");
    assert!(!directory.path().join("deskbell.before-update.partial").exists());
    assert!(!Store::is_outdated(directory.path()));
    let quiet = Store::open_telling(directory.path(), OpenOptions::default(), &|share| {
        panic!("nothing is copied, and {share} of it is said");
    });
    quiet.expect("it opens");
}

#[test]
fn what_an_older_file_holds_is_counted_when_it_is_brought_up_to_date() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("deskbell.db");
    let count = MIGRATIONS.iter().position(|(name, _)| *name == "held").expect("a migration");
    let mut connection = of_version(&path, count);
    fill(&connection);
    let sql = "UPDATE message SET body_state = 0; UPDATE blob SET size = 700";
    connection.execute_batch(sql).expect("a body to come, and a file");
    run(&mut connection, &directory.path().join(BACKUP), MIGRATIONS, &|_| {}).expect("up to date");
    let missing = table::held::in_state(&connection, BodyState::Missing).expect("a counter");
    assert_eq!(missing, 1, "the body still to come is counted");
    assert_eq!(table::held::blob_bytes(&connection).expect("a counter"), 700);
    let sql = "SELECT bodies_missing FROM scope WHERE id = 1";
    let of_mailbox: i64 = connection.query_row(sql, [], |row| row.get(0)).expect("a mailbox");
    assert_eq!(of_mailbox, 1, "a mailbox counts its own");
}
