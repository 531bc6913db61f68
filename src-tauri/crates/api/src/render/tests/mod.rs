//! Rendering, told as stories: hostile markup, limits, images, folding, plain text, files.
//! What is asserted of markup is asserted of the rendered document parsed anew, never of its text alone.

mod files;
mod folding;
mod hostile;
mod images;
mod limits;
mod mutation;
mod plain;

use super::dom::{self, Data};
use super::*;

/// A complete mail around one HTML text.
pub(super) fn html_mail(html: &str) -> Vec<u8> {
    mail("Price list", "text/html; charset=utf-8", html)
}

/// A complete mail with one text part.
pub(super) fn mail(subject: &str, content_type: &str, text: &str) -> Vec<u8> {
    let head = "From: Mara Voss <mara@studio.example>\r\nTo: desk@salon.example\r\n";
    let kind = format!("MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n");
    format!("{head}Subject: {subject}\r\n{kind}Content-Transfer-Encoding: 8bit\r\n\r\n{text}")
        .into_bytes()
}

/// Options as the window sends them, remote images blocked.
pub(super) fn options() -> RenderOptions {
    RenderOptions {
        theme: Theme::Dark,
        remote_images: RemoteImages::Blocked,
        words: Words {
            show_quoted: "Show quoted text".to_owned(),
            cut: "This message was cut.".to_owned(),
        },
    }
}

pub(super) fn render_html(html: &str) -> Rendered {
    render(&html_mail(html), &options())
}

/// The document from `<body>` on.
pub(super) fn body_of(rendered: &Rendered) -> &str {
    let (_, body) = rendered.document.split_once("<body>").expect("a body");
    body.strip_suffix("</body></html>").expect("the end of the document")
}

/// The visible words of a document.
pub(super) fn words_of(document: &str) -> String {
    let dom = dom::parse(document);
    let mut words = String::new();
    collect_words(&dom, 0, &mut words);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn collect_words(dom: &dom::Dom, id: usize, words: &mut String) {
    let node = &dom.nodes[id];
    match &node.data {
        Data::Text(text) => words.push_str(text),
        Data::Element(name, _) if matches!(&*name.local, "head" | "style") => return,
        Data::Element(name, _) if !matches!(&*name.local, "a" | "b" | "i" | "span") => {
            words.push(' ');
        }
        _ => {}
    }
    node.children.iter().for_each(|child| collect_words(dom, *child, words));
}

/// The rule every rendered document obeys: nothing in it can run, load, submit or navigate by itself.
pub(super) fn violations(document: &str) -> Vec<String> {
    let dom = dom::parse(document);
    let mut found = Vec::new();
    if dom.cut {
        found.push("the document is longer than what is checked".to_owned());
    }
    check(&dom, 0, "", &mut found);
    found
}

const SKELETON: &[&str] = &["html", "head", "body", "meta", "details", "summary"];

fn check(dom: &dom::Dom, id: usize, parent: &str, found: &mut Vec<String>) {
    let node = &dom.nodes[id];
    let mut here = parent.to_owned();
    match &node.data {
        Data::Root => {}
        Data::Other => found.push("a comment or an instruction".to_owned()),
        Data::Text(text) if parent == "style" => check_css(text, found),
        Data::Text(_) => {}
        Data::Element(name, attrs) => {
            here = name.local.to_string();
            if name.ns != html5ever::ns!(html) {
                found.push(format!("<{here}> of another namespace"));
            }
            let framed = here == "style" && parent == "head" || SKELETON.contains(&here.as_str());
            if !framed && !allow::KEPT.contains(&here.as_str()) {
                found.push(format!("<{here}> in <{parent}>"));
            }
            if here == "meta" && parent != "head" {
                found.push("<meta> outside the head".to_owned());
            }
            attrs.iter().for_each(|(name, value)| check_attribute(&here, name, value, found));
        }
    }
    node.children.iter().for_each(|child| check(dom, *child, &here, found));
}

fn check_attribute(element: &str, name: &str, value: &str, found: &mut Vec<String>) {
    let lower = value.trim().to_ascii_lowercase();
    let fine = match (element, name) {
        ("meta", "charset" | "http-equiv" | "content" | "name") => {
            !lower.contains("url=") && lower != "refresh"
        }
        ("a", "href") => ["http://", "https://", "mailto:", "tel:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme)),
        ("a", "target") => value == "_blank",
        ("a", "rel") => value == "noopener noreferrer",
        ("img", "src") => gate::is_raster_url(value),
        ("details", "open") => true,
        (_, "style") => {
            check_css(value, found);
            true
        }
        _ => allow::ATTRIBUTES.contains(&name) && !name.starts_with("on"),
    };
    if !fine {
        found.push(format!("{name}={value:?} on <{element}>"));
    }
}

fn check_css(css: &str, found: &mut Vec<String>) {
    let lower = css.to_ascii_lowercase();
    let forbidden = [
        "@import",
        "@font-face",
        "@charset",
        "@namespace",
        "expression(",
        "behavior",
        "-moz-binding",
        "javascript:",
        "image-set",
        "position:",
        "http:",
        "https:",
        "//",
        "src(",
        "content:",
        "z-index",
        "<",
    ];
    for bad in forbidden {
        if lower.contains(bad) {
            found.push(format!("{bad} in the style {css:?}"));
        }
    }
    if !gate::is_inert_style(css) {
        found.push(format!("a style that loads: {css:?}"));
    }
}

/// Renders and asserts that the document is inert in every mode.
pub(super) fn assert_inert(html: &str) -> Rendered {
    let rendered = render_html(html);
    let found = violations(&rendered.document);
    assert!(found.is_empty(), "{found:?}\nfrom {html:?}\nin {}", body_of(&rendered));
    let body = body_of(&rendered);
    assert_eq!(gate::pass(body), body, "a second cleaning must change nothing, from {html:?}");
    rendered
}
