//! A message from the first letter to the recipient's mailbox, in the real window: written, called back, sent,
//! received by another Deskbell that watches its mailbox, planned, found in Sent once, and joined by the answer of
//! another client.

use deskbell_testbed::{
    Desktop, Dovecot, DovecotOptions, Exim, OtherClient, TauriDriver, unless_missing,
};

use crate::bob::Bob;
use crate::screen::Screen;
use crate::support::bell::Bell;
use crate::support::{server, wait_until};

const BOB: &str = "bob@b.example";
const SUBJECT: &str = "Your appointment on Tuesday";
/// Seconds in which a message can be called back, so that there is time to look and to press.
const UNDO: &str = "30";

struct Room {
    server: Dovecot,
    _exim: Exim,
    bell: Bell,
}

/// A studio whose account can send, with a letter of bob's in its inbox.
fn room(desktop: &Desktop) -> Option<Room> {
    let server = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap()?;
    let exim = unless_missing(Exim::start(&server)).unwrap()?;
    let hello = format!(
        "From: Bob Miller <{BOB}>\r\nTo: {}\r\nSubject: When are you open?\r\n\
         Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <open@b.example>\r\n\r\nOn Saturday too?\r\n",
        server.user()
    );
    server.deliver(server.user(), hello.as_bytes()).unwrap();
    // The window's own session, so that both keep the password in the same keychain.
    let bell =
        desktop.environment().fold(Bell::bare(), |bell, (name, value)| bell.with(name, value));
    let (imap, smtp) = (server.imap_port().to_string(), exim.submission_port().to_string());
    let arguments = [
        &["--json", "account", "add", "imap", "--address", server.user()][..],
        &["--host", "127.0.0.1", "--port", &imap, "--security", "none"],
        &["--smtp-host", "127.0.0.1", "--smtp-port", &smtp, "--smtp-security", "none"],
        &["--password-stdin"],
    ];
    let account = bell.fed(&arguments.concat(), server.password()).done().json();
    let id = account["id"].as_str().unwrap();
    bell.run(&["account", "sending", id, "--undo", UNDO]).done();
    Some(Room { server, _exim: exim, bell })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_written_in_the_window_arrives() {
    let Some(desktop) = unless_missing(Desktop::start(1280, 800)).unwrap() else { return };
    if unless_missing(Desktop::can_choose_files()).unwrap().is_none() {
        return;
    }
    let Some(driver) = unless_missing(TauriDriver::start(&desktop)).unwrap() else { return };
    let Some(room) = room(&desktop) else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Aftercare.pdf");
    let bytes: Vec<u8> = (0..=255).cycle().take(100_003).collect();
    std::fs::write(&file, &bytes).unwrap();
    let bob = Bob::watches(&room.server, BOB);

    let screen = Screen::open(&driver, &desktop, room.bell.profile()).await;
    screen.until("bob's letter", "document.querySelector('#conversations .row')").await;
    write(&screen, &file).await;
    call_back(&screen, &room).await;
    send(&screen, &room).await;
    let received = bob.receives(SUBJECT);
    let (name, given) = bob.opens_the_file(&received).await;
    assert_eq!(name, "Aftercare.pdf");
    assert!(given == bytes, "what bob's program is given is what was attached, byte for byte");
    plan(&screen).await;
    find_it_in_sent_once(&screen, &room).await;
    hear_the_answer(&screen, &room).await;
    screen.close().await;
    assert_eq!(inbox_of_bob(&room).len(), 1, "what is planned has not left");
}

async fn write(screen: &Screen<'_>, file: &std::path::Path) {
    screen.keys("c").await;
    screen
        .until("the keyboard in the first line", "document.activeElement?.id === 'people-to'")
        .await;
    screen.keys(&format!("{BOB},")).await;
    screen
        .until("bob as a recipient", "document.querySelector('.composer')?.innerText.includes('bob@b.example') || document.querySelector('.composer')?.innerText.includes('Bob Miller')")
        .await;
    screen.fill("#compose-subject", SUBJECT).await;
    screen.press_css(".composer .ProseMirror").await;
    screen.keys("Would 10:30 suit you? — Grüße, das Studio").await;
    screen.press_button("Attach").await;
    screen.choose_file(file);
    screen
        .until(
            "the file",
            "document.querySelector('.composer')?.innerText.includes('Aftercare.pdf')",
        )
        .await;
    screen
        .until(
            "that it is saved",
            "document.querySelector('.composer .saved')?.innerText.includes('Saved')",
        )
        .await;
    screen.picture("31-written").await;
}

async fn call_back(screen: &Screen<'_>, room: &Room) {
    press_send(screen).await;
    screen.until("the undo bar", &bar("Sending")).await;
    screen.picture("32-undo").await;
    screen.press_css(&format!("{BAR} button")).await;
    screen
        .until(
            "the draft again",
            "document.querySelector('#compose-subject')?.value === 'Your appointment on Tuesday'",
        )
        .await;
    assert_eq!(inbox_of_bob(room).len(), 0, "what is called back has not left");
}

async fn send(screen: &Screen<'_>, room: &Room) {
    screen.note(BAR).await;
    press_send(screen).await;
    screen.until("the undo bar", &bar("Sending")).await;
    screen.press_text("Outbox").await;
    screen
        .until("the message in the outbox", "document.body.innerText.includes('Leaves in')")
        .await;
    screen.picture("33-outbox").await;
    // The bar goes by itself a few seconds later, and the mail may take longer than that.
    screen.until_noted("that it is sent", "Sent ").await;
    wait_until("the mail in bob's inbox", 180, || (inbox_of_bob(room).len() == 1).then_some(()));
}

async fn plan(screen: &Screen<'_>) {
    screen.press_text("Inbox").await;
    screen.press_row("When are you open?").await;
    screen.keys("r").await;
    screen
        .until(
            "the keyboard in the answer",
            "document.activeElement?.classList.contains('ProseMirror')",
        )
        .await;
    screen.keys("From ten to six.").await;
    screen.note(BAR).await;
    screen.press_button("Send later").await;
    screen.until("the choices", "document.querySelector('dialog[open]')").await;
    screen.picture("34-later").await;
    screen.press_button("Tomorrow morning").await;
    screen.until_noted("the plan", "Planned").await;
    screen.press_text("Outbox").await;
    screen
        .until("the planned message", "document.body.innerText.includes('Planned for later')")
        .await;
    screen.picture("35-planned").await;
}

async fn find_it_in_sent_once(screen: &Screen<'_>, room: &Room) {
    screen.press_text("Sent").await;
    screen.press_row(SUBJECT).await;
    screen
        .until(
            "one row of it",
            "[...document.querySelectorAll('#conversations .row')].filter((r) => r.innerText.includes('Your appointment')).length === 1",
        )
        .await;
    screen.picture("36-sent").await;
    wait_until("one copy on the server", 180, || {
        let mut phone = phone(room, room.server.user());
        (server::copies(&mut phone, "Sent").len() == 1).then_some(())
    });
}

async fn hear_the_answer(screen: &Screen<'_>, room: &Room) {
    let id = inbox_of_bob(room)[0].id.clone();
    let answer = format!(
        "From: Bob Miller <{BOB}>\r\nTo: {}\r\nSubject: Re: {SUBJECT}\r\n\
         Date: Sat, 21 Nov 2026 23:00:00 +0000\r\nMessage-ID: <fine@b.example>\r\n\
         In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n\r\nHalf past ten is fine.\r\n",
        room.server.user()
    );
    room.server.deliver(room.server.user(), answer.as_bytes()).unwrap();
    screen.press_text("Inbox").await;
    screen.press_row(SUBJECT).await;
    screen
        .until(
            "both messages in one conversation",
            "document.querySelector('#reading')?.innerText.includes('Bob Miller') && document.querySelector('#reading')?.innerText.includes('studio@testbed.example')",
        )
        .await;
    screen.picture("37-answer").await;
}

async fn press_send(screen: &Screen<'_>) {
    screen.press_css(".composer footer .send button").await;
}

/// The undo bar.
const BAR: &str = "[aria-label='Message just sent']";

/// That the undo bar says this.
fn bar(words: &str) -> String {
    format!(
        "document.querySelector('[aria-label=\"Message just sent\"]')?.innerText.includes({})",
        serde_json::json!(words)
    )
}

fn phone(room: &Room, user: &str) -> OtherClient {
    OtherClient::sign_in(room.server.imap_port(), user, room.server.password()).unwrap()
}

fn inbox_of_bob(room: &Room) -> Vec<server::Copy> {
    server::copies(&mut phone(room, BOB), "INBOX")
}
