//! A profile that cannot be opened: the window says so, since whoever starts it by its icon sees no terminal.

use std::process::{Command, Stdio};

use deskbell_testbed::{Desktop, Leashed, unless_missing};

use crate::stage::until;

#[test]
fn a_profile_that_cannot_be_opened_is_said_in_a_dialog_in_the_persons_language() {
    if unless_missing(Desktop::can_choose_files()).unwrap().is_none() {
        return;
    }
    let Some(desktop) = unless_missing(Desktop::start(1280, 800)).unwrap() else { return };
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("profile");
    std::fs::write(&file, "a file, where a directory should be").unwrap();
    for (language, title) in [
        ("en_US.UTF-8", "Deskbell cannot open your data"),
        ("de_DE.UTF-8", "Deskbell kann Ihre Daten nicht öffnen"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskbell"));
        command.arg("--profile").arg(&file).envs(desktop.environment());
        command.env("LANG", language).env("LC_ALL", language);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut app = Leashed::spawn(&mut command).unwrap();
        until("the dialog", || desktop.sees_window(title).unwrap());
        desktop.press(title, "Return").unwrap();
        until("the program to end", || app.ended().unwrap().is_some());
        assert_eq!(app.ended().unwrap().unwrap().code(), Some(1), "it ends with a failure");
    }
    assert!(file.is_file(), "and what lay there is left alone");
}
