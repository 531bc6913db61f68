//! Stories of the IMAP provider against a real Dovecot and against servers that misbehave.

mod support;

mod certificates;
mod changes;
mod compression;
mod conformance;
mod copies;
mod edits;
mod first_light;
mod gmail;
mod interleaving;
mod kept;
mod keywords;
mod misbehaviour;
mod sharing;
mod sign_in;
mod tokens;
mod watching;
mod window;
