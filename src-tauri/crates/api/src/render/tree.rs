//! The cleaned tree: what is left of a mail's markup, ready to be folded and written out.
//!
//! Invariant: names and attribute names come from the allow-list in [`super::allow`]; values are raw text and are
//! escaped only here. Depth is bounded by the cleaner, so walking it by recursion is safe.

/// A node of the cleaned tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Text(String),
    Element(Element),
}

/// An element of the cleaned tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Element {
    pub(super) name: &'static str,
    pub(super) attrs: Vec<(&'static str, String)>,
    pub(super) children: Vec<Node>,
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attrs: Vec::new(), children: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attrs.push((name, value.into()));
        self
    }

    pub(super) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// Adds a class of the frame's own; the cleaner keeps mail from using the `db-` prefix.
    pub(super) fn add_class(&mut self, class: &str) {
        match self.attrs.iter_mut().find(|(key, _)| *key == "class") {
            Some((_, value)) => {
                value.push(' ');
                value.push_str(class);
            }
            None => self.attrs.push(("class", class.to_owned())),
        }
    }

    /// True where the class or the id is one of `names`, also in the `x_…` form Outlook on the web gives to names in quoted mail.
    pub(super) fn is_named(&self, names: &[&str]) -> bool {
        ["class", "id"]
            .iter()
            .filter_map(|key| self.attr(key))
            .flat_map(str::split_ascii_whitespace)
            .any(|token| {
                let mut token = token;
                while let Some(rest) = token.strip_prefix("x_") {
                    token = rest;
                }
                names.contains(&token)
            })
    }

    pub(super) fn is_block(&self) -> bool {
        !INLINE.contains(&self.name)
    }
}

const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];

/// True for a text of nothing but spaces, soft hyphens and the invisible fillers newsletters pad their previews with.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace() || matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{2007}')
    })
}

/// Collects up to about `limit` bytes of visible text, a space at every block's edge.
pub(super) fn text_of(nodes: &[Node], limit: usize, out: &mut String) {
    for node in nodes {
        if out.len() >= limit {
            return;
        }
        match node {
            Node::Text(text) => out.extend(text.chars().take(limit)),
            Node::Element(element) if element.name == "br" => out.push('\n'),
            Node::Element(element) => {
                text_of(&element.children, limit, out);
                if element.is_block() {
                    out.push('\n');
                }
            }
        }
    }
}

/// True where nothing would be seen: no text, no image, no rule.
pub(super) fn is_empty(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| match node {
        Node::Text(text) => is_blank(text),
        Node::Element(element) => {
            element.name != "img"
                && element.attr("class") != Some("db-image")
                && is_empty(&element.children)
        }
    })
}

/// Writes the tree as HTML.
pub(super) fn serialize(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => escape(text, out),
            Node::Element(element) => {
                out.push('<');
                out.push_str(element.name);
                for (name, value) in &element.attrs {
                    out.push(' ');
                    out.push_str(name);
                    out.push_str("=\"");
                    escape(value, out);
                    out.push('"');
                }
                out.push('>');
                if !VOID.contains(&element.name) {
                    serialize(&element.children, out);
                    out.push_str("</");
                    out.push_str(element.name);
                    out.push('>');
                }
            }
        }
    }
}

/// Appends `text` so that it is safe as text and inside a double-quoted attribute.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '\0' => {}
            c => out.push(c),
        }
    }
}
