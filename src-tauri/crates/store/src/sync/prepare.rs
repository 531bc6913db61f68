//! The part of storing a page that needs no transaction: compressing, writing attachments.

use std::collections::HashMap;

use deskbell_domain::ingested::{IngestedChange, IngestedPage};

use crate::body::Trained;
use crate::{PackedBody, Packer, StoreError};

/// A page with its bodies packed.
#[derive(Debug)]
pub struct PreparedPage {
    pub(crate) page: IngestedPage,
    /// By index into the page's changes.
    pub(crate) packed: HashMap<usize, PackedBody>,
    /// A compression dictionary trained on what was seen so far.
    pub(crate) dictionary: Option<Trained>,
}

/// Packs the bodies of a page. Takes processor time and writes files: call it where blocking is allowed.
pub fn prepare(packer: &Packer, page: IngestedPage) -> Result<PreparedPage, StoreError> {
    let mut packed = HashMap::new();
    let mut dictionary = None;
    for (index, change) in page.changes.iter().enumerate() {
        let IngestedChange::Message(message) = change else { continue };
        let Some(body) = &message.body else { continue };
        packed.insert(index, packer.pack(&body.source, &body.text)?);
        dictionary = dictionary.or_else(|| packer.offer_sample(&body.source));
    }
    Ok(PreparedPage { page, packed, dictionary })
}
