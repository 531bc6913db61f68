//! Windows of a session, as a person at mouse and keyboard handles them.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

use super::{Desktop, START_DEADLINE};
use crate::process::{find_program, wait_for};

/// Where a window stands and how large it is, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// From the left edge of the screen.
    pub x: i32,
    /// From its upper edge.
    pub y: i32,
    /// Width without a frame.
    pub width: u32,
    /// Height without a frame.
    pub height: u32,
}

impl Desktop {
    /// Fails where the program is missing that keys are typed and the mouse is moved with.
    pub fn can_choose_files() -> anyhow::Result<()> {
        find_program("xdotool", "xdotool").map(drop)
    }

    /// Whether a window with this title is to be seen. Needs the program of [`Self::can_choose_files`].
    pub fn sees_window(&self, title: &str) -> anyhow::Result<bool> {
        Ok(self.window(title).is_some())
    }

    /// Asks a window to close, as the cross in its frame does.
    #[cfg(target_os = "linux")]
    pub fn close_window(&self, title: &str) -> anyhow::Result<()> {
        use x11rb::connection::Connection as _;
        use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};
        use x11rb::rust_connection::RustConnection;

        let window: u32 = self.window(title).context("there is no such window")?.parse()?;
        let display = self.environment().find(|(name, _)| *name == "DISPLAY");
        let display = display.context("the session has no screen")?.1.to_string_lossy();
        let (x, _) = RustConnection::connect(Some(&display))?;
        let atom = |name: &str| anyhow::Ok(x.intern_atom(false, name.as_bytes())?.reply()?.atom);
        let (protocols, delete) = (atom("WM_PROTOCOLS")?, atom("WM_DELETE_WINDOW")?);
        let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
        x.send_event(false, window, EventMask::NO_EVENT, message)?.check()?;
        Ok(x.flush()?)
    }

    /// Where the window with this title stands.
    pub fn geometry(&self, title: &str) -> anyhow::Result<Geometry> {
        let window = self.window(title).context("there is no such window")?;
        let said = self.xdotool(&["getwindowgeometry", "--shell", &window])?;
        let number = |name: &str| -> anyhow::Result<i32> {
            let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            Ok(line.with_context(|| format!("no {name} in {said}"))?.trim().parse()?)
        };
        Ok(Geometry {
            x: number("X")?,
            y: number("Y")?,
            width: number("WIDTH")?.try_into()?,
            height: number("HEIGHT")?.try_into()?,
        })
    }

    /// Moves a window and changes its size.
    pub fn place(&self, title: &str, to: Geometry) -> anyhow::Result<()> {
        let window = self.window(title).context("there is no such window")?;
        let number = |value: &dyn std::fmt::Display| value.to_string();
        self.xdotool(&["windowsize", &window, &number(&to.width), &number(&to.height)])?;
        self.xdotool(&["windowmove", &window, &number(&to.x), &number(&to.y)])?;
        Ok(())
    }

    /// Presses and lets go the left button at a point of the screen.
    pub fn click(&self, x: i32, y: i32) -> anyhow::Result<()> {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"])?;
        Ok(())
    }

    /// Presses the left button at one point of the screen and lets it go at another, with some steps between.
    pub fn drag(&self, from: (i32, i32), to: (i32, i32)) -> anyhow::Result<()> {
        const STEPS: i32 = 24;
        let at = |x: i32, y: i32| self.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
        at(from.0, from.1)?;
        self.xdotool(&["mousedown", "1"])?;
        for step in 1..=STEPS {
            at(from.0 + (to.0 - from.0) * step / STEPS, from.1 + (to.1 - from.1) * step / STEPS)?;
            // A hand needs a while for its way; programs look at the pointer only now and then.
            std::thread::sleep(Duration::from_millis(40));
        }
        // The target is asked whether it takes it each time the pointer moves over it.
        for nudge in [1, 0, 1, 0] {
            at(to.0 + nudge, to.1)?;
            std::thread::sleep(Duration::from_millis(80));
        }
        self.xdotool(&["mouseup", "1"])?;
        Ok(())
    }

    /// Answers GTK's file dialog with this title, as a person at the keyboard would: no driver reaches it.
    pub fn choose_file(&self, title: &str, path: &Path) -> anyhow::Result<()> {
        let found = wait_for(title, START_DEADLINE, || Ok(self.window(title)))?;
        self.xdotool(&["windowfocus", "--sync", &found])?;
        // A slash opens the entry for a path, which takes keys only a moment later: typing begins once more in it.
        self.xdotool(&["key", "--delay", "250", "slash", "ctrl+a"])?;
        self.xdotool(&["type", "--delay", "12", &path.to_string_lossy()])?;
        self.xdotool(&["key", "Return"])?;
        wait_for("the file dialog to close", START_DEADLINE, || {
            Ok(self.window(title).is_none().then_some(()))
        })
    }

    /// Presses a key, such as `Return` or `ctrl+p`, in the window with this title, which no driver reaches.
    pub fn press(&self, title: &str, key: &str) -> anyhow::Result<()> {
        let window = self.window(title).context("there is no such window")?;
        self.xdotool(&["windowfocus", "--sync", &window])?;
        self.xdotool(&["key", key])?;
        Ok(())
    }

    /// Types words of plain letters in the window with this title, key by key.
    pub fn write(&self, title: &str, words: &str) -> anyhow::Result<()> {
        let window = self.window(title).context("there is no such window")?;
        self.xdotool(&["windowfocus", "--sync", &window])?;
        self.xdotool(&["type", "--delay", "40", words])?;
        Ok(())
    }

    /// The X server's name of the first window with this title that is to be seen.
    fn window(&self, title: &str) -> Option<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title]).unwrap_or_default();
        found.lines().next().map(str::to_owned)
    }

    fn xdotool(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = Command::new(find_program("xdotool", "xdotool")?)
            .args(arguments)
            .envs(self.environment())
            .output()?;
        anyhow::ensure!(
            output.status.success(),
            "xdotool {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
