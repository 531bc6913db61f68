//! One message: built, handed to its provider, and what became of it written down.
//!
//! Invariant: the last instant at which nothing has left is written down, durably, before the sink goes past
//! it; whatever happens then is written down as accepted, refused or unknown, never as unsent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::outgoing::{OutgoingFile, OutgoingMessage, OutgoingState, SendOutcome};
use deskbell_domain::port::{Departure, MessageSink, Parting};
use deskbell_domain::time::DAY;
use deskbell_domain::{AccountId, AccountState, Millis, OutgoingId};
use deskbell_store::sync::transit::{self, Leaving};
use deskbell_store::sync::{fate, in_vain};
use deskbell_store::table::account::{Account, set_state};
use deskbell_store::table::outgoing::{self, Outgoing};
use deskbell_store::{Connection, Origin, Packer, StoreError, Write};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::copy::{self, hint_sent};
use super::find::FIRST_LOOK;
use super::follow;
use super::route::{Route, Transmitter, route};
use crate::backoff::{later_pause, send_pause};
use crate::breaker::Operation;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;
use crate::{compose, ingest};

/// The longest a provider is believed that wants a message later.
pub(super) const LONGEST_PAUSE: Millis = DAY;
/// After so long, see [`in_vain`], and so many tries, a message is not tried any more by itself (RFC 5321 section 4.5.4.1: at least
/// four to five days).
pub(super) const GIVE_UP: (Millis, u32) = (5 * DAY, 8);
/// What is known must be written down; a store that cannot is asked again this often.
const WRITE_PAUSE: Duration = Duration::from_secs(1);

/// What became of a job.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// What there was to write down is written down.
    Settled,
    /// Nothing can be sent before this instant.
    Blocked(Millis),
}

/// Sends one message, if it still waits.
pub(super) async fn send(
    core: &Core,
    link: &Link,
    token: &CancellationToken,
    id: OutgoingId,
) -> Result<Sent, RoundError> {
    let account = core.account(link.account).await?;
    let now = core.now();
    let way = match route(core, &account, now).await? {
        Route::Go(way) => way,
        Route::Wait(until) => return Ok(Sent::Blocked(until)),
        Route::Nobody => {
            let words = "no account can send this message: enter an outgoing mail server in the account's settings";
            settle(core, token, move |w| transit::rejected(w, id, "no_sender", words, &[])).await?;
            return Ok(Sent::Settled);
        }
    };
    let Some(sink) = way.provider.sink() else { return Ok(Sent::Settled) };
    let (row, mail, leaving) = match prepare(core, &account, id, way.via, now).await? {
        Prepared::Ready(ready) => *ready,
        Prepared::Gone => return Ok(Sent::Settled),
        Prepared::Impossible(Unbuilt { code, words }) => {
            settle(core, token, move |w| transit::rejected(w, id, code, &words, &[])).await?;
            return Ok(Sent::Settled);
        }
    };
    let gate = Gate {
        core,
        leaving: Arc::new(leaving),
        departed: AtomicBool::new(false),
        held: AtomicBool::new(false),
    };
    let outcome = transmit(sink, &mail, &gate).await;
    drop(mail);
    if gate.held.load(Ordering::SeqCst) {
        // A person took it back, or the store could not write: nothing left, and nothing is to be said.
        return Ok(Sent::Settled);
    }
    take_over(core, token, &account, &way, &row, outcome).await
}

/// What a message is before it is sent.
enum Prepared {
    Ready(Box<(Outgoing, OutgoingMessage, Leaving)>),
    /// It no longer waits.
    Gone,
    /// It cannot be built; why.
    Impossible(Unbuilt),
}

/// Why a message cannot be built.
pub(super) struct Unbuilt {
    /// `file` where the bytes of a file are lost, which its writer can attach again; else `message`.
    code: &'static str,
    /// In plain words.
    words: String,
}

impl Unbuilt {
    fn message(words: String) -> Self {
        Self { code: "message", words }
    }
}

/// Reads a message with its files and builds its source, on a thread that may block.
async fn prepare(
    core: &Core,
    account: &Account,
    id: OutgoingId,
    via: Option<AccountId>,
    date: Millis,
) -> Result<Prepared, RoundError> {
    let (store, account) = (core.store.clone(), account.clone());
    let work = move || -> Result<Prepared, StoreError> {
        let read = |c: &Connection| Ok((outgoing::get(c, id)?, outgoing::files(c, id)?));
        let (row, files) = match store.read_now(read) {
            Ok(read) => read,
            Err(StoreError::NotFound(_)) => return Ok(Prepared::Gone),
            Err(error) => return Err(error),
        };
        if row.state != OutgoingState::Queued {
            return Ok(Prepared::Gone);
        }
        let packer = store.packer();
        let mail = match built(&packer, &row, files, &account, date) {
            Ok(mail) => mail,
            Err(unbuilt) => return Ok(Prepared::Impossible(unbuilt)),
        };
        let parsed = match ingest::body(mail.source.clone()) {
            Ok(parsed) => parsed,
            Err(reason) => return Ok(Prepared::Impossible(Unbuilt::message(reason))),
        };
        let leaving = Leaving {
            id,
            revision: row.revision,
            via,
            date,
            packed: packer.pack(&mail.source, &parsed.text)?,
            source: mail.source.clone(),
            text: parsed.text,
            files: parsed.attachments,
        };
        Ok(Prepared::Ready(Box::new((row, mail, leaving))))
    };
    let prepared = tokio::task::spawn_blocking(work).await;
    Ok(prepared.map_err(|_| RoundError::Internal("building a message"))??)
}

/// A message with the bytes of its files; or why it cannot be built.
pub(super) fn built(
    packer: &Packer,
    row: &Outgoing,
    files: Vec<OutgoingFile>,
    account: &Account,
    date: Millis,
) -> Result<OutgoingMessage, Unbuilt> {
    let mut loaded = Vec::with_capacity(files.len());
    for file in files {
        match packer.file(&file.blob) {
            Ok(bytes) => loaded.push((file, Bytes::from(bytes))),
            Err(error) => {
                let why = match error {
                    // It is no stored message that is lost.
                    StoreError::Body(why) => why,
                    other => other.to_string(),
                };
                let name = &file.name;
                let words = format!("the file “{name}” cannot be read: {why}; attach it again");
                return Err(Unbuilt { code: "file", words });
            }
        }
    }
    compose::build(row, &loaded, account, date).map_err(|error| Unbuilt::message(error.to_string()))
}

/// The last instant at which nothing has left.
struct Gate<'a> {
    core: &'a Core,
    leaving: Arc<Leaving>,
    departed: AtomicBool,
    /// It must not leave.
    held: AtomicBool,
}

#[async_trait]
impl Departure for Gate<'_> {
    async fn departs_with(&self, known: &Parting) -> Result<(), String> {
        if self.departed.load(Ordering::SeqCst) {
            return Ok(());
        }
        let (leaving, known) = (Arc::clone(&self.leaving), known.clone());
        let job = move |w: &mut Write<'_>| transit::departs(w, &leaving, &known);
        match self.core.store.write_durably(Origin::Sync, self.core.now(), job).await {
            Ok(()) => {
                self.departed.store(true, Ordering::SeqCst);
                Ok(())
            }
            Err(error) => {
                self.held.store(true, Ordering::SeqCst);
                Err(error.to_string())
            }
        }
    }
}

/// Lets the sink send, and holds it to what it must keep: nothing is unknown that never departed, and
/// nothing is accepted that did not.
async fn transmit(sink: &dyn MessageSink, mail: &OutgoingMessage, gate: &Gate<'_>) -> SendOutcome {
    match sink.send(mail, gate).await {
        SendOutcome::Unknown(message) if !gate.departed.load(Ordering::SeqCst) => {
            SendOutcome::Retry { after: None, message }
        }
        taken @ (SendOutcome::Accepted { .. } | SendOutcome::Partly { .. }) => {
            match gate.departs().await {
                Ok(()) => taken,
                Err(message) => {
                    gate.held.store(false, Ordering::SeqCst);
                    SendOutcome::Unknown(message)
                }
            }
        }
        other => other,
    }
}

/// Writes down what became of a message, and what that says of the account that transmitted it.
async fn take_over(
    core: &Core,
    token: &CancellationToken,
    account: &Account,
    way: &Transmitter,
    row: &Outgoing,
    outcome: SendOutcome,
) -> Result<Sent, RoundError> {
    let (id, now, link) = (row.id, core.now(), &way.link);
    match outcome {
        SendOutcome::Accepted { .. } | SendOutcome::Partly { .. } => {
            let (remote_id, refused, later) = match outcome {
                SendOutcome::Partly { remote_id, refused, later } => (remote_id, refused, later),
                SendOutcome::Accepted { remote_id, refused } => (remote_id, refused, Vec::new()),
                _ => return Ok(Sent::Settled),
            };
            link.breakers.succeeded(Operation::Send);
            link.trouble.answered();
            if way.via.is_none() && account.state == AccountState::SignInNeeded {
                // A new password works: the sync says so.
                link.wakes.full(false);
            }
            let copy_at = copy::when(core, account, way, now).await;
            let follow_at = follow::when(way, remote_id.as_deref(), now);
            let at = now + millis(later_pause(0));
            settle(core, token, move |w| {
                let name = remote_id.as_deref();
                if later.is_empty() {
                    transit::accepted(w, id, name, &refused, copy_at)?;
                } else {
                    transit::partly(w, id, name, &refused, &later, at, copy_at)?;
                }
                follow_at.map_or(Ok(()), |at| fate::follow(w, id, at))
            })
            .await?;
            hint_sent(core, account.id).await?;
        }
        SendOutcome::Rejected { code, message, refused } => {
            link.breakers.succeeded(Operation::Send);
            link.trouble.answered();
            settle(core, token, move |w| transit::rejected(w, id, &code, &message, &refused))
                .await?;
        }
        SendOutcome::Retry { after, message } => {
            let pause = match after {
                Some(after) => {
                    link.trouble.put_off(now, after);
                    link.breakers.succeeded(Operation::Send);
                    after
                }
                None => {
                    link.trouble.failed(now);
                    link.breakers.failed(Operation::Send, now);
                    send_pause(row.attempts)
                }
            };
            try_later(core, token, row, pause, message).await?;
        }
        SendOutcome::Later { message } => {
            // The provider is well and answers: nothing rests, and no other account is to send for this one.
            let pause = later_pause(row.attempts);
            link.breakers.succeeded(Operation::Send);
            link.trouble.put_off(now, pause);
            try_later(core, token, row, pause, message).await?;
        }
        SendOutcome::SignIn(words) => {
            let told = words.clone();
            settle(core, token, move |w| transit::put_off(w, id, 0, Some("sign_in"), &told))
                .await?;
            sign_in_refused(core, link, &words).await?;
        }
        SendOutcome::Unknown(words) => {
            link.trouble.failed(now);
            link.breakers.failed(Operation::Send, now);
            settle(core, token, move |w| transit::unknown(w, id, now + FIRST_LOOK, &words)).await?;
        }
    }
    Ok(Sent::Settled)
}

/// Tries a message again after a pause, or no more where it was tried for long enough.
async fn try_later(
    core: &Core,
    token: &CancellationToken,
    row: &Outgoing,
    pause: Duration,
    message: String,
) -> Result<(), StoreError> {
    let (id, now) = (row.id, core.now());
    let (long, often) = GIVE_UP;
    if now - in_vain::since(row, now) >= long && row.attempts >= often {
        let words = format!(
            "it was not taken for five days and is not tried any more; send it again, or reach the recipient in \
             another way. Last it was said: {message}"
        );
        return settle(core, token, move |w| transit::rejected(w, id, "expired", &words, &[]))
            .await;
    }
    let at = now + millis(pause);
    settle(core, token, move |w| transit::put_off(w, id, at, None, &message)).await
}

/// A pause as it is written down.
pub(super) fn millis(pause: Duration) -> Millis {
    Millis::try_from(pause.as_millis()).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE)
}

/// Nothing is sent by an account whose sign-in was refused until a person does something about it.
pub(super) async fn sign_in_refused(
    core: &Core,
    link: &Link,
    words: &str,
) -> Result<(), StoreError> {
    let told = format!("Sending: the sign-in was refused: {words}. Enter the password again.");
    link.trouble.refuse(told.clone(), core.now());
    link.close().await;
    let id = link.account;
    core.write(move |w| set_state(w, id, AccountState::SignInNeeded, Some(&told))).await
}

/// Writes down what is known, however often the store has to be asked: forgotten, it would have to be
/// looked for.
pub(super) async fn settle<F>(
    core: &Core,
    token: &CancellationToken,
    job: F,
) -> Result<(), StoreError>
where
    F: Fn(&mut Write<'_>) -> Result<(), StoreError> + Send + Sync + 'static,
{
    let job = Arc::new(job);
    loop {
        let once = Arc::clone(&job);
        match core.write(move |w| once(w)).await {
            // Erased with its account meanwhile.
            Ok(()) | Err(StoreError::NotFound(_)) => return Ok(()),
            Err(StoreError::DiskFull) if !token.is_cancelled() => sleep(WRITE_PAUSE).await,
            Err(error) => return Err(error),
        }
    }
}
