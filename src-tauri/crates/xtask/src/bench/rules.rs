//! Rules: a hundred of them over the mail of a year, in one walk and, as the peer, one after the other.

use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use super::table::{Table, ratio, seconds};
use crate::shell::{self, cargo, say_and_run};

/// Rules a busy studio has.
const RULES: usize = 100;

pub(super) fn measure(messages: usize) -> anyhow::Result<Vec<Table>> {
    let build = ["build", "--release", "--package", "deskbell-engine", "--example", "rules"];
    say_and_run(cargo().args(build))?;
    let program = shell::built("examples/rules", true)?;
    eprintln!(
        "filling a profile with {messages} made-up mails and looking at each with {RULES} rules"
    );
    let line =
        shell::output(Command::new(program).args([messages.to_string(), RULES.to_string()]))?;
    let told: Value = serde_json::from_str(&line)?;
    let time = |key: &str| {
        let ms = told.get(key).and_then(Value::as_f64).context("a time is missing")?;
        anyhow::Ok(Duration::from_secs_f64(ms / 1_000.0))
    };
    let (judge, alone, whole) = (time("judge_ms")?, time("one_by_one_ms")?, time("dry_run_ms")?);
    let matched = told.get("matched").and_then(Value::as_u64).unwrap_or_default();
    let mut table = Table::new(
        &format!("{RULES} rules over {messages} messages, of which {matched} match"),
        &["what", "ours", "each rule alone", "ratio", "must reach"],
    );
    table.row([
        "rules".to_owned(),
        seconds(judge),
        seconds(alone),
        ratio(judge, alone),
        "≤ 2 s".to_owned(),
    ]);
    table.row(["rules, with reading each mail (a dry run)".to_owned(), seconds(whole)]);
    table.note("The mails are made up, of about 2 kB each; every tenth rule is a regular expression over the text.");
    Ok(vec![table])
}
