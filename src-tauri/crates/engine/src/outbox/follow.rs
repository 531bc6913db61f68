//! What became of a message that left, asked of providers that can say: soon at first, then ever more rarely.
//!
//! Invariant: asked of young messages only, one at a time, and never while the provider wants to be left alone. An
//! answer that does not come counts for nothing; where a report comes back as a mail, nobody is asked.

use std::time::Duration;

use deskbell_domain::outgoing::{Fate, Progress, RefusedRecipient};
use deskbell_domain::time::{DAY, HOUR, MINUTE, SECOND};
use deskbell_domain::{Millis, OutgoingId, ProviderError};
use deskbell_store::sync::fate;
use deskbell_store::table::outgoing::{self, Outgoing};
use deskbell_store::{Connection, StoreError};

use super::route::Transmitter;
use super::send::millis;
use crate::breaker::Operation;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;

/// Pauses before each question.
const PAUSES: [Millis; 8] =
    [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, DAY];
/// Once it is delivered, only its coming back or a complaint is left to hear of: with these pauses, for so long.
const DELIVERED: (Millis, Millis) = (6 * HOUR, DAY);
const COMPLAINTS: Millis = 3 * DAY;
/// An older message is not asked about any more: a server has given up by then (RFC 5321 section 4.5.4.1).
const YOUNG: Millis = 5 * DAY;
/// A provider that does not answer is asked again after this.
const UNANSWERED: Millis = 5 * MINUTE;

/// When to ask first about a message taken over just now; `None` where there is nobody to ask.
pub(super) fn when(way: &Transmitter, remote_id: Option<&str>, now: Millis) -> Option<Millis> {
    let follows = way.provider.sink().is_some_and(|sink| sink.follows());
    PAUSES.first().filter(|_| follows && remote_id.is_some()).map(|pause| now + pause)
}

/// Asks about one message once.
pub(super) async fn follow(core: &Core, link: &Link, id: OutgoingId) -> Result<(), RoundError> {
    let row = match core.store.read(move |c: &Connection| outgoing::get(c, id)).await {
        Ok(row) if row.follow_next > 0 => row,
        Ok(_) | Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let now = core.now();
    let young = row.left_at.is_some_and(|left| now - left < YOUNG);
    let (true, Some(name)) = (young && row.state.is_gone(), row.remote_id.clone()) else {
        return over(core, id).await;
    };
    let there = core.link(row.via.unwrap_or(link.account));
    let rests = there.breakers.pass(Operation::Pull, now).err();
    let refused = there.trouble.refused().map(|_| now + HOUR);
    if let Some(at) = rests.or(there.trouble.pause(now)).or(refused) {
        return later(core, id, at).await;
    }
    let provider = match there.provider(core).await {
        Ok(provider) => provider,
        Err(RoundError::Store(StoreError::NotFound(_))) => return over(core, id).await,
        Err(RoundError::Store(error)) => return Err(error.into()),
        Err(_) => return later(core, id, now + UNANSWERED).await,
    };
    let Some(sink) = provider.sink().filter(|sink| sink.follows()) else {
        return over(core, id).await;
    };
    match sink.follow(&name, &reached(&row)).await {
        Ok(progress) => {
            there.breakers.succeeded(Operation::Pull);
            let age = row.left_at.map_or(0, |left| now - left);
            let next = next(row.follows, age, &progress).map(|pause| now + pause);
            Ok(core.write(move |w| fate::followed(w, id, &progress, next)).await?)
        }
        Err(error) => {
            tracing::debug!(account = %there.account, %error, "what became of a message is not known yet");
            there.breakers.failed(Operation::Pull, now);
            let pause = match error {
                ProviderError::RateLimited { after } => asked_for(after),
                _ => UNANSWERED,
            };
            later(core, id, now + pause).await
        }
    }
}

/// Who has got it, as far as its provider took them.
fn reached(row: &Outgoing) -> Vec<String> {
    let out = |list: &[RefusedRecipient], address: &str| {
        list.iter().any(|one| one.address.eq_ignore_ascii_case(address))
    };
    let everyone = row.composition.recipients().map(|person| person.address.clone());
    let gone = [&row.refused, &row.rest, &row.lost];
    everyone.filter(|one| !gone.iter().any(|list| out(list, one))).collect()
}

/// The pause before the next question, after an answer; `None` when there is none.
fn next(before: u32, age: Millis, progress: &Progress) -> Option<Millis> {
    if progress.over {
        return None;
    }
    if progress.told.iter().any(|told| told.fate == Fate::Delivered) {
        let pause = if age < HOUR { DELIVERED.0 } else { DELIVERED.1 };
        return Some(pause).filter(|pause| age + pause <= COMPLAINTS);
    }
    let step = usize::try_from(before).ok()?.saturating_add(1);
    PAUSES.get(step).copied()
}

/// What a provider wants, within reason.
fn asked_for(after: Option<Duration>) -> Millis {
    after.map_or(UNANSWERED, millis).clamp(MINUTE, DAY)
}

async fn later(core: &Core, id: OutgoingId, at: Millis) -> Result<(), RoundError> {
    Ok(core.write(move |w| fate::follow(w, id, at)).await?)
}

async fn over(core: &Core, id: OutgoingId) -> Result<(), RoundError> {
    Ok(core.write(move |w| fate::follow(w, id, 0)).await?)
}

#[cfg(test)]
mod tests {
    use deskbell_domain::outgoing::Told;

    use super::*;

    #[test]
    fn it_is_asked_ever_more_rarely_and_not_for_ever() {
        let quiet = Progress::default();
        let pauses: Vec<_> = (0..10).map_while(|before| next(before, 0, &quiet)).collect();
        assert_eq!(pauses, PAUSES[1..], "each pause once");
        assert!(pauses.is_sorted(), "ever more rarely");
        assert!(PAUSES.iter().sum::<Millis>() < YOUNG, "while it is young");
    }

    #[test]
    fn what_is_delivered_is_asked_about_rarely_and_what_is_over_not_at_all() {
        let told = Told { address: "mara@x".into(), fate: Fate::Delivered, reason: String::new() };
        let delivered = Progress { sent: true, told: vec![told], over: false };
        assert_eq!(next(0, 5 * SECOND, &delivered), Some(6 * HOUR), "a complaint may still come");
        assert_eq!(next(1, 6 * HOUR, &delivered), Some(DAY));
        assert_eq!(next(3, 54 * HOUR, &delivered), None, "but not for ever");
        let over = Progress { over: true, ..delivered };
        assert_eq!(next(0, 0, &over), None);
    }
}
