//! `cargo xtask test`: every test there is, with the real servers it needs.

use crate::setup::{self, Need};
use crate::shell::{cargo, npm, say_and_run};

#[derive(clap::Args)]
pub struct TestArguments {
    /// Passed on to nextest, such as a part of a test's name; then only Rust's tests run
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    filter: Vec<String>,
}

pub fn test(arguments: &TestArguments) -> anyhow::Result<()> {
    setup::packages(&[Need::Build, Need::Headless, Need::Peers])?;
    setup::nextest()?;
    if cfg!(target_os = "linux") {
        setup::tauri_driver()?;
    }
    // The app embeds the pages, so they come before anything of Rust.
    setup::window_pages()?;
    // Stories drive the programs as people do, so these must be there and new.
    say_and_run(cargo().args(["build", "--workspace", "--bins"]))?;
    say_and_run(
        cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]).args(&arguments.filter),
    )?;
    if arguments.filter.is_empty() {
        say_and_run(cargo().args(["test", "--workspace", "--doc", "--quiet"]))?;
        say_and_run(npm().args(["run", "--silent", "test"]))?;
    }
    Ok(())
}
