//! Fuzzes how links from outside are read.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskbell_strangers::open("link", bytes));
