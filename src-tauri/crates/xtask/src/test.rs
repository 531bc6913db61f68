//! `cargo xtask test`: every test there is, with the real servers it needs.

use std::process::Command;

use anyhow::Context as _;

use crate::run::{self, RunArguments};
use crate::setup::{self, Need};
use crate::shell::{built, cargo, npm, output, root, say_and_run};

/// Everything there is, what only a release with a signing key has included.
const WHOLE: [&str; 3] = ["--workspace", "--features", "deskbell/updater"];

/// The sample workspace holds at least so many conversations.
const SAMPLE: u64 = 60;

#[derive(clap::Args)]
pub struct TestArguments {
    /// Passed on to nextest, such as a part of a test's name; then only Rust's tests run
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    filter: Vec<String>,
}

pub fn test(arguments: &TestArguments) -> anyhow::Result<()> {
    let mut needs = vec![Need::Build, Need::Headless, Need::Peers];
    if looks(arguments) {
        needs.push(Need::Browser);
    }
    setup::packages(&needs)?;
    setup::nextest()?;
    if cfg!(target_os = "linux") {
        setup::tauri_driver()?;
    }
    // The app embeds the pages, so they come before anything of Rust.
    setup::window_pages()?;
    // Stories drive the programs as people do, so these must be there and new.
    say_and_run(cargo().arg("build").args(WHOLE).arg("--bins"))?;
    say_and_run(
        cargo().args(["nextest", "run"]).args(WHOLE).arg("--no-fail-fast").args(&arguments.filter),
    )?;
    if arguments.filter.is_empty() {
        say_and_run(cargo().arg("test").args(WHOLE).args(["--doc", "--quiet"]))?;
        say_and_run(npm().args(["run", "--silent", "test"]))?;
        if looks(arguments) {
            // Says so where there is no browser to look with, which only CI takes for a failure.
            let pictures = root().join("artifacts").join("look");
            say_and_run(npm().args(["run", "--silent", "look", "--"]).arg(pictures))?;
        }
        if cfg!(target_os = "linux") {
            sample()?;
        }
    }
    Ok(())
}

/// Whether every screen of the window is pictured and judged too.
fn looks(arguments: &TestArguments) -> bool {
    cfg!(target_os = "linux") && arguments.filter.is_empty()
}

/// What somebody sees who has just cloned the repository: the sample workspace, painted and complete.
fn sample() -> anyhow::Result<()> {
    let profile = tempfile::tempdir()?;
    let picture = root().join("artifacts").join("sample.png");
    run::run(&RunArguments::picture_of_the_sample(picture, profile.path().to_owned()))?;
    let bell = || -> anyhow::Result<Command> {
        let mut bell = Command::new(built("bell", false)?);
        bell.arg("--json").arg("--profile").arg(profile.path());
        Ok(bell)
    };
    // The window was closed when its list was painted; what was not read by then is read now.
    output(bell()?.arg("sync"))?;
    let stats: serde_json::Value = serde_json::from_str(&output(bell()?.arg("stats"))?)?;
    let conversations = stats.get("conversations").and_then(serde_json::Value::as_u64);
    let conversations = conversations.context("`bell stats` counts no conversations")?;
    anyhow::ensure!(
        conversations >= SAMPLE,
        "the sample workspace holds {conversations} conversations, not {SAMPLE}"
    );
    eprintln!("The sample workspace is painted and holds {conversations} conversations.");
    Ok(())
}
