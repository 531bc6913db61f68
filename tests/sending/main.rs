//! Sending for real: handed to a mail server, delivered into another person's mailbox, kept once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod drafts;
mod mailroom;
mod plain;
mod studio;
#[path = "../support/mod.rs"]
mod support;
mod terminal;
mod thousand;

use deskbell_testbed::exim::{GREYLISTED, REFUSED};
use mailroom::{BOB, Mailroom};
use support::{server, wait_until};

#[test]
fn what_is_sent_arrives_once_and_lies_in_sent_once() {
    let Some(room) = Mailroom::open() else { return };
    let file = room.file("Preise & Zeiten – Frühling.txt", b"Schnitt 48 EUR\n");
    let sent = room.send(
        "Termin am Dienstag – ist 10:30 möglich?",
        "Grüße aus dem Studio 🪷\n.\nEin Punkt allein.\n",
        &["--to", BOB, "--bcc", "book@b.example", "--attach", file.to_str().unwrap()],
    );
    room.drain();

    let arrived = room.of_bob();
    assert_eq!(arrived.len(), 1, "once");
    let mail = &arrived[0];
    assert!(mail.contains("Message-ID: <"), "{mail}");
    let header = mail.to_lowercase();
    assert!(!header.contains("bcc:") && !header.contains("book@b.example"), "nobody blind: {mail}");
    let blind = server::copies(&mut room.phone("book@b.example"), "INBOX");
    assert_eq!(blind.len(), 1, "who is blind gets it too");
    let state = room.bell.json(&["outbox", "show", &sent]);
    assert!(["accepted", "sent"].contains(&state["state"].as_str().unwrap()), "{state:#}");

    // The server's own list of sent messages holds it once, and so do we, however often we look.
    for _ in 0..3 {
        room.bell.sync();
    }
    assert_eq!(room.in_sent().len(), 1, "one copy among the sent ones");
    let page = room.bell.json(&["inbox", "--view", "sent"]);
    let rows = page["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{page:#}");
    assert_eq!(rows[0]["messages"], 1, "{page:#}");
    assert_eq!(rows[0]["attachments"], 1, "{page:#}");
    let outbox = room.bell.json(&["inbox", "--view", "outbox"]);
    assert_eq!(outbox["rows"].as_array().unwrap().len(), 0, "{outbox:#}");
    let state = room.bell.json(&["outbox", "show", &sent]);
    assert_eq!(state["state"], "sent", "{state:#}");
}

#[test]
fn an_answer_from_another_client_joins_the_conversation() {
    let Some(room) = Mailroom::open() else { return };
    room.send("Reformer on Thursday?", "Would 9:00 suit you?\n", &["--to", BOB]);
    room.drain();
    let id = server::copies(&mut room.phone(BOB), "INBOX")[0].id.clone();
    let answer = format!(
        "From: Bob <{BOB}>\r\nTo: Studio <{}>\r\nSubject: Re: Reformer on Thursday?\r\n\
         Date: Fri, 20 Nov 2026 11:00:00 +0000\r\nMessage-ID: <answer@b.example>\r\n\
         In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n\r\nNine is fine.\r\n",
        room.server.user()
    );
    room.server.deliver(room.server.user(), answer.as_bytes()).unwrap();
    room.bell.sync();
    let page = room.bell.json(&["inbox"]);
    let rows = page["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{page:#}");
    assert_eq!(rows[0]["messages"], 2, "what was sent and what came back are one: {page:#}");

    // And our answer to that one goes out with the whole line of references.
    let conversation = room.bell.json(&["conversation", rows[0]["id"].as_str().unwrap()]);
    let messages = conversation["messages"].as_array().unwrap();
    let answer = messages.iter().find(|message| message["own"] == false).unwrap();
    let to = answer["id"].as_str().unwrap();
    room.send("", "See you then.\n", &["--reply-to", to]);
    room.drain();
    let second = room.of_bob().into_iter().find(|mail| mail.contains("See you then")).unwrap();
    assert!(second.contains("In-Reply-To: <answer@b.example>"), "{second}");
    assert!(second.contains(&id) && second.contains("Subject: Re: Reformer"), "{second}");
}

#[test]
fn a_refused_recipient_is_named_and_the_others_get_it() {
    let Some(room) = Mailroom::open() else { return };
    let nobody = format!("{REFUSED}@b.example");
    let some = room.send("To two", "One of you exists.\n", &["--to", BOB, "--to", &nobody]);
    let none = room.send("To none", "Nobody gets this.\n", &["--to", &nobody]);
    room.drain();
    assert_eq!(room.of_bob().len(), 1, "the one who exists got it");
    let state = room.bell.json(&["outbox", "show", &some]);
    assert_eq!(state["refused"][0]["address"], nobody.as_str(), "{state:#}");
    let state = room.bell.json(&["outbox", "show", &none]);
    assert_eq!(state["state"], "rejected", "{state:#}");
    assert!(state["error"].as_str().unwrap().contains(&nobody), "in words: {state:#}");
    let own = server::copies(&mut room.phone(BOB), "INBOX");
    // Of a server nobody knows yet a copy is made only when it had the time to make one itself.
    wait_until("the copy among the sent ones", 240, || {
        room.bell.sync();
        (!room.in_sent().is_empty()).then_some(())
    });
    room.bell.sync();
    let kept: Vec<String> = room.in_sent().into_iter().map(|copy| copy.id).collect();
    assert_eq!(kept, [own[0].id.clone()], "what left is kept once, what was refused was not sent");
}

#[test]
fn what_the_server_puts_off_waits_and_can_be_taken_back() {
    let Some(room) = Mailroom::open() else { return };
    let later = format!("{GREYLISTED}@b.example");
    let waiting = room.send("Patience", "Come again, they say.\n", &["--to", &later]);
    room.bell.run(&["sync"]);
    let state = room.bell.json(&["outbox", "show", &waiting]);
    assert_eq!(state["state"], "queued", "{state:#}");
    assert!(state["attempts"].as_u64().unwrap() >= 1, "{state:#}");
    room.bell.json(&["outbox", "cancel", &waiting]);
    let drafts = room.bell.json(&["inbox", "--view", "drafts"]);
    assert_eq!(drafts["rows"].as_array().unwrap().len(), 1, "it is a draft again: {drafts:#}");
    assert_eq!(room.of_bob().len(), 0);
}

#[test]
fn what_is_written_offline_leaves_when_the_server_is_back() {
    let Some(mut room) = Mailroom::open() else { return };
    room.exim.stop();
    let waiting = room.send("No line", "Written in the cellar.\n", &["--to", BOB]);
    room.bell.run(&["sync"]);
    let state = room.bell.json(&["outbox", "show", &waiting]);
    assert_eq!(state["state"], "queued", "{state:#}");
    room.exim.restart().unwrap();
    let mut watching = room.bell.start(&["sync", "--watch"]);
    wait_until("the mail in bob's inbox", 240, || (room.of_bob().len() == 1).then_some(()));
    // Bob may have it before the one who sent it has heard so, and what is cut off there nobody can know.
    wait_until("the server's word and the copy", 240, || {
        let state = room.bell.json(&["outbox", "show", &waiting]);
        let left = ["accepted", "sent"].contains(&state["state"].as_str().unwrap());
        (left && room.in_sent().len() == 1).then_some(())
    });
    watching.kill().unwrap();
    watching.wait().unwrap();
    room.bell.sync();
    assert_eq!(room.of_bob().len(), 1, "still once");
    assert_eq!(room.in_sent().len(), 1);
}
