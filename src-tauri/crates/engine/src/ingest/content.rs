//! Reading a kept source again: the body as a person sees it, and single files out of it.
//!
//! The HTML given here is the sender's, unsafe as it came; whoever shows it sanitises it first.

use deskbell_domain::ingested::Attachment;

use super::attachment;
use super::body::{self, Bodies};
use super::mime::{self, Part};

/// A message's body, for showing.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// The sender's HTML where the message has any, plain parts between it turned into HTML. UNSAFE.
    pub html: Option<String>,
    /// The text; HTML turned into text where there is nothing else.
    pub text: String,
    /// The first words, as in the list.
    pub preview: String,
    /// Attachments, in the order of the parts.
    pub attachments: Vec<Attachment>,
}

/// A file taken out of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, safe to save under.
    pub name: String,
    /// Media type, lower case, as the message claims it.
    pub media_type: String,
    /// Its bytes, transfer encoding undone.
    pub bytes: Vec<u8>,
}

/// Reads the body of a kept source.
pub fn content(source: &[u8]) -> Content {
    let parts = mime::parts(source);
    let bodies = body::bodies(&parts);
    let html = shown_html(source, &parts, &bodies);
    let attachments = attachment::list(source, &parts, &bodies, &html);
    let (text, preview) = body::text(source, &parts, &bodies.list);
    let has_html = bodies.list.iter().any(|choice| !choice.html.is_empty());
    Content {
        html: has_html.then(|| joined_html(source, &parts, &bodies)),
        text,
        preview,
        attachments,
    }
}

/// Takes one part out of a kept source, by [`Attachment::part`]; `None` where there is no such part.
pub fn file(source: &[u8], part: u32) -> Option<File> {
    let index = usize::try_from(part).ok()?;
    let parts = mime::parts(source);
    let part = parts.get(index).filter(|part| !part.is_multipart())?;
    Some(File {
        name: attachment::name(source, index, part),
        media_type: attachment::media_type(part),
        bytes: part.transfer.decode(part.body_of(source), usize::MAX).into_owned(),
    })
}

/// The HTML parts of the body, where a part might be shown inside them.
pub(super) fn shown_html(source: &[u8], parts: &[Part], bodies: &Bodies) -> Vec<String> {
    if parts.iter().all(|part| part.content_id.is_none()) {
        return Vec::new();
    }
    let html = bodies.list.iter().flat_map(|choice| &choice.html);
    html.filter_map(|index| parts.get(*index))
        .map(|part| body::decoded(source, part).into_owned())
        .collect()
}

fn joined_html(source: &[u8], parts: &[Part], bodies: &Bodies) -> String {
    let mut html = String::new();
    for choice in &bodies.list {
        for part in choice.html.iter().filter_map(|index| parts.get(*index)) {
            html.push_str(&body::decoded(source, part));
        }
        if !choice.html.is_empty() {
            continue;
        }
        for part in choice.plain.iter().filter_map(|index| parts.get(*index)) {
            html.push_str("<div style=\"white-space: pre-wrap\">");
            for c in body::plain_text(source, part).chars() {
                match c {
                    '<' => html.push_str("&lt;"),
                    '&' => html.push_str("&amp;"),
                    c => html.push(c),
                }
            }
            html.push_str("</div>");
        }
    }
    html
}
