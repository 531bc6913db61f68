//! Gmail from end to end: the engine, the store and the provider against a mailbox in the simulator.

#[cfg(test)]
mod compared;
#[cfg(test)]
mod converges;
#[cfg(test)]
mod place;
