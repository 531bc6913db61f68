//! engine

pub mod ingest;
