//! Providers that keep one pile of messages, each with labels, a place and a thread of its own: what they say
//! of them is taken over as they say it, in whatever order it comes.

use std::collections::BTreeMap;

use deskbell_domain::conversation::{ConversationEdit, View};
use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::ingested::{IngestedChange, IngestedPage};
use deskbell_domain::message::Flags;
use deskbell_domain::outgoing::{ComposeKind, Composition};
use deskbell_domain::sync::{Cursor, EditOutcome, StateEdit};
use deskbell_domain::{Address, MailboxRole};
use deskbell_store::sync;
use deskbell_store::sync::outgoing::{self as written, NewDraft};
use deskbell_store::table::{label, outbox, scope};

use crate::support::{Desk, Letter, arrives, flagged, gone, key, letter};

const PILE: MailboxRole = MailboxRole::All;

fn lying(number: u32, letter: &Letter, role: MailboxRole) -> IngestedChange {
    match arrives(number, letter) {
        IngestedChange::Message(mut message) => {
            message.role = Some(role);
            IngestedChange::Message(message)
        }
        other => other,
    }
}

/// A letter as a provider brings it that names its messages for good.
fn named(number: u32, letter: &Letter, name: &str) -> IngestedChange {
    match arrives(number, letter) {
        IngestedChange::Message(mut message) => {
            message.known_by = Some(Fingerprint::named(name));
            IngestedChange::Message(message)
        }
        other => other,
    }
}

/// The row behind a copy.
fn row(desk: &Desk, role: MailboxRole, number: u32) -> i64 {
    let (scope, key) = (desk.scope(role).0, key(number).0);
    let sql = "SELECT message_id FROM location WHERE scope_id = ?1 AND remote_key = ?2";
    desk.read(|c| Ok(c.query_row(sql, (scope, key), |row| row.get(0))?))
}

fn rows(desk: &Desk) -> i64 {
    desk.read(|c| Ok(c.query_row("SELECT count(*) FROM message", [], |row| row.get(0))?))
}

fn labelled(number: u32, names: &[&str]) -> IngestedChange {
    let labels = names.iter().map(|name| (*name).to_owned()).collect();
    IngestedChange::Labels { key: key(number), labels }
}

/// The names of the labels a message carries, as a person sees it.
fn labels(desk: &Desk, id: &str) -> Vec<String> {
    let id = desk.message(id);
    desk.read(|c| {
        let all = label::list(c)?;
        let carried = label::of_message(c, id)?;
        Ok(all.into_iter().filter(|l| carried.contains(&l.id)).map(|l| l.name).collect())
    })
}

/// Which letters share a conversation.
fn partition(desk: &Desk, ids: &[&str]) -> Vec<Vec<String>> {
    let mut groups: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for id in ids {
        groups.entry(desk.conversation(id).0).or_default().push((*id).to_owned());
    }
    let mut groups: Vec<Vec<String>> = groups.into_values().collect();
    groups.sort();
    groups
}

#[test]
fn a_providers_thread_counts_for_more_than_what_letters_refer_to() {
    let letters = [
        letter("ask", 0).within("t1"),
        letter("reminder", 1).within("t1"),
        letter("split", 2).answering("ask").within("t2"),
        letter("split-answer", 3).answering("ask").answering("split").within("t2"),
    ];
    let ids = ["ask", "reminder", "split", "split-answer"];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2], [3, 0, 2, 1]] {
        let mut desk = Desk::with(&[PILE]);
        for number in order {
            desk.receive(PILE, u32::try_from(number).expect("small") + 1, &letters[number]);
            desk.check();
        }
        assert_eq!(
            partition(&desk, &ids),
            [["ask", "reminder"], ["split", "split-answer"]],
            "the same threads whatever came first: {order:?}"
        );
    }
}

#[test]
fn threads_that_become_known_later_take_their_letters_with_them() {
    let mut desk = Desk::with(&[PILE]);
    for (number, id) in [(1, "one"), (2, "two"), (3, "three")] {
        let mut letter = letter(id, i64::from(number));
        if number > 1 {
            letter = letter.answering("one");
        }
        desk.receive(PILE, number, &letter);
    }
    let all = ["one", "two", "three"];
    assert_eq!(partition(&desk, &all).len(), 1, "by what they refer to, they are one");
    for (number, id, thread) in [(1, "one", "t1"), (2, "two", "t2"), (3, "three", "t1")] {
        let mut letter = letter(id, i64::from(number)).within(thread);
        if number > 1 {
            letter = letter.answering("one");
        }
        desk.receive(PILE, number, &letter);
        desk.check();
    }
    assert_eq!(partition(&desk, &all), [vec!["one", "three"], vec!["two"]]);
}

#[test]
fn what_was_written_here_joins_the_thread_its_provider_puts_it_into() {
    let mut desk = Desk::with(&[PILE]);
    let ask = letter("ask", 0).within("t1");
    desk.bring(PILE, vec![lying(1, &ask, MailboxRole::Inbox)]);
    let new = NewDraft {
        account: desk.account,
        kind: ComposeKind::New,
        about: None,
        token: "ours".into(),
        composition: Composition {
            to: vec![Address { name: None, address: "mara@client.example".into() }],
            subject: "About ask".into(),
            text: "Written anew, not as an answer.".into(),
            ..Composition::default()
        },
        files: Vec::new(),
    };
    desk.write(move |w| written::create(w, &new)).expect("a draft");
    assert_eq!(partition(&desk, &["ask", "ours"]).len(), 2);
    let copy = letter("ours", 5).within("t1").seen();
    desk.bring(PILE, vec![lying(2, &copy, MailboxRole::Drafts)]);
    assert_eq!(partition(&desk, &["ask", "ours"]), [["ask", "ours"]]);
}

#[test]
fn the_name_its_provider_gave_decides_what_is_one_message() {
    use MailboxRole::{Inbox, Other, Spam, Trash};
    let mut desk = Desk::with(&[PILE, Trash, Spam, Inbox, Other]);
    let twin = letter("twin", 0);
    desk.bring(PILE, vec![named(1, &twin, "a"), named(2, &twin, "b")]);
    let (a, b) = (row(&desk, PILE, 1), row(&desk, PILE, 2));
    assert_ne!(a, b, "two names are two messages, alike to the last byte");
    desk.check();

    // It is thrown away and comes back, and its server measures it anew each time.
    desk.bring(PILE, vec![gone(1)]);
    desk.bring(Trash, vec![named(9, &twin.clone().saying("Measured otherwise."), "a")]);
    assert_eq!(row(&desk, Trash, 9), a, "into the trash");
    desk.bring(Trash, vec![gone(9)]);
    desk.bring(Spam, vec![named(4, &twin, "a")]);
    desk.bring(Spam, vec![gone(4)]);
    desk.bring(PILE, vec![named(7, &twin, "a")]);
    assert_eq!(row(&desk, PILE, 7), a, "and back");

    // All numbers are given anew, to the other one first.
    let anew = [named(12, &twin, "a"), named(11, &twin, "b")];
    let began = [IngestedChange::Renumbered, IngestedChange::ListingBegan];
    let ended = [IngestedChange::ListingEnded];
    desk.bring(PILE, began.into_iter().chain(anew).chain(ended).collect());
    assert_eq!((row(&desk, PILE, 12), row(&desk, PILE, 11)), (a, b));

    // Under each of its labels it is the same.
    desk.bring(Inbox, vec![named(1, &twin, "b")]);
    desk.bring(Other, vec![named(1, &twin, "b")]);
    assert_eq!([row(&desk, Inbox, 1), row(&desk, Other, 1)], [b, b]);
    assert_eq!(rows(&desk), 2, "two names, two rows, after all of it");
    desk.check();
}

#[test]
fn what_was_stored_before_names_were_asked_for_gets_the_first_it_is_told() {
    let mut desk = Desk::with(&[PILE, MailboxRole::Trash]);
    let old = letter("old", 0);
    desk.bring(PILE, vec![arrives(1, &old)]);
    let first = row(&desk, PILE, 1);
    desk.bring(MailboxRole::Trash, vec![named(5, &old, "c")]);
    assert_eq!(row(&desk, MailboxRole::Trash, 5), first, "known by what it looks like");
    desk.bring(PILE, vec![named(1, &old, "d")]);
    assert_ne!(row(&desk, PILE, 1), first, "the row has a name now, and this is another");
    assert_eq!(rows(&desk), 2);
    desk.check();
}

#[test]
fn versions_of_a_draft_are_one_message_under_many_names_and_a_double_of_what_was_sent_is_another() {
    use MailboxRole::{Drafts, Sent, Trash};
    let mut desk = Desk::with(&[Drafts, Sent, Trash]);
    let new = NewDraft {
        account: desk.account,
        kind: ComposeKind::New,
        about: None,
        token: "ours".into(),
        composition: Composition { subject: "About ours".into(), ..Composition::default() },
        files: Vec::new(),
    };
    desk.write(move |w| written::create(w, &new)).expect("a draft");
    let ours = desk.message("ours").0;
    let copy = letter("ours", 5).seen();
    desk.bring(Drafts, vec![named(1, &copy, "a")]);
    desk.bring(Drafts, vec![named(2, &copy.clone().saying("Longer."), "b"), gone(1)]);
    assert_eq!(row(&desk, Drafts, 2), ours, "the next version of the draft");
    desk.bring(Sent, vec![named(1, &copy, "c")]);
    desk.bring(Drafts, vec![gone(2)]);
    assert_eq!(row(&desk, Sent, 1), ours, "what became of it");
    desk.bring(Sent, vec![named(2, &copy, "d")]);
    assert_ne!(row(&desk, Sent, 2), ours, "another name is another message");
    desk.bring(Sent, vec![gone(1)]);
    desk.bring(Trash, vec![named(1, &copy, "c")]);
    assert_eq!(row(&desk, Trash, 1), ours, "and its own name finds it anywhere");
    desk.check();
}

#[test]
fn labels_come_by_any_name_and_stay_until_others_are_told() {
    let mut desk = Desk::with(&[PILE]);
    let names = ["Clients/VIP ★", "Rückruf nötig", "大事"];
    desk.bring(PILE, vec![arrives(1, &letter("one", 0)), labelled(1, &names)]);
    assert_eq!(labels(&desk, "one"), ["Clients/VIP ★", "Rückruf nötig", "大事"]);
    desk.bring(PILE, vec![flagged(1, Flags { seen: true, ..Flags::default() })]);
    assert_eq!(labels(&desk, "one").len(), 3, "its flags say nothing of its labels");
    desk.bring(PILE, vec![labelled(1, &["大事"]), labelled(9, &["unknown copy"])]);
    assert_eq!(labels(&desk, "one"), ["大事"], "what is told is complete");
    desk.check();
}

#[test]
fn a_label_renamed_here_keeps_the_name_its_provider_knows() {
    let mut desk = Desk::with(&[PILE]);
    desk.bring(PILE, vec![arrives(1, &letter("one", 0)), labelled(1, &["VIP"])]);
    let vip = desk.read(|c| label::named(c, "vip")).expect("taken over").id;
    desk.write(move |w| label::update(w, vip, "Wichtig", 3)).expect("renamed");
    desk.bring(PILE, vec![arrives(2, &letter("two", 1)), labelled(2, &["VIP"])]);
    assert_eq!(labels(&desk, "two"), ["Wichtig"], "no second label of the old name");
    let conversation = desk.conversation("two");
    desk.write(move |w| {
        let group = sync::new_group(w)?;
        sync::label::set(w, &[conversation], vip, false, &group)
    })
    .expect("taken off");
    let account = desk.account;
    let now = desk.now;
    let due = desk.read(|c| outbox::due(c, account, now, 10));
    let edits: Vec<StateEdit> = due.into_iter().map(|item| item.edit).collect();
    let told = StateEdit::Label { keyword: "VIP".into(), name: "VIP".into(), value: false };
    assert_eq!(edits, [told], "the provider hears the name it knows");
    desk.write(move |w| sync::label::remove(w, vip)).expect("removed");
    desk.bring(PILE, vec![labelled(1, &["VIP"])]);
    assert!(labels(&desk, "one").is_empty(), "a removed label does not come back");
    desk.check();
}

#[test]
fn a_letter_that_changes_its_place_within_its_pile_changes_lists() {
    let mut desk = Desk::with(&[PILE]);
    desk.bring(PILE, vec![lying(1, &letter("one", 0), MailboxRole::Inbox)]);
    assert_eq!(desk.list(View::Inbox), ["About one"]);
    let placed = |role| IngestedChange::Placed { key: key(1), role };
    desk.bring(PILE, vec![placed(MailboxRole::Spam)]);
    assert_eq!(desk.list(View::Spam), ["About one"]);
    assert!(desk.list(View::Inbox).is_empty(), "it lies in one place");
    desk.bring(PILE, vec![IngestedChange::ListingBegan, placed(MailboxRole::Archive)]);
    desk.bring(PILE, vec![IngestedChange::ListingEnded]);
    assert_eq!(desk.list(View::Archived), ["About one"], "what is placed is there");
    desk.check();
}

#[test]
fn a_move_within_a_pile_is_done_once_its_provider_says_so() {
    let mut desk = Desk::with(&[PILE]);
    desk.bring(PILE, vec![lying(1, &letter("one", 0), MailboxRole::Inbox), labelled(1, &["VIP"])]);
    let conversation = desk.conversation("one");
    desk.edit(conversation, ConversationEdit::Trash, "edit-1");
    let (account, now) = (desk.account, desk.now);
    let item = desk.read(|c| outbox::due(c, account, now, 10)).remove(0);
    let moved_to = Some((PILE.as_str().to_owned(), key(1)));
    let outcome = EditOutcome { key: key(1), moved_to };
    desk.write(move |w| sync::edit_accepted(w, item.id, Some(&outcome))).expect("taken over");
    assert_eq!(desk.list(View::Trash), ["About one"]);
    assert_eq!(labels(&desk, "one"), ["VIP"], "its labels stay on");
    desk.check();
    desk.undo("edit-1");
    assert_eq!(desk.list(View::Inbox), ["About one"], "and it can be taken back");
    desk.check();
}

#[test]
fn a_count_from_before_a_message_came_or_went_is_forgotten() {
    let mut desk = Desk::with(&[PILE]);
    let page = |changes, remote_total| IngestedPage {
        changes,
        cursor: Some(Cursor("1".into())),
        remote_total,
        remaining: None,
    };
    let there = |desk: &Desk| {
        let pile = desk.scope(PILE);
        desk.read(|c| Ok(scope::get(c, pile)?.remote_total))
    };
    let two = vec![arrives(1, &letter("one", 0)), arrives(2, &letter("two", 1))];
    desk.try_bring(PILE, page(two, Some(2))).expect("applied");
    assert_eq!(there(&desk), Some(2));
    desk.try_bring(PILE, page(vec![flagged(1, Flags::default())], None)).expect("applied");
    assert_eq!(there(&desk), Some(2), "as many as before");
    desk.try_bring(PILE, page(vec![gone(1)], None)).expect("applied");
    assert_eq!(there(&desk), None, "better nothing is said than that one is still to come");
    desk.try_bring(PILE, page(Vec::new(), Some(1))).expect("applied");
    assert_eq!(there(&desk), Some(1));
}
