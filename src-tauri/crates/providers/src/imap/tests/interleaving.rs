//! Random changes by another client between random pages: in the end both sides are equal.

use std::sync::atomic::{AtomicU32, Ordering};

use deskbell_domain::message::Flags;
use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::PullOptions;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::conformance::Phone;
use super::support::{ALL, Mirror, dovecot, inbox, rungs, with_pace};
use crate::conformance::Remote as _;
use crate::imap::ImapProvider;
use crate::imap::pace::{Limits, Pace};

static SERIAL: AtomicU32 = AtomicU32::new(1);

#[derive(Clone, Debug)]
enum Step {
    Deliver,
    Flag(usize, bool, bool),
    Remove(usize),
    Page { lost: bool },
    Reconnect,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(Step::Deliver),
        3 => (any::<usize>(), any::<bool>(), any::<bool>()).prop_map(|(at, seen, star)| Step::Flag(at, seen, star)),
        2 => any::<usize>().prop_map(Step::Remove),
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

fn pick(phone: &mut Phone, at: usize) -> Option<String> {
    let there = phone.subjects();
    let at = at.checked_rem(there.len())?;
    there.into_iter().nth(at)
}
