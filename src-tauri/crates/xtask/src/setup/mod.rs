//! Installs what a chore needs, after saying so; where it cannot, it says what to install.

mod packages;

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::Context as _;

use crate::shell::{cargo, npm, output, say_and_run, ui, works};
pub use packages::{Need, packages};

/// Oldest Node.js that the window's build tools run on.
const NODE: (u32, u32) = (20, 19);

/// Cargo subcommands, and the versions that this repository is checked with.
const NEXTEST: Tool = Tool { name: "cargo-nextest", version: "0.9.143", probe: "nextest" };
const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2", probe: "deny" };
const MACHETE: Tool = Tool { name: "cargo-machete", version: "0.9.2", probe: "machete" };
const FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.1", probe: "fuzz" };

struct Tool {
    name: &'static str,
    version: &'static str,
    probe: &'static str,
}

impl Tool {
    fn ensure(&self) -> anyhow::Result<()> {
        if works(cargo().args([self.probe, "--version"])) {
            return Ok(());
        }
        eprintln!("Installing {} {}, once.", self.name, self.version);
        install(self.name, self.version)
    }
}

/// The test runner.
pub fn nextest() -> anyhow::Result<()> {
    NEXTEST.ensure()
}

/// What builds and runs fuzz targets.
pub fn cargo_fuzz() -> anyhow::Result<()> {
    FUZZ.ensure()
}

/// The tools of `check`.
pub fn checkers() -> anyhow::Result<()> {
    DENY.ensure()?;
    MACHETE.ensure()
}

/// The WebDriver front that tests of the real window use; it exists for Linux and Windows.
///
/// 3.0 pre-releases exist; the window is built with Tauri 2, so the driver is pinned to 2.
pub fn tauri_driver() -> anyhow::Result<()> {
    if works(Command::new("tauri-driver").arg("--help")) {
        return Ok(());
    }
    eprintln!("Installing tauri-driver 2.1.0, once.");
    install("tauri-driver", "2.1.0")
}

fn install(name: &str, version: &str) -> anyhow::Result<()> {
    say_and_run(cargo().args(["install", "--locked", "--version", version, name]))
}

/// The window's packages, as its lock file has them.
pub fn node_modules() -> anyhow::Result<()> {
    let version = output(Command::new("node").arg("--version"))
        .context(format!("Node.js {}.{} or newer is needed: https://nodejs.org", NODE.0, NODE.1))?;
    let mut parts = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    let found = (parts.next().transpose()?.unwrap_or(0), parts.next().transpose()?.unwrap_or(0));
    anyhow::ensure!(
        found >= NODE,
        "Node.js {} is too old; {}.{} or newer is needed: https://nodejs.org",
        version.trim(),
        NODE.0,
        NODE.1
    );
    // npm writes this file at the end of every install.
    let stamp = changed(&ui().join("node_modules").join(".package-lock.json"));
    let lock = changed(&ui().join("package-lock.json"));
    if stamp.is_some() && stamp >= lock {
        return Ok(());
    }
    eprintln!("Installing the window's npm packages.");
    say_and_run(npm().args(["ci", "--no-audit", "--no-fund"]))
}

/// Builds the window's pages, which the app embeds.
pub fn window_pages() -> anyhow::Result<()> {
    node_modules()?;
    say_and_run(npm().args(["run", "--silent", "build"]))
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}
