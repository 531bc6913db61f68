//! Bodies on disk: sources and texts compressed with a dictionary, attachments as files named by their hash.
//!
//! Invariant: unpacking gives the source back byte for byte; what cannot be given back that way is not taken
//! apart.

mod blobs;
mod dictionary;
mod layout;
mod packer;

pub(crate) use dictionary::{SAMPLES, Trained, train};
pub use packer::{PackedBody, Packer};
