//! A message that left for some of its recipients, sent again to the rest: the same source under the same
//! Message-ID, and an envelope with nobody who has it.
//!
//! Invariants: that it leaves for them is written down, durably, before it does; where the answer is lost it is not
//! sent to them again by itself. It goes the way it went first: another provider would write the envelope anew.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::outgoing::{OutgoingMessage, RefusedRecipient, SendOutcome};
use deskbell_domain::port::{Departure, Parting};
use deskbell_domain::time::MINUTE;
use deskbell_domain::{Millis, OutgoingId};
use deskbell_store::sync::{self, in_vain, rest as kept};
use deskbell_store::table::outgoing::{self, Outgoing};
use deskbell_store::{Connection, Origin, StoreError};
use tokio_util::sync::CancellationToken;

use super::route::take;
use super::send::{GIVE_UP, millis, settle, sign_in_refused};
use crate::backoff::{later_pause, send_pause};
use crate::breaker::Operation;
use crate::compose;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;

/// When it is looked again whether an account can send that cannot now.
const UNABLE: Millis = 5 * MINUTE;

/// Sends one message to the rest of its recipients.
pub(super) async fn rest(
    core: &Core,
    link: &Link,
    token: &CancellationToken,
    id: OutgoingId,
) -> Result<(), RoundError> {
    let row = match core.store.read(move |c: &Connection| outgoing::get(c, id)).await {
        Ok(row) if !row.rest.is_empty() => row,
        Ok(_) | Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let now = core.now();
    let way = core.link(row.via.unwrap_or(link.account));
    let waits = match way.breakers.pass(Operation::Send, now) {
        Err(at) => Some(at),
        Ok(()) => way.trouble.pause(now).or(way.trouble.refused().map(|_| now + UNABLE)),
    };
    let provider = match (waits, way.provider(core).await) {
        (None, Ok(provider)) => provider,
        (_, Err(RoundError::Store(StoreError::NotFound(_)))) => {
            let words = "the account that was sending it is no longer there";
            return Ok(over(core, token, &row, &[], Some(words)).await?);
        }
        (_, Err(RoundError::Store(error))) => return Err(error.into()),
        (waits, _) => {
            let at = waits.unwrap_or(now + UNABLE);
            return Ok(core.write(move |w| kept::later(w, id, at)).await?);
        }
    };
    let usual = provider.sink().and_then(|sink| sink.limits().per_minute);
    let transmitter = core.account(way.account).await?;
    if let Some(at) = take(core, &way, &transmitter, usual, now).await? {
        return Ok(core.write(move |w| kept::later(w, id, at)).await?);
    }
    let account = core.account(row.account).await?;
    let (packer, message) = (core.store.packer(), row.message);
    let source = core.store.read(move |c: &Connection| sync::source(c, &packer, message)).await?;
    let (Some(source), true) = (source, provider.sink().is_some()) else {
        let words = "it can no longer be sent from here";
        return Ok(over(core, token, &row, &[], Some(words)).await?);
    };
    let mail = OutgoingMessage {
        token: row.token.clone(),
        sender: compose::sender(&row.composition, &account),
        recipients: row.rest.iter().map(|one| one.address.clone()).collect(),
        source: Bytes::from(source),
        composition: row.composition.clone(),
        files: Vec::new(),
        date: row.left_at.unwrap_or(now),
        automatic: false,
    };
    let gate = Gate { core, id };
    let outcome = match provider.sink() {
        Some(sink) => sink.send(&mail, &gate).await,
        None => return Ok(()),
    };
    take_over(core, &way, token, &row, outcome).await
}

/// The last instant at which it has not left for the rest.
struct Gate<'a> {
    core: &'a Core,
    id: OutgoingId,
}

#[async_trait]
impl Departure for Gate<'_> {
    async fn departs_with(&self, _known: &Parting) -> Result<(), String> {
        let id = self.id;
        let written = self
            .core
            .store
            .write_durably(Origin::Sync, self.core.now(), move |w| kept::departs(w, id))
            .await;
        written.map_err(|error| error.to_string())
    }
}

/// Writes down what became of the rest.
async fn take_over(
    core: &Core,
    way: &Link,
    token: &CancellationToken,
    row: &Outgoing,
    outcome: SendOutcome,
) -> Result<(), RoundError> {
    let (id, now) = (row.id, core.now());
    let well = |way: &Link| {
        way.breakers.succeeded(Operation::Send);
        way.trouble.answered();
    };
    let failed = |way: &Link| {
        way.breakers.failed(Operation::Send, now);
        way.trouble.failed(now);
    };
    match outcome {
        SendOutcome::Accepted { refused, .. } => {
            well(way);
            settle(core, token, move |w| kept::settled(w, id, &refused, &[], 0)).await?;
        }
        SendOutcome::Partly { refused, later, .. } => {
            well(way);
            again(core, token, row, refused, later, later_pause(row.rest_attempts)).await?;
        }
        SendOutcome::Rejected { message, refused, .. } => {
            well(way);
            over(core, token, row, &refused, Some(&message)).await?;
        }
        SendOutcome::Later { .. } => {
            way.breakers.succeeded(Operation::Send);
            let pause = later_pause(row.rest_attempts);
            again(core, token, row, Vec::new(), row.rest.clone(), pause).await?;
        }
        SendOutcome::Retry { after, .. } => {
            let pause = match after {
                Some(after) => {
                    way.trouble.put_off(now, after);
                    after
                }
                // A connection that broke says nothing of those it was for.
                None => {
                    failed(way);
                    send_pause(row.rest_attempts)
                }
            };
            again(core, token, row, Vec::new(), row.rest.clone(), pause).await?;
        }
        SendOutcome::SignIn(words) => {
            core.write(move |w| kept::later(w, id, now + UNABLE)).await?;
            sign_in_refused(core, way, &words).await?;
        }
        SendOutcome::Unknown(_) => {
            failed(way);
            settle(core, token, move |w| kept::lost(w, id)).await?;
        }
    }
    Ok(())
}

/// Tries those that are left after a pause, or no more where they were tried for long enough.
async fn again(
    core: &Core,
    token: &CancellationToken,
    row: &Outgoing,
    refused: Vec<RefusedRecipient>,
    left: Vec<RefusedRecipient>,
    pause: Duration,
) -> Result<(), StoreError> {
    let (id, now) = (row.id, core.now());
    let (long, often) = GIVE_UP;
    let tired = now - in_vain::rest_since(row, now) >= long && row.rest_attempts >= often;
    if tired {
        let all: Vec<RefusedRecipient> = refused.into_iter().chain(left).collect();
        return settle(core, token, move |w| kept::settled(w, id, &all, &[], 0)).await;
    }
    let at = now + millis(pause);
    settle(core, token, move |w| kept::settled(w, id, &refused, &left, at)).await
}

/// None of the rest will get it; why, of each where it was said, or of all.
async fn over(
    core: &Core,
    token: &CancellationToken,
    row: &Outgoing,
    refused: &[RefusedRecipient],
    words: Option<&str>,
) -> Result<(), StoreError> {
    let why = |one: &RefusedRecipient| {
        let own = refused.iter().find(|other| other.address == one.address);
        let reason = own.map(|own| own.reason.clone()).or(words.map(str::to_owned));
        let reason = reason.unwrap_or_else(|| one.reason.clone());
        RefusedRecipient { address: one.address.clone(), reason }
    };
    let (id, all) = (row.id, row.rest.iter().map(why).collect::<Vec<_>>());
    settle(core, token, move |w| kept::settled(w, id, &all, &[], 0)).await
}
