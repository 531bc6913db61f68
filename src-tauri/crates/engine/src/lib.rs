//! Deskbell's sync: loops that pull from providers into the store and write back what a person does.
//!
//! Invariants: the engine names no vendor, providers come from a registry; one supervisor starts every task;
//! a cursor moves only with the rows it covers; time is passed in by a clock.

mod account;
mod backoff;
mod body_pages;
mod breaker;
mod clock;
pub mod compose;
mod core;
mod drafts;
mod edits;
mod engine;
mod error;
mod events;
mod history;
pub mod ingest;
mod link;
mod network;
mod news;
mod not_given;
mod outbox;
mod pace;
mod pass;
mod pipeline;
mod progress;
mod registry;
mod round;
pub mod rules;
mod schedule;
mod scope_pages;
mod snooze;
mod supervisor;
mod wakes;
mod watch;

pub use breaker::BreakerState;
pub use clock::MachineClock;
pub use engine::Engine;
pub use error::{RoundError, RoundSummary};
pub use events::{EngineEvent, SyncProgress};
pub use news::{News, STALE};
pub use registry::{ProviderFactory, SecretStore};
pub use schedule::{DEFAULT_SCHEDULE, Schedule, ScheduleError};
