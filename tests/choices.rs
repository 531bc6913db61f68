//! `bell setting`: what is chosen for all of Deskbell, by name, from a terminal or a script.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use serde_json::{Value, json};

use support::bell::{Bell, Said};

/// What holds for one name.
#[track_caller]
fn value(bell: &Bell, key: &str) -> Value {
    let told = bell.json(&["setting", "get", key]);
    assert_eq!(told["key"], key, "{told}");
    told["value"].clone()
}

/// Refused as wrong usage: a sentence that names the entry, and nothing is changed.
#[track_caller]
fn assert_refused(bell: &Bell, arguments: &[&str], field: &str, words: &str) {
    let before = bell.json(&["setting", "list"]);
    let said: Said = bell.run(&[&["--json", "setting"], arguments].concat());
    assert_eq!(said.code, Some(2), "{arguments:?}: {said:?}");
    let error = &said.json()["error"];
    assert_eq!(error["fields"][0]["field"], field, "{arguments:?}: {error:#}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(words) && message.ends_with('.'), "{arguments:?}: {message}");
    assert_eq!(bell.json(&["setting", "list"]), before, "{arguments:?}: nothing is changed");
}

#[test]
fn a_setting_is_chosen_shown_and_put_back() {
    let bell = Bell::new();
    let defaults = bell.json(&["setting", "list"]);
    assert_eq!(defaults["values"], defaults["defaults"], "nobody has chosen anything yet");
    let names = defaults["values"].as_object().unwrap();
    for name in ["theme", "language", "quiet_hours", "close_to_tray", "shortcuts"] {
        assert!(names.contains_key(name), "{name} can be chosen: {names:?}");
    }

    let set = bell.json(&["setting", "set", "theme", "dark"]);
    assert_eq!(set["value"], "dark", "{set}");
    assert_eq!(set["default"], defaults["defaults"]["theme"], "and what it would be: {set}");
    assert_eq!(value(&bell, "theme"), "dark", "it holds at the next start");
    assert_eq!(
        bell.run(&["setting", "get", "theme"]).done().text().trim(),
        "dark",
        "bare, to script"
    );
    bell.run(&["setting", "set", "language", "\"de\""]).done();
    assert_eq!(value(&bell, "language"), "de", "a word may be written as JSON too");
    bell.run(&["setting", "set", "close_to_tray", "true"]).done();
    assert_eq!(value(&bell, "close_to_tray"), true);
    let hours = json!({ "on": true, "from": "21:30", "to": "06:00", "days": [1, 2, 3] });
    bell.run(&["setting", "set", "quiet_hours", &hours.to_string()]).done();
    assert_eq!(value(&bell, "quiet_hours"), hours);

    let listed = bell.run(&["setting", "list"]).done().text();
    let chosen = |name: &str| {
        let line = listed.lines().find(|line| line.contains(name));
        line.unwrap_or_else(|| panic!("{name}: {listed}")).contains("chosen")
    };
    for name in ["theme", "language", "close_to_tray", "quiet_hours"] {
        assert!(chosen(name), "{name} was chosen: {listed}");
    }
    assert!(!chosen("density"), "this was not: {listed}");

    let back = bell.json(&["setting", "reset", "theme"]);
    assert_eq!(back["value"], back["default"], "{back}");
    assert_eq!(value(&bell, "language"), "de", "the others stay");
    bell.run(&["setting", "reset", "--all"]).done();
    assert_eq!(bell.json(&["setting", "list"]), defaults, "everything is as it came");
    bell.assert_whole();
}

#[test]
fn a_setting_nobody_knows_and_a_value_that_does_not_fit_are_refused_and_change_nothing() {
    let bell = Bell::new();
    bell.run(&["setting", "set", "theme", "dark"]).done();
    assert_refused(&bell, &["get", "colour"], "key", "no setting “colour”");
    assert_refused(&bell, &["set", "colour", "blue"], "key", "no setting “colour”");
    assert_refused(&bell, &["reset", "colour"], "key", "no setting “colour”");
    assert_refused(&bell, &["set", "theme", "purple"], "value", "does not fit the setting “theme”");
    assert_refused(&bell, &["set", "close_to_tray", "perhaps"], "value", "does not fit");
    assert_refused(&bell, &["set", "quiet_hours", "{\"on\":"], "value", "does not fit");
    let never = r#"{"on":true,"from":"25:00","to":"07:00","days":[1]}"#;
    assert_refused(&bell, &["set", "quiet_hours", never], "quiet_hours", "between 00:00 and 23:59");
    let twice = r#"{"archive":"e","trash":"e"}"#;
    assert_refused(&bell, &["set", "shortcuts", twice], "shortcuts", "the same keys");
    assert_eq!(value(&bell, "theme"), "dark");

    for incomplete in [&["setting"][..], &["setting", "set", "theme"], &["setting", "reset"]] {
        let said = bell.run(incomplete);
        assert_eq!(said.code, Some(2), "{incomplete:?} is no whole command: {said:?}");
    }
    let both = bell.run(&["setting", "reset", "theme", "--all"]);
    assert_eq!(both.code, Some(2), "one or all, not both: {both:?}");
    bell.assert_whole();
}
