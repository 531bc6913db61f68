//! Writing what a provider says and what a person does, so that both stay true.
//!
//! `location` holds the provider's truth, `outbox` what a person did since; [`effective`] lays one over the
//! other into `message`, from which `conversation` and its lists are derived. Every function here leaves all
//! of them consistent when its transaction commits.

mod apply;
pub(crate) mod bodies;
mod cleanup;
mod compared;
pub mod draft;
mod edit;
mod edited;
pub(crate) mod effective;
mod erase;
pub mod fate;
pub mod history;
pub mod in_vain;
pub mod label;
pub mod outgoing;
pub mod own_copy;
mod owner;
mod prepare;
pub mod rest;
pub mod rules;
pub mod snooze;
pub mod transit;

pub use apply::apply;
pub use bodies::{
    MissingBody, bodies_missing, bodies_wanted, body_unavailable, copies, source, text,
};
pub use cleanup::{close_round, empty_scope, sweep_blobs};
pub use compared::differing;
pub use edit::{edit, new_group, undo};
pub use edited::{edit_accepted, edit_rejected};
pub use erase::erase;
pub use owner::set_owner;
pub use prepare::{PreparedPage, prepare};

#[cfg(test)]
pub(crate) mod plans {
    //! The statements whose plans are held fast in `queries/plans.rs`.
    pub(crate) use super::bodies::{COPIES, MISSING};
}
