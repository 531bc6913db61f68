//! `docs/benchmarks.md`: a section for each benchmark, replaced when it was measured again, and whatever else
//! people wrote there, which is kept.

use std::fmt::Write as _;

use super::table::Table;

/// What a benchmark brought.
pub(super) struct Section {
    pub(super) name: &'static str,
    /// On what, and under which load.
    pub(super) circumstances: String,
    pub(super) tables: Vec<Table>,
}

impl Section {
    fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n{}\n", self.name, self.circumstances);
        for table in &self.tables {
            // Writing to a string does not fail.
            let _ = write!(text, "\n{}", table.markdown());
        }
        text
    }
}

const HEAD: &str = "# Benchmarks\n\nWritten by `cargo xtask bench`, which measures everything, or by `cargo xtask bench NAME`, which replaces one \
section. Ratios count more than seconds.\n";

/// The file with these sections put in their places; `order` names every benchmark there is.
pub(super) fn merge(existing: &str, sections: &[Section], order: &[&str]) -> String {
    let kept = split(existing);
    let mut text = HEAD.to_owned();
    for name in order {
        let measured = sections.iter().find(|section| section.name == *name).map(Section::markdown);
        let before = kept.iter().find(|(title, _)| title == name).map(|(_, text)| text.clone());
        if let Some(section) = measured.or(before) {
            let _ = write!(text, "\n{}\n", section.trim_end());
        }
    }
    for (_, section) in kept.iter().filter(|(title, _)| !order.contains(&title.as_str())) {
        let _ = write!(text, "\n{}\n", section.trim_end());
    }
    text
}

/// The sections of a file with their titles; what stands before the first is dropped.
fn split(text: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push((title.trim().to_owned(), String::new()));
        }
        if let Some((_, section)) = sections.last_mut() {
            section.push_str(line);
            section.push('\n');
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_measured_again_replaces_its_old_self_and_nothing_else() {
        let existing = "# Old head\n\n## mail\n\nold mail\n\n## window\n\nold window\n\n## What falls short\n\nMuch.\n";
        let mut table = Table::new("Sync", &["what"]);
        table.row(["fast"]);
        let circumstances = "On a quiet machine.".to_owned();
        let sections = [Section { name: "mail", circumstances, tables: vec![table] }];
        let merged = merge(existing, &sections, &["mail", "store", "window"]);
        assert!(merged.starts_with("# Benchmarks\n"), "{merged}");
        assert!(merged.contains("## mail\n\nOn a quiet machine.\n\n### Sync\n"), "{merged}");
        assert!(!merged.contains("old mail"), "what was measured is replaced: {merged}");
        assert!(merged.contains("## window\n\nold window\n"), "the rest stays: {merged}");
        assert!(merged.ends_with("## What falls short\n\nMuch.\n"), "as do words: {merged}");
        let again = merge(&merged, &[], &["mail", "store", "window"]);
        assert_eq!(again, merged, "writing it again changes nothing");
    }
}
