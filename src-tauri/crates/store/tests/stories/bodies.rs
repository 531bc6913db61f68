//! Bodies: given back byte for byte whatever they hold; damage to one is said and harms no other; nothing is
//! taken away that a page under way counts on, and nothing stays that nobody holds.

use std::cell::RefCell;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::MailboxRole::{Archive, Inbox};
use deskbell_domain::ingested::{IngestedChange, IngestedMessage, IngestedPage};
use deskbell_domain::{AccountId, ConversationId, MessageId, ScopeId};
use deskbell_store::queries::{conversation, search};
use deskbell_store::table::{account, scope};
use deskbell_store::{StoreError, sync};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestRunner};
use rusqlite::params;

use crate::support::{Desk, Letter, START, arrives, gone, key, letter};

/// A letter whose source is these bytes.
fn holding(written: &Letter, source: Vec<u8>) -> IngestedMessage {
    let mut message = written.ingested(&key(1));
    message.body.as_mut().expect("it has a body").source = source.into();
    message
}

/// A letter with a file attached, whole lines of base64 as mailers write them.
fn with_file(id: &str, file: &[u8]) -> (Letter, Vec<u8>) {
    let letter = letter(id, 1);
    let mut source = letter.source().into_bytes();
    source.extend(lines(file, 76, true));
    source.extend_from_slice(b"--end--\r\n");
    (letter, source)
}

pub fn lines(file: &[u8], length: usize, crlf: bool) -> Vec<u8> {
    let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
    let text = STANDARD.encode(file);
    text.as_bytes().chunks(length).flat_map(|line| [line, end].concat()).collect()
}

fn page(number: u32, mut message: IngestedMessage) -> IngestedPage {
    message.key = key(number);
    IngestedPage { changes: vec![IngestedChange::Message(Box::new(message))], ..Default::default() }
}

impl Desk {
    fn source(&self, id: MessageId) -> Result<Vec<u8>, StoreError> {
        let packer = self.store.packer();
        let read = self.store.read_now(|c| sync::source(c, &packer, id));
        read.map(|source| source.expect("it is here"))
    }

    fn blob_files(&self) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(self.directory.path().join("blobs")).expect("blobs/");
        folders
            .flat_map(|folder| std::fs::read_dir(folder.expect("a folder").path()).expect("files"))
            .map(|file| file.expect("a file").path())
            .collect()
    }

    /// So much varied mail that a dictionary is trained on it.
    fn receive_plenty(&mut self, from: u32) {
        let letters: Vec<IngestedChange> = (from..from + 1_500)
            .map(|n| {
                let words = ["appointment", "healing", "invoice", "sleeve", "deposit", "Thursday"];
                let said: Vec<String> = (0..40)
                    .map(|w| {
                        format!("{}-{}", words[(w + n as usize) % words.len()], n * 7 + w as u32)
                    })
                    .collect();
                let text = format!("Secretword {}", said.join(" "));
                arrives(n, &letter(&format!("plenty-{n}@x.example"), i64::from(n)).saying(&text))
            })
            .collect();
        self.bring(Inbox, letters);
    }

    fn dictionaries(&self) -> i64 {
        self.read(|c| Ok(c.query_row("SELECT count(*) FROM dictionary", [], |row| row.get(0))?))
    }

    fn erase_all(&mut self) {
        self.now += 1_000;
        let erased = sync::erase(&self.store, self.account, self.now, &|_| {});
        self.runtime.block_on(erased).expect("everything is erased");
    }
}

/// Pieces a source is made of.
#[derive(Clone, Debug)]
enum Piece {
    Bytes(Vec<u8>),
    Words(String),
    Base64 { length: usize, line: usize, crlf: bool, tail: &'static str },
}

fn piece() -> impl Strategy<Value = Piece> {
    let tails = vec!["", "=", "==", "\r\n", "\n", " ", "A\n", "====\r\n", "--b\r\n"];
    let run = (0..30_000_usize, 40..90_usize, any::<bool>(), prop::sample::select(tails))
        .prop_map(|(length, line, crlf, tail)| Piece::Base64 { length, line, crlf, tail });
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..300).prop_map(Piece::Bytes),
        1 => "[a-zé\r\n= ]{0,200}".prop_map(Piece::Words),
        4 => run,
    ]
}

fn assembled(pieces: &[Piece]) -> Vec<u8> {
    let mut source = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => source.extend_from_slice(bytes),
            Piece::Words(words) => source.extend_from_slice(words.as_bytes()),
            Piece::Base64 { length, line, crlf, tail } => {
                let file: Vec<u8> = (0..*length).map(|n| (n.wrapping_mul(31) >> 3) as u8).collect();
                source.extend(lines(&file, *line, *crlf));
                source.extend_from_slice(tail.as_bytes());
            }
        }
    }
    source
}

fn gives_back_whatever_it_got(desk: Desk, cases: u32) {
    let desk = RefCell::new((desk, 10_000_u32));
    let mut runner = TestRunner::new(Config {
        cases,
        rng_seed: RngSeed::Fixed(11),
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..Config::default()
    });
    let story = |pieces: Vec<Piece>| {
        let (desk, number) = &mut *desk.borrow_mut();
        *number += 1;
        let id = format!("{number}@bodies.example");
        let source = assembled(&pieces);
        let message = holding(&letter(&id, 1), source.clone());
        desk.try_bring(Inbox, page(*number, message)).expect("it is stored");
        let back = desk.source(desk.message(&id)).expect("it is read back");
        prop_assert!(back == source, "a source is given back byte for byte");
        Ok(())
    };
    runner.run(&prop::collection::vec(piece(), 0..6), story).expect("every source");
    let (desk, _) = &*desk.borrow();
    let files = desk.blob_files().len();
    assert!(files > 10, "attachments were taken out of the sources: {files}");
    desk.check();
}

#[test]
fn a_source_is_given_back_byte_for_byte() {
    gives_back_whatever_it_got(Desk::new(), 150);
}

#[test]
fn a_source_is_given_back_byte_for_byte_also_with_a_dictionary() {
    let mut desk = Desk::new();
    desk.receive_plenty(1);
    assert_eq!(desk.dictionaries(), 1, "enough mail trains a dictionary");
    gives_back_whatever_it_got(desk, 60);
}

/// Memory this process ever held, in bytes.
#[cfg(target_os = "linux")]
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a high-water mark");
    let kilobytes = line.split_whitespace().nth(1).expect("a number");
    kilobytes.parse::<u64>().expect("a number") * 1_024
}

#[cfg(not(target_os = "linux"))]
fn most_memory() -> u64 {
    0
}

#[test]
fn a_damaged_or_hostile_body_is_said_and_harms_no_other() {
    let mut desk = Desk::new();
    let whole = letter("whole@x.example", 1).saying("the fern on my shoulder");
    let bad = letter("bad@x.example", 2).saying("the fern on my ankle");
    let whole_id = desk.receive(Inbox, 1, &whole);
    let bad_id = desk.receive(Inbox, 2, &bad);
    let frame = |bytes: &[u8]| zstd::bulk::compress(bytes, 3).expect("compresses");
    let packed = |number: u8, length: u32, frame: &[u8]| {
        [&[number][..], &length.to_le_bytes(), frame].concat()
    };
    let good = frame(b"twelve bytes");
    let mut flipped = good.clone();
    for byte in flipped.iter_mut().skip(4) {
        *byte ^= 0x5a;
    }
    // A few kilobytes that are 64 MB of one letter.
    let bomb = frame(&vec![b'a'; 64 * 1024 * 1024]);
    let before = most_memory();
    for (what, value) in [
        ("nothing at all", Vec::new()),
        ("half a head", vec![0, 1]),
        ("a head alone", packed(0, 12, b"")),
        ("a frame cut short", packed(0, 12, &good[..good.len() - 3])),
        ("a frame with other bytes in it", packed(0, 12, &flipped)),
        ("no frame", packed(0, 12, b"just some words that are no frame")),
        ("a dictionary there is not", packed(9, 12, &good)),
        ("another length than it has", packed(0, 11, &good)),
        ("a claim of 4 GB", packed(0, u32::MAX, &good)),
        ("a claim of 200 MB", packed(0, 200 * 1024 * 1024, &good)),
        ("a bomb that claims a few bytes", packed(0, 12, &bomb)),
    ] {
        let value_of_both = value.clone();
        desk.write(move |w| {
            let sql = "UPDATE body SET source = ?2, text = ?2 WHERE message_id = ?1";
            Ok(w.execute(sql, params![bad_id.0, value_of_both])?)
        })
        .expect("the damage is done");
        let told = desk.source(bad_id);
        assert!(matches!(told, Err(StoreError::Body(_))), "{what} is said to be damage: {told:?}");
        let words = told.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(words.starts_with("a stored message cannot be read back"), "{what}: {words}");
        let other = desk.source(whole_id).expect("the other is readable");
        assert_eq!(other, whole.source().into_bytes(), "{what} in one body harms no other");
        let packer = desk.store.packer();
        let query = search::parse("fern", false, &jiff::tz::TimeZone::UTC);
        let request = search::Request { query, account: None, below: None, limit: 10 };
        let found = desk.read(|c| search::run(c, &packer, &request));
        assert_eq!(found.hits.len(), 2, "{what} in one body does not end a search");
    }
    let grown = most_memory().saturating_sub(before);
    assert!(grown < 48 * 1024 * 1024, "no claim makes us reserve memory for it: {grown} bytes");
}

#[test]
fn an_attachment_file_that_is_missing_or_changed_is_said() {
    let mut desk = Desk::new();
    let file: Vec<u8> = (0..20_000_u32).flat_map(u32::to_le_bytes).collect();
    let (written, source) = with_file("file@x.example", &file);
    desk.try_bring(Inbox, page(1, holding(&written, source.clone()))).expect("it is stored");
    desk.receive(Inbox, 2, &letter("other@x.example", 2));
    let id = desk.message(&written.id);
    let files = desk.blob_files();
    assert_eq!(files.len(), 1, "the attachment is a file");

    std::fs::write(&files[0], b"something else").expect("it is changed");
    let told = desk.source(id).expect_err("a changed file is noticed").to_string();
    assert!(told.contains("changed or damaged"), "{told}");
    std::fs::remove_file(&files[0]).expect("it is removed");
    let told = desk.source(id).expect_err("a missing file is noticed").to_string();
    assert!(told.contains("attachment file is missing"), "{told}");
    let shown = desk.conversation(&written.id);
    let messages = desk.read(|c| conversation::messages(c, shown, 10));
    assert_eq!(messages.len(), 1, "the conversation still opens");
    assert!(desk.source(desk.message("other@x.example")).is_ok(), "other mail is untouched");

    // The same mail seen again brings the file back, in another mailbox as in the same one.
    let copy = holding(&written, source.clone());
    let packer = desk.store.packer();
    sync::prepare(&packer, page(1, copy)).expect("it is packed again");
    assert_eq!(desk.source(id).expect("it is whole again"), source, "the file is written anew");
}

#[test]
fn a_file_swept_away_between_packing_and_storing_is_written_again() {
    let mut desk = Desk::with(&[Inbox, Archive]);
    let logo: Vec<u8> = (0..9_000_u32).flat_map(u32::to_le_bytes).collect();
    let (first, first_source) = with_file("first@x.example", &logo);
    let (second, second_source) = with_file("second@x.example", &logo);
    desk.try_bring(Inbox, page(1, holding(&first, first_source))).expect("it is stored");

    // The second mail's page is packed while the file is there, ...
    let packed =
        sync::prepare(&desk.store.packer(), page(2, holding(&second, second_source.clone())))
            .expect("it is packed");
    // ... then the first, the only one that held it, is let go, ...
    desk.bring(Inbox, vec![gone(1)]);
    let (account, now) = (desk.account, desk.now + 1);
    desk.write(move |w| sync::close_round(w, account, now)).expect("the round ends");
    assert_eq!(desk.blob_files().len(), 0, "nobody holds the file any more");
    // ... and only now the page is stored.
    let scope = desk.scope(Inbox);
    desk.write(move |w| sync::apply(w, scope, &packed)).expect("it is stored");
    let back = desk.source(desk.message(&second.id)).expect("it is whole");
    assert_eq!(back, second_source, "nothing of the second mail is missing");
    desk.check();
}

#[test]
fn files_nobody_holds_are_swept_away_and_held_ones_stay() {
    let mut desk = Desk::new();
    let kept: Vec<u8> = (0..9_000_u32).flat_map(u32::to_le_bytes).collect();
    let (written, source) = with_file("kept@x.example", &kept);
    desk.try_bring(Inbox, page(1, holding(&written, source.clone()))).expect("it is stored");
    // A process was killed after it wrote a file and before the row.
    let (other, other_source) = with_file("other@x.example", &[7; 40_000]);
    sync::prepare(&desk.store.packer(), page(2, holding(&other, other_source))).expect("packed");
    assert_eq!(desk.blob_files().len(), 2, "a file without a row");
    let sweep = sync::sweep_blobs(&desk.store, desk.now);
    desk.runtime.block_on(sweep).expect("it is swept");
    assert_eq!(desk.blob_files().len(), 1, "what no row names is deleted, what one names is kept");
    assert_eq!(desk.source(desk.message(&written.id)).expect("whole"), source);
}

#[test]
fn nothing_of_erased_mail_stays_not_even_in_the_dictionary() {
    let mut desk = Desk::new();
    desk.receive_plenty(1);
    assert_eq!(desk.dictionaries(), 1, "the dictionary was trained on the mail");
    desk.erase_all();
    assert_eq!(desk.dictionaries(), 0, "it holds pieces of the mail and goes with it");
    let directory = desk.directory;
    drop(desk.store);
    for entry in std::fs::read_dir(directory.path()).expect("the profile") {
        let path = entry.expect("an entry").path();
        let bytes = if path.is_file() { std::fs::read(&path).expect("its bytes") } else { vec![] };
        for word in [&b"ecretword"[..], b"plenty-", b"client.example"] {
            let found = bytes.windows(word.len()).any(|window| window == word);
            let word = String::from_utf8_lossy(word);
            assert!(!found, "{} still holds {word}", path.display());
        }
    }
}

/// Mail of another account, with words of its own; enough of it to be in every dictionary trained meanwhile.
fn second_account(desk: &mut Desk) -> (AccountId, ScopeId) {
    desk.write(|w| {
        let account = account::insert(w, &crate::support::new_account("second@studio.example"))?;
        scope::adopt(w, account, &[crate::support::mailbox(Inbox)])?;
        Ok((account, scope::list(w, account)?[0].id))
    })
    .expect("another account")
}

/// Pages of the other account: rare words, repeated in every letter, as signatures are.
fn rare_mail(from: u32, count: u32) -> IngestedPage {
    let letters = (from..from + count).map(|n| {
        let text = format!("Quillfeather Brackenmoor {n} tuned the Zanzibarine harpsichord {n}");
        let mut rare = letter(&format!("rare-{n}@x.example"), i64::from(n)).saying(&text);
        rare.from = "quillfeather@brackenmoor.example".into();
        arrives(n, &rare.titled(&format!("Zanzibarine {n}")))
    });
    IngestedPage { changes: letters.collect(), ..Default::default() }
}

const RARE: [&str; 3] = ["uillfeather", "rackenmoor", "anzibarine"];

/// Files of the profile that hold one of these words, in any case.
fn holding_words(directory: &std::path::Path, words: &[&str], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            holding_words(&path, words, found);
            continue;
        }
        let bytes = std::fs::read(&path).expect("its bytes");
        for word in words {
            if bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
            {
                found.push(format!("{}: {word}", path.display()));
            }
        }
    }
}

#[test]
fn nothing_of_an_erased_account_stays_in_what_it_shared_with_others() {
    let mut desk = Desk::new();
    let (second, inbox) = second_account(&mut desk);
    let packer = desk.store.packer();
    let rare = sync::prepare(&packer, rare_mail(1, 800)).expect("packed");
    desk.write(move |w| sync::apply(w, inbox, &rare)).expect("stored");
    desk.receive_plenty(1);
    assert_eq!(desk.dictionaries(), 1, "trained on the mail of both");
    let later = sync::prepare(&packer, rare_mail(2_000, 50)).expect("packed");
    desk.write(move |w| sync::apply(w, inbox, &later)).expect("stored");
    std::fs::write(desk.directory.path().join("deskbell.before-update.db"), "Quillfeather")
        .expect("a copy of before an update");
    let mut found = Vec::new();
    holding_words(desk.directory.path(), &RARE, &mut found);
    assert!(found.len() >= 3, "the words are there to be erased: {found:?}");
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |share| told.lock().expect("told").push(share);
    let erased = sync::erase(&desk.store, second, desk.now, &tell);
    desk.runtime.block_on(erased).expect("it is erased");
    let shares: Vec<f64> = told.into_inner().expect("told");
    assert!(shares.is_sorted(), "how far it is only ever grows: {shares:?}");
    assert_eq!(shares.last(), Some(&1.0));
    let mut found = Vec::new();
    holding_words(desk.directory.path(), &RARE, &mut found);
    assert!(found.is_empty(), "while the program runs: {found:?}");
    assert_eq!(desk.dictionaries(), 1, "another was trained on what stays");
    let id = desk.message("plenty-700@x.example");
    let source = desk.source(id).expect("what stays can be read");
    assert!(String::from_utf8_lossy(&source).contains("Secretword"));
    desk.check();
    let desk = desk.reopen();
    assert_eq!(desk.source(id).expect("and after a start"), source);
    let directory = desk.directory;
    drop(desk.store);
    let mut found = Vec::new();
    holding_words(directory.path(), &RARE, &mut found);
    assert!(found.is_empty(), "and after its end: {found:?}");
}

#[test]
fn words_of_an_erased_account_do_not_come_back_with_a_dictionary_trained_later() {
    let mut desk = Desk::new();
    let (second, inbox) = second_account(&mut desk);
    let packer = desk.store.packer();
    let rare = sync::prepare(&packer, rare_mail(1, 800)).expect("packed");
    desk.write(move |w| sync::apply(w, inbox, &rare)).expect("stored");
    // Enough to train on together; the page is still under way when the account is erased.
    let text = |n: u32| format!("Visit {n} costs {} euros and {} cents", n * 3, n % 100);
    let letters = (1..=700)
        .map(|n| arrives(n, &letter(&format!("{n}@x.example"), i64::from(n)).saying(&text(n))));
    let page = IngestedPage { changes: letters.collect(), ..Default::default() };
    let under_way = sync::prepare(&packer, page).expect("packed");
    let erased = sync::erase(&desk.store, second, desk.now, &|_| {});
    desk.runtime.block_on(erased).expect("it is erased");
    let own = desk.scope(Inbox);
    desk.write(move |w| sync::apply(w, own, &under_way)).expect("stored");
    assert_eq!(desk.dictionaries(), 0, "what was trained on erased mail is not taken over");
    desk.receive_plenty(10_000);
    assert_eq!(desk.dictionaries(), 1, "one is trained on what stays");
    let directory = desk.directory;
    drop(desk.store);
    let mut found = Vec::new();
    holding_words(directory.path(), &RARE, &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn an_erasure_killed_while_bodies_are_packed_anew_goes_on() {
    let mut desk = Desk::new();
    let (second, inbox) = second_account(&mut desk);
    let rare = sync::prepare(&desk.store.packer(), rare_mail(1, 800)).expect("packed");
    desk.write(move |w| sync::apply(w, inbox, &rare)).expect("stored");
    desk.receive_plenty(1);
    // The process dies as soon as the dictionary is retired and some bodies are packed anew.
    let half = std::sync::atomic::AtomicBool::new(false);
    {
        let tell = |share| half.store(share > 0.5, std::sync::atomic::Ordering::SeqCst);
        let erase = sync::erase(&desk.store, second, desk.now, &tell);
        let killed = async {
            let mut erase = std::pin::pin!(erase);
            std::future::poll_fn(|context| {
                let ended = erase.as_mut().poll(context).is_ready();
                let stop = ended || half.load(std::sync::atomic::Ordering::SeqCst);
                if stop { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
            })
            .await;
        };
        // Its own, so that nothing of the process outlives its end.
        crate::support::runtime().block_on(killed);
    }
    let left = desk.read(account::erasing);
    assert_eq!(left, [second], "its removal has not come to its end");
    let desk = desk.reopen();
    let erased = sync::erase(&desk.store, second, desk.now, &|_| {});
    desk.runtime.block_on(erased).expect("it goes on");
    let id = desk.message("plenty-3@x.example");
    desk.source(id).expect("what stays can be read");
    assert_eq!(desk.read(account::erasing), []);
    let directory = desk.directory;
    drop(desk.store);
    let mut found = Vec::new();
    holding_words(directory.path(), &RARE, &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_page_packed_with_a_dictionary_that_is_erased_meanwhile_is_packed_again() {
    let mut desk = Desk::new();
    desk.receive_plenty(1);
    let written = letter("late@x.example", 1).saying("it was under way all the time");
    let packed = sync::prepare(&desk.store.packer(), page(1, holding(&written, b"late".to_vec())))
        .expect("it is packed");
    desk.erase_all();
    let (account, scope) = desk
        .write(|w| {
            let account = deskbell_store::table::account::insert(
                w,
                &crate::support::new_account("new@studio.example"),
            )?;
            let inbox = crate::support::mailbox(Inbox);
            deskbell_store::table::scope::adopt(w, account, &[inbox])?;
            let scopes = deskbell_store::table::scope::list(w, account)?;
            Ok((account, scopes[0].id))
        })
        .expect("another account");
    desk.account = account;
    desk.write(move |w| sync::apply(w, scope, &packed)).expect("it is stored");
    let id = desk.message(&written.id);
    assert_eq!(desk.source(id).expect("it is readable"), b"late");
    let desk = desk.reopen();
    assert_eq!(desk.source(id).expect("and after a start"), b"late");
}

#[test]
fn a_dictionary_whose_transaction_was_rolled_back_is_never_used() {
    let mut desk = Desk::new();
    let letters: Vec<IngestedChange> = (1..=1_500)
        .map(|n| {
            let text = format!("Visit number {n} costs {} euros and {} cents", n * 3, n % 100);
            arrives(n, &letter(&format!("{n}@x.example"), i64::from(n)).saying(&text))
        })
        .collect();
    let page = IngestedPage { changes: letters, ..Default::default() };
    let packed = sync::prepare(&desk.store.packer(), page).expect("it is packed");
    let scope = desk.scope(Inbox);
    let failed: Result<(), StoreError> = desk.write(move |w| {
        sync::apply(w, scope, &packed)?;
        Err(StoreError::DiskFull)
    });
    assert!(failed.is_err(), "the transaction is rolled back");
    assert_eq!(desk.dictionaries(), 0, "and the dictionary with it");
    let id = desk.receive(Inbox, 1, &letter("after@x.example", 1));
    let head: u8 = desk.read(|c| {
        let sql = "SELECT source FROM body WHERE message_id = ?1";
        Ok(c.query_row(sql, [id.0], |row| row.get::<_, Vec<u8>>(0))?[0])
    });
    assert_eq!(head, 0, "what comes after is packed without it");
    let desk = desk.reopen();
    assert!(desk.source(id).is_ok(), "and can be read by the next start");
}

#[test]
fn an_answer_and_its_question_share_one_stored_file() {
    let mut desk = Desk::new();
    let file: Vec<u8> = (0..9_000_u32).flat_map(u32::to_be_bytes).collect();
    for (number, id) in [(1, "one@x.example"), (2, "two@x.example")] {
        let (written, source) = with_file(id, &file);
        desk.try_bring(Inbox, page(number, holding(&written, source))).expect("it is stored");
    }
    assert_eq!(desk.blob_files().len(), 1, "one file however many mails carry it");
    desk.bring(Inbox, vec![gone(1)]);
    let (account, now) = (desk.account, desk.now + 1);
    desk.write(move |w| sync::close_round(w, account, now)).expect("the round ends");
    assert_eq!(desk.blob_files().len(), 1, "one of two holders is not the last");
    assert!(desk.source(desk.message("two@x.example")).is_ok(), "the other still has it");
    assert!(desk.now > START && desk.conversation("two@x.example") > ConversationId(0));
}
