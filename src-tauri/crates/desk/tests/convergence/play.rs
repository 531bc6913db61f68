//! The play: what happens to a mailbox, one thing after the other, and the verdict at its end.

use std::collections::BTreeMap;
use std::sync::Arc;

use deskbell_domain::MailboxRole;
use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::port::Provider;

use crate::desk::Desk;
use crate::dice::Dice;

/// What is known of a message, by its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub role: MailboxRole,
    pub read: bool,
    pub starred: bool,
    /// In order.
    pub labels: Vec<String>,
}

/// The other side: a mailbox at a provider, and another client of it.
pub trait Remote {
    /// A provider as a new start of the program opens it.
    fn open(&self) -> Arc<dyn Provider>;
    /// The post brings a message.
    fn deliver(&mut self, subject: &str);
    /// Something another client does, the service does, or the line does.
    fn happen(&mut self, dice: &mut Dice);
    /// Nothing goes wrong any more.
    fn calm(&mut self);
    /// Every message in a mailbox a person sees.
    fn truth(&self) -> BTreeMap<String, Known>;
}

const EDITS: [ConversationEdit; 8] = [
    ConversationEdit::Read,
    ConversationEdit::Unread,
    ConversationEdit::Star,
    ConversationEdit::Unstar,
    ConversationEdit::Archive,
    ConversationEdit::Inbox,
    ConversationEdit::Trash,
    ConversationEdit::Spam,
];
const LABELS: [&str; 3] = ["VIP", "Straße & Co.", "waiting"];

/// Plays so many steps and holds both sides against each other.
pub async fn play(mut remote: impl Remote, seed: u64, steps: usize) {
    let mut dice = Dice::new(seed);
    let desk = Desk::new().await;
    let mut provider = remote.open();
    let mut delivered = 0;
    for _ in 0..steps {
        desk.tick();
        match dice.below(20) {
            0..4 => {
                delivered += 1;
                remote.deliver(&format!("m-{delivered}"));
            }
            4..9 => remote.happen(&mut dice),
            9..13 => desk.edit_any(dice.below(1 << 30), dice.one_of(&EDITS)).await,
            13..15 => {
                let on = dice.below(3) > 0;
                desk.label_any(dice.below(1 << 30), dice.one_of(&LABELS), on).await;
            }
            15 => provider = remote.open(),
            // Whatever went wrong is the next sync's to mend.
            _ => drop(desk.sync(&provider).await),
        }
    }
    remote.calm();
    // Edits that failed are due again, and what is gone needs a second look to be let go.
    for _ in 0..4 {
        desk.tick();
        desk.sync(&provider).await.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
    assert_eq!(desk.waiting().await, 0, "seed {seed}: nothing waits to be told");
    let (ours, truth) = (desk.holdings().await, remote.truth());
    assert_eq!(ours, truth, "seed {seed}: both sides are equal");
    assert!(truth.len() > steps / 10, "seed {seed}: there was something to compare");
    let (rows, bodies) = (desk.messages().await, desk.bodies().await);
    assert_eq!(rows, truth.len(), "seed {seed}: no message is here twice");
    assert_eq!(bodies, truth.len(), "seed {seed}: every message is here whole");
}
