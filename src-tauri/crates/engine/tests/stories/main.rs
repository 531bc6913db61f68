//! Stories about the engine: what a person can rely on, told with a server in memory.

#[cfg(test)]
mod compared;
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
mod late_copies;
#[cfg(test)]
mod loops;
#[cfg(test)]
mod lost_files;
#[cfg(test)]
mod minutes;
#[cfg(test)]
mod mortal;
#[cfg(all(test, target_os = "linux"))]
mod network;
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
