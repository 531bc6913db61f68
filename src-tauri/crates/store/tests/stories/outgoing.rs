//! Messages on their way out: none leaves before its turn, none is taken back after it left, and what nobody
//! knows of is not sent again.

mod fate;
mod here;

use std::collections::BTreeSet;
use std::sync::Arc;

use deskbell_domain::conversation::View;
use deskbell_domain::ingested::IngestedChange;
use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingState, RefusedRecipient};
use deskbell_domain::port::Parting;
use deskbell_domain::time::{DAY, HOUR, MINUTE};
use deskbell_domain::{Address, ConversationId, MailboxRole, MessageId, Millis, OutgoingId};
use deskbell_store::queries::outgoing::{Agenda, InHand, agenda, page};
use deskbell_store::sync::outgoing::{self as written, NewDraft};
use deskbell_store::sync::transit::{self, Leaving, NEVER};
use deskbell_store::table::outgoing::{self, Outgoing};
use deskbell_store::table::{account, location};
use deskbell_store::{StoreError, sync};

use crate::support::{Desk, Letter, OWN, arrives, key, letter, new_account};

fn address(address: &str) -> Address {
    Address { name: None, address: address.into() }
}

/// A draft to Mara, an answer to `about` if there is one.
fn draft(desk: &mut Desk, token: &str, about: Option<&str>) -> OutgoingId {
    let new = NewDraft {
        account: desk.account,
        kind: if about.is_some() { ComposeKind::Reply } else { ComposeKind::New },
        about: about.map(|id| desk.message(id)),
        token: token.into(),
        composition: Composition {
            to: vec![address("mara@client.example")],
            subject: format!("About {token}"),
            text: format!("The words of {token}."),
            in_reply_to: about.map(Into::into),
            ..Composition::default()
        },
        files: Vec::new(),
    };
    desk.write(move |w| written::create(w, &new)).expect("a draft")
}

fn queued(desk: &mut Desk, token: &str, about: Option<&str>) -> OutgoingId {
    let id = draft(desk, token, about);
    let now = desk.now;
    desk.write(move |w| written::queue(w, id, now, false)).expect("is queued");
    id
}

fn get(desk: &Desk, id: OutgoingId) -> Outgoing {
    desk.read(|c| outgoing::get(c, id))
}

fn state(desk: &Desk, id: OutgoingId) -> OutgoingState {
    get(desk, id).state
}

fn leaving(desk: &Desk, id: OutgoingId) -> Leaving {
    let row = get(desk, id);
    let source = format!("Message-ID: <{}>\r\n\r\n{}\r\n", row.token, row.composition.text);
    let text = row.composition.text;
    let packed = desk.store.packer().pack(source.as_bytes(), &text).expect("is packed");
    Leaving {
        id,
        revision: row.revision,
        via: None,
        date: desk.now,
        source: source.into(),
        text,
        files: Vec::new(),
        packed,
    }
}

fn depart(desk: &mut Desk, id: OutgoingId) -> Result<(), StoreError> {
    let leaving = Arc::new(leaving(desk, id));
    desk.write(move |w| transit::departs(w, &leaving, &Parting::default()))
}

fn accept(desk: &mut Desk, id: OutgoingId) {
    desk.write(move |w| transit::accepted(w, id, Some("250 queued"), &[], None)).expect("accepted");
}

fn look(desk: &Desk) -> Agenda {
    let (account, now) = (desk.account, desk.now);
    desk.read(|c| agenda(c, account, now, &InHand::default(), 10))
}

fn ready(desk: &Desk) -> Vec<OutgoingId> {
    look(desk).ready.iter().map(|ready| ready.id).collect()
}

fn words(refused: Result<(), StoreError>) -> String {
    match refused {
        Err(StoreError::Conflict(words)) => words,
        other => panic!("it is refused with words, not {other:?}"),
    }
}

fn talk(desk: &mut Desk) {
    desk.receive(MailboxRole::Inbox, 1, &letter("question@x.example", 1));
}

#[test]
fn within_a_conversation_the_earlier_message_goes_first_and_others_do_not_wait() {
    let mut desk = Desk::new();
    talk(&mut desk);
    let first = queued(&mut desk, "first@studio.example", Some("question@x.example"));
    let second = queued(&mut desk, "second@studio.example", Some("question@x.example"));
    let other = queued(&mut desk, "other@studio.example", None);
    assert_eq!(ready(&desk), [first, other], "one of each conversation");

    let later = desk.now + HOUR;
    desk.write(move |w| transit::put_off(w, first, later, None, "busy")).expect("put off");
    assert_eq!(ready(&desk), [other], "what waits for a retry keeps its turn");
    assert_eq!(look(&desk).next, Some(later), "and wakes the loop");

    desk.write(move |w| transit::rejected(w, first, "550", "no such mailbox", &[])).expect("no");
    assert_eq!(ready(&desk), [second, other], "what was refused waits for a person, nobody else");

    desk.write(move |w| transit::retry(w, first)).expect("again");
    depart(&mut desk, first).expect("leaves");
    assert_eq!(ready(&desk), [other], "what is being sent keeps its turn");
    let at = desk.now + MINUTE;
    desk.write(move |w| transit::unknown(w, first, at, "the line broke")).expect("unknown");
    assert_eq!(ready(&desk), [other], "so does what may have left");
    desk.now += MINUTE;
    desk.write(move |w| transit::retry(w, first)).expect("once more");
    assert_eq!(ready(&desk), [first, other], "and what is to be sent again");
    depart(&mut desk, first).expect("leaves");
    desk.write(move |w| transit::unknown(w, first, at, "the line broke")).expect("unknown");
    desk.write(move |w| transit::confirm(w, first)).expect("it arrived");
    assert_eq!(ready(&desk), [second, other]);
    desk.check();
}

#[test]
fn what_is_to_leave_later_holds_nobody_up() {
    let mut desk = Desk::new();
    talk(&mut desk);
    let tomorrow = desk.now + DAY;
    let first = draft(&mut desk, "tomorrow@studio.example", Some("question@x.example"));
    desk.write(move |w| written::queue(w, first, tomorrow, true)).expect("is queued");
    let second = queued(&mut desk, "now@studio.example", Some("question@x.example"));
    assert_eq!(ready(&desk), [second]);
    assert_eq!(look(&desk).next, Some(tomorrow), "exactly then there is something to do");
    desk.now = tomorrow;
    assert_eq!(ready(&desk), [second], "what was to leave earlier goes before it");
    depart(&mut desk, second).expect("leaves");
    desk.write(move |w| transit::accepted(w, second, None, &[], None)).expect("accepted");
    assert_eq!(ready(&desk), [first], "and then it takes its turn");
    let in_hand = InHand {
        conversations: BTreeSet::from([conversation(&desk, second)]),
        ..InHand::default()
    };
    let (account, now) = (desk.account, desk.now);
    let left = desk.read(|c| agenda(c, account, now, &in_hand, 10));
    assert!(left.is_empty(), "a conversation in hand is left alone");
}

fn conversation(desk: &Desk, id: OutgoingId) -> ConversationId {
    let MessageId(message) = get(desk, id).message;
    desk.read(|c| {
        let sql = "SELECT conversation_id FROM message WHERE id = ?1";
        Ok(ConversationId(c.query_row(sql, [message], |row| row.get(0))?))
    })
}

#[test]
fn what_left_is_in_sent_with_its_source_and_the_question_is_answered() {
    let mut desk = Desk::new();
    talk(&mut desk);
    let id = queued(&mut desk, "answer@studio.example", Some("question@x.example"));
    assert_eq!(desk.list(View::Outbox).len(), 1, "seen in the outbox at once");
    depart(&mut desk, id).expect("leaves");
    let refused = vec![RefusedRecipient { address: "x@y.example".into(), reason: "gone".into() }];
    desk.write(move |w| transit::accepted(w, id, Some("id-7"), &refused, None)).expect("accepted");
    let row = get(&desk, id);
    assert_eq!((row.state, row.remote_id.as_deref()), (OutgoingState::Accepted, Some("id-7")));
    assert_eq!(row.refused.len(), 1, "who was refused is kept");
    assert!(desk.list(View::Outbox).is_empty() && desk.list(View::Sent).len() == 1);
    let packer = desk.store.packer();
    let source = desk.read(|c| sync::source(c, &packer, row.message)).expect("is kept");
    assert!(source.starts_with(b"Message-ID: <answer@studio.example>"), "byte for byte");
    let answered = desk.read(|c| {
        let sql = "SELECT flags FROM message WHERE message_id = 'question@x.example'";
        Ok(c.query_row(sql, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(answered & 4, 4, "the question is marked as answered");
    let waiting = desk.read(|c| {
        let sql = "SELECT count(*) FROM outbox WHERE state = 'queued' AND edit LIKE '%answered%'";
        Ok(c.query_row(sql, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(waiting, 1, "and its provider will hear of it");
    desk.check();
}

#[test]
fn a_killed_process_leaves_an_unknown_fate_and_no_second_message() {
    let mut desk = Desk::new();
    let id = queued(&mut desk, "killed@studio.example", None);
    depart(&mut desk, id).expect("leaves");
    let mut desk = desk.reopen();
    let account = desk.account;
    let found = desk.write(move |w| transit::interrupted(w, account)).expect("noted");
    assert_eq!((found, state(&desk, id)), (1, OutgoingState::Unknown));
    assert!(ready(&desk).is_empty(), "nothing is sent");
    assert_eq!(look(&desk).unknown, [id], "it is looked for");
    desk.write(move |w| transit::look_again(w, id, NEVER, true)).expect("in vain");
    assert_eq!(look(&desk), Agenda::default(), "then a person decides");
    desk.write(move |w| transit::retry(w, id)).expect("a person says so");
    assert_eq!(ready(&desk), [id]);

    depart(&mut desk, id).expect("leaves");
    desk.write(move |w| {
        transit::interrupted(w, account)?;
        transit::not_found(w, id)
    })
    .expect("its provider certainly does not have it");
    assert_eq!(ready(&desk), [id]);
    desk.check();
}

#[test]
fn an_answer_that_comes_after_the_copy_was_seen_changes_nothing() {
    let mut desk = Desk::new();
    let id = queued(&mut desk, "quick@studio.example", None);
    depart(&mut desk, id).expect("leaves");
    desk.receive(MailboxRole::Sent, 7, &letter("quick@studio.example", 5).seen());
    assert_eq!(state(&desk, id), OutgoingState::Sent, "seen there, it has left");
    let soon = desk.now;
    desk.write(move |w| transit::accepted(w, id, Some("r"), &[], Some(soon))).expect("fine");
    desk.write(move |w| transit::unknown(w, id, 0, "late")).expect("ignored");
    desk.write(move |w| transit::rejected(w, id, "550", "late", &[])).expect("ignored");
    desk.write(move |w| transit::put_off(w, id, 0, None, "late")).expect("ignored");
    let row = get(&desk, id);
    assert_eq!((row.state, row.copy_wanted), (OutgoingState::Sent, false), "no copy is made");
    let places = desk.read(|c| location::keys(c, desk.scope(MailboxRole::Sent), row.message));
    assert_eq!(places.len(), 1, "and it is there once");
    assert_eq!(desk.list(View::Sent).len(), 1);
    desk.check();
}

#[test]
fn mail_of_others_that_bears_our_message_id_is_a_message_of_its_own() {
    let mut desk = Desk::new();
    let id = queued(&mut desk, "list@studio.example", None);
    depart(&mut desk, id).expect("leaves");
    accept(&mut desk, id);
    let ours = get(&desk, id).message;
    let own = |minute: i64, subject: &str| Letter {
        from: OWN.into(),
        ..letter("list@studio.example", minute).titled(subject)
    };
    // A list's copy with its mark, one with its tag in the subject, and a stranger's.
    let mut marked = own(5, "About list@studio.example").ingested(&key(1));
    marked.bulk = true;
    let marked = IngestedChange::Message(Box::new(marked));
    let tagged = arrives(2, &own(5, "[plans] About list@studio.example").saying("With a footer."));
    let stranger = arrives(3, &letter("list@studio.example", 7).saying("Send me your keys."));
    let tally = desk.bring(MailboxRole::Inbox, vec![marked, tagged, stranger]);
    assert_eq!(tally.added, 3, "each is kept as it came");
    let places = desk.read(|c| location::keys(c, desk.scope(MailboxRole::Inbox), ours));
    assert!(places.is_empty(), "and none of them passes for ours");

    let sent = arrives(9, &own(4, "About list@studio.example").seen());
    assert_eq!(desk.bring(MailboxRole::Sent, vec![sent]).added, 0, "our own copy is no second");
    assert_eq!(state(&desk, id), OutgoingState::Sent);
    let to_oneself = arrives(4, &own(6, "About list@studio.example").saying("As it left."));
    assert_eq!(desk.bring(MailboxRole::Inbox, vec![to_oneself]).added, 0, "nor one to ourselves");
    desk.check();
}

#[test]
fn a_clock_set_back_does_not_hold_a_message_for_days() {
    let mut desk = Desk::new();
    let (undone, retried) = (
        queued(&mut desk, "undo@studio.example", None),
        queued(&mut desk, "retry@studio.example", None),
    );
    let scheduled = draft(&mut desk, "scheduled@studio.example", None);
    let (soon, much_later) = (desk.now + 10_000, desk.now + 40 * DAY);
    desk.write(move |w| {
        written::take_back(w, undone)?;
        written::queue(w, undone, soon, false)?;
        written::queue(w, scheduled, much_later, true)?;
        transit::put_off(w, retried, soon, None, "busy")
    })
    .expect("they wait");
    assert!(!look(&desk).clock_moved);
    desk.now -= 30 * DAY;
    assert!(look(&desk).clock_moved && ready(&desk).is_empty());
    let account = desk.account;
    desk.write(move |w| transit::heed_clock(w, account)).expect("brought back");
    assert_eq!(ready(&desk), [undone, retried], "what waits for seconds goes now");
    let kept = get(&desk, scheduled);
    assert_eq!((kept.not_before, kept.next_try), (much_later, much_later), "a choice is kept");
    assert!(!look(&desk).clock_moved, "once is enough");
    desk.now += 90 * DAY;
    assert_eq!(ready(&desk).len(), 3, "set forward, everything is due");
}

#[test]
fn a_clock_set_back_by_hours_does_not_hold_what_was_never_tried() {
    let mut desk = Desk::new();
    let undone = queued(&mut desk, "undo@studio.example", None);
    let soon = desk.now + 10_000;
    desk.write(move |w| {
        written::take_back(w, undone)?;
        written::queue(w, undone, soon, false)
    })
    .expect("waits");
    desk.now -= 6 * HOUR;
    let account = desk.account;
    desk.write(move |w| transit::heed_clock(w, account)).expect("brought back");
    assert_eq!(ready(&desk), [undone]);
    assert!(!look(&desk).clock_moved, "once is enough");
}

#[test]
fn the_account_that_transmitted_can_go_and_nothing_is_sent_again_for_it() {
    let mut desk = Desk::new();
    let own = desk.account;
    let other = desk
        .write(move |w| {
            let other = account::insert(w, &new_account("other@studio.example"))?;
            account::set_sending(w, own, Some(other), 0)?;
            Ok(other)
        })
        .expect("a fallback");
    let id = queued(&mut desk, "via@studio.example", None);
    let built = Arc::new(Leaving { via: Some(other), ..leaving(&desk, id) });
    desk.write(move |w| transit::departs(w, &built, &Parting::default())).expect("leaves");
    let (store, now) = (desk.store.clone(), desk.now);
    desk.runtime.block_on(sync::erase(&store, other, now, &|_| {})).expect("is erased");
    let row = get(&desk, id);
    assert_eq!((row.state, row.via), (OutgoingState::Unknown, None));
    assert_eq!(look(&desk), Agenda::default(), "only a person can tell now");
    desk.check();
}

#[test]
fn the_outbox_is_paged_with_the_next_to_leave_first() {
    let mut desk = Desk::new();
    let mut at: Vec<(Millis, OutgoingId)> = Vec::new();
    for n in 0..7_i64 {
        let id = draft(&mut desk, &format!("{n}@studio.example"), None);
        let when = desk.now + (n * 3 % 7) * HOUR;
        desk.write(move |w| written::queue(w, id, when, true)).expect("is queued");
        at.push((when, id));
    }
    draft(&mut desk, "draft@studio.example", None);
    at.sort_unstable();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let rows = desk.read(|c| page(c, None, &[], after, 3));
        let Some(last) = rows.last() else { break };
        after = Some(deskbell_store::queries::outgoing::Position {
            not_before: last.not_before,
            id: last.id,
        });
        seen.extend(rows.iter().map(|row| (row.not_before, row.id)));
    }
    assert_eq!(seen, at);
    let id = at[0].1;
    desk.write(move |w| transit::rejected(w, id, "550", "no", &[])).expect("refused");
    let refused = desk.read(|c| page(c, Some(desk.account), &[OutgoingState::Rejected], None, 9));
    assert_eq!(refused.iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
}
