//! What HTML of our own making may hold: what the composer's editor makes, and what of a quoted mail is worth
//! keeping. Nothing that runs, nothing that loads.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// Style properties that cannot load anything.
const STYLES: [&str; 26] = [
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "line-height",
    "margin",
    "margin-left",
    "max-width",
    "padding",
    "padding-left",
    "text-align",
    "text-decoration",
    "vertical-align",
    "width",
];

const TAGS: [&str; 43] = [
    "a",
    "b",
    "blockquote",
    "br",
    "caption",
    "center",
    "code",
    "col",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(TAGS).union(&HashSet::from(["ul", "del"])).copied().collect())
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template", "title", "textarea", "noscript",
            "iframe", "object",
        ]))
        .generic_attributes(HashSet::from(["style", "dir", "lang", "align"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("img", HashSet::from(["src", "alt", "width", "height"])),
            ("blockquote", HashSet::from(["type"])),
            ("div", HashSet::from(["data-signature", "data-quote"])),
            ("ol", HashSet::from(["start"])),
            ("td", HashSet::from(["colspan", "rowspan", "width", "valign", "bgcolor"])),
            ("th", HashSet::from(["colspan", "rowspan", "width", "valign", "bgcolor"])),
            ("table", HashSet::from(["border", "cellpadding", "cellspacing", "width", "bgcolor"])),
            ("font", HashSet::from(["color", "size", "face"])),
        ]))
        .filter_style_properties(HashSet::from(STYLES))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(|element, attribute, value| {
            let keep = match (element, attribute) {
                // An image comes along with the message or not at all: one on a server would tell who reads.
                ("img", "src") => value.starts_with("cid:"),
                ("a", "href") => !value.starts_with("cid:"),
                (_, "style") => {
                    !value.to_ascii_lowercase().contains("url(") && !value.contains('\\')
                }
                _ => true,
            };
            keep.then_some(Cow::Borrowed(value))
        });
    cleaner
});

/// The HTML without anything that runs or loads. What is clean already stays as it is.
pub fn clean(html: &str) -> String {
    let html = html.replace('\0', "");
    without_lost_images(&CLEANER.clean(&html).to_string())
}

/// Takes out images that have no source any more.
fn without_lost_images(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<img") {
        out.push_str(before);
        let Some((tag, behind)) = after.split_once('>') else {
            rest = after;
            continue;
        };
        if tag.contains(" src=\"cid:") {
            out.push_str("<img");
            out.push_str(tag);
            out.push('>');
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_editor_makes_stays_as_it_is() {
        for html in [
            "<p>Hello <strong>Mara</strong>, <em>see</em> <u>you</u> <s>soon</s></p>",
            "<ul><li><p>one</p></li></ul><ol start=\"3\"><li><p>three</p></li></ol>",
            "<blockquote type=\"cite\"><p>quoted</p></blockquote><hr>",
            "<p><a href=\"https://x.example/?a=1&amp;b=2\">book</a></p>",
            "<p><img src=\"cid:logo@x\" alt=\"Logo\"></p>",
            "<div data-signature=\"7\"><p>Studio</p></div><div data-quote=\"\"><p>old</p></div>",
            "<pre><code>let a = 1 &lt; 2;</code></pre><h1>Big</h1>",
        ] {
            assert_eq!(clean(html), html);
        }
    }

    #[test]
    fn nothing_that_runs_or_loads_stays() {
        for (html, cleaned) in [
            ("<p onclick=\"x()\">a</p><script>x()</script>", "<p>a</p>"),
            ("<a href=\"javascript:x()\">a</a>", "<a>a</a>"),
            ("<img src=\"https://t.example/p.gif\" alt=\"x\">b", "b"),
            ("<img src=\"data:image/svg+xml;base64,AA\">b", "b"),
            ("<p style=\"background:url(https://t.example)\">a</p>", "<p>a</p>"),
            (
                "<div style=\"color: red; position: fixed\">a</div>",
                "<div style=\"color:red\">a</div>",
            ),
            ("<iframe src=\"https://t.example\">x</iframe>a", "a"),
            ("<form><input name=a>b</form>", "b"),
        ] {
            assert_eq!(clean(html), cleaned, "{html}");
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing() {
        let html = "<div><p>a<p>b<table><tr><td>c</div><math><mi><img src=x onerror=y>";
        let once = clean(html);
        assert_eq!(clean(&once), once);
    }
}
