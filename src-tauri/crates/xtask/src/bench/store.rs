//! The store alone, with up to a million made-up mails: lists, searches and writes in process, and a search as
//! a whole process beside `notmuch` on the same mails.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use serde_json::Value;

use super::bell::Bell;
use super::clock::{middle, timed};
use super::table::{Table, ratio, seconds};
use crate::shell::{self, cargo, say_and_run};

/// Sizes, as multiples of the number of messages asked for: 100,000, 500,000 and a million.
const SIZES: [usize; 3] = [2, 10, 20];
/// Short measurements are made so often; the middle one counts.
const RUNS: usize = 15;

pub(super) fn measure(messages: usize) -> anyhow::Result<Vec<Table>> {
    let build = ["build", "--release", "--package", "deskbell-store", "--example", "probe"];
    say_and_run(cargo().args(build))?;
    let probe = shell::built("examples/probe", true)?;
    let place = tempfile::tempdir()?;
    let mut reports = Vec::new();
    let mut beside_peer = None;
    for size in SIZES.map(|times| messages * times) {
        let profile = place.path().join(size.to_string());
        let mut command = Command::new(&probe);
        command.arg(&profile).arg(size.to_string());
        let first = reports.is_empty();
        let mail = place.path().join("mail");
        if first {
            command.arg(&mail);
        }
        eprintln!("filling a profile with {size} made-up mails and asking it everything");
        let report: Value = serde_json::from_str(&shell::output(&mut command)?)?;
        if first {
            beside_peer = Some(search(&profile, place.path(), &report, size)?);
            std::fs::remove_dir_all(&mail)?;
        }
        // A million mails take three gigabytes.
        std::fs::remove_dir_all(&profile)?;
        reports.push((size, report));
    }
    let mut tables = vec![answers(&reports)?, filling(&reports)];
    tables.extend(beside_peer);
    Ok(tables)
}

/// Everything that was asked, at every size.
fn answers(reports: &[(usize, Value)]) -> anyhow::Result<Table> {
    let sizes: Vec<String> =
        reports.iter().map(|(size, _)| format!("{size}: p50 / p99 ms")).collect();
    let mut head = vec!["asked in process"];
    head.extend(sizes.iter().map(String::as_str));
    head.extend(["p50, ×10 mails", "must reach"]);
    let mut table = Table::new("The store's answers", &head);
    let (_, first) = reports.first().context("nothing was measured")?;
    for (index, row) in rows(first).iter().enumerate() {
        let of = |report: &Value, key: &str| {
            rows(report).get(index).and_then(|row| row.get(key)).and_then(Value::as_f64)
        };
        let mut cells = vec![row.get("name").and_then(Value::as_str).unwrap_or("?").to_owned()];
        for (_, report) in reports {
            let at = |key: &str| of(report, key).unwrap_or(f64::NAN);
            cells.push(format!("{:.2} / {:.2}", at("p50_ms"), at("p99_ms")));
        }
        let growth = reports
            .last()
            .and_then(|(_, last)| Some(of(last, "p50_ms")? / of(first, "p50_ms")?))
            .map_or_else(String::new, |growth| format!("{growth:.2} ×"));
        cells.push(growth);
        let goal = row.get("goal_ms").and_then(Value::as_f64);
        cells.push(goal.map_or_else(String::new, |goal| format!("p99 ≤ {goal} ms")));
        table.row(cells);
    }
    table.note(
        "The first row is the floor: one row by its id through the same pool of readers. Every question is asked 400 \
         times with other words and places each time.",
    );
    Ok(table)
}

fn rows(report: &Value) -> Vec<Value> {
    report.get("rows").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn filling(reports: &[(usize, Value)]) -> Table {
    let mut table = Table::new(
        "Filling and opening",
        &["mails", "stored and indexed a second", "open to first page", "database"],
    );
    for (size, report) in reports {
        let number = |key: &str| report.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
        table.row([
            size.to_string(),
            format!("{:.0}", *size as f64 / number("fill_ms") * 1_000.0),
            format!("{:.1} ms", number("open_and_first_page_ms")),
            format!("{:.0} MB", number("database_bytes") / 1_000_000.0),
        ]);
    }
    table
}

/// `bell search` and `notmuch search` for the same words in the same mails, each a whole process.
fn search(profile: &Path, place: &Path, report: &Value, size: usize) -> anyhow::Result<Table> {
    let bell = Bell::find()?;
    super::peers::notmuch_new(place)?;
    let title = format!("Search in {size} made-up mails, first 50 hits, whole process");
    let mut table = Table::new(&title, &["query", "Deskbell", "notmuch", "ratio", "must reach"]);
    let words = report.get("words").context("the probe names no words")?;
    let word = |key: &str| words.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (common, rare) = (word("common"), word("rare"));
    let phrase = format!("\"{common} {}\"", word("second"));
    let queries = [("common word", common), ("rarer word", rare), ("phrase", phrase)];
    for (name, query) in queries {
        let ours = middle(RUNS, || {
            timed(bell.on(profile).args(["--json", "search", "--limit", "50", &query]))
        })?;
        let theirs = middle(RUNS, || {
            timed(
                Command::new("notmuch")
                    .args(["search", "--limit=50", "--sort=newest-first", &query])
                    .env("NOTMUCH_CONFIG", place.join("notmuch-config")),
            )
        })?;
        let ratio = ratio(ours, theirs);
        table.row([name.into(), seconds(ours), seconds(theirs), ratio, "≤ 0.5".into()]);
    }
    Ok(table)
}
