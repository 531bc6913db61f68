//! `.ci/run` on a machine without what it cannot install: it ends before it touches anything, and names the remedy.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

/// Programs that can be found with what they answer, what is said then, and the remedy.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

/// Runs it where nothing but a shell and these programs can be found.
fn run(programs: &[(&str, &str)]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let bin = directory.path();
    std::os::unix::fs::symlink(shell("dirname"), bin.join("dirname")).unwrap();
    for (name, answer) in programs {
        let path = bin.join(name);
        std::fs::write(&path, format!("#!{}\necho '{answer}'\n", shell("bash"))).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../.ci/run");
    Command::new(shell("bash"))
        .arg(script)
        .env_clear()
        .env("PATH", bin)
        .env("HOME", bin)
        .output()
        .unwrap()
}

fn shell(name: &str) -> String {
    let places = ["/usr/bin", "/bin", "/opt/homebrew/bin"].map(|place| format!("{place}/{name}"));
    places.into_iter().find(|path| Path::new(path).exists()).expect("a shell")
}

#[test]
fn what_is_missing_or_too_old_is_said_with_its_remedy() {
    let (rust, node) = ("https://rustup.rs", "https://nodejs.org");
    let new = ("cargo", "cargo 1.95.0 (f2d3ce0bd 2026-03-21)");
    let cases: [Case<'_>; 6] = [
        (&[], "there is no cargo. Rust 1.95", rust),
        (&[("cargo", "cargo 1.63.0")], "cargo 1.63.0 is too old", rust),
        (&[new], "there is no node. Node.js 20.19", node),
        (&[new, ("node", "v18.20.4")], "node 18.20.4 is too old", node),
        (&[new, ("node", "v20.18.9")], "node 20.18.9 is too old", node),
        (&[new, ("node", "v22.0.0")], "there is no npm", node),
    ];
    for (programs, wanted, remedy) in cases {
        let ended = run(programs);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(1), "{programs:?}: {said}");
        assert!(said.contains(wanted) && said.contains(remedy), "{programs:?}: {said}");
        assert_eq!(said.lines().count(), 1, "nothing else was begun: {said}");
        assert!(ended.stdout.is_empty(), "{programs:?}");
    }
}
