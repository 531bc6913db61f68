//! `cargo xtask package`: installers of this platform, by Tauri's own bundler, with their sizes held to a limit.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::setup::{self, Need};
use crate::shell::{command, say_and_run, target};

/// 3.0 pre-releases exist; the bundler must match the app's Tauri 2.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";
/// What a package may weigh, in bytes.
const HEAVIEST: u64 = 25 * 1024 * 1024;

pub fn package(install: bool) -> anyhow::Result<()> {
    setup::packages(&[Need::Build])?;
    setup::window_pages()?;
    // Only what the platform's own tools can make: AppImage and WiX download theirs.
    let bundles = if cfg!(target_os = "macos") {
        "app,dmg"
    } else if cfg!(windows) {
        "nsis"
    } else {
        "deb,rpm"
    };
    let npx = if cfg!(windows) { "npx.cmd" } else { "npx" };
    say_and_run(
        command(npx)
            .args(["--yes", TAURI_CLI, "build", "--bundles", bundles])
            // A debugger finds names in a build of one's own; packages go without.
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    )?;
    let made = weigh(&target()?.join("release/bundle"))?;
    anyhow::ensure!(!made.is_empty(), "the bundler made no package");
    if install {
        let package = made.iter().find(|path| path.extension().is_some_and(|kind| kind == "deb"));
        crate::installed::check(package.context("there is no .deb to install")?)?;
    }
    Ok(())
}

/// Every package that was made, each no heavier than it may be.
fn weigh(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut made = Vec::new();
    for kind in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let kind = kind?.path();
        if !kind.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(kind)? {
            let path = entry?.path();
            let known = ["deb", "rpm", "dmg", "exe", "msi", "AppImage"];
            if path.extension().is_some_and(|own| known.iter().any(|kind| own == *kind)) {
                let weight = path.metadata()?.len();
                eprintln!("{} ({:.1} MB)", path.display(), weight as f64 / 1_048_576.0);
                anyhow::ensure!(weight <= HEAVIEST, "{} is heavier than 25 MB", path.display());
                made.push(path);
            }
        }
    }
    Ok(made)
}
