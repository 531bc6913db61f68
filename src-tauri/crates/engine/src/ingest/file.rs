//! Single files out of a kept source.

use super::attachment;
use super::body::{self, Bodies};
use super::mime::{self, Part};

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

/// Takes one part out of a kept source, by its index as the attachment states it; `None` where there is
/// no such part.
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

/// Reads one part of a kept source as text, its charset undone; index and absence as in [`file()`].
pub fn file_text(source: &[u8], part: u32) -> Option<String> {
    let index = usize::try_from(part).ok()?;
    let parts = mime::parts(source);
    let part = parts.get(index).filter(|part| !part.is_multipart())?;
    Some(body::decoded(source, part).into_owned())
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
