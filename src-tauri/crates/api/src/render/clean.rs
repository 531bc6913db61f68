//! Walks a parsed mail and keeps what is on the allow-list: elements, attributes, styles, links, images.
//!
//! Invariant: the result holds no element or attribute that [`super::allow`] does not name and nothing outside the HTML namespace.
//! It takes no decision about folding ([`super::fold`]) and is checked once more by [`super::gate`].

use html5ever::ns;

use super::allow::{ATTRIBUTES, BLOCKS, DROPPED, FORMATTING, KEPT, REFERENCES};
use super::css;
use super::dom::{Data, Dom, DomNode, split_at_char};
use super::image::{Images, Shown};
use super::link::{self, Link};
use super::tree::{Element, Node, text_of};

/// Elements deeper than this are dissolved into their parent.
const MAX_DEPTH: u16 = 220;
/// Formatting elements open at once; a second parse clones them into every misplaced paragraph.
const MAX_FORMATTING: u16 = 16;

/// What walking collects beside the tree.
pub(super) struct Cleaner<'a> {
    pub(super) images: Images<'a>,
    pub(super) links: Vec<Link>,
    /// Filtered style sheets.
    pub(super) sheets: String,
    /// The mail sets a text or background colour somewhere.
    pub(super) colored: bool,
}

#[derive(Clone, Copy, Default)]
struct Place {
    depth: u16,
    formatting: u16,
    /// Inside something that is not shown.
    hidden: bool,
}

impl<'a> Cleaner<'a> {
    pub(super) fn new(images: Images<'a>) -> Self {
        Self { images, links: Vec::new(), sheets: String::new(), colored: false }
    }

    /// Cleans one parsed part.
    pub(super) fn clean(&mut self, dom: &Dom) -> Vec<Node> {
        let mut out = Vec::new();
        self.children(dom, 0, Place::default(), &mut out);
        out
    }

    fn children(&mut self, dom: &Dom, id: usize, place: Place, out: &mut Vec<Node>) {
        for child in dom.nodes.get(id).map(|node| node.children.as_slice()).unwrap_or_default() {
            if let Some(node) = dom.nodes.get(*child) {
                self.node(dom, *child, node, place, out);
            }
        }
    }

    fn node(&mut self, dom: &Dom, id: usize, node: &DomNode, place: Place, out: &mut Vec<Node>) {
        let (name, attrs) = match &node.data {
            Data::Text(text) => return out.push(Node::Text(text.replace('\0', ""))),
            Data::Other => return,
            Data::Root => return self.children(dom, id, place, out),
            Data::Element(name, attrs) => (name, attrs.as_slice()),
        };
        if name.ns != ns!(html) {
            return self.note_dropped(dom, id, 0);
        }
        match &*name.local {
            "style" => self.sheet(dom, node),
            "img" => self.image(attrs, place, out),
            "body" => self.element(dom, id, "div", attrs, place, out),
            "a" => self.link(dom, id, attrs, place, out),
            "input"
                if value(attrs, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("image")) =>
            {
                self.image(attrs, place, out)
            }
            local if DROPPED.contains(&local) => self.note_dropped(dom, id, 0),
            local => match KEPT.iter().find(|kept| **kept == local) {
                Some(kept) => self.element(dom, id, kept, attrs, place, out),
                None if BLOCKS.contains(&local) => self.element(dom, id, "div", attrs, place, out),
                None => {
                    self.note_references(attrs);
                    let place = Place { depth: place.depth.saturating_add(1), ..place };
                    self.children(dom, id, place, out);
                }
            },
        }
    }

    fn element(
        &mut self,
        dom: &Dom,
        id: usize,
        name: &'static str,
        attrs: &[(String, String)],
        mut place: Place,
        out: &mut Vec<Node>,
    ) {
        let mut element = Element::new(name);
        self.attributes(attrs, &mut element);
        place.depth = place.depth.saturating_add(1);
        place.hidden |= is_hidden(attrs, &element);
        if FORMATTING.contains(&name) {
            place.formatting = place.formatting.saturating_add(1);
        }
        if place.depth > MAX_DEPTH
            || FORMATTING.contains(&name) && place.formatting > MAX_FORMATTING
        {
            return self.children(dom, id, place, out);
        }
        self.children(dom, id, place, &mut element.children);
        match name {
            "blockquote"
                if value(attrs, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite")) =>
            {
                element.add_class("db-cite")
            }
            // The parser swallows a line break right after the tag, so it must not be there a second time.
            "pre" => {
                if let Some(Node::Text(text)) = element.children.first_mut() {
                    *text = text.trim_start_matches(['\n', '\r']).to_owned();
                }
            }
            _ => {}
        }
        // `body` is only a block where it carries something.
        if is_bare_body(dom, id, &element) {
            out.append(&mut element.children);
        } else {
            out.push(Node::Element(element));
        }
    }

    fn link(
        &mut self,
        dom: &Dom,
        id: usize,
        attrs: &[(String, String)],
        place: Place,
        out: &mut Vec<Node>,
    ) {
        let Some(target) = value(attrs, "href").and_then(link::safe_target) else {
            return self.element(dom, id, "span", attrs, place, out);
        };
        let at = out.len();
        self.element(dom, id, "a", attrs, place, out);
        let mut words = String::new();
        match out.get_mut(at..) {
            Some([Node::Element(element)]) if element.name == "a" => {
                text_of(&element.children, 2000, &mut words);
                let suspicious = link::is_suspicious(&words, &target);
                element.attrs.retain(|(name, _)| *name != "title");
                element.attrs.extend([
                    ("href", target.to_string()),
                    ("title", target.to_string()),
                    ("target", "_blank".to_owned()),
                    ("rel", "noopener noreferrer".to_owned()),
                ]);
                if suspicious {
                    element.add_class("db-suspicious");
                }
                let text: String = words
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .chars()
                    .take(200)
                    .collect();
                self.links.push(Link { text, href: target.to_string(), suspicious });
            }
            // Dissolved at the depth limit: the words stay, the link goes.
            _ => {}
        }
    }

    fn image(&mut self, attrs: &[(String, String)], place: Place, out: &mut Vec<Node>) {
        let mut element = Element::new("img");
        self.attributes(attrs, &mut element);
        let source = value(attrs, "src").map(str::trim).filter(|source| !source.is_empty());
        let source = source
            .or_else(|| value(attrs, "srcset").and_then(|set| set.split_ascii_whitespace().next()));
        let tracker = place.hidden || is_hidden(attrs, &element) || is_tiny(attrs, &element);
        match self.images.image(source.unwrap_or_default(), tracker) {
            Shown::Data(data) => {
                element.attrs.push(("src", data));
                out.push(Node::Element(element));
            }
            Shown::Placeholder => {
                let mut placeholder = Element::new("span").with("class", "db-image");
                if let Some(words) = value(attrs, "alt").filter(|words| !words.trim().is_empty()) {
                    placeholder
                        .children
                        .push(Node::Text(split_at_char(words, 300).0.replace('\0', "")));
                }
                out.push(Node::Element(placeholder));
            }
            Shown::Nothing => {}
        }
    }

    fn sheet(&mut self, dom: &Dom, node: &DomNode) {
        for child in &node.children {
            if let Some(DomNode { data: Data::Text(text), .. }) = dom.nodes.get(*child) {
                let styled = css::sheet(text, &mut self.images);
                self.colored |= styled.colored;
                self.sheets.push_str(&styled.css);
            }
        }
    }

    fn attributes(&mut self, attrs: &[(String, String)], element: &mut Element) {
        let mut background = None;
        for (name, given) in attrs {
            if name == "background" {
                background = self.images.background(given);
                continue;
            }
            if REFERENCES.contains(&name.as_str()) && element.name != "img" {
                self.images.refuse(given);
                continue;
            }
            let Some(name) = ATTRIBUTES.iter().find(|kept| *kept == name) else { continue };
            let kept = match *name {
                "style" => {
                    let styled = css::attribute(given, &mut self.images);
                    self.colored |= styled.colored;
                    styled.css
                }
                // Names that start with db- are the frame's own.
                "class" | "id" => given
                    .split_ascii_whitespace()
                    .filter(|token| !token.starts_with("db-"))
                    .collect::<Vec<_>>()
                    .join(" "),
                "alt" | "title" | "summary" => split_at_char(given, 500).0.replace('\0', ""),
                _ => plain_value(given),
            };
            if !kept.is_empty() || *name == "alt" {
                self.colored |= matches!(*name, "bgcolor" | "color");
                element.attrs.push((*name, kept));
            }
        }
        if let Some(data) = background {
            self.colored = true;
            match element.attrs.iter_mut().find(|(name, _)| *name == "style") {
                Some((_, style)) => style.push_str(&format!(";background-image:url('{data}')")),
                None => element.attrs.push(("style", format!("background-image:url('{data}')"))),
            }
        }
    }

    fn note_references(&mut self, attrs: &[(String, String)]) {
        for (name, given) in attrs {
            match name.as_str() {
                "srcset" => given.split(',').for_each(|candidate| self.images.refuse(candidate)),
                "style" => {
                    css::attribute(given, &mut self.images);
                }
                name if REFERENCES.contains(&name) || name.ends_with("href") => {
                    self.images.refuse(given)
                }
                _ => {}
            }
        }
    }

    /// Counts what a dropped element would have loaded.
    fn note_dropped(&mut self, dom: &Dom, id: usize, level: u16) {
        let Some(node) = dom.nodes.get(id).filter(|_| level < MAX_DEPTH) else { return };
        if let Data::Element(_, attrs) = &node.data {
            self.note_references(attrs);
        }
        for child in &node.children {
            self.note_dropped(dom, *child, level + 1);
        }
    }
}

fn is_bare_body(dom: &Dom, id: usize, element: &Element) -> bool {
    let is_body = matches!(dom.nodes.get(id), Some(DomNode { data: Data::Element(name, _), .. }) if &*name.local == "body");
    is_body && element.attrs.is_empty()
}

fn value<'a>(attrs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attrs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Sizes, colours, alignments, languages: short and without anything that could be more.
fn plain_value(given: &str) -> String {
    let allowed = |c: char| {
        c.is_alphanumeric() || matches!(c, ' ' | '#' | '%' | '.' | ',' | '-' | '_' | '+' | '*')
    };
    let given = given.trim();
    if given.len() <= 100 && given.chars().all(allowed) { given.to_owned() } else { String::new() }
}

fn is_hidden(attrs: &[(String, String)], element: &Element) -> bool {
    let style = element.attr("style").unwrap_or_default();
    let is = |name: &str, hidden: &str| {
        css::value_of(style, name).is_some_and(|value| {
            value.trim_end_matches("!important").trim().eq_ignore_ascii_case(hidden)
        })
    };
    value(attrs, "hidden").is_some()
        || is("display", "none")
        || is("visibility", "hidden")
        || is("opacity", "0")
        || ["max-height", "max-width", "height", "width"]
            .iter()
            .any(|name| is(name, "0") || is(name, "0px"))
}

/// Two pixels or less in both directions, or in the only one that is given.
fn is_tiny(attrs: &[(String, String)], element: &Element) -> bool {
    let style = element.attr("style").unwrap_or_default();
    let size = |name: &str| {
        let given = css::value_of(style, name).or_else(|| value(attrs, name))?;
        given
            .trim()
            .trim_end_matches("!important")
            .trim()
            .trim_end_matches("px")
            .trim()
            .parse::<f32>()
            .ok()
    };
    match (size("width"), size("height")) {
        (Some(width), Some(height)) => {
            width <= 2.0 && height <= 2.0 || width <= 0.0 || height <= 0.0
        }
        (Some(only), None) | (None, Some(only)) => only <= 2.0,
        (None, None) => false,
    }
}
