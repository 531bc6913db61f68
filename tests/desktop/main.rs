//! A good citizen of the desktop: what arrives is announced and answered from the notification, the tray counts and
//! commands, links from outside are followed or left alone, and Deskbell starts, hides and ends as the person set it.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod dunst;
mod erasing;
mod files;
mod links;
mod news;
mod screen;
mod session;
mod spelling;
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod tray;
mod unopened;
#[cfg(feature = "updater")]
mod updates;
