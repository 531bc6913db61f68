//! A signed-in connection and the mailbox it has selected.
//!
//! Owns the view of the selected mailbox, kept true by every untagged answer that passes.
//! Invariant: `selected` is what the server thinks is selected; unasked news about it is collected in
//! `news` until somebody takes it.

use std::collections::HashMap;

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response, ResponseCode};
use deskbell_domain::message::Flags;
use tokio::time::Instant;

use super::capability::Caps;
use super::connect::Connected;
use super::error::{ImapError, code_of};
use super::fetch::{Fetched, keywords, unasked_flags};
use super::gmail;
use super::pace::Limits;
use super::share::Place;
use super::uids::ordered;
use super::wire::{Command, Done, Wire};

/// What the server says about the selected mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) uid_validity: u32,
    pub(crate) uid_next: u32,
    pub(crate) exists: u32,
    pub(crate) modseq: Option<u64>,
}

/// Changes the server told without being asked.
#[derive(Debug, Default)]
pub(crate) struct News {
    pub(crate) flags: Vec<(u32, Flags)>,
    pub(crate) vanished: Vec<(u32, u32)>,
    /// More messages than before.
    pub(crate) grown: bool,
    /// Something happened at all.
    pub(crate) any: bool,
}

/// The selected mailbox.
pub(crate) struct Selected {
    pub(crate) name: String,
    pub(crate) view: View,
    pub(crate) news: News,
    /// The messages still to be fetched, as listed on this selection.
    pub(crate) waiting: Option<Waiting>,
    /// Sizes of some of them.
    pub(crate) sizes: HashMap<u32, u32>,
    /// Keywords of the messages that have some, as told since they were last passed on.
    pub(crate) keywords: HashMap<u32, Vec<String>>,
    /// Gmail's labels of messages, as told since they were last passed on.
    pub(crate) labels: HashMap<u32, Vec<String>>,
    /// The flags that are kept; `None` where the server does not say, which means all.
    pub(crate) permanent: Option<Vec<String>>,
}

/// Messages still to be fetched. A list made for other ranges (a page that was not stored is asked for again)
/// must not be used.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// The ranges it was made for.
    pub(crate) todo: Vec<(u32, u32)>,
    /// UIDs, ascending.
    pub(crate) uids: Vec<u32>,
}

/// From where SELECT with QRESYNC is to tell what changed (RFC 7162 section 3.2.5).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Since {
    pub(crate) uid_validity: u32,
    pub(crate) modseq: u64,
    /// Only changes of UIDs up to this one; `None` for all, also of those that came and went meanwhile.
    pub(crate) up_to: Option<u32>,
}

/// What SELECT with QRESYNC told besides the view.
#[derive(Debug, Default)]
pub(crate) struct Resync {
    pub(crate) flags: Vec<(u32, Flags)>,
    pub(crate) vanished: Vec<(u32, u32)>,
}

/// A signed-in connection.
pub(crate) struct Session {
    pub(crate) wire: Wire,
    pub(crate) caps: Caps,
    pub(crate) selected: Option<Selected>,
    pub(crate) last_used: Instant,
    pub(crate) limits: Limits,
    /// Let go of after the connection.
    _place: Option<Place>,
}

impl Session {
    pub(crate) fn new(connected: Connected, limits: Limits) -> Self {
        let Connected { wire, caps } = connected;
        Self { wire, caps, selected: None, last_used: Instant::now(), limits, _place: None }
    }

    /// The same, holding a place among the connections of its account.
    pub(crate) fn at(self, place: Place) -> Self {
        Self { _place: Some(place), ..self }
    }

    /// Runs a command; untagged answers keep the view true and are shown to `each`.
    pub(crate) async fn run(
        &mut self,
        command: Command,
        each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<Done, ImapError> {
        let tag = self.wire.send(command).await?;
        self.finish(&tag, each).await
    }

    /// Reads to the end of a command that was sent before.
    pub(crate) async fn finish(
        &mut self,
        tag: &str,
        mut each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<Done, ImapError> {
        let selected = &mut self.selected;
        self.wire
            .finish(tag, |response| {
                if let Some(selected) = selected {
                    selected.note(response);
                }
                each(response);
            })
            .await
    }

    /// Whether this mailbox is selected under this numbering.
    pub(crate) fn holds(&self, name: &str, uid_validity: u32) -> bool {
        self.selected.as_ref().is_some_and(|selected| {
            selected.name == name && selected.view.uid_validity == uid_validity
        })
    }

    /// Selects a mailbox, again if need be. With `since` the server tells what changed, if QRESYNC is on.
    pub(crate) async fn select(
        &mut self,
        name: &str,
        since: Option<Since>,
    ) -> Result<(View, Resync), ImapError> {
        self.selected = None;
        let mut command = Command::new("SELECT ").argument(name);
        if let (true, Some(Since { uid_validity, modseq, up_to })) = (self.caps.qresync, since) {
            let known = up_to.map(|highest| format!(" 1:{highest}")).unwrap_or_default();
            command = command.text(format!(" (QRESYNC ({uid_validity} {modseq}{known}))"));
        } else if self.caps.condstore {
            command = command.text(" (CONDSTORE)");
        }
        let mut view = View::default();
        let mut resync = Resync::default();
        let mut told = HashMap::new();
        let mut permanent = None;
        let outcome = self
            .wire
            .run(command, |response| {
                note_keywords(&mut told, response);
                if let Some(fetched) = Fetched::read(response) {
                    if let (Some(uid), Some(flags)) = (fetched.uid, fetched.flags) {
                        resync.flags.push((uid, flags));
                    }
                } else if let Response::Vanished { uids, .. } = response {
                    resync.vanished.extend(uids.iter().filter_map(ordered));
                } else {
                    note_permanent(&mut permanent, response);
                    note_view(&mut view, response);
                }
            })
            .await;
        match outcome {
            Ok(_) => {}
            Err(ImapError::No { text }) => return Err(self.why_not_selected(name, text).await?),
            Err(error) => return Err(error),
        }
        // A server that gives no UIDVALIDITY keeps its UIDs for good (RFC 3501 section 2.3.1.1 requires it).
        view.uid_validity = view.uid_validity.max(1);
        self.selected = Some(Selected {
            name: name.to_owned(),
            view: view.clone(),
            news: News::default(),
            waiting: None,
            sizes: HashMap::new(),
            keywords: told,
            labels: HashMap::new(),
            permanent,
        });
        if view.uid_next == 0 {
            view.uid_next = self.find_uid_next(view.exists).await?;
            if let Some(selected) = &mut self.selected {
                selected.view.uid_next = view.uid_next;
            }
        }
        Ok((view, resync))
    }

    /// UIDNEXT is optional (RFC 3501 section 6.3.1): the highest UID tells.
    async fn find_uid_next(&mut self, exists: u32) -> Result<u32, ImapError> {
        let mut highest = 0;
        if exists > 0 {
            self.run(Command::new("UID FETCH * (UID)"), |response| {
                if let Some(uid) = Fetched::read(response).and_then(|fetched| fetched.uid) {
                    highest = highest.max(uid);
                }
            })
            .await?;
        }
        Ok(highest.saturating_add(1))
    }

    /// Tells a mailbox that is gone from one that may not be opened.
    async fn why_not_selected(&mut self, name: &str, text: String) -> Result<ImapError, ImapError> {
        match code_of(&text).as_deref() {
            Some("NONEXISTENT" | "TRYCREATE") => return Ok(ImapError::MailboxGone),
            Some(_) => return Ok(ImapError::No { text }),
            None => {}
        }
        let mut there = false;
        let list = Command::new("LIST \"\" ").argument(name);
        self.wire
            .run(list, |response| {
                if let Response::MailboxData(MailboxDatum::List(data)) = response {
                    there |= !data.name_attributes.iter().any(|attribute| match attribute {
                        NameAttribute::NoSelect => true,
                        NameAttribute::Extension(word) => {
                            word.eq_ignore_ascii_case("\\NonExistent")
                        }
                        _ => false,
                    });
                }
            })
            .await?;
        Ok(if there { ImapError::No { text } } else { ImapError::MailboxGone })
    }

    /// The UIDs there are among these, ascending.
    pub(crate) async fn search(&mut self, set: &str) -> Result<Vec<u32>, ImapError> {
        let mut found = Vec::new();
        self.run(Command::new(format!("UID SEARCH UID {set}")), |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend_from_slice(uids);
            }
        })
        .await?;
        found.retain(|uid| *uid > 0);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The UIDs there are among these, ascending, from a server whose SEARCH may know fewer messages than it
    /// should: where it finds fewer than it counts it is asked in another way too, because what is not listed
    /// counts as deleted. `whole` says that the set covers the mailbox.
    pub(crate) async fn list(&mut self, set: &str, whole: bool) -> Result<Vec<u32>, ImapError> {
        let mut found = self.search(set).await?;
        let counted = self.counted();
        let expected = if whole { counted } else { counted.min(1) };
        if found.len() >= expected {
            return Ok(found);
        }
        self.run(Command::new(format!("UID FETCH {set} (UID)")), |response| {
            found.extend(Fetched::read(response).and_then(|fetched| fetched.uid));
        })
        .await?;
        found.sort_unstable();
        found.dedup();
        if whole && found.is_empty() && self.counted() > 0 {
            return Err(ImapError::Lost(
                "the server counts messages in the mailbox and lists none".into(),
            ));
        }
        Ok(found)
    }

    fn counted(&self) -> usize {
        self.selected.as_ref().map_or(0, |selected| selected.view.exists as usize)
    }

    /// What tells the state of a message that is known already.
    pub(crate) fn state_items(&self) -> String {
        format!("UID FLAGS{}", if self.caps.gmail { gmail::STATE_ITEMS } else { "" })
    }

    /// Asks for a sign of life.
    pub(crate) async fn noop(&mut self) -> Result<(), ImapError> {
        self.run(Command::new("NOOP"), |_| {}).await.map(|_| ())
    }
}

impl Selected {
    /// Whether the mailbox keeps this keyword (RFC 3501 section 7.1, PERMANENTFLAGS).
    pub(crate) fn keeps(&self, keyword: &str) -> bool {
        self.permanent.as_ref().is_none_or(|kept| {
            kept.iter().any(|word| word == "\\*" || word.eq_ignore_ascii_case(keyword))
        })
    }

    /// Keeps the view true.
    pub(crate) fn note(&mut self, response: &Response<'_>) {
        note_keywords(&mut self.keywords, response);
        gmail::note(&mut self.labels, response);
        match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => {
                self.news.grown |= *count > self.view.exists;
                self.news.any |= *count != self.view.exists;
                self.view.exists = *count;
            }
            Response::Expunge(_) => {
                self.news.any = true;
                self.view.exists = self.view.exists.saturating_sub(1);
            }
            Response::Vanished { earlier: false, uids } => {
                self.news.any = true;
                for (low, high) in uids.iter().filter_map(ordered) {
                    self.view.exists =
                        self.view.exists.saturating_sub((high - low).saturating_add(1));
                    self.news.vanished.push((low, high));
                }
            }
            Response::Fetch(..) => {
                self.news.any = true;
                self.news.flags.extend(unasked_flags(response));
            }
            _ => {}
        }
    }
}

/// Keeps the keywords true; a message that has none needs no entry.
fn note_keywords(known: &mut HashMap<u32, Vec<String>>, response: &Response<'_>) {
    match keywords(response) {
        Some((uid, words)) if words.is_empty() => {
            known.remove(&uid);
        }
        Some((uid, words)) => {
            known.insert(uid, words);
        }
        None => {}
    }
}

fn note_permanent(permanent: &mut Option<Vec<String>>, response: &Response<'_>) {
    if let Response::Data { outcome, .. } = response
        && let Some(ResponseCode::PermanentFlags(words)) = &outcome.code
    {
        *permanent = Some(words.iter().map(|word| word.to_string()).collect());
    }
}

/// Reads one answer to SELECT.
fn note_view(view: &mut View, response: &Response<'_>) {
    match response {
        Response::MailboxData(MailboxDatum::Exists(count)) => view.exists = *count,
        Response::Data { outcome, .. } => match outcome.code {
            Some(ResponseCode::UidValidity(number)) => view.uid_validity = number,
            Some(ResponseCode::UidNext(number)) => view.uid_next = number,
            Some(ResponseCode::HighestModSeq(number)) if number > 0 => view.modseq = Some(number),
            _ => {}
        },
        _ => {}
    }
}
