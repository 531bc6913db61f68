//! House rules about files: their size, their first line, and words that mark unfinished work.

use std::fs;

use crate::shell::{root, tracked_files};

/// Words that promise something for later, split so that this file does not hold them.
const UNFINISHED: [&str; 6] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("HA", "CK"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
];

/// Written by programs, or data.
const NOT_OURS: [&str; 6] = [
    "ui/src/gen/",
    "src-tauri/sample/",
    "icons/",
    "Cargo.lock",
    "ui/package-lock.json",
    "docs/schema.sql",
];

/// Lines past which a file wants a second subject, and lines past which it is refused.
fn limits(name: &str) -> Option<(usize, usize)> {
    let (_, kind) = name.rsplit_once('.')?;
    match kind {
        "rs" => Some((400, 800)),
        "ts" | "svelte" => Some((250, 400)),
        _ => None,
    }
}

pub fn check() -> anyhow::Result<()> {
    let mut faults = Vec::new();
    for name in tracked_files()? {
        if NOT_OURS.iter().any(|prefix| name.starts_with(prefix)) {
            continue;
        }
        // Deleted in the working tree, or not text.
        let Ok(text) = fs::read_to_string(root().join(&name)) else { continue };
        let (warnings, found) = judge(&name, &text);
        for warning in warnings {
            eprintln!("warning: {warning}");
        }
        faults.extend(found);
    }
    anyhow::ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// What to say about one file: warnings, then faults.
fn judge(name: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let (mut warnings, mut faults) = (Vec::new(), Vec::new());
    if let Some((soft, hard)) = limits(name) {
        let lines = text.lines().count();
        let said = format!("{name} has {lines} lines; past {soft} look for its second subject");
        if lines > hard {
            faults.push(said);
        } else if lines > soft {
            warnings.push(said);
        }
    }
    if name.ends_with(".rs") && !text.trim_start().starts_with("//!") {
        faults.push(format!("{name} does not begin by saying what it owns (//!)"));
    }
    for (number, line) in text.lines().enumerate() {
        for word in UNFINISHED.iter().filter(|word| holds_word(line, word)) {
            faults.push(format!("{name}:{}: unfinished: {word}", number + 1));
        }
    }
    (warnings, faults)
}

/// Whether `word` stands in `line` with no letter, digit or underscore beside it.
fn holds_word(line: &str, word: &str) -> bool {
    let part_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        let open_end = word.ends_with('(');
        !before.is_some_and(part_of_word) && (open_end || !after.is_some_and(part_of_word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_work_is_found_and_like_words_are_not() {
        let marked = format!("//! A room.\n// {}: later\n", UNFINISHED[0]);
        assert_eq!(judge("a.rs", &marked).1.len(), 1);
        let unmarked = format!("//! A room.\nconst {}S: u8 = 1;\n", UNFINISHED[0]);
        assert_eq!(judge("a.rs", &unmarked).1, [""; 0]);
        let call = format!("//! A room.\n{}\"x\")\n", UNFINISHED[4]);
        assert_eq!(judge("a.rs", &call).1.len(), 1);
    }

    #[test]
    fn long_files_are_warned_of_and_very_long_ones_refused() {
        let lines = |count: usize| format!("//! A room.\n{}", "\n".repeat(count - 1));
        let verdict = |name: &str, count| {
            let (warnings, faults) = judge(name, &lines(count));
            (warnings.len(), faults.len())
        };
        assert_eq!(verdict("a.rs", 400), (0, 0));
        assert_eq!(verdict("a.rs", 401), (1, 0));
        assert_eq!(verdict("a.rs", 801), (0, 1));
        assert_eq!(verdict("a.svelte", 401), (0, 1));
        assert_eq!(verdict("a.css", 4_001), (0, 0));
    }

    #[test]
    fn a_file_without_a_header_is_refused() {
        assert_eq!(judge("a.rs", "fn main() {}\n").1.len(), 1);
        assert_eq!(judge("a.ts", "export {}\n").1.len(), 0);
    }
}
