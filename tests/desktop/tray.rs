//! The icon in the tray: its menu, its number, and the window that hides behind it.

use deskbell_testbed::Docks;
use serde_json::json;
use tauri::image::Image;

use crate::stage::{Stage, until};

/// The ground a number is painted on.
const GROUND: [u8; 4] = [190, 38, 38, 255];

#[test]
fn the_tray_opens_writes_fetches_and_quits() {
    let Some((stage, notifications)) = Stage::with_notifications() else { return };
    let mut app = stage.start(&["--hidden"]);
    stage.tray.menu_with("Open Deskbell").unwrap();
    assert!(!stage.sees_window(), "it starts in the tray");
    stage.tray.choose("Open Deskbell").unwrap();
    until("the window", || stage.sees_window());
    stage.tray.choose("For an hour").unwrap();
    stage.tray.menu_with("✓ Pause notifications").unwrap();
    stage.deliver("Mara <mara@client.example>", "While it is quiet");
    stage.tray.menu_with("2 conversations unread").unwrap();
    assert_eq!(notifications.all(), [], "a pause is kept");
    stage.tray.choose("Not paused").unwrap();
    stage.tray.menu_with("✓ Not paused").unwrap();
    stage.deliver("Ida <ida@client.example>", "After the pause");
    notifications.wait("news again", |one| one.title == "Ida").unwrap();
    stage.tray.choose("Write a message").unwrap();
    until("a draft", || !stage.view("drafts").is_empty());
    stage.tray.choose("Quit Deskbell").unwrap();
    until("the end", || app.still_runs().is_err());
}

#[test]
fn fetch_mail_now_asks_the_server_at_once() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    let _app = stage.open();
    stage.tray.menu_with("1 conversation unread").unwrap();
    let before = runs(&stage);
    stage.tray.choose("Fetch mail now").unwrap();
    until("a sync that nobody else asked for", || runs(&stage) > before);
}

/// When the account was last gone over.
fn runs(stage: &Stage) -> i64 {
    let health = stage.ask("health", json!({}));
    let runs = health["accounts"][0]["runs"].as_array().unwrap();
    runs.iter().map(|run| run["started_at"].as_i64().unwrap()).max().unwrap()
}

#[test]
fn the_number_of_unread_mail_is_painted_on_the_icon_and_told_to_the_dock() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    let docks = Docks::listen(&stage.desktop).unwrap();
    let app = stage.open();
    docks.wait("application://Deskbell.desktop", 1).unwrap();
    stage.tray.menu_with("1 conversation unread").unwrap();
    until("a number on the icon", || painted(&stage) > 0);
    for name in ["Mara", "Ben", "Ida"] {
        stage.deliver(&format!("{name} <{name}@client.example>"), &format!("From {name}"));
    }
    docks.wait("application://Deskbell.desktop", 4).unwrap();
    let mut phone = stage.server.other_client().unwrap();
    phone.command("SELECT INBOX").unwrap();
    phone.command("UID STORE 1:* +FLAGS (\\Seen)").unwrap();
    stage.tray.menu_with("nothing unread").unwrap();
    docks.wait("application://Deskbell.desktop", 0).unwrap();
    until("no number on the icon", || painted(&stage) == 0);
    stage.deliver("Jon <jon@client.example>", "One more");
    docks.wait("application://Deskbell.desktop", 1).unwrap();
    stage.quit(app);

    stage.choose("badge", json!(false));
    let _app = stage.open();
    stage.tray.menu_with("1 conversation unread").unwrap();
    docks.wait("application://Deskbell.desktop", 0).unwrap();
    assert_eq!(painted(&stage), 0, "who wants no number sees none");
}

/// Points of a number's ground on the icon that stands in the tray now.
fn painted(stage: &Stage) -> usize {
    // The picture is another file a moment later.
    let Ok(icon) = Image::from_path(stage.tray.icon().unwrap()) else { return 0 };
    icon.rgba().chunks(4).filter(|pixel| *pixel == GROUND).count()
}

#[test]
fn closing_the_window_leaves_deskbell_in_the_tray_where_the_person_wants_it() {
    let Some((stage, notifications)) = Stage::with_notifications() else { return };
    let mut app = stage.open();
    stage.tray.menu_with("Open Deskbell").unwrap();
    stage.desktop.close_window("Deskbell").unwrap();
    until("the end", || app.still_runs().is_err());

    stage.choose("close_to_tray", json!(true));
    let mut app = stage.open();
    stage.tray.menu_with("Open Deskbell").unwrap();
    for time in 1..=2 {
        stage.desktop.close_window("Deskbell").unwrap();
        until("the window to hide", || !stage.sees_window());
        app.still_runs().unwrap();
        notifications.wait("it is told", |one| one.title.contains("goes on in the tray")).unwrap();
        let told = notifications.all().len();
        assert_eq!(told, 1, "the person is told the first time, not the {time}. one");
        stage.tray.choose("Open Deskbell").unwrap();
        until("the window", || stage.sees_window());
    }
    stage.desktop.close_window("Deskbell").unwrap();
    until("the window to hide", || !stage.sees_window());
    stage.deliver("Mara <mara@client.example>", "Behind the scenes");
    notifications.wait("mail is still fetched", |one| one.title == "Mara").unwrap();
    stage.start_again(&[]);
    until("a second start to bring the window back", || stage.sees_window());
    stage.quit(app);
}
