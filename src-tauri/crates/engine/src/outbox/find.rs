//! Messages that may have left: looked for at the provider that was sending them.
//!
//! A provider that knows messages again by their own token is handed the same once more instead, which settles it.
//!
//! Invariant: only a provider that says "it would be here, and is not", several times over about a minute,
//! has a message sent again. Where nobody can tell, nothing more happens by itself.

use std::sync::Arc;
use std::time::Duration;

use deskbell_domain::outgoing::{
    Found, OutgoingMessage, OutgoingState, RefusedRecipient, SendOutcome,
};
use deskbell_domain::port::MessageSink;
use deskbell_domain::time::SECOND;
use deskbell_domain::{Millis, OutgoingId, ProviderError};
use deskbell_store::sync::fate;
use deskbell_store::sync::transit::{self, NEVER};
use deskbell_store::table::outgoing::{self, Outgoing};
use deskbell_store::{Connection, StoreError};

use super::copy::{self, hint_sent};
use super::follow;
use super::route::Transmitter;
use super::send::built;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;

/// When a message whose answer was lost is first looked for.
pub(super) const FIRST_LOOK: Millis = 2 * SECOND;
/// Pauses between looks; after the last one the answer counts.
const PAUSES: [Millis; 4] = [3 * SECOND, 8 * SECOND, 15 * SECOND, 32 * SECOND];
/// A provider that does not answer is asked again after this.
const UNANSWERED: Millis = 30 * SECOND;

/// Looks for one message once.
pub(super) async fn find(core: &Core, link: &Link, id: OutgoingId) -> Result<(), RoundError> {
    let row = match core.store.read(move |c: &Connection| outgoing::get(c, id)).await {
        Ok(row) if row.state == OutgoingState::Unknown => row,
        Ok(_) | Err(StoreError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let asked = row.via.unwrap_or(link.account);
    let there = core.link(asked);
    let provider = match there.provider(core).await {
        Ok(provider) => provider,
        Err(RoundError::Store(StoreError::NotFound(_))) => {
            // The account that could tell is gone.
            core.write(move |w| transit::look_again(w, id, NEVER, true)).await?;
            return Ok(());
        }
        Err(RoundError::Store(error)) => return Err(error.into()),
        Err(_) => return later(core, &row, None).await,
    };
    if let Some(sink) = provider.sink()
        && let Some(settled) = repeat(core, sink, &row).await?
    {
        return match settled {
            Ok(SendOutcome::Accepted { remote_id, refused }) => {
                let way =
                    Transmitter { link: there, provider: Arc::clone(&provider), via: row.via };
                taken(core, link, way, id, remote_id, refused).await
            }
            Ok(SendOutcome::Rejected { code, message, refused }) => {
                Ok(core.write(move |w| transit::rejected(w, id, &code, &message, &refused)).await?)
            }
            Err(ProviderError::RateLimited { after: Some(after) }) => {
                later_by(core, &row, after).await
            }
            Ok(_) | Err(_) => later(core, &row, None).await,
        };
    }
    let found = match provider.sink() {
        Some(sink) => sink.find(&row.token, row.remote_id.as_deref()).await,
        None => Ok(Found::CannotTell),
    };
    let enough = usize::try_from(row.looks).unwrap_or(usize::MAX) >= PAUSES.len();
    match found {
        Ok(Found::Yes(remote_id)) => {
            let way = Transmitter { link: there, provider, via: row.via };
            taken(core, link, way, id, remote_id, Vec::new()).await
        }
        Ok(Found::No) if enough => Ok(core.write(move |w| transit::not_found(w, id)).await?),
        Ok(Found::CannotTell) if enough => {
            Ok(core.write(move |w| transit::look_again(w, id, NEVER, true)).await?)
        }
        Ok(Found::No | Found::CannotTell) => {
            let pause = PAUSES.get(usize::try_from(row.looks).unwrap_or(0)).copied();
            later(core, &row, pause).await
        }
        Err(ProviderError::RateLimited { after: Some(after) }) => later_by(core, &row, after).await,
        Err(error) => {
            tracing::debug!(account = %asked, %error, "a message could not be looked for");
            later(core, &row, None).await
        }
    }
}

/// Hands it over once more where that cannot deliver it twice; `None` where it could.
async fn repeat(
    core: &Core,
    sink: &dyn MessageSink,
    row: &Outgoing,
) -> Result<Option<Result<SendOutcome, ProviderError>>, RoundError> {
    let Some(note) = &row.sent_as else { return Ok(None) };
    // Under a clock that was set back nobody knows for how long the provider has had it.
    let Ok(age) = u64::try_from(core.now() - row.departed_at) else { return Ok(None) };
    let account = core.account(row.account).await?;
    let (store, row) = (core.store.clone(), row.clone());
    let work = move || -> Result<Option<OutgoingMessage>, StoreError> {
        let files = store.read_now(|c: &Connection| outgoing::files(c, row.id))?;
        Ok(built(&store.packer(), &row, files, &account, row.departed_at).ok())
    };
    let mail = tokio::task::spawn_blocking(work).await;
    let Some(mail) = mail.map_err(|_| RoundError::Internal("building a message"))?? else {
        return Ok(None);
    };
    Ok(sink.repeat(&mail, note, Duration::from_millis(age)).await.transpose())
}

/// Its provider has it.
async fn taken(
    core: &Core,
    link: &Link,
    way: Transmitter,
    id: OutgoingId,
    remote_id: Option<String>,
    refused: Vec<RefusedRecipient>,
) -> Result<(), RoundError> {
    let account = core.account(link.account).await?;
    let copy_at = copy::when(core, &account, &way, core.now()).await;
    let follow_at = follow::when(&way, remote_id.as_deref(), core.now());
    core.write(move |w| {
        transit::accepted(w, id, remote_id.as_deref(), &refused, copy_at)?;
        follow_at.map_or(Ok(()), |at| fate::follow(w, id, at))
    })
    .await?;
    Ok(hint_sent(core, account.id).await?)
}

async fn later_by(core: &Core, row: &Outgoing, after: Duration) -> Result<(), RoundError> {
    let (id, pause) = (row.id, Millis::try_from(after.as_millis()).unwrap_or(UNANSWERED));
    let at = core.now() + pause.clamp(SECOND, deskbell_domain::time::HOUR);
    Ok(core.write(move |w| transit::look_again(w, id, at, false)).await?)
}

/// `pause` is how long after an answer; `None` after no answer, which counts for nothing.
async fn later(core: &Core, row: &Outgoing, pause: Option<Millis>) -> Result<(), RoundError> {
    let (id, at) = (row.id, core.now() + pause.unwrap_or(UNANSWERED));
    Ok(core.write(move |w| transit::look_again(w, id, at, pause.is_some())).await?)
}
