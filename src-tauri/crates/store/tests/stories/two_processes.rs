//! Two processes on one profile: the first may write, the second reads and hears what the first committed.

use std::process::Command;

use deskbell_domain::MailboxRole::{Archive, Inbox};
use deskbell_domain::conversation::{ConversationEdit, View};
use deskbell_store::{Entity, Notice, OpenOptions, Origin, Store, StoreError, queries};

use crate::support::{Desk, letter, runtime};

/// Set for the second process: the profile it is to look at.
const PROFILE: &str = "DESKBELL_STORY_SECOND_PROFILE";

#[test]
fn a_second_process_reads_what_the_first_writes_and_can_change_nothing() {
    if let Some(profile) = std::env::var_os(PROFILE) {
        return second(std::path::Path::new(&profile));
    }
    let mut desk = Desk::with(&[Inbox, Archive]);
    desk.receive(Inbox, 1, &letter("early@x.example", 1));
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "--nocapture"])
        .arg("two_processes::a_second_process_reads_what_the_first_writes_and_can_change_nothing")
        .env(PROFILE, desk.directory.path())
        .output()
        .expect("a second process");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("the second has looked"), "it was really run: {said}");
    desk.check();
}

fn second(profile: &std::path::Path) {
    let opened = Store::open(profile, OpenOptions::default()).expect("it opens");
    assert_eq!(opened.notice, Some(Notice::ReadOnly), "the second is told that it can only read");
    assert!(opened.store.is_read_only());
    let found = opened
        .store
        .read_now(|c| queries::inbox::page(c, View::Inbox, None, None, 10))
        .expect("it reads");
    assert_eq!(found.len(), 1, "what the first wrote is there");
    let refused = runtime().block_on(opened.store.write(Origin::Local, 1, |_| Ok(())));
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "it cannot write: {refused:?}");
    let forced = opened.store.read_now(|c| Ok(c.execute("DELETE FROM message", [])?));
    assert!(forced.is_err(), "nor by a reader: {forced:?}");
    println!("the second has looked");
}

#[test]
fn a_reader_of_anothers_profile_hears_every_commit_once() {
    let mut desk = Desk::with(&[Inbox, Archive]);
    let reader = Store::open(desk.directory.path(), OpenOptions { read_only: true });
    let reader = reader.expect("a reader").store;
    let mut news = reader.subscribe();
    let poll = |desk: &Desk| desk.runtime.block_on(reader.poll()).expect("it looks");
    assert!(!poll(&desk), "nothing was written since it was opened");

    desk.receive(Inbox, 1, &letter("new@x.example", 1));
    let conversation = desk.conversation("new@x.example");
    assert!(poll(&desk), "new mail is news");
    let batch = news.try_recv().expect("it is announced");
    let told = |entity: Entity, id: i64| {
        batch.changes.iter().any(|c| c.entity == entity && c.id == id && !c.deleted)
    };
    assert!(told(Entity::Conversation, conversation.0), "by its conversation: {batch:?}");
    assert!(told(Entity::Message, desk.message("new@x.example").0), "and its message: {batch:?}");
    assert!(!poll(&desk), "what was told is not told again");

    desk.edit(conversation, ConversationEdit::Archive, "edit-1");
    assert!(poll(&desk), "an edit is news too");
    let list = |view: View| {
        let page = reader.read_now(|c| queries::inbox::page(c, view, None, None, 10));
        page.expect("it reads").len()
    };
    assert_eq!((list(View::Inbox), list(View::Archived)), (0, 1), "and the lists follow");
}

#[test]
fn the_next_process_may_write_once_the_first_has_ended() {
    let desk = Desk::new();
    let directory = &desk.directory;
    let open = || Store::open(directory.path(), OpenOptions::default()).expect("it opens");
    assert!(open().store.is_read_only(), "one writes at a time");
    drop(desk.store);
    assert!(!open().store.is_read_only(), "then the next");
}
