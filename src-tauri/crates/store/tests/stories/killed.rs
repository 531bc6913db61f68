//! A process killed in the middle of its writes, again and again: no acknowledged write is lost, none is there
//! twice, and the file is whole.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use deskbell_domain::MailboxRole::{Archive, Inbox};
use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::ingested::{IngestedChange, IngestedPage};
use deskbell_domain::{ConversationId, ScopeId};
use deskbell_store::table::scope;
use deskbell_store::{OpenOptions, Origin, Store, sync};

use crate::support::{Desk, START, arrives, letter, rules, runtime};

/// Set for the process that is killed: the profile it writes into, and the number it begins with.
const PROFILE: &str = "DESKBELL_STORY_KILLED_PROFILE";
const FROM: &str = "DESKBELL_STORY_KILLED_FROM";

/// Letters of one page.
const PAGE: u32 = 7;
/// How often the process is killed.
const KILLS: u32 = 12;

#[test]
fn a_process_killed_while_it_writes_loses_and_doubles_nothing() {
    if let Some(profile) = std::env::var_os(PROFILE) {
        let from = std::env::var(FROM).expect("a number").parse().expect("a number");
        write_until_killed(Path::new(&profile), from);
    }
    let desk = Desk::with(&[Inbox, Archive]);
    let Desk { directory, store, .. } = desk;
    drop(store);
    let (mut acknowledged, mut archived) = (0_u32, 0_u32);
    for kill in 0..KILLS {
        // Never at the same place: after so many acknowledgements, in the middle of what follows them.
        let patience = 1 + kill * 5 % 17;
        let mut child = Writing(
            Command::new(std::env::current_exe().expect("this test"))
                .args(["--exact", "--nocapture"])
                .arg("killed::a_process_killed_while_it_writes_loses_and_doubles_nothing")
                .env(PROFILE, directory.path())
                .env(FROM, (acknowledged / PAGE + kill + 1).to_string())
                .stdout(Stdio::piped())
                .spawn()
                .expect("a process to kill"),
        );
        let said = BufReader::new(child.0.stdout.take().expect("its words"));
        let mut heard = 0;
        for line in said.lines() {
            let line = line.expect("a line");
            match line.split_once(' ') {
                Some(("stored", _)) => acknowledged += PAGE,
                Some(("archived", _)) => archived += 1,
                _ => continue,
            }
            heard += 1;
            if heard == patience {
                child.0.kill().expect("it is killed");
                // What it said before it died was said after the write was done, and counts.
            }
        }
        child.0.wait().expect("it is gone");

        let opened = Store::open(directory.path(), OpenOptions::default()).expect("it opens");
        assert_eq!(opened.notice, None, "a killed process damages nothing");
        let (stored, distinct, moved, broken) = opened
            .store
            .read_now(|c| {
                let count = |sql: &str| c.query_row(sql, [], |row| row.get::<_, u32>(0));
                Ok((
                    count("SELECT count(*) FROM message")?,
                    count("SELECT count(DISTINCT message_id) FROM message")?,
                    count("SELECT count(*) FROM outbox")?,
                    rules::check(c).err(),
                ))
            })
            .expect("it is readable");
        assert_eq!(broken, None, "every rule holds after kill {kill}");
        assert_eq!(stored, distinct, "no letter is there twice after kill {kill}");
        assert!(
            stored >= acknowledged && stored.is_multiple_of(PAGE),
            "pages are there whole: {stored} stored, {acknowledged} acknowledged, kill {kill}"
        );
        assert!(moved >= archived, "no acknowledged edit is lost: {moved} of {archived}");
        // One write may have been done and not be acknowledged any more; it counts from now on.
        assert!(stored - acknowledged <= PAGE && moved - archived <= 1, "no more than one");
        (acknowledged, archived) = (stored, moved);
    }
    assert!(acknowledged > PAGE * KILLS, "it wrote something each time: {acknowledged}");
}

/// A process that does not outlive a failed story.
struct Writing(Child);

impl Drop for Writing {
    fn drop(&mut self) {
        // It is gone already where the story went well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Stores pages and edits, saying so after each, for ever.
fn write_until_killed(profile: &Path, from: u32) -> ! {
    let store = Store::open(profile, OpenOptions::default()).expect("it opens").store;
    let runtime = runtime();
    let account = store.read_now(|c| Ok(deskbell_store::table::account::list(c)?[0].id));
    let account = account.expect("an account");
    let scopes = store.read_now(|c| scope::list(c, account)).expect("mailboxes");
    let inbox: ScopeId = scopes.iter().find(|s| s.remote.role == Inbox).expect("an inbox").id;
    for turn in from.. {
        let first = turn * PAGE;
        let letters: Vec<IngestedChange> = (first..first + PAGE)
            .map(|n| arrives(n, &letter(&format!("{n}@x.example"), i64::from(n))))
            .collect();
        let page = IngestedPage { changes: letters, ..Default::default() };
        let page = sync::prepare(&store.packer(), page).expect("it is packed");
        let now = START + i64::from(turn);
        runtime
            .block_on(store.write(Origin::Sync, now, move |w| sync::apply(w, inbox, &page)))
            .expect("it is stored");
        println!("stored {turn}");
        let one = format!("{first}@x.example");
        let conversation: i64 = store
            .read_now(|c| {
                let sql = "SELECT conversation_id FROM message WHERE message_id = ?1";
                Ok(c.query_row(sql, [one], |row| row.get(0))?)
            })
            .expect("its conversation");
        let edited = store.write(Origin::Local, now, move |w| {
            let group = sync::new_group(w)?;
            sync::edit(w, &[ConversationId(conversation)], ConversationEdit::Archive, &group)
        });
        assert_eq!(runtime.block_on(edited).expect("it is kept"), 1, "one was archived");
        println!("archived {turn}");
    }
    unreachable!("it is killed before the numbers end")
}
