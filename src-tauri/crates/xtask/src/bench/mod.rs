//! `cargo xtask bench`: each benchmark stands beside a peer in the same run, and its table is written down.
//!
//! A benchmark is one file here and one line in [`BENCHES`]. Tests assert rules; only here is time measured.

mod accounts;
mod answering;
mod arrival;
mod bell;
mod clock;
#[cfg(target_os = "linux")]
mod desktop;
mod mail;
mod page;
mod peers;
mod report;
mod rules;
mod sending;
mod store;
mod table;
mod window;

use std::collections::BTreeSet;

use crate::setup::{self, Need};
use crate::shell::{cargo, output, root, say_and_run};
use report::Section;
use table::Table;

/// One benchmark.
struct Bench {
    /// Its name on the command line.
    name: &'static str,
    /// The packages of ours that it runs, built in release before any clock starts.
    packages: &'static [&'static str],
    /// Messages to measure with, unless a number is given.
    messages: usize,
    /// Takes the number of messages to measure with.
    measure: fn(usize) -> anyhow::Result<Vec<Table>>,
}

/// Messages of a well-used mailbox.
const USUAL: usize = 50_000;
/// Messages of a large one.
const LARGE: usize = 500_000;

const BENCHES: &[Bench] = &[
    Bench { name: "mail", packages: &["deskbell-cli"], messages: USUAL, measure: mail::measure },
    Bench { name: "store", packages: &["deskbell-cli"], messages: USUAL, measure: store::measure },
    Bench {
        name: "arrival",
        packages: &["deskbell-cli"],
        messages: USUAL,
        measure: arrival::measure,
    },
    Bench { name: "send", packages: &["deskbell-cli"], messages: USUAL, measure: send },
    Bench {
        name: "answering",
        packages: &["deskbell-cli", "deskbell"],
        messages: 1,
        measure: answering::measure,
    },
    Bench { name: "accounts", packages: &[], messages: USUAL, measure: accounts::measure },
    Bench {
        name: "window",
        packages: &["deskbell-cli", "deskbell"],
        messages: LARGE,
        measure: window::measure,
    },
    #[cfg(target_os = "linux")]
    Bench {
        name: "desktop",
        packages: &["deskbell-cli", "deskbell"],
        messages: USUAL,
        measure: desktop::measure,
    },
];

/// Sending, and what rules make of what comes in.
fn send(messages: usize) -> anyhow::Result<Vec<Table>> {
    let mut tables = sending::measure(messages)?;
    tables.extend(rules::measure(messages)?);
    Ok(tables)
}

/// Runs the named benchmarks, or all, and writes what they brought into `docs/benchmarks.md`.
pub fn bench(names: &[String], messages: Option<usize>) -> anyhow::Result<()> {
    let chosen = choose(BENCHES, names)?;
    setup::packages(&[Need::Peers, Need::Benchmark])?;
    let packages: BTreeSet<&str> =
        chosen.iter().flat_map(|bench| bench.packages).copied().collect();
    if !packages.is_empty() {
        build(&packages)?;
    }
    let file = root().join("docs").join("benchmarks.md");
    let order: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
    for bench in &chosen {
        let circumstances = format!("Measured on {}{}.", machine(), load());
        let tables = (bench.measure)(messages.unwrap_or(bench.messages))?;
        for table in &tables {
            println!("{}", table.markdown());
        }
        let section = Section { name: bench.name, circumstances, tables };
        // Written after each, so that one that fails costs none that went before it.
        let existing = std::fs::read_to_string(&file).unwrap_or_default();
        std::fs::write(&file, report::merge(&existing, &[section], &order))?;
        eprintln!("Wrote {}", file.display());
    }
    Ok(())
}

/// How busy the machine was before the first clock started, where the system says so.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace()
        .next()
        .map_or_else(String::new, |load| format!("; the load average was {load} when it began"))
}

/// Builds in release, so that no compiler competes with what is measured.
fn build(packages: &BTreeSet<&str>) -> anyhow::Result<()> {
    setup::packages(&[Need::Build, Need::Headless])?;
    setup::window_pages()?;
    // Each by itself, as it is packed: built together they would share the features of all.
    for package in packages {
        say_and_run(cargo().args(["build", "--release", "--package", package]))?;
    }
    Ok(())
}

fn choose<'a>(benches: &'a [Bench], names: &[String]) -> anyhow::Result<Vec<&'a Bench>> {
    if let Some(unknown) =
        names.iter().find(|name| !benches.iter().any(|bench| bench.name == **name))
    {
        let known: Vec<&str> = benches.iter().map(|bench| bench.name).collect();
        anyhow::bail!("there is no benchmark {unknown:?}; there are: {}", known.join(", "));
    }
    let wanted = |bench: &&Bench| names.is_empty() || names.iter().any(|name| name == bench.name);
    Ok(benches.iter().filter(wanted).collect())
}

/// The machine in words: numbers mean nothing without it.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let model = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            line.split_once(": ").map(|(_, model)| model.to_owned())
        })
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let rustc = output(std::process::Command::new("rustc").arg("--version")).unwrap_or_default();
    format!("{cores} cores of {model}, {}, {}", std::env::consts::OS, rustc.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_benchmark_is_named_with_the_known_ones() {
        let benches =
            [Bench { name: "mail", packages: &[], messages: USUAL, measure: |_| Ok(Vec::new()) }];
        assert_eq!(choose(&benches, &[]).unwrap().len(), 1);
        let error = choose(&benches, &["male".to_owned()]).err().unwrap().to_string();
        assert!(error.contains("\"male\"") && error.contains("mail"), "{error}");
    }
}
