//! Made-up mail: words as often as in a language (Zipf), a few busy people, threads, eight years.
//!
//! The same numbers give the same mail every time.

use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::ingested::{Attachment, IngestedBody, IngestedMessage};
use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::threading::ThreadKeys;
use deskbell_domain::{Address, MailboxRole, Millis};

/// The account's own address.
pub const OWN: &str = "desk@studio.example";
/// The instant of the oldest mail, and how long they go on.
const OLDEST: Millis = 1_500_000_000_000;
const SPAN: Millis = 8 * 365 * 86_400_000;
/// Different words, and different people.
const WORDS: usize = 60_000;
const PEOPLE: usize = 20_000;

/// Numbers that look random and are the same each time (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Words and people, and how often each comes.
pub struct Language {
    words: Vec<String>,
    often: Vec<f64>,
    people: Vec<Address>,
}

impl Language {
    pub fn new() -> Self {
        let words: Vec<String> = (0..WORDS).map(word).collect();
        let people = (0..PEOPLE)
            .map(|n| Address {
                name: Some(format!(
                    "{} {}",
                    capital(&word(n % 900)),
                    capital(&word(n / 2 + 1_000))
                )),
                address: format!("{}.{n}@{}.example", word(n % 900), word(n % 300 + 40)),
            })
            .collect();
        let mut sum = 0.0;
        let often = (0..WORDS)
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.7);
                sum
            })
            .collect();
        Self { words, often, people }
    }

    /// The word of a rank; 0 is the commonest.
    pub fn ranked(&self, rank: usize) -> &str {
        self.words.get(rank).map_or("", String::as_str)
    }

    /// A person of a rank; 0 writes most.
    pub fn person(&self, rank: usize) -> Address {
        let nobody = || Address { name: None, address: OWN.into() };
        self.people.get(rank).cloned().unwrap_or_else(nobody)
    }

    fn any_word(&self, dice: &mut Dice) -> &str {
        let at = dice.share() * self.often.last().copied().unwrap_or_default();
        self.ranked(self.often.partition_point(|sum| *sum < at))
    }

    fn text(&self, dice: &mut Dice, count: u64) -> String {
        let mut text = String::new();
        for n in 0..count {
            text.push_str(if n == 0 {
                ""
            } else if n % 13 == 0 {
                ".\r\n"
            } else {
                " "
            });
            text.push_str(self.any_word(dice));
        }
        text
    }

    /// A mail by its number; the highest is the newest. A thread's mails are near each other.
    pub fn mail(&self, number: u32, of: u32) -> Mail {
        let mut dice = Dice::new(u64::from(number) + 7);
        let thread = thread_of(number);
        let (first, before) = (id(thread), id(number.saturating_sub(1).max(thread)));
        let role = match dice.below(100) {
            0..=11 => MailboxRole::Inbox,
            12..=79 => MailboxRole::Archive,
            80..=94 => MailboxRole::Sent,
            95..=97 => MailboxRole::Spam,
            _ => MailboxRole::Trash,
        };
        // Of two throws the better: a few people write most.
        let who = dice.below(PEOPLE as u64).min(dice.below(PEOPLE as u64));
        let client = self.person(usize::try_from(who).unwrap_or_default());
        let desk = Address { name: Some("Studio".into()), address: OWN.into() };
        let sent = role == MailboxRole::Sent;
        let (from, to) = if sent { (desk, client) } else { (client, desk) };
        let mut topic = Dice::new(u64::from(thread) + 1_000_003);
        let subject = self.text(&mut topic, 5).replace(".\r\n", " ");
        let subject = if number == thread { subject } else { format!("Re: {subject}") };
        let length = 20 + dice.below(60) + dice.below(60) + dice.below(12).pow(2);
        let text = self.text(&mut dice, length);
        let seen = role != MailboxRole::Inbox || dice.below(100) < 80;
        let flags = Flags { seen, starred: dice.below(100) < 2, ..Flags::default() };
        let at = OLDEST + SPAN / Millis::from(of.max(1)) * Millis::from(number);
        let file = (dice.below(100) < 12).then(|| format!("{}.pdf", self.any_word(&mut dice)));
        Mail { number, first, before, role, from, to, subject, text, flags, at, file }
    }
}

/// The number of the mail that began a thread: threads are runs of one to eight.
fn thread_of(number: u32) -> u32 {
    let block = number / 8 * 8;
    let mut begins = block;
    let mut dice = Dice::new(u64::from(block) + 31);
    for candidate in block + 1..=number {
        if dice.below(100) < 45 {
            begins = candidate;
        }
    }
    begins
}

fn id(number: u32) -> String {
    format!("{number}.made.up@probe.example")
}

/// A pronounceable word, another one for each number.
fn word(number: usize) -> String {
    const HEADS: [&str; 16] =
        ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "ch"];
    const TAILS: [&str; 10] = ["a", "e", "i", "o", "u", "en", "er", "al", "in", "on"];
    let mut rest = number + 160;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(HEADS.get(rest % 16).unwrap_or(&"b"));
        word.push_str(TAILS.get(rest / 16 % 10).unwrap_or(&"a"));
        rest /= 160;
    }
    word
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One mail.
pub struct Mail {
    pub number: u32,
    first: String,
    before: String,
    pub role: MailboxRole,
    from: Address,
    to: Address,
    subject: String,
    text: String,
    flags: Flags,
    at: Millis,
    file: Option<String>,
}

impl Mail {
    /// As it would travel.
    pub fn source(&self) -> String {
        let person = |who: &Address| {
            format!("{} <{}>", who.name.as_deref().unwrap_or_default(), who.address)
        };
        let date = jiff::Timestamp::from_millisecond(self.at)
            .map(|at| at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
            .unwrap_or_default();
        let references = if id(self.number) == self.first {
            String::new()
        } else {
            format!("References: <{}> <{}>\r\n", self.first, self.before)
        };
        format!(
            "Received: from relay.example by mx.studio.example; {date}\r\nMessage-ID: <{}>\r\n{references}From: {}\r\n\
             To: {}\r\nDate: {date}\r\nSubject: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
            id(self.number),
            person(&self.from),
            person(&self.to),
            self.subject,
            self.text
        )
    }

    /// As ingest hands it over.
    pub fn ingested(self) -> IngestedMessage {
        let source = self.source();
        let (own, size) = (id(self.number), source.len() as u64);
        let attachments = self.file.into_iter().map(|name| Attachment {
            part: 1,
            name,
            media_type: "application/pdf".into(),
            size: 20_000,
            content_id: None,
            inline: false,
        });
        IngestedMessage {
            key: RemoteKey::from_uid(self.number + 1),
            flags: self.flags,
            role: None,
            internal_date: self.at,
            date: self.at,
            size,
            fingerprint: Fingerprint::of(Some(&own), size, self.at, b""),
            known_by: None,
            thread: ThreadKeys::new(&own, [self.first.as_str(), self.before.as_str()]),
            remote_thread: None,
            message_id: Some(own),
            subject: self.subject,
            from: Some(self.from),
            to: vec![self.to],
            cc: Vec::new(),
            bcc: Vec::new(),
            reply_to: Vec::new(),
            bulk: false,
            body_state: BodyState::Full,
            quarantine_reason: None,
            body: Some(IngestedBody {
                preview: self.text.chars().take(160).collect(),
                text: self.text,
                source: source.into_bytes().into(),
                attachments: attachments.collect(),
                report: None,
            }),
        }
    }
}
