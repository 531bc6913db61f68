//! Taking large base64 parts out of a source, and putting them back in place.
//!
//! A base64 attachment is a third larger than its bytes and compresses badly; kept as a file it is stored
//! once however many mails carry it. A run is only taken out when encoding its bytes again gives the very
//! same text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// Runs shorter than this many characters stay in the source.
const SHORTEST: usize = 8 * 1024;
/// Line lengths that mailers write; others stay in the source.
const LINE: std::ops::RangeInclusive<usize> = 60..=76;

/// A run of base64 lines that was taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Gap {
    /// Where it goes: offset in what remains of the source.
    pub(crate) at: usize,
    /// BLAKE3 of the decoded bytes, hex.
    pub(crate) hash: String,
    /// Characters a line.
    pub(crate) line: usize,
    /// Lines end with CR LF, else LF.
    pub(crate) crlf: bool,
}

/// A run found in a source: its byte range (whole lines, the last line's end included) and its bytes.
pub(crate) struct Run {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) line: usize,
    pub(crate) crlf: bool,
    pub(crate) bytes: Vec<u8>,
}

/// Finds every run that can be taken out, in order.
pub(crate) fn find(source: &[u8]) -> Vec<Run> {
    let mut runs = Vec::new();
    if source.len() < SHORTEST {
        return runs;
    }
    let mut open: Option<(usize, usize, bool)> = None;
    let mut at = 0;
    while at < source.len() {
        let rest = source.get(at..).unwrap_or_default();
        let next = memchr(rest).map_or(source.len(), |n| at + n + 1);
        let whole = source.get(at..next).unwrap_or_default();
        let text = trim_end(whole);
        let crlf = whole.len() == text.len() + 2;
        let ended = whole.len() > text.len();
        match open {
            Some((start, line, lines_crlf)) => {
                let fits = ended && crlf == lines_crlf && is_base64(text);
                if fits && text.len() == line {
                    at = next;
                    continue;
                }
                // A shorter line ends the run and belongs to it.
                let last = fits && text.len() < line && !text.is_empty();
                let end = if last { next } else { at };
                push(source, start, end, line, lines_crlf, &mut runs);
                open = None;
                if last {
                    at = next;
                    continue;
                }
            }
            None => {
                if ended && LINE.contains(&text.len()) && is_base64(text) {
                    open = Some((at, text.len(), crlf));
                }
            }
        }
        at = next;
    }
    if let Some((start, line, crlf)) = open {
        push(source, start, source.len(), line, crlf, &mut runs);
    }
    runs
}

fn push(source: &[u8], start: usize, end: usize, line: usize, crlf: bool, runs: &mut Vec<Run>) {
    if end - start < SHORTEST {
        return;
    }
    let Some(text) = source.get(start..end) else { return };
    let joined: Vec<u8> =
        text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let Ok(bytes) = STANDARD.decode(joined) else { return };
    if encode(&bytes, line, crlf) == text {
        runs.push(Run { start, end, line, crlf, bytes });
    }
}

/// The base64 lines of some bytes.
pub(crate) fn encode(bytes: &[u8], line: usize, crlf: bool) -> Vec<u8> {
    let text = STANDARD.encode(bytes);
    let mut lines = Vec::with_capacity(text.len() + text.len() / line.max(1) * 2 + 2);
    for chunk in text.as_bytes().chunks(line.max(1)) {
        lines.extend_from_slice(chunk);
        lines.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
    }
    lines
}

fn memchr(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

fn trim_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn is_base64(text: &[u8]) -> bool {
    text.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_is_found_between_its_boundaries() {
        let bytes: Vec<u8> = (0..40_000_u32).flat_map(u32::to_le_bytes).collect();
        let lines = encode(&bytes, 76, true);
        let mut source = b"Subject: x\r\n\r\n--b\r\n\r\n".to_vec();
        let start = source.len();
        source.extend_from_slice(&lines);
        source.extend_from_slice(b"\r\n--b--\r\n");
        let runs = find(&source);
        assert_eq!(runs.len(), 1, "one attachment");
        assert_eq!(runs[0].start, start, "it begins after the part's header");
        assert_eq!(runs[0].bytes, bytes, "its bytes are the file's");
    }

    #[test]
    fn sloppy_base64_stays_in_the_source() {
        let mut lines = encode(&vec![7; 30_000], 76, false);
        lines[500] = b' ';
        let runs = find(&lines);
        for run in &runs {
            let again = encode(&run.bytes, run.line, run.crlf);
            assert_eq!(again, lines[run.start..run.end], "only what can be rebuilt is taken out");
        }
    }
}
