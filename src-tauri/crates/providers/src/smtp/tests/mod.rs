//! Stories of sending: against a server that misbehaves on demand, and against a real one.

mod connections;
mod envelopes;
mod fates;
mod finding;
mod real;
mod sign_in;
mod support;
