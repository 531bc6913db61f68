//! Mailboxes behind an API: first rows, the whole of it, what it costs, and reading while the sign-in is renewed.

use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use super::table::{Table, seconds};
use crate::shell::{self, cargo, say_and_run};

/// What a user may spend: units a minute at Gmail, requests in ten minutes at Microsoft.
const GMAIL: f64 = 6_000.0;
const GRAPH: f64 = 10_000.0;

pub(super) fn measure(messages: usize) -> anyhow::Result<Vec<Table>> {
    let build = ["build", "--release", "--package", "deskbell-desk", "--example", "accounts"];
    say_and_run(cargo().args(build))?;
    let program = shell::built("examples/accounts", true)?;
    eprintln!("syncing {messages} made-up mails from Gmail and from Microsoft Graph, both played");
    let line = shell::output(Command::new(program).arg(messages.to_string()))?;
    let told: Value = serde_json::from_str(&line)?;
    let google = Run::of(&told, "google")?;
    let microsoft = Run::of(&told, "microsoft")?;
    let mut table = Table::new(
        &format!("First sync of {messages} mails from a played provider"),
        &["what", "Gmail API", "Microsoft Graph", "must reach"],
    );
    let mut row = |what: &str, cell: &dyn Fn(&Run) -> anyhow::Result<String>, goal: &str| {
        table.row([what.to_owned(), cell(&google)?, cell(&microsoft)?, goal.to_owned()]);
        anyhow::Ok(())
    };
    row("first 50 conversations", &|run| run.time("first_ms"), "≤ 2 s")?;
    row("all of it, without waiting for the quota", &|run| run.time("whole_ms"), "")?;
    row("all of it, with the quota's waits", &Run::with_waits, "the quota alone")?;
    row("the quota alone", &|run| Ok(clock(run.least())), "")?;
    row("HTTP requests per 1,000 messages", &|run| run.per_thousand("requests"), "")?;
    row("calls per 1,000 messages", &|run| run.per_thousand("calls"), "")?;
    row("units per 1,000 messages", &|run| run.per_thousand("units"), "")?;
    row("calls refused as too many", &|run| Ok(run.number("refused")?.to_string()), "")?;
    row(
        "renewals of the sign-in, each of 0.3 s",
        &|run| Ok(run.number("renewals")?.to_string()),
        "",
    )?;
    row("p99 of reading a page meanwhile", &|run| run.time("p99_ms"), "≤ 10 ms")?;
    row("p99 of reading a page during a renewal", &|run| run.time("p99_renewing_ms"), "≤ 10 ms")?;
    table.note(
        "The provider runs in the same process and on the same two cores. Waits that its quota asks for are skipped on a clock that both \
         share, and counted. At Gmail a call costs what its price list says, alone or in a batch; at Microsoft a call is one \
         of 10,000 in ten minutes, alone or in a `$batch`: batches save round trips, and the quota is what a sync waits for.",
    );
    Ok(vec![table])
}

/// What was told of one provider.
struct Run {
    told: Value,
    google: bool,
}

impl Run {
    fn of(told: &Value, name: &str) -> anyhow::Result<Self> {
        let told = told.get(name).with_context(|| format!("nothing is told of {name}"))?;
        Ok(Self { told: told.clone(), google: name == "google" })
    }

    fn number(&self, key: &str) -> anyhow::Result<f64> {
        self.told.get(key).and_then(Value::as_f64).with_context(|| format!("{key} is missing"))
    }

    fn time(&self, key: &str) -> anyhow::Result<String> {
        Ok(seconds(Duration::from_secs_f64(self.number(key)? / 1_000.0)))
    }

    fn per_thousand(&self, key: &str) -> anyhow::Result<String> {
        let each = self.number(key)? * 1_000.0 / self.number("messages")?;
        Ok(format!("{each:.0}"))
    }

    fn with_waits(&self) -> anyhow::Result<String> {
        Ok(clock((self.number("whole_ms")? + self.number("waited_ms")?) / 1_000.0))
    }

    /// The least seconds in which the quota lets so many units through.
    fn least(&self) -> f64 {
        let units = self.number("units").unwrap_or_default();
        if self.google { units / GMAIL * 60.0 } else { (units / GRAPH).floor() * 600.0 }
    }
}

/// Hours and minutes, or minutes and seconds.
fn clock(seconds: f64) -> String {
    let minutes = (seconds / 60.0).floor();
    if minutes >= 60.0 {
        return format!("{:.0} h {:.0} min", (minutes / 60.0).floor(), minutes % 60.0);
    }
    format!("{minutes:.0} min {:.0} s", seconds - minutes * 60.0)
}
