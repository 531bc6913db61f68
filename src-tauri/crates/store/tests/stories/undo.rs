//! Taking an edit back gives exactly what was there before, whether or not the provider has learnt of it.

use deskbell_domain::MailboxRole;
use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::sync::{EditOutcome, RemoteKey, StateEdit};
use deskbell_store::sync;
use deskbell_store::table::outbox;

use crate::support::{Desk, key, letter, rules};

const EDITS: [ConversationEdit; 8] = [
    ConversationEdit::Read,
    ConversationEdit::Unread,
    ConversationEdit::Star,
    ConversationEdit::Unstar,
    ConversationEdit::Archive,
    ConversationEdit::Inbox,
    ConversationEdit::Trash,
    ConversationEdit::Spam,
];

/// How far the provider has come when the edit is taken back.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Learnt {
    Nothing,
    /// It is being told just now.
    UnderWay,
    /// It was begun in several steps and cut off; nobody knows how much of it is done.
    CutOff,
    /// It has done it and said where the copy is now.
    AllOfIt,
    /// It has done it and did not say where the copy is now.
    NotWhere,
}

/// Conversations in every state a person may find one in: read and unread, starred, in each mailbox, with our
/// own answer.
fn desk() -> Desk {
    let mut desk = Desk::new();
    for (n, role) in (1..).zip(MailboxRole::EVERY) {
        let at = i64::from(n);
        let unread = letter(&format!("unread-{n}@x.example"), at);
        let read = letter(&format!("read-{n}@x.example"), at + 20).seen();
        let starred = letter(&format!("starred-{n}@x.example"), at + 40).seen().starred();
        desk.receive(role, n * 10, &unread);
        desk.receive(role, n * 10 + 1, &read);
        desk.receive(role, n * 10 + 2, &starred);
    }
    let question = letter("question@x.example", 100);
    let answer = letter("answer@x.example", 101).answering("question@x.example").seen();
    desk.receive(MailboxRole::Inbox, 200, &question);
    desk.receive(MailboxRole::Sent, 202, &answer);
    desk.check();
    desk
}

/// A message that lies in the inbox and in the archive. Once the provider has moved the one copy beside the
/// other, nothing tells them apart: whichever is moved back, there is one in each again. Where the provider does
/// not say where it moved the one, the other is all that is known until the next sync.
fn lay_in_two_mailboxes(desk: &mut Desk) {
    let twice = letter("twice@x.example", 102).seen();
    desk.receive(MailboxRole::Inbox, 201, &twice);
    desk.receive(MailboxRole::Archive, 201, &twice);
}

/// What differs between two pictures.
fn difference(one: &[String], other: &[String]) -> Vec<String> {
    let only = |these: &[String], those: &[String], mark: char| -> Vec<String> {
        these.iter().filter(|l| !those.contains(l)).map(|line| format!("{mark} {line}")).collect()
    };
    [only(one, other, '-'), only(other, one, '+')].concat()
}

impl Desk {
    fn picture(&self) -> Vec<String> {
        self.read(|c| Ok(rules::picture(c)))
    }

    fn every_conversation(&self) -> Vec<i64> {
        self.read(|c| {
            let mut statement = c.prepare("SELECT id FROM conversation ORDER BY id")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// Has the provider carry out every waiting edit.
    fn tell_all(&mut self, says_where: bool) {
        let (account, now) = (self.account, self.now + 60_000);
        for item in self.read(|c| outbox::due(c, account, now, 1_000)) {
            let id = item.id;
            let keys: Vec<RemoteKey> = self.read(|c| outbox::keys(c, id));
            let moved_to = match &item.edit {
                StateEdit::Move { to } if says_where => {
                    // No two copies get the same number.
                    let number = keys[0].to_uid().expect("a number")
                        + 1_000 * u32::try_from(id.0).expect("small");
                    Some((to.as_str().to_owned(), key(number)))
                }
                _ => None,
            };
            let outcome = EditOutcome { key: keys[0].clone(), moved_to };
            self.write(move |w| sync::edit_accepted(w, id, Some(&outcome))).expect("it is told");
        }
    }
}

fn story(edit: ConversationEdit, learnt: Learnt) {
    let mut desk = desk();
    if learnt != Learnt::NotWhere {
        lay_in_two_mailboxes(&mut desk);
    }
    let before = desk.picture();
    let mut changed = 0;
    for (n, conversation) in desk.every_conversation().into_iter().enumerate() {
        let group = format!("edit-{n}");
        changed += desk.edit(deskbell_domain::ConversationId(conversation), edit, &group);
    }
    assert!(changed > 0, "{edit:?} means something to one of them");
    assert_ne!(desk.picture(), before, "{edit:?} shows at once");
    desk.check();
    let (account, now) = (desk.account, desk.now + 60_000);
    match learnt {
        Learnt::Nothing => {}
        Learnt::UnderWay | Learnt::CutOff => {
            let due = desk.read(|c| outbox::due(c, account, now, 1_000));
            let ids: Vec<_> = due.into_iter().map(|item| item.id).collect();
            let begun = ids.clone();
            desk.write(move |w| outbox::set_sending(w, &begun)).expect("under way");
            if learnt == Learnt::CutOff {
                desk.write(move |w| outbox::set_step(w, &ids, "copy:9:11:Archive")).expect("noted");
                desk.write(move |w| outbox::requeue(w, account, &[], 0, None)).expect("cut off");
            }
        }
        Learnt::AllOfIt => desk.tell_all(true),
        Learnt::NotWhere => desk.tell_all(false),
    }
    desk.check();
    for n in 0..desk.every_conversation().len() {
        desk.undo(&format!("edit-{n}"));
    }
    desk.check();
    let traces = difference(&before, &desk.picture());
    assert!(traces.is_empty(), "{edit:?} taken back after {learnt:?} leaves no trace: {traces:#?}");
    if learnt == Learnt::Nothing {
        let waiting = desk.read(|c| outbox::waiting(c, account));
        assert_eq!(waiting, 0, "{edit:?} never left, so there is nothing to tell");
    }
    // Taken back twice is taken back once.
    assert_eq!(desk.undo("edit-0"), 0, "an edit can be taken back once");
    // And the provider is told of it, so that both sides agree again.
    if learnt == Learnt::AllOfIt {
        desk.tell_all(true);
        desk.check();
        let traces = difference(&before, &desk.picture());
        assert!(traces.is_empty(), "{edit:?} is taken back there too: {traces:#?}");
        let waiting = desk.read(|c| outbox::waiting(c, account));
        assert_eq!(waiting, 0, "{edit:?}: nothing waits any more");
    }
}

#[test]
fn an_edit_the_provider_has_not_heard_of_is_taken_back_whole() {
    for edit in EDITS {
        story(edit, Learnt::Nothing);
    }
}

#[test]
fn an_edit_under_way_is_taken_back_whole() {
    for edit in EDITS {
        story(edit, Learnt::UnderWay);
    }
}

/// Forgetting such an edit would leave the half of it there: a copy in the mailbox it was moved to.
#[test]
fn an_edit_that_was_cut_off_is_carried_to_its_end_and_then_taken_back() {
    for edit in EDITS {
        story(edit, Learnt::CutOff);
    }
    let mut desk = desk();
    let conversation = desk.every_conversation()[0];
    desk.edit(deskbell_domain::ConversationId(conversation), ConversationEdit::Trash, "edit-1");
    let (account, now) = (desk.account, desk.now + 60_000);
    let ids: Vec<_> =
        desk.read(|c| outbox::due(c, account, now, 10)).iter().map(|i| i.id).collect();
    let begun = ids.clone();
    desk.write(move |w| outbox::set_step(w, &begun, "copy:9:11:Trash")).expect("noted");
    desk.undo("edit-1");
    let due = desk.read(|c| outbox::due(c, account, now + 60_000, 10));
    assert_eq!(due.first().map(|item| item.id), ids.first().copied(), "first the end of the move");
    assert!(due.len() > ids.len(), "and then the way back: {due:?}");
}

#[test]
fn an_edit_the_provider_has_carried_out_is_taken_back_whole() {
    for edit in EDITS {
        story(edit, Learnt::AllOfIt);
    }
}

#[test]
fn a_move_whose_copy_has_not_been_seen_again_is_taken_back_whole() {
    for edit in EDITS {
        story(edit, Learnt::NotWhere);
    }
}

#[test]
fn a_refused_edit_is_taken_back_and_its_reason_kept() {
    for edit in EDITS {
        let mut desk = desk();
        let before = desk.picture();
        for (n, conversation) in desk.every_conversation().into_iter().enumerate() {
            desk.edit(deskbell_domain::ConversationId(conversation), edit, &format!("edit-{n}"));
        }
        let (account, now) = (desk.account, desk.now + 60_000);
        let due = desk.read(|c| outbox::due(c, account, now, 1_000));
        assert!(!due.is_empty(), "{edit:?} waits to be told");
        for item in due {
            desk.write(move |w| sync::edit_rejected(w, item.id, "over quota")).expect("refused");
            desk.check();
        }
        let traces = difference(&before, &desk.picture());
        assert!(traces.is_empty(), "{edit:?} refused leaves no trace: {traces:#?}");
        let detail = desk.read(|c| deskbell_store::table::account::get(c, account)).detail;
        let detail = detail.unwrap_or_default();
        assert!(detail.contains("over quota"), "the person reads why: {detail}");
    }
}
