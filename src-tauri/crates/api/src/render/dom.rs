//! Parses untrusted HTML into an arena, with time, memory and depth bounded whatever the input.
//!
//! Three things make an HTML5 parser explode, and each is stopped here: nesting (every tag scans the stack of open
//! elements), misnested formatting (every paragraph clones the open formatting elements) and thousands of attributes
//! on one tag (each is compared with all before it). What is past a limit is cut and [`Dom::cut`] says so.
//! Nothing here decides what is safe: see [`super::clean`] and [`super::gate`].

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, QualName, TokenizerResult, ns};

/// Most bytes of one HTML part that are read.
pub(super) const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Most nodes kept; a heavy newsletter has about five thousand.
const MAX_NODES: usize = 150_000;
/// Start tags deeper than this are passed over, their text stays.
const MAX_DEPTH: u32 = 200;
/// Tags that hold no others in HTML; in SVG some of them do, so they too have a limit.
const NEVER_NESTS: &[&str] =
    &["br", "img", "hr", "wbr", "p", "style", "script", "textarea", "title"];
/// Separators (spaces, slashes) one tag may hold: more means an attribute flood.
const MAX_TAG_SEPARATORS: usize = 50_000;
/// Bytes handed to the parser between two looks at the node count.
const CHUNK: usize = 1024;

/// What a node is.
pub(super) enum Data {
    Root,
    Text(String),
    /// Local name, whether it is an HTML element (not SVG or MathML), attributes.
    Element(Rc<QualName>, Vec<(String, String)>),
    /// Comments and processing instructions.
    Other,
}

/// One node of the arena.
pub(super) struct DomNode {
    pub(super) data: Data,
    pub(super) children: Vec<usize>,
    parent: Option<usize>,
    depth: u32,
}

/// A parsed document; node 0 is its root.
pub(super) struct Dom {
    pub(super) nodes: Vec<DomNode>,
    /// Part of the input was left out.
    pub(super) cut: bool,
}

/// Parses a whole HTML document. Scripting is off, as in the frame: `noscript` has children here and there.
pub(super) fn parse(text: &str) -> Dom {
    let (text, mut cut) = cap(text);
    let options = TreeBuilderOpts {
        scripting_enabled: false,
        iframe_srcdoc: true,
        drop_doctype: true,
        ..TreeBuilderOpts::default()
    };
    let sink = Sink::default();
    sink.create(Data::Root, None);
    let limiter = Limiter { builder: TreeBuilder::new(sink, options) };
    let tokenizer = Tokenizer::new(limiter, TokenizerOpts::default());
    let input = BufferQueue::default();
    let mut rest = text;
    while !rest.is_empty() {
        if tokenizer.sink.builder.sink.nodes.borrow().len() > MAX_NODES {
            cut = true;
            break;
        }
        let (chunk, tail) = split_at_char(rest, CHUNK);
        rest = tail;
        input.push_back(StrTendril::from(chunk));
        // A script or an encoding hint only pauses the tokenizer; neither is obeyed.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    }
    tokenizer.end();
    let nodes = tokenizer.sink.builder.sink.nodes.take();
    Dom { nodes, cut }
}

fn cap(text: &str) -> (&str, bool) {
    let (head, tail) = split_at_char(text, MAX_BYTES);
    match attribute_flood(head) {
        Some(at) => (split_at_char(head, at).0, true),
        None => (head, !tail.is_empty()),
    }
}

/// Splits at `at` bytes or a little before, where a character ends.
pub(super) fn split_at_char(text: &str, at: usize) -> (&str, &str) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Where a tag with an absurd number of attributes begins.
fn attribute_flood(text: &str) -> Option<usize> {
    let mut tag_start = None;
    let mut separators = 0;
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'<' if tag_start.is_none()
                && bytes
                    .peek()
                    .is_some_and(|(_, next)| next.is_ascii_alphabetic() || *next == b'/') =>
            {
                tag_start = Some(at);
                separators = 0;
            }
            b'>' => tag_start = None,
            b' ' | b'\t' | b'\n' | b'\x0c' | b'\r' | b'/' | b'"' | b'\'' if tag_start.is_some() => {
                separators += 1;
                if separators > MAX_TAG_SEPARATORS {
                    return tag_start;
                }
            }
            _ => {}
        }
    }
    None
}

/// Stands between tokenizer and tree builder and passes over start tags that would nest too deep.
struct Limiter {
    builder: TreeBuilder<Handle, Sink>,
}

impl TokenSink for Limiter {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if let Token::TagToken(tag) = &token
            && tag.kind == TagKind::StartTag
            && self.builder.sink.depth.get() >= MAX_DEPTH
            && (self.builder.sink.depth.get() > 2 * MAX_DEPTH || !NEVER_NESTS.contains(&&*tag.name))
        {
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Names travel with the handle so that the tree builder can borrow them without the arena.
#[derive(Clone)]
struct Handle {
    id: usize,
    name: Rc<QualName>,
    annotation_xml: bool,
}

#[derive(Default)]
struct Sink {
    nodes: RefCell<Vec<DomNode>>,
    /// Depth of the current node as far as the callbacks tell; corrected from the tree at every append.
    depth: Cell<u32>,
}

fn no_name() -> Rc<QualName> {
    Rc::new(QualName::new(None, ns!(), "".into()))
}

impl Sink {
    fn create(&self, data: Data, name: Option<Rc<QualName>>) -> Handle {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(DomNode { data, children: Vec::new(), parent: None, depth: 0 });
        Handle { id: nodes.len() - 1, name: name.unwrap_or_else(no_name), annotation_xml: false }
    }

    fn detach(nodes: &mut [DomNode], id: usize) {
        let Some(parent) = nodes.get_mut(id).and_then(|node| node.parent.take()) else { return };
        if let Some(parent) = nodes.get_mut(parent)
            && let Some(at) = parent.children.iter().rposition(|child| *child == id)
        {
            parent.children.remove(at);
        }
    }

    /// Inserts before the child `before` of `parent`, or at the end.
    fn insert(&self, parent: usize, before: Option<usize>, child: NodeOrText<Handle>) {
        let mut nodes = self.nodes.borrow_mut();
        let position = |nodes: &[DomNode]| {
            let children =
                nodes.get(parent).map(|node| node.children.as_slice()).unwrap_or_default();
            before
                .and_then(|id| children.iter().rposition(|child| *child == id))
                .unwrap_or(children.len())
        };
        match child {
            NodeOrText::AppendText(text) => {
                let at = position(&nodes);
                let previous =
                    at.checked_sub(1).and_then(|at| nodes.get(parent)?.children.get(at).copied());
                if let Some(DomNode { data: Data::Text(existing), .. }) =
                    previous.and_then(|id| nodes.get_mut(id))
                {
                    existing.push_str(&text);
                    return;
                }
                let depth = nodes.get(parent).map_or(0, |node| node.depth) + 1;
                nodes.push(DomNode {
                    data: Data::Text(text.to_string()),
                    children: Vec::new(),
                    parent: Some(parent),
                    depth,
                });
                let id = nodes.len() - 1;
                if let Some(node) = nodes.get_mut(parent) {
                    node.children.insert(at, id);
                }
            }
            NodeOrText::AppendNode(handle) => {
                Self::detach(&mut nodes, handle.id);
                let at = position(&nodes);
                let depth = nodes.get(parent).map_or(0, |node| node.depth) + 1;
                if let Some(node) = nodes.get_mut(handle.id) {
                    node.parent = Some(parent);
                    node.depth = depth;
                }
                if let Some(node) = nodes.get_mut(parent) {
                    node.children.insert(at, handle.id);
                }
                self.depth.set(depth);
            }
        }
    }

    fn parent_of(&self, handle: &Handle) -> Option<usize> {
        self.nodes.borrow().get(handle.id).and_then(|node| node.parent)
    }
}

fn pairs(attrs: Vec<Attribute>) -> Vec<(String, String)> {
    attrs.into_iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string())).collect()
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = &'a QualName;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { id: 0, name: no_name(), annotation_xml: false }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        &target.name
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let name = Rc::new(name);
        let mut handle = self.create(Data::Element(Rc::clone(&name), pairs(attrs)), Some(name));
        handle.annotation_xml = flags.mathml_annotation_xml_integration_point;
        handle
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.create(Data::Other, None)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.create(Data::Other, None)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.id, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        match self.parent_of(element) {
            Some(parent) => self.insert(parent, Some(element.id), child),
            None => self.insert(previous.id, None, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &Handle) {
        if let Some(node) = self.nodes.borrow().get(node.id) {
            self.depth.set(node.depth.saturating_sub(1));
        }
    }

    // A template's content lies in the template itself: the cleaner drops both.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let Some(parent) = self.parent_of(sibling) {
            self.insert(parent, Some(sibling.id), child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        if let Some(DomNode { data: Data::Element(_, existing), .. }) =
            self.nodes.borrow_mut().get_mut(target.id)
        {
            for (name, value) in pairs(attrs) {
                if !existing.iter().any(|(key, _)| *key == name) {
                    existing.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        Self::detach(&mut self.nodes.borrow_mut(), target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let moved = nodes
            .get_mut(node.id)
            .map(|node| std::mem::take(&mut node.children))
            .unwrap_or_default();
        let depth = nodes.get(new_parent.id).map_or(0, |node| node.depth) + 1;
        for id in &moved {
            if let Some(child) = nodes.get_mut(*id) {
                child.parent = Some(new_parent.id);
                child.depth = depth;
            }
        }
        if let Some(parent) = nodes.get_mut(new_parent.id) {
            parent.children.extend(moved);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        handle.annotation_xml
    }
}
