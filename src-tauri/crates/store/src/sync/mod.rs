//! Writing what a provider says and what a person does, so that both stay true.
//!
//! `location` holds the provider's truth, `outbox` what a person did since; [`effective`] lays one over the
//! other into `message`, from which `conversation` and its lists are derived. Every function here leaves all
//! of them consistent when its transaction commits.

mod apply;
mod bodies;
mod cleanup;
pub mod draft;
mod edit;
mod effective;
pub mod fate;
pub mod label;
pub mod outgoing;
mod owner;
mod prepare;
pub mod rest;
pub mod rules;
pub mod snooze;
pub mod transit;

pub use apply::apply;
pub use bodies::{MissingBody, bodies_missing, body_unavailable, copies, source, text};
pub use cleanup::{close_round, empty_scope, erase, sweep_blobs};
pub use edit::{edit, edit_accepted, edit_rejected, new_group, undo};
pub use owner::set_owner;
pub use prepare::{PreparedPage, prepare};

#[cfg(test)]
pub(crate) mod plans {
    //! The statements whose plans are held fast in `queries/plans.rs`.
    pub(crate) use super::bodies::{COPIES, MISSING};
}
