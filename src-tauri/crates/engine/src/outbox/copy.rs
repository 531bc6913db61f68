//! The copy of a sent message among its provider's sent ones: seen there, or put there, never twice.
//!
//! Invariant: it is looked for by its Message-ID right before it is made, also after a crash between making
//! it and writing that down. Whether a provider makes the copy by itself is learnt from the first message; one that
//! makes it later than that is found out by [`super::recheck`].

use deskbell_domain::message::Flags;
use deskbell_domain::port::{CopyName, CopySink};
use deskbell_domain::time::{MINUTE, SECOND};
use deskbell_domain::{AccountId, MailboxRole, Millis, OutgoingId, ProviderError};
use deskbell_store::sync::{self, own_copy, transit};
use deskbell_store::table::account::{Account, set_saves_sent};
use deskbell_store::table::{outgoing, scope};
use deskbell_store::{Connection, StoreError};

use super::recheck;
use super::route::Transmitter;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;

/// How long a server of which nothing is known is given to make the copy by itself.
const LEARN: Millis = 5 * SECOND;
/// First and longest pause after a failure.
const PAUSES: (Millis, Millis) = (5 * SECOND, 10 * MINUTE);
/// A provider that refuses so often never takes it.
const REFUSALS: u32 = 8;

/// When to make or look for the copy of a message taken over just now; `None` where none is to be made.
pub(super) async fn when(
    core: &Core,
    account: &Account,
    way: &Transmitter,
    now: Millis,
) -> Option<Millis> {
    if way.via.is_some() {
        // What another account sends is saved there, if anywhere.
        return Some(now);
    }
    way.provider.copies()?;
    // It may have been learnt since the account was read.
    let learnt = core.account(account.id).await.map_or(account.saves_sent, |row| row.saves_sent);
    match way.provider.sink().and_then(|sink| sink.saves_sent()).or(learnt) {
        Some(true) => None,
        Some(false) => Some(now),
        None => Some(now + LEARN),
    }
}

/// Sees to the copy of one message.
pub(super) async fn copy(core: &Core, link: &Link, id: OutgoingId) -> Result<(), RoundError> {
    let row = match core.store.read(move |c: &Connection| outgoing::get(c, id)).await {
        Ok(row) if row.copy_wanted => row,
        Ok(_) | Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let account = core.account(link.account).await?;
    let provider = match link.provider(core).await {
        Ok(provider) => provider,
        Err(RoundError::Store(error)) => return Err(error.into()),
        Err(_) => return later(core, id, row.looks).await,
    };
    let Some(copies) = provider.copies() else {
        return Ok(core.write(move |w| transit::no_copy(w, id)).await?);
    };
    let said = provider.sink().and_then(|sink| sink.saves_sent());
    let known = said.or(account.saves_sent);
    let (packer, message) = (core.store.packer(), row.message);
    let source = core.store.read(move |c: &Connection| sync::source(c, &packer, message)).await?;
    let Some(source) = source else {
        return Ok(core.write(move |w| transit::no_copy(w, id)).await?);
    };
    let date = row.left_at.unwrap_or_else(|| core.now());
    // A second look may find what the first one made: only the first tells.
    let learns = known.is_none() && row.via.is_none() && row.looks == 0;
    let there = copies.copies(MailboxRole::Sent, &row.token).await.map(|there| !there.is_empty());
    let outcome = match there {
        Ok(false) => {
            if learns {
                // Written down before it is made: after a crash in between, the next look is no first one.
                let now = core.now();
                core.write(move |w| transit::copy_later(w, id, now)).await?;
            }
            let flags = Flags { seen: true, ..Flags::default() };
            copies.keep(MailboxRole::Sent, &source, flags, date).await.map(Some)
        }
        Ok(true) => Ok(None),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(made) => {
            let learnt = learns.then_some(made.is_none());
            // What another account sends is saved there, if anywhere; and a server whose ways are known has no others.
            let name = match made {
                Some(name) if said.is_none() && row.via.is_none() => {
                    named(copies, name, &row.token).await
                }
                _ => None,
            };
            let (own, tries, look_at) = (account.id, row.looks, recheck::first(core.now()));
            core.write(move |w| {
                if let Some(saves) = learnt {
                    set_saves_sent(w, own, saves)?;
                }
                match &name {
                    Some(name) => own_copy::made(w, own, id, name, tries, look_at),
                    None => transit::kept(w, id),
                }
            })
            .await?;
            Ok(hint_sent(core, own).await?)
        }
        Err(ProviderError::Rejected { code, .. }) if row.looks >= REFUSALS => {
            tracing::warn!(account = %account.id, code, "no copy of a sent message is taken");
            Ok(core.write(move |w| transit::no_copy(w, id)).await?)
        }
        Err(error) => {
            tracing::debug!(account = %account.id, %error, "the copy of a sent message waits");
            later(core, id, row.looks).await
        }
    }
}

/// The name of the copy made just now: as the server gave it, else that of the only one there is, as there was none
/// before.
async fn named(copies: &dyn CopySink, given: Option<CopyName>, token: &str) -> Option<CopyName> {
    if given.is_some() {
        return given;
    }
    let mut there = copies.copies(MailboxRole::Sent, token).await.ok()?;
    there.pop().filter(|_| there.is_empty())
}

async fn later(core: &Core, id: OutgoingId, before: u32) -> Result<(), RoundError> {
    let (first, longest) = PAUSES;
    let pause = first.saturating_mul(1 << before.min(10)).min(longest);
    let at = core.now() + pause;
    Ok(core.write(move |w| transit::copy_later(w, id, at)).await?)
}

/// Has the sync look at the sent messages.
pub(super) async fn hint_sent(core: &Core, account: AccountId) -> Result<(), StoreError> {
    let scopes = core.store.read(move |c: &Connection| scope::list(c, account)).await?;
    let sent: Vec<String> = scopes
        .into_iter()
        .filter(|scope| scope.remote.role == MailboxRole::Sent)
        .map(|scope| scope.remote.key)
        .collect();
    if !sent.is_empty() {
        core.link(account).wakes.hint(sent);
    }
    Ok(())
}
