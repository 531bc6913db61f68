//! Two services of a desktop on its session bus: one that shows notifications, one that shows a tray.
//!
//! Invariant: they do only what a person does: nothing is chosen or closed unless the test says so.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};

use super::Desktop;

/// The machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

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
}

#[derive(Default)]
struct Board {
    shown: Mutex<Vec<Shown>>,
    changed: Condvar,
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
        let mut id = replaces;
        self.board.change(|shown| {
            if id == 0 {
                id = u32::try_from(shown.len()).unwrap_or(u32::MAX).saturating_add(1);
            }
            shown.push(Shown { id, replaces, title, body, actions, closed: false });
        });
        id
    }

    #[zbus(out_args("name", "vendor", "version", "spec_version"))]
    fn get_server_information(&self) -> (String, String, String, String) {
        ("testbed".into(), "deskbell".into(), "1".into(), "1.2".into())
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

#[derive(Default)]
struct Watcher {
    items: Arc<(Mutex<Vec<String>>, Condvar)>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(
        &self,
        #[zbus(header)] header: zbus::message::Header<'_>,
        service: String,
    ) {
        // Some give the path of their item, others a name on the bus.
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let item = if service.starts_with('/') { format!("{sender}{service}") } else { service };
        self.items.0.lock().unwrap_or_else(PoisonError::into_inner).push(item);
        self.items.1.notify_all();
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// A desktop's tray, as a person looks at it.
pub struct TrayHost {
    items: Arc<(Mutex<Vec<String>>, Condvar)>,
    bus: Connection,
}

/// An entry of an icon's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    id: i32,
    /// Its words.
    pub words: String,
}

impl TrayHost {
    /// Serves a tray in a session.
    pub fn start(desktop: &Desktop) -> anyhow::Result<Self> {
        let watcher = Watcher::default();
        let items = Arc::clone(&watcher.items);
        let bus = desktop
            .bus()?
            .name("org.kde.StatusNotifierWatcher")?
            .serve_at("/StatusNotifierWatcher", watcher)?
            .build()?;
        Ok(Self { items, bus })
    }

    /// The menu of the first icon, with what lies below its entries, once there is one with such words.
    pub fn menu_with(&self, words: &str) -> anyhow::Result<Vec<Entry>> {
        let end = Instant::now() + PATIENCE;
        let mut last = Vec::new();
        while Instant::now() < end {
            if let Ok(menu) = self.menu() {
                if menu.iter().any(|entry| entry.words.contains(words)) {
                    return Ok(menu);
                }
                last = menu;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        anyhow::bail!("waited in vain for {words:?} in the tray's menu: {last:#?}")
    }

    /// Chooses the entry with these words.
    pub fn choose(&self, words: &str) -> anyhow::Result<()> {
        let menu = self.menu_with(words)?;
        let entry = menu.iter().find(|entry| entry.words.contains(words)).context("no entry")?;
        let data = Value::from(0_i32);
        self.dbusmenu()?.call_method("Event", &(entry.id, "clicked", data, 0_u32))?;
        Ok(())
    }

    fn menu(&self) -> anyhow::Result<Vec<Entry>> {
        let nothing: Vec<String> = Vec::new();
        let answer = self.dbusmenu()?.call_method("GetLayout", &(0_i32, -1_i32, nothing))?;
        let body = answer.body();
        let layout: Structure<'_> = body.deserialize()?;
        let mut entries = Vec::new();
        layout.fields().iter().for_each(|node| gather(node, &mut entries));
        Ok(entries)
    }

    fn dbusmenu(&self) -> anyhow::Result<Proxy<'static>> {
        let item = {
            let (items, changed) = (&self.items.0, &self.items.1);
            let held = items.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = changed.wait_timeout_while(held, PATIENCE, |items| items.is_empty());
            let (held, _) = waited.unwrap_or_else(PoisonError::into_inner);
            held.last().cloned().context("there is no icon in the tray")?
        };
        let (service, path) = match item.split_once('/') {
            Some((service, path)) => (service.to_owned(), format!("/{path}")),
            None => (item, "/StatusNotifierItem".to_owned()),
        };
        let icon = Proxy::new(&self.bus, service.clone(), path, "org.kde.StatusNotifierItem")?;
        let menu: OwnedObjectPath = icon.get_property("Menu")?;
        Ok(Proxy::new(&self.bus, service, menu, "com.canonical.dbusmenu")?)
    }
}

/// The entries of a layout, `(ia{sv}av)`, and of what lies below each.
fn gather(node: &Value<'_>, entries: &mut Vec<Entry>) {
    if let Value::Value(inner) = node {
        return gather(inner, entries);
    }
    let Value::Structure(node) = node else { return };
    let node: &Structure<'_> = node;
    let [Value::I32(id), Value::Dict(properties), Value::Array(children)] = node.fields() else {
        return;
    };
    if let Ok(Some(words)) = properties.get::<_, String>(&"label") {
        entries.push(Entry { id: *id, words: words.replace('_', "") });
    }
    for child in children.inner() {
        gather(child, entries);
    }
}
