//! Signing in and staying signed in, against a provider that is played.

mod keeping;
mod microsoft;
mod page;
mod signing_in;
pub(crate) mod support;
