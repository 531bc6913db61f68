//! Random changes by another client, and moves of our own, between random pages: in the end both sides are
//! equal.

use std::sync::atomic::{AtomicU32, Ordering};

use deskbell_domain::MailboxRole;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{MessageSource as _, StateSink as _};
use deskbell_domain::sync::{PullOptions, RemoteKey, RemoteMessage, RemoteSource, StateEdit};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::conformance::Phone;
use super::support::{ALL, Mirror, dovecot, inbox, rungs, scope, with_pace};
use crate::conformance::Remote as _;
use crate::imap::ImapProvider;
use crate::imap::pace::{Limits, Pace};

static SERIAL: AtomicU32 = AtomicU32::new(1);

#[derive(Clone, Debug)]
enum Step {
    Deliver,
    Flag(usize, bool, bool),
    Remove(usize),
    /// We move a message here, and hold the copy before its mailbox is pulled.
    MoveHere,
    Page {
        lost: bool,
    },
    Reconnect,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(Step::Deliver),
        3 => (any::<usize>(), any::<bool>(), any::<bool>()).prop_map(|(at, seen, star)| Step::Flag(at, seen, star)),
        2 => any::<usize>().prop_map(Step::Remove),
        2 => Just(Step::MoveHere),
        6 => any::<bool>().prop_map(|lost| Step::Page { lost }),
        1 => Just(Step::Reconnect),
    ];
    prop::collection::vec(step, 1..40)
}

#[test]
fn any_interleaving_of_changes_and_pages_converges_on_every_rung() {
    for rung in rungs() {
        let Some(server) = dovecot(rung.clone()) else { return };
        let limits = Limits { compared_per_page: 4, ..Limits::default() };
        let connect = || with_pace(&server, Pace { limits, ..Pace::default() });
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut runner =
            TestRunner::new(Config { cases: 25, failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&steps(), |steps| {
            runtime.block_on(play(&steps, &mut Phone::on(&server), &connect));
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{rung:?}: {error}");
        }
    }
}

async fn play(steps: &[Step], phone: &mut Phone, connect: &dyn Fn() -> ImapProvider) {
    let options = PullOptions { max_messages: 2, ..ALL };
    let mut account = connect();
    let mut mirror = Mirror::default();
    for step in steps {
        match step {
            Step::Deliver => {
                // Names never repeat, so that no message can be taken for one that was removed.
                let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
                phone.deliver(&format!("s{serial}e"));
            }
            Step::Flag(at, seen, starred) => {
                if let Some(subject) = pick(phone, *at) {
                    phone.set_flags(
                        &subject,
                        Flags { seen: *seen, starred: *starred, ..Flags::default() },
                    );
                }
            }
            Step::Remove(at) => {
                if let Some(subject) = pick(phone, *at) {
                    phone.remove(&subject);
                }
            }
            Step::MoveHere => {
                let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
                move_here(&account, phone, &mut mirror, &format!("s{serial}e")).await;
            }
            Step::Page { lost } => {
                let page =
                    account.pull(&inbox(), mirror.cursor.as_ref(), options).await.expect("a page");
                if !lost {
                    mirror.apply(page);
                }
            }
            Step::Reconnect => account = connect(),
        }
    }
    mirror.sync(&account, &inbox(), options).await;
    mirror.sync(&account, &inbox(), options).await;
    let mut there = phone.state();
    let mut here: Vec<(String, bool, bool)> = mirror
        .held
        .values()
        .map(|message| {
            let subject = crate::conformance::mirror::subject(&message.source);
            (subject, message.flags.seen, message.flags.starred)
        })
        .collect();
    here.sort();
    there.sort();
    assert_eq!(here, there, "both sides are equal after {steps:?}");
}

async fn move_here(account: &ImapProvider, phone: &mut Phone, mirror: &mut Mirror, subject: &str) {
    let raw = format!("From: a@b.example\r\nSubject: {subject}\r\n\r\nThis is {subject}.\r\n");
    let answers = phone.client.append("Trash", "", raw.as_bytes()).expect("append");
    let (_, uid) = answers.iter().find_map(|line| line.split_once("APPENDUID ")).expect("a UID");
    let uid = uid.split([' ', ']']).nth(1).and_then(|uid| uid.parse().ok()).expect("a UID");
    let there = scope("Trash", MailboxRole::Trash);
    let back = StateEdit::Move { to: MailboxRole::Inbox };
    let told = account.apply(&there, None, &[RemoteKey::from_uid(uid)], &back).await;
    let moved = told.expect("a move").pop().and_then(|outcome| outcome.moved_to);
    let (target, key) = moved.expect("a COPYUID");
    assert_eq!(target, "INBOX");
    let source = RemoteSource::Full(raw.into_bytes().into());
    let (flags, internal_date, size) = (Flags::default(), 0, 0);
    let copy = RemoteMessage {
        key: key.clone(),
        flags,
        internal_date,
        size,
        role: None,
        thread: None,
        known_by: None,
        source,
    };
    mirror.held.insert(key, copy);
}

fn pick(phone: &mut Phone, at: usize) -> Option<String> {
    let there = phone.subjects();
    let at = at.checked_rem(there.len())?;
    there.into_iter().nth(at)
}
