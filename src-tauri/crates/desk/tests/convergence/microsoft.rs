//! Microsoft Graph: moves, partial and repeated items, empty pages, lost positions, 429s, broken lines.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use deskbell_domain::port::{AccessTokens, Provider};
use deskbell_domain::secret::Secret;
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_providers::graph::{GraphProvider, GraphSettings};
use deskbell_simulator::{Entry, Fault, Habits, Lives, Loss, Simulator, Trouble};

use crate::dice::Dice;
use crate::play::{Known, Remote, play};

pub const OWN: &str = "ada@studio.example";
const FOLDERS: [(&str, MailboxRole); 5] = [
    ("inbox", MailboxRole::Inbox),
    ("archive", MailboxRole::Archive),
    ("deleteditems", MailboxRole::Trash),
    ("junkemail", MailboxRole::Spam),
    ("drafts", MailboxRole::Drafts),
];
/// Pages of the same trouble that a play must have met.
const ENOUGH: usize = 5;
const DENIAL: &str = r#"{"error":{"code":"InvalidAuthenticationToken","message":"expired"}}"#;
const REFUSAL: &str = r#"{"error":{"code":"ApplicationThrottled","message":"slow down"}}"#;

/// Gives out a token, and another one when it is turned away.
struct Pocket {
    simulator: Arc<Simulator>,
    current: Mutex<String>,
}

#[async_trait]
impl AccessTokens for Pocket {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        let mut current = self.current.lock().expect("nobody failed with it");
        if refused.is_some_and(|refused| refused.expose() == current.as_str()) {
            let mut world = self.simulator.world();
            let now = world.now;
            *current = world.microsoft.open(OWN, now).0;
        }
        Ok(Secret::new(current.clone()))
    }
}

pub struct Outlook {
    pub simulator: Arc<Simulator>,
    pocket: Arc<Pocket>,
}

impl Outlook {
    pub fn new() -> Self {
        let simulator = Arc::new(Simulator::start().expect("a simulator"));
        let token = {
            let mut world = simulator.world();
            let now = world.now;
            world.microsoft.open(OWN, now).0
        };
        let current = Mutex::new(token);
        let pocket = Arc::new(Pocket { simulator: Arc::clone(&simulator), current });
        Self { simulator, pocket }
    }
}

impl Remote for Outlook {
    fn open(&self) -> Arc<dyn Provider> {
        let base_url = Some(format!("{}/v1.0", self.simulator.base_url("microsoft")));
        let settings = GraphSettings { address: OWN.into(), base_url, ..GraphSettings::default() };
        let tokens = Arc::clone(&self.pocket) as Arc<dyn AccessTokens>;
        Arc::new(GraphProvider::new(&settings, tokens).expect("an account"))
    }

    fn deliver(&mut self, subject: &str) {
        let mail = format!(
            "Message-ID: <{subject}@client.example>\r\nFrom: mara@client.example\r\nTo: {OWN}\r\nSubject: {subject}\r\n\r\nThis is {subject}.\r\n"
        );
        let mut world = self.simulator.world();
        world.now += 60_000;
        let now = world.now;
        world.microsoft.mailbox(OWN).deliver("inbox", mail.as_bytes(), now);
    }

    fn happen(&mut self, dice: &mut Dice) {
        let mut world = self.simulator.world();
        world.now += 60_000;
        let now = world.now;
        let mailbox = world.microsoft.mailbox(OWN);
        let subjects: Vec<String> = FOLDERS
            .iter()
            .flat_map(|(folder, _)| mailbox.messages(folder))
            .map(|message| message.subject.clone())
            .collect();
        if subjects.is_empty() {
            return;
        }
        let subject = dice.one_of(&subjects);
        let (folder, _) = dice.one_of(&FOLDERS[..4]);
        match dice.below(16) {
            0..3 => mailbox.mark(&subject, dice.below(2) == 0, dice.below(2) == 0, now),
            3..6 => mailbox.relocate(&subject, folder, now),
            6 => mailbox.erase(&subject),
            7 => mailbox.categorise(&subject, &["VIP", "waiting"][..dice.below(3)], now),
            8 => mailbox.evict(if dice.below(2) == 0 { Loss::Gone } else { Loss::NotFound }),
            9 => {
                let (partial_items, repeats) = (dice.below(4) > 0, dice.below(2) == 0);
                mailbox.habits = Habits {
                    partial_items,
                    repeats,
                    empty_pages: dice.below(2) == 0,
                    removed_as_changed: repeats != partial_items,
                };
            }
            // Every token ends at once; each also ends by itself after an hour.
            10 => world.microsoft.oauth.expire_access(),
            11 => {
                // Positions end by themselves for a while, after some minutes.
                let life = 60_000 * i64::try_from(1 + dice.below(20)).expect("minutes");
                let loss = if dice.below(2) == 0 { Loss::Gone } else { Loss::NotFound };
                mailbox.lives = Lives { skip: life, delta: life, loss };
            }
            _ => {
                let at = dice.one_of(&[
                    "GET /v1.0/me/messages",
                    "GET /v1.0/me/mailFolders",
                    "PATCH",
                    "POST",
                ]);
                let fault = match dice.below(5) {
                    0 => Fault::refused(at, 429, &[("retry-after", "0")], REFUSAL),
                    1 => Fault::lost(at),
                    // A token that is good is refused all the same, once.
                    3 => Fault::refused(at, 401, &[], DENIAL),
                    2 => Fault::refused(at, 503, &[("retry-after", "0")], REFUSAL),
                    _ => Fault::refused(at, 200, &[("content-type", "text/html")], "<p>Hotel"),
                };
                world.faults.push_back(fault);
            }
        }
    }

    fn calm(&mut self) {
        let mut world = self.simulator.world();
        // A play in which nothing went wrong proves nothing.
        let met = |what: &str, met: &dyn Fn(&Entry) -> bool| {
            assert!(world.journal.iter().any(met), "it was met: {what}");
        };
        let status = |status: u16| move |entry: &Entry| entry.status == Some(status);
        let trouble = |trouble: Trouble| move |entry: &Entry| entry.trouble.contains(&trouble);
        let by_itself = |entry: &Entry| status(401)(entry) && entry.trouble.is_empty();
        met("too many requests", &status(429));
        met("a service that rests", &status(503));
        met("a fault", &trouble(Trouble::Fault));
        met("a token that has ended", &by_itself);
        met("a good token that is refused", &|entry| status(401)(entry) && !by_itself(entry));
        met("positions that are lost", &trouble(Trouble::Evicted));
        met("items that come again", &trouble(Trouble::Repeated));
        let read = |what: Trouble| {
            let whole = |entry: &Entry| status(200)(entry) && !trouble(Trouble::Fault)(entry);
            let told = |entry: &&Entry| whole(entry) && trouble(what)(entry);
            world.journal.iter().filter(told).count()
        };
        let (partial, moved) = (read(Trouble::Partial), read(Trouble::Moved));
        assert!(partial >= ENOUGH, "items that tell only what changed were read: {partial} pages");
        assert!(moved >= ENOUGH, "moves between folders were read: {moved} pages");
        world.faults.clear();
        let mailbox = world.microsoft.mailbox(OWN);
        (mailbox.habits, mailbox.lives) = (Habits::default(), Lives::default());
    }

    fn truth(&self) -> BTreeMap<String, Known> {
        let mut world = self.simulator.world();
        let mailbox = world.microsoft.mailbox(OWN);
        let mut truth = BTreeMap::new();
        for (folder, role) in FOLDERS {
            for message in mailbox.messages(folder) {
                let mut labels = message.categories.clone();
                labels.sort();
                let known = Known { role, read: message.read, starred: message.flagged, labels };
                let before = truth.insert(message.subject.clone(), known);
                assert!(before.is_none(), "nothing was doubled there");
            }
        }
        truth
    }
}

#[tokio::test]
async fn whatever_happens_at_microsoft_both_sides_end_equal() {
    for seed in [1, 2, 3] {
        let outlook = Outlook::new();
        // Rarely switched, it would be met by chance alone.
        outlook.simulator.world().microsoft.mailbox(OWN).habits.partial_items = true;
        play(outlook, seed, 300).await;
    }
}
