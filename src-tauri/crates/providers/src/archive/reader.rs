//! An mbox read message by message (RFC 4155, mboxo, mboxrd), in bounded memory.
//!
//! A message begins at a line `From …` after an empty line or at the start of the file, if the line looks
//! like a separator; `Content-Length` is never believed. One `>` is taken from `>From `, `>>From ` and so on,
//! which undoes mboxrd and, as nearly as can be, mboxo.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use deskbell_domain::Millis;

use super::{MAX_MESSAGE, date};

/// Longest piece of a line held at once.
const MAX_LINE: u64 = 64 * 1024;

/// A message as it lies in the file.
pub(super) struct RawMessage {
    /// Offset of its separator line.
    pub start: u64,
    /// Offset of what follows it.
    pub end: u64,
    /// From the separator line.
    pub date: Option<Millis>,
    /// Unescaped, without separator and without the empty line before the next one.
    pub bytes: Vec<u8>,
    /// Bytes of it that were not read, as it is too long.
    pub left_out: u64,
}

/// Reads an mbox from one offset on.
pub(super) struct Reader {
    file: BufReader<File>,
    /// Offset of the next byte to read.
    at: u64,
    /// A separator that was read already: its offset and itself.
    separator: Option<(u64, Vec<u8>)>,
}

impl Reader {
    /// Opens a file at the offset of a separator.
    pub(super) fn open(path: &Path, at: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(at))?;
        Ok(Self { file: BufReader::with_capacity(256 * 1024, file), at, separator: None })
    }

    /// The next message; `None` at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<RawMessage>> {
        let Some((start, separator)) = self.find_separator()? else { return Ok(None) };
        let (mut bytes, mut left_out) = (Vec::new(), 0);
        let mut line = Vec::new();
        let (mut at_line_start, mut after_blank) = (true, false);
        let end = loop {
            let offset = self.at;
            if !self.read_line(&mut line)? {
                break offset;
            }
            if at_line_start && after_blank && is_separator(&line) {
                self.separator = Some((offset, line));
                break offset;
            }
            let content = if at_line_start { unescaped(&line) } else { &line };
            if bytes.len() < MAX_MESSAGE {
                bytes.extend_from_slice(content);
            } else {
                left_out += content.len() as u64;
            }
            after_blank = at_line_start && matches!(line.as_slice(), b"\n" | b"\r\n");
            at_line_start = line.ends_with(b"\n");
        };
        if after_blank && left_out == 0 {
            // The empty line belongs to the format, not to the message.
            let bare = bytes.strip_suffix(b"\n").map(|b| b.strip_suffix(b"\r").unwrap_or(b).len());
            bytes.truncate(bare.unwrap_or(bytes.len()));
        }
        let words = String::from_utf8_lossy(&separator).into_owned();
        let date = words.splitn(3, ' ').nth(2).and_then(date::parse);
        Ok(Some(RawMessage { start, end, date, bytes, left_out }))
    }

    /// The separator the next message begins with, skipping what is none.
    fn find_separator(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        if self.separator.is_some() {
            return Ok(self.separator.take());
        }
        let mut line = Vec::new();
        let mut at_line_start = true;
        loop {
            let offset = self.at;
            if !self.read_line(&mut line)? {
                return Ok(None);
            }
            if at_line_start && line.starts_with(b"From ") {
                return Ok(Some((offset, line)));
            }
            at_line_start = line.ends_with(b"\n");
        }
    }

    /// Reads a line, or a piece of a very long one; false at the end of the file.
    fn read_line(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        let read = (&mut self.file).take(MAX_LINE).read_until(b'\n', line)?;
        self.at += read as u64;
        Ok(read > 0)
    }
}

/// Whether a line that begins with `From ` separates messages: it names a time, or is one of the bare forms
/// mail programs write. `From here on, …` in an unescaped body is a sentence.
pub(super) fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let rest = rest.trim_ascii();
    if rest.is_empty() || rest == b"-" {
        return true;
    }
    let text = String::from_utf8_lossy(rest);
    let mut words = text.split_ascii_whitespace();
    let sender = words.next().unwrap_or_default();
    let has_time = words.clone().any(|word| {
        let mut parts = word.split(':');
        let two = |part: Option<&str>| {
            part.is_some_and(|p| matches!(p.len(), 1 | 2) && p.bytes().all(|b| b.is_ascii_digit()))
        };
        two(parts.next()) && two(parts.next())
    });
    let has_year =
        words.clone().any(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()));
    let alone = words.next().is_none();
    has_time && has_year || alone && (sender.contains('@') || sender == "MAILER-DAEMON")
}

fn unescaped(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    let escaped = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
    if escaped { line.get(1..).unwrap_or(line) } else { line }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn messages(mbox: &[u8]) -> Vec<String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(mbox).unwrap();
        let mut reader = Reader::open(file.path(), 0).unwrap();
        let mut all = Vec::new();
        while let Some(message) = reader.next().unwrap() {
            all.push(String::from_utf8_lossy(&message.bytes).into_owned());
        }
        all
    }

    const LINE: &str = "From a@x.example Thu May 28 08:00:00 2026\n";

    #[test]
    fn escaped_separators_lose_one_mark() {
        let mbox = format!("{LINE}Subject: x\n\n>From here\n>>From there\n> From\n\n");
        assert_eq!(messages(mbox.as_bytes()), ["Subject: x\n\nFrom here\n>From there\n> From\n"]);
    }

    #[test]
    fn a_sentence_that_begins_with_from_separates_nothing() {
        let mbox =
            format!("{LINE}A: 1\n\nHi\n\nFrom now on at 5\nFrom 9:00 in 2026\n\n{LINE}B: 2\n\n");
        let expected = ["A: 1\n\nHi\n\nFrom now on at 5\nFrom 9:00 in 2026\n", "B: 2\n"];
        assert_eq!(messages(mbox.as_bytes()), expected);
    }

    #[test]
    fn the_bare_separators_of_thunderbird_are_known() {
        let mbox = b"From - Thu May 28 08:00:00 2026\r\nA: 1\r\n\r\none\r\n\r\nFrom \r\nB: 2\r\n\r\ntwo\r\n";
        assert_eq!(messages(mbox), ["A: 1\r\n\r\none\r\n", "B: 2\r\n\r\ntwo\r\n"]);
    }

    #[test]
    fn a_truncated_message_is_read_as_far_as_it_goes() {
        let mbox = format!("{LINE}A: 1\n\none\n\n{LINE}B: 2\n\ntw");
        assert_eq!(messages(mbox.as_bytes()), ["A: 1\n\none\n", "B: 2\n\ntw"]);
    }

    #[test]
    fn a_lying_content_length_is_not_believed() {
        let mbox = format!("{LINE}Content-Length: 9999\n\none\n\n{LINE}B: 2\n\n");
        assert_eq!(messages(mbox.as_bytes()).len(), 2, "the second message is found");
    }

    #[test]
    fn a_line_longer_than_the_buffer_is_kept_whole() {
        let long = "x".repeat(200_000);
        let mbox = format!("{LINE}A: 1\n\n{long}\n");
        assert_eq!(messages(mbox.as_bytes()), [format!("A: 1\n\n{long}\n")]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_was_written_as_mboxrd_is_read_back(
            bodies in proptest::collection::vec(
                proptest::collection::vec("|From x|>From y|>>From z|hi|From a@x Thu May 28 08:00:00 2026", 0..6),
                1..5,
            ),
            end in "\n|\r\n",
        ) {
            let lines = |body: &Vec<String>| [&["A: 1".to_owned(), String::new()], body.as_slice()].concat();
            let whole = |lines: &[String]| lines.iter().map(|line| format!("{line}{end}")).collect::<String>();
            let escape = |line: String| {
                let quoted = line.trim_start_matches('>').starts_with("From ");
                if quoted { format!(">{line}") } else { line }
            };
            let mbox: String = bodies
                .iter()
                .map(|body| lines(body).into_iter().map(escape).collect::<Vec<_>>())
                .map(|lines| format!("{}{end}{}{end}", LINE.trim_end(), whole(&lines)))
                .collect();
            let written: Vec<String> = bodies.iter().map(|body| whole(&lines(body))).collect();
            proptest::prop_assert_eq!(messages(mbox.as_bytes()), written);
        }
    }
}
