//! The played Microsoft, from outside.

#[cfg(test)]
mod shapes;
