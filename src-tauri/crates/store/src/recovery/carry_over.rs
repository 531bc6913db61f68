//! What is copied out of a damaged file: that which no provider can give again.
//!
//! Invariant: what is copied is copied as it was read or not at all, and what could not be read is told. What a
//! person chose comes first, and needs no more than this file; what they wrote and filed is `mail`'s.

use rusqlite::{Connection, params_from_iter};

mod mail;

pub(super) use mail::carry_over as carry_over_mail;

/// What came along from a damaged file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Accounts.
    pub accounts: usize,
    /// Messages that waited to be sent and are drafts again: whether they left meanwhile nobody can tell.
    pub taken_back: usize,
    /// Some accounts, passwords, signatures, labels, rules, templates or settings could not be read.
    pub lost_choices: bool,
    /// Some of what was being written or sent could not be read.
    pub lost_writing: bool,
    /// Some of what was filed, read or put off here, and told to no provider yet, could not be read.
    pub lost_filing: bool,
    /// Some of what was imported could not be read.
    pub lost_imports: bool,
}

/// Copies accounts, secrets, senders, templates, labels, rules and settings out of a damaged file, as far as it can
/// be read; also what unpacks the bodies that come along later.
pub(super) fn carry_over(damaged: &Connection, fresh: &Connection) -> Kept {
    let between = Between { damaged, fresh };
    let begun_anew =
        ["synced_at", "saves_sent", "history_since", "history_forgotten", "history_latest"];
    let mut whole = between.copy(&Rows { left_out: &begun_anew, ..Rows::of("account") });
    let chosen = ["secret", "oauth_client", "sender", "template", "rule", "auto_reply", "setting"];
    whole &= between.copy_all(&chosen.map(Rows::of));
    whole &= between.copy(&Rows { left_out: &["total", "unread"], ..Rows::of("label") });
    // Everything is fetched once more: to rules, which have seen it all, it is history.
    let begun =
        fresh.execute("UPDATE account SET created_at = max(created_at, unixepoch() * 1000)", []);
    if let Err(error) = begun {
        tracing::warn!(%error, "the accounts could not be told to begin anew");
    }
    between.copy(&Rows::of("dictionary"));
    let accounts = crate::table::account::list(fresh).map_or(0, |accounts| accounts.len());
    Kept { accounts, lost_choices: !whole, ..Kept::default() }
}

/// Which rows of a table are copied, and how.
#[derive(Clone, Copy)]
struct Rows<'a> {
    table: &'a str,
    /// Columns that begin with their default.
    left_out: &'a [&'a str],
    /// Columns with what is read in their place.
    instead: &'a [(&'a str, &'a str)],
    /// Which rows; `?1` is the number.
    only: &'a str,
    number: i64,
}

impl<'a> Rows<'a> {
    fn of(table: &'a str) -> Self {
        Self { table, left_out: &[], instead: &[], only: "?1 = 0", number: 0 }
    }

    fn only(self, only: &'a str, number: i64) -> Self {
        Self { only, number, ..self }
    }
}

/// The damaged file, and the one that takes its place.
#[derive(Clone, Copy)]
struct Between<'a> {
    damaged: &'a Connection,
    fresh: &'a Connection,
}

impl Between<'_> {
    /// Copies all of these, whatever becomes of one of them.
    fn copy_all(&self, all: &[Rows<'_>]) -> bool {
        let mut whole = true;
        for rows in all {
            whole &= self.copy(rows);
        }
        whole
    }

    /// Copies rows that are not there yet, in the columns both files know; false where some could not be copied.
    fn copy(&self, rows: &Rows<'_>) -> bool {
        let copied = self.try_copy(rows);
        if let Err(error) = &copied {
            let table = rows.table;
            tracing::warn!(table, %error, "the damaged file did not give up all of its rows");
        }
        copied.unwrap_or(false)
    }

    fn try_copy(&self, rows: &Rows<'_>) -> rusqlite::Result<bool> {
        let there = columns(self.damaged, rows.table)?;
        let names: Vec<String> = columns(self.fresh, rows.table)?
            .into_iter()
            .filter(|name| there.contains(name) && !rows.left_out.contains(&name.as_str()))
            .collect();
        if names.is_empty() {
            // An older file had no such table.
            return Ok(true);
        }
        let read: Vec<&str> = names
            .iter()
            .map(|name| {
                let other = rows.instead.iter().find(|(column, _)| column == name);
                other.map_or(name.as_str(), |(_, value)| value)
            })
            .collect();
        let (table, only) = (rows.table, rows.only);
        let (read, marks) = (read.join(", "), vec!["?"; names.len()].join(", "));
        let mut select =
            self.damaged.prepare_cached(&format!("SELECT {read} FROM {table} WHERE {only}"))?;
        let mut insert = self.fresh.prepare_cached(&format!(
            "INSERT INTO {table} ({}) VALUES ({marks}) ON CONFLICT DO NOTHING",
            names.join(", ")
        ))?;
        let mut found = select.query([rows.number])?;
        let mut whole = true;
        while let Some(row) = found.next()? {
            let values = (0..names.len())
                .map(|index| row.get::<_, rusqlite::types::Value>(index))
                .collect::<Result<Vec<_>, _>>()?;
            // One that belongs to what could not be read; those after it may not.
            if let Err(error) = insert.execute(params_from_iter(values)) {
                tracing::warn!(table, %error, "a row of the damaged file has nowhere to go");
                whole = false;
            }
        }
        Ok(whole)
    }

    /// Numbers the damaged file tells; false where some could not be read.
    fn numbers(&self, sql: &str, numbers: &mut impl Extend<i64>) -> bool {
        let read = (|| -> rusqlite::Result<()> {
            let mut statement = self.damaged.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                numbers.extend([row.get::<_, i64>(0)?]);
            }
            Ok(())
        })();
        if let Err(error) = &read {
            tracing::warn!(%error, "the damaged file did not tell all that a person did");
        }
        read.is_ok()
    }
}

fn columns(c: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = c.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get(0))?;
    names.collect()
}
