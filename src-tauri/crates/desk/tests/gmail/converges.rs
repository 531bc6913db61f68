//! Other clients, a person here, Gmail's forgetting and a bad line, three hundred steps in any order: in the end
//! both sides hold the same, and nothing is there twice.

use deskbell_domain::conversation::ConversationEdit;
use deskbell_engine::Engine;
use deskbell_simulator::{Entry, Fault, GmailMailbox, Trouble};
use tokio_util::sync::CancellationToken;

use crate::place::{DESK, Place};

const STEPS: usize = 300;
const LABELS: [&str; 3] = ["VIP", "Clients/Rückruf", "大事"];
const HISTORY: &str = "GET /gmail/v1/users/me/history";
const LIST: &str = "GET /gmail/v1/users/me/messages";
const BATCH: &str = "POST /batch/gmail/v1";
const EDIT: &str = "POST /gmail/v1/users/me/messages";

/// Numbers nobody can foretell, the same in every run of a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // xorshift64*, Vigna 2014.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % sides
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.roll(all.len())]
    }
}

fn letter(number: usize, answered: Option<usize>) -> Vec<u8> {
    let subject = answered.unwrap_or(number);
    let reply = answered.map(|n| format!("In-Reply-To: <letter-{n}@x.example>\r\n"));
    format!(
        "Message-ID: <letter-{number}@x.example>\r\nFrom: mara@client.example\r\nTo: {DESK}\r\nSubject: {}About {subject}\r\n{}\r\nLetter {number}.\r\n",
        if reply.is_some() { "Re: " } else { "" },
        reply.clone().unwrap_or_default()
    )
    .into_bytes()
}

/// Some message of the mailbox, by its id.
fn pick(mailbox: &GmailMailbox, dice: &mut Dice) -> Option<String> {
    let ids: Vec<String> = mailbox.all().keys().cloned().collect();
    (!ids.is_empty()).then(|| dice.of(&ids).clone())
}

struct Story {
    place: Place,
    dice: Dice,
    engine: Engine,
    letters: usize,
}

impl Story {
    async fn new(seed: u64) -> Self {
        let place = Place::new().await;
        let engine = place.engine();
        Self { place, dice: Dice(seed), engine, letters: 0 }
    }

    async fn step(&mut self) {
        self.place.pass(1_000);
        match self.dice.roll(20) {
            0..=4 => self.deliver(),
            5..=7 => self.relabel_there(),
            8 => self
                .place
                .there(|mailbox, _| {
                    let id = pick(mailbox, &mut self.dice);
                    id.map(|id| mailbox.erase(&id))
                })
                .map_or((), drop),
            9 => self.forget(),
            10 => self.fault(),
            11..=13 => {
                use ConversationEdit::{Archive, Inbox, Read, Spam, Star, Trash, Unread, Unstar};
                let edits = [Read, Unread, Star, Unstar, Archive, Inbox, Trash, Spam];
                let (choice, edit) = (self.dice.roll(1_000), *self.dice.of(&edits));
                self.place.edit(choice, edit).await;
            }
            14 => {
                let (choice, value) = (self.dice.roll(1_000), self.dice.roll(3) > 0);
                let name = *self.dice.of(&LABELS);
                self.place.label(choice, name, value).await;
            }
            15..=17 => drop(self.place.sync(&self.engine, &CancellationToken::new()).await),
            18 => self.stopped().await,
            // A new start of the program.
            _ => self.engine = self.place.engine(),
        }
    }

    fn deliver(&mut self) {
        let number = self.letters;
        self.letters += 1;
        let answered = (number > 0 && self.dice.roll(2) == 0).then(|| self.dice.roll(number));
        let labels: &[&str] = match self.dice.roll(8) {
            0 => &["SENT"],
            1 => &["SPAM", "UNREAD"],
            2 => &[],
            _ => &["INBOX", "UNREAD"],
        };
        self.place.there(|mailbox, now| mailbox.put(&letter(number, answered), labels, now));
    }

    fn relabel_there(&mut self) {
        let own = *self.dice.of(&LABELS);
        let word = *self.dice.of(&["UNREAD", "STARRED", "INBOX", "TRASH", "SPAM", own, own]);
        let add = self.dice.roll(2) == 0;
        self.place.there(|mailbox, _| {
            let Some(id) = pick(mailbox, &mut self.dice) else { return };
            let label = if word == own { mailbox.label(own) } else { word.to_owned() };
            let (add, remove): (&[&str], &[&str]) =
                if add { (&[label.as_str()], &[]) } else { (&[], &[label.as_str()]) };
            mailbox.relabel(&id, add, remove);
        });
    }

    /// Gmail forgets its history, the pages or the tokens it gave out; or its records tell more, or less.
    fn forget(&mut self) {
        let what = self.dice.roll(4);
        let mut world = self.place.simulator.world();
        match what {
            0 => world.google.mailbox(DESK).forget_history(),
            1 => world.google.page_tokens_live = Some(500),
            2 => world.google.oauth.expire_access(),
            _ => world.google.history_tells_labels = !world.google.history_tells_labels,
        }
    }

    fn fault(&mut self) {
        let at = *self.dice.of(&[HISTORY, LIST, BATCH, EDIT]);
        let soon = [("retry-after", "0")];
        let limited = r#"{"error":{"code":403,"errors":[{"reason":"userRateLimitExceeded"}]}}"#;
        let fault = match self.dice.roll(6) {
            0 => Fault::refused(at, 429, &soon, "{}"),
            1 => Fault::refused(at, 403, &soon, limited),
            2 => Fault::refused(at, 401, &[], "{}"),
            3 => Fault::refused(at, 200, &[("content-type", "text/html")], "<html>Hotel</html>"),
            4 => Fault::refused(at, 200, &[], "{\"historyId\":\"1"),
            // Carried out, and the answer lost.
            _ => Fault::lost(at),
        };
        self.place.simulator.fault(fault);
    }

    /// A sync that is stopped in the middle of its requests.
    async fn stopped(&mut self) {
        let token = CancellationToken::new();
        let until = self.place.simulator.world().journal.len() + 1 + self.dice.roll(4);
        let stop = async {
            while self.place.simulator.world().journal.len() < until {
                tokio::task::yield_now().await;
            }
            token.cancel();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            outcome = self.place.sync(&self.engine, &token) => drop(outcome),
            () = stop => {}
        }
    }

    async fn calm(&mut self) {
        {
            let mut world = self.place.simulator.world();
            world.faults.clear();
            world.google.page_tokens_live = None;
        }
        self.engine = self.place.engine();
        // Edits that failed are due again, and what is gone needs a second look to be let go.
        for _ in 0..3 {
            self.place.pass(3_600_000);
            let synced = self.place.sync(&self.engine, &CancellationToken::new()).await;
            synced.expect("nothing is in the way any more");
        }
    }
}

async fn both_sides_end_equal(seed: u64) {
    let mut story = Story::new(seed).await;
    for _ in 0..STEPS {
        story.step().await;
    }
    story.calm().await;
    let place = &story.place;
    trouble_was_met(place, seed);
    assert!(place.theirs().len() > 20, "seed {seed}: there is something to compare");
    assert_eq!(place.ours().await, place.theirs(), "seed {seed}: both sides hold the same");
    let waiting = place.number("SELECT count(*) FROM outbox WHERE state <> 'local'").await;
    assert_eq!(waiting, 0, "seed {seed}: nothing waits");
    let twice = "SELECT count(*) - count(DISTINCT message_id) FROM message";
    assert_eq!(place.number(twice).await, 0, "seed {seed}: no message twice");
    let bodies = place.number("SELECT count(*) FROM message WHERE body_state <> 1").await;
    assert_eq!(bodies, 0, "seed {seed}: every message is here whole");
}

/// A play in which nothing went wrong proves nothing.
fn trouble_was_met(place: &Place, seed: u64) {
    let world = place.simulator.world();
    let met = |what: &str, met: &dyn Fn(&Entry) -> bool| {
        assert!(world.journal.iter().any(met), "seed {seed}: it was met: {what}");
    };
    let status = |status: u16| move |entry: &Entry| entry.status == Some(status);
    let trouble = |trouble: Trouble| move |entry: &Entry| entry.trouble.contains(&trouble);
    met("too many requests", &status(429));
    met("a 403 that is a limit", &status(403));
    met("a good token that is refused", &status(401));
    met("a fault", &trouble(Trouble::Fault));
    met("a token that has ended", &|entry| status(401)(entry) && entry.trouble.is_empty());
    met("a history that is forgotten", &trouble(Trouble::Evicted));
    met("messages that are told again", &trouble(Trouble::Repeated));
}

#[tokio::test]
async fn three_hundred_steps_in_any_order_converge() {
    both_sides_end_equal(20_261_121).await;
}

#[tokio::test]
async fn three_hundred_other_steps_converge_too() {
    both_sides_end_equal(4).await;
}
