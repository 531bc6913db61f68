//! A kept source, its parts found once: the pieces of its body and its files, for whoever shows or saves them.
//!
//! The text given here is the sender's, unsafe as it came; whoever shows it sanitises it first.

use std::borrow::Cow;

use deskbell_domain::ingested::Attachment;

use super::body::{self, Bodies};
use super::file::shown_html;
use super::head::Head;
use super::mime::{self, Part};
use super::{attachment, header, word};

/// A message's source with its parts found.
pub struct Opened<'a> {
    source: &'a [u8],
    parts: Vec<Part>,
    bodies: Bodies,
}

/// One piece of the body; a body has several where files or a list's footer stand between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// HTML as it came. UNSAFE.
    Html(String),
    /// Plain text as it came.
    Plain {
        /// The characters.
        text: String,
        /// Lines that end in a space go on in the next (`format=flowed`, RFC 3676).
        flowed: bool,
        /// That space goes as well (`DelSp=yes`).
        del_sp: bool,
    },
}

impl<'a> Opened<'a> {
    /// Finds the parts of a source.
    pub fn new(source: &'a [u8]) -> Self {
        let parts = mime::parts(source);
        let bodies = body::bodies(&parts);
        Self { source, parts, bodies }
    }

    /// The decoded subject; empty where there is none.
    pub fn subject(&self) -> String {
        let head = Head::read(header::split(self.source).0);
        let charset = head.charset();
        head.subject.map(|value| word::decode(value, charset.as_deref())).unwrap_or_default()
    }

    /// The body in order: of forms that say the same the HTML one if `html`, else the plain one, and the
    /// other where that one is missing.
    pub fn pieces(&self, html: bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for choice in &self.bodies.list {
            let as_html = !choice.html.is_empty() && (html || choice.plain.is_empty());
            let indexes = if as_html { &choice.html } else { &choice.plain };
            for part in indexes.iter().filter_map(|index| self.parts.get(*index)) {
                let text = body::decoded(self.source, part).into_owned();
                let says = |name: &str, wanted: &str| {
                    part.media.parameter(name).is_some_and(|is| is.eq_ignore_ascii_case(wanted))
                };
                // Some programs send HTML under the name of plain text.
                let start = body::clip_bytes(text.trim_start(), 14).to_ascii_lowercase();
                let mislabelled = start.starts_with("<html") || start.starts_with("<!doctype html");
                pieces.push(if as_html || mislabelled {
                    Piece::Html(text)
                } else {
                    Piece::Plain {
                        text,
                        flowed: says("format", "flowed"),
                        del_sp: says("delsp", "yes"),
                    }
                });
            }
        }
        pieces
    }

    /// The attachments, as the store lists them.
    pub fn attachments(&self) -> Vec<Attachment> {
        let html = shown_html(self.source, &self.parts, &self.bodies);
        attachment::list(self.source, &self.parts, &self.bodies, &html)
    }

    /// The bytes of the part with this Content-ID, given without brackets; at most `limit` of them.
    pub fn by_content_id(&self, id: &str, limit: usize) -> Option<Cow<'a, [u8]>> {
        let part = self.parts.iter().find(|part| {
            part.content_id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id))
        })?;
        Some(part.transfer.decode(part.body_of(self.source), limit))
    }
}
