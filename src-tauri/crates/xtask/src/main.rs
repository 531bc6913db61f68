//! Deskbell's chores, as `cargo xtask <chore>`.
//!
//! Each chore sets up what it needs after saying so, and is what CI runs: there is no second way.

mod bench;
mod check;
mod fuzz;
mod generate;
mod installed;
mod package;
mod run;
mod setup;
mod shell;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Deskbell's chores", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build Deskbell and open it
    Run(run::RunArguments),
    /// Run every test, real servers included
    Test(test::TestArguments),
    /// Check format, lints, docs, licences, generated files and house rules
    Check,
    /// Write the generated files: ui/src/gen, docs/schema.sql and the licences in the window
    Gen {
        /// Change nothing; fail if a file is out of date
        #[arg(long)]
        check: bool,
    },
    /// Measure speed beside a peer and write docs/benchmarks.md
    Bench {
        /// Which benchmarks; all when none is named
        names: Vec<String>,
        /// How many messages the mailbox holds; as many as each benchmark says when left out
        #[arg(long)]
        messages: Option<usize>,
    },
    /// Make up what strangers might send, and keep what breaks a reader in fuzz/finds
    Fuzz(fuzz::FuzzArguments),
    /// Build installers for this platform
    Package(package::PackageArguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().chore {
        Chore::Run(arguments) => run::run(&arguments),
        Chore::Test(arguments) => test::test(&arguments),
        Chore::Check => check::check(),
        Chore::Gen { check } => generate::generate(check),
        Chore::Bench { names, messages } => bench::bench(&names, messages),
        Chore::Fuzz(arguments) => fuzz::fuzz(&arguments),
        Chore::Package(arguments) => package::package(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Without the backtrace: what failed is nearly always another program, which has said why.
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
