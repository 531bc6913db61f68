//! Saying things: tables for people, JSON for programs. Standard output carries answers, standard error the rest.

use std::io::{IsTerminal as _, Write as _};

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::exit::Failure;

/// In which form answers are given.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// JSON instead of text.
    pub json: bool,
}

impl Output {
    /// An answer: JSON of the value, or the text.
    pub fn answer<T: Serialize>(
        self,
        value: &T,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let answer = if self.json {
            serde_json::to_string_pretty(value).map_err(|error| {
                Failure::failed(format!("The answer cannot be written: {error}."))
            })?
        } else {
            text()
        };
        write_line(answer.trim_end().as_bytes())
    }

    /// Bytes as they are.
    pub fn raw(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        ignore_closed(out.write_all(bytes).and_then(|()| out.flush()))
    }

    /// One line of an answer without end; false once nobody reads it any more.
    #[expect(clippy::unused_self, reason = "one way to say things")]
    pub fn line(self, text: &str) -> Result<bool, Failure> {
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
            other => Ok(other.map(|()| true)?),
        }
    }

    /// Something worth knowing that is no answer.
    #[expect(clippy::unused_self, reason = "one way to say things")]
    pub fn note(self, text: &str) {
        // Nothing can be said where standard error is closed.
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// Why it did not succeed.
    pub fn failure(self, failure: &Failure) {
        if self.json {
            let json = serde_json::to_string_pretty(&serde_json::json!({ "error": failure.error }));
            // The exit code says it as well.
            let _ = write_line(json.unwrap_or_default().as_bytes());
        } else {
            self.note(&format!("bell: {}", failure.error));
        }
    }

    /// Whether a person is watching, so that progress is worth showing.
    pub fn watched(self) -> bool {
        !self.json && std::io::stderr().is_terminal()
    }
}

/// A list of columns without lines, fitted to the terminal.
pub fn table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head);
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}

/// An instant as this machine's wall clock shows it.
pub fn time(at: i64) -> String {
    Timestamp::from_millisecond(at).map_or_else(
        |_| "?".into(),
        |at| at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// Bytes in the unit a person reads.
pub fn bytes(count: u64) -> String {
    indicatif::HumanBytes(count).to_string()
}

fn write_line(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    ignore_closed(
        out.write_all(bytes).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()),
    )
}

/// `bell inbox | head` closes our output early; that is no failure.
fn ignore_closed(outcome: std::io::Result<()>) -> Result<(), Failure> {
    match outcome {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
