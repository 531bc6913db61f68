//! A post office in memory: takes messages to be sent, keeps copies of them, and fails on order.

mod port;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use deskbell_domain::outgoing::OutgoingMessage;
use tokio::sync::Semaphore;

/// How the post office treats one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    Accept,
    /// Takes it, and refuses one of its recipients.
    AcceptSome,
    /// Takes it for the first recipient, and for the others only later.
    AcceptFirst,
    /// The same, and its answer is lost, or never comes.
    FirstThenLost,
    FirstThenHang,
    /// Takes it, and refuses the last of several recipients.
    RefuseLast,
    /// The same, and its answer is lost.
    RefuseLastThenLost,
    /// Takes it for the first, refuses the last, and takes it for those between only later.
    Mixed,
    /// Takes it, by its own word, only later.
    Later,
    Refuse,
    RefuseLate,
    RetryEarly,
    RetryLate,
    /// Asks to be left alone for so many seconds.
    Pause(u64),
    SignIn,
    /// The answer is lost, and the message too.
    LostBefore,
    /// The answer is lost; the message is delivered.
    LostAfter,
    /// Never answers; before departure, between departure and delivery, after delivery.
    HangBefore,
    HangBetween,
    HangAfter,
}

/// How the post office answers a question for a message, or takes a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Truth,
    CannotTell,
    Offline,
    /// Does what it was asked; the answer is lost.
    Lost,
}

#[derive(Default)]
struct World {
    treatments: VecDeque<Treatment>,
    own_treatments: BTreeMap<String, Treatment>,
    finds: VecDeque<Answer>,
    copying: VecDeque<Answer>,
    always: Option<Treatment>,
    delivered: Vec<(String, Vec<u8>)>,
    from: Vec<String>,
    envelopes: Vec<Vec<String>>,
    /// Who got which message, in order.
    reached: Vec<(String, String)>,
    /// The mailbox of sent messages: names and Message-IDs.
    sent: Vec<(u32, String)>,
    named: u32,
    /// What the server will put there only later.
    to_be_saved: Vec<String>,
    saves_late: bool,
    hides_names: bool,
    forgetting: VecDeque<Answer>,
    calls: Vec<String>,
    at_once: (usize, usize),
    keeps_copies: bool,
    saves_sent: Option<bool>,
    saves_really: bool,
    per_minute: Option<u32>,
}

impl World {
    /// Puts a copy among the sent messages; its name.
    fn save(&mut self, token: String) -> u32 {
        self.named += 1;
        self.sent.push((self.named, token));
        self.named
    }
}

/// See the module.
#[derive(Clone)]
pub struct Post {
    world: Arc<Mutex<World>>,
    /// One permit lets one message go on that hangs.
    release: Arc<Semaphore>,
    /// One permit for each message that came to hang.
    hanging: Arc<Semaphore>,
}

impl Default for Post {
    fn default() -> Self {
        let none = || Arc::new(Semaphore::new(0));
        Self { world: Arc::default(), release: none(), hanging: none() }
    }
}

/// How long a test waits for what must come; the machine may be busy with others.
const DEADLINE: Duration = Duration::from_secs(120);

impl Post {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Treats the next messages so.
    pub fn treat(&self, treatments: &[Treatment]) {
        self.world().treatments.extend(treatments);
    }

    /// Treats the next try of this message so.
    pub fn treat_one(&self, name: &str, treatment: Treatment) {
        self.world().own_treatments.insert(format!("{name}@shop.example"), treatment);
    }

    /// Treats every message so that nothing else is said of.
    pub fn always(&self, treatment: Option<Treatment>) {
        self.world().always = treatment;
    }

    pub fn answer(&self, finds: &[Answer], copying: &[Answer]) {
        self.world().finds.extend(finds);
        self.world().copying.extend(copying);
    }

    /// From now on everything works.
    pub fn calm_down(&self) {
        let mut world = self.world();
        world.treatments.clear();
        world.finds.clear();
        world.copying.clear();
        world.forgetting.clear();
        world.always = None;
    }

    /// Has a mailbox for sent messages; `saves` is what it says of filling it, `really` what it does.
    pub fn keep_copies(&self, saves: Option<bool>, really: bool) {
        let mut world = self.world();
        (world.keeps_copies, world.saves_sent, world.saves_really) = (true, saves, really);
    }

    /// Has a mailbox for sent messages, says nothing of it, and fills it only when it is told to.
    pub fn save_late(&self) {
        self.keep_copies(None, false);
        self.world().saves_late = true;
    }

    /// The server gets round to its own copies.
    pub fn saves_now(&self) {
        let mut world = self.world();
        for token in std::mem::take(&mut world.to_be_saved) {
            world.save(token);
        }
    }

    /// Does not say under which name it keeps what it is given.
    pub fn hide_names(&self) {
        self.world().hides_names = true;
    }

    pub fn answer_forgetting(&self, answers: &[Answer]) {
        self.world().forgetting.extend(answers);
    }

    /// A person erases all copies of a message with another program.
    pub fn erase_copies(&self, token: &str) {
        self.world().sent.retain(|(_, one)| one != token);
    }

    /// The names in the mailbox of sent messages.
    pub fn sent_names(&self) -> Vec<u32> {
        self.world().sent.iter().map(|(name, _)| *name).collect()
    }

    /// Who got which message, in order.
    pub fn reached(&self) -> Vec<(String, String)> {
        self.world().reached.clone()
    }

    pub fn limit(&self, per_minute: u32) {
        self.world().per_minute = Some(per_minute);
    }

    /// The Message-IDs of what was delivered, in that order.
    pub fn delivered(&self) -> Vec<String> {
        self.world().delivered.iter().map(|(token, _)| token.clone()).collect()
    }

    pub fn delivered_source(&self, token: &str) -> Option<Vec<u8>> {
        let world = self.world();
        world.delivered.iter().find(|(one, _)| one == token).map(|(_, source)| source.clone())
    }

    /// What was delivered, in order.
    pub fn sources(&self) -> Vec<Vec<u8>> {
        self.world().delivered.iter().map(|(_, source)| source.clone()).collect()
    }

    /// Who the delivered messages were from.
    pub fn authors(&self) -> Vec<String> {
        self.world().from.clone()
    }

    /// Who each try was for, in order.
    pub fn envelopes(&self) -> Vec<Vec<String>> {
        self.world().envelopes.clone()
    }

    /// The Message-IDs in the mailbox of sent messages.
    pub fn sent(&self) -> Vec<String> {
        self.world().sent.iter().map(|(_, token)| token.clone()).collect()
    }

    pub fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.world().calls)
    }

    /// The most messages it was given at the same time.
    pub fn most_at_once(&self) -> usize {
        self.world().at_once.1
    }

    fn deliver(&self, mail: &OutgoingMessage, takers: &[String]) {
        let mut world = self.world();
        world.reached.extend(takers.iter().map(|taker| (mail.token.clone(), taker.clone())));
        world.delivered.push((mail.token.clone(), mail.source.to_vec()));
        world.from.push(mail.sender.address.clone());
        // Sent to the rest of its recipients, it is the same message.
        let saved = world.sent.iter().any(|(_, token)| *token == mail.token);
        if world.saves_really && !saved {
            world.save(mail.token.clone());
        }
        if world.saves_late {
            world.to_be_saved.push(mail.token.clone());
        }
    }

    async fn hang(&self) {
        self.hanging.add_permits(1);
        self.release.acquire().await.expect("stays open").forget();
    }

    /// Waits until one more message hangs.
    pub async fn one_hangs(&self) {
        let hangs = tokio::time::timeout(DEADLINE, self.hanging.acquire()).await;
        hangs.expect("in time, a message hangs").expect("stays open").forget();
    }

    /// Lets so many messages go on that hang, now or later.
    pub fn release(&self, messages: usize) {
        self.release.add_permits(messages);
    }

    /// Whether it is sending nothing.
    pub fn is_idle(&self) -> bool {
        self.world().at_once.0 == 0
    }
}
