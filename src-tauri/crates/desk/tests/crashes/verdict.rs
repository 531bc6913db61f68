//! What must be true when everything has come to rest, whatever happened on the way.

use std::collections::BTreeMap;
use std::rc::Rc;

use deskbell_domain::outgoing::OutgoingState;
use deskbell_domain::time::DAY;
use deskbell_store::table::outgoing::Outgoing;

use crate::desk::{Desk, Letter};
use crate::life::Lives;
use crate::mailbox::Mailbox;

/// What was found when everything had come to rest.
pub struct Settled {
    /// What the life before had left.
    pub left: Vec<Outgoing>,
    /// Messages that were a person's to decide about.
    pub unknown: Vec<String>,
}

/// Lets one whole life bring everything to its end, and looks.
pub fn settle(lives: &mut Lives<'_>, letters: &[Letter], what: &str) -> Settled {
    let mailbox = Rc::clone(&lives.mailbox);
    once_each(&mailbox.taken(), what);
    let told = lives.live(None, async |desk| {
        let left = desk.rows().await;
        let unknown = come_to_rest(desk, &mailbox, letters, what).await;
        decide_and_judge(desk, &mailbox, letters, what).await;
        Settled { left, unknown }
    });
    told.told.expect("nothing cuts this life short")
}

/// Works until nothing more happens by itself. Answers what is left to a person.
async fn come_to_rest(
    desk: &Desk,
    mailbox: &Mailbox<'_>,
    letters: &[Letter],
    what: &str,
) -> Vec<String> {
    desk.write_all(letters).await;
    let engine = desk.engine();
    desk.work(&engine).await;
    let rows = desk.rows().await;
    let unknown: Vec<_> =
        rows.into_iter().filter(|row| row.state == OutgoingState::Unknown).collect();
    for row in &unknown {
        let words = row.error.as_deref().unwrap_or_default();
        assert!(!words.is_empty(), "{what}: a person is told why: {row:?}");
    }
    let taken = mailbox.taken();
    once_each(&taken, what);
    desk.clock.advance(DAY);
    desk.send(&engine).await;
    assert_eq!(mailbox.taken(), taken, "{what}: what is a person's to say is not sent again");
    unknown.into_iter().map(|row| row.token).collect()
}

/// A person settles what is unknown; then all of it is there, once, in order, and shown once.
async fn decide_and_judge(desk: &Desk, mailbox: &Mailbox<'_>, letters: &[Letter], what: &str) {
    mailbox.smtp.behave();
    desk.decide(&mailbox.taken()).await;
    let engine = desk.engine();
    desk.work(&engine).await;
    desk.sync(&engine).await;
    let (rows, places) = (desk.rows().await, desk.places().await);
    let taken = mailbox.taken();
    once_each(&taken, what);
    assert_eq!(rows.len(), letters.len(), "{what}: each was written once");
    for row in &rows {
        assert!(row.state.is_gone(), "{what}: it says that it left: {row:?}");
        assert!(taken.contains(&row.token), "{what}: nothing is lost: {row:?}");
    }
    let mut shown: Vec<_> = letters.iter().map(|one| (one.token.clone(), "sent".into())).collect();
    shown.sort();
    assert_eq!(places, shown, "{what}: each lies among the sent ones here, once");
    if mailbox.keeper.has_mailbox() {
        let mut sent = mailbox.sent();
        sent.sort();
        let tokens: Vec<_> = shown.iter().map(|(token, _)| token.clone()).collect();
        assert_eq!(sent, tokens, "{what}: one copy of each among the server's sent ones");
    }
    let mut order: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for token in &taken {
        let at = letters.iter().position(|letter| letter.token == *token).expect("one of them");
        order.entry(&letters[at].conversation).or_default().push(at);
    }
    for (conversation, order) in order {
        assert!(order.is_sorted(), "{what}: {conversation} left in its order: {order:?}");
    }
}

fn once_each(taken: &[String], what: &str) {
    let mut distinct = taken.to_vec();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), taken.len(), "{what}: nothing is sent twice: {taken:?}");
}
