//! Everything erased from Settings: Deskbell goes with its data, and comes back as on the first day.

use deskbell_testbed::Desktop;
use serde_json::Value;

use crate::screen::Screen;
use crate::stage::{Stage, until};

/// An empty window has fewer.
const COLOURS: usize = 100;

#[test]
fn everything_is_erased_by_a_typed_word_and_deskbell_begins_anew() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    // One that was set aside long ago, and that nobody makes anew.
    let aside = stage.bell.profile().join("deskbell.damaged-1.db");
    std::fs::write(&aside, "old").unwrap();
    let Some(screen) = Screen::open(&stage) else { return };
    screen.press_words("nav button", "Settings");
    screen.press_words("button", "Erase everything…");
    screen.until_says("To go on, type");
    screen.until_says("one account, with its settings");
    screen.picture("erase-everything");
    let sure = "document.querySelector('dialog[open] button[type=submit]')";
    assert_eq!(screen.read(&format!("return {sure}.disabled")), true, "not by a slip of the hand");
    screen.press("dialog[open] input");
    screen.write("erase");
    screen.until("the word to count", &format!("!{sure}.disabled"));
    screen.press("dialog[open] button[type=submit]");

    until("the old profile to go", || !aside.exists());
    until("another one to be there", || stage.bell.profile().join("deskbell.db").exists());
    until("the window to be back, and painted", || {
        stage.sees_window() && Desktop::colours(&screen.picture("erased")).unwrap() > COLOURS
    });
    let accounts = || stage.bell.json(&["account", "list"])["accounts"].clone();
    assert_eq!(accounts(), Value::Array(Vec::new()), "nobody is known any more");
    let mut phone = stage.server.other_client().unwrap();
    let inbox = phone.command("STATUS INBOX (MESSAGES)").unwrap().join("\n");
    assert!(inbox.contains("MESSAGES 1"), "the mail at the provider stays: {inbox}");
}
