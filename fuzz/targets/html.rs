//! Fuzzes how the HTML of mail is read.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskbell_strangers::open("html", bytes));
