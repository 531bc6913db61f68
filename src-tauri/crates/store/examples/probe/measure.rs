//! What the window asks of the store, asked so often that the slowest of a hundred shows.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use deskbell_domain::conversation::{ConversationEdit, View};
use deskbell_domain::ingested::{IngestedChange, IngestedPage};
use deskbell_domain::{ConversationId, MessageId, Millis};
use deskbell_store::queries::conversation;
use deskbell_store::queries::inbox::{self, Position};
use deskbell_store::queries::search::{self, Request};
use deskbell_store::table::{identity, scope};
use deskbell_store::{Connection, OpenOptions, Origin, Store, StoreError, sync};
use serde_json::{Value, json};

use crate::fill::Filled;
use crate::mail::{Dice, Language};

/// How often everything is asked.
const TIMES: usize = 400;
/// People there are to be proposed.
const CONTACTS: usize = 100_000;
/// How often something is written.
const WRITES: u32 = 200;

/// Opens the profile and asks it everything.
pub fn measure(
    profile: &Path,
    messages: u32,
    filled: Option<Filled>,
) -> Result<Value, Box<dyn Error>> {
    let started = Instant::now();
    let store = Store::open(profile, OpenOptions::default())?.store;
    let first = store.read_now(|c| inbox::page(c, View::Inbox, None, None, 50))?;
    let opened = started.elapsed();
    if first.is_empty() {
        return Err("the profile has no mail".into());
    }
    let bytes = std::fs::metadata(profile.join("deskbell.db"))?.len();
    let mut measured = Measured { store, dice: Dice::new(42), rows: Vec::new() };
    measured.lists()?;
    let language = Language::new();
    measured.search(&language)?;
    measured.people(&language)?;
    let resident = resident();
    measured.writes(messages)?;
    Ok(json!({
        "messages": messages,
        "fill_ms": filled.map(|filled| millis(filled.took)),
        "open_and_first_page_ms": millis(opened),
        "database_bytes": bytes,
        "resident_bytes": resident,
        "rows": measured.rows,
        "words": {
            "common": language.ranked(3),
            "second": language.ranked(5),
            "rare": language.ranked(9_000),
        },
    }))
}

struct Measured {
    store: Store,
    dice: Dice,
    rows: Vec<Value>,
}

impl Measured {
    /// Asks often and keeps the middle and the slowest of a hundred.
    fn ask(
        &mut self,
        name: &str,
        goal: u64,
        mut once: impl FnMut(&Store, &mut Dice) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // What a running window has in its caches.
        for _ in 0..TIMES / 20 {
            once(&self.store, &mut self.dice)?;
        }
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let started = Instant::now();
            once(&self.store, &mut self.dice)?;
            times.push(started.elapsed());
        }
        self.keep(name, goal, times);
        Ok(())
    }

    fn keep(&mut self, name: &str, goal: u64, mut times: Vec<Duration>) {
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
        self.rows.push(json!({
            "name": name,
            "p50_ms": millis(at(50)),
            "p99_ms": millis(at(99)),
            "goal_ms": goal,
        }));
    }

    fn lists(&mut self) -> Result<(), StoreError> {
        let number = |c: &Connection, sql: &str| -> Result<i64, StoreError> {
            Ok(c.query_row(sql, [], |row| row.get(0))?)
        };
        let (newest, conversations, last): (Millis, i64, i64) = self.store.read_now(|c| {
            Ok((
                number(c, "SELECT max(last_at) FROM conversation")?,
                number(c, "SELECT max(id) FROM conversation")?,
                number(c, "SELECT max(id) FROM message")?,
            ))
        })?;
        self.ask("one row by its id: the floor", 10, |store, dice| {
            let id = 1 + dice.below(last.unsigned_abs()).cast_signed();
            store.read_now(|c| {
                let sql = "SELECT subject FROM message WHERE id = ?1";
                let mut statement = c.prepare_cached(sql)?;
                let mut rows = statement.query([id])?;
                rows.next()?;
                Ok(())
            })
        })?;
        let page = |store: &Store, view: View, after: Option<Position>| {
            store.read_now(|c| inbox::page(c, view, None, after, 50)).map(|_| ())
        };
        self.ask("first page of the inbox", 10, |store, _| page(store, View::Inbox, None))?;
        self.ask("any page of all mail", 10, |store, dice| {
            let back = dice.below(7 * 365 * 86_400_000).cast_signed();
            page(store, View::All, Some(Position { last_at: newest - back, id: ConversationId(0) }))
        })?;
        self.ask("all counters", 10, |store, _| store.read_now(inbox::counters).map(|_| ()))?;
        self.ask("a conversation with who takes part and its latest source", 10, |store, dice| {
            let id = ConversationId(1 + dice.below(conversations.unsigned_abs()).cast_signed());
            let packer = store.packer();
            store.read_now(|c| {
                let messages = conversation::messages(c, id, 100)?;
                identity::participants(c, id)?;
                let latest = messages.last().map_or(MessageId(0), |message| message.id);
                sync::source(c, &packer, latest)?;
                Ok(())
            })
        })
    }

    fn search(&mut self, language: &Language) -> Result<(), StoreError> {
        let word = |dice: &mut Dice, from: u64, to: u64| {
            let rank = usize::try_from(from + dice.below(to - from)).unwrap_or_default();
            language.ranked(rank).to_owned()
        };
        self.query("search: one of the 20 commonest words", |d| word(d, 0, 20))?;
        self.query("search: a common word", |d| word(d, 100, 1_000))?;
        self.query("search: a rare word", |d| word(d, 30_000, 60_000))?;
        self.query("search: two common words", |d| {
            format!("{} {}", word(d, 0, 50), word(d, 50, 500))
        })?;
        self.query("search: a common and a rare word", |d| {
            format!("{} {}", word(d, 0, 20), word(d, 20_000, 60_000))
        })?;
        self.query("search: a phrase", |d| format!("\"{} {}\"", word(d, 0, 30), word(d, 0, 30)))?;
        self.query("search: a common word, unread only", |d| {
            format!("{} is:unread", word(d, 0, 100))
        })?;
        self.query("search: everything unread", |_| "is:unread".into())?;
        self.query("search: everything starred", |_| "is:starred".into())?;
        self.query("search: a common word, starred only", |d| {
            format!("{} is:starred", word(d, 0, 100))
        })?;
        self.query("search: everything in spam", |_| "in:spam".into())?;
        self.query("search: everything with files", |_| "has:attachment".into())?;
        self.query("search: by author", |d| {
            let person = language.person(usize::try_from(d.below(20_000)).unwrap_or_default());
            format!("from:{}", person.address)
        })?;
        self.query("search: a common word, of one author", |d| {
            let person = language.person(usize::try_from(d.below(20_000)).unwrap_or_default());
            format!("{} from:{}", word(d, 0, 100), person.address)
        })?;
        self.query("search: a word nobody wrote, with a suggestion", |d| {
            format!("{}q", word(d, 1_000, 60_000))
        })?;
        for letters in 1..=4 {
            let name = format!("search while typing: {letters} letters");
            self.typed(&name, |d| word(d, 0, 20_000).chars().take(letters).collect())?;
        }
        self.typed("search while typing: a word and 2 letters", |d| {
            let begun: String = word(d, 0, 20_000).chars().take(2).collect();
            format!("{} {begun}", word(d, 0, 200))
        })
    }

    /// Who is proposed for what is typed into To, among a hundred thousand people of whom some were written to.
    fn people(&mut self, language: &Language) -> Result<(), Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let known: i64 = self.store.read_now(|c| {
            Ok(c.query_row("SELECT count(*) FROM identity", [], |row| row.get(0))?)
        })?;
        let missing = CONTACTS.saturating_sub(usize::try_from(known)?);
        let more: Vec<(String, String)> = (0..missing)
            .map(|n| {
                let (first, last) = (language.ranked(n % 900), language.ranked(n / 7 % 30_000));
                (format!("{first} {last}"), format!("{first}.{last}.{n}@more.example"))
            })
            .collect();
        runtime.block_on(self.store.write(Origin::Local, 2, move |w| {
            let mut contact =
                w.prepare("INSERT INTO contact (name, created_at) VALUES (?1, 2) RETURNING id")?;
            let mut identity = w.prepare(
                "INSERT INTO identity (contact_id, channel, address, name, rank) VALUES (?1, 'email', ?2, ?3, ?4)",
            )?;
            for (n, (name, address)) in more.iter().enumerate() {
                let id: i64 = contact.query_row([name], |row| row.get(0))?;
                // Every third was written with; how much, differs.
                let rank = if n % 3 == 0 { i64::try_from(n % 997).unwrap_or_default() } else { 0 };
                identity.execute((id, address, name, rank))?;
            }
            Ok(())
        }))?;
        for letters in 1..=4 {
            let name = format!("people while typing: {letters} letters, {CONTACTS} people");
            self.ask(&name, 10, |store, dice| {
                let rank = usize::try_from(dice.below(900)).unwrap_or_default();
                let typed: String = language.ranked(rank).chars().take(letters).collect();
                store.read_now(|c| identity::complete(c, &typed, 8)).map(|_| ())
            })?;
        }
        Ok(())
    }

    fn query(&mut self, name: &str, text: impl Fn(&mut Dice) -> String) -> Result<(), StoreError> {
        self.ask(name, 20, |store, dice| run(store, &text(dice), false))
    }

    fn typed(&mut self, name: &str, text: impl Fn(&mut Dice) -> String) -> Result<(), StoreError> {
        self.ask(name, 20, |store, dice| run(store, &text(dice), true))
    }

    /// New mail, and a person's edits, one transaction each.
    fn writes(&mut self, messages: u32) -> Result<(), Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let language = Language::new();
        let inbox = self.store.read_now(|c| {
            let row = c.query_row("SELECT id FROM scope WHERE role = 'inbox'", [], |r| r.get(0))?;
            Ok(scope::get(c, deskbell_domain::ScopeId(row))?.id)
        })?;
        // Other numbers than those of an earlier run on the same profile.
        let known: i64 = self
            .store
            .read_now(|c| Ok(c.query_row("SELECT max(id) FROM message", [], |row| row.get(0))?))?;
        let from = messages.max(u32::try_from(known)?) + 1_000;
        let mut times = Vec::new();
        for number in from..from + WRITES {
            let mail = language.mail(number, messages).ingested();
            let changes = vec![IngestedChange::Message(Box::new(mail))];
            let started = Instant::now();
            let page = IngestedPage { changes, ..Default::default() };
            let page = sync::prepare(&self.store.packer(), page)?;
            let write = self.store.write(Origin::Sync, 2, move |w| sync::apply(w, inbox, &page));
            runtime.block_on(write)?;
            times.push(started.elapsed());
        }
        self.keep("store one new mail", 10, times);
        let listed = self.store.read_now(|c| inbox::page(c, View::Inbox, None, None, WRITES))?;
        let mut times = Vec::new();
        for row in listed {
            let started = Instant::now();
            runtime.block_on(self.store.write(Origin::Local, 3, move |w| {
                let group = sync::new_group(w)?;
                sync::edit(w, &[row.id], ConversationEdit::Archive, &group)
            }))?;
            times.push(started.elapsed());
        }
        self.keep("archive one conversation", 10, times);
        Ok(())
    }
}

fn run(store: &Store, text: &str, typing: bool) -> Result<(), StoreError> {
    let query = search::parse(text, typing, &jiff::tz::TimeZone::UTC);
    let request = Request { query, account: None, below: None, limit: 50 };
    let packer = store.packer();
    store.read_now(|c| search::run(c, &packer, &request)).map(|_| ())
}

/// Milliseconds with what a microsecond matters.
fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

/// Bytes this process holds in memory, where the system says so.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
}
