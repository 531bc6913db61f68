//! A mail server in memory: mailboxes of numbered copies, what other clients do to them, and the pages it
//! would tell a client of ours.

use std::collections::BTreeMap;

use deskbell_domain::MailboxRole;
use deskbell_domain::ingested::{IngestedChange, IngestedPage};
use deskbell_domain::message::Flags;
use deskbell_domain::sync::{Cursor, EditOutcome, RemoteKey, StateEdit};

use crate::support::{Letter, arrives, flagged, gone, key, letter};

/// The mailboxes a story needs; what a person does moves letters between these.
pub const ROLES: [MailboxRole; 5] = [
    MailboxRole::Inbox,
    MailboxRole::Archive,
    MailboxRole::Sent,
    MailboxRole::Trash,
    MailboxRole::Spam,
];
/// Letters that exist; they answer each other in three threads.
pub const LETTERS: usize = 9;

/// A letter by its number. Its parent may come later, or never.
pub fn written(number: usize) -> Letter {
    let id = |n: usize| format!("letter-{n}@x.example");
    let mut written = letter(&id(number), i64::try_from(number % 4).unwrap_or_default());
    if number >= 3 {
        written = written.answering(&id(number - 3));
    }
    if number == 8 {
        // It shows that two threads are one.
        written = written.answering(&id(0));
    }
    written
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copy {
    pub letter: usize,
    pub flags: Flags,
    /// Carries the one keyword there is.
    pub labelled: bool,
}

/// The one keyword there is.
pub const KEYWORD: &str = "VIP";

#[derive(Debug, Default)]
struct Mailbox {
    copies: BTreeMap<u32, Copy>,
    next: u32,
    /// What our client has not been told yet.
    untold: Vec<Untold>,
}

#[derive(Debug)]
enum Untold {
    New(u32),
    Flags(u32),
    Gone(u32),
    Renumbered,
    /// What was told got lost on the way: only a listing helps.
    Lost,
}

/// How a mailbox is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// Only what changed since.
    Changes,
    /// All of it, one copy after another.
    Listing,
    /// What is new, then a window with everything that is still there.
    Window,
}

/// The server.
#[derive(Debug)]
pub struct Remote {
    mailboxes: BTreeMap<&'static str, Mailbox>,
}

impl Remote {
    pub fn new() -> Self {
        let mailbox = || Mailbox { next: 1, ..Mailbox::default() };
        Self { mailboxes: ROLES.iter().map(|role| (role.as_str(), mailbox())).collect() }
    }

    fn mailbox(&mut self, role: MailboxRole) -> &mut Mailbox {
        self.mailboxes.get_mut(role.as_str()).expect("there is such a mailbox")
    }

    pub fn deliver(&mut self, role: MailboxRole, letter: usize) {
        let flags = Flags { seen: role == MailboxRole::Sent, ..Flags::default() };
        self.add(role, Copy { letter, flags, labelled: false });
    }

    fn add(&mut self, role: MailboxRole, copy: Copy) -> u32 {
        let mailbox = self.mailbox(role);
        let number = mailbox.next;
        mailbox.next += 1;
        mailbox.copies.insert(number, copy);
        mailbox.untold.push(Untold::New(number));
        number
    }

    /// One of the copies there are, chosen by a number.
    pub fn pick(&self, choice: usize) -> Option<(MailboxRole, u32)> {
        let all: Vec<(MailboxRole, u32)> = ROLES
            .into_iter()
            .flat_map(|role| {
                let copies = self.mailboxes.get(role.as_str()).into_iter();
                copies.flat_map(|m| m.copies.keys().copied()).map(move |number| (role, number))
            })
            .collect();
        (!all.is_empty()).then(|| all[choice % all.len()])
    }

    pub fn flag(&mut self, role: MailboxRole, number: u32, change: impl Fn(&mut Flags)) {
        let mailbox = self.mailbox(role);
        if let Some(copy) = mailbox.copies.get_mut(&number) {
            change(&mut copy.flags);
            mailbox.untold.push(Untold::Flags(number));
        }
    }

    pub fn label(&mut self, role: MailboxRole, number: u32, value: bool) {
        let mailbox = self.mailbox(role);
        if let Some(copy) = mailbox.copies.get_mut(&number) {
            copy.labelled = value;
            mailbox.untold.push(Untold::Flags(number));
        }
    }

    pub fn expunge(&mut self, role: MailboxRole, number: u32) -> Option<Copy> {
        let mailbox = self.mailbox(role);
        let copy = mailbox.copies.remove(&number)?;
        mailbox.untold.push(Untold::Gone(number));
        Some(copy)
    }

    pub fn shift(&mut self, role: MailboxRole, number: u32, to: MailboxRole) -> Option<u32> {
        let copy = self.expunge(role, number)?;
        Some(self.add(to, copy))
    }

    /// All numbers of a mailbox become invalid; its copies get new ones in an order of the server's own.
    pub fn renumber(&mut self, role: MailboxRole) {
        let mailbox = self.mailbox(role);
        let copies: Vec<Copy> = std::mem::take(&mut mailbox.copies).into_values().rev().collect();
        mailbox.next = 1;
        for copy in copies {
            mailbox.copies.insert(mailbox.next, copy);
            mailbox.next += 1;
        }
        mailbox.untold = vec![Untold::Renumbered];
    }

    /// Carries out an edit on the copies with these numbers, as far as they are still there.
    pub fn carry_out(
        &mut self,
        role: MailboxRole,
        numbers: &[u32],
        edit: &StateEdit,
        says_where: bool,
    ) -> Vec<EditOutcome> {
        let mut outcomes = Vec::new();
        for number in numbers {
            if !self.mailbox(role).copies.contains_key(number) {
                continue;
            }
            let mut moved_to = None;
            match edit {
                StateEdit::Seen { value } => self.flag(role, *number, |f| f.seen = *value),
                StateEdit::Starred { value } => self.flag(role, *number, |f| f.starred = *value),
                StateEdit::Answered { value } => self.flag(role, *number, |f| f.answered = *value),
                StateEdit::Label { value, .. } => self.label(role, *number, *value),
                StateEdit::Move { to } => {
                    let there = self.shift(role, *number, *to);
                    let known = there.filter(|_| says_where);
                    moved_to = known.map(|number| (to.as_str().to_owned(), key(number)));
                }
                StateEdit::Erase => {
                    self.expunge(role, *number);
                }
            }
            outcomes.push(EditOutcome { key: key(*number), moved_to });
        }
        outcomes
    }

    /// The pages that bring our client up to date with a mailbox; `bodies` says whether whole letters come.
    pub fn tell(&mut self, role: MailboxRole, telling: Telling, bodies: bool) -> Vec<IngestedPage> {
        let mailbox = self.mailbox(role);
        let untold = std::mem::take(&mut mailbox.untold);
        let renumbered = untold.iter().any(|news| matches!(news, Untold::Renumbered));
        let arrival = |number: u32, copy: &Copy| {
            let mut written = written(copy.letter);
            written.flags = copy.flags;
            written.body = bodies;
            arrives(number, &written)
        };
        let all = mailbox.copies.iter().rev().map(|(number, copy)| arrival(*number, copy));
        let labelled: Vec<_> =
            mailbox.copies.iter().filter(|(_, copy)| copy.labelled).map(|(n, _)| key(*n)).collect();
        let mut changes = Vec::new();
        if renumbered {
            changes.push(IngestedChange::Renumbered);
        }
        let lost = untold.iter().any(|news| matches!(news, Untold::Lost));
        if renumbered || lost || telling == Telling::Listing {
            changes.push(IngestedChange::ListingBegan);
            changes.extend(all);
            changes.push(IngestedChange::ListingEnded);
            return pages(changes, &labelled);
        }
        for news in &untold {
            match news {
                Untold::New(number) => {
                    changes.extend(mailbox.copies.get(number).map(|copy| arrival(*number, copy)));
                }
                Untold::Flags(number) if telling == Telling::Changes => {
                    let copy = mailbox.copies.get(number);
                    changes.extend(copy.map(|copy| flagged(*number, copy.flags)));
                }
                Untold::Gone(number) if telling == Telling::Changes => changes.push(gone(*number)),
                Untold::Flags(_) | Untold::Gone(_) | Untold::Renumbered | Untold::Lost => {}
            }
        }
        if telling == Telling::Window {
            let present =
                mailbox.copies.iter().map(|(number, copy)| (key(*number), Some(copy.flags)));
            let (low, high) = (key(1), key(mailbox.next));
            changes.push(IngestedChange::Present { low, high, present: present.collect() });
        }
        pages(changes, &labelled)
    }

    /// Of these pages, some got lost on the way.
    pub fn cut_off(&mut self, role: MailboxRole, pages: &[IngestedPage]) {
        let first = pages.first().and_then(|page| page.changes.first());
        let renumbered = matches!(first, Some(IngestedChange::Renumbered));
        let again = if renumbered { Untold::Renumbered } else { Untold::Lost };
        self.mailbox(role).untold.push(again);
    }

    /// Where every copy lies, in the form [`crate::interleavings`] reads it from the store.
    pub fn copies(&self) -> Vec<(String, String, String, i64, bool)> {
        let mut all: Vec<_> = self
            .mailboxes
            .iter()
            .flat_map(|(role, mailbox)| {
                mailbox.copies.iter().map(|(number, copy)| {
                    let id = written(copy.letter).id;
                    ((*role).to_owned(), key(*number).0, id, copy.flags.bits(), copy.labelled)
                })
            })
            .collect();
        all.sort();
        all
    }
}

/// Cuts what is told into pages of a few changes, as a connection would.
///
/// Each tells the keywords of the copies whose flags it tells.
fn pages(changes: Vec<IngestedChange>, labelled: &[RemoteKey]) -> Vec<IngestedPage> {
    let mut pages = vec![IngestedPage::default()];
    for change in changes {
        if pages.last().is_some_and(|page| page.changes.len() == 3) {
            pages.push(IngestedPage::default());
        }
        if let Some(page) = pages.last_mut() {
            page.changes.push(change);
        }
    }
    for page in &mut pages {
        page.cursor = Some(Cursor("told".into()));
        let told: Vec<RemoteKey> = page.changes.iter().flat_map(tells_flags).collect();
        for key in told.into_iter().filter(|key| labelled.contains(key)) {
            page.changes.push(IngestedChange::Keywords { key, keywords: vec![KEYWORD.into()] });
        }
    }
    pages
}

/// The copies whose flags a change tells.
fn tells_flags(change: &IngestedChange) -> Vec<RemoteKey> {
    match change {
        IngestedChange::Message(message) => vec![message.key.clone()],
        IngestedChange::Flags { key, .. } => vec![key.clone()],
        IngestedChange::Present { present, .. } => present
            .iter()
            .filter(|(_, flags)| flags.is_some())
            .map(|(key, _)| key.clone())
            .collect(),
        _ => Vec::new(),
    }
}
