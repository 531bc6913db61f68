//! A full disk: what does not fit is rolled back whole and said, what is there stays readable, and work goes
//! on once there is room.

use deskbell_domain::MailboxRole::Inbox;
use deskbell_domain::conversation::View;
use deskbell_domain::ingested::IngestedChange;
use deskbell_store::StoreError;

use crate::support::{Desk, arrives, letter, rules};

/// Letters with texts no compression shrinks.
fn letters(from: u32, count: u32) -> Vec<IngestedChange> {
    (from..from + count)
        .map(|n| {
            let mut state = u64::from(n) + 1;
            let mut word = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                format!("{:x}", state >> 20)
            };
            let text: Vec<String> = (0..200).map(|_| word()).collect();
            arrives(n, &letter(&format!("{n}@x.example"), i64::from(n)).saying(&text.join(" ")))
        })
        .collect()
}

#[test]
fn a_page_that_does_not_fit_is_rolled_back_whole() {
    let mut desk = Desk::new();
    desk.bring(Inbox, letters(1, 20));
    let before = desk.read(|c| Ok(rules::picture(c)));
    let pages: i64 = desk
        .write(|w| {
            let pages: i64 = w.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            w.query_row(&format!("PRAGMA max_page_count = {}", pages + 30), [], |_| Ok(()))?;
            Ok(pages)
        })
        .expect("the room is limited");
    let page = deskbell_domain::ingested::IngestedPage {
        changes: letters(100, 200),
        cursor: Some(deskbell_domain::sync::Cursor("beyond".into())),
        ..Default::default()
    };
    let refused = desk.try_bring(Inbox, page);
    assert!(matches!(refused, Err(StoreError::DiskFull)), "it is said in words: {refused:?}");
    assert_eq!(desk.read(|c| Ok(rules::picture(c))), before, "nothing of it was stored");
    desk.check();
    let scope = desk.scope(Inbox);
    let cursor = desk.read(|c| deskbell_store::table::scope::get(c, scope)).cursor;
    assert_eq!(cursor.expect("a cursor").0, "1", "the position stays with the rows");

    // Small things still fit, and a person may go on.
    desk.bring(Inbox, letters(50, 1));
    assert_eq!(desk.list(View::Inbox).len(), 21, "a single letter still has room");
    desk.write(move |w| {
        let sql = format!("PRAGMA max_page_count = {}", pages + 100_000);
        Ok(w.query_row(&sql, [], |_| Ok(()))?)
    })
    .expect("there is room again");
    desk.bring(Inbox, letters(100, 200));
    assert_eq!(desk.list(View::Inbox).len(), 221, "the same page fits now");
    desk.check();
}

/// A disk of a few megabytes; unmounted when dropped.
#[cfg(target_os = "linux")]
struct SmallDisk(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    /// `None` where this process may not mount one.
    fn mount(size: &str) -> Option<Self> {
        let place = tempfile::tempdir().expect("a directory");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "deskbell-story"])
            .arg(place.path())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(place))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A lazy one, since a failed story may still hold files open.
        let unmounted = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()), "the small disk is unmounted");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_really_full_loses_nothing_and_is_left_whole() {
    use deskbell_store::{OpenOptions, Store, sync};

    let Some(disk) = SmallDisk::mount("12m") else {
        let in_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
        assert!(!in_ci, "CI must be able to mount a small disk to fill: run it as root");
        eprintln!("SKIPPED: only root may mount a small disk to fill");
        return;
    };
    let mut desk = Desk::within(disk.0.path());
    let (mut stored, mut number) = (0, 1);
    let refused = loop {
        assert!(number < 20_000, "twelve megabytes are filled by then");
        let page = deskbell_domain::ingested::IngestedPage {
            changes: letters(number, 50),
            ..Default::default()
        };
        match desk.try_bring(Inbox, page) {
            Ok(_) => stored += 50,
            Err(refused) => break refused,
        }
        number += 50;
    };
    assert!(matches!(refused, StoreError::DiskFull), "it is said in words: {refused:?}");
    desk.check();
    assert_eq!(desk.list(View::Inbox).len().min(1_000), stored.min(1_000), "whole pages or none");

    // A file too large for the disk is refused before any row speaks of it, and leaves nothing behind.
    let big: Vec<u8> = (0..4_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let mut message = letter("big@x.example", 1).ingested(&crate::support::key(1));
    let lines = crate::bodies::lines(&big, 76, true);
    message.body.as_mut().expect("a body").source = lines.into();
    let page = deskbell_domain::ingested::IngestedPage {
        changes: vec![IngestedChange::Message(Box::new(message))],
        ..Default::default()
    };
    let refused = sync::prepare(&desk.store.packer(), page).err();
    assert!(matches!(refused, Some(StoreError::DiskFull)), "{refused:?}");

    // The process ends on the full disk, and the next one finds everything.
    let Desk { directory, store, .. } = desk;
    drop(store);
    let opened = Store::open(directory.path(), OpenOptions::default()).expect("it opens");
    assert_eq!(opened.notice, None, "a full disk is no damage");
    let broken = opened.store.read_now(|c| Ok(rules::check(c).err())).expect("checked");
    assert_eq!(broken, None, "every rule holds");
    drop(opened);
    // The folder goes before the disk does.
    drop(directory);
}
