//! Two sides change one mailbox behind an API, the line fails, positions are lost: in the end both are equal.
//!
//! The engine is the real one, with the real store and provider; the other side is played by the simulator.

#[cfg(test)]
mod desk;
#[cfg(test)]
mod dice;
#[cfg(test)]
mod microsoft;
#[cfg(test)]
mod microsoft_writing;
#[cfg(test)]
mod play;
