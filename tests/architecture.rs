//! The house's walls: who may depend on whom, held against what cargo and the sources say.
//!
//! The picture of the same rules, with their reasons, is in ARCHITECTURE.md.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise, in its helpers too"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Every crate, and the crates of ours that it may use.
const ARROWS: [(&str, &[&str]); 12] = [
    ("deskbell-domain", &[]),
    ("deskbell-store", &["deskbell-domain"]),
    ("deskbell-providers", &["deskbell-domain"]),
    ("deskbell-engine", &["deskbell-domain", "deskbell-store"]),
    ("deskbell-api", &["deskbell-domain", "deskbell-engine", "deskbell-store"]),
    (
        "deskbell-desk",
        &[
            "deskbell-api",
            "deskbell-domain",
            "deskbell-engine",
            "deskbell-providers",
            "deskbell-simulator",
            "deskbell-store",
        ],
    ),
    ("deskbell-cli", &["deskbell-api", "deskbell-desk"]),
    ("deskbell", &["deskbell-api", "deskbell-desk"]),
    // Nothing of the product: the readers' doors, for the fuzzer.
    (
        "deskbell-strangers",
        &[
            "deskbell-api",
            "deskbell-domain",
            "deskbell-engine",
            "deskbell-providers",
            "deskbell-store",
        ],
    ),
    ("deskbell-testbed", &[]),
    ("deskbell-simulator", &[]),
    ("deskbell-xtask", &["deskbell-testbed"]),
];

/// Libraries with one home.
const HOMES: [(&str, &[&str]); 7] = [
    ("tauri", &["deskbell"]),
    ("rusqlite", &["deskbell-store"]),
    ("async-imap", &["deskbell-providers"]),
    ("keyring", &["deskbell-desk"]),
    ("clap", &["deskbell-cli", "deskbell-xtask", "deskbell"]),
    ("ts-rs", &["deskbell-api"]),
    ("reqwest", &["deskbell-providers"]),
];

/// What the domain must do without: it is words and rules only.
const OUTSIDE_THE_DOMAIN: [&str; 6] =
    ["tokio", "rusqlite", "reqwest", "rustls", "tauri", "tracing-subscriber"];

/// Vendors, whom only the providers and the composition root may name in code.
const VENDORS: [&str; 14] = [
    "gmail",
    "google",
    "outlook",
    "microsoft",
    "yahoo",
    "icloud",
    "zoho",
    "proton",
    "dovecot",
    "twilio",
    "sendgrid",
    "instagram",
    "messenger",
    "facebook",
];

#[derive(Debug)]
struct Dependency {
    name: String,
    dev: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The workspace's crates with what each asks for, from `cargo metadata`.
fn crates() -> BTreeMap<String, Vec<Dependency>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            let dependencies = dependencies.map(|dependency| Dependency {
                name: dependency["name"].as_str().unwrap().to_owned(),
                dev: dependency["kind"] == "dev",
            });
            (package["name"].as_str().unwrap().to_owned(), dependencies.collect())
        })
        .collect()
}

/// All files below a folder with one of these endings.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|own| endings.iter().any(|kind| own == *kind)) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no {endings:?} below {}", folder.display());
    found.sort();
    found
}

#[test]
fn every_crate_has_its_place_and_keeps_to_its_arrows() {
    let crates = crates();
    let known: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = crates.keys().map(String::as_str).collect();
    assert_eq!(
        found, known,
        "a crate came or went: give it its arrows here and in ARCHITECTURE.md"
    );
    for (name, allowed) in ARROWS {
        for dependency in &crates[name] {
            let ours = known.contains(dependency.name.as_str());
            let for_tests = dependency.dev
                && matches!(dependency.name.as_str(), "deskbell-testbed" | "deskbell-simulator");
            assert!(
                !ours || for_tests || allowed.contains(&dependency.name.as_str()),
                "{name} must not use {}",
                dependency.name
            );
        }
    }
}

#[test]
fn the_testbed_is_for_tests_and_chores_only() {
    for (name, dependencies) in crates() {
        let shipped = dependencies.iter().any(|d| d.name == "deskbell-testbed" && !d.dev);
        assert!(!shipped || name == "deskbell-xtask", "{name} would ship the testbed");
    }
}

#[test]
fn the_stores_seam_for_tests_is_used_by_tests_only() {
    const SEAM: &str = "with_writer_for_tests";
    let root = root().join("src-tauri");
    let sources = files(&root, &["rs"]).into_iter().filter(|file| {
        let test = file.components().any(|part| part.as_os_str() == "tests");
        !test && !file.ends_with("store/src/seam.rs")
    });
    for file in sources {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains(SEAM), "{} goes past the store's rules", file.display());
    }
    let seam = root.join("crates/store/src/seam.rs");
    assert!(std::fs::read_to_string(seam).unwrap().contains(SEAM), "it is still called so");
}

#[test]
fn libraries_with_one_home_stay_there() {
    for (name, dependencies) in crates() {
        for dependency in dependencies.iter().filter(|dependency| !dependency.dev) {
            let home = HOMES.iter().find(|(library, _)| *library == dependency.name);
            let Some((library, owners)) = home else { continue };
            assert!(
                owners.contains(&name.as_str()),
                "{library} lives in {owners:?}, not in {name}"
            );
        }
    }
}

#[test]
fn the_domain_does_no_input_or_output() {
    let crates = crates();
    for dependency in crates["deskbell-domain"].iter().filter(|dependency| !dependency.dev) {
        assert!(!OUTSIDE_THE_DOMAIN.contains(&dependency.name.as_str()), "{}", dependency.name);
    }
    for file in files(&root().join("src-tauri/crates/domain/src"), &["rs"]) {
        let text = std::fs::read_to_string(&file).unwrap();
        for door in ["std::fs", "std::net", "std::process", "std::env"] {
            assert!(!text.contains(door), "{} uses {door}", file.display());
        }
    }
}

#[test]
fn the_engine_names_no_vendor() {
    for file in files(&root().join("src-tauri/crates/engine/src"), &["rs"]) {
        if file
            .components()
            .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
        {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let product = text.split("#[cfg(test)]").next().unwrap();
        for line in product.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let line = line.to_lowercase();
            for vendor in VENDORS {
                assert!(!line.contains(vendor), "{} names {vendor}: {line}", file.display());
            }
        }
    }
}

/// What a TypeScript or Svelte file imports, static or dynamic.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for opening in ["from \"", "from '", "import \"", "import '", "import(\"", "import('"] {
        for (at, _) in text.match_indices(opening) {
            let rest = text.get(at + opening.len()..).unwrap_or_default();
            found.extend(rest.split(['"', '\'']).next().map(str::to_owned));
        }
    }
    found
}

#[test]
fn only_the_host_folder_knows_tauri() {
    let ui = root().join("ui");
    let mut host_uses_it = false;
    for folder in ["src", "test"] {
        for file in files(&ui.join(folder), &["ts", "svelte", "js"]) {
            let text = std::fs::read_to_string(&file).unwrap();
            let uses_it = imports(&text).iter().any(|import| import.starts_with("@tauri-apps"));
            let in_host = file.starts_with(ui.join("src/host"));
            assert!(!uses_it || in_host, "{} imports @tauri-apps", file.display());
            host_uses_it |= uses_it;
        }
    }
    assert!(host_uses_it, "the search finds not even the host's own imports");
}

#[test]
fn features_do_not_import_features() {
    let features = root().join("ui/src/features");
    for file in files(&features, &["ts", "svelte"]) {
        let own = feature_of(&features, &file).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        for import in imports(&text).iter().filter(|import| import.starts_with('.')) {
            let target = normal(&file.parent().unwrap().join(import));
            let other = feature_of(&features, &target);
            assert!(
                other.as_ref().is_none_or(|other| *other == own),
                "{} imports {import} of another feature",
                file.display()
            );
        }
    }
}

fn feature_of(features: &Path, file: &Path) -> Option<String> {
    let inside = file.strip_prefix(features).ok()?;
    Some(inside.components().next()?.as_os_str().to_string_lossy().into_owned())
}

/// The path without `..`, by its text alone.
fn normal(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}
