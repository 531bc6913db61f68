//! A desktop session without a screen: X server, session bus and an unlocked keyring of its own.
//!
//! Invariant: nothing of the person's own desktop is touched; the XDG directories lie in a temporary one.

#[cfg(target_os = "linux")]
mod bus;
mod driver;
#[cfg(target_os = "linux")]
mod dunst;
#[cfg(target_os = "linux")]
mod tray;
mod window;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::process::{Leashed, find_program, wait_for};
#[cfg(target_os = "linux")]
pub use bus::{Notifications, Shown};
pub use driver::TauriDriver;
#[cfg(target_os = "linux")]
pub use dunst::{Dunst, Piles};
#[cfg(target_os = "linux")]
pub use tray::{Docks, Entry, Instants, TrayHost};
pub use window::Geometry;

/// How long each part of the session may take to come up.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// How long something may take to be seen; the machine may be busy with other tests.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_secs(60);

/// The keyring's password; it guards nothing but test secrets.
const KEYRING_PASSWORD: &[u8] = b"deskbell";

/// A running session; it ends when dropped, and takes its keyring and its files with it.
#[derive(Debug)]
pub struct Desktop {
    // In this order: clients end before their servers, and the directory goes last.
    _keyring: Leashed,
    _bus: Leashed,
    _screen: Leashed,
    import: PathBuf,
    environment: Vec<(OsString, OsString)>,
    _dir: TempDir,
}

impl Desktop {
    /// Starts a session with a screen of `width` × `height` pixels.
    ///
    /// There is no window manager: a window stands where it asks to, without a frame.
    pub fn start(width: u32, height: u32) -> anyhow::Result<Self> {
        let xvfb = find_program("Xvfb", "xvfb")?;
        let dbus = find_program("dbus-daemon", "dbus")?;
        let keyring = find_program("gnome-keyring-daemon", "gnome-keyring")?;
        let import = find_program("import", "imagemagick")?;
        let dir = tempfile::Builder::new().prefix("desk-").tempdir()?;
        let mut environment = session_environment(dir.path())?;

        // Without -noreset it begins anew when its last client leaves, and turns away who is just coming.
        let mut screen = Leashed::spawn(
            Command::new(xvfb)
                .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0"])
                .arg(format!("{width}x{height}x24"))
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let display = screen.first_line().context("Xvfb did not name its display")?;
        environment.push(("DISPLAY".into(), format!(":{display}").into()));

        let mut bus = Leashed::spawn(
            Command::new(dbus)
                .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
                .arg(format!("--address=unix:dir={}", dir.path().display()))
                .envs(pairs(&environment))
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let address = bus.first_line().context("the session bus did not name its address")?;
        environment.push(("DBUS_SESSION_BUS_ADDRESS".into(), address.into()));

        let keyring = Leashed::spawn_fed(
            Command::new(keyring)
                .args(["--foreground", "--unlock", "--components=secrets"])
                .envs(pairs(&environment))
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
            KEYRING_PASSWORD,
        )?;
        let mut desktop =
            Self { _keyring: keyring, _bus: bus, _screen: screen, import, environment, _dir: dir };
        desktop.wait_for_keyring()?;
        Ok(desktop)
    }

    /// What a child needs in its environment to run in this session.
    pub fn environment(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        pairs(&self.environment)
    }

    /// Sets a variable for what is started from now on.
    pub fn set(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.environment.push((name.into(), value.into()));
    }

    /// A connection to the session's bus, to be dressed by its user.
    #[cfg(target_os = "linux")]
    fn bus(&self) -> anyhow::Result<zbus::blocking::connection::Builder<'static>> {
        let address = self.environment().find(|(name, _)| *name == "DBUS_SESSION_BUS_ADDRESS");
        let address = address.context("the session has no bus")?.1.to_string_lossy().into_owned();
        Ok(zbus::blocking::connection::Builder::address(address.as_str())?)
    }

    /// Takes a picture of the whole screen; the suffix of `path` decides the format.
    pub fn screenshot(&self, path: &Path) -> anyhow::Result<()> {
        let output = Command::new(&self.import)
            // Without the time of the shot, so that two pictures of the same screen are the same file.
            .args(["-window", "root", "-strip", "-define", "png:exclude-chunks=date,time"])
            .arg(path)
            .envs(self.environment())
            .output()
            .context("running import")?;
        anyhow::ensure!(
            output.status.success(),
            "no picture: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(())
    }

    /// How many colours a picture has; a screen on which nothing was painted has a handful.
    pub fn colours(picture: &Path) -> anyhow::Result<usize> {
        let output = Command::new(find_program("identify", "imagemagick")?)
            .args(["-format", "%k"])
            .arg(picture)
            .output()
            .context("running identify")?;
        let words = String::from_utf8_lossy(&output.stdout);
        words.trim().parse().with_context(|| format!("{} is no picture", picture.display()))
    }

    fn wait_for_keyring(&mut self) -> anyhow::Result<()> {
        let dbus_send = find_program("dbus-send", "dbus")?;
        wait_for("the keyring", START_DEADLINE, || {
            self._keyring.still_runs()?;
            let answer = Command::new(&dbus_send)
                .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"])
                .args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"])
                .envs(pairs(&self.environment))
                .stdin(Stdio::null())
                .output()?;
            Ok(String::from_utf8_lossy(&answer.stdout).contains("boolean true").then_some(()))
        })
    }
}

fn pairs(environment: &[(OsString, OsString)]) -> impl Iterator<Item = (&OsStr, &OsStr)> {
    environment.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
}

fn session_environment(dir: &Path) -> anyhow::Result<Vec<(OsString, OsString)>> {
    let mut environment: Vec<(OsString, OsString)> = [
        // Without a GPU WebKitGTK paints only by these.
        ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
        ("GDK_BACKEND", "x11"),
        // The accessibility bus is not there, and GTK waits for it.
        ("NO_AT_BRIDGE", "1"),
        ("XDG_SESSION_TYPE", "x11"),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .to_vec();
    for (name, folder) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "runtime"),
    ] {
        let path = dir.join(folder);
        std::fs::create_dir(&path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700))?;
        }
        environment.push((name.into(), path.into()));
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unless_missing;

    #[test]
    fn a_session_has_a_screen_of_the_size_asked_for() {
        let Some(desktop) = unless_missing(Desktop::start(640, 400)).unwrap() else { return };
        let dir = tempfile::tempdir().unwrap();
        let picture = dir.path().join("screen.png");
        desktop.screenshot(&picture).unwrap();
        assert!(Desktop::colours(&picture).unwrap() < 5, "nothing is painted on it yet");
        let png = std::fs::read(&picture).unwrap();
        assert_eq!(&png[1..4], b"PNG");
        // IHDR: width and height stand big-endian at bytes 16 and 20.
        assert_eq!(png[16..24], [0, 0, 2, 128, 0, 0, 1, 144]);
    }

    #[test]
    fn two_sessions_stand_beside_each_other() {
        let Some(one) = unless_missing(Desktop::start(320, 200)).unwrap() else { return };
        let two = Desktop::start(320, 200).unwrap();
        let of = |desktop: &Desktop, name: &str| {
            let found = desktop.environment().find(|(own, _)| *own == name);
            found.unwrap().1.to_owned()
        };
        for name in ["DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_DATA_HOME"] {
            assert_ne!(of(&one, name), of(&two, name), "{name}");
        }
    }
}
