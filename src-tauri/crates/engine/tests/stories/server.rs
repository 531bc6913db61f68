//! A provider of mail in memory: mailboxes with numbered messages, a history of changes, and faults on order.

mod page;
mod port;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use deskbell_domain::message::Flags;
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{MailboxRole, ProviderError};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

/// What a gate before every edit is set at.
pub const EDITS: &str = "edits";

/// What can be asked of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    Scopes,
    Pull,
    Bodies,
    Apply,
}

#[derive(Clone)]
struct Mail {
    flags: Flags,
    keywords: BTreeSet<String>,
    raw: Bytes,
    /// What the server says it measures.
    size: u64,
    date: i64,
}

struct Mailbox {
    role: MailboxRole,
    epoch: u32,
    next: u32,
    mail: BTreeMap<u32, Mail>,
    /// Every change since the epoch began: which number.
    history: Vec<u32>,
}

#[derive(Default)]
struct World {
    boxes: BTreeMap<String, Mailbox>,
    calls: Vec<String>,
    faults: BTreeMap<Op, VecDeque<ProviderError>>,
    refused: BTreeSet<String>,
    stalled: BTreeSet<String>,
    bad_body: Option<RemoteKey>,
    bad_edit: Option<RemoteKey>,
    offline: bool,
    panics: u32,
    news: BTreeSet<String>,
    stop_after: Option<(u32, CancellationToken)>,
    /// Nothing is heard by whoever waits for news.
    quiet: bool,
    /// Whoever waits for news is told that the machine slept.
    woken: bool,
    gate: Option<(String, Arc<Semaphore>)>,
    /// Held by every provider opened here and still in use.
    lobby: Arc<()>,
    most_visitors: usize,
    retired: usize,
    /// What providers were told of a person's attention, in order.
    attention: Vec<bool>,
}

/// See the module.
#[derive(Clone, Default)]
pub struct Server {
    world: Arc<Mutex<World>>,
    bell: Arc<Notify>,
    _visitor: Option<Arc<()>>,
}

impl Server {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn with_mailboxes(boxes: &[(&str, MailboxRole)]) -> Self {
        let server = Self::default();
        for (key, role) in boxes {
            server.add_mailbox(key, *role);
        }
        server
    }

    /// As one more provider of an account sees it.
    pub fn visited(&self) -> Self {
        let mut visit = self.clone();
        let mut world = self.world();
        visit._visitor = Some(Arc::clone(&world.lobby));
        world.most_visitors = world.most_visitors.max(Arc::strong_count(&world.lobby) - 1);
        drop(world);
        visit
    }

    /// Providers opened and still in use.
    pub fn visitors(&self) -> usize {
        Arc::strong_count(&self.world().lobby) - 1
    }

    /// Providers told that another takes their place.
    pub fn retired(&self) -> usize {
        self.world().retired
    }

    /// What providers were told of a person's attention, in order.
    pub fn attention(&self) -> Vec<bool> {
        self.world().attention.clone()
    }

    /// The most there ever were at once.
    pub fn most_visitors(&self) -> usize {
        self.world().most_visitors
    }

    pub fn add_mailbox(&self, key: &str, role: MailboxRole) {
        let empty = Mailbox { role, epoch: 1, next: 1, mail: BTreeMap::new(), history: Vec::new() };
        self.world().boxes.insert(key.to_owned(), empty);
    }

    pub fn remove_mailbox(&self, key: &str) {
        self.world().boxes.remove(key);
    }

    /// The connection that waits for news goes stale without a word, as while the machine sleeps.
    pub fn goes_quiet(&self) {
        self.world().quiet = true;
    }

    /// Whoever waits for news is told that the machine slept.
    pub fn wakes(&self) {
        let mut world = self.world();
        (world.quiet, world.woken) = (false, true);
        // What happened meanwhile is told by nobody.
        world.news.clear();
        drop(world);
        self.bell.notify_one();
    }

    /// Whoever waits for news has taken all of it.
    pub fn is_heard(&self) -> bool {
        self.world().news.is_empty()
    }

    fn ring(&self, key: &str) {
        self.world().news.insert(key.to_owned());
        self.bell.notify_one();
    }

    /// Delivers a message with this subject; its number.
    pub fn deliver(&self, key: &str, subject: &str) -> u32 {
        self.deliver_large(key, subject, None)
    }

    /// [`Self::deliver`], of a message said to be of this size.
    pub fn deliver_large(&self, key: &str, subject: &str, size: Option<u64>) -> u32 {
        let raw = format!(
            "Message-ID: <{subject}@shop.example>\r\nFrom: Mara <mara@client.example>\r\n\
             To: desk@shop.example\r\nSubject: {subject}\r\n\
             Date: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\nThe body of {subject}.\r\n"
        );
        let uid = {
            let mut world = self.world();
            let mailbox = world.boxes.get_mut(key).expect("the mailbox is there");
            let uid = mailbox.next;
            mailbox.next += 1;
            let date = 1_795_161_600_000 + i64::from(uid) * 1_000;
            let size = size.unwrap_or(raw.len() as u64);
            let mail = Mail {
                flags: Flags::default(),
                keywords: BTreeSet::new(),
                raw: raw.into(),
                size,
                date,
            };
            mailbox.mail.insert(uid, mail);
            mailbox.history.push(uid);
            uid
        };
        self.ring(key);
        uid
    }

    /// Delivers this source, received at this instant; its number.
    pub fn receive(&self, key: &str, raw: &str, date: i64) -> u32 {
        let uid = {
            let mut world = self.world();
            let mailbox = world.boxes.get_mut(key).expect("the mailbox is there");
            let uid = mailbox.next;
            mailbox.next += 1;
            let raw = Bytes::copy_from_slice(raw.as_bytes());
            let size = raw.len() as u64;
            let mail = Mail { flags: Flags::default(), keywords: BTreeSet::new(), raw, size, date };
            mailbox.mail.insert(uid, mail);
            mailbox.history.push(uid);
            uid
        };
        self.ring(key);
        uid
    }

    /// The keywords of a message.
    pub fn keywords(&self, key: &str, uid: u32) -> Vec<String> {
        let world = self.world();
        let mail = world.boxes.get(key).and_then(|mailbox| mailbox.mail.get(&uid));
        mail.map(|mail| mail.keywords.iter().cloned().collect()).unwrap_or_default()
    }

    /// Another client sets keywords.
    pub fn set_keywords(&self, key: &str, uid: u32, keywords: &[&str]) {
        let mut world = self.world();
        let mailbox = world.boxes.get_mut(key).expect("the mailbox is there");
        let mail = mailbox.mail.get_mut(&uid).expect("the message is there");
        mail.keywords = keywords.iter().map(|word| (*word).to_owned()).collect();
        mailbox.history.push(uid);
    }

    pub fn fill(&self, key: &str, count: u32) {
        for n in 0..count {
            self.deliver(key, &format!("{key}-{n}").to_lowercase());
        }
    }

    pub fn expunge(&self, key: &str, uid: u32) {
        {
            let mut world = self.world();
            let mailbox = world.boxes.get_mut(key).expect("the mailbox is there");
            mailbox.mail.remove(&uid).expect("the message is there");
            mailbox.history.push(uid);
        }
        self.ring(key);
    }

    /// Another client moves a message; its number there.
    pub fn carry(&self, from: &str, uid: u32, to: &str) -> u32 {
        let mut world = self.world();
        let source = world.boxes.get_mut(from).expect("the mailbox is there");
        let mail = source.mail.remove(&uid).expect("the message is there");
        source.history.push(uid);
        let target = world.boxes.get_mut(to).expect("the mailbox is there");
        let there = target.next;
        target.next += 1;
        target.mail.insert(there, mail);
        target.history.push(there);
        there
    }

    /// Another client marks a message.
    pub fn set_flags(&self, key: &str, uid: u32, flags: Flags) {
        let mut world = self.world();
        let mailbox = world.boxes.get_mut(key).expect("the mailbox is there");
        mailbox.mail.get_mut(&uid).expect("the message is there").flags = flags;
        mailbox.history.push(uid);
    }

    pub fn set_seen(&self, key: &str, uid: u32, seen: bool) {
        let mut world = self.world();
        let mailbox = world.boxes.get_mut(key).expect("the mailbox is there");
        mailbox.mail.get_mut(&uid).expect("the message is there").flags.seen = seen;
        mailbox.history.push(uid);
    }

    pub fn uids(&self, key: &str) -> Vec<u32> {
        let world = self.world();
        world.boxes.get(key).map_or_else(Vec::new, |mailbox| mailbox.mail.keys().copied().collect())
    }

    /// Every copy in a mailbox with its flags: mailbox and key, subject and bits.
    pub fn holdings(&self, key: &str) -> Vec<((String, String), (String, i64))> {
        let world = self.world();
        let mailbox = world.boxes.get(key).expect("the mailbox is there");
        let holding = |(uid, mail): (&u32, &Mail)| {
            let text = std::str::from_utf8(&mail.raw).expect("our mail is ASCII");
            let subject = text.lines().find_map(|line| line.strip_prefix("Subject: "));
            let name = subject.expect("our mail has a subject").to_owned();
            ((key.to_owned(), RemoteKey::from_uid(*uid).0), (name, mail.flags.bits()))
        };
        mailbox.mail.iter().map(holding).collect()
    }

    /// Whatever has changed in a mailbox and was not asked for yet is never told: its list of changes is lost, and the
    /// server says that nothing happened.
    pub fn keep_silent(&self, key: &str, heard: usize) {
        let mut world = self.world();
        let mailbox = world.boxes.get_mut(key).expect("the mailbox is there");
        mailbox.history.truncate(heard);
        world.news.remove(key);
    }

    /// How many changes of a mailbox there were to tell.
    pub fn changes(&self, key: &str) -> usize {
        self.world().boxes.get(key).map_or(0, |mailbox| mailbox.history.len())
    }

    /// Nothing that was ordered to fail fails any more.
    pub fn forget_faults(&self) {
        let mut world = self.world();
        world.faults.clear();
        world.stop_after = None;
    }

    /// Gives every message of a mailbox a new number, as a server does that lost its index.
    pub fn renumber(&self, key: &str) {
        let mut world = self.world();
        let mailbox = world.boxes.get_mut(key).expect("the mailbox is there");
        mailbox.epoch += 1;
        let mails = std::mem::take(&mut mailbox.mail);
        let first = mailbox.next + 5_000;
        mailbox.next = first + u32::try_from(mails.len()).expect("a small mailbox");
        mailbox.mail = mails.into_values().zip(first..).map(|(mail, n)| (n, mail)).collect();
        mailbox.history.clear();
    }

    pub fn flags(&self, key: &str, uid: u32) -> Option<Flags> {
        self.world().boxes.get(key)?.mail.get(&uid).map(|mail| mail.flags)
    }

    pub fn set_offline(&self, offline: bool) {
        self.world().offline = offline;
    }

    /// The next call of this kind fails so.
    pub fn fail(&self, op: Op, error: ProviderError) {
        self.world().faults.entry(op).or_default().push_back(error);
    }

    /// Every pull of this mailbox is refused.
    pub fn refuse(&self, key: &str) {
        self.world().refused.insert(key.to_owned());
    }

    /// Every pull of this mailbox promises more and brings nothing.
    pub fn stall(&self, key: &str) {
        self.world().stalled.insert(key.to_owned());
    }

    /// The body of this message is never given out.
    pub fn refuse_body(&self, uid: Option<u32>) {
        self.world().bad_body = uid.map(RemoteKey::from_uid);
    }

    /// Edits of this message are refused.
    pub fn refuse_edit(&self, uid: u32) {
        self.world().bad_edit = Some(RemoteKey::from_uid(uid));
    }

    /// The next calls for the list of mailboxes panic.
    pub fn panic_at_next_call(&self) {
        self.world().panics = 1;
    }

    /// Cancels the token while the n-th pull is being answered.
    pub fn stop_after_pulls(&self, pulls: u32, token: CancellationToken) {
        self.world().stop_after = Some((pulls, token));
    }

    /// Pulls of this mailbox wait for a permit each.
    pub fn gate(&self, key: &str) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        self.world().gate = Some((key.to_owned(), Arc::clone(&gate)));
        gate
    }

    pub fn open_gate(&self) {
        if let Some((_, gate)) = self.world().gate.take() {
            gate.add_permits(1_000);
        }
    }

    /// What was asked since the last time, in order.
    pub fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.world().calls)
    }

    pub fn calls(&self) -> Vec<String> {
        self.world().calls.clone()
    }

    fn enter(&self, op: Op, call: String) -> Result<(), ProviderError> {
        let mut world = self.world();
        world.calls.push(call);
        if world.panics > 0 {
            world.panics -= 1;
            drop(world);
            panic!("a provider with a defect");
        }
        if world.offline {
            return Err(ProviderError::Offline("the line is cut".into()));
        }
        match world.faults.get_mut(&op).and_then(VecDeque::pop_front) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }
}

impl World {
    fn mailbox(&self, key: &str) -> Result<&Mailbox, ProviderError> {
        if self.refused.contains(key) {
            let message = "no permission".to_owned();
            return Err(ProviderError::Rejected { code: "NOPERM".into(), message });
        }
        self.boxes.get(key).ok_or_else(|| ProviderError::ScopeGone(key.to_owned()))
    }
}
