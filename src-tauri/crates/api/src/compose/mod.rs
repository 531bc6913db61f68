//! Writing: what may stand in a message, what an answer begins with, what to look at before it leaves.
//!
//! Building the source and the rules of answering are the engine's; this is their window's side.

mod check;
mod quote;

pub(crate) use check::{own_words, warnings};
pub(crate) use deskbell_engine::compose::clean;
pub(crate) use quote::{Head, Quoted, forwarded, quoted, wrote};
