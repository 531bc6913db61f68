//! A shop whose mailbox lies behind its provider's own API, played by the simulator; its desk is `bell`.

use std::time::UNIX_EPOCH;

use deskbell_simulator::{GmailMessage, OAuthClient, OAuthWorld, Simulator, World};
use serde_json::Value;

use crate::support::bell::{Bell, Said};
use crate::support::browser::{self, Waiting};

pub const OWN: &str = "ada@studio.example";
pub const OTHER: &str = "otto@other.example";
pub const MARA: &str = "mara@client.example";
const CLIENT: &str = "5a1e0000-0000-4000-8000-00000000d35c";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    Google,
    Microsoft,
}

impl Vendor {
    pub const BOTH: [Self; 2] = [Self::Google, Self::Microsoft];

    /// What is typed for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Microsoft => "microsoft",
        }
    }

    fn oauth(self, world: &mut World) -> &mut OAuthWorld {
        match self {
            Self::Google => &mut world.google.oauth,
            Self::Microsoft => &mut world.microsoft.oauth,
        }
    }
}

/// A message as the provider has it.
#[derive(Debug, PartialEq, Eq)]
pub struct There {
    pub read: bool,
    pub starred: bool,
    pub in_inbox: bool,
}

pub struct Shop {
    pub vendor: Vendor,
    pub simulator: Simulator,
    pub bell: Bell,
    /// Subjects of what came, in order.
    pub delivered: Vec<String>,
}

impl Shop {
    /// A mailbox with three messages, and a desk that knows its client id.
    pub fn new(vendor: Vendor) -> Self {
        Self::with(vendor, Bell::new())
    }

    pub fn with(vendor: Vendor, bell: Bell) -> Self {
        let simulator = Simulator::start().unwrap();
        {
            let mut world = simulator.world();
            // Tokens are dated, and the desk goes by the machine's clock.
            world.now = i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
            let now = world.now;
            for address in [OWN, OTHER] {
                match vendor {
                    Vendor::Google => world.google.open(address, now),
                    Vendor::Microsoft => world.microsoft.open(address, now),
                };
                // Nobody has signed in so far.
                vendor.oauth(&mut world).revoke_user(address);
            }
            let oauth = vendor.oauth(&mut world);
            oauth.clients = [(CLIENT.to_owned(), OAuthClient::default())].into();
            oauth.user = OWN.into();
            oauth.rotates = true;
        }
        bell.json(&["oauth-client", "set", vendor.word(), "--client-id", CLIENT]);
        let mut shop = Self { vendor, simulator, bell, delivered: Vec::new() };
        shop.deliver(3);
        shop
    }

    pub fn deliver(&mut self, count: usize) {
        for _ in 0..count {
            let subject = format!("mail {}", self.delivered.len() + 1);
            let mail = format!(
                "From: Mara Voss <{MARA}>\r\nTo: {OWN}\r\nSubject: {subject}\r\nMessage-ID: <{}@client.example>\r\n\
                 \r\nThis is {subject}.\r\n",
                self.delivered.len()
            );
            let mut world = self.simulator.world();
            world.now += 1_000;
            let now = world.now;
            match self.vendor {
                Vendor::Google => world.google.mailbox(OWN).deliver(mail.as_bytes(), now),
                Vendor::Microsoft => {
                    world.microsoft.mailbox(OWN).deliver("inbox", mail.as_bytes(), now)
                }
            };
            drop(world);
            self.delivered.push(subject);
        }
    }

    /// Somebody erases a message elsewhere.
    pub fn erase(&self, subject: &str) {
        let mut world = self.simulator.world();
        match self.vendor {
            Vendor::Google => {
                let mailbox = world.google.mailbox(OWN);
                let all = mailbox.all();
                let of = |m: &GmailMessage| m.field("subject").as_deref() == Some(subject);
                let id = all.iter().find(|(_, m)| of(m)).unwrap().0.clone();
                assert!(mailbox.erase(&id));
            }
            Vendor::Microsoft => world.microsoft.mailbox(OWN).erase(subject),
        }
    }

    /// Health says of every mailbox that as many messages are here as there, of all together that they are so many.
    #[track_caller]
    pub fn assert_counted(&self, wanted: i64) {
        let shown = self.bell.json(&["account", "show", self.account()["id"].as_str().unwrap()]);
        let mut here = 0;
        for scope in shown["scopes"].as_array().unwrap() {
            assert_eq!(scope["local"], scope["remote"], "{:?}: {scope:#}", self.vendor);
            here += scope["local"].as_i64().unwrap();
        }
        assert_eq!(here, wanted, "{:?}: {shown:#}", self.vendor);
    }

    /// Changes something about its sign-in.
    pub fn sign_ins(&self, change: impl FnOnce(&mut OAuthWorld)) {
        change(self.vendor.oauth(&mut self.simulator.world()));
    }

    /// A message as the provider has it.
    pub fn there(&self, subject: &str) -> There {
        let mut world = self.simulator.world();
        match self.vendor {
            Vendor::Google => {
                let all = world.google.mailbox(OWN).all();
                let mut named =
                    all.values().filter(|m| m.field("subject").as_deref() == Some(subject));
                let message = named.next().unwrap();
                assert!(named.next().is_none(), "{subject} is there once");
                let has = |label: &str| message.labels.contains(label);
                There { read: !has("UNREAD"), starred: has("STARRED"), in_inbox: has("INBOX") }
            }
            Vendor::Microsoft => {
                let mailbox = world.microsoft.mailbox(OWN);
                let inbox = mailbox.folder("inbox").unwrap().id.clone();
                let message = mailbox.by_subject(subject).unwrap();
                There {
                    read: message.read,
                    starred: message.flagged,
                    in_inbox: message.folder == inbox,
                }
            }
        }
    }

    /// Who got a message from here, as often as somebody did.
    pub fn left_for_mara(&self) -> usize {
        self.simulator.world().delivered.iter().filter(|one| one.to == [MARA]).count()
    }

    /// Requests so far, and among them those for tokens.
    pub fn asked(&self) -> (usize, usize) {
        let world = self.simulator.world();
        let tokens = world.journal.iter().filter(|entry| entry.path.ends_with("/token")).count();
        (world.journal.len(), tokens)
    }

    /// A page of one's own is registered at the provider, and entered at the desk.
    pub fn register(&self, page: &str) {
        self.sign_ins(|oauth| {
            let client = oauth.clients.get_mut(CLIENT).unwrap();
            client.redirects.insert(page.to_owned());
        });
        let words = ["oauth-client", "set", self.vendor.word(), "--client-id", CLIENT];
        let set = self.bell.json(&[&words[..], &["--redirect-page", page]].concat());
        assert_eq!(set["redirect_page"], page);
    }

    pub fn begin_adding(&self) -> Waiting {
        let base = self.simulator.base_url(self.vendor.word());
        let words = ["account", "add", self.vendor.word(), "--base-url", &base, "--address", OWN];
        browser::begin(&self.bell, &words)
    }

    /// Somebody sits before the page and does what the world has them do.
    pub fn add(&self) -> Said {
        let waiting = self.begin_adding();
        waiting.browse();
        waiting.end()
    }

    /// The same for an account that is here.
    pub fn sign_in_again(&self) -> Said {
        let id = self.account()["id"].as_str().unwrap().to_owned();
        let waiting = browser::begin(&self.bell, &["account", "sign-in", &id]);
        waiting.browse();
        waiting.end()
    }

    pub fn accounts(&self) -> Vec<Value> {
        self.bell.json(&["account", "list"])["accounts"].as_array().unwrap().clone()
    }

    pub fn account(&self) -> Value {
        self.accounts()[0].clone()
    }

    /// A conversation by its subject.
    pub fn conversation(&self, subject: &str) -> Value {
        let page = self.bell.json(&["inbox", "--view", "all", "--limit", "200"]);
        let rows = page["rows"].as_array().unwrap();
        let mut named = rows.iter().filter(|row| row["subject"] == subject);
        let row = named.next().unwrap_or_else(|| panic!("{subject} is here: {page:#}")).clone();
        assert!(named.next().is_none(), "{subject} is here once");
        row
    }

    pub fn mark(&self, subject: &str, mark: &str) {
        let row = self.conversation(subject);
        self.bell.json(&["mark", row["id"].as_str().unwrap(), mark]);
    }

    /// Every message that came is here once, in the inbox or the archive, and its text can be read.
    #[track_caller]
    pub fn assert_everything_once(&self, but: &[&str]) {
        let mut here = Vec::new();
        for view in ["inbox", "archived"] {
            let page = self.bell.json(&["inbox", "--view", view, "--limit", "200"]);
            for row in page["rows"].as_array().unwrap() {
                assert_eq!(row["messages"], 1, "one copy of each: {row:#}");
                here.push(row["subject"].as_str().unwrap().to_owned());
                let id = row["id"].as_str().unwrap();
                let shown = self.bell.json(&["conversation", id]);
                let message = shown["messages"][0]["id"].as_str().unwrap();
                let text = self.bell.json(&["message", message])["text"].to_string();
                let subject = row["subject"].as_str().unwrap();
                assert!(text.contains(&format!("This is {subject}.")), "it can be read: {text}");
            }
        }
        here.sort();
        let mut wanted: Vec<&str> =
            self.delivered.iter().map(String::as_str).filter(|one| !but.contains(one)).collect();
        wanted.sort_unstable();
        assert_eq!(here, wanted, "no message is lost or doubled");
    }
}
