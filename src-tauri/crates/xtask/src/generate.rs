//! `cargo xtask gen`: the files that are made from the code and committed.
//!
//! `ui/src/gen` holds the types of every command, written by an example of `deskbell-api`;
//! `docs/schema.sql` the database, written and held to the truth by a test of `deskbell-store`;
//! `ui/src/features/settings/licences.json` what is built in and under which licences, written by a
//! script of the window, which asks both package managers and the bundler.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::setup;
use crate::shell::{cargo, npm, say_and_run, ui};

/// Writes the generated files, or with `check` says which are out of date.
pub fn generate(check: bool) -> anyhow::Result<()> {
    let fresh = tempfile::tempdir()?;
    say_and_run(
        cargo()
            .args(["run", "--quiet", "--package", "deskbell-api", "--example", "typescript", "--"])
            .arg(fresh.path()),
    )?;
    let goal = ui().join("src").join("gen");
    let stale = differences(&texts(fresh.path())?, &texts(&goal)?);
    let mut schema = cargo();
    schema.args(["test", "--quiet", "--package", "deskbell-store", "--test", "schema"]);
    if !check {
        schema.env("UPDATE_SCHEMA", "1");
    }
    say_and_run(&mut schema)?;
    setup::node_modules()?;
    let mut licences = npm();
    licences.args(["run", "--silent", "licences"]);
    if check {
        licences.args(["--", "--check"]);
    }
    say_and_run(&mut licences)?;
    if check {
        let names: Vec<String> = stale.iter().map(|name| format!("ui/src/gen/{name}")).collect();
        anyhow::ensure!(
            names.is_empty(),
            "out of date, run `cargo xtask gen`: {}",
            names.join(", ")
        );
        return Ok(());
    }
    fs::create_dir_all(&goal)?;
    for name in stale {
        let (from, to) = (fresh.path().join(&name), goal.join(&name));
        if from.exists() {
            fs::copy(&from, &to)?;
        } else {
            fs::remove_file(&to)?;
        }
        eprintln!("wrote ui/src/gen/{name}");
    }
    Ok(())
}

/// The files of a folder by name; a folder that is not there is empty.
fn texts(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    if !folder.exists() {
        return Ok(texts);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} does not belong there", path.display()))?;
        texts.insert(name, text);
    }
    Ok(texts)
}

/// Names that are in one only, or differ.
fn differences(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> Vec<String> {
    let mut names: Vec<String> = one
        .keys()
        .chain(other.keys())
        .filter(|name| one.get(*name) != other.get(*name))
        .cloned()
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_changed_and_left_over_files_are_out_of_date() {
        let files = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let fresh = files(&[("same", "1"), ("changed", "2"), ("new", "3")]);
        let committed = files(&[("same", "1"), ("changed", "1"), ("left", "4")]);
        assert_eq!(differences(&fresh, &committed), ["changed", "left", "new"]);
    }
}
