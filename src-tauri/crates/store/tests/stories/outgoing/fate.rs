//! What became of a message after it left.

use deskbell_domain::MailboxRole;
use deskbell_domain::outgoing::{Fate, OutgoingState, Progress, Report, Told};
use deskbell_domain::time::MINUTE;
use deskbell_store::sync::fate;

use super::{accept, depart, get, look, queued, state};
use crate::support::{Desk, letter};

#[test]
fn what_reports_say_of_a_message_of_ours_is_taken_over_and_nothing_more() {
    let mut desk = Desk::new();
    desk.receive(MailboxRole::Inbox, 1, &letter("report@mx.example", 1));
    let from = desk.message("report@mx.example");
    let told = |address: &str, fate: Fate| Told {
        address: address.into(),
        fate,
        reason: "550 5.1.1 no such user".into(),
    };
    let report = |desk: &mut Desk, token: &str, told: Told| {
        let report = Report { token: token.into(), told: vec![told] };
        desk.write(move |w| fate::reported(w, from, &report)).expect("is read");
    };
    let id = queued(&mut desk, "one@studio.example", None);
    report(&mut desk, "one@studio.example", told("mara@client.example", Fate::Delivered));
    assert_eq!(state(&desk, id), OutgoingState::Queued, "what has not left was not delivered");
    depart(&mut desk, id).expect("leaves");
    accept(&mut desk, id);
    report(&mut desk, "another@studio.example", told("mara@client.example", Fate::Delivered));
    assert_eq!(state(&desk, id), OutgoingState::Accepted, "a report on something else");
    report(&mut desk, "one@studio.example", told("mara@client.example", Fate::Delayed));
    assert_eq!(state(&desk, id), OutgoingState::Accepted, "what waits is not delivered");
    // Handed on to another mailbox, it is reported under that one's name.
    report(&mut desk, "one@studio.example", told("mara@elsewhere.example", Fate::Delivered));
    assert_eq!(state(&desk, id), OutgoingState::Delivered);
    report(&mut desk, "one@studio.example", told("mara@client.example", Fate::Read));
    report(&mut desk, "one@studio.example", told("mara@client.example", Fate::Delivered));
    assert_eq!(state(&desk, id), OutgoingState::Read, "what was read stays read");
    let row = get(&desk, id);
    assert_eq!((row.reports.len(), row.refused.len()), (1, 0));
    assert_eq!(row.reports[0].address, "mara@client.example", "by the address it was sent to");
    desk.check();

    let id = queued(&mut desk, "two@studio.example", None);
    depart(&mut desk, id).expect("leaves");
    accept(&mut desk, id);
    for _ in 0..2 {
        report(&mut desk, "two@studio.example", told("mara@client.example", Fate::Failed));
    }
    let row = get(&desk, id);
    assert_eq!(row.state, OutgoingState::Accepted, "it left, and nobody has it");
    assert_eq!(row.refused.len(), 1, "the person is told once: {:?}", row.refused);
    assert!(row.refused[0].reason.contains("came back: 550 5.1.1"), "{:?}", row.refused);
    desk.check();
}

#[test]
fn what_its_provider_says_is_taken_over_and_it_is_asked_when_it_is_to_be() {
    let mut desk = Desk::new();
    let id = queued(&mut desk, "one@studio.example", None);
    depart(&mut desk, id).expect("leaves");
    accept(&mut desk, id);
    let soon = desk.now + MINUTE;
    desk.write(move |w| fate::follow(w, id, soon)).expect("is noted");
    assert_eq!((look(&desk).next, look(&desk).followed.len()), (Some(soon), 0), "not before");
    desk.now = soon;
    assert_eq!(look(&desk).followed, [id]);
    let sent = Progress { sent: true, ..Progress::default() };
    let later = soon + MINUTE;
    desk.write(move |w| fate::followed(w, id, &sent, Some(later))).expect("is read");
    let row = get(&desk, id);
    assert_eq!((row.state, row.follows, row.follow_next), (OutgoingState::Sent, 1, later));
    let address = "mara@client.example".to_owned();
    let told = Told { address, fate: Fate::Delivered, reason: String::new() };
    let delivered = Progress { sent: true, told: vec![told], over: true };
    desk.write(move |w| fate::followed(w, id, &delivered, None)).expect("is read");
    assert_eq!(state(&desk, id), OutgoingState::Delivered);
    assert_eq!(look(&desk).next, None, "nobody is asked any more");
    desk.check();
}
