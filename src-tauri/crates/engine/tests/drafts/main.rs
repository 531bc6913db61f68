//! Stories about drafts and the provider's copies of them.

#[cfg(test)]
mod kept;
