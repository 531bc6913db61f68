//! A good citizen of the desktop: what arrives is announced and answered from the notification, the tray counts and
//! commands, links from outside are followed or left alone.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;
mod unopened;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use deskbell_testbed::{
    Desktop, Dovecot, DovecotOptions, Leashed, Notifications, TrayHost, unless_missing,
};
use serde_json::Value;

use support::bell::{Bell, PASSPHRASE};
use support::server::copies;

/// Waits until something holds; the machine may be busy with other tests.
#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    support::wait_until(what, 90, || holds().then_some(()));
}

/// Everything that runs beside the window.
struct Stage {
    desktop: Desktop,
    notifications: Notifications,
    tray: TrayHost,
    server: Dovecot,
    bell: Bell,
    files: tempfile::TempDir,
}

impl Stage {
    /// A desktop with a tray, and a profile with one account; the person's own, so that there is one Deskbell only.
    fn set() -> Option<Self> {
        let desktop = unless_missing(Desktop::start(1280, 800)).unwrap()?;
        unless_missing(Desktop::can_choose_files()).unwrap()?;
        let server = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap()?;
        let notifications = Notifications::start(&desktop).unwrap();
        let tray = TrayHost::start(&desktop).unwrap();
        let bell = Bell::new();
        server.deliver(server.user(), &support::mail("old", "Of old", "History.")).unwrap();
        bell.add(&server);
        bell.sync();
        let data = desktop.environment().find(|(name, _)| *name == "XDG_DATA_HOME").unwrap().1;
        std::os::unix::fs::symlink(bell.profile(), Path::new(data).join("deskbell")).unwrap();
        Some(Self {
            desktop,
            notifications,
            tray,
            server,
            bell,
            files: tempfile::tempdir().unwrap(),
        })
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskbell"));
        command.args(words).envs(self.desktop.environment()).env_remove("DESKBELL_PROFILE");
        command
            .env("DESKBELL_PASSPHRASE", PASSPHRASE)
            .env("LANG", "en_US.UTF-8")
            .env("LC_ALL", "en_US.UTF-8");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn start(&self, words: &[&str]) -> Leashed {
        Leashed::spawn(&mut self.command(words)).unwrap()
    }

    /// As [`Self::start`], and the first list stands on the screen.
    fn open(&self) -> Leashed {
        let ready = self.ready_file();
        let mut command = self.command(&[]);
        command.env("DESKBELL_READY_FILE", &ready);
        let app = Leashed::spawn(&mut command).unwrap();
        until("the first list", || ready.exists());
        app
    }

    fn ready_file(&self) -> PathBuf {
        self.files.path().join("ready")
    }

    /// A second start, which hands its words over and ends.
    fn start_again(&self, words: &[&str]) {
        let ended = self.command(words).status().unwrap();
        assert!(ended.success(), "a second start hands over and ends well: {ended}");
    }

    fn deliver(&self, from: &str, subject: &str) {
        let mail = format!(
            "Message-ID: <{}@client.example>\r\nFrom: {from}\r\nTo: {}\r\nSubject: {subject}\r\n\
             Date: {}\r\n\r\nThe words of <b>{subject}</b>.\r\n",
            subject.replace(' ', "-"),
            self.server.user(),
            "Sat, 21 Nov 2026 10:00:00 +0000",
        );
        self.server.deliver(self.server.user(), mail.as_bytes()).unwrap();
    }

    /// The subjects of a view, as another process reads them.
    fn view(&self, view: &str) -> Vec<String> {
        let page: Value = self.bell.json(&["inbox", "--view", view]);
        let rows = page["rows"].as_array().unwrap().iter();
        rows.map(|row| row["subject"].as_str().unwrap().to_owned()).collect()
    }

    /// Everything in the logs.
    fn logs(&self) -> String {
        let folder = std::fs::read_dir(self.bell.profile().join("logs")).unwrap();
        folder.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }
}

#[test]
fn new_mail_is_announced_and_can_be_answered_from_the_notification() {
    let Some(stage) = Stage::set() else { return };
    let _app = stage.open();
    stage.tray.menu_with("1 conversation unread").unwrap();
    assert_eq!(stage.notifications.all(), [], "history is not announced");

    stage.deliver("Mara Voss <mara@client.example>", "Saturday at ten");
    let shown = stage.notifications.wait("the news", |one| one.title == "Mara Voss").unwrap();
    assert!(shown.body.starts_with("Saturday at ten"), "{shown:?}");
    assert!(!shown.body.contains("<b>"), "what somebody wrote is no markup: {shown:?}");
    let words: Vec<&str> = shown.actions.iter().map(String::as_str).collect();
    assert_eq!(words[..6], ["reply", "Reply", "archive", "Archive", "read", "Mark read"]);
    stage.tray.menu_with("2 conversations unread").unwrap();

    // A person presses later than the sender begins to listen; a test may be quicker.
    until("it is archived", || {
        stage.notifications.press(shown.id, "archive").unwrap();
        stage.view("archived").contains(&"Saturday at ten".to_owned())
    });

    stage.deliver("Ben <ben@client.example>", "Read on the phone");
    let shown = stage.notifications.wait("the news", |one| one.title == "Ben").unwrap();
    let mut phone = stage.server.other_client().unwrap();
    let uid =
        copies(&mut phone, "INBOX").iter().find(|one| one.id.starts_with("Read")).unwrap().uid;
    phone.command(&format!("UID STORE {uid} +FLAGS (\\Seen)")).unwrap();
    stage.notifications.wait("it is taken away", |one| one.id == shown.id && one.closed).unwrap();

    stage.deliver("Ida <ida@client.example>", "Please open");
    let shown = stage.notifications.wait("the news", |one| one.title == "Ida").unwrap();
    until("it is read", || {
        stage.notifications.press(shown.id, "default").unwrap();
        !stage.view("unread").contains(&"Please open".to_owned())
    });
    let of =
        |title: &str| stage.notifications.all().iter().filter(|one| one.title == title).count();
    assert_eq!((of("Mara Voss"), of("Ben"), of("Ida")), (1, 1, 1), "each is announced once");
}

#[test]
fn the_tray_opens_writes_and_quits() {
    let Some(stage) = Stage::set() else { return };
    let mut app = stage.start(&["--hidden"]);
    stage.tray.menu_with("Open Deskbell").unwrap();
    assert!(!stage.desktop.sees_window("Deskbell").unwrap(), "it starts in the tray");
    stage.tray.choose("Open Deskbell").unwrap();
    until("the window", || stage.desktop.sees_window("Deskbell").unwrap());
    stage.tray.choose("For an hour").unwrap();
    stage.tray.menu_with("✓ Pause notifications").unwrap();
    stage.deliver("Mara <mara@client.example>", "While it is quiet");
    stage.tray.menu_with("2 conversations unread").unwrap();
    assert_eq!(stage.notifications.all(), [], "a pause is kept");
    stage.tray.choose("Write a message").unwrap();
    until("a draft", || !stage.view("drafts").is_empty());
    stage.tray.choose("Quit Deskbell").unwrap();
    until("the end", || app.still_runs().is_err());
}

#[test]
fn links_are_followed_or_left_alone() {
    let Some(stage) = Stage::set() else { return };
    let _app = stage.open();
    stage.start_again(&["mailto:mara@client.example?subject=From%20a%20link&attach=/etc/passwd"]);
    until("the draft", || stage.view("drafts").contains(&"From a link".to_owned()));

    stage.deliver("Jon <jon@client.example>", "Linked");
    until("the mail", || stage.view("unread").contains(&"Linked".to_owned()));
    let page = stage.bell.json(&["inbox", "--view", "unread"]);
    let id = page["rows"][0]["id"].as_str().unwrap().to_owned();
    stage.start_again(&[&format!("deskbell://conversation/{id}")]);
    until("it is opened and so read", || !stage.view("unread").contains(&"Linked".to_owned()));

    for forged in [
        "deskbell://erase/secret-1",
        "deskbell://conversation/987654321",
        "deskbell://oauth/google?state=secret-2&code=secret-3",
        "https://evil.example/secret-4",
    ] {
        stage.start_again(&[forged]);
    }
    until("a line for each in the log", || {
        let logs = stage.logs();
        logs.contains("was not followed")
            && logs.contains("not here")
            && logs.contains("belongs to no sign-in")
    });
    let logs = stage.logs();
    for secret in ["secret-", "evil.example", "987654321", "mara@client"] {
        assert!(!logs.contains(secret), "nothing of a link is logged: {secret}");
    }
}
