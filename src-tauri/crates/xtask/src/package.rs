//! `cargo xtask package`: installers of this platform, by Tauri's own bundler.

use crate::setup::{self, Need};
use crate::shell::{command, say_and_run};

/// 3.0 pre-releases exist; the bundler must match the app's Tauri 2.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";

pub fn package() -> anyhow::Result<()> {
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
    say_and_run(command(npx).args(["--yes", TAURI_CLI, "build", "--bundles", bundles]))
}
