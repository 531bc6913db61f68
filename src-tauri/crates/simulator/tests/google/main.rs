//! The played Google, from outside.

#[cfg(test)]
mod line;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod signing_in;
#[cfg(test)]
mod watching;
