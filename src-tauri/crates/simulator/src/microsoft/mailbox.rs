//! One mailbox: its folders, what lies in them, and the log of what happened to them, from which deltas are made.
//!
//! Its public methods are what other clients and the post do to it. Invariant: every change of a message or a
//! folder is in the log, in order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::delta::{Lives, Token};
use super::drafts::Upload;
use super::message::Message;
use super::present;

/// Folders every mailbox has: the well-known name, the name shown.
const WELL_KNOWN: [(&str, &str); 7] = [
    ("inbox", "Inbox"),
    ("drafts", "Drafts"),
    ("sentitems", "Sent Items"),
    ("deleteditems", "Deleted Items"),
    ("junkemail", "Junk Email"),
    ("archive", "Archive"),
    ("outbox", "Outbox"),
];

/// A folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Folder {
    /// Its id; it stays when the folder moves.
    pub id: String,
    /// The well-known name, for those that have one.
    #[serde(skip)]
    pub well_known: Option<&'static str>,
    /// `displayName`.
    pub name: String,
    /// The folder it is in; `None` at the top.
    pub parent: Option<String>,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Change {
    /// A message is new in the folder, or all of it changed.
    Whole { folder: String, serial: u64 },
    /// Properties of a message changed.
    Partly {
        folder: String,
        serial: u64,
        /// Not kept: what was kept is told whole.
        #[serde(skip)]
        properties: Vec<&'static str>,
    },
    /// A message left the folder.
    Left { folder: String, serial: u64, ids: (String, String) },
    /// A folder is new or changed.
    Folder { id: String },
    /// A folder is gone.
    FolderGone { id: String },
}

/// How deltas of a mailbox misbehave; all of it is what the real ones do at times.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Habits {
    /// Changed items tell what changed, and nothing else.
    pub partial_items: bool,
    /// Items come more than once in a round.
    pub repeats: bool,
    /// Every round begins with an empty page that has a next link.
    pub empty_pages: bool,
    /// What is gone from a folder is told as `changed`, not as `deleted`.
    pub removed_as_changed: bool,
}

/// How a token that is not known any more is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// 410 with a `Location` to begin anew.
    Gone,
    /// 400 with the code `syncStateNotFound`.
    NotFound,
}

/// One mailbox.
#[derive(Debug, Serialize, Deserialize)]
pub struct Mailbox {
    /// Whose.
    pub address: String,
    /// The folders.
    pub folders: Vec<Folder>,
    /// See there.
    pub habits: Habits,
    /// See there.
    #[serde(default)]
    pub lives: Lives,
    pub(crate) messages: BTreeMap<u64, Message>,
    /// Message-IDs, and the first message that has each.
    names: BTreeMap<String, u64>,
    pub(crate) log: Vec<Change>,
    #[serde(serialize_with = "super::delta::ended")]
    pub(crate) tokens: BTreeMap<String, Token>,
    /// Tokens with a lower number are not known any more.
    pub(crate) evicted: (u64, Option<Loss>),
    #[serde(skip)]
    pub(crate) uploads: BTreeMap<String, Upload>,
    pub(crate) made: u64,
}

impl Mailbox {
    pub(crate) fn new(address: &str) -> Self {
        let folders = WELL_KNOWN.iter().enumerate().map(|(number, (well_known, name))| Folder {
            id: format!("AQMkAF{number:06}"),
            well_known: Some(well_known),
            name: (*name).to_owned(),
            parent: None,
        });
        Self {
            address: address.to_owned(),
            folders: folders.collect(),
            habits: Habits::default(),
            lives: Lives::default(),
            messages: BTreeMap::new(),
            names: BTreeMap::new(),
            log: Vec::new(),
            tokens: BTreeMap::new(),
            evicted: (0, None),
            uploads: BTreeMap::new(),
            made: 0,
        }
    }

    /// Completes what was kept: well-known folders are told by their place.
    pub(crate) fn resumed(mut self) -> Self {
        for (folder, (well_known, _)) in self.folders.iter_mut().zip(WELL_KNOWN) {
            folder.well_known = Some(well_known);
        }
        self
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// A folder by its id or its well-known name.
    pub fn folder(&self, name: &str) -> Option<&Folder> {
        self.folders.iter().find(|folder| {
            folder.id == name
                || folder.well_known.is_some_and(|known| known.eq_ignore_ascii_case(name))
        })
    }

    pub(crate) fn folder_id(&self, name: &str) -> String {
        self.folder(name).map(|folder| folder.id.clone()).unwrap_or_default()
    }

    /// The messages in a folder, oldest first.
    pub fn messages(&self, folder: &str) -> Vec<&Message> {
        let id = self.folder_id(folder);
        self.messages.values().filter(|message| message.folder == id).collect()
    }

    /// A message by its subject, wherever it lies.
    pub fn by_subject(&self, subject: &str) -> Option<&Message> {
        self.messages.values().find(|message| message.subject == subject)
    }

    /// A message by either kind of id.
    pub(crate) fn by_id(&self, id: &str) -> Option<&Message> {
        let message = self.messages.get(&serial_of(id)?)?;
        (present::id(message, true) == id || present::id(message, false) == id).then_some(message)
    }

    /// The post brings a message.
    pub fn deliver(&mut self, folder: &str, source: &[u8], now: i64) -> String {
        let message = Message { arrived: true, ..Message::read(source, now) };
        let serial = self.put(folder, message);
        self.messages.get(&serial).map(Message::immutable_id).unwrap_or_default()
    }

    /// A message that has long been there: received then, read or not, flagged or not; its immutable id.
    pub fn settle(
        &mut self,
        folder: &str,
        source: &[u8],
        at: i64,
        read: bool,
        flagged: bool,
    ) -> String {
        let message = Message { arrived: true, read, flagged, ..Message::read(source, at) };
        let draft = self.folder(folder).is_some_and(|known| known.well_known == Some("drafts"));
        let serial = self.put(folder, Message { draft, ..message });
        self.messages.get(&serial).map(Message::immutable_id).unwrap_or_default()
    }

    /// Puts a message into a folder and completes what it lacks.
    pub(crate) fn put(&mut self, folder: &str, mut message: Message) -> u64 {
        message.serial = self.next();
        message.folder = self.folder_id(folder);
        if message.message_id.is_empty() {
            message.message_id = format!("<{}@prod.outlook.example>", message.serial);
        }
        message.conversation = self.conversation_of(&message);
        self.log.push(Change::Whole { folder: message.folder.clone(), serial: message.serial });
        let serial = message.serial;
        self.names.entry(message.message_id.clone()).or_insert(serial);
        self.messages.insert(serial, message);
        serial
    }

    fn conversation_of(&self, message: &Message) -> String {
        let fields = [&message.in_reply_to, &message.references];
        let names = fields.into_iter().flatten().flat_map(|field| field.split_whitespace());
        let known = names.filter_map(|name| self.messages.get(self.names.get(name)?));
        if let Some(first) = known.min_by_key(|known| known.serial) {
            return first.conversation.clone();
        }
        format!("AAQkConversation{:08}", message.serial)
    }

    /// Changes a message; `properties` are those that are told of it.
    pub(crate) fn change(
        &mut self,
        serial: u64,
        properties: &[&'static str],
        now: i64,
        change: impl FnOnce(&mut Message),
    ) {
        let version = self.next();
        let Some(message) = self.messages.get_mut(&serial) else { return };
        change(message);
        (message.modified, message.version) = (now, version);
        let folder = message.folder.clone();
        let mut properties = properties.to_vec();
        properties.extend(["lastModifiedDateTime", "changeKey"]);
        self.log.push(Change::Partly { folder, serial, properties });
    }

    /// Another client marks messages of this subject as read, or not.
    pub fn mark(&mut self, subject: &str, read: bool, flagged: bool, now: i64) {
        for serial in self.of_subject(subject) {
            self.change(serial, &["isRead", "flag"], now, |message| {
                (message.read, message.flagged) = (read, flagged);
            });
        }
    }

    /// Another client puts a message into categories.
    pub fn categorise(&mut self, subject: &str, categories: &[&str], now: i64) {
        for serial in self.of_subject(subject) {
            self.change(serial, &["categories"], now, |message| {
                message.categories = categories.iter().map(|name| (*name).to_owned()).collect();
            });
        }
    }

    /// Another client writes on in a draft.
    pub fn rewrite(&mut self, subject: &str, body: &str, now: i64) {
        for serial in self.of_subject(subject) {
            self.change(serial, &["body", "bodyPreview"], now, |message| {
                message.body = body.to_owned();
                message.mime = None;
                // A draft is dated when it was last written on.
                message.sent = now;
            });
        }
    }

    /// Takes the headers of its journey off a message, as one that was sent from here has none.
    pub fn strip_transport_headers(&mut self, subject: &str) {
        for serial in self.of_subject(subject) {
            if let Some(message) = self.messages.get_mut(&serial) {
                message.arrived = false;
            }
        }
    }

    /// Another client moves a message.
    pub fn relocate(&mut self, subject: &str, folder: &str, now: i64) {
        for serial in self.of_subject(subject) {
            self.shift(serial, folder, now);
        }
    }

    /// Another client erases a message for good.
    pub fn erase(&mut self, subject: &str) {
        for serial in self.of_subject(subject) {
            self.remove(serial);
        }
    }

    fn of_subject(&self, subject: &str) -> Vec<u64> {
        let each = self.messages.values().filter(|message| message.subject == subject);
        each.map(|message| message.serial).collect()
    }

    pub(crate) fn shift(&mut self, serial: u64, folder: &str, now: i64) {
        let target = self.folder_id(folder);
        let version = self.next();
        let Some(message) = self.messages.get_mut(&serial) else { return };
        if message.folder == target {
            return;
        }
        let ids = (present::id(message, true), present::id(message, false));
        let left = std::mem::replace(&mut message.folder, target.clone());
        message.moves += 1;
        (message.modified, message.version) = (now, version);
        self.log.push(Change::Left { folder: left, serial, ids });
        self.log.push(Change::Whole { folder: target, serial });
    }

    pub(crate) fn remove(&mut self, serial: u64) {
        if let Some(message) = self.messages.remove(&serial) {
            let ids = (present::id(&message, true), present::id(&message, false));
            self.log.push(Change::Left { folder: message.folder, serial, ids });
        }
    }

    /// Somebody makes a folder; its id.
    pub fn add_folder(&mut self, name: &str, parent: Option<&str>) -> String {
        let id = format!("AQMkAG{:06}", self.next());
        let parent = parent.map(|parent| self.folder_id(parent));
        self.folders.push(Folder {
            id: id.clone(),
            well_known: None,
            name: name.to_owned(),
            parent,
        });
        self.log.push(Change::Folder { id: id.clone() });
        id
    }

    /// Somebody renames a folder.
    pub fn rename_folder(&mut self, id: &str, name: &str) {
        if let Some(folder) = self.folders.iter_mut().find(|folder| folder.id == id) {
            folder.name = name.to_owned();
            self.log.push(Change::Folder { id: id.to_owned() });
        }
    }

    /// Somebody removes a folder with everything in it.
    pub fn remove_folder(&mut self, id: &str) {
        let inside = self.messages(id).iter().map(|message| message.serial).collect::<Vec<_>>();
        for serial in inside {
            self.remove(serial);
        }
        self.folders.retain(|folder| folder.id != id);
        self.log.push(Change::FolderGone { id: id.to_owned() });
    }

    /// The service forgets every token given out so far.
    pub fn evict(&mut self, loss: Loss) {
        self.evicted = (self.next(), Some(loss));
    }
}

/// The number in an id, of either kind.
fn serial_of(id: &str) -> Option<u64> {
    let rest = id.strip_prefix("AAkALgAA").or_else(|| id.strip_prefix("AAMkADAA"))?;
    rest.get(..10)?.parse().ok()
}
