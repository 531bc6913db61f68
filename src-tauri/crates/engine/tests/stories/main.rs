//! Stories about the engine: what a person can rely on, told with a server in memory.

#[cfg(test)]
mod convergence;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod first_sync;
#[cfg(test)]
mod loops;
#[cfg(test)]
mod news;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod outbox_crashes;
#[cfg(test)]
mod post;
#[cfg(test)]
mod putting_off;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod sender;
#[cfg(test)]
mod server;
#[cfg(test)]
mod snooze;
#[cfg(test)]
mod waking;
