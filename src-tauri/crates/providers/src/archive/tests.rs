//! Stories of archives: read once, read again, changed in between, broken.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use deskbell_domain::message::Flags;
use deskbell_domain::sync::{RemoteChange, RemoteSource};
use deskbell_domain::{MailboxRole, Millis};

use super::*;

const OPTIONS: PullOptions =
    PullOptions { max_messages: 2, max_bytes: 1 << 20, bodies: true, since: None, known: false };
const LINE: &str = "From a@x.example Thu May 28 08:00:00 2026\n";

fn open(path: &Path) -> ArchiveProvider {
    ArchiveProvider::open(ArchiveSettings { path: path.to_path_buf() }).unwrap()
}

fn refusal(path: &Path) -> String {
    match ArchiveProvider::open(ArchiveSettings { path: path.to_path_buf() }) {
        Err(error @ ProviderError::File(_)) => error.to_string(),
        Err(error) => panic!("not a file error: {error}"),
        Ok(_) => panic!("was accepted"),
    }
}

fn mail(subject: &str) -> String {
    format!("Subject: {subject}\nDate: Thu, 28 May 2026 10:00:00 +0200\n\nHello\n")
}

/// What a store would hold after applying pages: key to subject, flags, role and date.
#[derive(Default)]
struct Shelf {
    cursor: Option<Cursor>,
    copies: BTreeMap<RemoteKey, Copy>,
    unseen: Option<Vec<RemoteKey>>,
    pages: usize,
    arrived: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Copy {
    subject: String,
    flags: Flags,
    role: Option<MailboxRole>,
    date: Millis,
}

impl Shelf {
    /// Pulls until nothing more waits; gives the last page.
    async fn pull(&mut self, provider: &ArchiveProvider, scope: &RemoteScope) -> Page {
        loop {
            let page = provider.pull(scope, self.cursor.as_ref(), OPTIONS).await.unwrap();
            self.apply(&page);
            if !page.more {
                let there = page.remote_total.expect("a count at the end");
                assert!(there <= self.copies.len() as u64, "all that is there was brought");
                assert_eq!(page.remaining, Some(0), "nothing is left at the end");
                return page;
            }
        }
    }

    fn apply(&mut self, page: &Page) {
        self.pages += 1;
        self.cursor = Some(page.next.clone());
        for change in &page.changes {
            match change {
                RemoteChange::Message(message) => {
                    let RemoteSource::Full(source) = &message.source else {
                        panic!("only a header")
                    };
                    let source = String::from_utf8_lossy(source.as_ref());
                    let subject = source.lines().find_map(|line| line.strip_prefix("Subject: "));
                    let copy = Copy {
                        subject: subject.unwrap_or_default().to_owned(),
                        flags: message.flags,
                        role: message.role,
                        date: message.internal_date,
                    };
                    self.arrived += 1;
                    self.copies.insert(message.key.clone(), copy);
                    if let Some(unseen) = &mut self.unseen {
                        unseen.retain(|key| *key != message.key);
                    }
                }
                RemoteChange::Gone(key) => {
                    self.copies.remove(key);
                }
                RemoteChange::Present { low, high, present } => {
                    assert!(present.is_sorted_by(|a, b| a.0 < b.0), "ascending, each key once");
                    self.copies.retain(|key, copy| {
                        let found = present.iter().find(|(there, _)| there == key);
                        copy.flags = found.and_then(|(_, flags)| *flags).unwrap_or(copy.flags);
                        found.is_some() || key < low || key > high
                    });
                }
                RemoteChange::ListingBegan => {
                    self.unseen = Some(self.copies.keys().cloned().collect());
                }
                RemoteChange::ListingEnded => {
                    for key in self.unseen.take().expect("a listing began before it ended") {
                        self.copies.remove(&key);
                    }
                }
                other => panic!("not an archive's change: {other:?}"),
            }
        }
    }

    fn subjects(&self) -> Vec<&str> {
        let mut subjects: Vec<&str> = self.copies.values().map(|c| c.subject.as_str()).collect();
        subjects.sort_unstable();
        subjects
    }
}

async fn only_scope(provider: &ArchiveProvider) -> RemoteScope {
    let mut scopes = provider.scopes().await.unwrap();
    assert_eq!(scopes.len(), 1, "one scope");
    scopes.remove(0)
}

#[tokio::test]
async fn an_mbox_is_imported_in_pages_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Sent");
    let mbox: String = (1..=5).map(|n| format!("{LINE}{}\n", mail(&n.to_string()))).collect();
    fs::write(&path, &mbox).unwrap();
    let provider = open(&path);
    let scope = only_scope(&provider).await;
    assert_eq!((scope.role, scope.name.as_str()), (MailboxRole::Sent, "Sent"));
    let mut shelf = Shelf::default();
    shelf.pull(&provider, &scope).await;
    assert_eq!(shelf.subjects(), ["1", "2", "3", "4", "5"]);
    assert!(shelf.pages >= 3, "no page holds more than two");
    assert!(shelf.copies.values().all(|copy| copy.date == 1_779_955_200_000), "date of arrival");

    let again = shelf.pull(&provider, &scope).await;
    assert!(again.changes.is_empty(), "an unchanged file brings nothing");
    let mut fresh = Shelf { copies: shelf.copies.clone(), ..Shelf::default() };
    fresh.pull(&open(&path), &scope).await;
    assert_eq!(fresh.copies, shelf.copies, "reading it all again changes nothing");
}

#[tokio::test]
async fn an_interrupted_import_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail");
    let twice = mail("twice");
    let mbox: String =
        ["1", "2", "3", "4"].iter().map(|n| format!("{LINE}{}\n", mail(n))).collect();
    fs::write(&path, format!("{LINE}{twice}\n{mbox}{LINE}{twice}\n")).unwrap();
    let provider = open(&path);
    let scope = only_scope(&provider).await;
    let mut shelf = Shelf::default();
    let first = provider.pull(&scope, None, OPTIONS).await.unwrap();
    assert!(first.more && first.remaining > Some(0), "some are left");
    shelf.apply(&first);
    shelf.pull(&open(&path), &scope).await;
    assert_eq!(shelf.subjects(), ["1", "2", "3", "4", "twice"]);
    assert_eq!(shelf.arrived, 5, "nothing came twice, though the program was started anew");
}

#[tokio::test]
async fn an_appended_mbox_brings_only_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail");
    fs::write(&path, format!("{LINE}{}\n{LINE}Subject: cut\n\nHel", mail("1"))).unwrap();
    let provider = open(&path);
    let scope = only_scope(&provider).await;
    let mut shelf = Shelf::default();
    shelf.pull(&provider, &scope).await;
    assert_eq!(shelf.subjects(), ["1", "cut"], "the cut message is kept as far as it goes");

    let whole =
        format!("{LINE}{}\n{LINE}Subject: cut\n\nHello all\n\n{LINE}{}\n", mail("1"), mail("2"));
    fs::write(&path, &whole).unwrap();
    shelf.pull(&provider, &scope).await;
    assert_eq!(
        shelf.subjects(),
        ["1", "2", "cut"],
        "the cut message was replaced by the whole one"
    );
    assert_eq!(shelf.arrived, 4, "the first message was not read again");

    fs::write(&path, format!("{whole}{LINE}{}\n", mail("3"))).unwrap();
    shelf.pull(&open(&path), &scope).await;
    assert_eq!(shelf.subjects(), ["1", "2", "3", "cut"]);
    assert_eq!(shelf.arrived, 5, "only the new one was brought");
}

#[tokio::test]
async fn a_rewritten_mbox_is_read_anew_and_takes_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail");
    let message = |n: &str, status: &str| format!("{LINE}Status: {status}\n{}\n", mail(n));
    fs::write(&path, format!("{}{}{}", message("1", "O"), message("2", "O"), message("3", "O")))
        .unwrap();
    let provider = open(&path);
    let scope = only_scope(&provider).await;
    let mut shelf = Shelf::default();
    shelf.pull(&provider, &scope).await;
    assert!(shelf.copies.values().all(|copy| !copy.flags.seen), "all are new");
    fs::write(&path, format!("{}{}", message("1", "RO"), message("3", "O"))).unwrap();
    shelf.pull(&provider, &scope).await;
    let seen: Vec<_> = shelf.copies.values().map(|c| (c.subject.as_str(), c.flags.seen)).collect();
    // An import is a copy: the file may be cleared because its mail is here now.
    assert_eq!(seen.len(), 3, "the deleted message stays");
    assert!(
        seen.contains(&("1", true)) && seen.contains(&("3", false)),
        "read elsewhere: {seen:?}"
    );

    fs::write(&path, message("4", "O")).unwrap();
    let page = shelf.pull(&open(&path), &scope).await;
    assert_eq!(shelf.subjects(), ["1", "2", "3", "4"], "a file in its place only adds");
    assert_eq!(page.remote_total, Some(1), "the count is the file's");
}

#[tokio::test]
async fn bodies_are_found_by_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail");
    fs::write(&path, format!("{LINE}{}\n{LINE}{}\n", mail("1"), mail("2"))).unwrap();
    let provider = open(&path);
    let scope = only_scope(&provider).await;
    let mut shelf = Shelf::default();
    shelf.pull(&provider, &scope).await;
    let (key, _) = shelf.copies.iter().find(|(_, copy)| copy.subject == "2").unwrap();
    let keys = [key.clone(), RemoteKey("gone".to_owned())];
    let bodies = provider.bodies(&scope, None, &keys).await.unwrap();
    assert_eq!(bodies.len(), 1, "what is gone is left out");
    assert_eq!(bodies[0].source, mail("2"));
}

#[tokio::test]
async fn a_maildir_keeps_its_folders_flags_and_changes() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for sub in ["", ".Sent", ".Kunden.Entw&APw-rfe"] {
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(root.join(sub).join(part)).unwrap();
        }
    }
    fs::write(root.join("cur/1700000001.a:2,RS"), mail("a")).unwrap();
    fs::write(root.join("cur/1700000002.b:2,F"), mail("b")).unwrap();
    fs::write(root.join("new/1700000003.c"), mail("c")).unwrap();
    fs::write(root.join("tmp/1700000004.d"), mail("half delivered")).unwrap();
    let provider = open(root);
    let scopes = provider.scopes().await.unwrap();
    let named: Vec<_> = scopes.iter().map(|scope| (scope.name.as_str(), scope.role)).collect();
    let expected = [
        ("INBOX", MailboxRole::Inbox),
        ("Kunden/Entwürfe", MailboxRole::Drafts),
        ("Sent", MailboxRole::Sent),
    ];
    assert_eq!(named, expected);
    assert!(provider.capabilities().receives, "mail may be delivered here");

    let inbox = &scopes[0];
    let mut shelf = Shelf::default();
    shelf.pull(&provider, inbox).await;
    let flags = |shelf: &Shelf| -> Vec<(String, i64)> {
        shelf.copies.values().map(|copy| (copy.subject.clone(), copy.flags.bits())).collect()
    };
    assert_eq!(flags(&shelf), [("a".into(), 5), ("b".into(), 2), ("c".into(), 0)]);
    assert!(shelf.pull(&provider, inbox).await.changes.is_empty(), "nothing happened");

    fs::remove_file(root.join("cur/1700000001.a:2,RS")).unwrap();
    fs::rename(root.join("new/1700000003.c"), root.join("cur/1700000003.c:2,S")).unwrap();
    fs::write(root.join("new/1600000000.e"), mail("e")).unwrap();
    shelf.pull(&open(root), inbox).await;
    let expected = [("e".into(), 0), ("b".into(), 2), ("c".into(), 1)];
    assert_eq!(flags(&shelf), expected, "deleted, moved and read, delivered");
}

#[tokio::test]
async fn a_tree_of_eml_files_is_a_scope_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("clients/Sent")).unwrap();
    for (name, subject) in
        [("1.eml", "1"), ("2.EML", "2"), ("3.eml", "3"), ("notes.txt", "no mail")]
    {
        fs::write(root.join(name), mail(subject)).unwrap();
    }
    fs::write(root.join("clients/Sent/4.eml"), mail("4")).unwrap();
    let provider = open(root);
    let scopes = provider.scopes().await.unwrap();
    let keys: Vec<_> = scopes.iter().map(|scope| (scope.key.as_str(), scope.role)).collect();
    assert_eq!(keys, [(".", MailboxRole::Archive), ("clients/Sent", MailboxRole::Sent)]);
    let mut shelf = Shelf::default();
    shelf.pull(&provider, &scopes[0]).await;
    assert_eq!(shelf.subjects(), ["1", "2", "3"]);
    assert!(shelf.pull(&provider, &scopes[0]).await.changes.is_empty(), "nothing happened");

    fs::remove_file(root.join("1.eml")).unwrap();
    fs::write(root.join("3.eml"), mail("three")).unwrap();
    shelf.pull(&provider, &scopes[0]).await;
    // An import is a copy: deleting or replacing a file takes nothing back.
    assert_eq!(shelf.subjects(), ["1", "2", "3", "three"]);
    let (key, _) = shelf.copies.iter().find(|(_, copy)| copy.subject == "2").unwrap();
    let key = key.clone();
    let bodies = provider.bodies(&scopes[0], None, &[key]).await.unwrap();
    assert_eq!(bodies.len(), 1, "found by path and digest");
}

#[tokio::test]
async fn a_folder_of_mbox_files_is_a_scope_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("Inbox.sbd")).unwrap();
    fs::write(root.join("Inbox"), format!("{LINE}{}\n", mail("1"))).unwrap();
    fs::write(root.join("Inbox.msf"), "an index").unwrap();
    fs::write(root.join("Inbox.sbd/Clients"), format!("{LINE}{}\n", mail("2"))).unwrap();
    let provider = open(root);
    let scopes = provider.scopes().await.unwrap();
    let named: Vec<_> = scopes.iter().map(|scope| (scope.name.as_str(), scope.role)).collect();
    assert_eq!(named, [("Inbox", MailboxRole::Inbox), ("Inbox/Clients", MailboxRole::Archive)]);
    let mut shelf = Shelf::default();
    shelf.pull(&provider, &scopes[1]).await;
    assert_eq!(shelf.subjects(), ["2"]);
    let lost = RemoteScope { key: "../passwd".to_owned(), ..scopes[0].clone() };
    let refused = provider.pull(&lost, None, OPTIONS).await;
    assert!(matches!(refused, Err(ProviderError::ScopeGone(_))), "only what was listed is read");
}

#[test]
fn what_is_no_archive_is_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let cases = [
        (folder.path().join("missing"), "Check the path"),
        (file("empty", b""), "is empty"),
        (file("mail.gz", b"\x1f\x8b\x08\0"), "Unpack it first"),
        (file("one.eml", b"Subject: x\n\n"), "Choose the folder"),
        (file("notes.txt", b"hello"), "is not an mbox"),
    ];
    for (path, words) in cases {
        let sentence = refusal(&path);
        assert!(sentence.contains(words), "{sentence}");
        assert!(
            !sentence.contains("missing") && !sentence.contains("tmp"),
            "names no path: {sentence}"
        );
    }
    let bare = tempfile::tempdir().unwrap();
    assert!(refusal(bare.path()).contains("holds no mail"), "an empty folder");
}

#[tokio::test]
async fn an_archive_that_vanishes_is_an_error_and_no_deletion() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail");
    fs::write(&path, format!("{LINE}{}\n", mail("1"))).unwrap();
    let provider = open(&path);
    let scope = only_scope(&provider).await;
    fs::remove_file(&path).unwrap();
    let pulled = provider.pull(&scope, None, OPTIONS).await;
    assert!(matches!(pulled, Err(ProviderError::File(_))), "{pulled:?}");
}

#[tokio::test]
async fn a_large_mbox_is_read_in_bounded_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail");
    let big = format!("Subject: big\n\n{}", "x".repeat(3 << 20));
    fs::write(&path, format!("{LINE}{big}\n\n{LINE}{}\n", mail("small"))).unwrap();
    let provider = open(&path);
    let scope = only_scope(&provider).await;
    let page = provider.pull(&scope, None, OPTIONS).await.unwrap();
    assert!(page.more, "the page ends after the message that passes its limit");
    let mut shelf = Shelf::default();
    shelf.pull(&provider, &scope).await;
    assert_eq!(shelf.subjects(), ["big", "small"]);
}

#[tokio::test]
async fn a_message_too_long_to_be_read_is_named_with_its_true_size() {
    let folder = tempfile::tempdir().unwrap();
    let size = MAX_MESSAGE as u64 + (3 << 20);
    let write = |name: &str, head: &str| {
        let path = folder.path().join(name);
        fs::write(&path, head).unwrap();
        // The rest is a hole, which costs no disk.
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(size).unwrap();
    };
    write("film.eml", "Subject: film\n\n");
    let cut = |page: Page| match page.changes.into_iter().next() {
        Some(RemoteChange::Message(message)) => {
            assert!(matches!(message.source, RemoteSource::Cut(_)), "it does not pass for whole");
            message.size
        }
        other => panic!("not a message: {other:?}"),
    };
    let provider = open(folder.path());
    let scope = only_scope(&provider).await;
    assert_eq!(cut(provider.pull(&scope, None, OPTIONS).await.unwrap()), size);

    fs::remove_file(folder.path().join("film.eml")).unwrap();
    write("films", &format!("{LINE}Subject: film\n\n"));
    let provider = open(&folder.path().join("films"));
    let scope = only_scope(&provider).await;
    let told = cut(provider.pull(&scope, None, OPTIONS).await.unwrap());
    assert_eq!(told, size - LINE.len() as u64, "all but the separator");
}
