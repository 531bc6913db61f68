//! `cargo xtask fuzz`: lets a machine make up what strangers might send, and keeps what breaks a reader.
//!
//! The targets are in `fuzz/`, a workspace of its own; they build on the stable toolchain, without a sanitiser.
//! What they find is copied into `fuzz/finds`, where an ordinary test runs it from then on.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::setup;
use crate::shell::{cargo, root, say_and_run};

/// Longest input that is made up, in bytes.
const LONGEST: u32 = 16 * 1024;
/// Mail of the tests that serves as seeds, too.
const FIXTURES: &str = "src-tauri/crates/engine/src/ingest/fixtures";

#[derive(clap::Args)]
pub struct FuzzArguments {
    /// Which readers, by their names in fuzz/targets; all of them when none is named
    names: Vec<String>,
    /// How long each is tried, in seconds
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

pub fn fuzz(arguments: &FuzzArguments) -> anyhow::Result<()> {
    setup::cargo_fuzz()?;
    let known = names()?;
    for name in &arguments.names {
        anyhow::ensure!(known.contains(name), "there is no {name}; there are {}", known.join(", "));
    }
    let chosen = if arguments.names.is_empty() { &known } else { &arguments.names };
    let mut broken = Vec::new();
    for name in chosen {
        if let Err(error) = run(name, arguments.seconds) {
            let finds = keep(name)?;
            anyhow::ensure!(finds > 0, error.context(format!("{name} could not be fuzzed")));
            broken.push(format!("{name} ({finds})"));
        }
    }
    anyhow::ensure!(
        broken.is_empty(),
        "these broke, and how is kept in fuzz/finds: {}. Mend the reader and give the find the name of the bug.",
        broken.join(", ")
    );
    Ok(())
}

/// The readers there are targets for.
fn names() -> anyhow::Result<Vec<String>> {
    let folder = root().join("fuzz").join("targets");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("{}", folder.display()))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

fn run(name: &str, seconds: u32) -> anyhow::Result<()> {
    let fuzz = root().join("fuzz");
    let corpus = fuzz.join("corpus").join(name);
    std::fs::create_dir_all(&corpus)?;
    let mut command = cargo();
    command.args(["fuzz", "run", "--sanitizer", "none", name]).arg(&corpus);
    for seeds in
        [fuzz.join("seeds").join(name), fuzz.join("finds").join(name), root().join(FIXTURES)]
    {
        let fits = seeds.starts_with(&fuzz) || matches!(name, "mime" | "report" | "html");
        if fits && seeds.is_dir() {
            command.arg(seeds);
        }
    }
    let limits = [format!("-max_total_time={seconds}"), format!("-max_len={LONGEST}")];
    say_and_run(command.arg("--").args(limits).args(["-timeout=20", "-rss_limit_mb=4096"]))
}

/// Copies what broke a reader to where the test looks; how many there are.
fn keep(name: &str) -> anyhow::Result<usize> {
    let fuzz = root().join("fuzz");
    let artifacts = files(&fuzz.join("artifacts").join(name));
    let finds = fuzz.join("finds").join(name);
    for artifact in &artifacts {
        std::fs::create_dir_all(&finds)?;
        let file = artifact.file_name().context("an artifact has a name")?;
        std::fs::copy(artifact, finds.join(file))?;
        std::fs::remove_file(artifact)?;
    }
    Ok(artifacts.len())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
