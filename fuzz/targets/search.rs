//! Fuzzes how what is typed into the search is read.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskbell_strangers::open("search", bytes));
