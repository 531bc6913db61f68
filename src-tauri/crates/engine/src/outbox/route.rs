//! Who transmits a message now: the account itself, its fallback, or nobody yet.
//!
//! Invariant: a fallback transmits only while the account itself cannot; the author stays who it is.

use std::sync::Arc;

use deskbell_domain::port::Provider;
use deskbell_domain::time::MINUTE;
use deskbell_domain::{AccountId, Millis, ProviderError};
use deskbell_store::queries::outgoing::departures;
use deskbell_store::sync::transit::NEVER;
use deskbell_store::table::account::Account;
use deskbell_store::{Connection, StoreError};

use crate::breaker::Operation;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;

/// Who transmits, or when to ask again.
pub(super) enum Route {
    /// This one does.
    Go(Transmitter),
    /// Nobody before this instant; [`NEVER`] until something changes.
    Wait(Millis),
    /// Nobody ever, as things are set up.
    Nobody,
}

/// An account that can transmit now, its provider open.
pub(super) struct Transmitter {
    pub(super) link: Arc<Link>,
    pub(super) provider: Arc<dyn Provider>,
    /// Set where it is another account than the message's own.
    pub(super) via: Option<AccountId>,
}

/// Why an account cannot transmit now.
enum Hindrance {
    /// It is not set up to.
    Unable,
    /// Its sign-in was refused.
    Refused,
    /// It is paused by a person.
    Paused,
    /// It failed repeatedly, and is tried again at an instant.
    Resting(Millis),
    /// It sent as much as it may, and goes on at an instant.
    Busy(Millis),
}

/// Finds who transmits a message of this account.
pub(super) async fn route(
    core: &Core,
    account: &Account,
    now: Millis,
) -> Result<Route, RoundError> {
    let own = core.link(account.id);
    let hindrance = match open(core, &own, account, now).await? {
        Ok(provider) => return Ok(Route::Go(Transmitter { link: own, provider, via: None })),
        Err(hindrance) => hindrance,
    };
    let failing_for = own.trouble.since().map_or(0, |since| (now - since).max(0));
    let (needed, again) = match hindrance {
        Hindrance::Unable => (true, NEVER),
        Hindrance::Resting(at) => (true, at),
        Hindrance::Refused => {
            let left = account.fallback_ms - failing_for;
            (left <= 0, if left > 0 && account.fallback.is_some() { now + left } else { NEVER })
        }
        Hindrance::Paused => (false, NEVER),
        Hindrance::Busy(at) => (failing_for > 0 && failing_for >= account.fallback_ms, at),
    };
    let unable = matches!(hindrance, Hindrance::Unable);
    let nobody = if unable { Route::Nobody } else { Route::Wait(again) };
    let Some(id) = account.fallback.filter(|_| needed) else { return Ok(nobody) };
    let other = match core.account(id).await {
        Ok(other) => other,
        Err(StoreError::NotFound(_)) => return Ok(nobody),
        Err(error) => return Err(error.into()),
    };
    let link = core.link(id);
    Ok(match open(core, &link, &other, now).await? {
        Ok(provider) => Route::Go(Transmitter { link, provider, via: Some(id) }),
        Err(Hindrance::Unable) => nobody,
        Err(Hindrance::Resting(at) | Hindrance::Busy(at)) => Route::Wait(again.min(at)),
        Err(Hindrance::Refused | Hindrance::Paused) => Route::Wait(again),
    })
}

/// Opens what sends for an account, if nothing speaks against it.
///
/// An open breaker lets one probe pass each cool-down, so this is asked only for a message that then goes.
async fn open(
    core: &Core,
    link: &Link,
    account: &Account,
    now: Millis,
) -> Result<Result<Arc<dyn Provider>, Hindrance>, RoundError> {
    if !account.sends {
        return Ok(Err(Hindrance::Unable));
    }
    if account.paused {
        return Ok(Err(Hindrance::Paused));
    }
    if link.trouble.refused().is_some() {
        return Ok(Err(Hindrance::Refused));
    }
    if let Some(at) = link.trouble.pause(now) {
        return Ok(Err(Hindrance::Busy(at)));
    }
    let provider = match link.provider(core).await {
        Ok(provider) => provider,
        Err(RoundError::Provider(ProviderError::Auth(words)) | RoundError::Secret(words)) => {
            super::send::sign_in_refused(core, link, &words).await?;
            return Ok(Err(Hindrance::Refused));
        }
        Err(error @ (RoundError::Provider(_) | RoundError::Internal(_))) => {
            tracing::warn!(account = %link.account, %error, "the provider did not open");
            link.trouble.failed(now);
            link.breakers.failed(Operation::Send, now);
            let at = link.breakers.pass(Operation::Send, now).err();
            return Ok(Err(Hindrance::Resting(at.unwrap_or(now + 1_000))));
        }
        Err(error) => return Err(error),
    };
    let Some(sink) = provider.sink() else { return Ok(Err(Hindrance::Unable)) };
    if let Err(at) = link.breakers.pass(Operation::Send, now) {
        return Ok(Err(Hindrance::Resting(at)));
    }
    if let Some(at) = take(core, link, account, sink.limits().per_minute, now).await? {
        return Ok(Err(Hindrance::Busy(at)));
    }
    Ok(Ok(provider))
}

/// Takes a place in this minute of an account, or says when one will be free. Its provider does not begin to count anew
/// when a process does.
pub(super) async fn take(
    core: &Core,
    link: &Link,
    account: &Account,
    usual: Option<u32>,
    now: Millis,
) -> Result<Option<Millis>, StoreError> {
    // What a person chose for the account is better known than what is usual there.
    let Some(per_minute) = account.per_minute.or(usual) else { return Ok(None) };
    if !link.trouble.counts() {
        let id = link.account;
        let left = core.store.read(move |c: &Connection| departures(c, id, now - MINUTE)).await?;
        link.trouble.left_before(left);
    }
    Ok(link.trouble.take(now, per_minute).err())
}
