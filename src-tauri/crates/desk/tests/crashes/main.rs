//! Sending through crashes: the real engine, the real store on disk and the real SMTP sink, with a mail server that
//! drops the connection at any step, and a process that ends just before and just after any commit.
//!
//! Nothing is lost, nothing is sent twice, one copy lies among the sent ones, a conversation keeps its order, and a
//! message is of unknown fate only where nobody can know.

#[cfg(test)]
mod blade;
#[cfg(test)]
mod days;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod life;
#[cfg(test)]
mod mailbox;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod verdict;
