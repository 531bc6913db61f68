//! Folds quoted text under a summary that opens without a script, and dims signatures.
//!
//! Invariant: something the author wrote always stays in sight. A message that is nothing but a quote, a forwarded
//! message, and answers written between the lines of a quote are shown open.

use super::tree::{Element, Node, is_blank, is_empty, text_of};

/// Elements that are a quote as a whole.
const QUOTES: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "moz-forward-container",
    "mail-editor-reference-message-container",
    "db-cite",
];
/// Elements after which the rest of their parent is the quote.
const QUOTE_STARTS: &[&str] = &["divRplyFwdMsg", "appendonsend", "stopSpelling", "reply-intro"];
/// Elements that introduce the quote after them.
const INTRODUCTIONS: &[&str] = &["moz-cite-prefix", "gmail_attr"];
const SIGNATURES: &[&str] = &[
    "gmail_signature",
    "moz-signature",
    "Signature",
    "protonmail_signature_block",
    "ms-outlook-mobile-signature",
];

/// "On … wrote:" in the languages mail clients speak.
const WROTE: &[&str] = &[
    "wrote",
    "schrieb",
    "écrit",
    "escribió",
    "escribió:",
    "scritto",
    "schreef",
    "skrev",
    "escreveu",
    "napisał",
    "napsal",
    "írta",
    "kirjoitti",
    "пише",
    "написал",
    "написав",
    "yazdı",
    "έγραψε",
    "scrisse",
    "a scris",
    "写道",
    "寫道",
    "のメール",
    "写信",
    "작성",
];
/// The start of a quoted message's header block.
const FROM: &[&str] = &[
    "from:",
    "von:",
    "de:",
    "de :",
    "da:",
    "van:",
    "från:",
    "fra:",
    "od:",
    "lähettäjä:",
    "от:",
    "from :",
];
const SENT: &[&str] = &[
    "sent:",
    "date:",
    "gesendet:",
    "datum:",
    "envoyé",
    "date :",
    "enviado",
    "fecha:",
    "inviato",
    "data:",
    "verzonden",
    "skickat:",
    "sendt:",
    "wysłano",
    "odesláno",
    "lähetetty",
    "отправлено",
    "дата:",
];
const ORIGINAL: &[&str] = &[
    "original message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "message d'origine",
    "message d’origine",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "mensagem original",
];
const FORWARDED: &[&str] = &[
    "forwarded message",
    "weitergeleitete nachricht",
    "message transféré",
    "mensaje reenviado",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "mensagem encaminhada",
    "begin forwarded message",
    "anfang der weitergeleiteten",
];

/// Folds the quotes of a body; true where some text is now out of sight.
pub(super) fn fold(nodes: &mut Vec<Node>, summary: &str, forwarded: bool) -> bool {
    wrap(nodes, summary);
    let mut outline = Vec::new();
    outline_of(nodes, &mut outline);
    let first = outline.iter().position(|seen| *seen == Seen::Quote);
    let last = outline.iter().rposition(|seen| *seen == Seen::Quote);
    let (Some(first), Some(last)) = (first, last) else { return false };
    let between = outline.get(first..last).unwrap_or_default().contains(&Seen::Own);
    if between {
        unwrap(nodes);
        return false;
    }
    let only = !outline.contains(&Seen::Own);
    open(nodes, forwarded || only);
    !(forwarded || only) && has_closed(nodes)
}

#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Own,
    Quote,
}

fn outline_of(nodes: &[Node], out: &mut Vec<Seen>) {
    for node in nodes {
        let seen = match node {
            Node::Text(text) if is_blank(text) => continue,
            Node::Text(_) => Seen::Own,
            Node::Element(element) if is_folded(element) => Seen::Quote,
            // A signature between two quotes is no answer between the lines.
            Node::Element(element) if element.is_named(SIGNATURES) => continue,
            Node::Element(element) if element.name == "img" => Seen::Own,
            Node::Element(element) => {
                outline_of(&element.children, out);
                continue;
            }
        };
        if out.last() != Some(&seen) {
            out.push(seen);
        }
    }
}

fn is_folded(element: &Element) -> bool {
    element.name == "details"
}

fn wrap(nodes: &mut Vec<Node>, summary: &str) {
    let mut at = 0;
    while at < nodes.len() {
        let (mut start, mut end) = (at, at + 1);
        match nodes.get_mut(at) {
            Some(Node::Element(element)) if is_whole_quote(element) => {
                start = introduction_before(nodes, at).unwrap_or(at)
            }
            Some(Node::Element(element)) if element.name == "blockquote" => {
                match introduction_before(nodes, at) {
                    Some(introduction) => start = introduction,
                    None => {
                        at += 1;
                        continue;
                    }
                }
            }
            Some(node) if starts_rest(node) => end = nodes.len(),
            Some(Node::Element(element)) => {
                if element.is_named(SIGNATURES) {
                    element.add_class("db-signature");
                }
                wrap(&mut element.children, summary);
                at += 1;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        }
        // The rule that Outlook draws above the quote belongs to it.
        while end == nodes.len()
            && start > 0
            && matches!(nodes.get(start - 1), Some(Node::Element(element)) if matches!(element.name, "hr" | "br"))
        {
            start -= 1;
        }
        let quoted: Vec<Node> = nodes.drain(start..end).collect();
        if is_empty(&quoted) {
            at = start;
            continue;
        }
        let mut details = Element::new("details").with("class", "db-quoted");
        let mut label = Element::new("summary");
        label.children.push(Node::Text(summary.to_owned()));
        details.children.push(Node::Element(label));
        details.children.extend(quoted);
        nodes.insert(start, Node::Element(details));
        at = start + 1;
    }
}

fn is_whole_quote(element: &Element) -> bool {
    element.is_named(QUOTES)
}

/// Where the line "On … wrote:" right before the quote at `at` begins.
fn introduction_before(nodes: &[Node], at: usize) -> Option<usize> {
    let mut end = at;
    while end > 0 && nodes.get(end - 1).is_some_and(is_gap) {
        end -= 1;
    }
    let last = nodes.get(end.checked_sub(1)?)?;
    if let Node::Element(element) = last
        && element.is_block()
    {
        return (element.is_named(INTRODUCTIONS) || is_introduction(std::slice::from_ref(last)))
            .then(|| end - 1);
    }
    let mut start = end;
    while start > 0 && nodes.get(start - 1).is_some_and(|node| !is_break(node)) {
        start -= 1;
    }
    is_introduction(nodes.get(start..end)?).then_some(start)
}

fn is_gap(node: &Node) -> bool {
    match node {
        Node::Text(text) => is_blank(text),
        Node::Element(element) => element.name == "br",
    }
}

fn is_break(node: &Node) -> bool {
    matches!(node, Node::Element(element) if element.is_block())
}

fn is_introduction(nodes: &[Node]) -> bool {
    let mut text = String::new();
    text_of(nodes, 800, &mut text);
    is_introduction_text(&text)
}

/// True for "On 3 May 2026, Mara wrote:" and its like: short, with a verb of writing, ending in a colon.
pub(super) fn is_introduction_text(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let ends = text.ends_with([':', '：']);
    ends && text.chars().count() <= 400 && WROTE.iter().any(|verb| text.contains(verb))
}

/// True for the header block or the dashed line with which Outlook and others begin a quoted message.
pub(super) fn starts_quoted_message(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches(['*', '_']).trim_start().to_lowercase();
    let dashed = text.trim_start_matches(['-', '_', ' ', '\u{2014}']);
    if text.starts_with("--") && ORIGINAL.iter().any(|words| dashed.starts_with(words)) {
        return true;
    }
    let text = text.replace('*', "");
    FROM.iter().any(|from| text.starts_with(from))
        && SENT.iter().any(|sent| {
            text.lines().skip(1).take(6).any(|line| line.trim_start().starts_with(sent))
        })
}

fn starts_rest(node: &Node) -> bool {
    if let Node::Element(element) = node {
        if element.is_named(QUOTE_STARTS) {
            return true;
        }
        if !element.is_block() || element.name == "blockquote" {
            return false;
        }
    }
    let mut text = String::new();
    text_of(std::slice::from_ref(node), 600, &mut text);
    starts_quoted_message(&text)
}

fn is_forwarded(element: &Element) -> bool {
    let mut text = String::new();
    text_of(element.children.get(1..).unwrap_or_default(), 200, &mut text);
    let text = text
        .trim_start_matches(|c: char| matches!(c, '-' | '_' | '>') || c.is_whitespace())
        .to_lowercase();
    FORWARDED.iter().any(|words| text.starts_with(words))
}

fn open(nodes: &mut [Node], all: bool) {
    for node in nodes {
        let Node::Element(element) = node else { continue };
        if is_folded(element) {
            if all || is_forwarded(element) {
                element.attrs.push(("open", String::new()));
            }
        } else {
            open(&mut element.children, all);
        }
    }
}

fn has_closed(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Text(_) => false,
        Node::Element(element) if is_folded(element) => element.attr("open").is_none(),
        Node::Element(element) => has_closed(&element.children),
    })
}

fn unwrap(nodes: &mut Vec<Node>) {
    let mut out = Vec::with_capacity(nodes.len());
    for node in nodes.drain(..) {
        match node {
            Node::Element(element) if is_folded(&element) => {
                out.extend(element.children.into_iter().skip(1))
            }
            Node::Element(mut element) => {
                unwrap(&mut element.children);
                out.push(Node::Element(element));
            }
            text @ Node::Text(_) => out.push(text),
        }
    }
    *nodes = out;
}

/// True where the subject says the message is forwarded.
pub(super) fn is_forward_subject(subject: &str) -> bool {
    let subject = subject.trim_start().to_lowercase();
    ["fw:", "fwd:", "wg:", "tr:", "rv:", "i:", "vs:", "doorst:", "enc:"]
        .iter()
        .any(|mark| subject.starts_with(mark))
}
