//! Waiting for news: IDLE on INBOX, STATUS for the rest.
//!
//! Owns what was last seen of each mailbox. Invariant: a change between the last pull and the start of the
//! wait is news too; a mailbox is never asked for its STATUS while it is selected (RFC 3501 section 6.3.10).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_imap::imap_proto::{MailboxDatum, Response, StatusAttribute};
use deskbell_domain::MailboxRole;
use deskbell_domain::sync::RemoteScope;
use tokio::time::{Instant, timeout};

use super::error::ImapError;
use super::pace::{Pace, SLEEP_GAP, STATUS_AT_ONCE};
use super::session::{Session, View};
use super::wire::Command;
use crate::attention::Attention;

/// Counts of a mailbox, as far as they were told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    uid_validity: Option<u32>,
    uid_next: Option<u32>,
    messages: Option<u32>,
    modseq: Option<u64>,
    unseen: Option<u32>,
}

impl Counts {
    fn of(view: &View) -> Self {
        Self {
            uid_validity: Some(view.uid_validity),
            uid_next: Some(view.uid_next),
            messages: Some(view.exists),
            modseq: view.modseq,
            unseen: None,
        }
    }

    /// Whether something is known to differ.
    fn differs(&self, now: &Self) -> bool {
        fn apart<T: PartialEq>(before: Option<T>, now: Option<T>) -> bool {
            matches!((before, now), (Some(before), Some(now)) if before != now)
        }
        apart(self.uid_validity, now.uid_validity)
            || apart(self.uid_next, now.uid_next)
            || apart(self.messages, now.messages)
            || apart(self.modseq, now.modseq)
            || apart(self.unseen, now.unseen)
    }

    /// What is known now, with what is not told now kept from before.
    fn updated(&self, now: &Self) -> Self {
        Self {
            uid_validity: now.uid_validity.or(self.uid_validity),
            uid_next: now.uid_next.or(self.uid_next),
            messages: now.messages.or(self.messages),
            modseq: now.modseq.or(self.modseq),
            unseen: now.unseen.or(self.unseen),
        }
    }
}

/// What was last seen of each mailbox, by its key.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<String, Counts>>);

impl Seen {
    /// A pull brought the mailbox up to this view.
    pub(crate) fn pulled(&self, key: &str, view: &View) {
        self.note(key, &Counts::of(view));
    }

    /// The numbering under which the mailbox was last pulled.
    pub(crate) fn uid_validity(&self, key: &str) -> Option<u32> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(key).and_then(|counts| counts.uid_validity)
    }

    /// Notes what is there now and tells whether it differs from what was seen before.
    fn note(&self, key: &str, now: &Counts) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = seen.entry(key.to_owned()).or_default();
        let news = before.differs(now);
        *before = before.updated(now);
        news
    }
}

/// Compares the clock that stops while the machine sleeps with the one that does not.
struct Wakefulness {
    steady: Instant,
    wall: SystemTime,
    clock: fn() -> SystemTime,
}

impl Wakefulness {
    fn start(clock: fn() -> SystemTime) -> Self {
        Self { steady: Instant::now(), wall: clock(), clock }
    }

    fn slept(&self) -> bool {
        let wall = (self.clock)().duration_since(self.wall).unwrap_or_default();
        overslept(wall, self.steady.elapsed())
    }
}

/// Whether the wall clock ran ahead further than clocks are set.
fn overslept(wall: Duration, steady: Duration) -> bool {
    wall.saturating_sub(steady) > SLEEP_GAP
}

/// How a wait ended.
pub(crate) enum News {
    /// These scopes may have changed.
    In(Vec<String>),
    /// The machine slept: anything may have changed, and the connection is stale.
    Slept,
}

/// When it is time to ask again.
struct Due<'a> {
    /// The end of the last question.
    asked: Instant,
    /// Counts are asked for; else the wait is only renewed.
    asks: bool,
    attention: &'a Attention,
    renewal: Duration,
}

impl Due<'_> {
    /// As it is now: attention comes and goes while it is waited for.
    fn at(&self) -> Instant {
        let pause = if self.asks { self.attention.pause() } else { self.renewal };
        self.asked + pause.min(self.renewal)
    }
}

/// Waits until one of the scopes may have changed.
pub(crate) async fn watch(
    session: &mut Session,
    scopes: &[RemoteScope],
    seen: &Seen,
    pace: &Pace,
    attention: &Attention,
) -> Result<News, ImapError> {
    let wakefulness = Wakefulness::start(pace.wall);
    let selectable = || scopes.iter().filter(|scope| scope.selectable);
    // Where All Mail is pulled in its stead, that is where mail arrives.
    let pile = selectable().find(|scope| scope.role == MailboxRole::All && session.caps.gmail);
    // It is selected whether or not there is IDLE: a server need not tell the counts of a selected mailbox by STATUS
    // (RFC 3501, section 6.3.10), but tells its news with the answer to any command.
    let inbox = selectable().find(|scope| scope.role == MailboxRole::Inbox).or(pile);
    let polled: Vec<&RemoteScope> =
        selectable().filter(|scope| inbox.is_none_or(|inbox| inbox.key != scope.key)).collect();
    let mut changed = Vec::new();
    if let Some(inbox) = inbox
        && session.selected.as_ref().is_none_or(|selected| selected.name != inbox.key)
    {
        let (view, _) = session.select(&inbox.key, None).await?;
        if seen.note(&inbox.key, &Counts::of(&view)) {
            changed.push(inbox.key.clone());
        }
    }
    loop {
        // News of INBOX may come with the answer to any command.
        if let Some(inbox) = inbox.filter(|_| heard_news(session)) {
            changed.push(inbox.key.clone());
        }
        if changed.is_empty() {
            changed.extend(poll(session, &polled, seen).await?);
            changed.extend(inbox.filter(|_| heard_news(session)).map(|inbox| inbox.key.clone()));
        }
        if !changed.is_empty() {
            changed.dedup();
            return Ok(News::In(changed));
        }
        let asks = !(polled.is_empty() && session.caps.idle);
        let due = Due { asked: Instant::now(), asks, attention, renewal: pace.idle_renewal };
        match inbox {
            Some(_) if session.caps.idle => idle(session, &due, &wakefulness, pace).await?,
            Some(_) => {
                nap(&due, &wakefulness, pace).await;
                session.noop().await?;
            }
            None => nap(&due, &wakefulness, pace).await,
        }
        if wakefulness.slept() {
            return Ok(News::Slept);
        }
    }
}

/// Asks for the counts of these mailboxes and returns those that changed.
async fn poll(
    session: &mut Session,
    scopes: &[&RemoteScope],
    seen: &Seen,
) -> Result<Vec<String>, ImapError> {
    let items = if session.caps.condstore {
        " (MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)"
    } else {
        " (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)"
    };
    let mut changed = Vec::new();
    for group in scopes.chunks(STATUS_AT_ONCE) {
        let mut tags = Vec::with_capacity(group.len());
        for scope in group {
            tags.push(
                session.wire.send(Command::new("STATUS ").argument(&scope.key).text(items)).await?,
            );
        }
        for (scope, tag) in group.iter().zip(tags) {
            let mut counts = Counts::default();
            let outcome = session
                .finish(&tag, |response| {
                    if let Response::MailboxData(MailboxDatum::Status { status, .. }) = response {
                        counts = read_status(status);
                    }
                })
                .await;
            match outcome {
                Ok(_) if seen.note(&scope.key, &counts) => changed.push(scope.key.clone()),
                // A mailbox that cannot be asked about now is the pull's to complain of.
                Ok(_) | Err(ImapError::No { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(changed)
}

fn read_status(attributes: &[StatusAttribute]) -> Counts {
    let mut counts = Counts::default();
    for attribute in attributes {
        match attribute {
            StatusAttribute::Messages(count) => counts.messages = Some(*count),
            StatusAttribute::UidNext(uid) => counts.uid_next = Some(*uid),
            StatusAttribute::UidValidity(number) => counts.uid_validity = Some(*number),
            StatusAttribute::Unseen(count) => counts.unseen = Some(*count),
            StatusAttribute::HighestModSeq(number) if *number > 0 => counts.modseq = Some(*number),
            _ => {}
        }
    }
    counts
}

/// What was heard while idle.
enum Heard {
    Invitation,
    End,
    Else,
}

/// One IDLE until it is time to ask, which news of the mailbox end at once.
async fn idle(
    session: &mut Session,
    due: &Due<'_>,
    wakefulness: &Wakefulness,
    pace: &Pace,
) -> Result<(), ImapError> {
    let tag = session.wire.send(Command::new("IDLE")).await?;
    let mut invited = false;
    session.wire.set_patience(due.renewal.saturating_add(pace.silence));
    while !session.selected.as_ref().is_some_and(|selected| selected.news.any) {
        // Listened for before the time is read, so that no attention comes unheard in between.
        let comes = due.attention.comes();
        let (now, end) = (Instant::now(), due.at());
        if now >= end || wakefulness.slept() {
            break;
        }
        let turn = pace.clock_check.min(end - now);
        let selected = &mut session.selected;
        let look = session.wire.read(|response| match response {
            Response::Continue(_) => Heard::Invitation,
            Response::Done { tag: done, .. } if done.0 == tag => Heard::End,
            other => {
                if let Some(selected) = selected {
                    selected.note(other);
                }
                Heard::Else
            }
        });
        let heard = tokio::select! {
            heard = timeout(turn, look) => heard,
            () = comes => continue,
        };
        let Ok(heard) = heard else { continue };
        match heard? {
            Heard::Invitation => invited = true,
            Heard::Else => {}
            Heard::End => {
                session.wire.reset_patience();
                // It offers IDLE and refuses it: it is asked from now on.
                session.caps.idle = invited;
                return Ok(());
            }
        }
    }
    session.wire.reset_patience();
    if wakefulness.slept() {
        return Ok(());
    }
    if !invited {
        session.wire.invitation(&tag).await?;
    }
    session.wire.send_line("DONE").await?;
    session.finish(&tag, |_| {}).await.map(|_| ())
}

/// Whether the server told anything of the selected mailbox since the last question.
fn heard_news(session: &mut Session) -> bool {
    session.selected.as_mut().is_some_and(|selected| std::mem::take(&mut selected.news).any)
}

/// Waits without a connection's help.
async fn nap(due: &Due<'_>, wakefulness: &Wakefulness, pace: &Pace) {
    loop {
        let comes = due.attention.comes();
        let (now, end) = (Instant::now(), due.at());
        if now >= end || wakefulness.slept() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep_until(end.min(now + pace.clock_check)) => {}
            () = comes => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_slept_is_told_from_a_clock_that_was_set() {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        assert!(overslept(minutes(90), minutes(5)), "the lid was closed");
        assert!(!overslept(minutes(5), minutes(5)));
        assert!(
            !overslept(minutes(5) + Duration::from_secs(2), minutes(5)),
            "a second of correction"
        );
        assert!(!overslept(minutes(1), minutes(5)), "the wall clock was set back");
    }

    #[test]
    fn only_a_known_difference_is_news() {
        let seen = Seen::default();
        let view = View { uid_validity: 1, uid_next: 10, exists: 9, modseq: None };
        seen.pulled("Work", &view);
        let status = Counts { unseen: Some(2), ..Counts::of(&view) };
        assert!(!seen.note("Work", &status), "UNSEEN is heard of for the first time");
        assert!(!seen.note("Work", &status), "nothing changed");
        assert!(
            seen.note("Work", &Counts { unseen: Some(1), ..status }),
            "somebody read a message"
        );
        assert!(!seen.note("Work", &Counts { unseen: Some(1), ..status }), "and it is told once");
        assert!(!seen.note("New", &status), "a mailbox never seen is the next full pull's");
    }
}
