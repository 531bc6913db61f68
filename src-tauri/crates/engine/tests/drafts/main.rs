//! Stories about drafts and the provider's copies of them.

#[cfg(test)]
mod desk;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod mailbox;
