//! HTML to plain text for search and preview.
//!
//! A scanner, not a parser: it keeps no tree, so nesting of any depth costs nothing, and the time is
//! linear. It never produces markup; showing HTML safely is someone else's task. Text in a quotation gets
//! `> ` before each line, as plain mail has it, so that the preview can pass over it.

/// Most HTML that is looked at.
const MAX_HTML: usize = 2 * 1024 * 1024;
/// Deepest quotation that is marked.
const MAX_QUOTES: usize = 8;

/// The text of an HTML document, at most about `limit` bytes of it.
pub(super) fn text(html: &str, limit: usize) -> String {
    let html = super::body::clip_bytes(html, MAX_HTML);
    let mut out = Out { text: String::with_capacity(html.len().min(limit) / 2), ..Out::default() };
    let mut rest = html;
    while out.text.len() < limit {
        let Some(at) = rest.find('<') else {
            out.words(rest);
            break;
        };
        let (words, markup) = rest.split_at(at);
        out.words(words);
        rest = out.markup(markup);
    }
    out.text.truncate(out.text.trim_end().len());
    out.text
}

#[derive(Default)]
struct Out {
    text: String,
    /// A space is due before the next word.
    space: bool,
    /// Line ends due before the next word: 1 or 2.
    lines: usize,
    quotes: usize,
    pre: usize,
}

impl Out {
    /// Takes text between tags.
    fn words(&mut self, words: &str) {
        if words.is_empty() {
            return;
        }
        let decoded;
        let words = if words.contains('&') {
            decoded = unescape(words);
            &decoded
        } else {
            words
        };
        if self.pre > 0 {
            for (n, line) in words.split('\n').enumerate() {
                if n > 0 {
                    self.lines = self.lines.max(1);
                    self.space = false;
                }
                self.push(line.trim_end_matches('\r'));
            }
            return;
        }
        for (n, word) in words.split(|c: char| c.is_whitespace() || c == '\0').enumerate() {
            self.space |= n > 0;
            self.push(word);
        }
    }

    fn push(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.lines > 0 || self.text.is_empty() {
            if !self.text.is_empty() {
                for _ in 0..self.lines {
                    self.text.push('\n');
                }
            }
            for _ in 0..self.quotes.min(MAX_QUOTES) {
                self.text.push_str("> ");
            }
        } else if self.space {
            self.text.push(' ');
        }
        self.lines = 0;
        self.space = false;
        self.text.push_str(word);
    }

    /// Takes what begins with `<`; gives what follows it.
    fn markup<'a>(&mut self, markup: &'a str) -> &'a str {
        let after = markup.get(1..).unwrap_or_default();
        if let Some(comment) = after.strip_prefix("!--") {
            return after_first(comment, "-->");
        }
        match after.bytes().next() {
            Some(b'!' | b'?') => return after_first(after, ">"),
            Some(b'/' | b'a'..=b'z' | b'A'..=b'Z') => {}
            _ => {
                self.push("<");
                return after;
            }
        }
        let closing = after.starts_with('/');
        let named = after.strip_prefix('/').unwrap_or(after);
        let length = named.bytes().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let (name, attributes) = named.split_at(length);
        let mut lower = [0_u8; 12];
        let name = match lower.get_mut(..length) {
            Some(slot) => {
                slot.copy_from_slice(name.as_bytes());
                slot.make_ascii_lowercase();
                &*slot
            }
            None => b"unknown",
        };
        let rest = after_tag(attributes);
        if !closing
            && matches!(
                name,
                b"style" | b"script" | b"title" | b"template" | b"noscript" | b"svg" | b"object"
            )
        {
            return after_end_of(rest, name);
        }
        self.tag(name, closing);
        rest
    }

    fn tag(&mut self, name: &[u8], closing: bool) {
        match name {
            b"br" => {
                self.lines = (self.lines + 1).min(2);
                self.space = false;
            }
            b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"table" | b"ul" | b"ol"
            | b"hr" => {
                self.end_lines(2);
            }
            b"div" | b"tr" | b"section" | b"article" | b"header" | b"footer" | b"center"
            | b"form" | b"dl" | b"dt" | b"dd" | b"fieldset" | b"address" | b"body" => {
                self.end_lines(1)
            }
            b"li" => {
                self.end_lines(1);
                if !closing {
                    self.push("•");
                    self.space = true;
                }
            }
            b"td" | b"th" | b"option" => self.space = true,
            b"pre" | b"textarea" => {
                self.end_lines(1);
                self.pre = if closing { self.pre.saturating_sub(1) } else { self.pre + 1 };
            }
            b"blockquote" => {
                self.end_lines(2);
                self.quotes = if closing { self.quotes.saturating_sub(1) } else { self.quotes + 1 };
            }
            _ => {}
        }
    }

    fn end_lines(&mut self, lines: usize) {
        self.lines = self.lines.max(lines);
        self.space = false;
    }
}

fn after_first<'a>(text: &'a str, mark: &str) -> &'a str {
    text.find(mark).and_then(|at| text.get(at + mark.len()..)).unwrap_or_default()
}

/// What follows the `>` of a tag; one inside a quoted attribute does not count.
fn after_tag(attributes: &str) -> &str {
    let mut quote = None;
    let mut previous = b' ';
    for (at, byte) in attributes.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return attributes.get(at + 1..).unwrap_or_default(),
            // A quote opens a value only after the equals sign; elsewhere it is a typing mistake.
            (None, b'"' | b'\'') if previous == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            previous = byte;
        }
    }
    // The quote was never closed: end at the first `>` after all, or half the mail would be lost.
    if quote.is_some() { after_first(attributes, ">") } else { "" }
}

/// What follows the end tag of an element whose content is not text.
fn after_end_of<'a>(text: &'a str, name: &[u8]) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        let end = rest.get(at + 2..).unwrap_or_default();
        let found = end.as_bytes().get(..name.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after_first(end, ">");
        }
        rest = end;
    }
    // Never closed: an unfinished style at the end of a cut mail holds nothing worth reading.
    ""
}

/// Replaces character references; what is none stays as it stands.
fn unescape(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = rest.find('&') {
        let (plain, entity) = rest.split_at(at);
        text.push_str(plain);
        let name = entity.bytes().skip(1).take(32);
        let length =
            name.take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count() + 1;
        let ended = entity.as_bytes().get(length) == Some(&b';');
        let (token, after) = entity.split_at(length);
        if !ended || token.len() < 3 {
            text.push_str(token);
            rest = after;
            continue;
        }
        let whole = entity.get(..length + 1).unwrap_or(token);
        mail_parser::decoders::html::add_html_token(&mut text, whole.as_bytes(), false);
        rest = entity.get(length + 1..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(html: &str) -> String {
        text(html, 10_000)
    }

    #[test]
    fn blocks_become_lines_and_cells_words() {
        let cases = [
            ("<p>One</p><p>Two &amp; &uuml;<br>three", "One\n\nTwo & ü\nthree"),
            ("<table><tr><td>Cut<td>40&nbsp;€</tr><tr><td>Dye</table>", "Cut 40 €\nDye"),
            ("<ul><li>a</li><li>b</ul>c", "• a\n• b\n\nc"),
            ("Hi <b>M</b>ara,\n  you", "Hi Mara, you"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("yes<blockquote>old<br>words</blockquote>bye", "yes\n\n> old\n> words\n\nbye"),
        ];
        for (html, expected) in cases {
            assert_eq!(plain(html), expected, "{html}");
        }
    }

    #[test]
    fn what_is_no_text_stays_out() {
        let cases = [
            ("<style>p{}</style><script>a<b</script><title>t</title>x", "x"),
            ("a<!-- b --> <!-- > -->c", "a c"),
            ("<a title='1>2' href=x>y</a>", "y"),
            ("<img alt=\"never closed>text", "text"),
            ("1 < 2 &nosuch; & &; &#x20ac; &#0;", "1 < 2 &nosuch; & &; €"),
            ("<!DOCTYPE html><?xml?>x</p", "x"),
        ];
        for (html, expected) in cases {
            assert_eq!(plain(html), expected, "{html}");
        }
    }

    #[test]
    fn a_hundred_thousand_levels_cost_nothing() {
        let html = format!("{}deep{}", "<div><blockquote>".repeat(100_000), "</div>".repeat(9));
        assert!(plain(&html).ends_with("deep"), "the words are found");
    }
}
