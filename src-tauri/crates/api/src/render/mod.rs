//! Mail made safe to look at: a message's source becomes one HTML document for a sandboxed frame, or plain text.
//!
//! Pure: nothing is fetched or stored. The way of a body is always the same, plain text included:
//! parse within bounds ([`dom`]) → keep what is on the list ([`allow`], [`clean`], [`css`], [`image`], [`link`]) → fold quotes
//! ([`fold`]) → write → ammonia until nothing changes ([`gate`]) → document with its own policy ([`frame`]).
//! Fetching allowed remote images and opening links are the caller's.

mod allow;
mod clean;
mod css;
mod dom;
mod fold;
mod frame;
mod gate;
mod image;
mod link;
mod rewrap;
mod text;
mod tree;

#[cfg(test)]
mod tests;

use deskbell_domain::ingested::Attachment;
use deskbell_engine::ingest::{self, Opened, Piece};

pub(crate) use image::raster_type;
pub use image::{FetchedImages, may_fetch};
pub use link::Link;

use clean::Cleaner;
use image::Images;
use tree::{Element, Node, escape, is_empty, serialize};

/// Room for walking trees by recursion: their depth is bounded, but not by what a worker's stack holds.
const STACK: usize = 16 * 1024 * 1024;

/// How the frame shall look and what it may show.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    /// The window's colours.
    pub theme: Theme,
    /// What becomes of images on other servers.
    pub remote_images: RemoteImages,
    /// The words the frame shows.
    pub words: Words,
}

/// The window's colours; a mail with colours of its own is shown on white in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What becomes of images on other servers.
#[derive(Clone, Debug)]
pub enum RemoteImages {
    /// None is shown.
    Blocked,
    /// Those that were fetched are shown: URL as listed by [`remote_images`] to a base64 `data:` URL.
    Allowed(FetchedImages),
}

/// Words the frame shows, from the window's locale.
#[derive(Clone, Debug)]
pub struct Words {
    /// Summary of folded quoted text.
    pub show_quoted: String,
    /// Note below a message that was cut.
    pub cut: String,
}

/// A message, ready for its frame.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// A complete HTML document for the `srcdoc` of a sandboxed frame; its body is empty where the message has no text.
    pub document: String,
    /// Whether the message has anything to show.
    pub is_empty: bool,
    /// Quoted text is folded away.
    pub quoted_folded: bool,
    /// The message was too long or too tangled to show in full; a note says so.
    pub cut: bool,
    /// Images on other servers that could be loaded and are not shown.
    pub remote_images: u32,
    /// From how many servers they would come.
    pub remote_hosts: u32,
    /// Hidden or tiny remote images; never loaded.
    pub trackers: u32,
    /// Other remote references (fonts, sheets, films, frames); never loaded.
    pub remote_refused: u32,
    /// Links in order of appearance.
    pub links: Vec<Link>,
    /// Files in the order of their parts; `inline` only where the text does show them, so that none is out of sight.
    pub attachments: Vec<Attachment>,
}

/// Renders a message source (RFC 5322) for the window. Never fails: what cannot be read is left out and said so.
pub fn render(source: &[u8], options: &RenderOptions) -> Rendered {
    on_deep_stack(|| render_message(&Opened::new(source), options))
        .unwrap_or_else(|| unreadable(options))
}

/// Lists the remote images of a message that loading them would fetch: http and https, public hosts, no trackers.
pub fn remote_images(source: &[u8]) -> Vec<String> {
    on_deep_stack(|| {
        let message = Opened::new(source);
        let mut cleaner = Cleaner::new(Images::new(&message, &RemoteImages::Blocked));
        body(&message, &mut cleaner);
        cleaner.images.remote_urls
    })
    .unwrap_or_default()
}

/// The text of a message for a terminal: its plain form, or its HTML as text wrapped at 80 columns.
pub fn plain(source: &[u8]) -> String {
    on_deep_stack(|| {
        let message = Opened::new(source);
        let mut words = String::new();
        let mut only_html = false;
        for piece in message.pieces(false) {
            match piece {
                Piece::Html(_) => only_html = true,
                Piece::Plain { text, .. } => {
                    words.push_str(&text.replace("\r\n", "\n"));
                    words.push('\n');
                }
            }
        }
        if !only_html && !tree::is_blank(&words) {
            return words;
        }
        let mut cleaner = Cleaner::new(Images::new(&message, &RemoteImages::Blocked));
        let (nodes, _) = body(&message, &mut cleaner);
        let mut html = String::new();
        serialize(&nodes, &mut html);
        html2text::config::plain().string_from_read(html.as_bytes(), 80).unwrap_or(words)
    })
    .unwrap_or_default()
}

/// Plain text as HTML, not cleaned yet; see [`text`].
pub(crate) fn plain_to_html(text: &str, flowed: bool, del_sp: bool) -> String {
    text::to_html(text, flowed, del_sp)
}

/// One file of a message: name without any path, media type, decoded bytes. `part` as in [`Attachment::part`].
pub fn attachment(source: &[u8], part: u32) -> Option<(String, String, Vec<u8>)> {
    ingest::file(source, part).map(|file| (file.name, file.media_type, file.bytes))
}

/// Runs on a thread of its own: deep input cannot exhaust the caller's stack, and a fault in a parser stays there.
pub(crate) fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("render".to_owned()).stack_size(STACK);
        thread.spawn_scoped(scope, work).ok()?.join().ok()
    })
}

/// The cleaned text of a message, HTML where that says anything; and whether something was cut.
fn body(message: &Opened<'_>, cleaner: &mut Cleaner<'_>) -> (Vec<Node>, bool) {
    let mut nodes = Vec::new();
    let mut cut = false;
    for html in [true, false] {
        for piece in message.pieces(html) {
            let markup = match piece {
                Piece::Html(markup) => markup,
                Piece::Plain { text, flowed, del_sp } => {
                    let (text, rest) = dom::split_at_char(&text, dom::MAX_BYTES / 2);
                    cut |= !rest.is_empty();
                    text::to_html(text, flowed, del_sp)
                }
            };
            let dom = dom::parse(&markup);
            cut |= dom.cut;
            nodes.extend(cleaner.clean(&dom));
        }
        if !is_empty(&nodes) {
            break;
        }
    }
    (nodes, cut)
}

fn render_message(message: &Opened<'_>, options: &RenderOptions) -> Rendered {
    let mut cleaner = Cleaner::new(Images::new(message, &options.remote_images));
    let (mut nodes, cut) = body(message, &mut cleaner);
    let is_empty = is_empty(&nodes);
    let forwarded = fold::is_forward_subject(&message.subject());
    let quoted_folded = fold::fold(&mut nodes, &options.words.show_quoted, forwarded);
    if cut {
        let mut note = Element::new("p").with("class", "db-cut");
        note.children.push(Node::Text(options.words.cut.clone()));
        nodes.push(Node::Element(note));
    }
    let mut markup = String::new();
    serialize(&nodes, &mut markup);
    let settled = gate::settle(&markup).unwrap_or_else(|| as_text(&nodes));
    let counts = cleaner.images.counts();
    let document = frame::document(&settled, &cleaner.sheets, cleaner.colored, options.theme);
    Rendered {
        document: cleaner.images.fill(&document),
        is_empty,
        quoted_folded,
        cut,
        remote_images: counts.blocked,
        remote_hosts: counts.hosts,
        trackers: counts.trackers,
        remote_refused: counts.refused,
        links: cleaner.links,
        attachments: files(message, &cleaner.images),
    }
}

fn files(message: &Opened<'_>, images: &Images<'_>) -> Vec<Attachment> {
    let mut files = message.attachments();
    for file in &mut files {
        file.inline = file
            .content_id
            .as_deref()
            .is_some_and(|id| images.shown.contains(&id.to_ascii_lowercase()));
    }
    files
}

/// What is shown of markup that will not settle: its words.
fn as_text(nodes: &[Node]) -> String {
    let mut words = String::new();
    tree::text_of(nodes, dom::MAX_BYTES, &mut words);
    let mut out = String::from("<div style=\"white-space:pre-wrap\">");
    escape(&words, &mut out);
    out.push_str("</div>");
    out
}

fn unreadable(options: &RenderOptions) -> Rendered {
    Rendered {
        document: frame::document("", "", false, options.theme),
        is_empty: true,
        quoted_folded: false,
        cut: false,
        remote_images: 0,
        remote_hosts: 0,
        trackers: 0,
        remote_refused: 0,
        links: Vec::new(),
        attachments: Vec::new(),
    }
}
