//! The last gate: ammonia over the finished body, with an allow-list of its own, until a second pass changes nothing.
//!
//! A body that a second parse reads differently is how mutation attacks hide markup. Such a body is not shown as HTML.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::allow::{ATTRIBUTES, KEPT};

/// Passes after which a body that still changes is given up.
const ROUNDS: usize = 4;

static GATE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut gate = Builder::empty();
    gate.tags(KEPT.iter().copied().chain(["details", "summary"]).collect())
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template", "title", "textarea", "noscript",
            "iframe", "object",
        ]))
        .generic_attributes(ATTRIBUTES.iter().copied().collect())
        .add_tag_attributes("a", ["href", "target", "rel"])
        .add_tag_attributes("img", ["src"])
        .add_tag_attributes("details", ["open"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "data"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(|element, attribute, value| {
            let keep = match (element, attribute) {
                ("a", "href") => super::link::safe_target(value).is_some(),
                (_, "src") => is_raster_url(value),
                (_, "style") => is_inert_style(value),
                _ => true,
            };
            keep.then_some(Cow::Borrowed(value))
        });
    gate
});

/// The body as a fixed point of parsing and cleaning; `None` where it does not settle.
pub(super) fn settle(body: &str) -> Option<String> {
    let mut current = pass(body);
    for _ in 1..ROUNDS {
        let next = pass(&current);
        if next == current {
            return Some(current);
        }
        current = next;
    }
    None
}

/// One pass of the gate.
pub(super) fn pass(body: &str) -> String {
    GATE.clean(body).to_string()
}

/// A base64 `data:` URL of one of the four raster types.
pub(super) fn is_raster_url(value: &str) -> bool {
    ["png", "jpeg", "gif", "webp"].iter().any(|kind| {
        value
            .strip_prefix("data:image/")
            .and_then(|rest| rest.strip_prefix(kind))
            .and_then(|rest| rest.strip_prefix(";base64,"))
            .is_some_and(|body| {
                body.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
            })
    })
}

/// True where every `url(` is a raster `data:` URL and nothing else could load or run.
pub(super) fn is_inert_style(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let mut parts = value.split("url(");
    let before = parts.next().unwrap_or_default();
    let loads = parts.any(|part| {
        !part.split_once(')').is_some_and(|(url, _)| is_raster_url(url.trim_matches('\'')))
    });
    !loads
        && lower.matches("url(").count() == value.matches("url(").count()
        && !before.contains('\\')
        && ![
            "expression",
            "javascript:",
            "behavior",
            "-moz-binding",
            "@import",
            "image-set",
            "http:",
            "https:",
            "<",
        ]
        .iter()
        .any(|bad| lower.contains(bad))
}
