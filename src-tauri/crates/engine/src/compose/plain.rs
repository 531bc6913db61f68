//! The plain form of HTML that was written here, for programs and people that read no other.
//!
//! A scanner over cleaned markup: it keeps no tree, so nesting costs nothing. Quotations get `> ` before each
//! line, lists their marks, links their target where the words do not say it.

/// Most text made of one document, in bytes.
const MOST: usize = 4 * 1024 * 1024;
/// Deepest quotation that is marked.
const DEEPEST: usize = 16;

/// The text of an HTML fragment, lines ended by `\n`.
pub fn text_of(html: &str) -> String {
    let mut out = Text::default();
    let mut rest = html;
    while out.text.len() < MOST {
        let Some(at) = rest.find('<') else {
            out.words(rest);
            break;
        };
        let (words, markup) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.words(words);
        if let Some(comment) = markup.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (tag, after) = end_of_tag(markup);
        rest = out.tag(tag, after);
    }
    out.text.truncate(out.text.trim_end_matches([' ', '\n', '>']).len());
    out.text
}

#[derive(Default)]
struct Text {
    text: String,
    /// A space is due before the next word.
    space: bool,
    /// Line ends due before the next word.
    lines: usize,
    quotes: usize,
    /// How deep the last word was quoted.
    last_quotes: usize,
    /// Nothing stands in the quotation, or below the signature's mark, yet.
    fresh: bool,
    pre: usize,
    lists: Vec<List>,
    /// What an item begins with, due before its first word.
    mark: Option<String>,
    /// Targets of open links, and where their words begin.
    links: Vec<(String, usize)>,
}

/// A list under way: its next number, or bullets.
struct List(Option<u32>);

impl Text {
    fn words(&mut self, words: &str) {
        let words = unescape(words);
        if self.pre > 0 {
            for (n, line) in words.split('\n').enumerate() {
                if n > 0 {
                    self.lines += 1;
                }
                self.push(line);
            }
            return;
        }
        let is_gap = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        for (n, word) in words.split(is_gap).enumerate() {
            self.space |= n > 0;
            self.push(word);
        }
    }

    fn push(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        self.fresh = false;
        if self.lines > 0 || self.text.is_empty() {
            self.end_lines();
            if let Some(mark) = self.mark.take() {
                for _ in 1..self.lists.len() {
                    self.text.push_str("  ");
                }
                self.text.push_str(&mark);
            }
        } else if self.space {
            self.text.push(' ');
        }
        self.space = false;
        self.text.push_str(word);
    }

    /// Writes the line ends that are due, and begins the next line.
    fn end_lines(&mut self) {
        let begun = !self.text.is_empty();
        let marks = "> ".repeat(self.quotes.min(DEEPEST));
        let between = "> ".repeat(self.quotes.min(self.last_quotes).min(DEEPEST));
        for n in 0..self.lines {
            if begun {
                self.text.push('\n');
            }
            if begun && n + 1 < self.lines {
                self.text.push_str(between.trim_end());
            }
        }
        self.last_quotes = self.quotes;
        self.text.push_str(&marks);
        self.lines = 0;
    }

    fn block(&mut self, lines: usize) {
        if !self.fresh {
            self.lines = self.lines.max(lines);
        }
        self.space = false;
    }

    /// Takes a tag; gives what is left of the document.
    fn tag<'a>(&mut self, tag: &str, after: &'a str) -> &'a str {
        let inner = tag.trim_start_matches('<').trim_end_matches('>');
        let closing = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let name: String = inner
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric())
            .map(|c| c.to_ascii_lowercase())
            .collect();
        match (name.as_str(), closing) {
            ("style" | "script" | "title" | "head" | "template", false) => {
                let end = format!("</{name}");
                let at = after.to_ascii_lowercase().find(&end).unwrap_or(after.len());
                return after.get(at..).unwrap_or_default();
            }
            ("br", _) => {
                if self.lines == 0 {
                    self.lines = 1;
                } else {
                    self.lines += 1;
                }
                self.space = false;
            }
            // A paragraph that begins an item begins no line of its own.
            ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table", false)
                if self.mark.is_some() => {}
            ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table", _) => self.block(2),
            ("ul" | "ol", false) => {
                self.block(if self.lists.is_empty() { 2 } else { 1 });
                self.lists.push(List((name == "ol").then_some(1)));
            }
            ("ul" | "ol", true) => {
                self.lists.pop();
                self.block(if self.lists.is_empty() { 2 } else { 1 });
            }
            ("li", false) => {
                self.lines = self.lines.clamp(1, 2);
                self.space = false;
                let mark = match self.lists.last_mut() {
                    Some(List(Some(number))) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.mark = Some(mark);
            }
            ("li", true) => {
                self.lines = 1;
                self.mark = None;
            }
            ("blockquote", false) => {
                self.block(1);
                self.quotes += 1;
                self.fresh = true;
            }
            ("blockquote", true) => {
                self.fresh = false;
                self.quotes = self.quotes.saturating_sub(1);
                self.block(2);
            }
            ("pre", false) => {
                self.block(2);
                self.pre += 1;
            }
            ("pre", true) => {
                self.pre = self.pre.saturating_sub(1);
                self.block(2);
            }
            ("hr", _) => {
                self.block(1);
                self.push("---");
                self.block(1);
            }
            ("div", false) if attribute(inner, "data-signature").is_some() => {
                // RFC 3676 section 4.3: readers know a signature by this line.
                self.block(1);
                self.push("-- ");
                self.block(1);
                self.fresh = true;
            }
            ("td" | "th", true) => self.space = true,
            ("div" | "tr" | "section" | "article" | "header" | "footer" | "body", _) => {
                self.block(1);
            }
            ("a", false) => {
                let target = attribute(inner, "href").unwrap_or_default();
                self.links.push((target, self.text.len()));
            }
            ("a", true) => self.end_link(),
            ("img", _) => {
                if let Some(words) = attribute(inner, "alt").filter(|alt| !alt.trim().is_empty()) {
                    self.words(&format!("[{}]", words.trim()));
                }
            }
            _ => {}
        }
        after
    }

    fn end_link(&mut self) {
        let Some((target, from)) = self.links.pop() else { return };
        let says = self.text.get(from..).unwrap_or_default().trim().to_owned();
        let shown = target.trim_start_matches("mailto:").trim_start_matches("tel:");
        let bare = |text: &str| {
            let text = text.trim_start_matches("https://").trim_start_matches("http://");
            text.trim_end_matches('/').to_lowercase()
        };
        if !says.is_empty()
            && !shown.is_empty()
            && !says.contains(shown)
            && bare(&says) != bare(shown)
        {
            self.space = false;
            self.text.push_str(" <");
            self.text.push_str(shown);
            self.text.push('>');
        }
    }
}

/// A tag and what follows it; a `>` inside quotes does not end it.
pub(super) fn end_of_tag(markup: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, byte) in markup.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'>') => return markup.split_at_checked(at + 1).unwrap_or((markup, "")),
            _ => {}
        }
    }
    (markup, "")
}

/// The value of an attribute of a tag as our own cleaner writes it: in double quotes.
pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split('"').next().unwrap_or_default()))
}

/// Resolves the character references a serialiser writes, and numbers.
pub(crate) fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.find(';').filter(|end| *end <= 10);
        let name = end.and_then(|end| after.get(..end)).unwrap_or_default();
        let found = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{a0}'),
            _ => name.strip_prefix('#').and_then(|number| {
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => number.parse().ok(),
                };
                code.and_then(char::from_u32)
            }),
        };
        match (found, end) {
            (Some('\u{a0}'), Some(end)) => {
                out.push(' ');
                rest = after.get(end + 1..).unwrap_or_default();
            }
            (Some(c), Some(end)) => {
                out.push(c);
                rest = after.get(end + 1..).unwrap_or_default();
            }
            _ => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_rich_reads_plain() {
        let cases = [
            ("<p>Hello Mara,</p><p>see you <b>soon</b>.</p>", "Hello Mara,\n\nsee you soon."),
            ("<p>one<br>two</p>", "one\ntwo"),
            ("<ul><li><p>cut</p></li><li><p>colour</p></li></ul>", "- cut\n- colour"),
            ("<p>So:</p><ol><li>a</li><li>b</li></ol><p>end</p>", "So:\n\n1. a\n2. b\n\nend"),
            (
                "<p>me</p><div>On Monday, Ruth wrote:</div><blockquote><p>a</p><p>b</p></blockquote>",
                "me\n\nOn Monday, Ruth wrote:\n> a\n>\n> b",
            ),
            (
                "<p><a href=\"https://x.example/book\">Book here</a> or <a href=\"https://x.example\">x.example</a></p>",
                "Book here <https://x.example/book> or x.example",
            ),
            ("<p>5 &lt; 6 &amp; 7&nbsp;&gt; 6</p>", "5 < 6 & 7 > 6"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"),
            ("<p>Hi</p><div data-signature=\"7\"><p>Studio</p></div>", "Hi\n\n-- \nStudio"),
            ("<p><img src=\"cid:1\" alt=\"Our logo\"></p>", "[Our logo]"),
            ("", ""),
        ];
        for (html, text) in cases {
            assert_eq!(text_of(html), text, "{html}");
        }
    }
}
