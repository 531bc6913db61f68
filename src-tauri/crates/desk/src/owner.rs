//! Whose mail an archive holds: the one who takes part in nearly all of it.
//!
//! A guess for a person to confirm, from the first messages of each folder; nothing is stored.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::{PullOptions, RemoteChange};
use deskbell_domain::{Address, MailboxRole};
use deskbell_engine::ingest;
use deskbell_providers::archive::{ArchiveProvider, ArchiveSettings};

/// Folders looked into, and messages of each.
const FOLDERS: usize = 12;
const SAMPLE: PullOptions = PullOptions {
    max_messages: 300,
    max_bytes: 24 * 1024 * 1024,
    bodies: false,
    since: None,
    known: false,
};
/// Messages from which anything can be told.
const FEWEST: usize = 3;

/// The address of the person whose mail lies at the path, if one stands out.
pub(crate) async fn guess(path: PathBuf) -> Option<String> {
    let settings = ArchiveSettings { path: std::path::absolute(&path).unwrap_or(path) };
    let provider = tokio::task::spawn_blocking(move || ArchiveProvider::open(settings)).await;
    let provider = provider.ok()?.ok()?;
    let mut tally = Tally::default();
    for scope in provider.scopes().await.ok()?.iter().take(FOLDERS) {
        let Ok(page) = provider.pull(scope, None, SAMPLE).await else { continue };
        let of_scope = scope.role;
        let letters = tokio::task::spawn_blocking(move || {
            let remote = page.changes.into_iter().filter_map(|change| match change {
                RemoteChange::Message(message) => Some(message),
                _ => None,
            });
            remote.map(ingest::message).collect::<Vec<_>>()
        });
        for letter in letters.await.ok()? {
            let sent = letter.role.unwrap_or(of_scope) == MailboxRole::Sent;
            tally.count(sent, letter.from.as_ref(), letter.to.iter().chain(&letter.cc));
        }
    }
    tally.owner()
}

/// Who takes part in how many messages, by comparable address.
#[derive(Default)]
struct Tally {
    messages: usize,
    part: HashMap<String, usize>,
    sent: HashMap<String, usize>,
    /// As it is written.
    spelt: HashMap<String, String>,
}

impl Tally {
    fn count<'a>(
        &mut self,
        sent: bool,
        from: Option<&'a Address>,
        others: impl Iterator<Item = &'a Address>,
    ) {
        self.messages += 1;
        if sent && let Some(from) = from {
            *self.sent.entry(from.key()).or_default() += 1;
        }
        let mut seen = HashSet::new();
        for person in from.into_iter().chain(others) {
            let key = person.key();
            if seen.insert(key.clone()) {
                self.spelt.entry(key.clone()).or_insert_with(|| person.address.clone());
                *self.part.entry(key).or_default() += 1;
            }
        }
    }

    /// Whoever wrote most of what was sent; without a folder for that, whoever takes part in most of all, alone.
    fn owner(self) -> Option<String> {
        let all_sent: usize = self.sent.values().sum();
        let found = lead(&self.sent, all_sent).or_else(|| lead(&self.part, self.messages))?;
        self.spelt.get(&found).cloned()
    }
}

/// The one at the top, if it has more than half and nobody has as much.
fn lead(counts: &HashMap<String, usize>, all: usize) -> Option<String> {
    let most = *counts.values().max()?;
    let mut top = counts.iter().filter(|(_, count)| **count == most);
    let (key, _) = top.next()?;
    (all >= FEWEST && most * 2 > all && top.next().is_none()).then(|| key.clone())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn person(address: &str) -> Address {
        Address { name: None, address: address.to_owned() }
    }

    fn tally(letters: &[(bool, &str, &[&str])]) -> Option<String> {
        let mut tally = Tally::default();
        for (sent, from, to) in letters {
            let to: Vec<Address> = to.iter().map(|to| person(to)).collect();
            tally.count(*sent, Some(&person(from)), to.iter());
        }
        tally.owner()
    }

    #[test]
    fn the_owner_takes_part_in_nearly_everything() {
        let letters: &[(bool, &str, &[&str])] = &[
            (false, "mara@x.example", &["Studio@inkwell.example"]),
            (false, "studio@inkwell.example", &["mara@x.example"]),
            (false, "jonas@x.example", &["studio@inkwell.example", "team@inkwell.example"]),
            (false, "news@shop.example", &["list@shop.example"]),
        ];
        assert_eq!(tally(letters).as_deref(), Some("Studio@inkwell.example"));
    }

    #[test]
    fn what_was_sent_says_it_best() {
        let letters: &[(bool, &str, &[&str])] = &[
            (true, "me@inkwell.example", &["mara@x.example"]),
            (true, "me@inkwell.example", &["mara@x.example"]),
            (true, "me@inkwell.example", &["mara@x.example"]),
            (false, "mara@x.example", &["studio@inkwell.example"]),
            (false, "mara@x.example", &["studio@inkwell.example"]),
        ];
        assert_eq!(tally(letters).as_deref(), Some("me@inkwell.example"));
    }

    #[test]
    fn nobody_is_better_than_somebody_wrong() {
        let pair: &[(bool, &str, &[&str])] =
            &[(false, "a@x.example", &["b@x.example"] as &[&str]); 5];
        assert_eq!(tally(pair), None, "either could be it");
        let few: &[(bool, &str, &[&str])] =
            &[(false, "a@x.example", &[]), (false, "a@x.example", &[])];
        assert_eq!(tally(few), None, "two messages say nothing");
        let scattered: &[(bool, &str, &[&str])] = &[
            (false, "a@x.example", &["p@y.example"]),
            (false, "b@x.example", &["q@y.example"]),
            (false, "c@x.example", &["p@y.example"]),
            (false, "d@x.example", &["r@y.example"]),
        ];
        assert_eq!(tally(scattered), None, "nobody takes part in more than half");
    }

    #[tokio::test]
    async fn the_owner_of_an_mbox_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.mbox");
        let mail = |from: &str, to: &str| {
            format!(
                "From - Sat Nov 21 08:00:00 2026\nFrom: {from}\nTo: {to}\nSubject: x\nMessage-ID: <{from}{to}@x>\n\ntext\n\n"
            )
        };
        let text: String = ["mara@x.example", "jonas@x.example", "aylin@x.example"]
            .iter()
            .map(|client| mail(client, "Studio <studio@inkwell.example>"))
            .collect();
        std::fs::write(&path, text).unwrap();
        assert_eq!(guess(path).await.as_deref(), Some("studio@inkwell.example"));
    }
}
