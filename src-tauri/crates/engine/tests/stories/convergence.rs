//! Two sides change the same mailboxes, the line fails, the process is stopped: in the end both are equal.

use std::collections::BTreeMap;

use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::time::{Clock as _, HOUR};
use deskbell_domain::{MailboxRole, ProviderError};
use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;
use crate::server::{Op, Server};

const BOXES: [(&str, MailboxRole); 3] = [
    ("INBOX", MailboxRole::Inbox),
    ("Archive", MailboxRole::Archive),
    ("Trash", MailboxRole::Trash),
];

/// One thing that happens; numbers choose a mailbox or a message, whichever there is.
#[derive(Clone, Debug)]
enum Step {
    Deliver(usize),
    Expunge(usize),
    ReadElsewhere(usize, bool),
    Renumber(usize),
    Edit(usize, ConversationEdit),
    Sync,
    SyncWithFault(Op, ProviderError),
    SyncStoppedAfter(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let edit = prop::sample::select(vec![
        ConversationEdit::Read,
        ConversationEdit::Unread,
        ConversationEdit::Star,
        ConversationEdit::Archive,
        ConversationEdit::Inbox,
        ConversationEdit::Trash,
    ]);
    let op = prop::sample::select(vec![Op::Scopes, Op::Pull, Op::Bodies, Op::Apply]);
    let fault = prop::sample::select(vec![
        ProviderError::CursorLost("it".into()),
        ProviderError::Protocol("gibberish".into()),
        ProviderError::Auth("expired".into()),
    ]);
    prop_oneof![
        5 => (0..3_usize).prop_map(Step::Deliver),
        1 => any::<usize>().prop_map(Step::Expunge),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(n, seen)| Step::ReadElsewhere(n, seen)),
        1 => (0..3_usize).prop_map(Step::Renumber),
        4 => (any::<usize>(), edit).prop_map(|(n, edit)| Step::Edit(n, edit)),
        3 => Just(Step::Sync),
        1 => (op, fault).prop_map(|(op, fault)| Step::SyncWithFault(op, fault)),
        1 => (1..6_u32).prop_map(Step::SyncStoppedAfter),
    ]
}

async fn take(desk: &Desk, step: Step, serial: &mut u32) {
    match step {
        Step::Deliver(n) => {
            *serial += 1;
            desk.server.deliver(BOXES[n].0, &format!("m-{serial}"));
        }
        Step::Expunge(n) => {
            if let Some((key, uid)) = pick(&desk.server, n) {
                desk.server.expunge(&key, uid);
            }
        }
        Step::ReadElsewhere(n, seen) => {
            if let Some((key, uid)) = pick(&desk.server, n) {
                desk.server.set_seen(&key, uid, seen);
            }
        }
        Step::Renumber(n) => desk.server.renumber(BOXES[n].0),
        Step::Edit(n, edit) => desk.edit_any(n, edit).await,
        Step::Sync => drop(desk.sync().await),
        Step::SyncWithFault(op, fault) => {
            desk.server.fail(op, fault);
            drop(desk.sync().await);
        }
        Step::SyncStoppedAfter(pulls) => {
            let token = CancellationToken::new();
            desk.server.stop_after_pulls(pulls, token.clone());
            drop(desk.idle().sync_once(desk.account, &token).await);
        }
    }
    desk.clock.now();
}

/// Some message of the server.
fn pick(server: &Server, n: usize) -> Option<(String, u32)> {
    let all: Vec<(String, u32)> = BOXES
        .iter()
        .flat_map(|(key, _)| server.uids(key).into_iter().map(|uid| ((*key).to_owned(), uid)))
        .collect();
    (!all.is_empty()).then(|| all[n % all.len()].clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_both_sides_end_equal(steps in prop::collection::vec(step(), 1..30)) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let (ours, theirs, waiting, rows, subjects) = runtime.block_on(async {
            let desk = Desk::new(Server::with_mailboxes(&BOXES)).await;
            let mut serial = 0;
            for step in steps {
                take(&desk, step, &mut serial).await;
            }
            desk.server.forget_faults();
            // Edits that failed are due again, and what is gone needs a second look to be let go.
            for _ in 0..3 {
                desk.clock.advance(HOUR);
                desk.sync().await.expect("nothing is in the way any more");
            }
            let theirs: BTreeMap<_, _> =
                BOXES.iter().flat_map(|(key, _)| desk.server.holdings(key)).collect();
            let waiting = desk.number("SELECT count(*) FROM outbox").await;
            let rows = desk.number("SELECT count(*) FROM message").await;
            let subjects = desk.number("SELECT count(DISTINCT subject) FROM message").await;
            (desk.holdings().await, theirs, waiting, rows, subjects)
        });
        prop_assert_eq!(ours, theirs, "every copy with its flags, and no other");
        prop_assert_eq!(waiting, 0, "nothing waits");
        prop_assert_eq!(rows, subjects, "no message twice");
    }
}
