//! Microsoft Graph: moves, partial and repeated items, empty pages, lost positions, 429s, broken lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use deskbell_domain::port::{AccessTokens, Provider};
use deskbell_domain::secret::Secret;
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_providers::graph::{GraphProvider, GraphSettings};
use deskbell_simulator::{Entry, Fault, Habits, Loss, Simulator};

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
const REFUSAL: &str = r#"{"error":{"code":"ApplicationThrottled","message":"slow down"}}"#;

struct Tokens;

#[async_trait]
impl AccessTokens for Tokens {
    async fn access(&self, _: Option<&Secret>) -> Result<Secret, ProviderError> {
        Ok(Secret::new("eyJ0"))
    }
}

pub struct Outlook(pub Simulator);

impl Outlook {
    pub fn new() -> Self {
        let simulator = Simulator::start().expect("a simulator");
        let scopes = ["Mail.ReadWrite", "Mail.Send"];
        simulator.world().microsoft.sign_in("eyJ0", OWN, &scopes);
        Self(simulator)
    }
}

impl Remote for Outlook {
    fn open(&self) -> Arc<dyn Provider> {
        let base_url = Some(format!("{}/v1.0", self.0.base_url("microsoft")));
        let settings = GraphSettings { address: OWN.into(), base_url };
        Arc::new(GraphProvider::new(&settings, Arc::new(Tokens)).expect("an account"))
    }

    fn deliver(&mut self, subject: &str) {
        let mail = format!(
            "Message-ID: <{subject}@client.example>\r\nFrom: mara@client.example\r\nTo: {OWN}\r\nSubject: {subject}\r\n\r\nThis is {subject}.\r\n"
        );
        let mut world = self.0.world();
        world.now += 60_000;
        let now = world.now;
        world.microsoft.mailbox(OWN).deliver("inbox", mail.as_bytes(), now);
    }

    fn happen(&mut self, dice: &mut Dice) {
        let mut world = self.0.world();
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
        match dice.below(12) {
            0..3 => mailbox.mark(&subject, dice.below(2) == 0, dice.below(2) == 0, now),
            3..6 => mailbox.relocate(&subject, folder, now),
            6 => mailbox.erase(&subject),
            7 => mailbox.categorise(&subject, &["VIP", "waiting"][..dice.below(3)], now),
            8 => mailbox.evict(if dice.below(2) == 0 { Loss::Gone } else { Loss::NotFound }),
            9 => {
                let (partial_items, repeats) = (dice.below(2) == 0, dice.below(2) == 0);
                mailbox.habits = Habits {
                    partial_items,
                    repeats,
                    empty_pages: dice.below(2) == 0,
                    removed_as_changed: repeats != partial_items,
                };
            }
            _ => {
                let at = dice.one_of(&[
                    "GET /v1.0/me/messages",
                    "GET /v1.0/me/mailFolders",
                    "PATCH",
                    "POST",
                ]);
                let fault = match dice.below(4) {
                    0 => Fault::refused(at, 429, &[("retry-after", "0")], REFUSAL),
                    1 => Fault::lost(at),
                    2 => Fault::refused(at, 503, &[("retry-after", "0")], REFUSAL),
                    _ => Fault::refused(at, 200, &[("content-type", "text/html")], "<p>Hotel"),
                };
                world.faults.push_back(fault);
            }
        }
    }

    fn calm(&mut self) {
        let mut world = self.0.world();
        // A play in which nothing went wrong proves nothing.
        let met = |at: &str, statuses: &[u16]| {
            let met = |entry: &Entry| {
                entry.path.ends_with(at) && entry.status.is_some_and(|s| statuses.contains(&s))
            };
            world.journal.iter().any(met)
        };
        assert!(met("", &[429, 503]), "requests were refused as too many");
        assert!(met("/delta", &[400, 410]), "positions were lost");
        world.faults.clear();
        world.microsoft.mailbox(OWN).habits = Habits::default();
    }

    fn truth(&self) -> BTreeMap<String, Known> {
        let mut world = self.0.world();
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
        play(Outlook::new(), seed, 300).await;
    }
}
