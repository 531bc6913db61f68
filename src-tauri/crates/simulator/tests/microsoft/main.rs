//! The played Graph, from outside.

#[cfg(test)]
mod limits;
#[cfg(test)]
mod line;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod steered;
#[cfg(test)]
mod subscribed;
