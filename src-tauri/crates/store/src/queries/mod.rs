//! What the screens show, one file a view. Every list is keyset-paged on a covering index.

pub mod conversation;
pub mod export;
pub mod health;
pub mod inbox;
pub mod label;
pub mod outgoing;
pub mod rules;
pub mod search;

#[cfg(test)]
mod plans;
