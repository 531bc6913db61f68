//! Deltas: a round of pages behind opaque tokens, first of everything, later of what changed since.
//!
//! Invariant: what happens during a round is told in the next one at the latest; `$select`, `$expand` and the
//! order are those of the round's first request.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

use super::call::{Call, Outcome, Reply, answer, not_found, refuse};
use super::mailbox::{Change, Loss, Mailbox};
use super::message::Message;
use super::present::{self, Shape};
use crate::journal::Trouble;

/// Items of a page where the caller prefers nothing, and at most.
const PAGE: usize = 10;
const LARGEST_PAGE: usize = 1_000;
/// Items that come again at the end of a round where that is the habit.
const REPEATED: usize = 3;
/// Messages a delta with a filter tells at most (`message: delta`, 2024-11).
const FILTERED: usize = 5_000;

/// In milliseconds.
const HOUR: i64 = 60 * 60 * 1_000;
/// Tokens that are remembered; the oldest go first.
const REMEMBERED: usize = 4_096;

/// What a token stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Token {
    number: u64,
    /// The folder; `None` for the tree of folders.
    folder: Option<String>,
    shape: Shape,
    #[serde(skip)]
    stage: Stage,
    /// How far the log was read when the round began.
    position: usize,
    /// Only messages received from here on: a filter is part of every later token too.
    since: Option<i64>,
    /// When it was given out, ms UTC.
    #[serde(default)]
    given: i64,
}

/// How long tokens are known, in milliseconds of the world's clock, and how one is refused whose time is over.
/// Microsoft names no time, as a cache evicts them: these are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lives {
    /// One in the middle of a round (`$skiptoken`).
    pub skip: i64,
    /// One at a round's end (`$deltatoken`).
    pub delta: i64,
    /// How it is refused afterwards.
    pub loss: Loss,
}

impl Default for Lives {
    fn default() -> Self {
        Self { skip: HOUR, delta: 30 * 24 * HOUR, loss: Loss::NotFound }
    }
}

impl Lives {
    fn of(&self, token: &Token) -> i64 {
        match token.stage {
            Stage::Page { .. } => self.skip,
            Stage::Ended => self.delta,
        }
    }
}

#[derive(Clone, Debug, Default)]
enum Stage {
    /// In the middle of a round.
    Page {
        items: Arc<Vec<Item>>,
        /// What is left of it begins here.
        from: usize,
        /// From here on things come again.
        again: usize,
    },
    /// A round ended.
    #[default]
    Ended,
}

impl Stage {
    /// A round that begins.
    fn whole(items: Vec<Item>) -> Self {
        let again = items.len();
        Self::Page { items: Arc::new(items), from: 0, again }
    }
}

#[derive(Clone, Debug)]
enum Item {
    Whole(u64),
    Partly(u64, Vec<&'static str>),
    Left((String, String)),
    Folder(String),
    FolderGone(String),
}

/// Of the tokens only those at the end of a round are kept: what is left of a page lies in memory.
pub(crate) fn ended<S: Serializer>(
    tokens: &BTreeMap<String, Token>,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_map(tokens.iter().filter(|(_, token)| matches!(token.stage, Stage::Ended)))
}

/// A delta of the folder's messages, or of the tree.
pub(crate) fn delta(mailbox: &mut Mailbox, call: &Call, folder: Option<&str>) -> Outcome {
    let folder = match folder {
        None => None,
        Some(name) => Some(mailbox.folder(name).ok_or_else(not_found)?.id.clone()),
    };
    let token = call.option("$skiptoken").or_else(|| call.option("$deltatoken"));
    let (token, from) = match token.filter(|text| !text.is_empty()) {
        None => (begin(mailbox, call, folder)?, 0),
        Some(text) => {
            let known = resume(mailbox, call, text, folder.as_deref())?;
            match known.stage.clone() {
                Stage::Page { from, .. } => (known, from),
                Stage::Ended => (changes(mailbox, &known), 0),
            }
        }
    };
    Ok(page(mailbox, call, token, from))
}

fn begin(mailbox: &mut Mailbox, call: &Call, folder: Option<String>) -> Result<Token, Reply> {
    if call.option("$search").is_some() {
        return Err(refuse(400, "ErrorInvalidUrlQuery", "Change tracking supports no $search."));
    }
    let newest_first = match call.option("$orderby").map(str::to_lowercase).as_deref() {
        None => false,
        Some("receiveddatetime desc") => true,
        Some(_) => {
            return Err(refuse(
                400,
                "ErrorInvalidUrlQuery",
                "Change tracking supports $orderby receivedDateTime desc only.",
            ));
        }
    };
    let since = match call.option("$filter") {
        None => None,
        Some(text) => {
            let since = text.strip_prefix("receivedDateTime ge ").and_then(present::instant);
            Some(since.ok_or_else(|| {
                refuse(
                    400,
                    "ErrorInvalidUrlQueryFilter",
                    "Change tracking filters by receivedDateTime ge.",
                )
            })?)
        }
    };
    let items = match &folder {
        None => mailbox.folders.iter().map(|folder| Item::Folder(folder.id.clone())).collect(),
        Some(id) => {
            let inside = mailbox.messages.values().filter(|message| {
                message.folder == *id && since.is_none_or(|since| message.received >= since)
            });
            let mut inside: Vec<(i64, u64)> =
                inside.map(|message| (message.received, message.serial)).collect();
            inside.sort_unstable();
            if newest_first {
                inside.reverse();
            }
            inside.truncate(if since.is_some() { FILTERED } else { usize::MAX });
            inside.into_iter().map(|(_, serial)| Item::Whole(serial)).collect()
        }
    };
    Ok(Token {
        number: 0,
        folder,
        shape: Shape::of(call.option("$select"), call.option("$expand"), call.immutable()),
        stage: Stage::whole(items),
        position: mailbox.log.len(),
        since,
        given: call.now,
    })
}

fn resume(
    mailbox: &Mailbox,
    call: &Call,
    text: &str,
    folder: Option<&str>,
) -> Result<Token, Reply> {
    let refusal = |loss: Loss| match loss {
        Loss::Gone => {
            let path = folder.map_or("me/mailFolders/delta".to_owned(), |id| {
                format!("me/mailFolders('{id}')/messages/delta")
            });
            refuse(
                410,
                "SyncStateInvalid",
                "The sync state generation is not found; run a full sync.",
            )
            .header("location", format!("{}/{path}?$deltatoken=", call.origin))
        }
        Loss::NotFound => refuse(
            400,
            "syncStateNotFound",
            "The sync state generation is not found; continuation token is no longer valid.",
        ),
    };
    let lost = |loss: Loss| refusal(loss).with(Trouble::Evicted);
    let token = mailbox.tokens.get(text).ok_or_else(|| lost(Loss::NotFound))?;
    if let (before, Some(loss)) = mailbox.evicted
        && token.number < before
    {
        return Err(lost(loss));
    }
    if call.now - token.given >= mailbox.lives.of(token) {
        return Err(lost(mailbox.lives.loss));
    }
    if token.folder.as_deref() != folder {
        return Err(refuse(400, "ErrorInvalidUrlQuery", "The token belongs to another resource."));
    }
    Ok(token.clone())
}

/// The round that tells what happened since another one ended.
fn changes(mailbox: &Mailbox, since: &Token) -> Token {
    let mut latest: BTreeMap<String, (usize, Item)> = BTreeMap::new();
    let log = mailbox.log.get(since.position..).unwrap_or_default();
    for (at, change) in log.iter().enumerate() {
        let wanted = |folder: &String| since.folder.as_ref() == Some(folder);
        let (key, item) = match change {
            Change::Whole { folder, serial } if wanted(folder) => {
                (serial.to_string(), Item::Whole(*serial))
            }
            Change::Partly { folder, serial, properties } if wanted(folder) => {
                let mut all = properties.clone();
                let item = match latest.get(&serial.to_string()) {
                    Some((_, Item::Whole(_))) => Item::Whole(*serial),
                    Some((_, Item::Partly(_, before))) => {
                        all.extend(before);
                        Item::Partly(*serial, all)
                    }
                    _ => Item::Partly(*serial, all),
                };
                (serial.to_string(), item)
            }
            Change::Left { folder, serial, ids } if wanted(folder) => {
                (serial.to_string(), Item::Left(ids.clone()))
            }
            Change::Folder { id } if since.folder.is_none() => {
                (id.clone(), Item::Folder(id.clone()))
            }
            Change::FolderGone { id } if since.folder.is_none() => {
                (id.clone(), Item::FolderGone(id.clone()))
            }
            _ => continue,
        };
        latest.insert(key, (at, item));
    }
    let mut items: Vec<(usize, Item)> = latest.into_values().collect();
    items.sort_by_key(|(at, _)| *at);
    Token {
        number: 0,
        folder: since.folder.clone(),
        shape: since.shape.clone(),
        stage: Stage::whole(items.into_iter().map(|(_, item)| item).collect()),
        position: mailbox.log.len(),
        since: since.since,
        given: since.given,
    }
}

/// The page of the round that begins at `from`, with the link to what follows.
fn page(mailbox: &mut Mailbox, call: &Call, token: Token, from: usize) -> Reply {
    let Stage::Page { items, again, .. } = &token.stage else { return not_found() };
    let (mut items, again) = (Arc::clone(items), *again);
    let fresh = call.option("$skiptoken").is_none();
    if fresh && mailbox.habits.repeats && !items.is_empty() {
        let repeated: Vec<Item> = items.iter().take(REPEATED).cloned().collect();
        items = Arc::new(items.iter().cloned().chain(repeated).collect());
    }
    let empty = fresh && mailbox.habits.empty_pages;
    let size = call.page_size().unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let to = if empty { from } else { items.len().min(from + size) };
    let shape = Shape { immutable: call.immutable(), ..token.shape.clone() };
    let chosen = items.get(from..to).unwrap_or_default();
    let value: Vec<Value> =
        chosen.iter().filter_map(|item| show(mailbox, &token, item, &shape)).collect();
    let met = met(mailbox, &token, chosen);
    let ended = to >= items.len() && !empty;
    let stage = if ended { Stage::Ended } else { Stage::Page { items, from: to, again } };
    let number = mailbox.next();
    let path = match &token.folder {
        None => "me/mailFolders/delta".to_owned(),
        Some(id) => format!("me/mailFolders('{id}')/messages/delta"),
    };
    let name = format!("R0usmcCM996atia_s{number:08}-{}", token.position);
    let (link, word) =
        if ended { ("@odata.deltaLink", "$deltatoken") } else { ("@odata.nextLink", "$skiptoken") };
    let kind = if token.folder.is_some() { "message" } else { "mailFolder" };
    let body = json!({
        "@odata.context": format!("{}/$metadata#Collection({kind})", call.origin),
        link: format!("{}/{path}?{word}={name}", call.origin),
        "value": value,
    });
    mailbox.tokens.insert(name, Token { number, stage, given: call.now, ..token });
    if mailbox.tokens.len() > REMEMBERED {
        // Names rise with their numbers.
        mailbox.tokens.pop_first();
    }
    let reply = answer(200, body);
    let repeated = (to > from.max(again)).then_some(Trouble::Repeated);
    met.into_iter().chain(repeated).fold(reply, Reply::with)
}

/// What whoever reads these items has to cope with.
fn met(mailbox: &Mailbox, token: &Token, items: &[Item]) -> Vec<Trouble> {
    let partial = |item: &Item| {
        matches!(item, Item::Partly(serial, _) if mailbox.habits.partial_items
            && there(mailbox, token, *serial).is_some())
    };
    let moved = |item: &Item| match item {
        Item::Left((immutable, _)) => {
            mailbox.messages.values().any(|message| present::id(message, true) == *immutable)
        }
        _ => false,
    };
    let mut met = Vec::new();
    met.extend(items.iter().any(partial).then_some(Trouble::Partial));
    met.extend(items.iter().any(moved).then_some(Trouble::Moved));
    met
}

/// A message, where it lies in the folder and the time that a token is about.
fn there<'a>(mailbox: &'a Mailbox, token: &Token, serial: u64) -> Option<&'a Message> {
    let message = mailbox.messages.get(&serial)?;
    let inside = token.since.is_none_or(|since| message.received >= since);
    (inside && token.folder.as_ref() == Some(&message.folder)).then_some(message)
}

fn show(mailbox: &Mailbox, token: &Token, item: &Item, shape: &Shape) -> Option<Value> {
    let reason = if mailbox.habits.removed_as_changed { "changed" } else { "deleted" };
    let removed = |id: &str| json!({ "id": id, "@removed": { "reason": reason } });
    match item {
        Item::Whole(serial) => Some(present::message(there(mailbox, token, *serial)?, shape, None)),
        Item::Partly(serial, properties) => {
            let only = mailbox.habits.partial_items.then_some(properties.as_slice());
            Some(present::message(there(mailbox, token, *serial)?, shape, only))
        }
        Item::Left((immutable, other)) => {
            Some(removed(if shape.immutable { immutable } else { other }))
        }
        Item::Folder(id) => {
            let folder = mailbox.folders.iter().find(|folder| folder.id == *id)?;
            Some(present::folder(mailbox, folder))
        }
        Item::FolderGone(id) => Some(removed(id)),
    }
}
