//! Running other programs from the repository's root, each named before it runs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;

/// The repository's root.
pub fn root() -> PathBuf {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_dir.ancestors().nth(3).unwrap_or(crate_dir).to_owned()
}

/// The folder of the window's sources.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// A command that starts in the repository's root.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Cargo itself, without the flags and paths that belong to the run of this program.
pub fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        // Left in place, they would differ from a plain `cargo build` and rebuild every build script.
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// npm in the folder of the window's sources.
pub fn npm() -> Command {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut npm = Command::new(name);
    npm.current_dir(ui());
    npm
}

/// Says what runs, runs it with our own input and output, and fails if it fails.
pub fn say_and_run(command: &mut Command) -> anyhow::Result<()> {
    let line = shown(command);
    eprintln!("\x1b[2m$ {line}\x1b[0m");
    let status = command.status().with_context(|| format!("could not start {line}"))?;
    anyhow::ensure!(status.success(), "failed ({status}): {line}");
    Ok(())
}

/// Whether a program can be started and succeeds, in silence.
pub fn works(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a program prints.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let line = shown(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start {line}"))?;
    anyhow::ensure!(output.status.success(), "failed ({}): {line}", output.status);
    String::from_utf8(output.stdout).with_context(|| format!("{line} printed no text"))
}

/// Where cargo puts what it builds.
pub fn target() -> anyhow::Result<PathBuf> {
    let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let target = metadata
        .get("target_directory")
        .and_then(serde_json::Value::as_str)
        .context("cargo metadata names no target directory")?;
    Ok(PathBuf::from(target))
}

/// Where cargo puts a program of this workspace.
pub fn built(name: &str, release: bool) -> anyhow::Result<PathBuf> {
    let profile = if release { "release" } else { "debug" };
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(target()?.join(profile).join(file))
}

/// The files that git knows, relative to the root, with `/` on every platform.
pub fn tracked_files() -> anyhow::Result<Vec<String>> {
    let names = output(command("git").args(["ls-files", "-z"]))?;
    Ok(names.split_terminator('\0').map(str::to_owned).collect())
}

fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
