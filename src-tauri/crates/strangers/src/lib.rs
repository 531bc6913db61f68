//! Where bytes of strangers come in: one door for each reader, for the fuzzer (`fuzz/`) and for the test that
//! walks its corpus.
//!
//! Invariant: a door panics where a reader breaks a promise, and at nothing else; also a panic that the product
//! would catch counts. Nothing here is part of the product.

mod archive;
mod mail;
mod words;

/// A reader's door: takes any bytes, and panics where a promise is broken.
pub type Door = fn(&[u8]);

/// Every door by the name of its fuzz target and of its folder in the corpus.
pub const DOORS: [(&str, Door); 8] = [
    ("mime", mail::mime),
    ("html", mail::html),
    ("report", mail::report),
    ("imap", imap),
    ("mbox", archive::mbox),
    ("address", words::address),
    ("search", words::search),
    ("link", words::link),
];

/// The door with this name.
///
/// # Panics
/// Where there is none.
#[expect(clippy::panic, reason = "a fuzz target without a door is a mistake in fuzz/")]
pub fn open(name: &str, bytes: &[u8]) {
    let door = DOORS.iter().find(|(known, _)| *known == name);
    let Some((_, door)) = door else { panic!("there is no door {name}") };
    door(bytes);
}

/// A server's answers, from its bytes to what they mean, and names of mailboxes.
fn imap(bytes: &[u8]) {
    deskbell_providers::imap::strangers::answers(bytes);
    deskbell_providers::imap::strangers::names(&String::from_utf8_lossy(bytes));
}
