//! `cargo xtask package`: installers of this platform, by Tauri's own bundler, with what they hold and weigh checked.
//!
//! The window and `bell` go into one package. New versions are asked for only where the key that signs them is given:
//! see docs/releases.md.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::installed;
use crate::setup::{self, Need};
use crate::shell::{built, cargo, command, output, say_and_run, target};

/// 3.0 pre-releases exist; the bundler must match the app's Tauri 2.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";
/// Takes the names of functions out of a program, with GNU's binutils, which every compiler there needs too.
const STRIP: &str = "strip --strip-all";
/// What a package may weigh, in bytes.
const HEAVIEST: u64 = 25 * 1024 * 1024;
/// The private key that signs new versions, as the bundler takes it.
const SIGNING_KEY: &str = "TAURI_SIGNING_PRIVATE_KEY";

#[derive(clap::Args)]
pub struct PackageArguments {
    /// Install the .deb in a clean Debian root and start it there, and unpack the .rpm; needs root
    #[arg(long)]
    install: bool,
    /// Build nothing: install and start this .deb as --install does
    #[arg(long, value_name = "FILE", conflicts_with = "install")]
    r#try: Option<PathBuf>,
    /// The kinds to make, such as `deb,rpm,appimage`; by default those that need no further downloads
    #[arg(long, value_name = "KINDS", conflicts_with = "try")]
    bundles: Option<String>,
}

pub fn package(arguments: &PackageArguments) -> anyhow::Result<()> {
    if let Some(package) = &arguments.r#try {
        return installed::check_deb(package);
    }
    setup::packages(&[Need::Build, Need::Packages])?;
    setup::window_pages()?;
    // Only what the platform's own tools can make: AppImage and WiX download theirs.
    let usual = if cfg!(target_os = "macos") {
        "app,dmg"
    } else if cfg!(windows) {
        "nsis"
    } else {
        "deb,rpm"
    };
    let bundles = arguments.bundles.as_deref().unwrap_or(usual);
    let mut config = json!({ "bundle": { "externalBin": [bell()?] } });
    if cfg!(target_os = "linux") {
        let window = target()?.join("release").join("deskbell");
        let bare = format!("{STRIP} '{}'", window.display());
        merge(&mut config, &json!({ "build": { "beforeBundleCommand": bare } }));
    }
    let updater = updater()?;
    let mut build = command(if cfg!(windows) { "npx.cmd" } else { "npx" });
    build.args(["--yes", TAURI_CLI, "build", "--bundles", bundles]);
    if let Some(updater) = &updater {
        merge(&mut config, updater);
        build.args(["--features", "updater"]);
    }
    say_and_run(plain(build.arg("--config").arg(config.to_string())))?;
    if cfg!(target_os = "linux") {
        press(&target()?.join("release/bundle/deb"))?;
    }

    let made = weigh(&target()?.join("release/bundle"))?;
    anyhow::ensure!(!made.is_empty(), "the bundler made no package");
    for package in &made {
        installed::check_contents(package)?;
    }
    if arguments.install {
        let of =
            |kind: &str| made.iter().find(|path| path.extension().is_some_and(|own| own == kind));
        if let Some(rpm) = of("rpm") {
            installed::check_rpm(rpm)?;
        }
        installed::check_deb(of("deb").context("there is no .deb to install")?)?;
    }
    Ok(())
}

/// A debugger finds names in a build of one's own; packages go without. On Linux they are taken out of what is built
/// anyway, so that a package costs no build of its own.
fn plain(build: &mut std::process::Command) -> &mut std::process::Command {
    if cfg!(target_os = "linux") {
        return build;
    }
    build.env("CARGO_PROFILE_RELEASE_STRIP", "symbols").env("CARGO_PROFILE_RELEASE_DEBUG", "false")
}

/// Builds `bell` and lays it where the bundler looks for it, which wants the platform in its name; answers the path
/// without that.
fn bell() -> anyhow::Result<PathBuf> {
    say_and_run(plain(cargo().args(["build", "--release", "--package", "deskbell-cli"])))?;
    let version = output(command("rustc").arg("-vV"))?;
    let platform = version.lines().find_map(|line| line.strip_prefix("host: "));
    let platform = platform.context("rustc names no host")?;
    let folder = target()?.join("package");
    std::fs::create_dir_all(&folder)?;
    let file = format!("bell-{platform}{}", std::env::consts::EXE_SUFFIX);
    let laid = folder.join(file);
    std::fs::copy(built("bell", true)?, &laid)?;
    if cfg!(target_os = "linux") {
        let mut words = STRIP.split(' ');
        say_and_run(command(words.next().unwrap_or(STRIP)).args(words).arg(&laid))?;
    }
    Ok(folder.join("bell"))
}

/// Packs each .deb anew as Debian packs its own: the bundler knows gzip alone, which leaves it a third heavier. What was
/// signed is signed again.
fn press(folder: &Path) -> anyhow::Result<()> {
    // Not there where no .deb was asked for.
    for entry in folder.read_dir().into_iter().flatten() {
        let package = entry?.path();
        if package.extension().is_none_or(|own| own != "deb") {
            continue;
        }
        let place = tempfile::tempdir()?;
        let content = place.path().join("content");
        let dpkg = || command("dpkg-deb");
        say_and_run(dpkg().arg("--raw-extract").arg(&package).arg(&content))?;
        say_and_run(
            dpkg().args(["--root-owner-group", "-Zxz", "--build"]).arg(&content).arg(&package),
        )?;
        if package.with_extension("deb.sig").exists() {
            say_and_run(command("npx").args(["--yes", TAURI_CLI, "signer", "sign"]).arg(&package))?;
        }
    }
    Ok(())
}

/// What a build is told that asks for new versions; nothing where nobody signs them.
fn updater() -> anyhow::Result<Option<Value>> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if variable(SIGNING_KEY).is_none() {
        return Ok(None);
    }
    let named = |name: &str| {
        variable(name).with_context(|| {
            format!(
                "{SIGNING_KEY} is set, so {name} must be too; docs/releases.md says what it holds"
            )
        })
    };
    let endpoint = named("UPDATER_ENDPOINT")?;
    anyhow::ensure!(endpoint.starts_with("https://"), "UPDATER_ENDPOINT must begin with https://");
    Ok(Some(json!({
        "bundle": { "createUpdaterArtifacts": true },
        "plugins": { "updater": { "pubkey": named("UPDATER_PUBKEY")?, "endpoints": [endpoint] } },
    })))
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
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
                // An AppImage carries WebKitGTK along, and is as heavy as that is.
                let free = path.extension().is_some_and(|own| own == "AppImage");
                anyhow::ensure!(
                    free || weight <= HEAVIEST,
                    "{} is heavier than 25 MB",
                    path.display()
                );
                made.push(path);
            }
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_signing_adds_leaves_the_rest_of_the_settings() {
        let mut config = json!({ "bundle": { "externalBin": ["x"] } });
        merge(&mut config, &json!({ "bundle": { "createUpdaterArtifacts": true }, "plugins": {} }));
        let both = json!({ "externalBin": ["x"], "createUpdaterArtifacts": true });
        assert_eq!(config, json!({ "bundle": both, "plugins": {} }));
    }

    #[test]
    fn a_package_heavier_than_it_may_be_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let made = |name: &str, weight: u64| {
            let file = folder.path().join("kind").join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::File::create(file).unwrap().set_len(weight).unwrap();
        };
        made("light.msi", HEAVIEST);
        made("whole.AppImage", HEAVIEST * 4);
        assert_eq!(weigh(folder.path()).unwrap().len(), 2);
        made("heavy-setup.exe", HEAVIEST + 1);
        let refused = weigh(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("heavy-setup.exe is heavier than 25 MB"), "{refused}");
    }
}
