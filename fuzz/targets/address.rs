//! Fuzzes how addresses in headers are read.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskbell_strangers::open("address", bytes));
