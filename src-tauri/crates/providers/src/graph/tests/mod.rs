//! Microsoft Graph against its fake.

mod conformance;
mod deltas;
mod drafts;
mod edits;
mod misbehaviour;
mod sending;
mod support;
mod watching;
mod window;
