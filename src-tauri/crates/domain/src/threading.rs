//! Which messages belong together: incremental threading after Jamie Zawinski's algorithm (JWZ).
//!
//! Invariant: the result depends on the set of messages only, never on the order of their arrival. A
//! conversation is a connected component of the graph whose nodes are message ids and whose edges are
//! References and In-Reply-To; components of a set of edges do not depend on the order of the edges.
//!
//! Unlike JWZ there is no merging by subject: two clients who both write "Appointment" are two
//! conversations. The store keeps the index of keys; this file holds the rules.

use crate::fingerprint::first_word;

/// A message id reduced to 64 bits; what the thread index is keyed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadKey(pub i64);

impl ThreadKey {
    /// The key of a message id without angle brackets.
    pub fn of(message_id: &str) -> Self {
        Self(first_word(&blake3::hash(message_id.trim().as_bytes())))
    }
}

/// Every key a message contributes: its own first, then those it refers to, without repeats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadKeys(pub Vec<ThreadKey>);

/// References beyond this many are cut from the middle, as RFC 1036 permits; hostile mail carries thousands.
pub const MAX_REFERENCES: usize = 100;

impl ThreadKeys {
    /// Collects the keys of a message.
    ///
    /// `own` is its Message-ID, or any text unique to the message where it has none.
    pub fn new<'a>(own: &str, references: impl IntoIterator<Item = &'a str>) -> Self {
        let references: Vec<&str> =
            references.into_iter().filter(|reference| !reference.trim().is_empty()).collect();
        let cut = references.len().saturating_sub(MAX_REFERENCES);
        let head = references.len().min(MAX_REFERENCES / 2);
        let kept = references.iter().take(head).chain(references.iter().skip(head + cut));
        let mut keys = vec![ThreadKey::of(own)];
        for reference in kept {
            let key = ThreadKey::of(reference);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Self(keys)
    }
}

/// What to do with a message whose keys were looked up in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Join<C> {
    /// No key is known: it begins a conversation.
    Begin,
    /// It belongs to this conversation.
    Belong(C),
    /// It shows that these conversations are one; the first, the oldest, stays.
    Unite(C, Vec<C>),
}

/// Decides from the conversations its keys were found in, in any order and with repeats.
pub fn join<C: Copy + Ord>(found: impl IntoIterator<Item = C>) -> Join<C> {
    let mut found: Vec<C> = found.into_iter().collect();
    found.sort_unstable();
    found.dedup();
    let mut found = found.into_iter();
    match (found.next(), found.collect::<Vec<_>>()) {
        (None, _) => Join::Begin,
        (Some(only), rest) if rest.is_empty() => Join::Belong(only),
        (Some(oldest), rest) => Join::Unite(oldest, rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_parent_unites_what_its_children_began() {
        assert_eq!(join([7, 3, 7, 9]), Join::Unite(3, vec![7, 9]));
        assert_eq!(join([4, 4]), Join::Belong(4));
        assert_eq!(join::<i64>([]), Join::Begin);
    }

    #[test]
    fn a_thousand_references_are_cut_in_the_middle() {
        let ids: Vec<String> = (0..300).map(|n| format!("{n}@x.example")).collect();
        let keys = ThreadKeys::new("own@x.example", ids.iter().map(String::as_str));
        assert_eq!(keys.0.len(), MAX_REFERENCES + 1);
        assert_eq!(keys.0.first(), Some(&ThreadKey::of("own@x.example")), "own key stays first");
        assert_eq!(keys.0.last(), Some(&ThreadKey::of("299@x.example")), "the parent stays");
    }
}
