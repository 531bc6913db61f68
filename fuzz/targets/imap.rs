//! Fuzzes how what an IMAP server says is read.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskbell_strangers::open("imap", bytes));
