//! How Deskbell comes with the person's session, and where its window stands.

use std::process::Command;

use deskbell_testbed::{Geometry, Leashed};
use serde_json::json;

use crate::screen::Screen;
use crate::stage::{Stage, until};

#[test]
fn starting_with_the_computer_writes_the_session_s_entry_and_takes_it_away() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    let entry = stage.folder("XDG_CONFIG_HOME").join("autostart/deskbell.desktop");
    stage.choose("autostart", json!(true));
    let app = stage.open();
    until("the entry", || entry.exists());
    stage.quit(app);

    // What a session does with it at the next sign-in.
    let text = std::fs::read_to_string(&entry).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
    let program = line.trim_matches('"').to_owned();
    assert_eq!(program, env!("CARGO_BIN_EXE_deskbell"), "{text}");
    let sign_in = || {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("exec {line}")]).envs(stage.desktop.environment());
        Leashed::spawn(&mut command).unwrap()
    };
    let app = sign_in();
    stage.tray.menu_with("Open Deskbell").unwrap();
    until("the window, which the person did not want hidden", || stage.sees_window());
    stage.quit(app);

    stage.choose("start_hidden", json!(true));
    let app = sign_in();
    stage.tray.menu_with("conversation unread").unwrap();
    assert!(!stage.sees_window(), "only the icon is there where the person wants that");
    stage.quit(app);

    // Switched off in the session's own settings: that was the later word.
    let off = text.replace("enabled=true", "enabled=false");
    std::fs::write(&entry, &off).unwrap();
    let app = stage.start(&[]);
    stage.tray.menu_with("Open Deskbell").unwrap();
    stage.quit(app);
    assert_eq!(std::fs::read_to_string(&entry).unwrap(), off);

    stage.choose("autostart", json!(false));
    let app = stage.start(&[]);
    until("no entry", || !entry.exists());
    stage.quit(app);
}

#[test]
fn the_window_comes_back_where_it_stood_unless_no_screen_shows_that_place() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    let app = stage.open();
    let there = Geometry { x: 140, y: 90, width: 1010, height: 650 };
    stage.desktop.place("Deskbell", there).unwrap();
    until("it to stand there", || stage.desktop.geometry("Deskbell").unwrap() == there);
    stage.quit(app);
    let app = stage.open();
    until("it to stand there again", || stage.desktop.geometry("Deskbell").unwrap() == there);
    stage.quit(app);

    // It stood on a second screen, which was taken away.
    let kept = stage.bell.profile().join("window.json");
    let mut place: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&kept).unwrap()).unwrap();
    place["x"] = json!(2400);
    std::fs::write(&kept, place.to_string()).unwrap();
    let app = stage.open();
    let now = stage.desktop.geometry("Deskbell").unwrap();
    assert!(now.x < 1200 && now.y < 760, "it can be taken hold of: {now:?}");
    stage.quit(app);
}

#[test]
fn printing_asks_the_system_how() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    let Some(screen) = Screen::open(&stage) else { return };
    screen.press("#conversations .row .subject");
    screen.until("the mail", "document.querySelector('iframe')");
    screen.key("ctrl+p");
    until("the system's dialog", || stage.desktop.sees_window("^Print$").unwrap());
    screen.picture("print");
    stage.desktop.press("^Print$", "Escape").unwrap();
    until("it to close", || !stage.desktop.sees_window("^Print$").unwrap());
    screen.until("the window to go on", "document.querySelector('iframe')");
}
