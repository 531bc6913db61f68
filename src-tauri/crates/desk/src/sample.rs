//! Who plays the providers of the sample workspace: the simulator, on a loopback port of this process.
//!
//! Owns its start, its end, and the way its accounts reach it. Their settings name no address, since the port is
//! another one each time, and their tokens come from here, so that no keychain is needed.
//! Invariant: an account of the sample is asked at this machine or not at all.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use deskbell_api::NewMailbox;
use deskbell_api::sample::{ANSWERS, Holder, Studio, folder};
use deskbell_domain::port::AccessTokens;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::{Clock, MINUTE};
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_simulator::{Options, Simulator, World};
use serde_json::json;

use crate::factory::{GMAIL, GRAPH};

/// Where the mailboxes are kept from one run to the next.
const FILE: &str = "mailboxes.json";
/// Where to steer the players, for whoever may read this person's files.
const CONTROL: &str = "control.json";
/// How long people of the sample think before they answer.
const THINKS: i64 = MINUTE;

/// The players, where there is a sample.
pub(crate) struct Sample {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
    running: Mutex<Option<Arc<Simulator>>>,
}

/// One who plays.
pub(crate) struct Player {
    /// Where the API is.
    pub(crate) base: String,
    /// Who lets one in.
    pub(crate) tokens: Arc<dyn AccessTokens>,
}

impl Sample {
    /// Goes on playing where an earlier run has begun.
    pub(crate) fn resume(profile: &Path, clock: Arc<dyn Clock>) -> Arc<Self> {
        let folder = folder(profile);
        let sample = Self { folder, clock, running: Mutex::default() };
        if sample.folder.join(FILE).exists() {
            let (options, control) = sample.options();
            match Simulator::resume(options).and_then(|players| sample.run(players, control)) {
                Ok(()) => {}
                Err(error) => tracing::warn!(%error, "the sample workspace could not go on"),
            }
        }
        Arc::new(sample)
    }

    /// Nobody plays: the profile is only read.
    pub(crate) fn absent(profile: &Path, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { folder: folder(profile), clock, running: Mutex::default() })
    }

    /// Begins to play; what to make accounts of.
    pub(crate) fn begin(&self, studio: Studio) -> std::io::Result<Vec<(NewMailbox, String)>> {
        let (options, control) = self.options();
        let world = world(&studio, self.clock.now());
        self.run(Simulator::with(Options { world, ..options })?, control)?;
        let account = |mailbox: deskbell_api::sample::Mailbox| {
            let settings = json!({ "address": mailbox.address, "sample": true });
            let new = NewMailbox {
                provider: match mailbox.holder {
                    Holder::Google => GMAIL,
                    Holder::Microsoft => GRAPH,
                },
                address: mailbox.address.into(),
                settings: settings.to_string(),
                writes_back: true,
                sends: true,
            };
            (new, mailbox.name.to_owned())
        };
        Ok(studio.mailboxes.into_iter().map(account).collect())
    }

    /// Ends the play; what it kept goes with its folder.
    pub(crate) fn end(&self) {
        let players = self.running().take();
        // Providers that are still open hold it a little longer.
        players.iter().for_each(|players| players.keep_no_more());
    }

    /// The one who plays an account's provider.
    ///
    /// # Errors
    /// [`ProviderError::Rejected`] where nobody plays.
    pub(crate) fn player(&self, holder: Holder, address: &str) -> Result<Player, ProviderError> {
        let players = self.running().clone().ok_or_else(|| ProviderError::Rejected {
            code: "sample".into(),
            message: "the sample workspace is not running here; leave it and open it again".into(),
        })?;
        let base = match holder {
            Holder::Google => players.base_url("google"),
            Holder::Microsoft => format!("{}/v1.0", players.base_url("microsoft")),
        };
        let current = Mutex::new(None);
        let tokens = Arc::new(Pass { players, holder, address: address.to_owned(), current });
        Ok(Player { base, tokens })
    }

    fn running(&self) -> MutexGuard<'_, Option<Arc<Simulator>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn options(&self) -> (Options, Option<String>) {
        let clock = Arc::clone(&self.clock);
        let secret = secret();
        let options = Options {
            world: World::default(),
            time: Some(Arc::new(move || clock.now())),
            control: secret.clone(),
            file: Some(self.folder.join(FILE)),
            ..Options::default()
        };
        (options, secret)
    }

    fn run(&self, players: Simulator, secret: Option<String>) -> std::io::Result<()> {
        if let Some(secret) = secret {
            let control = json!({ "url": players.control_url(), "secret": secret });
            private(&self.folder.join(CONTROL), &control.to_string())?;
        }
        *self.running() = Some(Arc::new(players));
        Ok(())
    }
}

/// A secret nobody can guess; without randomness there is none, and nobody may steer.
fn secret() -> Option<String> {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes a file that only this person can read.
fn private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    std::io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}

/// The studio's mailboxes at their providers.
fn world(studio: &Studio, now: i64) -> World {
    let mut world = World::at(now);
    world.answers.after = Some(THINKS);
    world.answers.texts = ANSWERS.map(str::to_owned).to_vec();
    for mailbox in &studio.mailboxes {
        let address = mailbox.address;
        match mailbox.holder {
            Holder::Google => {
                world.google.open(address, now);
                let there = world.google.mailbox(address);
                for mail in &mailbox.mails {
                    let mut labels = labels(mail.place);
                    labels.extend((!mail.read).then_some("UNREAD"));
                    labels.extend(mail.starred.then_some("STARRED"));
                    there.put(&mail.source, &labels, mail.at);
                }
            }
            Holder::Microsoft => {
                world.microsoft.open(address, now);
                let there = world.microsoft.mailbox(address);
                for mail in &mailbox.mails {
                    let folder = well_known(mail.place);
                    there.settle(folder, &mail.source, mail.at, mail.read, mail.starred);
                }
            }
        }
    }
    world
}

fn labels(place: MailboxRole) -> Vec<&'static str> {
    match place {
        MailboxRole::Inbox => vec!["INBOX", "CATEGORY_PERSONAL"],
        MailboxRole::Sent => vec!["SENT"],
        MailboxRole::Drafts => vec!["DRAFT"],
        MailboxRole::Spam => vec!["SPAM"],
        MailboxRole::Trash => vec!["TRASH"],
        _ => Vec::new(),
    }
}

fn well_known(place: MailboxRole) -> &'static str {
    match place {
        MailboxRole::Inbox => "inbox",
        MailboxRole::Sent => "sentitems",
        MailboxRole::Drafts => "drafts",
        MailboxRole::Spam => "junkemail",
        MailboxRole::Trash => "deleteditems",
        _ => "archive",
    }
}

/// Lets an account of the sample in.
struct Pass {
    players: Arc<Simulator>,
    holder: Holder,
    address: String,
    current: Mutex<Option<String>>,
}

#[async_trait]
impl AccessTokens for Pass {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let good = current.clone().filter(|token| refused.is_none_or(|r| r.expose() != token));
        let token = good.unwrap_or_else(|| {
            let mut world = self.players.world();
            let now = world.now;
            match self.holder {
                Holder::Google => world.google.open(&self.address, now).0,
                Holder::Microsoft => world.microsoft.open(&self.address, now).0,
            }
        });
        *current = Some(token.clone());
        Ok(Secret::new(token))
    }
}
