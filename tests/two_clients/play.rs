//! The play of two clients: its operations, and how it ends.

use std::collections::{BTreeMap, BTreeSet};

use deskbell_testbed::{Capabilities, Dovecot, DovecotOptions, OtherClient, unless_missing};

use crate::support::bell::Bell;
use crate::support::dice::Dice;
use crate::support::server;

/// Mailboxes that messages travel between.
pub const ROOMS: [&str; 3] = ["INBOX", "Archive", "Trash"];

/// What a mark of ours concerns; a later mark of the same kind replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Seen,
    Starred,
    Place,
}

/// What the server must show once a mark of ours has arrived.
#[derive(Clone, Debug)]
pub enum Intent {
    Flag(bool),
    In(&'static str),
}

/// Both clients, and what is known of the mail between them.
pub struct Play {
    pub server: Dovecot,
    pub bell: Bell,
    pub dice: Dice,
    /// How many copies of each message there must be, by Message-ID.
    pub copies: BTreeMap<String, usize>,
    /// Messages that share their conversation with another.
    pub threaded: BTreeSet<String>,
    /// What the other client touched since our last good sync.
    pub touched: BTreeSet<String>,
    /// What moves of ours may be under way for since our last good sync: deleting such a copy at the same instant
    /// is the server's own affair.
    pub moving: BTreeSet<String>,
    /// What our marks promise, for messages that the other client leaves alone.
    pub intents: BTreeMap<(String, Kind), Intent>,
    pub renumbered: bool,
    /// What happened, in order, for whoever reads a failure.
    pub diary: Vec<String>,
}

/// Plays a seed to its end.
pub fn play(capabilities: &Capabilities, operations: u64, seed: u64) {
    eprintln!("two clients, {capabilities:?}, {operations} operations: DESKBELL_SEED={seed}");
    let options = DovecotOptions { capabilities: capabilities.clone(), ..Default::default() };
    let Some(server) = unless_missing(Dovecot::start(options)).unwrap() else { return };
    let mut play = Play {
        server,
        bell: Bell::new(),
        dice: Dice::new(seed),
        copies: BTreeMap::new(),
        threaded: BTreeSet::new(),
        touched: BTreeSet::new(),
        moving: BTreeSet::new(),
        intents: BTreeMap::new(),
        renumbered: false,
        diary: Vec::new(),
    };
    play.bell.add(&play.server);
    for _ in 0..12 {
        play.deliver();
    }
    play.sync();
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        for number in 0..operations {
            play.operation(number, operations);
        }
        play.settle();
        play.judge();
    }));
    if let Err(cause) = outcome {
        eprintln!("DESKBELL_SEED={seed} {capabilities:?}:\n{}", play.diary.join("\n"));
        std::panic::resume_unwind(cause);
    }
}

impl Play {
    fn operation(&mut self, number: u64, of: u64) {
        if number == of / 2 {
            return self.renumber();
        }
        match self.dice.below(100) {
            0..20 => self.deliver(),
            20..34 => self.flag(),
            34..44 => self.travel(),
            44..50 => self.expunge(),
            50..54 => self.double(),
            54..78 => self.mark(),
            78..90 => self.sync(),
            90..93 => self.sync_in_a_crowd(),
            93..97 => self.sync_killed(),
            _ => self.offline(),
        }
    }

    pub fn note(&mut self, line: String) {
        self.diary.push(format!("{:4} {line}", self.diary.len()));
    }

    pub fn phone(&self) -> OtherClient {
        self.server.other_client().unwrap()
    }

    /// The other client has its hands on a message: what we promised of it no longer binds.
    pub fn touch(&mut self, id: &str) {
        self.touched.insert(id.to_owned());
        self.intents.retain(|(own, _), _| own != id);
    }

    /// Some copy in one of the rooms; none of a message that a move of ours, cut after its COPY, has left twice:
    /// two moves of one message at the same time are the server's own affair.
    pub fn pick(&mut self, phone: &mut OtherClient) -> Option<(&'static str, server::Copy)> {
        let mut all: Vec<(&'static str, server::Copy)> = ROOMS
            .iter()
            .flat_map(|room| server::copies(phone, room).into_iter().map(|copy| (*room, copy)))
            .collect();
        let mut there: BTreeMap<String, usize> = BTreeMap::new();
        for (_, copy) in &all {
            *there.entry(copy.id.clone()).or_default() += 1;
        }
        all.retain(|(_, copy)| there.get(&copy.id) <= self.copies.get(&copy.id));
        self.dice.one_of(&all).cloned()
    }

    /// Waits until the server has let go of every connection, so that what a killed client asked for is over.
    pub fn quiet(&self) {
        self.server.rest().unwrap();
    }
}
