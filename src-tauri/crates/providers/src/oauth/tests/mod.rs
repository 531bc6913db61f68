//! Signing in and staying signed in, against a provider that is played.

mod keeping;
mod signing_in;
mod support;
