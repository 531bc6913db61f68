//! Writing: what may stand in a message, what an answer begins with, what to look at before it leaves.
//!
//! Building the source and the rules of answering are the engine's; this is their window's side.

mod check;
mod clean;
mod quote;

pub(crate) use check::warnings;
pub(crate) use clean::clean;
pub(crate) use quote::{Head, Quoted, forwarded, quoted, wrote};
