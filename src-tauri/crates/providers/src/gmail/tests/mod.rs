//! Gmail against its fake.

mod conformance;
mod listing;
mod misbehaviour;
mod quota;
mod sending;
mod support;
mod watching;
mod window;
