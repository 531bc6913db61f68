//! Stories of the IMAP provider against a real Dovecot and against servers that misbehave.

mod support;

mod conformance;
mod first_light;
