//! The types that cross to the window and to `bell --json`.
//!
//! Ids are strings, instants are milliseconds since 1970 UTC as numbers, absent values are `null`.

mod account;
mod app;
mod compose;
mod conversation;
mod discover;
mod error;
mod event;
mod export;
mod file;
mod given;
mod health;
mod label;
mod rule;
mod search;
mod sending;
mod setting;
mod sign_in;
mod texts;
mod wish;

pub use account::*;
pub use app::*;
pub use compose::*;
pub use conversation::*;
pub use discover::*;
pub use error::*;
pub use event::*;
pub use export::*;
pub use file::*;
pub use given::*;
pub use health::*;
pub use label::*;
pub use rule::*;
pub use search::*;
pub use sending::*;
pub use setting::*;
pub use sign_in::*;
pub use texts::*;
pub use wish::*;
