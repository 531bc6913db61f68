//! Everything a face may ask of Deskbell: the command table, its types and its handlers, free of any host.

pub mod dto;
pub mod render;
