//! The service of a desktop's session bus that shows a tray, and an ear for numbers on docks.
//!
//! Invariant: it does only what a person does: nothing is chosen unless the test says so.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use zbus::MatchRule;
use zbus::blocking::{Connection, MessageIterator, Proxy};
use zbus::message::Type;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};

use super::{Desktop, PATIENCE};

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

/// Instants, as they come.
pub type Instants = std::sync::mpsc::Receiver<Instant>;

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
        let end = Instant::now() + PATIENCE;
        loop {
            let menu = self.menu_with(words)?;
            let entry =
                menu.iter().find(|entry| entry.words.contains(words)).context("no entry")?;
            let data = Value::from(0_i32);
            match self.dbusmenu()?.call_method("Event", &(entry.id, "clicked", data, 0_u32)) {
                Ok(_) => return Ok(()),
                // The menu was made anew between the look and the press.
                Err(_) if Instant::now() < end => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The file of the picture that the first icon shows now.
    pub fn icon(&self) -> anyhow::Result<PathBuf> {
        let name: String = self.item()?.get_property("IconName")?;
        Ok(PathBuf::from(name))
    }

    /// When the icon changed its picture, from now on.
    pub fn repaints(&self) -> anyhow::Result<Instants> {
        let item = self.item()?;
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(item.destination().to_owned())?
            .interface("org.kde.StatusNotifierItem")?
            .member("NewIcon")?
            .build();
        let signals = MessageIterator::for_match_rule(rule, &self.bus, None)?;
        let (told, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for _signal in signals {
                if told.send(Instant::now()).is_err() {
                    return;
                }
            }
        });
        Ok(heard)
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

    fn item(&self) -> anyhow::Result<Proxy<'static>> {
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
        let item = Proxy::new(&self.bus, service, path, "org.kde.StatusNotifierItem")?;
        Ok(item)
    }

    fn dbusmenu(&self) -> anyhow::Result<Proxy<'static>> {
        let icon = self.item()?;
        let menu: OwnedObjectPath = icon.get_property("Menu")?;
        let service = icon.destination().to_owned();
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

/// The numbers that docks are told to show.
pub struct Docks {
    heard: std::sync::mpsc::Receiver<(String, i64)>,
}

impl Docks {
    /// Listens in a session from now on.
    pub fn listen(desktop: &Desktop) -> anyhow::Result<Self> {
        let bus = desktop.bus()?.build()?;
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .interface("com.canonical.Unity.LauncherEntry")?
            .member("Update")?
            .build();
        let signals = MessageIterator::for_match_rule(rule, &bus, None)?;
        let (told, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for signal in signals.flatten() {
                let body = signal.body();
                let Ok((entry, properties)) =
                    body.deserialize::<(String, HashMap<String, OwnedValue>)>()
                else {
                    continue;
                };
                let number = properties.get("count").and_then(|count| i64::try_from(count).ok());
                let seen = properties.get("count-visible").and_then(|on| bool::try_from(on).ok());
                let number = if seen == Some(true) { number.unwrap_or(0) } else { 0 };
                if told.send((entry, number)).is_err() {
                    return;
                }
            }
        });
        Ok(Self { heard })
    }

    /// Waits until the entry of a desktop file shows this number.
    pub fn wait(&self, entry: &str, number: i64) -> anyhow::Result<()> {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let heard = self.heard.recv_timeout(left);
            let heard = heard.with_context(|| format!("waited in vain for {number} on {entry}"))?;
            if heard == (entry.to_owned(), number) {
                return Ok(());
            }
        }
    }
}
