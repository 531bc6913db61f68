//! Notifications, on a service that does only what a person does.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use deskbell_testbed::{Notifications, Shown};
use serde_json::json;
use zbus::blocking::MessageIterator;
use zbus::blocking::connection::Builder;
use zbus::message::Type;

use crate::stage::{Stage, until};
use crate::support::server::copies;

/// Presses until it has an effect: a person presses later than the sender begins to listen, a test may be quicker.
#[track_caller]
fn press(notifications: &Notifications, shown: &Shown, action: &str, done: impl Fn() -> bool) {
    until(action, || {
        notifications.press(shown.id, action).unwrap();
        done()
    });
}

fn of(notifications: &Notifications, title: &str) -> usize {
    notifications.all().iter().filter(|one| one.title == title).count()
}

#[test]
fn new_mail_is_announced_and_can_be_answered_from_the_notification() {
    let Some((stage, notifications)) = Stage::with_notifications() else { return };
    let _app = stage.open();
    stage.tray.menu_with("1 conversation unread").unwrap();
    assert_eq!(notifications.all(), [], "history is not announced");

    stage.deliver("Mara Voss <mara@client.example>", "Saturday at ten");
    let shown = notifications.wait("the news", |one| one.title == "Mara Voss").unwrap();
    assert!(shown.body.starts_with("Saturday at ten"), "{shown:?}");
    assert!(!shown.body.contains("<b>"), "what somebody wrote is no markup: {shown:?}");
    let words: Vec<&str> = shown.actions.iter().map(String::as_str).collect();
    assert_eq!(words[..6], ["reply", "Reply", "archive", "Archive", "read", "Mark read"]);
    stage.tray.menu_with("2 conversations unread").unwrap();
    press(&notifications, &shown, "archive", || {
        stage.view("archived").contains(&"Saturday at ten".to_owned())
    });

    stage.deliver("Ben <ben@client.example>", "Read on the phone");
    let shown = notifications.wait("the news", |one| one.title == "Ben").unwrap();
    let mut phone = stage.server.other_client().unwrap();
    let uid =
        copies(&mut phone, "INBOX").iter().find(|one| one.id.starts_with("Read")).unwrap().uid;
    phone.command(&format!("UID STORE {uid} +FLAGS (\\Seen)")).unwrap();
    notifications.wait("it is taken away", |one| one.id == shown.id && one.closed).unwrap();

    stage.deliver("Ida <ida@client.example>", "Please open");
    let shown = notifications.wait("the news", |one| one.title == "Ida").unwrap();
    let unread = |subject: &str| stage.view("unread").contains(&subject.to_owned());
    press(&notifications, &shown, "default", || !unread("Please open"));

    for title in ["Mara Voss", "Ben", "Ida"] {
        assert_eq!(of(&notifications, title), 1, "{title} is announced once");
    }
}

#[test]
fn a_notification_begins_an_answer_or_notes_that_its_mail_was_read() {
    let Some((stage, notifications)) = Stage::with_notifications() else { return };
    let app = stage.start(&["--hidden"]);
    stage.tray.menu_with("1 conversation unread").unwrap();
    stage.deliver("Mara <mara@client.example>", "Can I come earlier");
    let shown = notifications.wait("the news", |one| one.title == "Mara").unwrap();
    press(&notifications, &shown, "reply", || stage.sees_window());
    until("an answer to be begun", || {
        stage.view("drafts").iter().any(|subject| subject.contains("Can I come earlier"))
    });
    assert_eq!(stage.view("drafts").len(), 1, "pressed often, answered once");

    stage.deliver("Jon <jon@client.example>", "Only to be noted");
    let shown = notifications.wait("the news", |one| one.title == "Jon").unwrap();
    press(&notifications, &shown, "read", || {
        !stage.view("unread").contains(&"Only to be noted".to_owned())
    });
    assert!(
        stage.view("inbox").contains(&"Only to be noted".to_owned()),
        "what is marked read stays where it is"
    );
    stage.quit(app);
}

#[test]
fn many_at_once_are_one_notification_and_hidden_words_stay_hidden() {
    let Some((stage, notifications)) = Stage::with_notifications() else { return };
    stage.choose("notifications_hide_content", json!(true));
    let app = stage.open();
    stage.tray.menu_with("1 conversation unread").unwrap();
    stage.deliver("Mara <mara@client.example>", "A private matter");
    let shown = notifications.wait("the news", |_| true).unwrap();
    for secret in ["Mara", "private", "matter", "words of"] {
        assert!(!shown.title.contains(secret) && !shown.body.contains(secret), "{shown:?}");
    }
    for number in 1..=12 {
        stage.deliver(
            &format!("Client {number} <c{number}@client.example>"),
            &format!("Nr {number}"),
        );
    }
    stage.tray.menu_with("14 conversations unread").unwrap();
    // How many come at once is the server's to say; each is counted in exactly one place.
    until("all to be told of", || {
        let all = notifications.all();
        let ids: BTreeSet<u32> = all.iter().map(|one| one.id).collect();
        assert!(ids.len() <= 4, "a burst is not twelve notifications: {ids:?}");
        let latest = ids.iter().filter_map(|id| all.iter().rev().find(|one| one.id == *id));
        // What was shown one by one is taken away for the notification that counts it.
        let told = latest.filter(|one| !one.closed).map(|one| {
            match one.title.strip_suffix(" new messages") {
                Some(number) => number.parse().unwrap(),
                None => 1,
            }
        });
        told.sum::<u32>() == 13
    });
    for one in notifications.all() {
        assert!(!one.title.contains("Client") && one.body.is_empty(), "hidden words: {one:?}");
    }
    assert!(notifications.all().iter().any(|one| one.title.ends_with(" new messages")));
    // All of it is read on the phone.
    let mut phone = stage.server.other_client().unwrap();
    phone.command("SELECT INBOX").unwrap();
    phone.command("UID STORE 1:* +FLAGS (\\Seen)").unwrap();
    until("nothing to be left on the screen", || {
        let all = notifications.all();
        let ids: BTreeSet<u32> = all.iter().map(|one| one.id).collect();
        ids.iter().all(|id| all.iter().rev().find(|one| one.id == *id).unwrap().closed)
    });
    stage.quit(app);
}

/// Overhears on the session's bus who is told from now on whether anybody wants to be disturbed.
fn told_whether_to_disturb(stage: &Stage) -> Receiver<()> {
    let address = stage.desktop.environment().find(|(name, _)| *name == "DBUS_SESSION_BUS_ADDRESS");
    let address = address.unwrap().1.to_str().unwrap();
    let bus = Builder::address(address).unwrap().build().unwrap();
    let messages = MessageIterator::from(&bus);
    let rules = [
        "type='method_call',path='/org/freedesktop/Notifications',member='Get'",
        "type='method_return'",
    ];
    let monitoring = Some("org.freedesktop.DBus.Monitoring");
    let (service, path) = (Some("org.freedesktop.DBus"), "/org/freedesktop/DBus");
    bus.call_method(service, path, monitoring, "BecomeMonitor", &(rules.to_vec(), 0_u32)).unwrap();
    let (told, hears) = channel();
    std::thread::spawn(move || {
        let mut asked = None;
        for message in messages.flatten() {
            let header = message.header();
            match message.message_type() {
                Type::MethodCall => {
                    let asker = header.sender().map(ToString::to_string);
                    asked = asker.map(|asker| (asker, header.primary().serial_num()));
                }
                Type::MethodReturn => {
                    let to = header.destination().map(ToString::to_string);
                    if asked.is_some() && asked == to.zip(header.reply_serial()) {
                        // The story may be over.
                        let _ = told.send(());
                    }
                }
                _ => {}
            }
        }
    });
    hears
}

#[test]
fn nothing_is_announced_while_the_desktop_says_do_not_disturb() {
    let Some((stage, notifications)) = Stage::with_notifications() else { return };
    notifications.inhibit(true);
    let told = told_whether_to_disturb(&stage);
    let app = stage.open();
    stage.tray.menu_with("1 conversation unread").unwrap();
    stage.deliver("Mara <mara@client.example>", "In the middle of a talk");
    stage.tray.menu_with("2 conversations unread").unwrap();
    // The tray counts on its own: whether Mara's news may be shown is perhaps still to be asked.
    told.recv_timeout(Duration::from_secs(180)).unwrap();
    notifications.inhibit(false);
    stage.deliver("Ben <ben@client.example>", "After the talk");
    notifications.wait("the news", |one| one.title == "Ben").unwrap();
    assert_eq!(of(&notifications, "Mara"), 0, "who is not to be disturbed is not");
    stage.quit(app);
}

#[test]
fn what_came_while_deskbell_was_suspended_is_announced_once() {
    let Some((stage, notifications)) = Stage::with_notifications() else { return };
    let app = stage.open();
    stage.tray.menu_with("1 conversation unread").unwrap();
    stage.deliver("Mara <mara@client.example>", "Before the pause");
    notifications.wait("the news", |one| one.title == "Mara").unwrap();
    app.freeze().unwrap();
    stage.deliver("Ben <ben@client.example>", "During the pause");
    app.thaw().unwrap();
    notifications.wait("the news", |one| one.title == "Ben").unwrap();
    stage.tray.choose("Fetch mail now").unwrap();
    stage.deliver("Ida <ida@client.example>", "After the pause");
    notifications.wait("the news", |one| one.title == "Ida").unwrap();
    for title in ["Mara", "Ben", "Ida"] {
        assert_eq!(of(&notifications, title), 1, "{title} is announced once");
    }
    stage.quit(app);
}
