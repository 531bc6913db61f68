//! The schema as documented: `docs/schema.sql` shows what a fresh profile holds, and every column says what
//! it means.

use std::path::Path;

use deskbell_store::schema;

fn documented() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/schema.sql")
}

#[test]
fn the_documented_schema_is_the_real_one() {
    let real = schema::text().expect("a fresh database");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(documented(), &real).expect("docs/schema.sql can be written");
    }
    let shown = std::fs::read_to_string(documented()).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(
        shown, real,
        "docs/schema.sql is the schema of a fresh profile; run this test with UPDATE_SCHEMA=1"
    );
}

#[test]
fn every_column_says_what_it_means() {
    let text = schema::text().expect("a fresh database");
    let (mut table, mut columns) = (None, 0);
    for line in text.lines() {
        if let Some(rest) =
            line.strip_prefix("CREATE TABLE ").or(line.strip_prefix("CREATE VIRTUAL TABLE "))
        {
            // `fts5vocab` has no columns of its own.
            table = (!line.ends_with(';')).then(|| rest.to_owned());
            continue;
        }
        if line.starts_with(')') || line.ends_with(");") {
            table = None;
        }
        let Some(table) = &table else { continue };
        let words = line.trim_start();
        let is_column = words.starts_with(|c: char| c.is_ascii_lowercase())
            // Options of the search index are no columns.
            && !words.contains(" = ");
        if is_column {
            columns += 1;
            let meaning = words.split_once("-- ").map_or("", |(_, meaning)| meaning);
            assert!(meaning.len() > 1, "a column carries a `-- comment`: {table} {words}");
        }
    }
    assert!(columns > 80, "the whole schema was read, not a part of it: {columns} columns");
}

#[test]
fn every_table_is_strict() {
    let text = schema::text().expect("a fresh database");
    for statement in text.split(";\n\n").filter(|s| s.contains("CREATE TABLE")) {
        let end = statement.lines().last().unwrap_or_default();
        assert!(end.contains("STRICT"), "SQLite checks the types of every table: {statement}");
    }
}
