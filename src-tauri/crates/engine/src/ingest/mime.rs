//! The tree of parts of a message (RFC 2046), found in one pass over its lines.
//!
//! Own rather than mail-parser's, which looks for each boundary from where it stands to the end and copies
//! a nested message for each level: a hostile mail of a few megabytes takes it minutes and gigabytes. Here
//! time and memory are linear in the source whatever it holds, and nothing recurses. Parts are numbered as
//! mail-parser numbers them: in the order they begin, a nested message as one part whose own parts
//! have their own numbering.

use std::collections::HashMap;
use std::ops::Range;

use super::header;
use super::media::Media;
use super::transfer::Transfer;

/// Parts beyond this many are left inside the last one.
pub(super) const MAX_PARTS: usize = 20_000;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Content of its own.
    Leaf,
    /// A message within the message.
    Message,
    /// Parts that say the same in different forms.
    Alternative,
    /// A root and what it shows.
    Related,
    /// Any other collection of parts.
    Mixed,
}

/// One part of a message, as offsets into its source.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub kind: Kind,
    /// `None` where the part names no type.
    pub media: Media,
    /// The part that contains it; `None` for the message itself.
    pub parent: Option<usize>,
    pub body: Range<usize>,
    pub transfer: Transfer,
    pub disposition: Media,
    pub content_id: Option<String>,
}

impl Part {
    pub(super) fn body_of<'a>(&self, source: &'a [u8]) -> &'a [u8] {
        source.get(self.body.clone()).unwrap_or_default()
    }

    pub(super) fn is_multipart(&self) -> bool {
        matches!(self.kind, Kind::Alternative | Kind::Related | Kind::Mixed)
    }

    /// The file name the part gives itself.
    pub(super) fn file_name(&self) -> Option<&str> {
        self.disposition.parameter("filename").or_else(|| self.media.parameter("name"))
    }
}

/// A multipart whose end was not seen yet.
struct Open {
    part: usize,
    boundary: Vec<u8>,
    /// Parts without a type are messages (RFC 2046, section 5.1.5).
    digest: bool,
}

struct Walk<'a> {
    source: &'a [u8],
    parts: Vec<Part>,
    open: Vec<Open>,
    /// The levels each boundary is open at; the innermost counts.
    levels: HashMap<Vec<u8>, Vec<usize>>,
    /// The part whose body is being read.
    current: Option<usize>,
}

/// Finds the parts of a message; there is always at least one.
pub(super) fn parts(source: &[u8]) -> Vec<Part> {
    let mut walk =
        Walk { source, parts: Vec::new(), open: Vec::new(), levels: HashMap::new(), current: None };
    let (block, body) = header::split(source);
    walk.begin(0..block.len(), body);
    let mut at = body;
    while let Some(line) = header::line_at(source, at) {
        let next = at + line.len();
        at = match walk.boundary(line) {
            Some((level, last)) => walk.cross(level, last, at, next),
            None => next,
        };
    }
    walk.close(0, source.len());
    walk.settle();
    walk.parts
}

impl Walk<'_> {
    /// Begins a part whose header block is known.
    fn begin(&mut self, header: Range<usize>, body: usize) {
        let block = self.source.get(header).unwrap_or_default();
        let mut part = Part {
            kind: Kind::Leaf,
            media: Media::default(),
            parent: self.open.last().map(|open| open.part),
            body: body..body,
            transfer: Transfer::Identity,
            disposition: Media::default(),
            content_id: None,
        };
        for field in header::fields(block) {
            // Fields of a message's own header are many; all that matters here begin alike.
            if !field.name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-")) {
                continue;
            }
            if field.is("content-type") && part.media.kind.is_empty() {
                part.media = Media::parse(field.value);
            } else if field.is("content-transfer-encoding") {
                part.transfer = Transfer::of(field.value);
            } else if field.is("content-disposition") && part.disposition.kind.is_empty() {
                part.disposition = Media::parse(field.value);
            } else if field.is("content-id") {
                let id = String::from_utf8_lossy(field.value);
                let id = id.trim().trim_matches(['<', '>']).trim();
                part.content_id = Some(id.to_owned()).filter(|id| !id.is_empty());
            }
        }
        let digest = self.open.last().is_some_and(|open| open.digest);
        part.kind = kind(&part.media, digest);
        let index = self.parts.len();
        if part.is_multipart()
            && let Some(boundary) = part.media.parameter("boundary")
        {
            let boundary = boundary.trim_end().as_bytes().to_vec();
            self.levels.entry(boundary.clone()).or_default().push(self.open.len());
            let digest = part.media.kind == "multipart/digest";
            self.open.push(Open { part: index, boundary, digest });
        }
        self.parts.push(part);
        self.current = Some(index);
    }

    /// Whether a line is a boundary of an open multipart: its level, and whether it is the last.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let mark = line.strip_prefix(b"--")?.trim_ascii_end();
        let level = |mark: &[u8]| self.levels.get(mark).and_then(|levels| levels.last().copied());
        match level(mark) {
            Some(level) => Some((level, false)),
            None => Some((level(mark.strip_suffix(b"--")?)?, true)),
        }
    }

    /// Handles a boundary line from `at` to `next`; gives the offset to go on at.
    fn cross(&mut self, level: usize, last: bool, at: usize, next: usize) -> usize {
        if !last && self.parts.len() >= MAX_PARTS {
            return next;
        }
        let before = self.source.get(..at).unwrap_or_default();
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        let end = before.strip_suffix(b"\r").unwrap_or(before).len();
        self.close(level + 1, end);
        if last {
            self.close(level, end);
            return next;
        }
        let stop = self.header_end(next);
        let block = self.source.get(next..stop).unwrap_or_default();
        let (header, body) = header::split(block);
        self.begin(next..next + header.len(), next + body);
        next + body
    }

    /// Where the header block that begins at `from` must end: after its empty line, or before a boundary.
    fn header_end(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(line) = header::line_at(self.source, at) {
            if header::is_blank(line) {
                return at + line.len();
            }
            if self.boundary(line).is_some() {
                return at;
            }
            at += line.len();
        }
        at
    }

    /// Ends the current part and every multipart from `level` inwards at `end`.
    fn close(&mut self, level: usize, end: usize) {
        if let Some(part) = self.current.take().and_then(|index| self.parts.get_mut(index)) {
            part.body.end = end.max(part.body.start);
        }
        while self.open.len() > level {
            let Some(open) = self.open.pop() else { break };
            if let Some(levels) = self.levels.get_mut(&open.boundary) {
                levels.pop();
                if levels.is_empty() {
                    self.levels.remove(&open.boundary);
                }
            }
            if let Some(part) = self.parts.get_mut(open.part) {
                part.body.end = end.max(part.body.start);
            }
        }
    }

    /// A multipart in which no part was found is text: its boundary is missing or misspelt.
    fn settle(&mut self) {
        let mut filled = vec![false; self.parts.len()];
        for parent in self.parts.iter().filter_map(|part| part.parent) {
            if let Some(slot) = filled.get_mut(parent) {
                *slot = true;
            }
        }
        for (part, filled) in self.parts.iter_mut().zip(filled) {
            if part.is_multipart() && !filled {
                part.kind = Kind::Leaf;
                part.media = Media::parse(b"text/plain");
            }
        }
    }
}

fn kind(media: &Media, digest: bool) -> Kind {
    match media.kind.as_str() {
        "" if digest => Kind::Message,
        "message/rfc822" | "message/global" => Kind::Message,
        "multipart/alternative" => Kind::Alternative,
        "multipart/related" => Kind::Related,
        _ if media.main() == "multipart" => Kind::Mixed,
        _ => Kind::Leaf,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(source: &str) -> Vec<(Kind, Option<usize>, String)> {
        let source = source.replace('\n', "\r\n");
        let text =
            |part: &Part| String::from_utf8_lossy(part.body_of(source.as_bytes())).into_owned();
        parts(source.as_bytes())
            .iter()
            .map(|part| {
                let text = if part.is_multipart() { String::new() } else { text(part) };
                (part.kind, part.parent, text)
            })
            .collect()
    }

    #[test]
    fn parts_are_numbered_in_the_order_they_begin() {
        let shape = shape(
            "Content-Type: multipart/mixed; boundary=o\n\npreamble\n--o\n\
             Content-Type: multipart/alternative; boundary=\"o-1\"\n\n--o-1\n\nplain\n--o-1\n\
             Content-Type: text/html\n\n<p>\n--o-1--\nepilogue\n--o\n\
             Content-Type: message/rfc822\n\nSubject: in\n\n--in\n--o--\nrest",
        );
        let expected = [
            (Kind::Mixed, None, ""),
            (Kind::Alternative, Some(0), ""),
            (Kind::Leaf, Some(1), "plain"),
            (Kind::Leaf, Some(1), "<p>"),
            (Kind::Message, Some(0), "Subject: in\r\n\r\n--in"),
        ];
        let shape: Vec<(Kind, Option<usize>, &str)> =
            shape.iter().map(|(kind, parent, text)| (*kind, *parent, text.as_str())).collect();
        assert_eq!(shape, expected);
    }

    #[test]
    fn an_outer_boundary_ends_an_inner_multipart_that_forgot_its_own() {
        let shape = shape(
            "Content-Type: multipart/mixed; boundary=o\n\n--o\n\
             Content-Type: multipart/related; boundary=i\n\n--i\n\none\n--o\n\ntwo\n--o--\n",
        );
        let texts: Vec<&str> = shape.iter().map(|(_, _, text)| text.as_str()).collect();
        assert_eq!(texts, ["", "", "one", "two"]);
        assert_eq!(shape.last().map(|last| last.1), Some(Some(0)), "the second is the outer's");
    }

    #[test]
    fn a_multipart_without_its_boundary_is_text() {
        let shape = shape("Content-Type: multipart/mixed; boundary=x\n\nhello\n");
        assert_eq!(shape, [(Kind::Leaf, None, "hello\r\n".to_owned())]);
    }

    #[test]
    fn a_truncated_multipart_keeps_its_last_part() {
        let shape = shape("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhel");
        assert_eq!(shape.last().map(|last| last.2.as_str()), Some("hel"));
    }

    #[test]
    fn parts_agree_with_mail_parser_on_well_formed_mail() {
        let source = "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\na\r\n--o\r\n\
            Content-Type: message/rfc822\r\n\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=n\r\n\r\n\
            --n\r\n\r\nb\r\n--n--\r\n\r\n--o\r\nContent-Type: text/html\r\n\r\nc\r\n--o--\r\n";
        let theirs = mail_parser::MessageParser::default().parse(source).unwrap();
        let ours = parts(source.as_bytes());
        assert_eq!(ours.len(), theirs.parts.len(), "the same number of parts");
        for (ours, theirs) in ours.iter().zip(&theirs.parts) {
            assert_eq!(ours.body.start, theirs.offset_body as usize, "the same place");
        }
    }
}
