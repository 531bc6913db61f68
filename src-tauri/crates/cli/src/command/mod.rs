//! What each command does, one file a command.

pub mod account;
pub mod browser;
pub mod conversation;
pub mod doctor;
pub mod export;
pub mod filling;
pub mod inbox;
pub mod label;
pub mod mark;
pub mod message;
pub mod outbox;
pub mod rule;
pub mod search;
pub mod send;
pub mod sending;
pub mod setting;
pub mod stats;
pub mod sync;
pub mod template;
