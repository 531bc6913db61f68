//! Everything that runs beside the window, and the person who sits in front of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use deskbell_api::NoHost;
use deskbell_testbed::{
    Desktop, Dovecot, DovecotOptions, Leashed, Notifications, TrayHost, unless_missing,
};
use serde_json::{Value, json};

use crate::support;
use crate::support::bell::{Bell, PASSPHRASE};

/// Waits until something holds; the machine may be busy with other tests.
#[track_caller]
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    support::wait_until(what, 180, || holds().then_some(()));
}

/// See the module.
pub struct Stage {
    pub desktop: Desktop,
    pub tray: TrayHost,
    pub server: Dovecot,
    pub bell: Bell,
    files: tempfile::TempDir,
}

impl Stage {
    /// A desktop with a tray, and a profile with one account; the person's own, so that there is one Deskbell only.
    pub fn set() -> Option<Self> {
        let mut desktop = unless_missing(Desktop::start(1280, 800)).unwrap()?;
        unless_missing(Desktop::can_choose_files()).unwrap()?;
        let server = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap()?;
        let tray = TrayHost::start(&desktop).unwrap();
        let bell = Bell::new();
        server.deliver(server.user(), &support::mail("old", "Of old", "History.")).unwrap();
        bell.add(&server);
        bell.sync();
        let files = tempfile::tempdir().unwrap();
        let data = folder(&desktop, "XDG_DATA_HOME");
        std::os::unix::fs::symlink(bell.profile(), data.join("deskbell")).unwrap();
        desktop.set("HOME", files.path());
        desktop.set("DESKBELL_PASSPHRASE", PASSPHRASE);
        desktop.set("LANG", "en_US.UTF-8");
        desktop.set("LC_ALL", "en_US.UTF-8");
        Some(Self { desktop, tray, server, bell, files })
    }

    /// [`Self::set`], with somebody who shows notifications.
    pub fn with_notifications() -> Option<(Self, Notifications)> {
        let stage = Self::set()?;
        let notifications = Notifications::start(&stage.desktop).unwrap();
        Some((stage, notifications))
    }

    /// Sets something before a start, as a person did at an earlier one.
    pub fn choose(&self, key: &str, value: Value) {
        self.call("setting_put", json!({ "key": key, "value": value }), false);
    }

    /// Reads by a command of the table while Deskbell runs.
    pub fn ask(&self, command: &str, arguments: Value) -> Value {
        self.call(command, arguments, true)
    }

    fn call(&self, command: &str, arguments: Value, read_only: bool) -> Value {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let host = Arc::new(NoHost);
            let open = deskbell_desk::open(self.bell.profile(), host, read_only, false);
            let profile = open.unwrap();
            assert_eq!(profile.desk.store.is_read_only(), read_only, "one writes, others read");
            let answer = deskbell_api::call(&profile.desk, command, arguments).await.unwrap();
            profile.close().await;
            answer
        })
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskbell"));
        command.args(words).envs(self.desktop.environment()).env_remove("DESKBELL_PROFILE");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    pub fn start(&self, words: &[&str]) -> Leashed {
        Leashed::spawn(&mut self.command(words)).unwrap()
    }

    /// As [`Self::start`], and the first list stands on the screen.
    pub fn open(&self) -> Leashed {
        let ready = self.file("ready");
        if ready.exists() {
            std::fs::remove_file(&ready).unwrap();
        }
        let mut command = self.command(&[]);
        command.env("DESKBELL_READY_FILE", &ready);
        let app = Leashed::spawn(&mut command).unwrap();
        until("the first list", || ready.exists());
        app
    }

    /// Ends Deskbell as a person does, from the tray.
    pub fn quit(&self, mut app: Leashed) {
        self.tray.choose("Quit Deskbell").unwrap();
        until("the end", || app.still_runs().is_err());
    }

    /// A file of the person's own.
    pub fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    /// A folder of the session.
    pub fn folder(&self, variable: &str) -> PathBuf {
        folder(&self.desktop, variable)
    }

    /// A second start, which hands its words over and ends.
    pub fn start_again(&self, words: &[&str]) {
        let ended = self.command(words).status().unwrap();
        assert!(ended.success(), "a second start hands over and ends well: {ended}");
    }

    pub fn sees_window(&self) -> bool {
        self.desktop.sees_window("Deskbell").unwrap()
    }

    pub fn deliver(&self, from: &str, subject: &str) {
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
    pub fn view(&self, view: &str) -> Vec<String> {
        let page: Value = self.bell.json(&["inbox", "--view", view]);
        let rows = page["rows"].as_array().unwrap().iter();
        rows.map(|row| row["subject"].as_str().unwrap().to_owned()).collect()
    }

    /// Everything in the logs.
    pub fn logs(&self) -> String {
        let folder = std::fs::read_dir(self.bell.profile().join("logs")).unwrap();
        folder.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }
}

fn folder(desktop: &Desktop, variable: &str) -> PathBuf {
    let found = desktop.environment().find(|(name, _)| *name == variable);
    Path::new(found.unwrap_or_else(|| panic!("{variable} is set")).1).to_owned()
}
