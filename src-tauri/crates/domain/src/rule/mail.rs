//! A message as rules see it.
//!
//! Invariant: everything words are looked for in is lowered, so that no rule has to ask twice.

use super::Field;
use crate::{AccountId, Channel, Millis};

pub(super) const FIELDS: usize = Field::EVERY.len();

/// A message as rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The account it came to.
    pub account: AccountId,
    /// How it came.
    pub channel: Channel,
    /// Its size in bytes.
    pub size: u64,
    /// Files are attached.
    pub attachment: bool,
    /// A list or a machine sent it.
    pub bulk: bool,
    /// It answers another message.
    pub reply: bool,
    /// Its author is no stranger.
    pub known: bool,
    /// When it says it was written, ms UTC.
    pub date: Millis,
    /// Its header fields, names and values lowered.
    pub(super) headers: Vec<(String, String)>,
    /// By field, lowered; a field may have several values.
    texts: [Vec<String>; FIELDS],
}

impl Mail {
    /// A message of which nothing is known but where it came.
    pub fn new(account: AccountId, channel: Channel) -> Self {
        Self {
            account,
            channel,
            size: 0,
            attachment: false,
            bulk: false,
            reply: false,
            known: false,
            date: 0,
            headers: Vec::new(),
            texts: Default::default(),
        }
    }

    /// Adds a value to a field; an empty one counts for nothing.
    pub fn add(&mut self, field: Field, value: &str) {
        if value.is_empty() {
            return;
        }
        if let Some(values) = self.texts.get_mut(field as usize) {
            values.push(value.to_lowercase());
        }
    }

    /// Adds a field of its header.
    pub fn add_header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_ascii_lowercase(), value.to_lowercase()));
    }

    pub(super) fn values(&self, field: usize) -> &[String] {
        self.texts.get(field).map_or(&[], Vec::as_slice)
    }
}
