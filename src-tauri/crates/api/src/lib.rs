//! Everything a face may ask of Deskbell: the command table, its types and its handlers, free of any host.
//!
//! A face calls [`call`] with a command's name and JSON, or the handlers directly; both are the same code.

mod administrator;
mod browser;
mod commands;
mod compose;
mod desk;
pub mod dto;
mod error;
mod file;
pub mod handlers;
mod host;
mod images;
pub mod link;
pub mod news;
mod present;
mod preset;
pub mod render;
mod rule;
pub mod sample;
pub mod speech;
mod words;

pub use browser::{
    Browser, ClosingWords, Leave, Left, OauthFacts, SignInAsk, SignInAttempt, SignedInMailbox,
};
pub use commands::{call, typescript};
pub use desk::{Desk, Found, Gateway, KeyProvider, NewMailbox, TryError, clear_opened};
pub use deskbell_domain::text::clip;
pub use host::{Host, NoHost};
pub use images::FetchedImage;
pub use present::Events;
