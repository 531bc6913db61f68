//! Stories about the engine: what a person can rely on, told with a server in memory.

mod desk;
mod edits;
mod failures;
mod first_sync;
mod loops;
mod server;
