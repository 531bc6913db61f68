//! The first words of what the author wrote, for the list.
//!
//! Passed over: quotations and the lines that announce them, signatures, the heads of forwarded and
//! quoted mail, rules and bare links. Where nothing is left, what was passed over is shown after all:
//! a row without words tells less than a quoted one.

use deskbell_domain::text;

/// Longest preview, in characters.
const MAX_PREVIEW: usize = 200;
/// Lines looked at.
const MAX_LINES: usize = 400;
/// Bytes of one line looked at.
const MAX_LINE: usize = 2_000;

/// Ends of the lines that announce a quotation, in the languages mail programs write them in.
const WROTE: [&str; 22] = [
    "wrote:",
    "writes:",
    "schrieb:",
    "geschrieben:",
    "a écrit :",
    "a écrit:",
    "escribió:",
    "ha scritto:",
    "schreef:",
    "escreveu:",
    "napisał:",
    "napisał(a):",
    "skrev:",
    "kirjoitti:",
    "написал:",
    "написал(а):",
    "пишет:",
    "yazdı:",
    "a scris:",
    "napsal(a):",
    "написав:",
    "写道：",
];
/// How such lines begin where the verb stands before the name (`Am 3. Mai schrieb Mara:`).
const ON: [(&str, &str); 8] = [
    ("am ", " schrieb "),
    ("op ", " schreef "),
    ("den ", " skrev "),
    ("le ", " a écrit"),
    ("el ", " escribió"),
    ("il ", " ha scritto"),
    ("em ", " escreveu"),
    ("on ", " wrote"),
];
/// Words in the line above a forwarded or quoted message.
const FORWARDED: [&str; 18] = [
    "forwarded message",
    "original message",
    "weitergeleitete nachricht",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "message transféré",
    "message d'origine",
    "mensaje reenviado",
    "mensaje original",
    "messaggio inoltrato",
    "messaggio originale",
    "doorgestuurd bericht",
    "oorspronkelijk bericht",
    "mensagem encaminhada",
    "mensagem original",
    "begin forwarded message",
    "anfang der weitergeleiteten",
];
/// Field names of such a head.
const FIELDS: [&str; 30] = [
    "from",
    "von",
    "de",
    "da",
    "van",
    "från",
    "fra",
    "od",
    "sent",
    "gesendet",
    "envoyé",
    "enviado",
    "inviato",
    "verzonden",
    "date",
    "datum",
    "fecha",
    "data",
    "to",
    "an",
    "à",
    "para",
    "a",
    "aan",
    "cc",
    "subject",
    "betreff",
    "objet",
    "asunto",
    "oggetto",
];

/// The preview of a message's text, one line.
pub(super) fn of(text: &str) -> String {
    let lines: Vec<&str> =
        text.lines().take(MAX_LINES).map(|line| super::body::clip_bytes(line, MAX_LINE)).collect();
    let own = gather(written(&lines));
    let words = if own.is_empty() {
        gather(lines.iter().map(|line| line.trim_start_matches(['>', ' '])))
    } else {
        own
    };
    text::clip(&words, MAX_PREVIEW - 1)
}

/// The lines the author wrote.
fn written<'a>(lines: &[&'a str]) -> impl Iterator<Item = &'a str> + use<'a> {
    let mut kept: Vec<&'a str> = Vec::new();
    let mut rest = lines;
    while let Some((&line, after)) = rest.split_first() {
        rest = after;
        let trimmed = line.trim();
        if line == "-- " || line == "--" {
            break;
        }
        if let Some(beyond) = head_of_other_mail(trimmed, after) {
            if kept.iter().any(|line| has_words(line)) {
                break;
            }
            rest = beyond;
            continue;
        }
        if let Some(beyond) = announcement(trimmed, after) {
            rest = beyond;
            continue;
        }
        if trimmed.starts_with('>') || !has_words(trimmed) || is_link(trimmed) {
            continue;
        }
        kept.push(trimmed);
        if kept.len() > 60 {
            break;
        }
    }
    kept.into_iter()
}

/// Joins lines to as much as a preview needs.
fn gather<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut words = String::new();
    for line in lines {
        words.push_str(line);
        words.push(' ');
        // Invisible padding counts four bytes a character and falls away when folded.
        if words.len() > MAX_PREVIEW * 12 {
            break;
        }
    }
    text::fold(&words)
}

fn has_words(line: &str) -> bool {
    line.chars().any(char::is_alphanumeric)
}

fn is_link(line: &str) -> bool {
    let bare = line.trim_matches(['<', '>', '[', ']', '(', ')']);
    let link =
        ["http://", "https://", "cid:", "image:"].iter().any(|start| bare.starts_with(start));
    link && !bare.contains(char::is_whitespace)
        || line.starts_with("[image:")
        || line.starts_with("[cid:")
}

/// If the line begins a line (or two, or three) that announces a quotation: what follows it.
fn announcement<'a, 'b>(line: &str, after: &'b [&'a str]) -> Option<&'b [&'a str]> {
    if line.is_empty() || line.len() > 400 {
        return None;
    }
    let mut joined = line.to_lowercase();
    for extra in 0..3 {
        if extra > 0 {
            let next = after.get(extra - 1)?.trim();
            if next.is_empty() || next.starts_with('>') {
                return None;
            }
            joined.push(' ');
            joined.push_str(&next.to_lowercase());
        }
        if announces(&joined) {
            return after.get(extra..);
        }
        // Only a line that begins like one may go on in the next.
        if !ON.iter().any(|(start, _)| joined.starts_with(start)) {
            return None;
        }
    }
    None
}

fn announces(line: &str) -> bool {
    // Someone who writes "as you wrote:" wrote it; programs put a date or an address there.
    let dated = line.contains('@') || line.chars().filter(char::is_ascii_digit).count() >= 3;
    let ends = WROTE.iter().any(|end| line.ends_with(end));
    let inverted = line.ends_with(':')
        && ON.iter().any(|(start, verb)| line.starts_with(start) && line.contains(verb));
    dated && (ends || inverted)
}

/// If the line begins the head of a forwarded or quoted message: what follows that head.
fn head_of_other_mail<'a, 'b>(line: &str, after: &'b [&'a str]) -> Option<&'b [&'a str]> {
    let lower = line.to_lowercase();
    let ruled = lower.starts_with("--") || lower.starts_with("__") || lower.starts_with("==");
    let marked = (ruled || lower.ends_with(':'))
        && lower.len() < 120
        && FORWARDED.iter().any(|words| lower.contains(words));
    let fields = fields_at(after);
    if marked || (ruled && !has_words(line) && fields >= 3) {
        return after.get(skip_head(after)..);
    }
    // Outlook writes no mark above its head.
    (is_field(line) && fields >= 2).then(|| after.get(skip_head(after)..)).flatten()
}

/// How many of the next lines in a row are fields.
fn fields_at(lines: &[&str]) -> usize {
    lines
        .iter()
        .take(8)
        .skip_while(|line| line.trim().is_empty())
        .take_while(|line| is_field(line))
        .count()
}

/// How many lines a head takes, empty ones before and after it included.
fn skip_head(lines: &[&str]) -> usize {
    let blank = |lines: &[&str]| lines.iter().take_while(|line| line.trim().is_empty()).count();
    let before = blank(lines);
    let head = lines.iter().skip(before).take(12).take_while(|line| is_field(line)).count();
    before + head
}

fn is_field(line: &str) -> bool {
    let bare = line.trim().trim_start_matches(['*', '>', ' ']);
    bare.split_once(':').is_some_and(|(name, _)| {
        let name = name.trim_matches(|c: char| c == '*' || c.is_whitespace()).to_lowercase();
        name.len() < 20 && FIELDS.contains(&name.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_authors_words_are_shown() {
        let cases = [
            ("Hi\n\nsee you\n-- \nMara\nStudio", "Hi see you"),
            ("Yes!\n\nOn Mon, 4 May 2026 at 10:00, Mara <m@x.example>\nwrote:\n> ok?", "Yes!"),
            ("Am 04.05.26 um 10:00 schrieb Mara Voss:\n> ok?\n\nPasst.", "Passt."),
            ("Le lun. 4 mai 2026 à 10:00, Mara a écrit :\n> ok?\nOui", "Oui"),
            ("Top\n\n-----Original Message-----\nFrom: a\nSent: b\nTo: c\n\nold", "Top"),
            ("Gut\n\nVon: a\nGesendet: b\nAn: c\nBetreff: d\n\nalt", "Gut"),
            (
                "---------- Forwarded message ---------\nFrom: a\nDate: b\nSubject: c\n\nThe news",
                "The news",
            ),
            ("As you wrote:\nit works", "As you wrote: it works"),
            ("=====\nhttps://x.example/view\n[image: Logo]\nSale", "Sale"),
            ("> only\n> quoted", "only quoted"),
            ("", ""),
        ];
        for (text, preview) in cases {
            assert_eq!(of(text), preview, "{text:?}");
        }
    }

    #[test]
    fn a_preview_is_one_short_line() {
        let long = of(&"Straße 12\n".repeat(100));
        assert_eq!(long.chars().count(), MAX_PREVIEW, "cut");
        assert!(long.ends_with('…'), "and marked as cut");
    }
}
