//! Measurements as a Markdown table with the goal and the peer beside each number.

use std::time::Duration;

/// A table under construction; every row has as many cells as the head.
#[derive(Debug)]
pub struct Table {
    title: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// A table with a title and the names of its columns.
    pub fn new(title: &str, head: &[&str]) -> Self {
        Self {
            title: title.to_owned(),
            head: head.iter().map(|name| (*name).to_owned()).collect(),
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a row; missing cells stay empty, cells beyond the head are an error of the caller and dropped.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        let mut row: Vec<String> = cells.into_iter().map(Into::into).collect();
        row.resize(self.head.len(), String::new());
        self.rows.push(row);
    }

    /// Adds a sentence below the table: where it falls short, and what was tried.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    /// The table with aligned columns.
    pub fn markdown(&self) -> String {
        let mut widths: Vec<usize> = self.head.iter().map(|cell| cell.chars().count()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let line = |cells: &[String]| {
            let padded: Vec<String> = cells
                .iter()
                .zip(&widths)
                .map(|(cell, width)| {
                    let cell = cell.replace('|', "\\|");
                    format!("{cell:<width$}", width = *width)
                })
                .collect();
            format!("| {} |\n", padded.join(" | "))
        };
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat((*width).max(3))).collect();
        let mut text = format!("### {}\n\n{}{}", self.title, line(&self.head), line(&rule));
        text.extend(self.rows.iter().map(|row| line(row)));
        text.extend(self.notes.iter().map(|note| format!("\n{note}\n")));
        text
    }
}

/// The middle of an odd number of measurements, the mean of the two middle ones of an even number.
pub fn median(measurements: &[Duration]) -> Option<Duration> {
    let mut sorted = measurements.to_vec();
    sorted.sort();
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get(sorted.len().checked_sub(1)? / 2)?;
    Some((lower + upper) / 2)
}

/// Ours as a multiple of the peer's, such as `0.18 ×`.
pub fn ratio(ours: Duration, peer: Duration) -> String {
    if peer.is_zero() {
        return "–".to_owned();
    }
    format!("{:.2} ×", ours.as_secs_f64() / peer.as_secs_f64())
}

/// A time as a person reads it: `1.24 s`, or `3.1 ms` below a tenth of a second.
pub fn seconds(time: Duration) -> String {
    if time < Duration::from_millis(100) {
        format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
    } else {
        format!("{:.2} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_short_rows_are_filled() {
        let mut table = Table::new("Search", &["what", "ours"]);
        table.row(["first 50", "3 ms"]);
        table.row(["p99"]);
        table.note("On battery.");
        assert_eq!(
            table.markdown(),
            "### Search\n\n| what     | ours |\n| -------- | ---- |\n| first 50 | 3 ms |\n| p99      |      |\n\nOn battery.\n"
        );
    }

    #[test]
    fn the_median_does_not_mind_one_bad_run() {
        let ms =
            |values: &[u64]| values.iter().map(|v| Duration::from_millis(*v)).collect::<Vec<_>>();
        assert_eq!(median(&ms(&[5, 900, 4])), Some(Duration::from_millis(5)));
        assert_eq!(median(&ms(&[4, 6])), Some(Duration::from_millis(5)));
        assert_eq!(median(&[]), None);
        assert_eq!(ratio(Duration::from_secs(1), Duration::from_secs(4)), "0.25 ×");
    }
}
