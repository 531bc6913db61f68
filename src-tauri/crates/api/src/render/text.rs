//! Plain text as HTML: paragraphs, quote levels, `format=flowed` (RFC 3676), hard-wrapped text, links, signature.
//!
//! The result goes through the same cleaning as any HTML, so a mistake here cannot make markup unsafe.

use super::fold::{is_introduction_text, starts_quoted_message};
use super::rewrap;
use super::tree::escape;

/// Quote levels that are drawn; deeper ones are drawn at this level.
const MAX_LEVEL: usize = 8;

struct Line {
    level: usize,
    text: String,
}

/// Turns a plain text into an HTML fragment.
pub(super) fn to_html(text: &str, flowed: bool, del_sp: bool) -> String {
    let lines = if flowed { unflow(text, del_sp) } else { text.lines().map(split_level).collect() };
    // Flowed text says itself where it goes on.
    let own = lines.iter().filter(|line| line.level == 0).map(|line| line.text.as_str());
    let column = if flowed { None } else { rewrap::column(own) };
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut level = 0;
    let mut signature = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let end = at + lines.iter().skip(at).take_while(|next| next.level == line.level).count();
        change_level(&mut level, line.level, &mut out);
        let block = lines.get(at..end).unwrap_or_default();
        let quote_follows = lines.get(end).is_some_and(|next| next.level > line.level);
        let level = Level { top: line.level == 0, quote_follows, column };
        paragraphs(block, &level, &mut signature, &mut out);
        at = end;
    }
    change_level(&mut level, 0, &mut out);
    if signature {
        out.push_str("</div>");
    }
    out
}

/// Where the lines of one level stand.
struct Level {
    /// Not quoted.
    top: bool,
    /// A deeper quote comes next.
    quote_follows: bool,
    /// The column the text was wrapped at.
    column: Option<usize>,
}

fn change_level(level: &mut usize, wanted: usize, out: &mut String) {
    while *level < wanted {
        out.push_str("<blockquote type=\"cite\">");
        *level += 1;
    }
    while *level > wanted {
        out.push_str("</blockquote>");
        *level -= 1;
    }
}

/// Writes the lines of one level; blank lines separate paragraphs and are kept in number.
fn paragraphs(lines: &[Line], level: &Level, signature: &mut bool, out: &mut String) {
    let &Level { top, quote_follows, column } = level;
    let mut at = 0;
    while at < lines.len() {
        let is_end = |line: &Line| line.text.trim().is_empty();
        let words = lines
            .iter()
            .skip(at)
            .enumerate()
            .take_while(|(offset, line)| {
                !(is_end(line) || *offset > 0 && top && begins_block(lines, at + offset))
            })
            .count();
        let blanks = lines.iter().skip(at + words).take_while(|line| is_end(line)).count();
        let paragraph = lines.get(at..at + words).unwrap_or_default();
        at += (words + blanks).max(1);
        let paragraph: Vec<&str> = paragraph.iter().map(|line| line.text.as_str()).collect();
        let text = paragraph.join("\n");
        // RFC 3676 section 4.3: the separator is exactly "-- ", which many clients trim.
        if top && !*signature && paragraph.first().is_some_and(|line| matches!(*line, "-- " | "--"))
        {
            out.push_str("<div class=\"moz-signature\">");
            *signature = true;
        }
        let last = at >= lines.len();
        let introduces = last && quote_follows && is_introduction_text(&text);
        out.push_str(if introduces {
            "<div class=\"moz-cite-prefix\" style=\"white-space:pre-wrap\">"
        } else {
            "<div style=\"white-space:pre-wrap\">"
        });
        match column {
            Some(column) if top && !*signature && !introduces => {
                with_links(&rewrap::rejoin(&paragraph, column), out);
            }
            _ => with_links(&text, out),
        }
        if blanks > 0 && !last {
            (0..=blanks).for_each(|_| out.push('\n'));
        }
        out.push_str("</div>");
    }
}

/// True for a line that begins something the folding must find on its own: a signature, a quoted message's head.
fn begins_block(lines: &[Line], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    if matches!(line.text.as_str(), "-- " | "--") {
        return true;
    }
    // Only lines that could begin one are worth joining with those after them.
    if !line.text.starts_with("--") && !line.text.contains(':') {
        return false;
    }
    let head: Vec<&str> = lines.iter().skip(at).take(6).map(|line| line.text.as_str()).collect();
    starts_quoted_message(&head.join("\n"))
}

fn split_level(line: &str) -> Line {
    let mut level = 0;
    let mut rest = line;
    loop {
        let next = if level > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
        let Some(after) = next.strip_prefix('>') else { break };
        level += 1;
        rest = after;
    }
    let text = if level > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
    Line { level: level.min(MAX_LEVEL), text: text.replace('\0', "") }
}

/// Joins the soft-broken lines of `format=flowed` (RFC 3676 section 4).
fn unflow(text: &str, del_sp: bool) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut open = false;
    for raw in text.lines() {
        let quoted = raw.bytes().take_while(|byte| *byte == b'>').count();
        let rest = raw.get(quoted..).unwrap_or_default();
        // Space-stuffing: one leading space only protects what follows it.
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let level = quoted.min(MAX_LEVEL);
        let is_signature = rest == "-- ";
        let soft = rest.ends_with(' ') && !is_signature;
        let words = if soft && del_sp { rest.strip_suffix(' ').unwrap_or(rest) } else { rest };
        match out.last_mut() {
            Some(last) if open && last.level == level && !is_signature => last.text.push_str(words),
            _ => out.push(Line { level, text: words.to_owned() }),
        }
        open = soft;
    }
    out
}

/// Escapes a text and makes links of the addresses in it.
fn with_links(text: &str, out: &mut String) {
    for word in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')) {
        let start = word.find(|c: char| c.is_alphanumeric()).unwrap_or(0);
        let (head, rest) = word.split_at_checked(start).unwrap_or(("", word));
        let (address, tail) = trim_end(rest);
        match target(address) {
            Some(href) => {
                escape(head, out);
                out.push_str("<a href=\"");
                escape(&href, out);
                out.push_str("\">");
                escape(address, out);
                out.push_str("</a>");
                escape(tail, out);
            }
            None => escape(word, out),
        }
    }
}

/// Splits off what ends a sentence rather than an address; a closing bracket stays if it was opened inside.
fn trim_end(word: &str) -> (&str, &str) {
    let mut end = word.len();
    loop {
        let head = word.get(..end).unwrap_or_default();
        let Some(last) = head.chars().next_back() else { break };
        let unbalanced = |open: char, close: char| {
            last == close && head.matches(open).count() < head.matches(close).count()
        };
        let drop = last.is_whitespace()
            || matches!(
                last,
                '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '"' | '<' | '>' | '*' | '…' | '»' | '”'
            )
            || unbalanced('(', ')')
            || unbalanced('[', ']');
        if !drop {
            break;
        }
        end -= last.len_utf8();
    }
    word.split_at_checked(end).unwrap_or((word, ""))
}

fn target(address: &str) -> Option<String> {
    let lower = address.get(..8.min(address.len())).unwrap_or_default().to_ascii_lowercase();
    if (lower.starts_with("http://") || lower.starts_with("https://")) && address.len() > 10
        || lower.starts_with("mailto:")
    {
        return Some(address.to_owned());
    }
    if lower.starts_with("www.") && address.matches('.').count() >= 2 {
        return Some(format!("https://{address}"));
    }
    let (local, host) = address.split_once('@')?;
    let local_ok =
        !local.is_empty() && local.chars().all(|c| c.is_alphanumeric() || "._%+-".contains(c));
    let host_ok = host.contains('.')
        && host.split('.').all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    (local_ok && host_ok && address.len() <= 254).then(|| format!("mailto:{address}"))
}
