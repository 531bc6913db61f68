//! `cargo xtask check`: everything that can be judged without running the app.
//!
//! All checks run even when one fails, so that one round shows all there is to mend.

mod files;

use crate::setup::{self, Need};
use crate::shell::{cargo, npm, say_and_run};
use crate::{generate, shell};

type Check = (&'static str, fn() -> anyhow::Result<()>);

const CHECKS: [Check; 9] = [
    ("format", || say_and_run(cargo().args(["fmt", "--all", "--check"]))),
    ("sizes and words", files::check),
    ("clippy", || {
        let mut clippy = cargo();
        clippy.args([
            "clippy",
            "--quiet",
            "--keep-going",
            "--workspace",
            "--all-targets",
            "--features",
            "deskbell/updater",
            "--",
            "-Dwarnings",
        ]);
        say_and_run(&mut clippy)
    }),
    ("docs", || {
        let mut doc = cargo();
        doc.args(["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
        say_and_run(doc.env("RUSTDOCFLAGS", "-Dwarnings -Arustdoc::private_intra_doc_links"))
    }),
    // The advisory database is fetched from GitHub, which CI may not reach.
    ("licences and sources", || {
        say_and_run(cargo().args([
            "deny",
            "check",
            "--hide-inclusion-graph",
            "licenses",
            "bans",
            "sources",
        ]))
    }),
    ("unused dependencies", || say_and_run(cargo().args(["machete"]))),
    ("generated files", || generate::generate(true)),
    ("the window's types", || say_and_run(npm().args(["run", "--silent", "check"]))),
    ("the window's lints", || say_and_run(npm().args(["run", "--silent", "lint"]))),
];

pub fn check() -> anyhow::Result<()> {
    setup::packages(&[Need::Build])?;
    setup::checkers()?;
    // The app does not compile without its pages.
    setup::window_pages()?;
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        eprintln!("\x1b[1m{name}\x1b[0m");
        if let Err(error) = check() {
            eprintln!("\x1b[31m{error:#}\x1b[0m");
            failed.push(name);
        }
    }
    anyhow::ensure!(failed.is_empty(), "to mend: {}", failed.join(", "));
    eprintln!("All {} checks passed in {}.", CHECKS.len(), shell::root().display());
    Ok(())
}
