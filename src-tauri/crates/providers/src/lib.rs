//! The providers Deskbell speaks to, each behind the ports of the domain.
//!
//! Invariant: a provider folder imports no sibling; what they share is in `deskbell-domain`, and here in `net`,
//! `http` and `attention`.

pub mod archive;
mod attention;
#[cfg(test)]
mod conformance;
pub mod discover;
pub mod gmail;
pub mod graph;
mod http;
pub mod imap;
mod net;
pub mod oauth;
pub mod pictures;
pub mod resend;
pub mod sendgrid;
pub mod smtp;
