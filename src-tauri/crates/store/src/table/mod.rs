//! One file a table: its migration, its row, and the statements that write it.

pub mod account;
pub mod attachment;
pub mod body;
pub mod change;
pub mod conversation;
pub mod held;
pub mod history;
pub mod identity;
pub mod label;
pub mod listing;
pub mod location;
pub mod message;
pub mod oauth_client;
pub mod outbox;
pub mod outgoing;
pub mod rule;
pub mod scope;
pub mod search;
pub mod secret;
pub mod sender;
pub mod setting;
pub mod snooze;
pub mod sync_run;
pub mod template;
pub mod thread_key;
