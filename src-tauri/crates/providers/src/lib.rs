//! The providers Deskbell speaks to, each behind the ports of the domain.
//!
//! Invariant: a provider folder imports no sibling; what they share is in `deskbell-domain`, and here in `net`.

pub mod archive;
#[cfg(test)]
mod conformance;
pub mod imap;
mod net;
pub mod smtp;
