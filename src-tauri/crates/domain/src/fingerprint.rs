//! Recognising a message again when its provider gave it a new number.

use crate::Millis;

/// A 64-bit digest of what a renumbered or moved message keeps: the name its provider gave it, where there is one that
/// lasts (Gmail's X-GM-MSGID), else Message-ID, size and INTERNALDATE.
///
/// Two messages of one account with the same fingerprint are copies of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub i64);

impl Fingerprint {
    /// Digests the name its provider gave the message: one message of an account for each name, wherever its copies
    /// lie and whatever else two messages have in common.
    pub fn named(name: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"name\0").update(name.as_bytes());
        Self(first_word(&hasher.finalize()))
    }

    /// Digests what a server tells of a message without its body.
    ///
    /// `message_id` is without angle brackets; `None` lets size and date decide, with `salt` (the digest
    /// of the header block) keeping two such messages of one second apart.
    pub fn of(message_id: Option<&str>, size: u64, internal_date: Millis, salt: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        match message_id {
            Some(id) => hasher.update(b"id\0").update(id.as_bytes()),
            None => hasher.update(b"no\0").update(salt),
        };
        hasher.update(b"\0");
        hasher.update(&size.to_le_bytes());
        // IMAP's INTERNALDATE has whole seconds.
        hasher.update(&internal_date.div_euclid(1_000).to_le_bytes());
        Self(first_word(&hasher.finalize()))
    }
}

/// The first 64 bits of a digest as SQLite's integer.
pub(crate) fn first_word(hash: &blake3::Hash) -> i64 {
    let mut word = [0_u8; 8];
    for (to, from) in word.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    i64::from_le_bytes(word)
}
