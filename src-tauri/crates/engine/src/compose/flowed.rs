//! Plain text for the wire: `format=flowed` (RFC 3676), so that it wraps at any width and still reads well
//! where it is not understood.

/// Lines are broken before this column.
const COLUMN: usize = 76;
/// Deepest quotation that is told apart.
const DEEPEST: usize = 16;

/// Breaks long lines softly and guards those that would read as something else. Lines end in `\n`.
pub(super) fn flow(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 40);
    for line in text.split('\n') {
        let (level, words) = quoted(line);
        // RFC 3676 section 4.3: the only line that ends in a space and does not flow.
        let signature = words == "-- ";
        let words = if signature { words } else { words.trim_end() };
        let mut marks = ">".repeat(level);
        if level > 0 && !words.is_empty() {
            marks.push(' ');
        }
        wrap(words, &marks, level > 0, &mut out);
    }
    out.pop();
    out
}

fn wrap(words: &str, marks: &str, is_quoted: bool, out: &mut String) {
    let mut rest = words;
    loop {
        let (line, after) = cut(rest, COLUMN.saturating_sub(marks.len() + 1));
        out.push_str(marks);
        // Section 4.4: a space in front keeps the line from reading as a quotation or as mbox's "From ".
        if !is_quoted && (line.starts_with([' ', '>']) || line.starts_with("From ")) {
            out.push(' ');
        }
        out.push_str(line);
        out.push('\n');
        if after.is_empty() {
            return;
        }
        rest = after;
    }
}

/// The first line of a text, its last space included, and what follows.
fn cut(text: &str, room: usize) -> (&str, &str) {
    if text.chars().count() <= room {
        return (text, "");
    }
    let mut best = None;
    for (column, (at, c)) in text.char_indices().enumerate() {
        if c == ' ' {
            let end = at + 1;
            // A break inside a run of spaces would move spaces to the start of a line; behind nothing but
            // spaces there is no line yet.
            let next = text.get(end..).unwrap_or_default();
            let breaks = !next.is_empty()
                && !next.starts_with(' ')
                && !text.get(..at).unwrap_or_default().trim().is_empty()
                && text.get(..end) != Some("-- ");
            if breaks && (column < room || best.is_none()) {
                best = Some(end);
            }
        }
        if column >= room && best.is_some() {
            break;
        }
    }
    best.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""))
}

/// How deep a line is quoted, and its words.
fn quoted(line: &str) -> (usize, &str) {
    let (mut level, mut rest) = (0, line);
    while level < DEEPEST {
        let next = if level > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
        let Some(after) = next.strip_prefix('>') else { break };
        level += 1;
        rest = after;
    }
    (level, if level > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a reader that knows RFC 3676 makes of it.
    pub(in crate::compose) fn unflow(text: &str) -> String {
        let mut out: Vec<(usize, String)> = Vec::new();
        let mut open = false;
        for raw in text.split('\n') {
            let level = raw.bytes().take_while(|byte| *byte == b'>').count();
            let rest = raw.get(level..).unwrap_or_default();
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            match out.last_mut() {
                Some(last) if open && last.0 == level && rest != "-- " => last.1.push_str(rest),
                _ => out.push((level, rest.to_owned())),
            }
            open = rest.ends_with(' ') && rest != "-- ";
        }
        let lines: Vec<String> = out
            .into_iter()
            .map(|(level, line)| {
                let space = if level > 0 && !line.is_empty() { " " } else { "" };
                format!("{}{space}{line}", ">".repeat(level))
            })
            .collect();
        lines.join("\n")
    }

    /// The text as its reader is to see it: no white space at the ends of lines, quotes marked alike.
    pub(in crate::compose) fn tidy(text: &str) -> String {
        let lines: Vec<String> = text
            .split('\n')
            .map(|line| {
                let (level, words) = quoted(line);
                let words = if words == "-- " { words } else { words.trim_end() };
                let space = if level > 0 && !words.is_empty() { " " } else { "" };
                format!("{}{space}{words}", ">".repeat(level))
            })
            .collect();
        lines.join("\n")
    }

    proptest! {
        #[test]
        fn what_was_written_is_what_is_read(
            lines in proptest::collection::vec("[ >a-zé漢-]{0,10}|(From |> ?>? ?|-- )?([a-zü]{1,14} {1,3}){0,20}", 0..8)
        ) {
            let text = lines.join("\n");
            let flowed = flow(&text);
            prop_assert_eq!(unflow(&flowed), tidy(&text), "{:?}", flowed);
        }
    }

    #[test]
    fn long_lines_are_broken_where_they_may_be() {
        let flowed = flow(&"word ".repeat(60));
        assert!(flowed.lines().all(|line| line.len() <= COLUMN), "{flowed}");
        let url = format!("https://example.com/{}", "x".repeat(200));
        assert_eq!(flow(&url), url, "an address is never broken");
    }
}
