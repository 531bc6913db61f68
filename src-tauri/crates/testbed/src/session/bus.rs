//! The service of a desktop's session bus that shows notifications.
//!
//! Invariant: it does only what a person does: nothing is pressed or closed unless the test says so.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use zbus::blocking::Connection;
use zbus::zvariant::OwnedValue;

use super::{Desktop, PATIENCE};

/// A notification as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its name.
    pub id: u32,
    /// That of the one it took the place of, or 0.
    pub replaces: u32,
    /// First line.
    pub title: String,
    /// What stands below.
    pub body: String,
    /// Words of actions and their labels, in turn.
    pub actions: Vec<String>,
    /// It was taken away by its sender.
    pub closed: bool,
    /// When it arrived.
    pub at: Instant,
}

#[derive(Default)]
struct Board {
    shown: Mutex<Vec<Shown>>,
    changed: Condvar,
    inhibited: AtomicBool,
}

impl Board {
    fn change(&self, change: impl FnOnce(&mut Vec<Shown>)) {
        change(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

struct Server {
    board: Arc<Board>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup", "persistence"].map(str::to_owned).to_vec()
    }

    #[expect(clippy::too_many_arguments, reason = "the standard's own")]
    fn notify(
        &self,
        _name: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: std::collections::HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let (mut id, at) = (replaces, Instant::now());
        self.board.change(|shown| {
            if id == 0 {
                id = u32::try_from(shown.len()).unwrap_or(u32::MAX).saturating_add(1);
            }
            shown.push(Shown { id, replaces, title, body, actions, closed: false, at });
        });
        id
    }

    #[zbus(out_args("name", "vendor", "version", "spec_version"))]
    fn get_server_information(&self) -> (String, String, String, String) {
        ("testbed".into(), "deskbell".into(), "1".into(), "1.2".into())
    }

    /// Do Not Disturb, as KDE says it.
    #[zbus(property)]
    fn inhibited(&self) -> bool {
        self.board.inhibited.load(Ordering::Relaxed)
    }

    async fn close_notification(
        &self,
        #[zbus(connection)] bus: &zbus::Connection,
        id: u32,
    ) -> zbus::fdo::Result<()> {
        self.board.change(|shown| {
            shown.iter_mut().filter(|one| one.id == id).for_each(|one| one.closed = true);
        });
        bus.emit_signal(None::<&str>, PATH, NAME, "NotificationClosed", &(id, 3_u32)).await?;
        Ok(())
    }
}

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A desktop's notifications, as a person looks at them.
pub struct Notifications {
    board: Arc<Board>,
    bus: Connection,
}

impl Notifications {
    /// Serves them in a session.
    pub fn start(desktop: &Desktop) -> anyhow::Result<Self> {
        let board = Arc::new(Board::default());
        let server = Server { board: Arc::clone(&board) };
        let bus = desktop.bus()?.name(NAME)?.serve_at(PATH, server)?.build()?;
        Ok(Self { board, bus })
    }

    /// Turns Do Not Disturb on or off; what arrives all the same is still noted.
    pub fn inhibit(&self, on: bool) {
        self.board.inhibited.store(on, Ordering::Relaxed);
    }

    /// Everything that arrived so far.
    pub fn all(&self) -> Vec<Shown> {
        self.board.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until one is as asked for.
    pub fn wait(&self, what: &str, is: impl Fn(&Shown) -> bool) -> anyhow::Result<Shown> {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.board.shown.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(found) = shown.iter().rev().find(|one| is(one)) {
                return Ok(found.clone());
            }
            let left = end.saturating_duration_since(Instant::now());
            anyhow::ensure!(!left.is_zero(), "waited in vain for {what}; there are {shown:#?}");
            let waited = self.board.changed.wait_timeout(shown, left);
            shown = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Presses an action; `default` is the notification itself.
    pub fn press(&self, id: u32, action: &str) -> anyhow::Result<()> {
        Ok(self.bus.emit_signal(None::<&str>, PATH, NAME, "ActionInvoked", &(id, action))?)
    }
}
