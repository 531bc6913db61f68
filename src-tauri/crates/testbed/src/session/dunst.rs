//! dunst, a notification service that people run, as somebody at its own command line handles it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context as _;

use super::{Desktop, START_DEADLINE};
use crate::process::{Leashed, find_program, wait_for};

/// Notifications stay until somebody does something with them; markup is read, as in the settings that come with it.
const SETTINGS: &str = "[global]\nidle_threshold = 0\nmarkup = full\nfont = Sans 10\n[urgency_low]\ntimeout = 0\n\
                        [urgency_normal]\ntimeout = 0\n[urgency_critical]\ntimeout = 0\n";

/// A running dunst; it ends when dropped.
pub struct Dunst {
    _process: Leashed,
    dunstctl: PathBuf,
    environment: Vec<(OsString, OsString)>,
}

/// How many notifications are where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piles {
    /// On the screen.
    pub displayed: u32,
    /// Kept back until nobody minds.
    pub waiting: u32,
    /// Gone from the screen.
    pub history: u32,
}

impl Dunst {
    /// Starts it in a session that has no other service for notifications.
    pub fn start(desktop: &Desktop) -> anyhow::Result<Self> {
        let dunst = find_program("dunst", "dunst")?;
        let dunstctl = find_program("dunstctl", "dunst")?;
        let config = desktop.environment().find(|(name, _)| *name == "XDG_CONFIG_HOME");
        let file = PathBuf::from(config.context("no folder for settings")?.1).join("dunstrc");
        std::fs::write(&file, SETTINGS)?;
        let process = Leashed::spawn(
            Command::new(dunst)
                .arg("-conf")
                .arg(file)
                .envs(desktop.environment())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let environment = desktop
            .environment()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut dunst = Self { _process: process, dunstctl, environment };
        wait_for("dunst", START_DEADLINE, || {
            dunst._process.still_runs()?;
            Ok(dunst.piles().ok().map(drop))
        })?;
        Ok(dunst)
    }

    /// How many notifications are where.
    pub fn piles(&self) -> anyhow::Result<Piles> {
        let count = |pile: &str| -> anyhow::Result<u32> {
            let said = self.tell(&["count", pile])?;
            said.trim().parse().with_context(|| format!("no number of {pile}: {said}"))
        };
        Ok(Piles {
            displayed: count("displayed")?,
            waiting: count("waiting")?,
            history: count("history")?,
        })
    }

    /// What is gone from the screen, as dunst's own JSON.
    pub fn history(&self) -> anyhow::Result<String> {
        self.tell(&["history"])
    }

    /// Takes all from the screen.
    pub fn close_all(&self) -> anyhow::Result<()> {
        self.tell(&["close-all"]).map(drop)
    }

    /// Presses the first notification on the screen.
    pub fn press(&self) -> anyhow::Result<()> {
        self.tell(&["action", "0"]).map(drop)
    }

    /// Turns its Do Not Disturb on or off.
    pub fn pause(&self, on: bool) -> anyhow::Result<()> {
        self.tell(&["set-paused", if on { "true" } else { "false" }]).map(drop)
    }

    fn tell(&self, words: &[&str]) -> anyhow::Result<String> {
        let environment = self.environment.iter().map(|(name, value)| (name, value));
        let output = Command::new(&self.dunstctl).args(words).envs(environment).output()?;
        anyhow::ensure!(
            output.status.success(),
            "dunstctl {words:?}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(String::from_utf8(output.stdout)?)
    }
}
