//! Files that cannot be used as they are: of a newer Deskbell, damaged in every way, or no database at all.

use std::collections::BTreeSet;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use deskbell_domain::MailboxRole::Inbox;
use deskbell_domain::conversation::View;
use deskbell_store::table::{account, secret};
use deskbell_store::{Notice, OpenOptions, Store, StoreError, queries};

use crate::support::{Desk, OWN, arrives, letter};

fn file(directory: &Path) -> PathBuf {
    directory.join("deskbell.db")
}

/// A profile with an account, its password and some mail, whose process was killed.
fn killed_profile() -> tempfile::TempDir {
    let mut desk = Desk::new();
    let letters =
        (1..400).map(|n| arrives(n, &letter(&format!("{n}@x.example"), i64::from(n)))).collect();
    desk.bring(Inbox, letters);
    let id = desk.account;
    desk.write(move |w| secret::put(w, id, "password", b"sealed")).expect("a password");
    let Desk { directory, store, .. } = desk;
    drop(store);
    std::fs::write(file(directory.path()).with_extension("open"), b"").expect("a killed process");
    directory
}

fn open(directory: &Path) -> Result<deskbell_store::Opened, StoreError> {
    Store::open(directory, OpenOptions::default())
}

fn scribble(path: &Path, at: u64, bytes: &[u8]) {
    let mut raw = std::fs::OpenOptions::new().write(true).open(path).expect("the file");
    raw.seek(SeekFrom::Start(at)).expect("seeks");
    raw.write_all(bytes).expect("writes");
}

#[test]
fn a_file_of_a_newer_deskbell_is_refused_and_left_as_it_is() {
    let directory = killed_profile();
    let opened = open(directory.path()).expect("a file of ours");
    let now = 1_900_000_000_000;
    let write = opened.store.write(deskbell_store::Origin::Local, now, |w| {
        w.execute(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (9999, 'later', '', '1')",
            [],
        )?;
        Ok(())
    });
    crate::support::runtime().block_on(write).expect("a later version was here");
    drop(opened);
    let before = std::fs::read(file(directory.path())).expect("the file");
    for read_only in [false, true] {
        let refused = Store::open(directory.path(), OpenOptions { read_only }).err();
        let Some(StoreError::Newer { found: 9999, known }) = refused else {
            panic!("a newer file is refused: {refused:?}");
        };
        assert!(known < 9999);
    }
    let words = open(directory.path()).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(words.contains("newer Deskbell") && words.contains("update Deskbell"), "{words}");
    let after = std::fs::read(file(directory.path())).expect("the file");
    assert!(before == after, "not a byte of it was changed");
    let aside = std::fs::read_dir(directory.path()).expect("the profile").flatten();
    let set_aside =
        aside.filter(|entry| entry.file_name().to_string_lossy().contains("damaged")).count();
    assert_eq!(set_aside, 0, "it is not damaged and not set aside");
}

const PAGE: u64 = 4_096;

/// Where a file keeps accounts and passwords, and what it says of its tables; counted from 0. Looked up in a copy, so
/// that the file itself stays as the killed process left it.
#[expect(clippy::disallowed_methods, reason = "no profile: where its parts lie is asked of SQLite")]
fn pages_of_accounts(path: &Path) -> BTreeSet<u64> {
    let copy = tempfile::tempdir().expect("a folder");
    let copied = copy.path().join("copy.db");
    std::fs::copy(path, &copied).expect("a copy");
    let raw = rusqlite::Connection::open(&copied).expect("opens");
    let sql = "SELECT pageno - 1 FROM dbstat WHERE name IN ('sqlite_schema', 'account', 'account_once', 'secret', 'sqlite_sequence')";
    let mut statement = raw.prepare(sql).expect("it can be asked");
    let pages = statement.query_map([], |row| row.get::<_, i64>(0)).expect("answers");
    pages.map(|page| u64::try_from(page.expect("a number")).expect("no less than 0")).collect()
}

#[test]
fn a_damaged_file_is_set_aside_and_its_accounts_are_carried_over() {
    type Harm = fn(&Path);
    let harms: [(&str, bool, Harm); 5] = [
        ("other bytes in its middle", true, |path| {
            let pages = std::fs::metadata(path).expect("a length").len() / PAGE;
            let spared = pages_of_accounts(path);
            for page in (pages / 2..pages).filter(|page| !spared.contains(page)) {
                scribble(path, page * PAGE, &[0xa5; PAGE as usize]);
            }
        }),
        ("cut short", false, |path| {
            let length = std::fs::metadata(path).expect("a length").len();
            let raw = std::fs::OpenOptions::new().write(true).open(path).expect("the file");
            raw.set_len(length / 3).expect("it is cut");
        }),
        ("a header of something else", false, |path| {
            scribble(path, 0, b"GIF89a is no database at all")
        }),
        ("nothing but zeroes", false, |path| {
            let length = std::fs::metadata(path).expect("a length").len();
            scribble(path, 0, &vec![0; usize::try_from(length).expect("small")]);
        }),
        ("words", false, |path| {
            std::fs::write(path, "a letter to the database, ".repeat(500)).expect("written");
        }),
    ];
    for (what, accounts_survive, harm) in harms {
        let directory = killed_profile();
        harm(&file(directory.path()));
        let opened = open(directory.path()).unwrap_or_else(|error| panic!("{what}: {error}"));
        let Some(Notice::SetAside { path, kept: told }) = opened.notice.clone() else {
            panic!("{what} is noticed and said: {:?}", opened.notice);
        };
        assert!(path.exists(), "{what}: the damaged file is kept");
        let kept = opened.store.read_now(account::list).expect("the fresh file is readable");
        assert_eq!(kept.len(), told.accounts, "{what}: as many accounts as were said");
        if !accounts_survive {
            let lost = told.lost_choices && told.lost_writing && told.lost_filing;
            assert!(lost, "{what}: nothing could be read, and that is said: {told:?}");
        }
        if accounts_survive {
            assert_eq!(kept.len(), 1, "{what}: the account is carried over");
            assert_eq!(kept[0].address, OWN, "{what}: it is the same account");
            let id = kept[0].id;
            let sealed = opened.store.read_now(|c| secret::get(c, id, "password")).expect("reads");
            assert_eq!(sealed.as_deref(), Some(&b"sealed"[..]), "{what}: with its password");
            let since = opened.store.read_now(|c| {
                Ok(c.query_row("SELECT created_at FROM account", [], |row| row.get::<_, i64>(0))?)
            });
            let newest = letter("", 400).at;
            assert!(
                since.expect("reads") >= newest,
                "{what}: what comes again is history to rules"
            );
        }
        let listed = opened
            .store
            .read_now(|c| queries::inbox::page(c, View::All, None, None, 10))
            .expect("lists work");
        assert!(listed.is_empty(), "{what}: mail comes again from its provider");
        drop(opened);
        let again = open(directory.path()).expect("opens again");
        assert_eq!(again.notice, None, "{what}: it is said once");
    }
}

#[test]
fn a_second_damage_does_not_overwrite_the_first_file_set_aside() {
    let directory = killed_profile();
    let mut kept = Vec::new();
    for _ in 0..2 {
        scribble(&file(directory.path()), 0, b"no database");
        let opened = open(directory.path()).expect("opens anew");
        let Some(Notice::SetAside { path, .. }) = opened.notice.clone() else {
            panic!("it is said")
        };
        kept.push(path);
    }
    assert_ne!(kept[0], kept[1], "each has a name of its own");
    assert!(kept.iter().all(|path| path.exists()), "both are kept: {kept:?}");
}

#[test]
fn a_damaged_write_ahead_log_loses_its_tail_and_nothing_before() {
    let mut desk = Desk::new();
    desk.receive(Inbox, 1, &letter("kept@x.example", 1));
    desk.write(|w| Ok(w.execute("UPDATE account SET name = 'before'", [])?)).expect("writes");
    // Copy the files as a crash of the machine would leave them: the log not yet in the database.
    let crashed = tempfile::tempdir().expect("a directory");
    for name in ["deskbell.db", "deskbell.db-wal", "deskbell.open"] {
        let from = desk.directory.path().join(name);
        std::fs::copy(from, crashed.path().join(name)).expect("copied");
    }
    let log = crashed.path().join("deskbell.db-wal");
    let length = std::fs::metadata(&log).expect("a log").len();
    assert!(length > 8_192, "the log holds the mail: {length}");
    // The machine stopped while the last page was being written.
    let mut tail = [0_u8; 1];
    let mut raw = std::fs::File::open(&log).expect("the log");
    raw.seek(SeekFrom::Start(length - 100)).expect("seeks");
    raw.read_exact(&mut tail).expect("a byte");
    scribble(&log, length - 100, &[!tail[0]]);
    let opened = open(crashed.path()).expect("opens");
    assert_eq!(opened.notice, None, "a torn log is no damage");
    let found = opened
        .store
        .read_now(|c| queries::inbox::page(c, View::Inbox, None, None, 10))
        .expect("lists work");
    assert_eq!(found.len(), 1, "what was committed before the torn write is there");
    let broken = opened.store.read_now(|c| Ok(crate::support::rules::check(c).err()));
    assert_eq!(broken.expect("checked"), None, "and whole");
}
